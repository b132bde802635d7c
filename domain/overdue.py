"""The days on which an overdue duty is chased: further and further apart, and never the last time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from domain.calendar import BeyondHorizon, Calendar, Unit, count


def next_day(calendar: Calendar, due: date, numbers: Sequence[int], last: date | None, today: date) -> date | None:
    """The day of the next chase of a duty that was ``due``; ``numbers`` are rising working days after that day.

    ``last`` is the day it was chased last. Of several days that have gone by since, as after an outage, the latest
    counts alone. After the last number it goes on as often again as the last two lie apart. None where the calendar
    does not reach so far.
    """
    found: date | None = None
    try:
        for number in _without_end(numbers):
            on = count(calendar, due, number, Unit.WORKING_DAYS).due
            if last is not None and on <= last:
                continue
            if on > today:
                return found or on
            found = on
    except BeyondHorizon:
        return found
    return found


def _without_end(numbers: Sequence[int]) -> Iterator[int]:
    yield from numbers
    before, number = ([0, *numbers])[-2:]
    step = max(number - before, 1)
    while True:
        number += step
        yield number
