"""Counts of days against tables of real dates."""

from datetime import UTC, date, datetime, time
from itertools import pairwise

import pytest

from domain.calendar import (
    LONDON,
    BeyondHorizon,
    Calendar,
    ClosedDayRule,
    Direction,
    Pause,
    Unit,
    count,
    receipt,
)
from tests.domain.england import BEFORE, CHRISTMAS_CLOSURE, ENGLAND, ONE_DAY, WORKING_DAYS, closed, whys


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        pytest.param(date(2026, 4, 2), 5, date(2026, 4, 13), id="5 from Thu 2 Apr over Easter is Mon 13 Apr"),
        pytest.param(date(2026, 12, 7), 25, date(2027, 1, 14), id="25 from Mon 7 Dec is Thu 14 Jan 2027"),
        pytest.param(date(2026, 9, 1), 25, date(2026, 10, 6), id="25 from Tue 1 Sep is Tue 6 Oct"),
        pytest.param(date(2026, 9, 1), 10, date(2026, 9, 15), id="10 from Tue 1 Sep is Tue 15 Sep"),
        pytest.param(date(2026, 12, 5), 2, date(2026, 12, 8), id="2 from Sat 5 Dec is Tue 8 Dec"),
        pytest.param(date(2026, 12, 24), 1, date(2026, 12, 29), id="1 from Thu 24 Dec 2026 is Tue 29 Dec"),
        pytest.param(date(2027, 12, 24), 1, date(2027, 12, 29), id="1 from Fri 24 Dec 2027 is Wed 29 Dec"),
        pytest.param(date(2027, 12, 31), 1, date(2028, 1, 4), id="1 from Fri 31 Dec 2027 is Tue 4 Jan 2028"),
        pytest.param(date(2028, 2, 28), 1, date(2028, 2, 29), id="1 from Mon 28 Feb 2028 is Tue 29 Feb"),
        pytest.param(date(2028, 2, 29), 1, date(2028, 3, 1), id="1 from Tue 29 Feb 2028 is Wed 1 Mar"),
        pytest.param(date(2027, 3, 26), 3, date(2027, 4, 1), id="3 from Good Fri 26 Mar is Thu 1 Apr"),
        pytest.param(date(2026, 12, 8), 0, date(2026, 12, 8), id="0 from Tue 8 Dec is that day"),
        pytest.param(date(2026, 12, 5), 0, date(2026, 12, 7), id="0 from Sat 5 Dec is Mon 7 Dec"),
    ],
)
def test_working_days_run_from_the_day_after_day_zero(start: date, limit: int, due: date) -> None:
    assert count(ENGLAND, start, limit, WORKING_DAYS).due == due


def test_published_closure_moves_the_kent_response_to_tue_19_jan_2027() -> None:
    calendar = ENGLAND.with_closures(*CHRISTMAS_CLOSURE)
    response = count(calendar, date(2026, 12, 7), 25, WORKING_DAYS)  # Mon
    assert response.due == date(2027, 1, 19)  # Tue
    assert whys(response)[date(2026, 12, 30)] == "skipped: council closed: Christmas closure"  # Wed


def test_the_working_shows_each_day_counted_or_skipped_and_why() -> None:
    acknowledgement = count(ENGLAND, date(2026, 4, 2), 5, WORKING_DAYS, day_zero="completed form received")
    assert [(f"{day.date:%a}", day.counted, day.why) for day in acknowledgement.working] == [
        ("Thu", False, "day 0: completed form received"),
        ("Fri", False, "skipped: Good Friday"),
        ("Sat", False, "skipped: Saturday"),
        ("Sun", False, "skipped: Sunday"),
        ("Mon", False, "skipped: Easter Monday"),
        ("Tue", True, "working day 1"),
        ("Wed", True, "working day 2"),
        ("Thu", True, "working day 3"),
        ("Fri", True, "working day 4"),
        ("Sat", False, "skipped: Saturday"),
        ("Sun", False, "skipped: Sunday"),
        ("Mon", True, "working day 5"),
    ]


