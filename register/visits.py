"""Links that are open in a browser. One browser may have several open; each is a visit of its own."""

from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlmodel import col, select

from register import snapshots, tables
from register.database import Database


async def begin(database: Database, id: str, link: str, now: datetime, *, before: str = "") -> None:
    """Keep that a browser opened a link. ``id`` is the hash of its new secret, ``before`` that of its last one.

    What the browser had open already stays open under the new secret, and the old one is worth nothing.
    """
    visit = tables.Visit
    async with database.writing() as session:
        if before:
            await session.exec(delete(visit).where(col(visit.id) == before, col(visit.link_id) == link))
            await session.exec(update(visit).where(col(visit.id) == before).values(id=id))
        values = {"id": id, "link_id": link, "started_at": now, "seen_at": now}
        await session.exec(snapshots.new_row(session, visit).values(values).on_conflict_do_nothing())


async def going_on(database: Database, id: str, link: str, now: datetime, idle: timedelta, longest: timedelta) -> bool:
    """Whether a browser has a link open, unless it has lain idle or lasted too long.

    That it was seen is written down once in a tenth of ``idle``, so that most pages only read.
    """
    visit = tables.Visit
    async with database.session() as session:
        row = await session.get(visit, (id, link))
    if row is None or row.seen_at <= now - idle or row.started_at <= now - longest:
        return False
    if now - row.seen_at > idle / 10:
        async with database.writing() as session:
            await session.exec(update(visit).where(col(visit.id) == id, col(visit.link_id) == link).values(seen_at=now))
    return True


async def end(database: Database, id: str) -> None:
    """Forget everything a browser has open."""
    async with database.writing() as session:
        await session.exec(delete(tables.Visit).where(col(tables.Visit.id) == id))


async def forget_old(database: Database, before: datetime) -> None:
    """Forget the visits that began before then."""
    async with database.writing() as session:
        await session.exec(delete(tables.Visit).where(col(tables.Visit.started_at) < before))


async def number(database: Database) -> int:
    """How many visits there are."""
    async with database.session() as session:
        return len((await session.exec(select(tables.Visit.id))).all())
