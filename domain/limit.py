"""Lengths of time as a policy writes them: a number with its unit, and what it counts from."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.application import Written
from domain.calendar import Direction, Unit
from domain.source import Source
from domain.terms import Milestone


class Limit(Written):
    """A length of time: ``{ limit = 25, unit = "working_days" }``."""

    limit: Annotated[int, Field(ge=0, le=400)]
    unit: Unit = Unit.WORKING_DAYS

    @property
    def words(self) -> str:
        counted = Unit.WORKING_DAYS if self.unit is Unit.MEETING else self.unit
        name = counted.value.replace("_", " ").removesuffix("s")
        words = f"{self.limit} {name if self.limit == 1 else name + 's'}"
        return f"next meeting at least {words} on" if self.unit is Unit.MEETING else words


class Clock(Limit):
    """A limit with the milestone it counts from and the sentence that promised it."""

    anchor: Milestone
    direction: Direction = Direction.AFTER
    source: Source
