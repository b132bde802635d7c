from dataclasses import replace
from datetime import UTC, date, datetime

import pytest_asyncio

from domain.calendar import ClosedDay
from domain.case import Stage
from domain.messages import Start
from register import entries, queries, taking_in
from register.database import Database
from tests.register import examples
from tests.register.examples import CALENDAR, NOW, OFFICER, policy

TODAY = date(2026, 4, 2)  # Thu
CLOSED = CALENDAR.with_closures(
    *(ClosedDay(date=date(2026, 4, day), name="spring closure") for day in range(7, 11))  # Tue to Fri
)


@pytest_asyncio.fixture
async def starts(database: Database) -> list[Start]:
    """Three cases that wait for agencies (one of Medway, one with a spring closure), and one not started."""
    found = []
    for name, calendar in (("dover", CALENDAR), ("medway", CALENDAR), ("dover", CLOSED), ("dover", CALENDAR)):
        form = examples.form()
        found.append(await taking_in.take_in(database, form, policy(name), calendar, by=OFFICER, now=NOW))
    for start in found[:3]:
        await entries.record(database, examples.opening(start).turn())
    return found


async def test_cases_come_by_what_is_due_first_and_nothing_due_last(database: Database, starts: list[Start]) -> None:
    rows = await queries.cases(database, today=TODAY)
    due = [row.next_due for row in rows if row.next_due]
    assert due == sorted(due)
    assert rows[-1].reference == starts[3].reference
    assert rows[-1].next_due is None
    assert len(rows) == 4


async def test_cases_of_one_council_or_one_stage(database: Database, starts: list[Start]) -> None:
    medway = await queries.cases(database, council="medway", today=TODAY)
    assert [row.reference for row in medway] == [starts[1].reference]
    received = await queries.cases(database, stage=Stage.RECEIVED, today=TODAY)
    assert [row.reference for row in received] == [starts[3].reference]
    assert await queries.cases(database, council="nowhere", due_within=3, today=TODAY) == []


async def within(database: Database, days: int) -> set[str]:
    found = await queries.cases(database, council="dover", due_within=days, today=TODAY)
    return {row.reference for row in found}


async def test_due_within_counts_each_case_s_own_working_days(database: Database, starts: list[Start]) -> None:
    open_days, _, closed_days, _ = starts
    rows = {row.reference: row for row in await queries.cases(database, council="dover", today=TODAY)}
    due = {reference: row.next_due for reference, row in rows.items()}

    for reference, calendar in ((open_days.reference, CALENDAR), (closed_days.reference, CLOSED)):
        last = due[reference]
        assert last is not None
        after = [date.fromordinal(day) for day in range(TODAY.toordinal() + 1, last.toordinal() + 1)]
        needed = sum(calendar.is_working(day) for day in after)
        assert reference not in await within(database, needed - 1)
        assert reference in await within(database, needed)


async def test_what_is_overdue_is_due_within_any_time(database: Database, starts: list[Start]) -> None:
    much_later = date(2026, 9, 1)  # Tue
    found = await queries.cases(database, due_within=0, today=much_later)
    assert {row.reference for row in found} == {start.reference for start in starts[:3]}


async def test_a_calendar_that_ends_too_soon_leaves_nothing_out(database: Database, starts: list[Start]) -> None:
    found = await queries.cases(database, due_within=100, today=date(2028, 12, 1))  # Fri
    assert len(found) == 3


async def test_a_case_is_read_with_its_people_and_events(database: Database, starts: list[Start]) -> None:
    found = await queries.case(database, starts[0].reference)
    assert found is not None
    assert found.start == starts[0]
    assert [person.details.name for person in found.persons] == ["Ann Reed"]
    assert found.row in await queries.cases(database, today=TODAY)


async def test_an_event_shows_once_what_follows_from_it_is_there_too(database: Database, starts: list[Start]) -> None:
    story = examples.opening(starts[3])
    turn, last = story.turn(), story.numbered[-1].event.id
    assert not await queries.shows(database, turn.reference, last)
    await entries.record(database, turn, more_follows=True)
    assert not await queries.shows(database, turn.reference, last)
    await entries.record(database, turn)
    assert await queries.shows(database, turn.reference, last)


async def test_a_demonstration_has_a_day_of_its_own_and_a_real_case_has_not(
    database: Database, starts: list[Start]
) -> None:
    row = await queries.case_row(database, starts[0].reference)
    assert row is not None
    assert row.own_day is None
    assert replace(row, demo=True, as_of=datetime(2026, 4, 1, 23, 30, tzinfo=UTC)).own_day == date(2026, 4, 2)  # Thu


async def test_an_unknown_reference_reads_as_none(database: Database) -> None:
    assert await queries.case(database, "DOV-2026-0404") is None
