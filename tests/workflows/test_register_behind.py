"""A register that is older than Temporal, or gone, is told what it lacks: no case mixed up, no letter twice."""

import sqlite3
import uuid
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.client import Client

import policies
from activities.beginning import BegunForAnother, start_case
from domain import events as e
from office import acting, correcting_contacts, taking_in, two_halves
from office.two_halves import Comparison, Lag
from register import queries, tray
from register.letter_rows import LetterProgress
from tests.support import clock
from tests.workflows.halves import Council, council_in, real
from tests.workflows.life import OFFICER, Desk, Life, form
from tests.workflows.town import eventually

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def council(desk: Desk, tmp_path: Path) -> AsyncIterator[Council]:
    async with council_in(desk, tmp_path) as council:
        yield council


async def test_where_both_halves_know_a_case_nothing_differs(council: Council) -> None:
    life = await real(council)
    await life.to_threshold()
    found = await council.compared()
    assert (found.open, found.shared, found.alike, found.another_server) == (1, 1, True, False)
    assert await two_halves.dead(council.office) == Comparison(open=1, shared=1)


async def test_a_register_brought_back_from_a_backup_gives_no_reference_twice(council: Council) -> None:
    before = council.copied()
    first = await real(council)
    await council.restored(before)
    second = await real(council)
    assert first.reference != second.reference
    assert (await first.situation()).events[0].what != (await second.situation()).events[0].what
    await council.sweep()
    assert (await council.compared()).alike
    assert {one.reference for one in await queries.cases(council.office.database, today=clock.today())} == {
        first.reference, second.reference,
    }  # fmt: skip


async def test_no_case_is_begun_over_another_persons(council: Council) -> None:
    before = council.copied()
    first = await real(council)
    known = await council.events(first)
    await council.restored(before)
    office = council.office
    start = await taking_in.kept(office, form(impact="Another person."), policies.load("dover"), by=OFFICER)
    stolen = start.model_copy(update={"reference": first.reference})
    with pytest.raises(BegunForAnother, match="another person's case"):
        await start_case(office.client, stolen, office.settings.task_queue)
    assert (await first.settled()).events == tuple(known)


async def test_the_workflow_tells_the_register_what_it_lacks(council: Council) -> None:
    life = await real(council)
    before = council.copied()
    await life.to_threshold()
    await life.act(e.ThresholdDecided(met=True, decided_by=OFFICER.name), OFFICER)
    known, mails = (await life.settled()).events, len(life.mails())
    await council.restored(before)
    lacks = len(known) - len(await council.events(life))
    assert lacks > 0
    assert (await council.compared()).behind == (Lag(life.reference, lacks),)
    await council.sweep()
    await council.sweep()
    assert (await life.settled()).events[: len(known)] == known
    assert tuple(await council.events(life)) == (await life.settled()).events
    assert len(life.mails()) == mails
    note = await life.event("note.added")
    assert isinstance(note.what, e.NoteAdded)
    assert "L-03 to applicant" in note.what.text
    rows = await queries.letters(council.office.database, life.reference)
    assert len({row.key for row in rows}) == len(rows) == mails
    assert {row.state for row in rows} == {LetterProgress.ACCEPTED}
    assert (await council.compared()).alike


async def test_a_letter_that_was_on_its_way_when_the_backup_was_made_is_known_to_have_gone(council: Council) -> None:
    life = await real(council)
    mails, copy = len(life.mails()), council.copied()
    with closing(sqlite3.connect(copy)) as register, register:
        register.execute("UPDATE letters SET state = 'handing_over' WHERE kind = 'L-01'")
        register.execute("DELETE FROM events WHERE id LIKE '%/L-01/applicant=accepted'")
    await council.restored(copy)
    await council.sweep()
    rows = await queries.letters(council.office.database, life.reference)
    assert {row.state for row in rows} == {LetterProgress.ACCEPTED}
    assert "We have your application" in next(row.text for row in rows if row.kind == "L-01")
    assert len(life.mails()) == mails
    assert "note.added" not in await life.kinds()


async def test_no_letter_is_written_from_half_a_case(council: Council) -> None:
    """Somebody acts before any sweep has looked: the register is whole before the letter is written."""
    life = await real(council)
    before = council.copied()
    await life.to_threshold()
    await council.restored(before)
    await life.act(e.ThresholdDecided(met=True, decided_by=OFFICER.name), OFFICER)
    assert tuple(await council.events(life))[: len((await life.settled()).events)] == (await life.settled()).events
    assert (await life.letters())["L-03"] == 1


