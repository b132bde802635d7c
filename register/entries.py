"""What a case's workflow has to tell the register: events, kept once each, and what follows from them."""

from collections.abc import Sequence

from domain.events import Event
from domain.messages import Numbered, Turn
from register import cases, projections
from register.database import Database


async def record(database: Database, turn: Turn, *, more_follows: bool = False) -> None:
    """Keep the turn's events and bring what follows from them up to ``turn.as_of``; again, nothing changes.

    An event that is kept already keeps its content; its place in the case takes the turn's number. Writers of
    one case wait for each other. ``more_follows`` leaves what follows from the events to the ``post`` that comes at
    once. Raises UnknownCase.
    """
    async with database.writing() as session:
        row = await cases.locked(session, turn.reference)
        await cases.append(session, turn.reference, turn.events)
        if not more_follows:
            await projections.refresh(session, row, turn.as_of)


async def post(database: Database, reference: str, events: Sequence[Event]) -> None:
    """Keep ``letter.posted`` events after the case's last one; the next turn gives them their place.

    Of events that are kept already nothing changes. Raises UnknownCase.
    """
    async with database.writing() as session:
        row = await cases.locked(session, reference)
        if news := await cases.unknown(session, reference, events):
            last = await cases.last_seq(session, reference)
            await cases.append(
                session, reference, [Numbered(seq=last + n, event=event) for n, event in enumerate(news, start=1)]
            )
        await projections.refresh(session, row, max(event.at for event in events))
