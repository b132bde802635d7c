"""The days on which an overdue duty is chased."""

from __future__ import annotations

from datetime import date

from domain.overdue import next_day
from tests.domain.history import ENGLAND

DUE = date(2026, 6, 1)  # Mon


def test_it_is_chased_further_and_further_apart_and_never_the_last_time() -> None:
    days: list[date | None] = []
    for _ in range(5):
        days.append(next_day(ENGLAND, DUE, (1, 5, 10), days[-1] if days else None))
    assert days == [
        date(2026, 6, 2),  # Tue
        date(2026, 6, 8),  # Mon
        date(2026, 6, 15),  # Mon
        date(2026, 6, 22),  # Mon
        date(2026, 6, 29),  # Mon
    ]


def test_after_an_outage_it_is_chased_once_for_all_days_that_went_by() -> None:
    taken_up = date(2026, 6, 17)  # Wed
    assert next_day(ENGLAND, DUE, (1, 5, 10), None) == date(2026, 6, 2)  # Tue
    assert next_day(ENGLAND, DUE, (1, 5, 10), taken_up) == date(2026, 6, 22)  # Mon
