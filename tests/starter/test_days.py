"""Days that are counted from the day a case is at."""

from datetime import date

import pytest

from domain.calendar import Calendar
from office.bank_holidays import snapshot
from office.faults import WrongInput
from starter.commands import days

FRIDAY = date(2026, 12, 18)
CALENDAR = snapshot(FRIDAY)


def known() -> tuple[date, Calendar]:
    return FRIDAY, CALENDAR


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("2027-01-14", "2027-01-14"),  # Thu
        ("+0wd", "2026-12-18"),  # Fri
        ("+1wd", "2026-12-21"),  # Mon
        ("+5wd", "2026-12-29"),  # Tue, after Christmas
        ("+14d", "2027-01-01"),  # Fri
        ("+ 2 working days", "2026-12-22"),  # Tue
        ("+1 day", "2026-12-19"),  # Sat
    ],
)
def test_a_day_is_a_date_or_counted_from_the_case_s_own_day(given: str, meant: str) -> None:
    assert days.on(given, "--on", known) == meant


def test_the_register_is_not_read_for_a_date() -> None:
    def never() -> tuple[date, Calendar]:
        raise AssertionError

    assert days.on("2027-01-14", "--on", never) == "2027-01-14"
    assert days.in_a_recommendation("police: patrol +5wd", "--recommend", never) == "police: patrol +5wd"


@pytest.mark.parametrize("given", ["+", "+5", "+five", "+5w", "+5wd please"])
def test_what_is_no_day_is_one_sentence_that_says_how_to_write_one(given: str) -> None:
    with pytest.raises(WrongInput, match=r"--on must be a date such as 2027-01-14, or .* such as \+5wd"):
        days.on(given, "--on", known)


def test_a_recommendation_may_be_due_so_many_days_on() -> None:
    assert days.in_a_recommendation("police by +1wd: Patrol.", "--recommend", known) == "police by 2026-12-21: Patrol."