def test_day_zero_is_named_once_however_the_caller_words_it() -> None:
    for given_words in ("application received", "day 0: application received"):
        first = count(ENGLAND, date(2026, 9, 1), 1, WORKING_DAYS, day_zero=given_words).working[0]  # Tue
        assert first.why == "day 0: application received"
    assert count(ENGLAND, date(2026, 9, 1), 1, WORKING_DAYS).working[0].why == "day 0"


def test_two_working_days_before_a_thursday_hearing_is_the_tuesday() -> None:
    papers = count(ENGLAND, date(2027, 1, 14), 2, WORKING_DAYS, direction=BEFORE)  # Thu
    assert papers.due == date(2027, 1, 12)  # Tue
    assert [day.why for day in papers.working] == ["day 0", "working day 1", "working day 2"]


def test_working_days_before_skip_easter_backwards() -> None:
    papers = count(ENGLAND, date(2027, 3, 30), 2, WORKING_DAYS, direction=BEFORE)  # Tue after Easter
    assert papers.due == date(2027, 3, 24)  # Wed


@pytest.mark.parametrize(
    ("start", "limit", "unit", "direction", "due"),
    [
        pytest.param(date(2027, 1, 4), 21, Unit.DAYS, "after", date(2027, 1, 25), id="21 d Mon 4 to Mon 25 Jan"),
        pytest.param(date(2027, 1, 4), 5, Unit.DAYS, "after", date(2027, 1, 11), id="5 d end Sat 9, so Mon 11 Jan"),
        pytest.param(date(2027, 1, 14), 5, Unit.DAYS, "before", date(2027, 1, 8), id="5 d back Sat 9, so Fri 8 Jan"),
        pytest.param(date(2027, 3, 19), 1, Unit.WEEKS, "after", date(2027, 3, 30), id="Good Fri 26 so Tue 30 Mar"),
        pytest.param(date(2027, 4, 9), 2, Unit.WEEKS, "before", date(2027, 3, 25), id="Good Fri 26 so Thu 25 Mar"),
        pytest.param(date(2027, 1, 31), 1, Unit.MONTHS, "after", date(2027, 3, 1), id="Sun 28 Feb so Mon 1 Mar"),
        pytest.param(date(2028, 1, 31), 1, Unit.MONTHS, "after", date(2028, 2, 29), id="Tue 29 Feb 2028"),
        pytest.param(date(2027, 8, 31), 6, Unit.MONTHS, "after", date(2028, 2, 29), id="6 months to Tue 29 Feb"),
        pytest.param(date(2027, 3, 31), 1, Unit.MONTHS, "before", date(2027, 2, 26), id="Sun 28 so Fri 26 Feb"),
        pytest.param(date(2027, 3, 28), 1, Unit.DAYS, "after", date(2027, 3, 30), id="Easter Mon 29 so Tue 30 Mar"),
    ],
)
def test_calendar_limits_roll_once_to_a_working_day(
    start: date, limit: int, unit: Unit, direction: str, due: date
) -> None:
    assert count(ENGLAND, start, limit, unit, direction=Direction(direction)).due == due


def test_the_roll_forward_is_in_the_working() -> None:
    rolled = count(ENGLAND, date(2027, 3, 19), 1, Unit.WEEKS).working[-5:]  # Fri, a week to Good Friday
    assert [(f"{day.date:%a %d %b}", day.counted, day.why) for day in rolled] == [
        ("Fri 26 Mar", True, "day 7 (week 1); rolled on: Good Friday"),
        ("Sat 27 Mar", False, "rolled on: Saturday"),
        ("Sun 28 Mar", False, "rolled on: Sunday"),
        ("Mon 29 Mar", False, "rolled on: Easter Monday"),
        ("Tue 30 Mar", False, "due: the next working day"),
    ]


def test_the_roll_backward_is_in_the_working() -> None:
    rolled = count(ENGLAND, date(2027, 1, 14), 5, Unit.DAYS, direction=BEFORE).working[-2:]  # Thu
    assert [day.why for day in rolled] == ["day 5; rolled back: Saturday", "due: the working day before"]


