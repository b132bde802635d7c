"""The work list on either database: order, filters, search, paging, and the number of queries."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, update

from domain.case import Stage
from register import tables, taking_in, users, worklist
from register.database import Database
from register.entries import record
from register.worklist import NOBODY, Due, Wanted, officer_key
from tests.register import examples

pytestmark = pytest.mark.long

TODAY = date(2026, 4, 2)  # Thu


async def case(database: Database, name: str = "Ann Reed", council: str = "dover", **columns: object) -> str:
    """A case that was taken in, its row changed as wanted."""
    policy = examples.policy(council)
    form = examples.form(applicant=examples.person(name))
    start = await taking_in.take_in(
        database, form, policy, examples.CALENDAR, by=examples.APPLICANT, now=examples.NOW
    )  # fmt: skip
    await record(database, examples.opening(start).turn())
    if not columns:
        return start.reference
    async with database.writing() as session:
        await session.exec(update(tables.Case).where(tables.Case.reference == start.reference).values(columns))
    return start.reference


async def found(database: Database, **wanted: object) -> list[str]:
    listed = await worklist.listed(database, Wanted(**wanted), TODAY)  # type: ignore[arg-type]
    return [row.reference for row in listed.rows]


async def test_what_is_due_first_stands_first_and_what_is_over_is_left_out(database: Database) -> None:
    late = await case(database, next_due=date(2026, 4, 20))  # Mon
    none = await case(database, next_due=None)
    early = await case(database, next_due=date(2026, 4, 1))  # Wed
    over = await case(database, stage=Stage.CLOSED.value, next_due=None)
    assert await found(database) == [early, late, none]
    assert await found(database, stage=Stage.CLOSED) == [over]
    assert set(await found(database, over=True)) == {late, none, early, over}


async def test_filters_by_council_officer_and_due(database: Database) -> None:
    mine = await case(database, officer="Jo Ward", next_due=date(2026, 4, 1))  # Wed
    nobodys = await case(database, next_due=date(2026, 4, 5))  # Sun
    other = await case(database, council="medway", next_due=date(2026, 4, 6))  # Mon
    assert await found(database, council="medway") == [other]
    assert await found(database, officer=officer_key("Jo Ward")) == [mine]
    assert await found(database, officer=NOBODY) == [nobodys, other]
    assert await found(database, due=Due.OVERDUE) == [mine]
    assert await found(database, due=Due.WEEK) == [mine, nobodys]


async def test_a_demonstration_is_overdue_by_its_own_clock(database: Database) -> None:
    moved = datetime(2026, 6, 1, 9, tzinfo=UTC)  # Mon
    demo = await case(database, demo=True, as_of=moved, next_due=date(2026, 5, 29))  # Fri
    await case(database, next_due=date(2026, 5, 29))
    assert await found(database, due=Due.OVERDUE) == [demo]


@pytest.mark.parametrize("words", ["asha", "VERMA", "asha verma", "verma dover", "DOV-2026-0002", "0002"])
async def test_search_finds_by_reference_name_and_address(database: Database, words: str) -> None:
    await case(database)
    wanted = await case(database, name="Asha Verma")
    assert await found(database, words=words) == [wanted]


@pytest.mark.parametrize("words", ["%", "_", "100%", "\\", "' OR 1=1 --"])
async def test_signs_of_a_pattern_are_only_signs(database: Database, words: str) -> None:
    await case(database)
    assert await found(database, words=words) == []


async def test_pages_of_twenty_five_and_the_number_of_queries_stays_the_same(database: Database) -> None:
    asked: list[str] = []
    event.listen(database.engine.sync_engine, "before_cursor_execute", lambda *args: asked.append(args[2]))

    async def queries(**wanted: object) -> int:
        asked.clear()
        await worklist.listed(database, Wanted(**wanted), TODAY)  # type: ignore[arg-type]
        return len([one for one in asked if one.lstrip().upper().startswith("SELECT")])

    await case(database)
    few = await queries(), await queries(words="Ann Reed", due=Due.WEEK)
    for number in range(29):
        await case(database, next_due=TODAY + timedelta(days=number))
    first = await worklist.listed(database, Wanted(), TODAY)
    second = await worklist.listed(database, Wanted(page=2), TODAY)
    assert (first.count, len(first.rows), len(second.rows)) == (30, 25, 5)
    assert few == (await queries(), await queries(words="Ann Reed", due=Due.WEEK))


async def test_what_waits_for_staff_is_what_nobody_has_or_somebody_whose_account_is_closed(database: Database) -> None:
    at = {"must_act": "officer", "started": True}
    for name, active in (("Gone Away", False), ("Jo Ward", True), ("Twice Here", True), ("Twice Here", False)):
        number = len(await users.listed(database))
        made = await users.add(
            database, name=name, email=f"{number}@example.org", role=users.StaffRole.OFFICER, council="dover",
            hash="x", now=examples.NOW,
        )  # fmt: skip
        if not active:
            async with database.writing() as session:
                await session.exec(update(tables.User).where(tables.User.id == made.id).values(active=False))
    later = await case(database, **at, next_due=date(2026, 4, 20))  # Mon
    first = await case(database, **at, next_due=date(2026, 4, 1))  # Wed
    left = await case(database, **at, officer="Gone Away", next_due=date(2026, 4, 10))  # Fri
    other = await case(database, council="medway", **at, next_due=date(2026, 4, 2))  # Thu
    for officer in ("Jo Ward", "Twice Here", "Somebody from the command line"):
        await case(database, **at, officer=officer)
    await case(database, **at, stage=Stage.CLOSED.value)
    await case(database, **{**at, "must_act": "police"})
    await case(database, **{**at, "started": False})
    assert await worklist.waiting_for_staff(database, "dover") == [(first, ""), (left, "Gone Away"), (later, "")]
    assert (await worklist.waiting_for_staff(database, None))[1] == (other, "")
