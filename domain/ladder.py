"""The chasing ladder as a policy has it: who is reminded, warned and told of a delay, and when."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from domain.application import Written
from domain.calendar import Direction
from domain.source import Source
from domain.terms import Rung, StepId


def _rising(days: tuple[int, ...]) -> tuple[int, ...]:
    if list(days) != sorted(set(days)):
        raise ValueError("the days must rise, each later than the one before")
    return days


Days = Annotated[
    tuple[Annotated[int, Field(ge=1, le=250)], ...], Field(min_length=1, max_length=20), AfterValidator(_rising)
]
"""Working days after a date, the nearest first."""


class Chase(Written):
    """One rung: when, counted in working days from the due date, it is reached for which steps.

    ``to`` is whom an escalation goes to: if not given, a body's own senior post, and for the council's duties the
    manager.
    """

    rung: Rung
    steps: Annotated[tuple[StepId, ...], Field(min_length=1)]
    working_days: Annotated[int, Field(ge=0, le=60)]
    direction: Direction
    to: Literal["manager", "deputy"] | None = None


class Chasing(Written):
    """Who is chased when, and the least number of working days between two chases of the same person.

    ``overdue``: the working days after the due date on which a duty is chased until it is done. None, in cases of
    release 0.1.0 alone: each rung of the ladder once.
    """

    minimum_gap: Annotated[int, Field(ge=0, le=30)]
    overdue: Days | None = None
    ladder: tuple[Chase, ...]
    source: Source