def test_months_show_a_mark_for_each_month_and_one_line_for_each_hold() -> None:
    hold = Pause(start=date(2027, 1, 1), end=date(2027, 1, 20), why="on hold at your request")  # Fri to Wed
    follow_up = count(ENGLAND, date(2026, 12, 7), 3, Unit.MONTHS, pauses=[hold], day_zero="outcome sent")
    assert [(f"{day.date:%a %d %b}", day.counted, day.why) for day in follow_up.working] == [
        ("Mon 07 Dec", False, "day 0: outcome sent"),
        ("Fri 01 Jan", False, "skipped: on hold at your request (to the end of Tuesday 19 January 2027)"),
        ("Tue 26 Jan", True, "month 1"),
        ("Fri 26 Feb", True, "month 2"),
        ("Fri 26 Mar", True, "month 3; rolled on: Good Friday"),
        ("Sat 27 Mar", False, "rolled on: Saturday"),
        ("Sun 28 Mar", False, "rolled on: Sunday"),
        ("Mon 29 Mar", False, "rolled on: Easter Monday"),
        ("Tue 30 Mar", False, "due: the next working day"),
    ]


def test_a_hold_is_replayed_in_the_working() -> None:
    hold = Pause(start=date(2027, 1, 6), end=date(2027, 1, 8), why="on hold at your request")  # Wed, Thu
    held = count(ENGLAND, date(2027, 1, 4), 4, WORKING_DAYS, pauses=[hold])  # Mon
    assert held.due == date(2027, 1, 12)  # Tue instead of Fri 8 Jan
    assert whys(held)[date(2027, 1, 7)] == "skipped: on hold at your request"


def test_a_calendar_limit_that_rolls_into_a_hold_waits_for_its_end() -> None:
    hold = Pause(start=date(2027, 1, 11), end=date(2027, 1, 25), why="on hold")  # Mon to Mon
    assert count(ENGLAND, date(2027, 1, 4), 5, Unit.DAYS).due == date(2027, 1, 11)  # Mon, rolled from Sat
    assert count(ENGLAND, date(2027, 1, 4), 5, Unit.DAYS, pauses=[hold]).due == date(2027, 1, 25)  # Mon


def test_a_hold_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="give an end on or after the start"):
        Pause(start=date(2027, 1, 8), end=date(2027, 1, 6), why="on hold")  # Fri, Wed


PANEL = (date(2027, 2, 9), date(2027, 1, 12), date(2027, 3, 9))  # Tuesdays, out of order


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        pytest.param(date(2027, 1, 4), 6, date(2027, 1, 12), id="ready on the panel's own Tue 12 Jan"),
        pytest.param(date(2027, 1, 4), 7, date(2027, 2, 9), id="ready Wed 13 Jan waits for Tue 9 Feb"),
        pytest.param(date(2027, 1, 4), 0, date(2027, 1, 12), id="no notice needed on Mon 4 Jan"),
    ],
)
def test_the_next_meeting_is_the_first_on_or_after_the_working_days(start: date, limit: int, due: date) -> None:
    meeting = count(ENGLAND, start, limit, Unit.MEETING, meetings=PANEL)
    assert meeting.due == due
    assert meeting.working[-1].why.endswith("the panel meets")
    assert all(later.date - earlier.date == ONE_DAY for earlier, later in pairwise(meeting.working))


def test_a_meeting_during_a_hold_is_passed_over() -> None:
    hold = Pause(start=date(2027, 1, 11), end=date(2027, 1, 18), why="on hold at your request")  # Mon to Mon
    meeting = count(ENGLAND, date(2027, 1, 4), 2, Unit.MEETING, meetings=PANEL, pauses=[hold])  # Mon
    assert meeting.due == date(2027, 2, 9)  # Tue
    assert whys(meeting)[date(2027, 1, 12)] == "skipped: on hold at your request"  # Tue


def test_a_meeting_on_a_day_declared_closed_later_says_so() -> None:
    calendar = ENGLAND.with_holidays(*closed("National day", date(2027, 1, 12)))  # Tue
    meeting = count(calendar, date(2027, 1, 4), 2, Unit.MEETING, meetings=PANEL)
    assert meeting.working[-1].why == "due: the panel meets, although the day is closed (National day)"


