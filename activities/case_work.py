"""A case's effects: its events into the register, its letters into the post, each once.

Both activities may run twice for one turn; the keys of events and letters see to it that nothing is doubled.
"""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError
from temporalio import activity
from temporalio.exceptions import ApplicationError

from connection import traces
from connection.logs import Ours
from domain.events import Event, LetterPosted, LetterState
from domain.messages import Turn, TurnDone
from post.post_room import PostRoom
from register import entries
from register import letter_rows as stored
from register.database import Database, RegisterError
from workflows.effects import CARRY_OUT, SEND_LETTER

PATIENCE = timedelta(seconds=45)
_log = logging.getLogger(__name__)


class CaseWork:
    """Gateways: the register and the post room.

    ``patience`` is how long one turn hands letters over; with a mail server so slow that it ends, the rest wait to be
    tried again one by one, and the turn is done within its time.
    """

    def __init__(self, database: Database, post_room: PostRoom, patience: timedelta = PATIENCE) -> None:
        self._database = database
        self._post_room = post_room
        self._patience = patience.total_seconds()

    @activity.defn(name=CARRY_OUT)
    async def carry_out(self, turn: Turn) -> TurnDone:
        """Keep a turn's events, then hand over its letters; what became of each letter is kept too."""
        async with self._register():
            first = activity.info().attempt == 1
            await entries.record(self._database, turn, more_follows=first and bool(turn.letters))
            _told(turn.reference, "is kept", [numbered.event for numbered in turn.events])
            await self._give_up(turn)
            return await self._send(turn)

    @activity.defn(name=SEND_LETTER)
    async def send_letter(self, turn: Turn) -> TurnDone:
        """Hand over again what could not be handed over. Raises ApplicationError ``TryLater`` while it still cannot."""
        async with self._register():
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
            return TurnDone()
        case = await self._post_room.case(turn.reference)
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
                activity.heartbeat(order.key)
        await stored.post(self._database, turn.reference, posted)
        _told(turn.reference, "is settled as far as it goes", posted)
        return TurnDone(posted=tuple(posted))

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


def _told(reference: str, done: str, events: Sequence[Event]) -> None:
    for event in events:
        _log.info("%s %s.", event.kind, Ours(done), extra={"case": reference, "act": event.kind, "event": event.id})
