"""One half of a case is lost, register or Temporal, and comes back from the other: no mix-up, no letter twice."""

import asyncio
import sqlite3
import uuid
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import WorkflowExecutionStatus
from temporalio.service import RPCError

import policies
import worker
from activities.beginning import BegunForAnother, start_case
from activities.mending import BY_ITSELF
from connection.settings import Settings
from domain import events as e
from domain.messages import Situation
from office import acting, correcting_contacts, taking_in, two_halves
from office.acting import Left
from office.connected import Office
from office.health_watch import COMPARED_EVERY, EVERY, Pulse
from office.two_halves import Comparison, Lag, NotRebuilt
from register import pending_acts, queries, tray
from register.database import Database
from register.letter_rows import LetterProgress
from starter.cli import run
from tests.register.fresh import with_tables
from tests.support import clock
from tests.workflows.life import OFFICER, Desk, Life, form
from tests.workflows.town import eventually, renumbered
from workflows.reconcile import TakeUpCases

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]


@dataclass
class Council:
    """A council with a register and a task queue of its own on the shared server."""

    desk: Desk
    file: Path

    @property
    def office(self) -> Office:
        return self.desk.office

    async def compared(self) -> Comparison:
        return await two_halves.compared(self.office)

    async def sweep(self) -> None:
        await self.office.client.execute_workflow(
            TakeUpCases.run, id=uuid.uuid4().hex, task_queue=self.office.settings.task_queue
        )

    def copied(self) -> Path:
        """The register as it is now, as a backup has it."""
        copy = self.file.with_name(f"{uuid.uuid4().hex}.db")
        with closing(sqlite3.connect(self.file)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        return copy

    async def restored(self, copy: Path) -> None:
        """The register is the copy again, under whatever runs."""
        await self.office.database.close()
        with closing(sqlite3.connect(copy)) as source, closing(sqlite3.connect(self.file)) as target:
            source.backup(target)

    async def forgotten(self, life: Life) -> None:
        """Temporal does not know the case any more."""
        client, execution = self.office.client, WorkflowExecution(workflow_id=life.reference)
        request = DeleteWorkflowExecutionRequest(namespace=client.namespace, workflow_execution=execution)
        await client.workflow_service.delete_workflow_execution(request)

        async def gone() -> bool:
            try:
                await self.office.handle(life.reference).describe()
            except RPCError:
                return not [one async for one in client.list_workflows(f"WorkflowId = '{life.reference}'")]
            return False

        await eventually(gone)

    async def events(self, life: Life) -> list[e.Event]:
        stored = await queries.case(self.office.database, life.reference)
        return list(stored.events) if stored else []

    async def rebuilt(self, life: Life) -> None:
        await two_halves.rebuilt(self.office, await two_halves.plan(self.office, life.reference))


@pytest_asyncio.fixture(loop_scope="session")
async def council(desk: Desk, tmp_path: Path) -> AsyncIterator[Council]:
    settings = desk.office.settings.model_copy(update={"home": tmp_path, "task_queue": uuid.uuid4().hex})
    async with Database(with_tables(settings.register_url)) as database:
        await renumbered(database)
        async with worker.running(desk.office.client, database, settings):
            yield Council(Desk(Office(settings, desk.office.client, database), desk.inbox), tmp_path / "register.db")


async def real(council: Council) -> Life:
    """A case that keeps real time."""
    office = council.office
    start = await taking_in.kept(office, form(), policies.load("dover"), by=OFFICER)
    await office.begin(start)
    life = Life(council.desk, start.reference, start.calendar)
    await life.settled()
    return life


def dates(situation: Situation) -> list[tuple[object, ...]]:
    return [(d.key, d.due, d.promised, d.state, d.working) for d in situation.deadlines]


async def test_where_both_halves_know_a_case_nothing_differs(council: Council) -> None:
    life = await real(council)
    await life.to_threshold()
    found = await council.compared()
    assert (found.open, found.shared, found.alike, found.another_server) == (1, 1, True, False)
    assert await two_halves.dead(council.office) == Comparison(open=1, shared=1)


# The register is older


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
    await eventually(lambda: _ended(council, closed))
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
    by_post = {"name": "Asha Example", "address": ["1 Castle Street", "Dover"], "prefers": "post"}
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


async def _ended(council: Council, life: Life) -> bool:
    described = await council.office.handle(life.reference).describe()
    return described.status is WorkflowExecutionStatus.COMPLETED


# Temporal has lost cases


async def test_a_lost_case_is_seen_and_said_within_a_minute(council: Council) -> None:
    await real(council)
    life = await real(council)
    pulse = Pulse(council.office)
    assert (await pulse.now()).cases is None
    await council.forgotten(life)
    assert COMPARED_EVERY + EVERY < 60
    beat = await Pulse(council.office).now()
    assert not beat.well
    assert beat.as_json()["cases"] == {
        "ok": False,
        "why": "1 of 2 open cases have no running workflow in Temporal, so nothing is done in them. "
        "Run casereview rebuild --all.",
    }
    assert life.reference not in str(beat.as_json())


async def test_the_command_says_what_differs_what_it_would_do_and_does_it(
    council: Council, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    other, life = await real(council), await real(council)
    settings = council.office.settings
    monkeypatch.setenv("CASEREVIEW_HOME", str(settings.home))
    monkeypatch.setenv("CASEREVIEW_KEYS", council.desk.office.settings.key_ring().to_json())
    monkeypatch.setenv("CASEREVIEW_TASK_QUEUE", settings.task_queue)
    monkeypatch.setenv("TEMPORAL_ADDRESS", council.office.client.service_client.config.target_host)

    async def said(*arguments: str) -> tuple[int, str]:
        code = await asyncio.to_thread(run, ["rebuild", *arguments])
        return code, " ".join(capsys.readouterr().out.split())

    assert await said() == (0, "Register and Temporal agree on every case; 2 are open.")
    assert await said("--all") == (0, "No case has lost a half: nothing is to be done.")
    await council.forgotten(life)
    assert f"{life.reference} Temporal does not know it" in (await said())[1]
    with pytest.raises(RuntimeError, match="1 of 2 open cases have no running workflow"):
        await worker.healthy(Settings.load())
    code, would = await said("--all", "--dry-run")
    assert (code, "would be" in would, "verifying reports" in would) == (0, True, True)
    assert life.reference in (await council.compared()).without_workflow
    assert (await said(life.reference.lower()))[0] == 0
    await worker.healthy(Settings.load())
    assert (await council.compared()).alike
    for reference in (life.reference, other.reference):
        code, refused = await said(reference)
        assert (code, "is in Temporal" in refused) == (2, True)
    assert (await said("DOV-1999-0001"))[0] == 2


async def test_a_lost_workflow_is_begun_again_at_its_stage_with_its_dates_and_no_letter_twice(
    council: Council,
) -> None:
    other, life = await real(council), await real(council)
    await life.to_threshold()
    before, mails = await life.settled(), len(life.mails())
    await council.forgotten(life)
    assert (await council.compared()).without_workflow == (life.reference,)
    await council.sweep()
    after = await life.settled()
    assert (after.stage, after.waiting, after.events, dates(after)) == (
        before.stage, before.waiting, before.events, dates(before),
    )  # fmt: skip
    await life.act(e.ThresholdDecided(met=True, decided_by=OFFICER.name), OFFICER)
    assert (await life.letters())["L-03"] == 1
    assert len(life.mails()) == mails + len(_since(await life.settled(), before))
    assert (await council.compared()).alike
    assert (await other.settled()).stage == "verifying reports"


def _since(now: Situation, before: Situation) -> list[e.Event]:
    return [event for event in now.events[len(before.events) :] if event.kind == "letter.posted"]


async def test_an_act_typed_again_after_a_rebuild_is_done_once(council: Council) -> None:
    await real(council)
    life = await real(council)
    note = e.NoteAdded(text="Rang the applicant.")
    await life.act(note, OFFICER, id="typed-once")
    await council.forgotten(life)
    await council.rebuilt(life)
    await life.act(note, OFFICER, id="typed-once")
    assert (await life.kinds()).count("note.added") == 1


async def test_what_is_done_to_a_lost_case_is_kept_and_done_once_it_runs(council: Council) -> None:
    await real(council)
    life = await real(council)
    await council.forgotten(life)
    outcome = await acting.act(council.office, life.reference, e.NoteAdded(text="Rang again."), OFFICER)
    assert isinstance(outcome, Left)
    assert "not in Temporal just now" in outcome.sentence
    await council.sweep()
    assert (await life.kinds()).count("note.added") == 1
    assert await pending_acts.of_case(council.office.database, life.reference) == []


async def test_a_workflow_that_runs_or_has_ended_is_never_begun_again(council: Council) -> None:
    life = await real(council)
    plan = await two_halves.plan(council.office, life.reference)
    with pytest.raises(NotRebuilt, match="is in Temporal"):
        await two_halves.rebuilt(council.office, plan)
    await life.act(e.Withdrawn(reason="It has stopped."))
    await eventually(lambda: _ended(council, life))
    with pytest.raises(NotRebuilt, match="is in Temporal"):
        await two_halves.rebuilt(council.office, plan)


async def test_two_who_rebuild_at_once_begin_one_workflow(council: Council) -> None:
    life = await real(council)
    before = await life.settled()
    await council.forgotten(life)
    plan = await two_halves.plan(council.office, life.reference)
    done = await asyncio.gather(*(two_halves.rebuilt(council.office, plan) for _ in range(4)), return_exceptions=True)
    assert sum(result is None for result in done) == 1
    assert {type(result) for result in done if result} == {NotRebuilt}
    assert (await life.settled()).events == before.events


async def test_a_workflow_that_was_ended_from_outside_is_said_and_begun_again_when_asked(council: Council) -> None:
    life = await real(council)
    await council.office.handle(life.reference).terminate("by mistake")
    assert (await council.compared()).stopped == (life.reference,)
    with pytest.raises(Exception, match="execution failed"):
        await council.sweep()
    await council.rebuilt(life)
    assert (await life.settled()).stage == "verifying reports"
    assert (await council.compared()).alike


async def test_where_temporal_knows_no_case_nothing_is_begun_before_somebody_says_so(council: Council) -> None:
    lives = [await real(council) for _ in range(2)]
    for life in lives:
        await council.forgotten(life)
    found = await council.compared()
    assert found.another_server
    with pytest.raises(Exception, match="execution failed"):
        await council.sweep()
    assert (await council.compared()).without_workflow == tuple(sorted(life.reference for life in lives))
    for life in lives:
        await council.rebuilt(life)
    assert (await council.compared()).alike


async def test_a_sweep_begins_no_more_than_a_few_again_by_itself(council: Council) -> None:
    await real(council)
    lives = [await real(council) for _ in range(BY_ITSELF + 1)]
    for life in lives:
        await council.forgotten(life)
    with pytest.raises(Exception, match="execution failed"):
        await council.sweep()
    assert len((await council.compared()).without_workflow) == BY_ITSELF + 1


@pytest.mark.usefixtures("real_time")
async def test_a_demonstration_case_goes_on_from_its_own_day(council: Council) -> None:
    await real(council)
    life = await Life.begin(council.desk)
    await life.to_threshold()
    await life.after(3)
    await life.act(e.NoteAdded(text="Three days later."), OFFICER)
    before, day = await life.settled(), await life.today()
    await council.forgotten(life)
    plan = await two_halves.plan(council.office, life.reference)
    assert plan.moved
    await two_halves.rebuilt(council.office, plan)
    after = await life.settled()
    assert await life.today() == day
    assert (after.stage, after.events, dates(after)) == (before.stage, before.events, dates(before))
    assert await life.after(2) == await life.today() > day
