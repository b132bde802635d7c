"""What stands still is found and told: cases whose turn fails, cases no worker can carry on, letters, and the rest."""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text

import worker
from activities import comparing
from activities.comparing import Comparison, Lag
from activities.taking_up import keep_sweeping
from connection.client import connect
from connection.keys import KeyRing
from connection.logs import AsJson, ForPeople
from connection.server import LocalServer
from connection.settings import Settings
from domain import events as e
from letters.sources import TEMPLATES
from office import acting
from office.acting import Left
from office.connected import NoAnswer, Office
from office.health_watch import Pulse
from office.operations import lookout as lookout_module
from office.operations.finding import Finding, Kind
from office.operations.lookout import Look, Lookout
from register import entries, halves
from register.database import Database
from starter.inbox import Inbox
from tests.register.fresh import with_tables
from tests.workflows.life import OFFICER, Desk, Life
from tests.workflows.town import eventually
from workflows import clerk
from workflows.attributes import registration
from workflows.file import CaseFile

pytestmark = [pytest.mark.temporal, pytest.mark.long, pytest.mark.asyncio(loop_scope="session")]
NOTE = e.NoteAdded(text="The banging at Quarry Lane goes on.")
PERSONAL = ("Asha", "Quarry Lane", "banging", "example.org", "Sam Officer")


@dataclass
class Hall:
    """An installation of one test's own, its worker not running unless the test has it run."""

    desk: Desk

    @property
    def office(self) -> Office:
        return self.desk.office

    async def looked(self) -> Look:
        return await Lookout(self.office).now()

    async def found(self, kind: Kind, reference: str = "") -> list[Finding]:
        findings = (await self.looked()).findings
        return [one for one in findings if one.kind is kind and reference in ("", one.reference)]

    async def listed(self, query: str) -> set[str]:
        return {one.id async for one in self.office.client.list_workflows(query)}

    async def do(self, *statements: str) -> None:
        async with self.office.database.writing() as session:
            connection = await session.connection()
            for statement in statements:
                await connection.execute(text(statement))

    def working(self, office: Office | None = None):  # type: ignore[no-untyped-def]
        at = office or self.office
        return worker.running(at.client, at.database, at.settings)


@pytest_asyncio.fixture(loop_scope="session")
async def hall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Hall]:
    monkeypatch.setattr(clerk, "STUCK_AFTER", timedelta(seconds=2))
    monkeypatch.setenv("CASEREVIEW_HOME", str(tmp_path))
    async with (
        LocalServer.of(Settings(home=tmp_path, temporal_port=0, ui_port=0), registration(), headless=True) as server,
        Inbox(tmp_path / "mail", 0, 0) as inbox,
    ):
        host, port = inbox.smtp_address
        settings = Settings(home=tmp_path, smtp_host=host, smtp_port=port)
        settings.key_ring().make()
        monkeypatch.setenv("TEMPORAL_ADDRESS", server.address)
        client = await connect(settings, address=server.address)
        async with Database(with_tables(settings.register_url)) as database:
            yield Hall(Desk(Office(settings, client, database), inbox))


async def test_a_turn_that_fails_is_listed_told_with_its_step_and_gone_once_it_goes_through(hall: Hall) -> None:
    async with hall.working():
        life, other = await Life.begin(hall.desk), await Life.begin(hall.desk)
        assert await hall.found(Kind.TURN_FAILS) == []
        await hall.do(
            "CREATE TRIGGER refuses BEFORE INSERT ON events "
            f"WHEN NEW.reference = '{life.reference}' BEGIN SELECT RAISE(ABORT, 'no room'); END"
        )
        for case in (life, other):
            acting.certain(await acting.act(hall.office, case.reference, NOTE, OFFICER))

        async def tried() -> bool:
            return bool(await hall.found(Kind.TURN_FAILS)) and bool(await hall.listed("Stuck = true"))

        await eventually(tried)
        assert await hall.listed("Stuck = true") == {life.reference}
        [found] = await hall.found(Kind.TURN_FAILS)
        assert (found.reference, found.council) == (life.reference, "dover")
        assert found.since is not None
        assert found.words.startswith("Keeping what happened (letter posted, note added). Tried ")
        assert found.words.endswith("times. The register could not be used: check its disk and its database.")
        assert not [word for word in PERSONAL if word in found.words]
        await hall.do("DROP TRIGGER refuses")
        await life.settled()
        await eventually(lambda: _nothing(hall, "Stuck = true"))
        assert await hall.found(Kind.TURN_FAILS) == []


async def _nothing(hall: Hall, query: str) -> bool:
    return not await hall.listed(query)


