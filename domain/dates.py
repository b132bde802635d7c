"""Dates in Europe/London that need no calendar: months, periods, midnights, and a date in words."""

import datetime as dt
import re
from calendar import monthrange
from enum import StrEnum
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_NAMES = tuple("|".join(f"{name}|{name[:3]}" for name in names) for names in (WEEKDAYS, _MONTHS))
_DATE = re.compile(rf"\b(?:(?:{_NAMES[0]}) )?\d{{1,2}} (?:{_NAMES[1]}) \d{{4}}\b")
ONE_DAY = dt.timedelta(days=1)


class Unit(StrEnum):
    """What a limit is counted in. MEETING: working days, then the next meeting of a standing panel, if one is known."""

    WORKING_DAYS = "working_days"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    MEETING = "meeting"


class Reading(StrEnum):
    """How a day is inside a period: "beginning with" its first day (s.104(10)-(11)), or in ordinary use."""

    STRICT = "strict"
    GENEROUS = "generous"


def add_months(day: dt.date, n: int) -> dt.date:
    """`day` moved `n` calendar months (back if negative), or the last day of a month too short for it."""
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def within(start: dt.date, limit: int, unit: Unit, day: dt.date) -> Reading | None:
    """How `day` is within `limit` DAYS or MONTHS of `start`; None if it is outside or before `start`.

    STRICT: in the period "beginning with" `start`, whose own day is day one (s.104(10)-(11)). GENEROUS: only
    in the ordinary use of "within one month of", a day longer. A month that has no such day ends on its last
    day, and then both readings end together. Raises ValueError for another unit.
    """
    if unit is Unit.DAYS:
        ordinary = start + dt.timedelta(days=limit)
    elif unit is Unit.MONTHS:
        ordinary = add_months(start, limit)
    else:
        raise ValueError(f"A period 'within' cannot be in {unit.value}: give it in days or months.")
    cut_short = unit is Unit.MONTHS and ordinary.day < start.day
    strict = ordinary if cut_short else ordinary - ONE_DAY
    if day < start or day > ordinary:
        return None
    return Reading.STRICT if day <= strict else Reading.GENEROUS


def close_of(day: dt.date) -> dt.datetime:
    """The instant `day` ends in London: the next midnight, whatever the clocks do."""
    return dt.datetime.combine(day + ONE_DAY, dt.time(), tzinfo=LONDON)


def opening_of(day: dt.date, opening: dt.time = dt.time(9)) -> dt.datetime:
    """The instant the office acts on `day`: `at` London time."""
    return dt.datetime.combine(day, opening, tzinfo=LONDON)


def words(day: dt.date, *, weekday: bool = True) -> str:
    """ "Thursday 14 January 2027", or "14 January 2027" without the weekday."""
    date = f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"{WEEKDAYS[day.weekday()]} {date}" if weekday else date


def bound(text: str) -> str:
    """A text whose dates no line break parts: the spaces inside them do not break."""
    return _DATE.sub(lambda match: match.group().replace(" ", "\u00a0"), text)


def short(day: dt.date) -> str:
    """ "Thu 14 Jan 2027", for a table; in English whatever the machine's language."""
    return f"{WEEKDAYS[day.weekday()][:3]} {day.day} {_MONTHS[day.month - 1][:3]} {day.year}"