def test_where_no_later_meeting_is_known_the_working_days_alone_count_and_the_working_says_so() -> None:
    meeting = count(ENGLAND, date(2027, 3, 9), 5, Unit.MEETING, meetings=PANEL)  # Tue
    assert meeting.due == date(2027, 3, 16)  # Tue
    assert meeting.working[-1].why.endswith("no later meeting of the panel is known")
    assert count(ENGLAND, date(2027, 3, 13), 0, Unit.MEETING).due == date(2027, 3, 15)  # Sat, Mon


def test_a_wait_for_a_meeting_does_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="cannot run backwards"):
        count(ENGLAND, date(2027, 3, 9), 5, Unit.MEETING, direction=BEFORE, meetings=PANEL)  # Tue


def test_a_limit_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be -1: give zero or more"):
        count(ENGLAND, date(2027, 3, 9), -1, WORKING_DAYS)  # Tue


@pytest.mark.parametrize(
    ("rule", "day_zero", "due"),
    [
        pytest.param(ClosedDayRule.SAME_DAY, date(2026, 12, 5), date(2026, 12, 8), id="Sat is day 0, due Tue 8 Dec"),
        pytest.param(ClosedDayRule.NEXT_WORKING_DAY, date(2026, 12, 7), date(2026, 12, 9), id="Mon, due Wed 9 Dec"),
    ],
)
def test_a_saturday_receipt_counts_by_the_council_rule(rule: ClosedDayRule, day_zero: date, due: date) -> None:
    made_at = datetime(2026, 12, 5, 11, tzinfo=LONDON)  # Sat
    received = receipt(ENGLAND, made_at, cut_off=None, closed_day=rule)
    assert (received.made, received.day_zero) == (date(2026, 12, 5), day_zero)
    assert "a closed day (Saturday): counts from" in received.why
    assert count(ENGLAND, received.day_zero, 2, WORKING_DAYS).due == due


def test_half_past_midnight_in_summer_is_the_london_day_though_utc_is_the_day_before() -> None:
    made_at = datetime(2027, 6, 1, 23, 30, tzinfo=UTC)  # Tue in UTC, 00:30 Wed in London
    received = receipt(ENGLAND, made_at, cut_off=None, closed_day=ClosedDayRule.SAME_DAY)
    assert received.made == received.day_zero == date(2027, 6, 2)  # Wed
    assert received.why == "received Wednesday 2 June 2027"


@pytest.mark.parametrize(
    ("made_at", "day_zero"),
    [
        pytest.param(datetime(2026, 12, 8, 17, 0, tzinfo=LONDON), date(2026, 12, 8), id="Tue at the cut-off"),
        pytest.param(datetime(2026, 12, 8, 17, 1, tzinfo=LONDON), date(2026, 12, 9), id="Tue late, Wed"),
        pytest.param(datetime(2026, 12, 4, 17, 1, tzinfo=LONDON), date(2026, 12, 7), id="Fri late, Mon"),
        pytest.param(datetime(2026, 12, 24, 18, 0, tzinfo=LONDON), date(2026, 12, 29), id="Christmas Eve, Tue"),
        pytest.param(datetime(2027, 6, 1, 16, 30, tzinfo=UTC), date(2027, 6, 2), id="17:30 summer time Tue, Wed"),
        pytest.param(datetime(2026, 12, 5, 18, 0, tzinfo=LONDON), date(2026, 12, 7), id="Sat late, Mon"),
    ],
)
def test_after_the_cut_off_the_next_working_day_is_day_zero(made_at: datetime, day_zero: date) -> None:
    received = receipt(ENGLAND, made_at, cut_off=time(17), closed_day=ClosedDayRule.SAME_DAY)
    assert received.day_zero == day_zero
    assert received.made == made_at.astimezone(LONDON).date()


def test_a_receipt_after_the_cut_off_says_so() -> None:
    made_at = datetime(2026, 12, 8, 17, 20, tzinfo=LONDON)  # Tue
    received = receipt(ENGLAND, made_at, cut_off=time(17), closed_day=ClosedDayRule.SAME_DAY)
    assert received.why == (
        "received Tuesday 8 December 2026 at 17:20, after 17:00: counts from Wednesday 9 December 2026"
    )


