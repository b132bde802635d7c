"""A case's effects: its events into the register, its letters into the post, each once.

Both activities may run twice for one turn; the keys of events and letters see to it that nothing is doubled.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.bringing_back import BringingBack
from connection import traces
from connection.alongside import alongside
from connection.logs import Ours
from domain.events import Event, LetterPosted, LetterState
from domain.messages import NotTaken, Turn, TurnDone
from post.post_room import PostRoom
from register import entries
from register import letter_rows as stored
from register.cases import UnknownCase
from register.database import Database, RegisterError
from register.queries import StoredCase
from workflows.effects import CARRY_OUT, SEND_LETTER

PATIENCE = timedelta(seconds=45)
_BEAT = 4.0
_log = logging.getLogger(__name__)


class CaseWork:
    """Gateways: the register, the post room, and whoever tells a register that is behind what its case knows: no letter
    is written from half a case.

    ``patience`` is how long one turn hands letters over; with a mail server so slow that it ends, the rest wait to be
    tried again one by one, and the turn is done within its time.
    """

    def __init__(
        self,
        database: Database,
        post_room: PostRoom,
        back: BringingBack | None = None,
        patience: timedelta = PATIENCE,
    ) -> None:
        self._database = database
        self._post_room = post_room
        self._back = back
        self._patience = patience.total_seconds()

    @activity.defn(name=CARRY_OUT)
    async def carry_out(self, turn: Turn | NotTaken) -> TurnDone:
        """Keep a turn's events, then hand over its letters; what became of each letter is kept too."""
        turn = _sealed(turn)
        async with _pulse(), self._register():
            first = activity.info().attempt == 1
            await self._record(turn, more_follows=first and bool(turn.letters))
            _told(turn.reference, "is kept", [numbered.event for numbered in turn.events])
            await self._give_up(turn)
            await self._post_room.hold_back(turn.reference, [numbered.event for numbered in turn.events])
            await self._post_room.renew_links(turn.reference, (numbered.event for numbered in turn.events))
            return await self._send(turn)

    @activity.defn(name=SEND_LETTER)
    async def send_letter(self, turn: Turn | NotTaken) -> TurnDone:
        """Hand over again what could not be handed over. Raises ApplicationError ``TryLater`` while it still cannot."""
        turn = _sealed(turn)
        async with _pulse(), self._register():
            done = await self._send(turn)
        waiting = [
            e.what for e in done.posted if isinstance(e.what, LetterPosted) and e.what.state is LetterState.WAITING
        ]
        if waiting:
            raise ApplicationError(waiting[0].words, type="TryLater")
        return done

    async def _send(self, turn: Turn) -> TurnDone:
        """The activity's own clock is the case's: real, or moved on for a demo."""
        posted: list[Event] = []
        if not turn.letters:
            return TurnDone(turn=turn.id)
        case = await self._case(turn)
        written = await self._post_room.write(case, turn.letters, activity.info().started_time)
        began = time.monotonic()
        async with self._post_room.line() as line:
            for order in turn.letters:
                slow = time.monotonic() - began > self._patience
                now, letter = activity.info().started_time, written[order.key]
                with traces.span("letter handed over", case=turn.reference, letter=order.letter):
                    posted.append(
                        await self._post_room.send(case, order, now, written=letter, line=line, hold_back=slow)
                    )
        await stored.post(self._database, turn.reference, posted)
        _told(turn.reference, "is settled as far as it goes", posted)
        return TurnDone(posted=tuple(posted), turn=turn.id)

    async def _record(self, turn: Turn, more_follows: bool) -> None:
        try:
            await entries.record(self._database, turn, more_follows=more_follows)
        except UnknownCase:
            if self._back is None:
                raise
            await self._back.case(turn.reference)
            await entries.record(self._database, turn, more_follows=more_follows)

    async def _case(self, turn: Turn) -> StoredCase:
        """The case the turn's letters are written from, whole: a register brought back from a backup may lack events.

        Raises ApplicationError ``RegisterError`` where it lacks them still.
        """
        if self._back is None:
            return await self._post_room.case(turn.reference)
        needed = max(order.upto for order in turn.letters)
        for _ in range(2):
            with suppress(UnknownCase):
                case = await self._post_room.case(turn.reference)
                if len(case.numbered) >= needed:
                    return case
            await self._back.case(turn.reference)
        raise ApplicationError(
            f"The register lacks events of {turn.reference}, so its letters are not written yet.",
            type=RegisterError.__name__,
        )

    async def _give_up(self, turn: Turn) -> None:
        """Bring the letters that are not tried any more up to date with what the case says of them."""
        for numbered in turn.events:
            what = numbered.event.what
            if isinstance(what, LetterPosted) and what.state is LetterState.REFUSED:
                await self._post_room.give_up(what.key, what.words, activity.info().started_time)

    @asynccontextmanager
    async def _register(self) -> AsyncIterator[None]:
        """Where the register fails, the next attempt opens it anew, and no log holds what was to be written.

        A database's own error text repeats the values of the statement that failed.
        """
        try:
            yield
            return
        except RegisterError as error:
            words = str(error)
        except SQLAlchemyError:
            words = "The register could not be used: check its disk and its database."
        await self._database.close()
        raise ApplicationError(words, type=RegisterError.__name__) from None


@asynccontextmanager
async def _pulse() -> AsyncIterator[None]:
    """Meanwhile Temporal hears that this attempt lives: one that died with its worker is begun anew in seconds."""

    async def beat() -> None:
        while True:
            activity.heartbeat()
            await asyncio.sleep(_BEAT)

    async with alongside(beat()):
        yield


def _sealed(turn: Turn | NotTaken) -> Turn:
    """The turn of one of this service's cases. Raises ApplicationError, after which it is not tried again."""
    if isinstance(turn, NotTaken):
        raise ApplicationError(turn.why, type=NotTaken.__name__, non_retryable=True)
    return turn


def _told(reference: str, done: str, events: Sequence[Event]) -> None:
    for event in events:
        _log.info("%s %s.", event.kind, Ours(done), extra={"case": reference, "act": event.kind, "event": event.id})
