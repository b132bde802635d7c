"""Months, periods, midnights and words of a date, by tables of real dates."""

import datetime as dt
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.dates import (
    LONDON,
    Reading,
    Unit,
    add_months,
    bound,
    close_of,
    opening_of,
    short,
    within,
    words,
)
from tests.domain.england import ONE_DAY, WORKING_DAYS, days_in_2027


@pytest.mark.parametrize(
    ("start", "limit", "unit", "day", "reading"),
    [
        pytest.param(date(2026, 3, 10), 1, "months", date(2026, 4, 9), "strict", id="behaviour 10 Mar by 9 Apr"),
        pytest.param(date(2026, 3, 10), 1, "months", date(2026, 4, 10), "generous", id="10 Apr in ordinary use"),
        pytest.param(date(2026, 3, 10), 1, "months", date(2026, 4, 11), None, id="11 Apr is too late"),
        pytest.param(date(2026, 3, 10), 1, "months", date(2026, 3, 10), "strict", id="the same day"),
        pytest.param(date(2026, 3, 10), 1, "months", date(2026, 3, 9), None, id="before it happened"),
        pytest.param(date(2026, 3, 10), 6, "months", date(2026, 9, 9), "strict", id="complaint 10 Mar, 9 Sep"),
        pytest.param(date(2026, 3, 10), 6, "months", date(2026, 9, 10), "generous", id="complaint 10 Mar, 10 Sep"),
        pytest.param(date(2026, 3, 10), 6, "months", date(2026, 9, 11), None, id="complaint 10 Mar, 11 Sep"),
        pytest.param(date(2027, 1, 31), 1, "months", date(2027, 2, 28), "strict", id="31 Jan ends on 28 Feb"),
        pytest.param(date(2027, 1, 31), 1, "months", date(2027, 3, 1), None, id="31 Jan is over on 1 Mar"),
        pytest.param(date(2027, 1, 28), 1, "months", date(2027, 2, 27), "strict", id="28 Jan ends on 27 Feb"),
        pytest.param(date(2027, 1, 28), 1, "months", date(2027, 2, 28), "generous", id="28 Jan, 28 Feb"),
        pytest.param(date(2028, 1, 31), 1, "months", date(2028, 2, 29), "strict", id="31 Jan ends on 29 Feb 2028"),
        pytest.param(date(2028, 2, 29), 1, "months", date(2028, 3, 28), "strict", id="29 Feb 2028, 28 Mar"),
        pytest.param(date(2028, 2, 29), 1, "months", date(2028, 3, 29), "generous", id="29 Feb 2028, 29 Mar"),
        pytest.param(date(2026, 3, 10), 30, "days", date(2026, 4, 8), "strict", id="30 days, 8 Apr"),
        pytest.param(date(2026, 3, 10), 30, "days", date(2026, 4, 9), "generous", id="30 days, 9 Apr"),
        pytest.param(date(2026, 3, 10), 30, "days", date(2026, 4, 10), None, id="30 days, 10 Apr"),
    ],
)
def test_within_tells_the_strict_reading_from_the_generous(
    start: date, limit: int, unit: str, day: date, reading: str | None
) -> None:
    assert within(start, limit, Unit(unit), day) == (Reading(reading) if reading else None)


def test_within_is_not_for_working_days() -> None:
    with pytest.raises(ValueError, match="give it in days or months"):
        within(date(2026, 3, 10), 5, WORKING_DAYS, date(2026, 3, 11))  # Tue, Wed


