"""Doing an act on a case: kept in the register first, then sent to the case, so that what nobody answers is not lost.

Console, API and command line do it here. An act that nobody answered is sent again by the sweep, under the same id;
what the case says against it then stands in the register until somebody has seen it (``register.pending_acts``).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError

from activities import restoring
from connection import updates
from connection.updates import NO_ANSWER, Done, Missing, NotAllowed, Over, Unanswered
from domain.application import Person
from domain.events import Actor, Body
from domain.messages import Accepted
from office import endings, persons, together, whatif
from office.case_view import CaseView, viewed
from office.connected import NoAnswer, NoSuchCase, Office
from register import pending_acts, queries
from register.cases import UnknownCase
from register.database import Database, RegisterError
from register.queries import StoredCase

__all__ = [
    "Done",
    "Left",
    "NotAllowed",
    "NotDone",
    "Outcome",
    "Over",
    "Word",
    "act",
    "certain",
    "current",
    "heard",
    "leave_word",
]

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Left:
    """Nobody answered. The act is kept under ``id`` and done, once, as soon as a worker runs; ``before`` if it was kept
    already. Where even the register could not keep it, ``kept`` is False and the sentence says so. ``also`` says what
    came of it in linked cases."""

    id: str
    sentence: str
    before: bool = False
    kept: bool = True
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Word:
    """The act is left in its case, which reads it as soon as a worker runs."""

    id: str


Outcome = Done | NotAllowed | Over | Left


class NotDone(Exception):
    """An act that was not done, for whoever cannot go on without it; ``outcome`` is what came of it instead."""

    def __init__(self, outcome: NotAllowed | Over | Left) -> None:
        super().__init__(outcome.sentence)
        self.outcome = outcome


async def act(
    office: Office,
    reference: str,
    what: Body,
    by: Actor,
    *,
    id: str = "",
    details: Person | None = None,
    down: str = "",
) -> Outcome:
    """Do one act once, however often it is sent under the same ``id``; what came of it.

    Without an ``id`` it is that of the very same act which nobody has answered yet, or a new one: retyped while no
    worker runs an act is one, done twice on purpose it is two. ``details`` are what the act says is new of somebody;
    they are in the register before the case hears of it. ``down`` is why no answer can be expected, where that is
    known: then none is waited for. An act whose sender gives up waiting is left, too.
    """
    together_too = isinstance(what, together.OF_BOTH)
    stored = await queries.case(office.database, reference) if together_too else None
    if stored is not None and (sentence := await together.barred(office.database, stored, what)):
        return NotAllowed(sentence)
    outcome = await _act(office, reference, what, by, id=id, details=details, down=down)
    if stored is None or not isinstance(outcome, Done | Left):
        return outcome
    return await _in_linked_cases(office, stored, what, by, outcome, down)


async def _in_linked_cases(
    office: Office, before: StoredCase, what: Body, by: Actor, outcome: Done | Left, down: str
) -> Outcome:
    """Do in the linked cases what was done in one, under the same id; what came of it there is said beside."""
    id = outcome.accepted.event if isinstance(outcome, Done) else outcome.id
    said = []
    for more in await together.also(office.database, before, what, by):
        if more.refusal:
            said.append(f"{more.reference} stays as it is: {more.refusal}.")
            continue
        match await _act(office, more.reference, more.what, by, id=id, down=down):
            case Done():
                said.append(f"{more.reference} has it too.")
            case NotAllowed(sentence) | Over(sentence) | Left(sentence=sentence):
                said.append(f"{more.reference}: {sentence.rstrip('.')}.")
    return replace(outcome, also=tuple(said))


async def _act(
    office: Office, reference: str, what: Body, by: Actor, *, id: str, details: Person | None = None, down: str = ""
) -> Outcome:
    database, now = office.database, datetime.now(UTC)
    fit = await endings.fitted(office, reference, what, by)
    if isinstance(fit, NotAllowed):
        return fit
    what = fit
    id, before = await _id(database, reference, what, by, id)
    if details is not None or down:
        stored = await queries.case(database, reference)
        if stored is None:
            return Over(f"There is no case {reference}; `casereview cases` lists those there are.")
        if done := _done_before(stored, id):
            return done
        new = details if details is not None and not persons.known(stored, what) else None
        view = viewed(stored) if down else await current(office, stored)
        if (new is not None or down) and (sentence := whatif.refused(view, what, by)):
            return NotAllowed(sentence)
        if new is not None:
            what = await persons.keep(database, stored, what, new, now)
    kept = await _keep(database, reference, what, by, now, id)
    before = before or (kept is not None and kept.waits)
    try:
        answer = Unanswered(down) if down else await _sent(office, reference, what, by, id)
    except asyncio.CancelledError:
        if kept is not None:
            await pending_acts.leave(database, reference, id)
        raise
    about = {"case": reference, "act": what.act, "event": id, "outcome": type(answer).__name__.lower()}
    _log.info("An act was sent to its case.", extra=about)
    return await _settled(office, reference, id, answer, before, kept is not None)


async def _sent(office: Office, reference: str, what: Body, by: Actor, id: str) -> updates.Answer:
    queue = office.settings.task_queue
    return await restoring.send(office.client, office.database, reference, what, by, id=id, task_queue=queue)


async def leave_word(
    office: Office, reference: str, what: Body, by: Actor, *, id: str = ""
) -> Word | NotAllowed | Over | Left:
    """Leave an act as word by a Signal, which its case keeps even with no worker up; ids are as for ``act``.

    For what must be taken whenever it is said: a withdrawal, a further incident, a chair's decision.
    """
    database = office.database
    fit = await endings.fitted(office, reference, what, by)
    if isinstance(fit, NotAllowed):
        return fit
    id, before = await _id(database, reference, what, by, id)
    kept = await _keep(database, reference, what, by, datetime.now(UTC), id)
    before = before or (kept is not None and kept.waits)
    try:
        await office.signal(reference, what, by, id=id)
    except (NoSuchCase, NoAnswer, RuntimeError) as error:
        failure = Missing(str(error)) if isinstance(error, NoSuchCase) else Unanswered(str(error).rstrip("."))
        outcome = await _settled(office, reference, id, failure, before, kept is not None)
        assert not isinstance(outcome, Done)
        return outcome
    if kept is not None:
        await pending_acts.leave(database, reference, id)
    return Word(id)


async def heard(office: Office, reference: str, id: str) -> None:
    """What became of word is known, so nothing is pending any more."""
    await _forget(office.database, reference, id, kept=True)


def certain(outcome: Outcome) -> Accepted:
    """What the case said of an act it took. Raises NotDone for any other outcome."""
    if isinstance(outcome, Done):
        return outcome.accepted
    raise NotDone(outcome)


async def current(office: Office, stored: StoredCase) -> CaseView:
    """A case planned as of now; a demonstration case's clock may have run on since its last event."""
    if stored.row.demo:
        with contextlib.suppress(NoAnswer, NoSuchCase, RuntimeError):
            now = await office.today(stored.reference)
            stored = replace(stored, row=replace(stored.row, as_of=max(now, stored.row.as_of)))
    return viewed(stored)


