"""What happened is kept and each letter goes out once, whatever the mail server, the register and the worker do."""

import re
import shutil
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text

import policies
from connection.time_travel import fast_forward
from domain import events as e
from domain.case import Case, local_date
from domain.events import LetterPosted, LetterState
from domain.fold import fold
from domain.policy import Milestone, Policy
from letters.sources import TEMPLATES
from office import acting
from office.acting import Left
from office.connected import Office
from register import queries
from register.database import Database
from register.letter_rows import LetterProgress
from tests.register.fresh import with_tables
from tests.workflows.life import APPLICANT, OFFICER, Desk, Life, form
from tests.workflows.town import Post, Town, eventually, pending, renumbered

pytestmark = [
    pytest.mark.temporal,
    pytest.mark.long,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS"),
]


ASHA = "asha@example.org"
PERSONAL = ("asha", "Asha Example", "shouting and banging", "Quarry Lane")
HALF_AN_HOUR = timedelta(minutes=31)


@pytest_asyncio.fixture(loop_scope="session")
async def town(desk: Desk, tmp_path: Path) -> AsyncIterator[Town]:
    queue = uuid.uuid4().hex
    settings = desk.office.settings.model_copy(update={"home": tmp_path, "task_queue": queue})
    async with Database(with_tables(settings.register_url)) as database:
        await renumbered(database)
        yield Town(Desk(Office(settings, desk.office.client, database), desk.inbox), Post(), tmp_path)


