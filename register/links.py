"""Links by which somebody without an account does their part of one case: issued, printed again, revoked, opened.

What makes a link work, its signature, is in no row here; it is in the letters that printed it, as they are kept.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.terms import LinkPurpose as LinkPurpose
from register import snapshots, tables
from register.database import Database

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32: what is typed as I, L or O is read as 1, 1 or 0."""
ID_LENGTH = 8


class Held(NamedTuple):
    """What identifies a link in its case: what it is for, who holds it, and about what, as its Purpose says."""

    purpose: LinkPurpose
    holder: str
    about: str = ""


class LinkState(StrEnum):
    """Whether a link still opens."""

    LIVE = "live"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Link:
    """One link. ``holder`` and ``about`` are as its Purpose says; ``key_id`` is the key that signs it.

    ``revoked_by`` is the name of who revoked it, ``used_at`` when a page was last opened by it.
    """

    id: str
    reference: str
    purpose: LinkPurpose
    holder: str
    about: str
    number: int
    key_id: str
    issued_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    revoked_by: str
    used_at: datetime | None

    def state(self, now: datetime, *, ended: datetime | None, after: timedelta) -> LinkState:
        """``ended`` is when the case was closed or withdrawn; its links open for ``after`` from then."""
        if self.revoked_at is not None:
            return LinkState.REVOKED
        return LinkState.EXPIRED if now >= self.until(ended, after) else LinkState.LIVE

    def until(self, ended: datetime | None, after: timedelta) -> datetime:
        """When it stops to open."""
        return self.expires_at if ended is None else min(self.expires_at, ended + after)


async def issue(
    database: Database,
    reference: str,
    purpose: LinkPurpose,
    holder: str,
    *,
    about: str = "",
    key_id: str,
    now: datetime,
    lasts: timedelta,
) -> Link | None:
    """One link; see ``issue_all``."""
    held = Held(purpose, holder, about)
    return (await issue_all(database, reference, (held,), key_id=key_id, now=now, lasts=lasts))[held]


async def issue_all(
    database: Database, reference: str, asked: Collection[Held], *, key_id: str, now: datetime, lasts: timedelta
) -> dict[Held, Link | None]:
    """The links of those holders and things, made where there are none: they are printed now, and last from now.

    Asked for again they are the same links. None where the latest was revoked and nobody has made a new one since.
    """
    async with database.writing() as session:
        known = await _latest(session, reference, asked)
        if missing := sorted(held for held in asked if held not in known):
            await _make(session, reference, missing, 1, key_id, now, lasts)
            known |= await _latest(session, reference, missing)
        for row in known.values():
            if row.revoked_at is None and row.expires_at < now + lasts:
                row.expires_at = now + lasts
                session.add(row)
        await session.flush()
        return {held: None if known[held].revoked_at else _link(known[held]) for held in asked}


async def renew(database: Database, id: str, *, by: str, key_id: str, now: datetime, lasts: timedelta) -> Link:
    """A new link in place of the latest of the same holder and thing, which is revoked. Raises KeyError."""
    async with database.writing() as session:
        old = await _row(session, id)
        held = Held(LinkPurpose(old.purpose), old.holder, old.about)
        latest = (await _latest(session, old.reference, (held,)))[held]
        await _revoked(session, latest, by, now)
        await _make(session, old.reference, (held,), latest.number + 1, key_id, now, lasts)
        return _link((await _latest(session, old.reference, (held,)))[held])


async def renew_once(database: Database, id: str, *, by: str, key_id: str, now: datetime, lasts: timedelta) -> Link:
    """A new link in place of this one, made once however often it is asked for: the latest of its holder and thing.

    Raises KeyError.
    """
    async with database.writing() as session:
        old = await _row(session, id)
        held = Held(LinkPurpose(old.purpose), old.holder, old.about)
        latest = (await _latest(session, old.reference, (held,)))[held]
        if latest.id != old.id:
            return _link(latest)
        await _revoked(session, latest, by, now)
        await _make(session, old.reference, (held,), latest.number + 1, key_id, now, lasts)
        return _link((await _latest(session, old.reference, (held,)))[held])


async def revoke(database: Database, id: str, *, by: str, now: datetime) -> Link:
    """End a link and every visit by it. One that is revoked already stays as it was. Raises KeyError."""
    async with database.writing() as session:
        row = await _row(session, id)
        await _revoked(session, row, by, now)
        return _link(row)


async def by_id(database: Database, id: str) -> Link | None:
    async with database.session() as session:
        row = await session.get(tables.Link, id)
        return _link(row) if row else None


async def of_case(database: Database, reference: str) -> list[Link]:
    """Every link of a case, by what it is for, the latest of each first."""
    link = tables.Link
    async with database.session() as session:
        rows = await session.exec(
            select(link)
            .where(link.reference == reference)
            .order_by(link.purpose, link.holder, link.about, col(link.number).desc())
        )
        return [_link(row) for row in rows]


async def _latest(session: AsyncSession, reference: str, asked: Collection[Held]) -> dict[Held, tables.Link]:
    """The newest link of each that was asked for and has one."""
    link = tables.Link
    holders = {held.holder for held in asked}
    rows = await session.exec(
        select(link)
        .where(link.reference == reference, col(link.holder).in_(holders))
        .order_by(col(link.number))
        .execution_options(populate_existing=True)
    )
    newest = {Held(LinkPurpose(row.purpose), row.holder, row.about): row for row in rows}
    return {held: newest[held] for held in asked if held in newest}


async def _make(
    session: AsyncSession, reference: str, asked: Collection[Held], number: int, key_id: str, now: datetime,
    lasts: timedelta,
) -> None:  # fmt: skip
    """Where another process makes the same link at this moment, there is one, and it is the one that was first."""
    values = [
        {
            "id": "".join(secrets.choice(ALPHABET) for _ in range(ID_LENGTH)), "reference": reference,
            "purpose": held.purpose.value, "holder": held.holder, "about": held.about, "number": number,
            "key_id": key_id, "issued_at": now, "expires_at": now + lasts, "revoked_by": "",
        }
        for held in asked
    ]  # fmt: skip
    await snapshots.keep_new(session, tables.Link, values)


async def _row(session: AsyncSession, id: str) -> tables.Link:
    row = await session.get(tables.Link, id)
    if row is None:
        raise KeyError(id)
    return row


async def _revoked(session: AsyncSession, row: tables.Link, by: str, now: datetime) -> None:
    if row.revoked_at is None:
        row.revoked_at, row.revoked_by = now, by
        session.add(row)
        await session.exec(delete(tables.Visit).where(col(tables.Visit.link_id) == row.id))
        await session.flush()


def _link(row: tables.Link) -> Link:
    return Link(
        id=row.id, reference=row.reference, purpose=LinkPurpose(row.purpose), holder=row.holder, about=row.about,
        number=row.number, key_id=row.key_id, issued_at=row.issued_at, expires_at=row.expires_at,
        revoked_at=row.revoked_at, revoked_by=row.revoked_by, used_at=row.used_at,
    )  # fmt: skip
