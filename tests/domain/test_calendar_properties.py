"""Properties of counts that hold for any calendar."""

import datetime as dt
from datetime import UTC, date, datetime, time
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import (
    LONDON,
    BeyondHorizon,
    Calendar,
    ClosedDay,
    ClosedDayRule,
    Direction,
    Pause,
    Unit,
    count,
    receipt,
)
from tests.domain.england import (
    BEFORE,
    ENGLAND,
    ONE_DAY,
    WORKING_DAYS,
    closures,
    day_by_day_units,
    days_in_2027,
    directions,
    holds,
    limits,
)


@given(days_in_2027, limits, day_by_day_units, directions, closures, holds())
def test_the_working_has_every_day_once_from_the_start_to_the_due_day(
    start: date,
    limit: int,
    unit: Unit,
    direction: Direction,
    extra: tuple[ClosedDay, ...],
    pauses: list[Pause],
) -> None:
    limit = limit // 7 if unit is Unit.WEEKS else limit
    counted = count(ENGLAND.with_closures(*extra), start, limit, unit, direction=direction, pauses=pauses)
    step = ONE_DAY if direction is Direction.AFTER else -ONE_DAY
    dates = [day.date for day in counted.working]
    assert dates[0] == start
    assert dates[-1] == counted.due
    assert all(later - earlier == step for earlier, later in pairwise(dates))


@given(days_in_2027, st.integers(0, 12), st.sampled_from(Unit), directions, closures, holds())
def test_the_counted_days_are_the_limit_and_the_due_day_is_open_and_not_on_hold(
    start: date,
    limit: int,
    unit: Unit,
    direction: Direction,
    extra: tuple[ClosedDay, ...],
    pauses: list[Pause],
) -> None:
    if unit is Unit.MEETING:
        direction = Direction.AFTER
    calendar = ENGLAND.with_closures(*extra)
    meetings = [day for day in (date(2028, 6, 6), date(2028, 7, 4)) if unit is Unit.MEETING]  # Tuesdays
    counted = count(calendar, start, limit, unit, direction=direction, pauses=pauses, meetings=meetings)
    assert sum(day.counted for day in counted.working) == limit * (7 if unit is Unit.WEEKS else 1)
    assert calendar.is_working(counted.due)
    assert not any(pause.start <= counted.due < pause.end for pause in pauses)


@given(days_in_2027, limits, closures)
def test_forward_then_back_returns_to_the_start_or_the_working_day_before_it(
    start: date, limit: int, extra: tuple[ClosedDay, ...]
) -> None:
    calendar = ENGLAND.with_closures(*extra)
    due = count(calendar, start, limit + 1, WORKING_DAYS).due
    back = count(calendar, due, limit + 1, WORKING_DAYS, direction=BEFORE).due
    assert back == count(calendar, start, 0, WORKING_DAYS, direction=BEFORE).due


@given(days_in_2027, st.integers(0, 12), st.sampled_from(list(Unit)[:4]), directions, closures, holds())
def test_a_closure_never_brings_a_limit_forward_or_a_countback_later(
    start: date,
    limit: int,
    unit: Unit,
    direction: Direction,
    extra: tuple[ClosedDay, ...],
    pauses: list[Pause],
) -> None:
    without = count(ENGLAND, start, limit, unit, direction=direction, pauses=pauses).due
    with_closures = count(ENGLAND.with_closures(*extra), start, limit, unit, direction=direction, pauses=pauses).due
    assert with_closures >= without if direction is Direction.AFTER else with_closures <= without


@given(days_in_2027, st.integers(1, 40), days_in_2027, st.integers(0, 40))
def test_a_hold_moves_a_limit_by_exactly_the_working_days_held(
    start: date, limit: int, hold_start: date, length: int
) -> None:
    hold = Pause(start=hold_start, end=hold_start + dt.timedelta(days=length), why="on hold")
    unheld = count(ENGLAND, start, limit, WORKING_DAYS).due
    in_hold = (hold.start + dt.timedelta(days=n) for n in range(length))
    held_days = sum(ENGLAND.is_working(day) for day in in_hold if day > start)
    moved = held_days if hold.start <= unheld else 0
    assert (
        count(ENGLAND, start, limit, WORKING_DAYS, pauses=[hold]).due
        == count(ENGLAND, start, limit + moved, WORKING_DAYS).due
    )


@given(days_in_2027, st.integers(0, 400), directions, day_by_day_units, st.integers(1, 60))
def test_a_count_either_stays_within_the_calendar_or_is_refused(
    start: date, limit: int, direction: Direction, unit: Unit, margin: int
) -> None:
    reach = dt.timedelta(days=margin)
    calendar = Calendar(source="short", first=start - reach, horizon=start + reach, holidays=ENGLAND.holidays)
    try:
        counted = count(calendar, start, limit, unit, direction=direction)
    except BeyondHorizon:
        return
    assert all(calendar.first <= day.date <= calendar.horizon for day in counted.working)


@given(days_in_2027, st.times(), st.booleans())
def test_day_zero_is_never_before_the_day_something_was_made(day: date, at: time, late: bool) -> None:
    made_at = datetime.combine(day, at, tzinfo=UTC)
    for rule in ClosedDayRule:
        received = receipt(ENGLAND, made_at, cut_off=time(17) if late else None, closed_day=rule)
        assert received.made == made_at.astimezone(LONDON).date() <= received.day_zero
        assert rule is ClosedDayRule.SAME_DAY or ENGLAND.is_working(received.day_zero)
