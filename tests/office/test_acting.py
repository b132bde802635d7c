"""An act that nobody answers is left, once, and done as soon as a worker runs; what is refused then is told."""

import asyncio
import json
import uuid
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.worker import Worker

import policies
import worker
from activities.pending_acts import take_up
from connection.client import connect
from connection.server import LocalServer
from connection.settings import Settings
from domain import events as e
from office import acting, taking_in
from office.acting import Done, Left, NotAllowed, Over
from office.connected import Office
from register import pending_acts, queries
from register.database import Database
from starter.cli import run
from starter.inbox import Inbox
from tests.register.fresh import with_tables
from tests.workflows.life import OFFICER, Desk, Life, form
from workflows.attributes import registration
from workflows.reconcile import TakeUpCases

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]

NOTE = e.NoteAdded(text="The applicant rang.")
DOWN = "no worker answers"


@dataclass
class Hall:
    """A council on a server of its own, whose worker comes and goes."""

    desk: Desk
    life: Life

    @property
    def office(self) -> Office:
        return self.desk.office

    def working(self) -> AbstractAsyncContextManager[Worker]:
        return worker.running(self.office.client, self.office.database, self.office.settings)

    async def sweep(self) -> None:
        queue = self.office.settings.task_queue
        await self.office.client.execute_workflow(TakeUpCases.run, id=uuid.uuid4().hex, task_queue=queue)

    async def left(self) -> list[pending_acts.PendingAct]:
        return await pending_acts.of_case(self.office.database, self.life.reference)

    async def kinds(self) -> Counter[str]:
        case = await queries.case(self.office.database, self.life.reference)
        assert case is not None
        return Counter(event.kind for event in case.events)


@pytest_asyncio.fixture(loop_scope="session")
async def hall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Hall]:
    async with (
        LocalServer.of(Settings(home=tmp_path, temporal_port=0, ui_port=0), registration(), headless=True) as server,
        Inbox(tmp_path / "mail", 0, 0) as inbox,
    ):
        host, port = inbox.smtp_address
        settings = Settings(home=tmp_path, smtp_host=host, smtp_port=port)
        settings.key_ring().make()
        client = await connect(settings, address=server.address)
        monkeypatch.setenv("CASEREVIEW_HOME", str(tmp_path))
        monkeypatch.setenv("TEMPORAL_ADDRESS", server.address)
        async with Database(with_tables(settings.register_url)) as database:
            desk = Desk(Office(settings, client, database), inbox)
            async with worker.running(client, database, settings):
                life = await Life.begin(desk)
            yield Hall(desk, life)


async def test_left_acts_are_done_once_in_their_order_and_a_refusal_is_kept_until_it_is_seen(hall: Hall) -> None:
    office, reference, database = hall.office, hall.life.reference, hall.office.database
    until = await hall.life.today() + timedelta(days=30)
    hold = e.HoldStarted(until=until, reason="In hospital.", at_victims_request=True)
    other = e.Actor(role=e.Role.OFFICER, name="Robin Second")
    first = await acting.act(office, reference, NOTE, OFFICER, down=DOWN)
    assert isinstance(first, Left)
    assert first.sentence.startswith("This is left and kept: no worker answers. It will be taken up, once")
    again = await acting.act(office, reference, NOTE, OFFICER, down=DOWN)
    assert isinstance(again, Left)
    assert (again.id, again.before) == (first.id, True)
    assert again.sentence.startswith("This was left already")
    for what, by in ((hold, OFFICER), (hold, other), (NOTE, other)):
        assert isinstance(await acting.act(office, reference, what, by, down=DOWN), Left)
    early = await acting.act(office, reference, e.OutcomeDecided(reasons="Too early."), OFFICER, down=DOWN)
    assert isinstance(early, NotAllowed)
    assert [one.what.act for one in await hall.left()] == ["add-note", "hold", "hold", "add-note"]

    async with hall.working():
        await hall.sweep()
        events = (await hall.life.settled()).events
        ours = [event.kind for event in events if event.kind in ("note.added", "hold.started")]
        assert ours == ["note.added", "hold.started", "note.added"]
        (refused,) = await hall.left()
        assert (refused.what, refused.by) == (hold, other)
        assert "hold" in refused.refused
        assert await take_up(office.client, database) == 0
        both = [await acting.act(office, reference, NOTE, OFFICER) for _ in range(2)]
        assert [type(one) for one in both] == [Done, Done]
        await hall.life.settled()
        assert (await hall.kinds())["note.added"] == 4
    await pending_acts.seen(database, reference, refused.id)
    assert await hall.left() == []


