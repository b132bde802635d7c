"""The figures of many cases on either database: dates ahead and missed, answers, refusals, appeals; by hand beside."""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta

import pytest
import pytest_asyncio
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, event, select, text

from domain import events as e
from domain.policy import Subject
from register import figures, migrations, tables, taking_in
from register.database import Database
from register.entries import record
from register.figures import Ahead, Answered, Appealed, Decided, FigureScope, KeptDates
from tests.register import examples
from tests.register.examples import Story

pytestmark = pytest.mark.long

FRIDAY = date(2026, 5, 15)
REFUSED = e.ThresholdDecided(
    met=False, decided_by="Jo Ward", approved_by="Lee Hart", persistence="Two.", harm="None.", adequacy="Good.",
    alternative_action="A visit.",
)  # fmt: skip


async def begun(database: Database, council: str = "dover", *, demo: bool = False, **changed: object) -> Story:
    """An application of Wednesday 1 April 2026, 10:30."""
    start = await taking_in.take_in(
        database, examples.form(**changed), examples.policy(council), examples.CALENDAR, by=examples.APPLICANT,
        now=examples.NOW, demo=demo,
    )  # fmt: skip
    return examples.Story(start)


async def kept(database: Database, story: Story) -> str:
    await record(database, story.turn())
    return story.start.reference


def asked(story: Story, agency: str = "police") -> Story:
    purpose = e.Purpose.VERIFICATION
    return story.happened(e.EnquirySent(enquiry=f"verification:{agency}", purpose=purpose, agency=agency))


def answered(story: Story, agency: str = "police") -> Story:
    by = e.Actor(role=e.Role.AGENCY, name=agency)
    return story.happened(e.EnquiryAnswered(enquiry=f"verification:{agency}", account="Yes."), by=by)


def on(story: Story, day: date) -> Story:
    """What happens next happens at nine on that day."""
    story.at = datetime.combine(day, story.at.timetz()).replace(hour=8, minute=0)
    return story


@pytest_asyncio.fixture
async def town(database: Database) -> AsyncIterator[Database]:
    """Two cases of Dover, one of Medway and a demonstration."""
    first = asked(await begun(database))  # Wed 1 Apr
    first.happened(e.Acknowledged()).letter("L-01")
    answered(on(first, date(2026, 4, 9)))  # Thu: 2, 7, 8, 9 April are four working days
    on(first, date(2026, 4, 10)).happened(REFUSED).letter("L-04")  # Fri
    on(first, date(2026, 4, 20)).happened(  # Mon
        e.AppealLodged(subject=Subject.THRESHOLD, grounds="Unheard.", consent_to_transfer=True), by=examples.APPLICANT
    )  # fmt: skip
    await kept(database, first)
    late = (examples.incident(date(2025, 8, 4)), examples.incident(date(2025, 8, 6)), examples.incident())
    second = asked(await begun(database, incidents=late))
    on(second, date(2026, 4, 15)).happened(REFUSED).letter("L-04")
    on(second, date(2026, 4, 16)).happened(
        e.AppealRefused(subject=Subject.OUTCOME, reasons="Too late.", decided_by="Pat Moss", on=date(2026, 4, 16)),
        by=examples.OFFICER,
    )  # fmt: skip
    await kept(database, second)
    await kept(database, asked(await begun(database, "medway")))
    await kept(database, asked(await begun(database, demo=True)))
    yield database


async def seen(database: Database, today: date = FRIDAY, council: str | None = None, *, demo: bool = False):  # type: ignore[no-untyped-def]
    return await figures.overview(database, FigureScope(council, today, demo))


async def test_how_long_agencies_took_in_working_days_and_who_has_not_answered(town: Database) -> None:
    found = await seen(town)
    assert sorted(found.answered, key=lambda one: (one.council, one.took or 0)) == [
        Answered("dover", "police", None, False, 1),
        Answered("dover", "police", 4, False, 1),
        Answered("medway", "police", None, False, 1),
    ]
    assert await seen(town, date(2027, 4, 2)) != found
    assert (await seen(town, date(2027, 4, 2))).answered == []


async def test_decisions_by_ground_and_appeals_by_what_became_of_them(town: Database) -> None:
    found = await seen(town)
    assert sorted(found.decided, key=lambda one: one.ground) == [
        Decided("dover", False, "old", 1),
        Decided("dover", False, "too_few", 1),
    ]
    assert found.appealed == [Appealed("dover", "threshold", "", 1)]
    assert found.turned_away == {"dover": 1}
    assert (await seen(town, date(2027, 4, 10))).decided == [Decided("dover", False, "old", 1)]


async def test_a_council_sees_its_own_and_demonstrations_stand_apart(town: Database) -> None:
    assert {one.council for one in (await seen(town, council="medway")).answered} == {"medway"}
    shown = await seen(town, demo=True)
    assert [(one.agency, one.number) for one in shown.answered] == [("police", 1)]
    assert sum((await seen(town)).stages.values()) == 3
    assert sum(shown.stages.values()) == 1


