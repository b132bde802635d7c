"""A scenario's times: counted from the day it is lived and from each other, so that none grows old."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from domain.application import Line, Written
from domain.calendar import Calendar, ClosedDay, Direction, Unit, add_months, count

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_RELATIVE = frozenset({"days_before", "days", "working_days", "months"})
MonthDay = Annotated[str, Field(pattern=r"^\d\d-\d\d$")]


def text_date(value: object) -> object:
    """JSON has no dates: an ISO date written as text is one."""
    if not isinstance(value, str):
        return value
    try:
        moment = dt.datetime.fromisoformat(value)
    except ValueError:
        raise ValueError(f"must be a date such as 2027-01-14 or {{weekday, near}}, not {value!r}") from None
    return moment if "T" in value or " " in value else moment.date()


class Nearest(Written):
    """The ``weekday`` nearest to a day of the year, MM-DD, in the first year in which it is still to come."""

    weekday: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    near: MonthDay

    def after(self, today: dt.date) -> dt.date:
        for year in range(today.year, today.year + 3):
            day = _in_year(self.near, year)
            back = (day.weekday() - _WEEKDAYS.index(self.weekday)) % 7
            nearest = day - dt.timedelta(days=back if back <= 3 else back - 7)
            if nearest > today:
                return nearest
        raise AssertionError("every day of the year comes again")


class Closure(Written):
    """Days on which the council is shut and which do not count, MM-DD, the first time they come after receipt."""

    first: MonthDay
    last: MonthDay
    name: Line = "Council closed"

    def days(self, received: dt.date) -> Iterator[ClosedDay]:
        day = _in_year(self.first, received.year)
        day = _in_year(self.first, received.year + 1) if day < received else day
        last = _in_year(self.last, day.year)
        last = _in_year(self.last, day.year + 1) if last < day else last
        while day <= last:
            yield ClosedDay(date=day, name=self.name)
            day += dt.timedelta(days=1)


class After(Written):
    """When a step is taken, counted from the step before it: exactly one of these.

    ``working_days``, ``days`` or ``months`` later; ``on`` a date; ``at_deadline``, the due day of a step or of one
    deadline's key, or so many working days before or after it. A closed day moves on to the next working day.
    """

    working_days: Annotated[int, Field(ge=0, le=600)] | None = None
    days: Annotated[int, Field(ge=0, le=1000)] | None = None
    months: Annotated[int, Field(ge=1, le=36)] | None = None
    on: dt.date | None = None
    at_deadline: Line | None = None
    working_days_before: Annotated[int, Field(ge=0, le=250)] = 0
    working_days_after: Annotated[int, Field(ge=0, le=250)] = 0

    @model_validator(mode="after")
    def _one(self) -> After:
        given = [n for n in ("working_days", "days", "months", "on", "at_deadline") if getattr(self, n) is not None]
        if len(given) != 1:
            raise ValueError("give exactly one of working_days, days, months, on, at_deadline")
        if (self.working_days_before or self.working_days_after) and self.at_deadline is None:
            raise ValueError("working_days_before and working_days_after go with at_deadline")
        return self

    def day(self, start: dt.date, calendar: Calendar, due: dt.date | None) -> dt.date:
        """The day, from ``start``; ``due`` is the deadline's day where ``at_deadline`` names one."""
        if due is not None:
            back = bool(self.working_days_before)
            direction = Direction.BEFORE if back else Direction.AFTER
            limit = self.working_days_before or self.working_days_after
            if limit:
                return count(calendar, due, limit, Unit.WORKING_DAYS, direction=direction).due
            return calendar.next_working_day(due)
        if self.on is not None:
            return calendar.next_working_day(self.on)
        if self.working_days is not None:
            return _on(start, calendar, working_days=self.working_days)
        return _on(start, calendar, days=self.days or 0, months=self.months or 0)


def dated(value: Any, day: dt.date, calendar: Calendar) -> Any:
    """``value`` with every table such as ``{days_before = 40}`` as the date it means, counted from ``day``."""
    if isinstance(value, Mapping):
        if len(value) == 1 and value.keys() <= _RELATIVE and all(type(n) is int for n in value.values()):
            return _on(day, calendar, **value)
        return {key: dated(inner, day, calendar) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [dated(inner, day, calendar) for inner in value]
    return value


def _on(
    start: dt.date,
    calendar: Calendar,
    *,
    days_before: int = 0,
    days: int = 0,
    working_days: int = 0,
    months: int = 0,
) -> dt.date:
    if days_before:
        return start - dt.timedelta(days=days_before)
    if working_days:
        return count(calendar, start, working_days, Unit.WORKING_DAYS).due
    later = add_months(start, months) + dt.timedelta(days=days)
    return later if later == start else calendar.next_working_day(later)


def _in_year(month_day: str, year: int) -> dt.date:
    month, day = map(int, month_day.split("-"))
    return add_months(dt.date(year, month, 1), 0) + dt.timedelta(days=day - 1)