async def test_a_letter_whose_template_is_broken_is_told_though_no_row_of_it_is_anywhere(
    hall: Hall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Path(shutil.copytree(TEMPLATES, tmp_path / "templates"))
    source = broken / "letters" / "L-01.md.j2"
    source.write_text(
        source.read_text("utf-8").replace("{% block body %}", "{% block body %}{{ nobody.knows }}"), "utf-8"
    )
    monkeypatch.setattr(worker, "TEMPLATES", broken)
    async with hall.working():
        life = await Life.begin(hall.desk)
        [found] = await hall.found(Kind.LETTER_UNWRITTEN)
        assert (found.reference, found.council) == (life.reference, "dover")
        assert found.words.startswith("L-01, ")
        assert found.since is not None
        assert await hall.found(Kind.LETTER_WAITS) == []


async def test_letters_that_a_mail_server_does_not_take_are_told_together_with_its_reason(hall: Hall) -> None:
    host, _ = hall.desk.inbox.smtp_address
    settings = hall.office.settings.model_copy(update={"smtp_host": host, "smtp_port": 1})
    deaf = Office(settings, hall.office.client, hall.office.database)
    async with hall.working(deaf):
        await Life.begin(hall.desk)
        [found] = await hall.found(Kind.LETTER_WAITS)
        assert found.number > 1
        server = f"The mail server {host}:1 cannot be reached"
        assert found.words.startswith(f"{found.number} letters by e-mail. {server}")


async def test_who_does_not_answer_and_why_is_said_in_a_sentence_for_each_reason(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = hall.office
    async with hall.working():
        coded, keyed = await Life.begin(hall.desk), await Life.begin(hall.desk)
    address = office.client.service_client.config.target_host
    stranger = await connect(office.settings, ring=KeyRing.fresh(), address=address)
    async with hall.working(Office(office.settings, stranger, office.database)):
        with pytest.raises(NoAnswer, match="did not answer"):
            await office.situation(keyed.reference)
        left = await acting.act(office, keyed.reference, NOTE, OFFICER)
        assert isinstance(left, Left)
        wrong = "he worker’s key ring, or its release, is not the one that the case has lived with"
        sentence = f"a worker runs, but the case fails in it: t{wrong}"
        assert left.sentence.startswith(f"This is left and kept: {sentence}.")
        with pytest.raises(NoAnswer, match=f"{sentence}. Your team can see with casereview keys check"):
            await office.situation(keyed.reference)
        await eventually(lambda: _told(hall, Kind.CASE_HALTED, keyed.reference))
        [found] = await hall.found(Kind.CASE_HALTED)
        assert found.words.endswith(f"T{wrong}.")
        beat = await Pulse(office).now()
        assert beat.worker == f"{sentence}, so what is done now is kept and taken up later"
        assert beat.remedy.startswith("Your team can see with casereview keys check")

    def fails(self: CaseFile, now: object) -> None:
        raise TypeError("Asha Example of Quarry Lane")

    with monkeypatch.context() as code:
        code.setattr(CaseFile, "replan", fails)
        async with hall.working():
            left = await acting.act(office, coded.reference, NOTE, OFFICER)
            assert isinstance(left, Left)
            assert "a worker runs, but the case fails in it: an error that nobody foresaw" in left.sentence
            await eventually(lambda: _told(hall, Kind.CASE_HALTED, coded.reference))
            [found] = await hall.found(Kind.CASE_HALTED, coded.reference)
            assert "(TypeError)" in found.words
            assert not [word for word in PERSONAL if word in found.words]
    empty = Office(office.settings.model_copy(update={"task_queue": "nobody-asks"}), office.client, office.database)
    [found] = [one for one in (await Lookout(empty).now()).findings if one.kind is Kind.NO_WORKER]
    assert "the queue nobody-asks" in found.words
    assert (await empty.why_silent(coded.reference)).words == "no worker asks for work"


async def test_the_logs_of_a_case_that_lives_and_breaks_say_which_and_nothing_that_anybody_wrote(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.extend((AsJson().format(record), ForPeople().format(record)))

    async def breaks(*arguments: object, **more: object) -> None:
        raise ValueError("Asha Example of Quarry Lane, asha@example.org")

    kept, root = Kept(), logging.getLogger()
    before = root.level
    root.addHandler(kept)
    root.setLevel(logging.INFO)
    try:
        async with hall.working():
            life = await Life.begin(hall.desk)
            with monkeypatch.context() as register:
                register.setattr(entries, "record", breaks)
                acting.certain(await acting.act(hall.office, life.reference, NOTE, OFFICER))
                await eventually(lambda: _told(hall, Kind.TURN_FAILS, life.reference))
                [found] = await hall.found(Kind.TURN_FAILS, life.reference)
            await life.settled()
    finally:
        root.removeHandler(kept)
        root.setLevel(before)
    assert "An error that nobody foresaw in the turn (ValueError)" in found.words
    whole = [json.loads(line) for line in lines[::2]]
    assert {"case", "act", "event"} <= set().union(*whole)
    assert [one for one in whole if one.get("act") == "add-note" and one.get("case") == life.reference]
    assert [one for one in whole if "ValueError" in one.get("error", "")]
    assert not [line for line in lines if any(word in line for word in PERSONAL)]


async def _told(hall: Hall, kind: Kind, reference: str) -> bool:
    return bool(await hall.found(kind, reference))


async def test_what_cannot_be_asked_holds_up_nothing_else(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(ground: object) -> list[Finding]:
        await asyncio.sleep(60)
        return []

    monkeypatch.setattr(lookout_module, "PATIENCE", 0.5)
    monkeypatch.setattr(lookout_module, "ASK_REGISTER", lookout_module.ASK_REGISTER | {"the moon": never})
    async with asyncio.timeout(8):
        look = await hall.looked()
    told = [one.words for one in look.findings if one.kind is Kind.NOT_LOOKED]
    assert told == ["There was no answer in time about the moon."]
    assert [one.kind for one in look.findings if one.kind is Kind.SWEEP_LATE] == [Kind.SWEEP_LATE]


async def test_a_sweep_that_is_set_and_runs_is_no_finding(hall: Hall, real_time: None) -> None:
    assert [one.words for one in await hall.found(Kind.SWEEP_LATE)] == [
        "Its schedule, take-up-cases, is not there: no worker has set it."
    ]
    async with hall.working():
        await keep_sweeping(hall.office.client, hall.office.settings.task_queue)
        await eventually(lambda: _no_finding(hall, Kind.SWEEP_LATE))
    await hall.office.client.get_schedule_handle("take-up-cases").pause()
    assert [one.words for one in await hall.found(Kind.SWEEP_LATE)] == ["Its schedule, take-up-cases, is paused."]


async def _no_finding(hall: Hall, kind: Kind) -> bool:
    return not await hall.found(kind)


async def test_temporal_or_a_register_that_is_down_is_one_finding_among_those_that_can_be_had(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, temporal_port=1)
    async with Database(with_tables(settings.register_url)) as database:
        client = await connect(settings, address="127.0.0.1:1", lazy=True)
        kinds = [one.kind for one in (await Lookout(Office(settings, client, database)).now()).findings]
        assert kinds == [Kind.TEMPORAL_DOWN]
    nowhere = Settings(home=tmp_path, database_url="postgresql://nobody@127.0.0.1:1/nothing")
    async with Database(nowhere.register_url) as database:
        kinds = [one.kind for one in (await Lookout(Office(nowhere, client, database)).now()).findings]
        assert kinds == [Kind.REGISTER_DOWN, Kind.TEMPORAL_DOWN]


async def test_a_register_that_can_be_read_and_not_written_is_one_finding_and_the_rest_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(home=tmp_path, temporal_port=1)
    monkeypatch.setattr(lookout_module, "ASK_REGISTER", {"the moon": _seen})
    async with Database(with_tables(settings.register_url)) as database:
        client = await connect(settings, address="127.0.0.1:1", lazy=True)
        async with database.writing() as session:
            await (await session.connection()).execute(
                text("CREATE TRIGGER full BEFORE INSERT ON write_checks BEGIN SELECT RAISE(ABORT, 'no room'); END")
            )
        told = (await Lookout(Office(settings, client, database)).now()).findings
    assert [one.kind for one in told] == [Kind.REGISTER_DOWN, Kind.TEMPORAL_DOWN, Kind.DOCUMENT_UNTOLD]
    assert told[0].words == "It can be read and cannot be written; casereview worker --health says why."


async def _seen(ground: object) -> list[Finding]:
    return [Finding(Kind.DOCUMENT_UNTOLD, "The moon is there.")]


async def test_a_register_that_is_behind_while_a_turn_is_kept_is_no_finding_and_one_that_stays_behind_is(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with hall.working():
        life = await Life.begin(hall.desk)
        known = (await halves.cases(hall.office.database))[life.reference]

        async def behind(client: object, database: object, queue: str) -> Comparison:
            return Comparison(open=1, shared=1, behind=(Lag(life.reference, 1),))

        monkeypatch.setattr(comparing, "compare", behind)
        assert [one.words for one in await hall.found(Kind.REGISTER_BEHIND)] == ["1 event is missing."]
        counts = iter((known, replace(known, events=known.events + 1)))

        async def growing(database: Database) -> dict[str, halves.Known]:
            return {life.reference: next(counts)}

        monkeypatch.setattr(halves, "cases", growing)
        assert await hall.found(Kind.REGISTER_BEHIND) == []
