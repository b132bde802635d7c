"""Working days of England and Wales, a council's closure days, and the trace of a count.

Dates are dates in Europe/London. Day 0 is the event's day and day 1 the next day that counts
(FOI practice: "the twentieth working day following the date of receipt"). Nothing here reads the time:
a calendar is data, taken once outside (`office.bank_holidays.snapshot`) and carried by the case.
"""

import datetime as dt
import hashlib
import json
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import groupby
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, field_validator, model_validator

from domain.dates import LONDON as LONDON
from domain.dates import ONE_DAY, WEEKDAYS
from domain.dates import Reading as Reading
from domain.dates import Unit as Unit
from domain.dates import add_months as add_months
from domain.dates import close_of as close_of
from domain.dates import opening_of as opening_of
from domain.dates import within as within
from domain.dates import words as words


class Direction(StrEnum):
    """Whether a limit runs on from its anchor ("within") or back from it ("at least ... before")."""

    AFTER = "after"
    BEFORE = "before"


class ClosedDayRule(StrEnum):
    """Which day is day 0 when something arrives on a closed day: that day (ICO) or the next working day."""

    SAME_DAY = "same_day"
    NEXT_WORKING_DAY = "next_working_day"


class BeyondHorizon(ValueError):
    """The calendar does not know the day asked about; it never guesses that the day is open."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class ClosedDay(_Frozen):
    """One closed day and what it is called."""

    date: dt.date
    name: str


class Calendar(_Frozen):
    """The closed days from `first` to `horizon`, both included; weekends need no entry.

    `holidays` are bank holidays, `closures` the days the council's published policy excludes. Both are kept
    in order of date whatever order they came in. Add to them with `with_holidays` and `with_closures`.
    """

    source: str
    first: dt.date
    horizon: dt.date
    holidays: tuple[ClosedDay, ...]
    closures: tuple[ClosedDay, ...] = ()

    @field_validator("holidays", "closures")
    @classmethod
    def _in_order(cls, days: tuple[ClosedDay, ...]) -> tuple[ClosedDay, ...]:
        return tuple(sorted(set(days), key=lambda day: (day.date, day.name)))

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy that is checked and put in order like a new one, because counts are remembered by content."""
        return type(self)(**{**{name: getattr(self, name) for name in type(self).model_fields}, **(update or {})})

    @cached_property
    def hash(self) -> str:
        """SHA-256, in hex, of the content; the order in which days were given does not change it."""
        content = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(content.encode()).hexdigest()

    def why_closed(self, day: dt.date) -> str | None:
        """Why `day` is closed ("Saturday", "Good Friday", "council closed: ..."); None if it is open.

        Raises BeyondHorizon outside `first` to `horizon`.
        """
        if not self.first <= day <= self.horizon:
            mend = "take a newer snapshot" if day > self.horizon else "take a snapshot that starts earlier"
            raise BeyondHorizon(
                f"{words(day)} is outside this calendar, which starts on {words(self.first)} "
                f"and whose horizon is {words(self.horizon)}: {mend} of the bank holidays."
            )
        if day.weekday() >= 5:
            return WEEKDAYS[day.weekday()]
        if holiday := _name_on(self.holidays, day):
            return holiday
        if closure := _name_on(self.closures, day):
            return f"council closed: {closure}"
        return None

    def is_working(self, day: dt.date) -> bool:
        """Whether `day` is a working day. Raises BeyondHorizon."""
        return self.why_closed(day) is None

    def next_working_day(self, day: dt.date) -> dt.date:
        """`day` itself if it is a working day, else the first one after it. Raises BeyondHorizon."""
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def with_holidays(self, *extra: ClosedDay) -> "Calendar":
        """This calendar with bank holidays declared later."""
        return Calendar(**{**dict(self), "holidays": self.holidays + extra})

    def with_closures(self, *days: ClosedDay) -> "Calendar":
        """This calendar with days on which the council is closed."""
        return Calendar(**{**dict(self), "closures": self.closures + days})


class Pause(_Frozen):
    """A hold: days `start` <= day < `end` are not counted. `why` reads after "skipped: "."""

    start: dt.date
    end: dt.date
    why: str

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.end < self.start:
            raise ValueError(
                f"This hold ends on {words(self.end)}, before it starts on {words(self.start)}: "
                "give an end on or after the start."
            )
        return self


class Day(_Frozen):
    """One line of a working. `counted` days are those that used up the limit; day 0 is not one of them."""

    date: dt.date
    counted: bool
    why: str