async def test_a_command_retyped_while_no_worker_runs_is_one_act_and_says_first_that_it_is_left(
    hall: Hall, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = hall.life.reference
    note = ("add-note", reference, "--text", "He rang.", "--by", "Jo Ward")

    async def typed(*words: str) -> str:
        code = await asyncio.to_thread(run, words)
        told = capsys.readouterr()
        assert (code, told.err) == (0, "")
        return " ".join(told.out.split())

    first, second = await typed(*note), json.loads(await typed(*note, "--json"))
    assert first.startswith("This is left and kept: no worker answers, though one asked for work less than two minutes")
    assert (second["taken"], second["event"]) == (None, "")
    assert second["sentence"].startswith("This was left already and still waits: no worker answers, though")
    shown = await typed("show", reference)
    assert "Left while no worker answered" in shown
    assert "waits to be taken up" in shown
    assert [one["id"] for one in json.loads(await typed("show", reference, "--json"))["left"]] == [second["id"]]

    async with hall.working():
        await hall.sweep()
        await hall.life.settled()
        assert (await hall.kinds())["note.added"] == 1
        for _ in range(2):
            assert f"add-note is recorded in {reference}." in await typed(*note)
        await hall.life.settled()
        assert (await hall.kinds())["note.added"] == 3
    assert await hall.left() == []


async def test_word_left_twice_while_no_worker_runs_is_one_and_an_ended_case_refuses_none_of_it(hall: Hall) -> None:
    office, reference = hall.office, hall.life.reference
    by, leave = e.Actor(role=e.Role.APPLICANT), e.Withdrawn(reason="I have moved.")
    ids = {(await acting.leave_word(office, reference, leave, by)).id for _ in range(2)}  # type: ignore[union-attr]
    assert len(ids) == 1
    async with hall.working():
        await office.handle(reference).result()
        await hall.sweep()
        assert await hall.left() == []
        assert (await hall.kinds())["application.withdrawn"] == 1
        late = await acting.act(office, reference, e.HoldEnded(), OFFICER)
        assert late == Over(f"{reference} is closed; nothing more can be done to it.")


async def test_a_register_that_cannot_keep_an_act_does_not_turn_it_away(hall: Hall) -> None:
    office, reference, note = hall.office, hall.life.reference, NOTE
    async with Database("sqlite:////proc/nowhere/register.db") as nowhere, hall.working():
        assert isinstance(await acting.act(replace(office, database=nowhere), reference, note, OFFICER, id="one"), Done)
        assert isinstance(await acting.act(office, reference, note, OFFICER, id="one"), Done)
        await hall.life.settled()
        assert (await hall.kinds())["note.added"] == 1


async def test_an_act_on_a_case_that_has_not_begun_waits_for_its_beginning(hall: Hall) -> None:
    office = hall.office
    start = await taking_in.kept(office, form(), policies.load("dover"), by=OFFICER, demo=True)
    left = await acting.act(office, start.reference, NOTE, OFFICER)
    assert isinstance(left, Left)
    assert left.sentence.startswith("This is left and kept: its case has not begun yet.")
    async with hall.working():
        assert await take_up(office.client, office.database) == 0
        await office.begin(start)
        assert await take_up(office.client, office.database) == 1
        assert (await Life(hall.desk, start.reference, start.calendar).kinds()).count("note.added") == 1
    nobody = await acting.act(office, "DOV-1999-0001", NOTE, OFFICER)
    assert nobody == Over("There is no running case DOV-1999-0001. `casereview cases` lists them.")


async def test_a_case_that_does_not_answer_holds_up_none_of_the_others(hall: Hall) -> None:
    office, reference = hall.office, hall.life.reference
    waits = await taking_in.kept(office, form(), policies.load("dover"), by=OFFICER, demo=True)
    for case in (waits.reference, reference):
        for text in ("First.", "Second."):
            assert isinstance(await acting.act(office, case, e.NoteAdded(text=text), OFFICER, down=DOWN), Left)
    async with hall.working():
        assert await take_up(office.client, office.database) == 2
    assert await hall.left() == []
    left = await pending_acts.of_case(office.database, waits.reference)
    assert [one.what for one in left] == [e.NoteAdded(text="First."), e.NoteAdded(text="Second.")]
