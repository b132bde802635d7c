"""The yearly figures of s.104(9) as one council publishes them: its own year, its four measures."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from console.web.tables import Cell, FigureTable, number
from domain.policy import Policy
from register.figures import CountedDays

FINANCIAL = "financial year"
_HEADS = (
    "Year", "Applications", "Threshold not met", "Reviews carried out", "Reviews that resulted in recommendations",
)  # fmt: skip
MEANS = (
    "Each is counted in the year in which it happened, as section 104(9) of the Act wants: an application on the day "
    "it was made, a decision on the day it was taken, a review on the day its panel met and decided. So a review may "
    "stand in the year after its application. Applications that were withdrawn are counted."
)


def table(policy: Policy, happened: CountedDays, today: date) -> FigureTable:
    """One row for each year from the first application to today, the newest first; one without anything has zeros."""
    days = (happened.applications, happened.not_met, happened.reviews, happened.recommendations)
    first = min((day for some in days for day in some), default=None)
    rows = []
    if first is not None:
        for year in range(year_of(policy, today), year_of(policy, first) - 1, -1):
            words = f"{called(policy, year)} so far" if year == year_of(policy, today) else called(policy, year)
            rows.append((Cell(words), *(number(_in(policy, year, some)) for some in days)))
    return FigureTable("figures", "Counted by this service", MEANS, _HEADS, tuple(rows))


def year_of(policy: Policy, day: date) -> int:
    """The calendar year in which a council's year that has this day begins: financial years begin on 1 April."""
    return day.year - (policy.publication.period == FINANCIAL and day < date(day.year, 4, 1))


def called(policy: Policy, year: int) -> str:
    """ "2026-27" of a financial year, "2026" of a calendar year."""
    return f"{year}-{(year + 1) % 100:02d}" if policy.publication.period == FINANCIAL else str(year)


def _in(policy: Policy, year: int, days: Iterable[date]) -> int:
    return sum(year_of(policy, day) == year for day in days)
