"""The days on which an overdue duty is chased: further and further apart, and never the last time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from domain.calendar import BeyondHorizon, Calendar, Unit, count


def next_day(calendar: Calendar, due: date, numbers: Sequence[int], last: date | None) -> date | None:
    """The day of the next chase of a duty that was ``due``; ``numbers`` are rising working days after that day.

    ``last`` is the day it was chased last, however many days had gone by until then, as in an outage. After the last
    number it goes on as often again as the last two lie apart. None where the calendar does not reach so far.
    """
    try:
        days = (count(calendar, due, number, Unit.WORKING_DAYS).due for number in _without_end(numbers))
        return next(on for on in days if last is None or on > last)
    except BeyondHorizon:
        return None


def _without_end(numbers: Sequence[int]) -> Iterator[int]:
    yield from numbers
    before, number = ([0, *numbers])[-2:]
    step = max(number - before, 1)
    while True:
        number += step
        yield number
