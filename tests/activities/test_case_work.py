"""A turn carried out once or twice, cut short anywhere: its events kept once, its letters sent once."""

# The fixtures are those of test_post_room.
# ruff: noqa: F401, F811

import asyncio
import contextlib
import dataclasses
from collections import Counter
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import text
from temporalio.api.failure.v1 import Failure
from temporalio.converter import DefaultFailureConverter, DefaultPayloadConverter
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.case_work import PATIENCE, CaseWork
from connection.ports import free_port
from domain import events as e
from domain.events import LetterPosted, LetterState
from domain.messages import Turn, TurnDone
from register import queries
from register.database import Database
from register.letter_rows import LetterProgress, LetterRow
from starter.inbox import Inbox
from tests.letters.council import PERSONAL, Council, Desk
from tests.post.mail_server import listening
from tests.post.test_post_room import LATER, council, database, inbox, no_names_in_the_logs
from tests.register.examples import NOW, OFFICER


def at(now: datetime) -> ActivityEnvironment:
    """An attempt that the server started at ``now``, by the case's clock."""
    environment = ActivityEnvironment()
    environment.info = dataclasses.replace(environment.info, started_time=now)
    return environment


def work(council: Council, port: int, timeout: float = 5, **patience: Any) -> CaseWork:
    return CaseWork(council.database, council.room(port, timeout=timeout), **patience)


def passed_on(council: Council) -> Turn:
    """The application acknowledged and passed on: a letter to the applicant and one to each relevant body."""
    council.story.happened(e.PassedOn(bodies=tuple(a.id for a in council.start.policy.relevant_bodies)))
    return council.turn()


def states(done: TurnDone) -> list[LetterState]:
    return [event.what.state for event in done.posted if isinstance(event.what, LetterPosted)]


async def rows(council: Council) -> list[LetterRow]:
    return await queries.letters(council.database, council.start.reference)


async def kinds(council: Council) -> Counter[str]:
    case = await queries.case(council.database, council.start.reference)
    assert case is not None
    return Counter(event.kind for event in case.events)


def leaks(error: BaseException) -> list[str]:
    """The personal words in a failure as the worker logs it and Temporal would get it."""
    failure = Failure()
    DefaultFailureConverter().to_failure(error, DefaultPayloadConverter(), failure)
    return [word for word in PERSONAL if word in str(failure)]


async def test_a_turn_carried_out_twice_is_kept_and_sent_once(council: Council, inbox: Inbox) -> None:
    turn, activity = passed_on(council), work(council, inbox.smtp_address[1])
    first = await at(NOW).run(activity.carry_out, turn)
    second = await at(LATER).run(activity.carry_out, turn)
    assert first == second
    assert set(states(first)) == {LetterState.ACCEPTED}
    assert len(inbox.letters.mails()) == len(await rows(council)) == len(turn.letters) == 5
    assert {mail.message_id for mail in inbox.letters.mails()} == {row.message_id for row in await rows(council)}
    assert await kinds(council) == {
        "application.made": 1,
        "application.acknowledged": 1,
        "application.passed_on": 1,
        "letter.posted": 5,
    }


async def test_an_attempt_says_that_it_lives_from_the_first_moment(council: Council, inbox: Inbox) -> None:
    """Without that a turn whose worker died would be begun anew only when its two minutes are over."""
    beats: list[tuple[Any, ...]] = []
    environment = at(NOW)
    environment.on_heartbeat = lambda *details: beats.append(details)
    await environment.run(work(council, inbox.smtp_address[1]).carry_out, passed_on(council))
    assert beats


async def test_what_the_register_holds_is_what_the_workflow_was_told(council: Council, inbox: Inbox) -> None:
    turn, activity = passed_on(council), work(council, inbox.smtp_address[1])
    await at(NOW).run(activity.carry_out, turn)
    told = await at(LATER).run(activity.carry_out, turn)
    case = await queries.case(council.database, council.start.reference)
    assert case is not None
    assert tuple(event for event in case.events if event.kind == "letter.posted") == told.posted


async def test_a_turn_cut_short_in_a_letter_asks_about_that_one_and_sends_the_rest_once(
    council: Council,
) -> None:
    turn, desk, port = passed_on(council), Desk("wait"), free_port()
    activity = work(council, port)
    async with listening(desk, port):
        dying = asyncio.create_task(at(NOW).run(activity.carry_out, turn))
        await desk.reading.wait()
        dying.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await dying
    after = Desk()
    async with listening(after, port):
        done = await at(LATER).run(activity.carry_out, turn)
        again = await at(LATER).run(activity.carry_out, turn)
    assert done == again
    assert Counter(states(done)) == {LetterState.UNCERTAIN: 1, LetterState.ACCEPTED: 4}
    assert (len(desk.taken), len(after.taken)) == (1, 4)
    assert (await kinds(council))["letter.posted"] == 5


