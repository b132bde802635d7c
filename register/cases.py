"""A case's row as its start and its events; the lock that lets one process at a time change a case."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache

from pydantic import TypeAdapter
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.application import Application
from domain.events import Actor, Event, Role, What
from domain.messages import Numbered, Start
from register import snapshots, tables
from register.database import RegisterError

_WHAT: TypeAdapter[What] = TypeAdapter(What)
_READ_AGAIN = 4096


class UnknownCase(LookupError):
    """No case of that reference is in the register."""

    def __init__(self, reference: str) -> None:
        self.reference = reference
        super().__init__(f"There is no case {reference} in the register; check the reference, such as DOV-2026-0001.")


class Unreadable(RegisterError):
    """The register holds something of a case that this version does not understand; ``where`` is a sentence's end."""

    def __init__(self, reference: str, what: str) -> None:
        self.reference = reference
        self.where = f"Its {what} is not in a form that this version knows"
        super().__init__(
            f"{reference} cannot be read: its {what} is not in a form that this version knows. "
            "Go back to the release that wrote it, or restore it from a backup."
        )


@contextmanager
def readable(reference: str, what: str) -> Iterator[None]:
    """Raises Unreadable, and nothing of what was written, where what is read in the block cannot be understood."""
    try:
        yield
        return
    except ValueError:
        pass
    raise Unreadable(reference, what)


async def locked(session: AsyncSession, reference: str) -> tables.Case:
    """The case's row, kept from other writers until the transaction ends. Raises UnknownCase."""
    rows = await session.exec(select(tables.Case).where(tables.Case.reference == reference).with_for_update())
    row = rows.one_or_none()
    if row is None:
        raise UnknownCase(reference)
    return row


async def start(session: AsyncSession, row: tables.Case) -> Start:
    """What the case's workflow is started with, the same every time."""
    with readable(row.reference, "application, policy or calendar"):
        return Start(
            reference=row.reference,
            policy=await snapshots.policy(session, row.policy_hash),
            calendar=await snapshots.calendar(session, row.calendar_hash),
            application=Application.model_validate_json(row.application_json),
            made_at=row.made_at,
            by=Actor(role=Role(row.by_role), name=row.by_name),
            demo=row.demo,
        )


async def numbered(session: AsyncSession, reference: str) -> tuple[Numbered, ...]:
    """The case's events in order; those whose place is not settled yet come after the settled ones of it."""
    event = tables.Event
    rows = await session.exec(
        select(event.seq, event.id, event.kind, event.at, event.role, event.actor, event.body)  # type: ignore[call-overload]
        .where(event.reference == reference)
        .order_by(col(event.seq), col(event.at), col(event.id))
    )
    return tuple(_numbered(reference, *row) for row in rows)


def _numbered(
    reference: str, seq: int, id: str, kind: str, moment: datetime, role: str, actor: str, body: str
) -> Numbered:
    with readable(reference, f"event {seq} ({kind})"):
        event = Event(id=id, at=moment, by=Actor(role=Role(role), name=actor), what=_what(body))
        return Numbered(seq=seq, event=event)


@lru_cache(_READ_AGAIN)
def _what(body: str) -> What:
    """A kept event never changes, so one that was read before need not be read again."""
    return _WHAT.validate_json(body)


async def append(session: AsyncSession, reference: str, news: Sequence[Numbered]) -> None:
    """Keep events that are new; of those already kept only the place is corrected, never the content."""
    kept = await _places(session, reference, (numbered_event.event.id for numbered_event in news))
    for numbered_event in news:
        seen = kept.get(numbered_event.event.id)
        if seen is None:
            kept[numbered_event.event.id] = row = _row(reference, numbered_event)
            session.add(row)
        elif seen.seq != numbered_event.seq:
            seen.seq = numbered_event.seq
            session.add(seen)
    await session.flush()


async def unknown(session: AsyncSession, reference: str, events: Sequence[Event]) -> list[Event]:
    """The events that are not kept yet, each once."""
    kept = await _places(session, reference, (event.id for event in events))
    return list({event.id: event for event in events if event.id not in kept}.values())


async def last_seq(session: AsyncSession, reference: str) -> int:
    """The place of the case's last event; 0 where there is none."""
    places = select(tables.Event.seq).where(tables.Event.reference == reference)
    return (await session.exec(places.order_by(col(tables.Event.seq).desc()).limit(1))).first() or 0


async def _places(session: AsyncSession, reference: str, ids: Iterable[str]) -> dict[str, tables.Event]:
    event = tables.Event
    rows = await session.exec(select(event).where(event.reference == reference, col(event.id).in_(list(ids))))
    return {row.id: row for row in rows}


def _row(reference: str, numbered_event: Numbered) -> tables.Event:
    event = numbered_event.event
    return tables.Event(
        reference=reference,
        id=event.id,
        seq=numbered_event.seq,
        kind=event.kind,
        at=event.at,
        role=event.by.role,
        actor=event.by.name,
        body=event.what.model_dump_json(),
    )