def test_a_time_of_receipt_without_a_zone_is_refused() -> None:
    without_zone = datetime(2027, 6, 1, 0, 30, tzinfo=LONDON).replace(tzinfo=None)  # Tue
    with pytest.raises(ValueError, match="has no time zone: give it with one"):
        receipt(ENGLAND, without_zone, cut_off=None, closed_day=ClosedDayRule.SAME_DAY)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2027, 1, 2), "Saturday"),
        (date(2027, 1, 3), "Sunday"),
        (date(2027, 3, 26), "Good Friday"),
        (date(2026, 12, 29), "council closed: Christmas closure"),  # Tue
        (date(2027, 1, 4), None),  # Mon
    ],
)
def test_a_closed_day_says_why(day: date, why: str | None) -> None:
    calendar = ENGLAND.with_closures(*CHRISTMAS_CLOSURE)
    assert calendar.why_closed(day) == why
    assert calendar.is_working(day) is (why is None)


def test_the_next_working_day_is_the_day_itself_when_open() -> None:
    assert ENGLAND.next_working_day(date(2027, 3, 25)) == date(2027, 3, 25)  # Thu
    assert ENGLAND.next_working_day(date(2027, 3, 26)) == date(2027, 3, 30)  # Good Fri to Tue


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2029, 1, 1)])  # Wed, Mon
def test_a_day_the_calendar_does_not_know_is_never_called_open(day: date) -> None:
    for ask in (ENGLAND.why_closed, ENGLAND.is_working, ENGLAND.next_working_day):
        with pytest.raises(BeyondHorizon):
            ask(day)


def test_the_horizon_error_names_the_day_the_horizon_and_the_mend() -> None:
    with pytest.raises(BeyondHorizon, match=r"Monday 1 January 2029 .* 31 December 2028: take a newer snapshot"):
        ENGLAND.is_working(date(2029, 1, 1))
    with pytest.raises(BeyondHorizon, match="take a snapshot that starts earlier"):
        ENGLAND.is_working(date(2025, 12, 31))  # Wed


@pytest.mark.parametrize("unit", [Unit.WORKING_DAYS, Unit.DAYS, Unit.WEEKS, Unit.MONTHS])
def test_a_count_past_the_horizon_is_refused(unit: Unit) -> None:
    with pytest.raises(BeyondHorizon):
        count(ENGLAND, date(2028, 12, 27), 20, unit)  # Wed
    with pytest.raises(BeyondHorizon):
        count(ENGLAND, date(2026, 1, 2), 20, unit, direction=BEFORE)  # Fri


def test_a_meeting_past_the_horizon_is_refused() -> None:
    with pytest.raises(BeyondHorizon):
        count(ENGLAND, date(2028, 12, 20), 2, Unit.MEETING, meetings=[date(2029, 1, 9)])  # Wed, Tue


def test_the_hash_does_not_depend_on_the_order_of_days_and_changes_with_any_day() -> None:
    shuffled = Calendar(**{**dict(ENGLAND), "holidays": ENGLAND.holidays[::-1]})
    assert shuffled.hash == ENGLAND.hash
    assert shuffled == ENGLAND
    declared = closed("State funeral", date(2027, 9, 20))  # Mon
    assert len({ENGLAND.hash, ENGLAND.with_holidays(*declared).hash, ENGLAND.with_closures(*declared).hash}) == 3
    assert ENGLAND.with_holidays(ENGLAND.holidays[0]).hash == ENGLAND.hash


def test_a_calendar_travels_as_json_and_keeps_its_hash() -> None:
    arrived = Calendar.model_validate_json(ENGLAND.model_dump_json())
    assert arrived == ENGLAND
    assert arrived.hash == ENGLAND.hash


def test_a_holiday_declared_later_moves_the_date() -> None:
    declared = ENGLAND.with_holidays(*closed("State funeral", date(2027, 9, 20)))  # Mon
    assert count(ENGLAND, date(2027, 9, 17), 1, WORKING_DAYS).due == date(2027, 9, 20)  # Fri to Mon
    assert count(declared, date(2027, 9, 17), 1, WORKING_DAYS).due == date(2027, 9, 21)  # Fri to Tue
