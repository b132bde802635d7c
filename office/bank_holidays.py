"""The bank holidays of England and Wales, taken from the `holidays` package as a calendar a case can carry.

The package's names follow no published list, so the three that differ are given GOV.UK's titles.
"""

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from importlib.metadata import version

import holidays

from domain.calendar import LONDON, Calendar, ClosedDay

FIRST_YEAR = 2014

_TITLES = {
    "May Day": "Early May bank holiday",
    "Spring Bank Holiday": "Spring bank holiday",
    "Late Summer Bank Holiday": "Summer bank holiday",
}


def snapshot(today: dt.date | None = None, *, years_ahead: int = 3, closures: Iterable[ClosedDay] = ()) -> Calendar:
    """The calendar from 1 January 2014 to 31 December, `years_ahead` years after `today`'s year.

    `today` is the date in London if not given; `closures` are the days the council's published policy
    excludes. A bank holiday on a weekend is left out: its substitute is there. Raises ValueError if the
    package does not know the bank holidays of every year asked for.
    """
    today = today or dt.datetime.now(LONDON).date()
    return _snapshot(today.year, years_ahead, tuple(closures))


@lru_cache(maxsize=64)
def _snapshot(year: int, years_ahead: int, closures: tuple[ClosedDay, ...]) -> Calendar:
    """Taken once a year for each council's closures: the package works the days out anew whenever it is asked."""
    last_year = year + years_ahead
    years = range(FIRST_YEAR, last_year + 1)
    known = holidays.country_holidays("GB", subdiv="ENG", years=years, language="en_GB")
    if years_ahead < 0 or not {year, last_year} <= {day.year for day in known}:
        raise ValueError(
            f"The bank holidays from {year} to {last_year} are not all known: give a date in "
            f"{FIRST_YEAR} or later and zero or a few years ahead."
        )
    return Calendar(
        source=f"holidays {version('holidays')}, United Kingdom (England)",
        first=dt.date(FIRST_YEAR, 1, 1),
        horizon=dt.date(last_year, 12, 31),
        holidays=tuple(ClosedDay(date=day, name=_title(name)) for day, name in known.items() if day.weekday() < 5),
        closures=closures,
    )


def _title(name: str) -> str:
    name = name.replace("(observed)", "(substitute day)")
    return _TITLES.get(name, name)