async def test_a_process_that_dies_between_its_letters_and_its_answer_sends_nothing_twice(
    council: Council,
    inbox: Inbox,
) -> None:
    turn = passed_on(council)
    activity, room = work(council, inbox.smtp_address[1]), council.room(inbox.smtp_address[1])
    await at(NOW).run(activity.carry_out, turn.model_copy(update={"letters": ()}))
    case = await room.case(turn.reference)
    before = [await room.send(case, order, NOW) for order in turn.letters]
    done = await at(LATER).run(activity.carry_out, turn)
    assert done.posted == tuple(before)
    assert len(inbox.letters.mails()) == 5


async def test_a_letter_that_still_waits_is_for_the_next_attempt_and_goes_once(
    council: Council,
    caplog: pytest.LogCaptureFixture,
) -> None:
    turn, port = council.turn(), free_port()
    activity = work(council, port)
    assert states(await at(NOW).run(activity.carry_out, turn)) == [LetterState.WAITING]
    for desk in (None, Desk("451 4.3.0 ann.reed@example.org"), Desk(rcpt="450 4.2.0 ann.reed@example.org")):
        async with listening(desk, port) if desk else contextlib.nullcontext():
            with pytest.raises(ApplicationError) as later:
                await at(LATER).run(activity.send_letter, turn.model_copy(update={"events": ()}))
        assert (later.value.type, later.value.non_retryable) == ("TryLater", False)
        assert leaks(later.value) == []
    desk = Desk()
    async with listening(desk, port):
        alone = turn.model_copy(update={"events": ()})
        sent = [await at(LATER).run(activity.send_letter, alone) for _ in range(2)]
    assert sent[0] == sent[1]
    assert states(sent[0]) == [LetterState.ACCEPTED]
    assert len(desk.taken) == 1
    assert "wait" not in caplog.text


async def test_a_mail_server_that_is_slow_for_everybody_does_not_hold_up_the_turn(council: Council) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    turn = passed_on(council)
    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    async with server:
        activity = work(council, server.sockets[0].getsockname()[1], timeout=0.2, patience=PATIENCE / 1000)
        began = asyncio.get_running_loop().time()
        done = await at(NOW).run(activity.carry_out, turn)
        took = asyncio.get_running_loop().time() - began
    assert states(done) == [LetterState.WAITING] * 5
    assert [row.words for row in await rows(council)].count(done_words(done, 1)) == 4
    assert took < 10 * 0.2
    desk = Desk()
    async with listening(desk) as port:
        for order in turn.letters:
            alone = turn.model_copy(update={"events": (), "letters": (order,)})
            await at(LATER).run(work(council, port).send_letter, alone)
    assert len(desk.taken) == 5


def done_words(done: TurnDone, number: int) -> str:
    what = done.posted[number].what
    assert isinstance(what, LetterPosted)
    return what.words


async def test_a_letter_the_case_has_given_up_is_refused_in_the_register_too(council: Council) -> None:
    turn, activity = council.turn(), work(council, free_port())
    (waiting,) = (await at(NOW).run(activity.carry_out, turn)).posted
    assert isinstance(waiting.what, LetterPosted)
    lost = waiting.what.model_copy(update={"state": LetterState.REFUSED, "words": "it could not be sent"})
    council.story.happened(lost)
    await at(LATER).run(activity.carry_out, council.turn().model_copy(update={"letters": ()}))
    (row,) = await rows(council)
    assert (row.state, row.words) == (LetterProgress.REFUSED, "it could not be sent")


@pytest.mark.parametrize("table", ["letters", "events"])
async def test_a_register_that_takes_nothing_fails_the_turn_without_a_word_of_what_it_holds(
    council: Council,
    inbox: Inbox,
    table: str,
) -> None:
    council.story.happened(e.NoteAdded(text="Ann Reed rang from Castle Street."), by=OFFICER)
    turn, activity = council.turn(), work(council, inbox.smtp_address[1])
    await refuse_writing(council.database, table)
    with pytest.raises(ApplicationError) as failed:
        await at(NOW).run(activity.carry_out, turn)
    assert leaks(failed.value) == []
    assert failed.value.type == "RegisterError"
    assert not failed.value.non_retryable
    assert inbox.letters.mails() == []
    await allow_writing(council.database, table)
    done = await at(LATER).run(activity.carry_out, turn)
    assert states(done) == [LetterState.ACCEPTED]
    assert len(inbox.letters.mails()) == 1
    assert (await kinds(council))["note.added"] == 1


async def refuse_writing(database: Database, table: str) -> None:
    async with database.writing() as session:
        raised = "SELECT RAISE(ABORT, 'database or disk is full')"
        trigger = f"CREATE TRIGGER full_{table} BEFORE INSERT ON {table} BEGIN {raised}; END"
        await (await session.connection()).execute(text(trigger))


async def allow_writing(database: Database, table: str) -> None:
    async with database.writing() as session:
        await (await session.connection()).execute(text(f"DROP TRIGGER full_{table}"))


async def test_a_case_the_register_does_not_know_is_named_and_nothing_is_sent(
    council: Council,
    inbox: Inbox,
) -> None:
    turn = council.turn().model_copy(update={"reference": "DOV-2026-0999"})
    with pytest.raises(LookupError, match="DOV-2026-0999"):
        await at(NOW).run(work(council, inbox.smtp_address[1]).carry_out, turn)
    assert inbox.letters.mails() == []