class Count(_Frozen):
    """A limit counted from `start` to `due`; its `working` runs from day 0 to the due day, as counted."""

    start: dt.date
    limit: int
    unit: Unit
    direction: Direction
    due: dt.date
    working: tuple[Day, ...]


class ReceiptDay(_Frozen):
    """`made`: the London date something arrived. `day_zero`: the day its clocks count from, and `why`."""

    made: dt.date
    day_zero: dt.date
    why: str


def count(
    calendar: Calendar,
    start: dt.date,
    limit: int,
    unit: Unit,
    *,
    direction: Direction = Direction.AFTER,
    pauses: Sequence[Pause] = (),
    day_zero: str = "day 0",
    meetings: Sequence[dt.date] = (),
) -> Count:
    """Count `limit` units from `start`, which is day 0 whether or not it is open.

    WORKING_DAYS counts open days. DAYS, WEEKS and MONTHS count every day, then roll once to a working day:
    forward when counting AFTER, backward when BEFORE. MEETING counts working days and then waits for the
    first of `meetings` on or after that day; where none is known, nothing is waited for. Days inside `pauses` are
    never counted and never due.

    The working has every day once, except for MONTHS: each month's mark, each hold in one line, and the roll.
    `day_zero` says what happened on day 0. Raises BeyondHorizon, and ValueError for a limit below zero and for
    a MEETING counted BEFORE.
    """
    if limit < 0:
        raise ValueError(f"A limit cannot be {limit}: give zero or more, and the direction 'before' to count back.")
    if unit is Unit.MEETING and direction is Direction.BEFORE:
        raise ValueError("A wait for a meeting cannot run backwards: use the direction 'after' or another unit.")
    zero = day_zero if day_zero.startswith("day 0") else f"day 0: {day_zero}"
    return _counted(_Known(calendar), start, limit, unit, direction, tuple(pauses), zero, tuple(meetings))


def working_days(calendar: Calendar, after: dt.date, until: dt.date) -> int | None:
    """The working days after one day, up to and with another; None past the calendar's horizon."""
    days, day = 0, after
    try:
        while day < until:
            day += ONE_DAY
            days += calendar.is_working(day)
    except BeyondHorizon:
        return None
    return days


class _Known:
    """A calendar by its content, so that equal counts of many cases are made once."""

    __slots__ = ("calendar",)

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar

    def __hash__(self) -> int:
        return hash(self.calendar.hash)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Known) and self.calendar.hash == other.calendar.hash


@lru_cache(maxsize=2048)
def _counted(
    known: _Known,
    start: dt.date,
    limit: int,
    unit: Unit,
    direction: Direction,
    pauses: tuple[Pause, ...],
    zero: str,
    meetings: tuple[dt.date, ...],
) -> Count:
    trail = _Trail(known.calendar, start, zero, direction, pauses)
    if unit is Unit.MONTHS:
        trail.count_months(limit)
    elif unit in (Unit.DAYS, Unit.WEEKS):
        trail.count_days(limit, 7 if unit is Unit.WEEKS else 1)
    else:
        trail.count_working_days(limit)
    if unit is Unit.MEETING:
        trail.wait_for(meetings)
    else:
        trail.roll()
    due = trail.days[-1].date
    working = tuple(trail.days)
    return Count.model_construct(start=start, limit=limit, unit=unit, direction=direction, due=due, working=working)


def receipt(
    calendar: Calendar, made_at: dt.datetime, *, cut_off: dt.time | None, closed_day: ClosedDayRule
) -> ReceiptDay:
    """The day something arrived in London and the day its clocks count from.

    `made_at` is aware; the eligibility of an application always runs from `made`. What arrives later than
    `cut_off` (London time) counts from the next working day. Raises BeyondHorizon, and ValueError for a
    `made_at` without a time zone.
    """
    if made_at.utcoffset() is None:
        raise ValueError("The time of receipt has no time zone: give it with one, such as 2027-06-01T00:30+01:00.")
    local = made_at.astimezone(LONDON)
    made = local.date()
    received = f"received {words(made)}"
    closed = calendar.why_closed(made)
    if cut_off is not None and local.time() > cut_off:
        day_zero = calendar.next_working_day(made + ONE_DAY)
        reason = f"{received} at {local:%H:%M}, after {cut_off:%H:%M}: counts from {words(day_zero)}"
    elif closed and closed_day is ClosedDayRule.NEXT_WORKING_DAY:
        day_zero = calendar.next_working_day(made)
        reason = f"{received}, a closed day ({closed}): counts from {words(day_zero)}"
    else:
        day_zero = made
        reason = f"{received}, a closed day ({closed}): counts from that day" if closed else received
    return ReceiptDay(made=made, day_zero=day_zero, why=reason)