@pytest.fixture(autouse=True)
def no_names_in_the_logs(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert not [word for word in PERSONAL if word in caplog.text]


async def forward(life: Life, delta: timedelta) -> None:
    await fast_forward(life.desk.office.client, life.desk.office.handle(life.reference), delta)
    await life.settled()


async def folded(life: Life) -> Case:
    stored = await queries.case(life.desk.office.database, life.reference)
    assert stored is not None
    return fold(stored.policy, stored.calendar, (await life.settled()).events)


async def posted(life: Life, kind: str) -> list[LetterPosted]:
    """What the case knows of its letters of a kind, in order."""
    found = [event.what for event in (await life.settled()).events]
    return [what for what in found if isinstance(what, LetterPosted) and what.letter == kind]


async def test_a_mail_server_that_is_down_holds_up_nothing_but_the_post(town: Town) -> None:
    async with town.working():
        life = await Life.begin(town.desk)
        assert set(await town.states(life)) == {LetterProgress.WAITING}
        assert not (await folded(life)).has(Milestone.ACKNOWLEDGED)
        await life.to_threshold()
        await life.act(e.ThresholdDecided(met=True, decided_by=OFFICER.name), OFFICER)
        assert await life.stage() == "gathering information"
        assert set(await town.kept(life)) == {event.id for event in (await life.settled()).events}
        assert not (await folded(life)).has(Milestone.THRESHOLD_TOLD)
        async with town.post.open():
            await forward(life, HALF_AN_HOUR)
            await town.all_sent(life)
        case = await folded(life)
        told = case.reached[Milestone.ACKNOWLEDGED]
        assert told.event.endswith("/L-01/applicant=accepted")
        [taken] = [event.at for event in case.events if event.id == told.event]
        assert told.on == local_date(taken)
        assert case.has(Milestone.THRESHOLD_TOLD)
        await life.act(e.NoteAdded(text="The post is back."))
        assert await town.kept(life) == tuple(event.id for event in (await life.settled()).events)


async def test_a_letter_put_off_for_a_whole_day_is_a_persons_to_settle(town: Town) -> None:
    town.post.put_off = {ASHA}
    async with town.post.open(), town.working():
        life = await Life.begin(town.desk)
        await forward(life, timedelta(hours=20))
        assert await town.states(life, "L-01") == {LetterProgress.WAITING: 1}
        await forward(life, timedelta(hours=5))
        waiting, lost = await posted(life, "L-01")
        assert (waiting.state, lost.state) == (LetterState.WAITING, LetterState.REFUSED)
        assert lost.words.startswith("it could not be sent for a whole day: The mail server put off")
        assert lost.told == waiting.told != {}
        now = await life.settled()
        assert (now.must_act, now.waiting.split(":")[0]) == ("officer", "letter L-01 did not certainly arrive")
        assert await town.states(life, "L-01") == {LetterProgress.REFUSED: 1}
        assert [to_officer.event for to_officer in await posted(life, "A-18")][:1] == [
            next(event.id for event in now.events if event.what == lost)
        ]
        town.post.put_off = set()
        await forward(life, timedelta(hours=2))
        assert (await town.rows(life, "L-01"))[0].message_id not in town.post.taken
        assert not (await folded(life)).has(Milestone.ACKNOWLEDGED)
        await life.act(e.LetterSettled(key=lost.key, arrived=True, how="Printed and posted."))
        assert (await folded(life)).reached[Milestone.ACKNOWLEDGED].on == await life.today()
        assert (await town.rows(life, "L-01"))[0].arrived is True


async def test_no_clock_starts_before_the_letter_that_starts_it_is_accepted(town: Town) -> None:
    async with town.post.open(), town.working():
        life = await Life.begin(town.desk)
        await life.to_panel(ahead=2)
        await life.hold_panel("police")
        await life.act(e.PlanCommented(comments="I agree."))
        town.post.put_off = {ASHA}
        await life.act(e.OutcomeDecided(reasons="The reports were not joined up."))
        assert await life.stage() == "writing the outcome"
        assert "appeal_window" not in {d.key for d in (await life.settled()).deadlines}
        await life.answer("R1", "police")
        decided = await life.today()
        await forward(life, timedelta(hours=20))
        assert await life.stage() == "writing the outcome"
        town.post.put_off = set()
        await forward(life, HALF_AN_HOUR)
        await eventually(lambda: stands(life, "appeal window"))
        case = await folded(life)
        assert case.reached[Milestone.OUTCOME_SENT].on == await life.today() > decided
        assert case.reached[Milestone.OUTCOME_RECEIVED].on >= await life.today()
        assert (await life.letters())["L-11"] == 1


async def stands(life: Life, stage: str) -> bool:
    return await life.stage() == stage


async def test_a_letter_that_may_have_gone_is_sent_again_only_when_somebody_says_so(town: Town) -> None:
    town.post.vanishing = {ASHA}
    async with town.post.open(), town.working():
        life = await Life.begin(town.desk)
        await forward(life, timedelta(hours=3))
        (first,) = await posted(life, "L-01")
        assert first.state is LetterState.UNCERTAIN
        assert town.post.taken.total() == (await town.states(life)).total()
        assert not (await folded(life)).has(Milestone.ACKNOWLEDGED)
        await life.act(e.LetterSettled(key=first.key, arrived=False, how="She rang: nothing came."))
        first_row, again_row = await town.rows(life, "L-01")
        assert again_row.key == f"{first.key}~2"
        assert (first_row.arrived, again_row.state) == (False, LetterProgress.UNCERTAIN)
        assert [town.post.taken[row.message_id] for row in (first_row, again_row)] == [1, 1]
        assert undated(first_row.text) == undated(again_row.text)
        assert "nothing to settle" in await life.refusal(
            e.LetterSettled(key=first.key, arrived=True, how="Twice settled.")
        )
        await life.act(e.LetterSettled(key=again_row.key, arrived=True, how="She has it."))
        case = await folded(life)
        assert case.reached[Milestone.ACKNOWLEDGED].on == await life.today()
        assert (await life.settled()).must_act != "officer"
        assert await town.states(life, "A-18") == {LetterProgress.ACCEPTED: 2}
        assert len(await town.rows(life, "L-01")) == 2


def undated(text: str) -> str:
    """A letter but for its day: three hours on it may be the next."""
    return re.sub(r"(?m)^Date: .*$", "", text)


async def test_word_to_the_officer_that_fails_causes_no_further_word(town: Town) -> None:
    town.post.refused = {ASHA, "bounce@example.org"}
    async with town.post.open(), town.working():
        life = await Life.begin(town.desk, unreachable(policies.load("dover")))
        await forward(life, timedelta(hours=3))
        assert await town.states(life, "L-01") == {LetterProgress.REFUSED: 1}
        assert await town.states(life, "A-18") == {LetterProgress.REFUSED: 1}
        assert (await life.settled()).must_act == "officer"


def unreachable(policy: Policy) -> Policy:
    assert policy.contact is not None
    contact = policy.contact.model_copy(update={"email": "bounce@example.org"})
    return policy.model_copy(update={"contact": contact})


async def test_a_letter_that_cannot_be_written_or_addressed_holds_up_nothing(town: Town) -> None:
    shutil.copytree(TEMPLATES, town.home / "templates")
    (town.home / "templates" / "letters" / "A-02.md.j2").unlink()
    application = form(applicant={"name": "Asha Example", "phone": "01304 000000"})
    async with town.post.open():
        async with town.working(town.home / "templates"):
            life = await Life.begin(town.desk, application=application)
            assert await life.stage() == "verifying reports"
            (to_asha,) = await posted(life, "L-01")
            assert to_asha.state is LetterState.REFUSED
            assert to_asha.words.startswith("There is no safe address to write to, or none with a postcode")
            (to_officer,) = await town.rows(life, "A-18")
            assert "There is no safe address" in to_officer.text
            assert {(one.state, one.words) for one in await posted(life, "A-02")} == {
                (LetterState.WAITING, "There is no letter 'A-02': add A-02.md.j2 to templates/letters.")
            }
            await life.to_threshold()
            await eventually(lambda: resting(life))
        async with town.working():
            await forward(life, HALF_AN_HOUR)
            await eventually(lambda: none_pending(life))
        assert await town.states(life, "A-02") == {LetterProgress.ACCEPTED: 2}
        assert set(town.post.taken.values()) == {1}
        assert await town.states(life, "L-01") == {LetterProgress.REFUSED: 1}


async def resting(life: Life) -> bool:
    """No attempt is under way, so none is lost with its worker."""
    return all(one.attempt > 1 and one.HasField("next_attempt_schedule_time") for one in await pending(life))


async def none_pending(life: Life) -> bool:
    return not await pending(life)


async def test_a_server_that_is_slow_or_refuses_our_password_gets_each_letter_once_it_is_mended(town: Town) -> None:
    town.post.slow = {ASHA}
    async with town.working(timeout=5, login="wrong"), town.post.open(password=b"right"):
        life = await Life.begin(town.desk)
        assert {row.words.rpartition(" ")[2] for row in await town.rows(life)} == {"CASEREVIEW_SMTP_PASSWORD."}
        await eventually(lambda: resting(life))
    async with town.post.open(password=b"right"), town.working(timeout=0.6, login="right"):
        await forward(life, HALF_AN_HOUR)
        assert await town.states(life, "L-01") == {LetterProgress.WAITING: 1}
        town.post.slow = set()
        await life.act(e.NoteAdded(text="Nothing waits for the post."))
        await forward(life, HALF_AN_HOUR)
        await town.all_sent(life)


async def test_a_register_that_refuses_to_be_written_loses_nothing_and_keeps_the_order(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    async with town.post.open(), town.working():
        life = await Life.begin(town.desk)
        sent = town.post.taken.total()
        async with town.database.writing() as session:
            full = "BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
            await (await session.connection()).execute(text(f"CREATE TRIGGER full {full}"))
        acts = [f"Word {number} from Quarry Lane." for number in range(4)]
        for number, words in enumerate(acts):
            await acting.act(town.desk.office, life.reference, e.NoteAdded(text=words), OFFICER, id=f"note-{number}")
        await acting.act(town.desk.office, life.reference, e.OfficerAssigned(officer="Jo New"), OFFICER, id="jo")
        await eventually(lambda: tried_again(life))
        assert not set(await town.kept(life)) & {"note-0", "note-1", "jo"}
        assert town.post.taken.total() == sent
        async with town.database.writing() as session:
            await (await session.connection()).execute(text("DROP TRIGGER full"))
        await life.settled()
        ours = [id for id in await town.kept(life) if id.startswith("note-") or id == "jo"]
        assert ours == ["note-0", "note-1", "note-2", "note-3", "jo"]
        await town.all_sent(life)
    assert "cannot be written: the disk is full" in caplog.text


async def tried_again(life: Life) -> bool:
    return any(one.attempt > 1 for one in await pending(life))


async def test_a_register_that_was_gone_for_a_while_is_found_again(town: Town) -> None:
    async with town.post.open():
        async with town.working():
            life = await Life.begin(town.desk)
        await town.database.close()
        away = town.home / "away"
        away.mkdir()
        for part in town.home.glob("register.db*"):
            part.rename(away / part.name)
        async with town.working():
            await acting.act(town.desk.office, life.reference, e.NoteAdded(text="Into the void."), OFFICER, id="note")
            await acting.act(town.desk.office, life.reference, e.OfficerAssigned(officer="Jo New"), OFFICER, id="jo")
            await eventually(lambda: tried_again(life))
            for part in town.home.glob("register.db*"):
                part.unlink()
            for part in away.iterdir():
                part.rename(town.home / part.name)
            await life.settled()
            assert (await town.kept(life))[-3:-1] == ("note", "jo")
            await town.all_sent(life)


async def test_a_case_outlives_its_worker(town: Town) -> None:
    note, again = e.NoteAdded(text="While nobody was in."), form(1).incidents[0]
    office = town.desk.office
    async with town.post.open():
        async with town.working():
            life = await Life.begin(town.desk)
        left = await acting.act(office, life.reference, note, OFFICER, id="note")
        assert isinstance(left, Left)
        await office.signal(life.reference, e.IncidentAdded(incident=again), APPLICANT, id="again")
        async with town.working():
            accepted = await life.act(note, OFFICER, id="note")
            assert await life.act(note, OFFICER, id="note") == accepted
            assert Counter(await life.kinds()) & Counter(
                ["note.added"] * 2,
            ) == {"note.added": 1}
            assert (await life.kinds()).count("incident.added") == 1
        await office.signal(life.reference, e.Withdrawn(reason="I have moved."), APPLICANT, id="moved")
        async with town.working():
            ended = await office.handle(life.reference).result()
            assert ended.stage == "withdrawn"
        await town.all_sent(life)
    assert await town.states(life, "L-17") == await town.states(life, "L-16") == {LetterProgress.ACCEPTED: 1}