async def test_a_register_that_is_gone_has_every_case_again(council: Council) -> None:
    empty = council.copied()
    opened, closed = await real(council), await real(council)
    await opened.to_threshold()
    await closed.act(e.Withdrawn(reason="It has stopped."))
    ended = await closed.situation()
    assert ended.stage == "withdrawn"
    await eventually(lambda: council.has_ended(closed))
    await council.restored(empty)
    found = await council.compared()
    assert {lag.reference for lag in found.without_case} == {opened.reference, closed.reference}
    await council.sweep()
    assert tuple(await council.events(closed)) == (await closed.situation()).events
    stored = await queries.case(council.office.database, opened.reference)
    assert stored is not None
    assert stored.row.stage == "deciding the threshold"
    assert stored.row.started
    assert "names and addresses" in (await opened.event("note.added")).what.text  # type: ignore[union-attr]
    assert stored.readers[stored.start.application.applicant].ways == ()
    third = await real(council)
    assert third.reference > max(opened.reference, closed.reference)


async def test_a_letter_that_lay_in_the_tray_is_a_persons_to_settle_and_then_written_anew(council: Council) -> None:
    by_post = {"name": "Asha Example", "address": ["1 Castle Street", "Dover CT16 1AA"], "prefers": "post"}
    office = council.office
    empty = council.copied()
    start = await taking_in.kept(office, form(applicant=by_post), policies.load("dover"), by=OFFICER)
    await office.begin(start)
    life = Life(council.desk, start.reference, start.calendar)
    await life.settled()
    (before,) = await tray.waiting(office.database)
    await council.restored(empty)
    await council.sweep()
    assert await tray.waiting(office.database) == ()
    row = await queries.letter(office.database, before.key)
    assert row is not None
    assert (row.state, row.kind, row.message_id) == (LetterProgress.UNCERTAIN, "L-01", before.message_id)
    stored = await queries.case(office.database, life.reference)
    assert stored is not None
    person = stored.start.application.applicant
    details = correcting_contacts.merged(stored, person, by_post)
    what = correcting_contacts.correction(stored, person, details, "She rang us.")
    await acting.act(office, life.reference, what, OFFICER, details=details)
    await life.act(e.LetterSettled(key=before.key, arrived=False, how="It lay in the printer."))
    (again,) = await tray.waiting(office.database)
    assert (again.to_name, again.subject, again.address) == (before.to_name, before.subject, before.address)


@pytest.mark.parametrize("args", [[], [{"reference": "DOV-2026-9999"}]])
@pytest.mark.parametrize("delay", [timedelta(), timedelta(days=30)])
async def test_a_workflow_that_a_stranger_began_holds_up_no_sweep_and_is_no_case(
    council: Council, args: list[object], delay: timedelta
) -> None:
    life = await real(council)
    before = council.copied()
    await life.to_threshold()
    await life.settled()
    known = (await life.settled()).events
    await council.restored(before)
    stranger = await Client.connect(council.office.client.service_client.config.target_host)
    begun = await stranger.start_workflow(
        "CaseReview", args=args, id=f"DOV-2026-{uuid.uuid4().hex[:8]}", task_queue=council.office.settings.task_queue,
        start_delay=delay or None,
    )  # fmt: skip

    async def listed() -> bool:
        return begun.id in (await council.compared()).strangers

    await eventually(listed)
    await council.sweep()
    assert len(await council.events(life)) == len(known)
    found = await council.compared()
    assert (found.alike, found.strangers) == (True, (begun.id,))
    if delay:
        await begun.terminate()


async def test_an_application_whose_reference_a_stranger_took_holds_up_none_of_the_others(council: Council) -> None:
    office, queue = council.office, council.office.settings.task_queue
    taken, waiting = [
        await taking_in.kept(office, form(impact=f"Number {number}."), policies.load("dover"), by=OFFICER)
        for number in range(2)
    ]
    stranger = await Client.connect(office.client.service_client.config.target_host)
    await stranger.start_workflow("CaseReview", {"reference": taken.reference}, id=taken.reference, task_queue=queue)
    with pytest.raises(BegunForAnother, match="begun without the keys of this service"):
        await start_case(office.client, taken, queue)
    await start_case(office.client, waiting, queue)
    assert taken.reference in (await council.compared()).anothers