async def _id(database: Database, reference: str, what: Body, by: Actor, id: str) -> tuple[str, bool]:
    """The id an act is sent under, and whether it is that of one nobody has answered yet."""
    if id:
        return id, False
    try:
        same = await pending_acts.same(database, reference, what, by)
    except (RegisterError, SQLAlchemyError):
        same = None
    return (same.id, True) if same else (uuid.uuid4().hex, False)


def _done_before(stored: StoredCase, id: str) -> Done | None:
    event = next((event for event in stored.events if event.id == id), None)
    row = stored.row
    return Done(Accepted(event=id, kind=event.kind, stage=row.stage.value, waiting=row.waiting)) if event else None


async def _keep(
    database: Database, reference: str, what: Body, by: Actor, now: datetime, id: str
) -> pending_acts.PendingAct | None:
    """A register that cannot be written just now is no reason to turn an act away: the case may take it."""
    try:
        return await pending_acts.keep(database, reference, what, by, now, id=id)
    except UnknownCase:
        return None
    except (RegisterError, SQLAlchemyError) as error:
        _log.warning("An act on %s cannot be kept before it is sent (%s).", reference, type(error).__name__)
        return None


async def _settled(
    office: Office, reference: str, id: str, answer: updates.Answer, before: bool, kept: bool
) -> Outcome:
    match answer:
        case Done() | NotAllowed() | Over():
            await _forget(office.database, reference, id, kept)
            return answer
        case Missing(sentence):
            row = await queries.case_row(office.database, reference)
            if row is not None and not row.stage.over:
                why = "its case is not in Temporal just now" if row.started else "its case has not begun yet"
                return await _left(office.database, reference, id, why, before, kept)
            await _forget(office.database, reference, id, kept)
            over = row is not None and row.stage.over
            return Over(f"{reference} is closed; nothing more can be done to it." if over else sentence)
        case Unanswered(why):
            if why == NO_ANSWER:
                why = (await office.why_silent(reference)).words
            return await _left(office.database, reference, id, why, before, kept)


async def _forget(database: Database, reference: str, id: str, kept: bool) -> None:
    """One that cannot be forgotten just now is sent again by the sweep, and counts once."""
    if kept:
        with contextlib.suppress(RegisterError, SQLAlchemyError):
            await pending_acts.answered(database, reference, id)


async def _left(database: Database, reference: str, id: str, why: str, before: bool, kept: bool) -> Left:
    if not kept:
        return Left(
            id, f"It is not certain whether this was taken: {why}, and the register could not keep it. Send it again",
            kept=False,
        )  # fmt: skip
    await pending_acts.leave(database, reference, id)
    was = "This was left already and still waits" if before else "This is left and kept"
    return Left(
        id, f"{was}: {why}. It will be taken up, once, as soon as its case answers; it need not be sent again", before
    )
