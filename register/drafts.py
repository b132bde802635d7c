"""What somebody began in the console and is not done: an application, or an act waiting for a second person."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, or_, update
from sqlmodel import col, select

from register import tables
from register.database import Database
from register.unsent import KEPT_FOR
from register.users import EVERY_COUNCIL, User


class Begun(StrEnum):
    APPLICATION = "application"
    PROPOSAL = "proposal"


@dataclass(frozen=True)
class Draft:
    """``body`` is what was typed, as its page keeps it; ``user_id`` and ``name`` are of who began it."""

    id: str
    kind: Begun
    council: str
    reference: str
    act: str
    user_id: str
    name: str
    body: str
    created_at: datetime
    changed_at: datetime

    @property
    def deleted_on(self) -> datetime:
        """When an application that nobody touches any more is deleted."""
        return self.changed_at + KEPT_FOR


async def begin(
    database: Database,
    kind: Begun,
    user: User,
    *,
    council: str,
    body: str,
    now: datetime,
    reference: str = "",
    act: str = "",
    id: str = "",
) -> Draft:
    """Keep something begun; the same ``id`` again finds what was kept."""
    id = id or uuid.uuid4().hex
    async with database.writing() as session:
        row = await session.get(tables.Draft, id)
        if row is None:
            row = tables.Draft(
                id=id, kind=kind.value, council=council, reference=reference, act=act, user_id=user.id,
                name=user.name, body=body, created_at=now, changed_at=now,
            )  # fmt: skip
            session.add(row)
        return _draft(row)


async def keep(database: Database, id: str, body: str, now: datetime) -> None:
    """Keep what was typed since."""
    async with database.writing() as session:
        changed = update(tables.Draft).where(col(tables.Draft.id) == id).values(body=body, changed_at=now)
        await session.exec(changed)


async def with_id(database: Database, id: str) -> Draft | None:
    async with database.session() as session:
        row = await session.get(tables.Draft, id)
        return _draft(row) if row else None


async def of(database: Database, kind: Begun, council: str) -> list[Draft]:
    """What is begun at a council, or at every one for ``*``, the oldest first."""
    draft = tables.Draft
    wanted = select(draft).where(draft.kind == kind.value).order_by(col(draft.created_at))
    if council != EVERY_COUNCIL:
        wanted = wanted.where(draft.council == council)
    async with database.session() as session:
        return [_draft(row) for row in await session.exec(wanted)]


async def discard(database: Database, id: str) -> None:
    async with database.writing() as session:
        await session.exec(delete(tables.Draft).where(col(tables.Draft.id) == id))


async def forget(database: Database, now: datetime) -> int:
    """Delete the applications that lay untouched for 28 days, and proposals as old of cases that are over; how many.

    A proposal of a case that runs waits for its second person however long that takes.
    """
    draft, case = tables.Draft, tables.Case
    over = select(case.reference).where(col(case.closed_at).is_not(None))
    nobodys = or_(col(draft.kind) == Begun.APPLICATION.value, col(draft.reference).in_(over))
    async with database.writing() as session:
        gone = delete(draft).where(col(draft.changed_at) <= now - KEPT_FOR, nobodys).returning(col(draft.id))
        return len((await session.exec(gone)).all())


def _draft(row: tables.Draft) -> Draft:
    return Draft(**{**row.model_dump(), "kind": Begun(row.kind)})
