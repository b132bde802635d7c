"""The bank holidays of England, 2026 to 2028, and what properties of any calendar draw from."""

import datetime as dt
from datetime import date

from hypothesis import strategies as st

from domain.calendar import (
    Calendar,
    ClosedDay,
    Count,
    Direction,
    Pause,
    Unit,
)

ONE_DAY = dt.timedelta(days=1)
BEFORE = Direction.BEFORE
WORKING_DAYS = Unit.WORKING_DAYS


def closed(name: str, *days: date) -> tuple[ClosedDay, ...]:
    return tuple(ClosedDay(date=day, name=name) for day in days)


ENGLAND = Calendar(
    source="written out by hand for 2026 to 2028",
    first=date(2026, 1, 1),
    horizon=date(2028, 12, 31),
    holidays=(
        *closed("New Year's Day", date(2026, 1, 1), date(2027, 1, 1), date(2028, 1, 3)),
        *closed("Good Friday", date(2026, 4, 3), date(2027, 3, 26), date(2028, 4, 14)),
        *closed("Easter Monday", date(2026, 4, 6), date(2027, 3, 29), date(2028, 4, 17)),
        *closed("Early May bank holiday", date(2026, 5, 4), date(2027, 5, 3), date(2028, 5, 1)),
        *closed("Spring bank holiday", date(2026, 5, 25), date(2027, 5, 31), date(2028, 5, 29)),
        *closed("Summer bank holiday", date(2026, 8, 31), date(2027, 8, 30), date(2028, 8, 28)),
        *closed("Christmas Day", date(2026, 12, 25), date(2027, 12, 27), date(2028, 12, 25)),
        *closed("Boxing Day", date(2026, 12, 28), date(2027, 12, 28), date(2028, 12, 26)),
    ),
)
CHRISTMAS_CLOSURE = closed("Christmas closure", date(2026, 12, 29), date(2026, 12, 30), date(2026, 12, 31))
days_in_2027 = st.dates(date(2027, 1, 1), date(2027, 12, 31))
limits = st.integers(0, 60)
directions = st.sampled_from(Direction)
day_by_day_units = st.sampled_from([Unit.WORKING_DAYS, Unit.DAYS, Unit.WEEKS])
closures = st.lists(days_in_2027, max_size=20).map(lambda days: closed("staff day", *days))


@st.composite
def holds(draw: st.DrawFn) -> list[Pause]:
    starts = draw(st.lists(days_in_2027, max_size=3))
    return [
        Pause(start=start, end=start + dt.timedelta(days=draw(st.integers(0, 20))), why="on hold") for start in starts
    ]


def whys(counted: Count) -> dict[date, str]:
    return {day.date: day.why for day in counted.working}
