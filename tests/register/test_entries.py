import asyncio
import multiprocessing
import random
from datetime import date, timedelta

import pytest
import pytest_asyncio
from sqlmodel import select

from domain import deadlines
from domain import events as e
from domain.calendar import ClosedDay
from domain.fold import fold
from domain.messages import LetterOrder, Numbered, Party, Recipient, Start, Turn
from register import entries, letter_rows, queries, tables, taking_in
from register.cases import UnknownCase
from register.database import Database
from register.queries import StoredCase
from tests.register import examples
from tests.register.examples import CALENDAR, NOW, OFFICER, policy


@pytest_asyncio.fixture
async def start(database: Database) -> Start:
    return await taking_in.take_in(database, examples.form(), policy(), CALENDAR, by=OFFICER, now=NOW)


async def stored(database: Database, start: Start) -> StoredCase:
    found = await queries.case(database, start.reference)
    assert found is not None
    return found


async def rows(database: Database, reference: str) -> list[list[dict[str, object]]]:
    """Every row that follows from a case's events."""
    kept = []
    async with database.session() as session:
        for table in (
            tables.Case, tables.Event, tables.Incident, tables.Enquiry, tables.Recommendation, tables.Appeal,
        ):  # fmt: skip
            found = await session.exec(select(table).where(table.reference == reference))
            kept.append(sorted((row.model_dump() for row in found), key=str))
    return kept


async def test_the_events_come_back_as_they_were(database: Database, start: Start) -> None:
    story = examples.whole(start)
    await entries.record(database, story.turn())
    found = await stored(database, start)
    assert found.numbered == tuple(story.numbered)
    assert found.upto(3) == tuple(one.event for one in story.numbered[:3])
    assert found.folded() == fold(policy(), CALENDAR, found.events)


async def test_the_case_row_says_where_the_case_stands(database: Database, start: Start) -> None:
    story = examples.opening(start)
    await entries.record(database, story.turn())
    planned = deadlines.plan(policy(), CALENDAR, [one.event for one in story.numbered], story.at)
    following = deadlines.next_due(planned)
    found = await stored(database, start)
    assert following is not None
    assert found.row.stage == "verifying reports"
    assert found.row.next_due == following.due
    assert (found.row.next_kind, found.row.next_title) == (following.step, following.title)
    assert found.row.waiting.startswith("waiting for ")
    assert found.row.must_act in {agency.id for agency in policy().agencies}
    assert found.deadlines == planned
    assert any(day.why == "Good Friday" or "Good Friday" in day.why for d in found.deadlines for day in d.working)


async def test_enquiries_recommendations_and_appeals_have_rows_of_their_own(database: Database, start: Start) -> None:
    await entries.record(database, examples.whole(start).turn())
    async with database.session() as session:
        enquiries = (await session.exec(select(tables.Enquiry))).all()
        recommendations = (await session.exec(select(tables.Recommendation))).all()
        (appeal,) = (await session.exec(select(tables.Appeal))).all()
        incidents = (await session.exec(select(tables.Incident.id))).all()
    assert {row.purpose for row in enquiries} == {"verification", "information"}
    assert all(row.answered_on for row in enquiries)
    assert [(row.id, row.response, row.open) for row in recommendations] == [
        ("R1", "accepted", True),
        ("R2", "accepted", True),
    ]
    assert (appeal.number, appeal.subject, appeal.told) == (1, "handling", False)
    assert sorted(incidents) == ["I1", "I2", "I3"]


async def test_recording_a_turn_twice_changes_nothing(database: Database, start: Start) -> None:
    turn = examples.whole(start).turn()
    await entries.record(database, turn)
    before = await rows(database, start.reference)
    await entries.record(database, turn)
    assert await rows(database, start.reference) == before


async def test_one_turn_at_a_time_ends_as_all_at_once(database: Database, start: Start) -> None:
    story = examples.whole(start)
    for turn in examples.turns(story):
        await entries.record(database, turn)
    one_by_one = await rows(database, start.reference)
    await entries.record(database, story.turn())
    assert await rows(database, start.reference) == one_by_one


async def test_a_turn_that_was_kept_before_the_process_died_is_kept_once(database: Database, start: Start) -> None:
    story = examples.opening(start)
    await entries.record(database, story.turn(1, 3))
    await entries.record(database, story.turn(1, 3))
    await entries.record(database, story.turn(2, 5))
    await entries.record(database, story.turn(6))
    assert (await stored(database, start)).numbered == tuple(story.numbered)


async def test_an_event_s_content_is_never_changed(database: Database, start: Start) -> None:
    story = examples.opening(start)
    await entries.record(database, story.turn())
    first = story.numbered[-1]
    other = first.event.model_copy(update={"what": e.NoteAdded(text="Something else."), "at": NOW})
    again = Turn(reference=start.reference, as_of=story.at, events=(Numbered(seq=first.seq + 4, event=other),))
    await entries.record(database, again)
    last = (await stored(database, start)).numbered[-1]
    assert last == Numbered(seq=first.seq + 4, event=first.event)


async def test_a_posted_letter_gets_its_place_from_the_next_turn(database: Database, start: Start) -> None:
    story = examples.opening(start)
    await entries.record(database, story.turn(1, 2))
    posted = story.numbered[2].event
    await entries.post(database, start.reference, [posted])
    await entries.post(database, start.reference, [posted])
    assert [one.seq for one in (await stored(database, start)).numbered] == [1, 2, 3]
    note = e.Event(id="note", at=posted.at + timedelta(minutes=1), by=OFFICER, what=e.NoteAdded(text="Rang."))
    turn = Turn(
        reference=start.reference,
        as_of=note.at,
        events=(Numbered(seq=3, event=note), Numbered(seq=4, event=posted)),
    )
    await entries.record(database, turn)
    assert [one.event.id for one in (await stored(database, start)).numbered] == ["e1", "e2", "note", "e3"]