@pytest.mark.parametrize(
    ("day", "n", "result"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),  # Sun to Sun
        (date(2027, 12, 31), 2, date(2028, 2, 29)),  # Fri to Tue
        (date(2028, 2, 29), 12, date(2029, 2, 28)),  # Tue to Wed
        (date(2027, 3, 31), -1, date(2027, 2, 28)),  # Wed to Sun
        (date(2027, 1, 15), -1, date(2026, 12, 15)),  # Fri to Tue
        (date(2027, 6, 15), 6, date(2027, 12, 15)),  # Tue to Wed
        (date(2027, 6, 15), 0, date(2027, 6, 15)),  # Tue
    ],
)
def test_months_end_on_the_last_day_of_a_shorter_month(day: date, n: int, result: date) -> None:
    assert add_months(day, n) == result


@pytest.mark.parametrize(
    ("day", "close_in_utc", "hours"),
    [
        pytest.param(date(2027, 3, 27), datetime(2027, 3, 28, 0, tzinfo=UTC), 24, id="Sat before the spring change"),
        pytest.param(date(2027, 3, 28), datetime(2027, 3, 28, 23, tzinfo=UTC), 23, id="Sun clocks go forward"),
        pytest.param(date(2027, 10, 30), datetime(2027, 10, 30, 23, tzinfo=UTC), 24, id="Sat before autumn change"),
        pytest.param(date(2027, 10, 31), datetime(2027, 11, 1, 0, tzinfo=UTC), 25, id="Sun clocks go back"),
        pytest.param(date(2028, 2, 29), datetime(2028, 3, 1, 0, tzinfo=UTC), 24, id="Tue 29 Feb 2028"),
    ],
)
def test_a_day_closes_at_the_next_london_midnight(day: date, close_in_utc: datetime, hours: int) -> None:
    close = close_of(day)
    assert close == close_in_utc
    assert close.astimezone(UTC) - close_of(day - ONE_DAY).astimezone(UTC) == dt.timedelta(hours=hours)
    assert datetime.combine(day, time(23, 59), tzinfo=LONDON).astimezone(UTC) < close.astimezone(UTC)


def test_the_office_opens_at_nine_by_the_london_clock() -> None:
    assert opening_of(date(2027, 3, 26)) == datetime(2027, 3, 26, 9, tzinfo=UTC)  # Fri, winter time
    assert opening_of(date(2027, 3, 30)) == datetime(2027, 3, 30, 8, tzinfo=UTC)  # Tue, summer time
    assert opening_of(date(2027, 3, 30), time(14, 30)) == datetime(2027, 3, 30, 13, 30, tzinfo=UTC)


def test_dates_are_written_in_words() -> None:
    assert words(date(2027, 1, 14)) == "Thursday 14 January 2027"
    assert words(date(2028, 2, 29), weekday=False) == "29 February 2028"  # Tue


@given(days_in_2027, st.integers(1, 24), st.integers(0, 800))
def test_the_generous_reading_is_at_most_one_day_longer(start: date, months: int, offset: int) -> None:
    day = start + dt.timedelta(days=offset)
    reading = within(start, months, Unit.MONTHS, day)
    assert (reading is not None) == (day <= add_months(start, months))
    if reading is Reading.GENEROUS:
        assert within(start, months, Unit.MONTHS, day - ONE_DAY) is Reading.STRICT
        assert within(start, months, Unit.MONTHS, day + ONE_DAY) is None


def test_a_short_date_has_the_first_three_letters_of_its_day_and_month() -> None:
    assert short(date(2027, 1, 14)) == "Thu 14 Jan 2027"
    assert short(date(2026, 9, 2)) == "Wed 2 Sep 2026"


@pytest.mark.parametrize(
    ("text", "bound_together"),
    [
        ("due Thursday 14 January 2027, or so", "due Thursday\u00a014\u00a0January\u00a02027, or so"),
        ("Thu 14 Jan 2027", "Thu\u00a014\u00a0Jan\u00a02027"),
        ("by 1 May 2027", "by 1\u00a0May\u00a02027"),
        ("14 doors in May 2027", "14 doors in May 2027"),
    ],
)
def test_no_line_break_parts_a_date_in_a_text(text: str, bound_together: str) -> None:
    assert bound(text) == bound_together
