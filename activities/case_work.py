"""A case's effects: its events into the register, its letters into the post, each once.

Both activities may run twice for one turn; the keys of events and letters see to it that nothing is doubled.
"""

from __future__ import annotations

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.post_room import PostRoom
from domain.events import Event, LetterPosted, LetterState
from domain.messages import Turn, TurnDone
from register import entries
from register import letters as stored
from register.database import Database
from workflows.effects import CARRY_OUT, SEND_LETTER


class CaseWork:
    """Gateways: the register and the post room."""

    def __init__(self, database: Database, post_room: PostRoom) -> None:
        self._database = database
        self._post_room = post_room

    @activity.defn(name=CARRY_OUT)
    async def carry_out(self, turn: Turn) -> TurnDone:
        """Keep a turn's events, then hand over its letters; what became of each letter is kept too."""
        await entries.record(self._database, turn)
        return await self._send(turn)

    @activity.defn(name=SEND_LETTER)
    async def send_letter(self, turn: Turn) -> TurnDone:
        """Hand over again what could not be handed over. Raises ApplicationError ``TryLater`` while it still cannot."""
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
        for order in turn.letters:
            posted.append(await self._post_room.send(turn.reference, order, activity.info().started_time))
            activity.heartbeat(order.key)
        if posted:
            await stored.post(self._database, turn.reference, posted)
        return TurnDone(posted=tuple(posted))