async def test_dates_ahead_are_those_still_to_be_done_by_day_and_kind(town: Database) -> None:
    today = date(2026, 4, 2)  # Thu
    medway = [one for one in (await seen(town, today, "medway")).ahead if one.step == "verification"]
    (reference,) = [one for one in await references(town) if one.startswith("MED")]
    async with town.session() as session:
        row = (
            await session.exec(select(tables.Deadline).where(tables.Deadline.reference == reference))  # type: ignore[call-overload]
        ).scalars().all()  # fmt: skip
    due = next(one.due for one in row if one.step == "verification")
    assert medway == [Ahead("medway", "verification", due, 1)]
    listed = await figures.due_cases(town, FigureScope(None, today), "verification", due, due)
    assert reference in [one.reference for one in listed]
    assert await figures.due_cases(town, FigureScope("dover", today), "verification", due, due) == [
        one for one in listed if one.council == "dover"
    ]
    assert await figures.due_cases(town, FigureScope(None, today, demo=True), "panel", date(2020, 1, 1), today) == []


async def references(database: Database) -> list[str]:
    async with database.session() as session:
        return list((await session.exec(text("SELECT reference FROM cases"))).scalars())  # type: ignore[call-overload]


async def test_what_is_past_its_day_is_missed_whether_or_not_anything_happened_since(town: Database) -> None:
    due = {one.due for one in (await seen(town, council="medway")).ahead if one.step == "verification"}
    (day,) = due
    before = [one for one in (await seen(town, day, "medway")).kept if one.step == "verification"]
    after = [one for one in (await seen(town, day + timedelta(days=1), "medway")).kept if one.step == "verification"]
    assert before == []
    assert after == [KeptDates("medway", "verification", 1, 0, 1, 1)]


async def test_a_date_kept_on_its_last_day_or_the_one_before_was_nearly_missed(database: Database) -> None:
    for days_before in (0, 1, 2):
        story = asked(await begun(database))
        await kept(database, story)
        async with database.session() as session:
            wanted = select(tables.Deadline.due).where(  # type: ignore[call-overload]
                tables.Deadline.reference == story.start.reference, tables.Deadline.step == "verification"
            )
            due = (await session.exec(wanted)).scalars().one()
        day = due
        for _ in range(days_before):
            day = max(one for one in (day - timedelta(n) for n in range(1, 6)) if examples.CALENDAR.is_working(one))
        answered(on(story, day))
        await kept(database, story)
    (found,) = [one for one in (await seen(database)).kept if one.step == "verification"]
    assert found == KeptDates("dover", "verification", 3, 2, 0, 0)


async def test_the_four_yearly_figures_are_events_with_their_days_and_leave_demonstrations_out(town: Database) -> None:
    held = await begun(town)
    story = examples.whole(held.start)
    await kept(town, story)
    found = await figures.yearly(town, "dover")
    assert found.applications == [date(2026, 4, 1)] * 3  # Wed
    assert sorted(found.not_met) == [date(2026, 4, 10), date(2026, 4, 15)]  # Fri, Wed
    assert found.reviews == found.recommendations == [date(2026, 4, 28)]  # Tue
    assert (await figures.yearly(town, "medway")).reviews == []


async def test_the_number_of_queries_does_not_depend_on_the_number_of_cases(database: Database) -> None:
    said: list[str] = []
    event.listen(database.engine.sync_engine, "before_cursor_execute", lambda *args: said.append(args[2]))

    async def queries() -> int:
        said.clear()
        await seen(database)
        return sum(one.lstrip().upper().startswith("SELECT") for one in said)

    none = await queries()
    for _ in range(3):
        await kept(database, answered(asked(await begun(database))))
    assert await queries() == none == 7


async def test_a_register_from_before_the_figures_is_filled_from_its_events(town: Database) -> None:
    names = ("deadlines", "decisions", "reviews", "enquiries")

    async def held() -> list[object]:
        async with town.session() as session:
            return [
                sorted(map(tuple, (await session.exec(text(f"SELECT * FROM {name}"))).all()), key=str)  # type: ignore[call-overload]
                for name in names
            ]

    await kept(town, examples.whole((await begun(town)).start))
    before = await held()
    async with town.writing() as session:
        connection = await session.connection()
        await connection.run_sync(_before_the_figures)
    await town.upgrade()
    assert await town.check() == ()
    assert [len(rows) for rows in await held()] == [len(rows) for rows in before]  # type: ignore[arg-type]
    assert _same(before, await held())


def _before_the_figures(connection: Connection) -> None:
    config = migrations.config(connection)
    revision = ScriptDirectory.from_config(config).get_revision("0009")
    assert revision
    command.downgrade(config, str(revision.down_revision))


def _same(one: list[object], other: list[object]) -> bool:
    """Equal but for the place of a column that was added at the end."""
    return [sorted(str(sorted(map(str, row))) for row in rows) for rows in one] == [  # type: ignore[attr-defined, call-overload]
        sorted(str(sorted(map(str, row))) for row in rows)
        for rows in other  # type: ignore[attr-defined, call-overload]
    ]
