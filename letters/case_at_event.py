"""A case as it stood at one event, worked out once for all the letters that tell of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from domain import events as e
from domain.calendar import Calendar
from domain.case import Case, local_date
from domain.deadlines import Deadline, plan, planned
from domain.fold import fold
from domain.policy import Policy


@dataclass
class CaseAtEvent:
    """The case that ``events`` make. ``as_of`` is the aware instant of the letters' date."""

    policy: Policy
    calendar: Calendar
    events: tuple[e.Event, ...]
    as_of: datetime

    @property
    def today(self) -> date:
        return local_date(self.as_of)

    @cached_property
    def case(self) -> Case:
        return fold(self.policy, self.calendar, self.events)

    def before(self, event: e.Event) -> Case:
        """The case without that event and what came after it."""
        return fold(self.policy, self.calendar, self.events[: self.case.places[event.id] - 1])

    @cached_property
    def deadlines(self) -> tuple[Deadline, ...]:
        """Every date, planned as the case stands."""
        return planned(self.case, self.today, {})

    @cached_property
    def first_promised(self) -> Mapping[str, date]:
        """The first date ever promised, deadline by deadline."""
        return {d.key: d.promised for d in plan(self.policy, self.calendar, self.events, self.as_of)}

    def and_then(self, event: e.Event) -> CaseAtEvent:
        """The case with one event more."""
        return CaseAtEvent(self.policy, self.calendar, (*self.events, event), self.as_of)