class _Trail:
    """A count under way: the days so far, the last of them where the count stands."""

    def __init__(
        self, calendar: Calendar, start: dt.date, zero: str, direction: Direction, pauses: Iterable[Pause]
    ) -> None:
        self.calendar = calendar
        self.forward = direction is Direction.AFTER
        self.step = ONE_DAY if self.forward else -ONE_DAY
        self.pauses = tuple(pauses)
        self.days = [Day.model_construct(date=start, counted=False, why=zero)]

    def count_working_days(self, limit: int) -> None:
        done = 0
        while done < limit:
            day = self.days[-1].date + self.step
            if skipped := self._why_not_due(day):
                self._add(day, f"skipped: {skipped}")
            else:
                done += 1
                self._add(day, f"working day {done}", counted=True)

    def count_days(self, limit: int, size: int) -> None:
        done = 0
        while done < limit * size:
            day = self.days[-1].date + self.step
            if held := self._why_held(day):
                self._add(day, f"skipped: {held}")
            else:
                done += 1
                week = f" (week {done // 7})" if size == 7 and done % 7 == 0 else ""
                self._add(day, f"day {done}{week}", counted=True)

    def count_months(self, limit: int) -> None:
        start = day = self.days[0].date
        sign = 1 if self.forward else -1
        for month in range(1, limit + 1):
            length = abs(add_months(start, sign * month) - add_months(start, sign * (month - 1))).days
            held: list[tuple[dt.date, str]] = []
            if not self.pauses:
                day, length = day + self.step * length, 0
            while length:
                day += self.step
                self.calendar.why_closed(day)
                if why := self._why_held(day):
                    held.append((day, why))
                else:
                    length -= 1
            for why, days in groupby(held, key=lambda pair: pair[1]):
                dates = [date for date, _ in days]
                self._add(dates[0], f"skipped: {why} (to the end of {words(dates[-1])})")
            self._add(day, f"month {month}", counted=True)

    def roll(self) -> None:
        last = self.days[-1]
        if not (closed := self._why_not_due(last.date)):
            return
        rolled = "rolled on" if self.forward else "rolled back"
        self.days[-1] = last.model_copy(update={"why": f"{last.why}; {rolled}: {closed}"})
        day = last.date + self.step
        while closed := self._why_not_due(day):
            self._add(day, f"{rolled}: {closed}")
            day += self.step
        self._add(day, "due: the next working day" if self.forward else "due: the working day before")

    def wait_for(self, meetings: Iterable[dt.date]) -> None:
        last = self.days[-1]
        meeting = min((d for d in meetings if d >= last.date and not self._why_held(d)), default=None)
        if meeting is None:
            self.roll()
            last = self.days[-1]
            self.days[-1] = last.model_copy(update={"why": f"{last.why}; no later meeting of the panel is known"})
            return
        closed = self.calendar.why_closed(meeting)
        meets = f"the panel meets, although the day is closed ({closed})" if closed else "the panel meets"
        if meeting == last.date:
            self.days[-1] = last.model_copy(update={"why": f"{last.why}; {meets}"})
            return
        while (day := self.days[-1].date + self.step) < meeting:
            held = self._why_held(day)
            self._add(day, f"skipped: {held}" if held else "waiting for the panel's next meeting")
        self._add(meeting, f"due: {meets}")

    def _add(self, day: dt.date, why: str, *, counted: bool = False) -> None:
        if day > self.calendar.horizon or day < self.calendar.first:
            self.calendar.why_closed(day)
        self.days.append(Day.model_construct(date=day, counted=counted, why=why))

    def _why_held(self, day: dt.date) -> str | None:
        return next((pause.why for pause in self.pauses if pause.start <= day < pause.end), None)

    def _why_not_due(self, day: dt.date) -> str | None:
        return self.calendar.why_closed(day) or self._why_held(day)


def _name_on(days: Sequence[ClosedDay], day: dt.date) -> str | None:
    place = bisect_left(days, day, key=lambda closed: closed.date)
    return days[place].name if place < len(days) and days[place].date == day else None