async def test_a_posted_letter_moves_the_case_on(database: Database, start: Start) -> None:
    story = examples.opening(start)
    await entries.record(database, story.turn(1, 2))
    before = {deadline.key: deadline.state for deadline in (await stored(database, start)).deadlines}
    await entries.post(database, start.reference, [story.numbered[2].event])
    after = {deadline.key: deadline.state for deadline in (await stored(database, start)).deadlines}
    assert (before["acknowledgement"], after["acknowledgement"]) == ("open", "met")


async def test_an_older_turn_does_not_turn_the_time_back(database: Database, start: Start) -> None:
    story = examples.opening(start)
    much_later = story.turn().model_copy(update={"as_of": story.at + timedelta(days=60)})
    await entries.record(database, much_later)
    late = (await stored(database, start)).row
    assert late.breached
    await entries.record(database, story.turn())
    assert (await stored(database, start)).row == late


async def test_a_turn_without_events_still_looks_at_the_dates(database: Database, start: Start) -> None:
    story = examples.opening(start)
    await entries.record(database, story.turn())
    assert not (await stored(database, start)).row.breached
    later = Turn(reference=start.reference, as_of=story.at + timedelta(days=60))
    await entries.record(database, later)
    found = await stored(database, start)
    assert found.row.breached
    assert any(deadline.state is deadlines.State.OVERDUE for deadline in found.deadlines)


async def test_a_closed_case_has_nothing_due(database: Database, start: Start) -> None:
    story = examples.opening(start).happened(e.Withdrawn(reason="Moved away."), by=OFFICER)
    await entries.record(database, story.turn())
    row = (await stored(database, start)).row
    assert (row.stage, row.next_due, row.must_act) == ("withdrawn", None, "")
    assert row.closed_at == story.numbered[-1].event.at


async def test_a_changed_calendar_is_the_one_that_counts_and_the_first_one_stays(
    database: Database, start: Start
) -> None:
    declared = CALENDAR.with_holidays(ClosedDay(date=date(2026, 4, 8), name="Day of mourning"))  # Wed
    change = e.CalendarChanged(calendar=declared, reason="Declared on Thursday.")
    await entries.record(database, examples.opening(start).happened(change, by=OFFICER).turn())
    found = await stored(database, start)
    assert found.current_calendar == declared
    assert found.calendar == CALENDAR


async def test_past_the_known_holidays_the_events_are_kept_and_somebody_is_told(database: Database) -> None:
    short = CALENDAR.model_copy(update={"horizon": date(2026, 4, 9)})  # Thu
    start = await taking_in.take_in(database, examples.form(), policy(), short, by=OFFICER, now=NOW)
    story = examples.opening(start)
    await entries.record(database, story.turn())
    found = await stored(database, start)
    assert len(found.events) == len(story.numbered)
    assert found.row.must_act == "operations"
    assert "take a newer snapshot" in found.row.waiting


async def test_what_a_person_found_out_of_a_letter_reaches_its_row(database: Database, start: Start) -> None:
    story = examples.opening(start)
    story.letter("L-02", state=e.LetterState.UNCERTAIN)
    posted = story.numbered[-1].event.what
    assert isinstance(posted, e.LetterPosted)
    recipient = Recipient(party=Party.APPLICANT)
    order = LetterOrder(key=posted.key, letter="L-02", to=recipient, event=posted.event, upto=3)
    await letter_rows.reserve(database, start.reference, order, examples.DRAFT, now=NOW)
    story.happened(e.LetterSettled(key=posted.key, arrived=True, how="She rang to say so."), by=OFFICER)
    await entries.record(database, story.turn())
    letter = await queries.letter(database, posted.key)
    assert letter is not None
    assert letter.arrived is True


async def test_two_writers_at_once_lose_nothing(database: Database, url: str, start: Start) -> None:
    story = examples.whole(start)
    first = story.turn(1, 1)
    await entries.record(database, first)
    notes = [
        Numbered(
            seq=number,
            event=e.Event(id=f"n{number}", at=story.at, by=OFFICER, what=e.NoteAdded(text=f"Note {number}.")),
        )
        for number in range(2, 32)
    ]
    turns = [Turn(reference=start.reference, as_of=story.at, events=(note,)) for note in notes]
    random.Random(7).shuffle(turns)
    async with Database(url) as other:
        await asyncio.gather(
            *(entries.record(one, turn) for n, turn in enumerate(turns) for one in [(database, other)[n % 2]])
        )
    assert (await stored(database, start)).numbered == (*first.events, *notes)


def _record(url: str, turns: list[Turn]) -> None:
    async def run() -> None:
        async with Database(url) as database:
            for turn in turns:
                await entries.record(database, turn)

    asyncio.run(run())


@pytest.mark.long
async def test_two_processes_that_record_the_same_turns_leave_one_record(
    database: Database, url: str, start: Start
) -> None:
    story = examples.whole(start)
    turns = list(examples.turns(story))
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_record, args=(url, turns)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        await asyncio.to_thread(process.join, 60)
    assert [process.exitcode for process in processes] == [0, 0]
    assert (await stored(database, start)).numbered == tuple(story.numbered)


async def test_an_unknown_case_is_refused_and_nothing_is_kept(database: Database, start: Start) -> None:
    turn = examples.opening(start).turn().model_copy(update={"reference": "DOV-2026-0404"})
    with pytest.raises(UnknownCase, match="check the reference"):
        await entries.record(database, turn)
    async with database.session() as session:
        assert (await session.exec(select(tables.Event))).all() == []
