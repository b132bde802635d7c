"""The snapshot against GOV.UK's own list for England and Wales, as bundled by govuk-bank-holidays."""

import datetime as dt
from datetime import date

import pytest
from govuk_bank_holidays.bank_holidays import BankHolidays

from domain.calendar import BeyondHorizon, ClosedDay, Unit, count
from office.bank_holidays import snapshot
from tests.support import clock

ONE_DAY = dt.timedelta(days=1)


def published() -> dict[date, str]:
    listed = BankHolidays(use_cached_holidays=True).get_holidays(division=BankHolidays.ENGLAND_AND_WALES)
    return {holiday["date"]: holiday["title"] for holiday in listed}


def test_every_day_from_2014_to_the_end_of_the_published_list_agrees_with_gov_uk() -> None:
    gov_uk = published()
    last_year = max(gov_uk).year
    calendar = snapshot(date(last_year, 1, 1), years_ahead=0)
    assert (calendar.first, calendar.horizon) == (date(2014, 1, 1), date(last_year, 12, 31))
    day = calendar.first
    wrong = []
    while day <= calendar.horizon:
        if calendar.is_working(day) is not (day.weekday() < 5 and day not in gov_uk):
            wrong.append(day)
        day += ONE_DAY
    assert wrong == []
    assert [closed.date for closed in calendar.holidays] == sorted(d for d in gov_uk if d >= calendar.first)


def test_one_off_bank_holidays_are_in_the_snapshot() -> None:
    calendar = snapshot(date(2026, 11, 20))  # Fri
    assert not calendar.is_working(date(2022, 6, 3))  # Fri, Platinum Jubilee
    assert not calendar.is_working(date(2022, 9, 19))  # Mon, state funeral
    assert not calendar.is_working(date(2023, 5, 8))  # Mon, coronation
    assert calendar.is_working(date(2020, 5, 4))  # Mon, moved to Fri 8 May


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 12, 28), "Boxing Day (substitute day)"),  # Mon
        (date(2027, 12, 27), "Christmas Day (substitute day)"),  # Mon
        (date(2028, 1, 3), "New Year's Day (substitute day)"),  # Mon
        (date(2027, 5, 3), "Early May bank holiday"),  # Mon
        (date(2027, 5, 31), "Spring bank holiday"),  # Mon
        (date(2027, 8, 30), "Summer bank holiday"),  # Mon
        (date(2027, 3, 26), "Good Friday"),
    ],
)
def test_bank_holidays_have_gov_uk_names(day: date, name: str) -> None:
    assert snapshot(date(2026, 11, 20)).why_closed(day) == name  # Fri


def test_the_snapshot_names_its_source_and_ends_three_years_on() -> None:
    calendar = snapshot(date(2026, 11, 20))  # Fri
    assert calendar.source.startswith("holidays 0.")
    assert calendar.source.endswith(", United Kingdom (England)")
    assert calendar.horizon == date(2029, 12, 31)  # Mon
    with pytest.raises(BeyondHorizon):
        calendar.is_working(date(2030, 1, 1))  # Tue


def test_the_same_day_gives_the_same_hash_and_a_closure_another() -> None:
    plain = snapshot(date(2026, 11, 20))  # Fri
    closure = ClosedDay(date=date(2026, 12, 29), name="Christmas closure")  # Tue
    assert snapshot(date(2026, 12, 31)).hash == plain.hash
    assert snapshot(date(2026, 11, 20), closures=[closure]).hash == plain.with_closures(closure).hash != plain.hash


def test_the_kent_response_is_due_on_thu_14_jan_2027() -> None:
    response = count(snapshot(date(2026, 12, 7)), date(2026, 12, 7), 25, Unit.WORKING_DAYS)  # Mon
    assert response.due == date(2027, 1, 14)  # Thu


@pytest.mark.parametrize(
    ("today", "years_ahead"), [(date(2026, 11, 20), -1), (date(2013, 6, 3), 0), (date(2026, 11, 20), 900)]
)
def test_years_the_package_does_not_know_are_refused_and_never_without_holidays(today: date, years_ahead: int) -> None:
    with pytest.raises(ValueError, match="are not all known: give a date in 2014 or later"):
        snapshot(today, years_ahead=years_ahead)


@pytest.mark.usefixtures("real_time")
def test_the_bank_holidays_known_do_not_end_within_a_year_of_today() -> None:
    today = clock.today()
    a_year_on = today + dt.timedelta(days=365)
    assert max(published()) > a_year_on, "Take a newer govuk-bank-holidays: its list ends within a year."
    assert snapshot().horizon > a_year_on, "Take a newer holidays package: its list ends within a year."
