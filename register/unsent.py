"""Applications that applicants began on the web and have not sent: theirs alone, and not for ever."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from register import documents, tables
from register.database import Database

KEPT_FOR = timedelta(days=28)
"""How long an application lies untouched before it is deleted."""
LONGEST = 1_000_000


class TooMuch(ValueError):
    """More was typed than an application may hold."""


@dataclass(frozen=True)
class Unsent:
    """``values`` is what was typed, by the form's names; ``has_code`` if a code leads back to it.

    ``reference`` is the case's once the application is sent, and then ``values`` is empty.
    """

    id: str
    council: str
    values: Mapping[str, str]
    has_code: bool
    reference: str
    begun_at: datetime
    changed_at: datetime

    @property
    def deleted_on(self) -> datetime:
        return self.changed_at + KEPT_FOR


async def begin(database: Database, council: str, browser: str, now: datetime) -> Unsent:
    """Begin an application; ``browser`` is the hash of its browser's secret."""
    row = tables.UnsentApplication(
        id=uuid.uuid4().hex, council=council, browser=browser, body="{}", begun_at=now, changed_at=now, seen_at=now
    )
    async with database.writing() as session:
        session.add(row)
    return _unsent(row)


async def of_browser(database: Database, browser: str, now: datetime, idle: timedelta) -> Unsent | None:
    """What this browser began, unless it has lain idle for too long; that it was seen is kept now and then."""
    unsent = tables.UnsentApplication
    async with database.session() as session:
        rows = await session.exec(
            select(unsent).where(
                unsent.browser == browser,
                col(unsent.seen_at) > now - idle,
                col(unsent.changed_at) > now - KEPT_FOR,
            )
        )
        row = rows.first()
    if row and now - row.seen_at > idle / 20:
        async with database.writing() as session:
            await session.exec(update(unsent).where(col(unsent.id) == row.id).values(seen_at=now))
    return _unsent(row) if row else None


async def of_code(database: Database, code: str, now: datetime) -> Unsent | None:
    """What a code, by its hash, leads back to."""
    unsent = tables.UnsentApplication
    async with database.session() as session:
        wanted = select(unsent).where(unsent.code == code, col(unsent.changed_at) > now - KEPT_FOR)
        row = (await session.exec(wanted)).first()
    return _unsent(row) if row else None


async def keep(
    database: Database, id: str, values: Mapping[str, str], now: datetime, *, under: Iterable[str] = ()
) -> Mapping[str, str] | None:
    """Keep what a page sent in place of all that was kept ``under`` those names; all that is kept then.

    Two pages sent at once both count. None where it was sent or deleted meanwhile. Raises TooMuch.
    """
    gone = tuple(under)
    async with database.writing() as session:
        row = await _open(session, id)
        if row is None:
            return None
        kept = {name: value for name, value in json.loads(row.body).items() if not _under(name, gone)}
        kept.update(values)
        row.body = json.dumps(kept, ensure_ascii=False)
        if len(row.body) > LONGEST:
            raise TooMuch
        row.changed_at = row.seen_at = now
        session.add(row)
    return kept


async def give_code(database: Database, id: str, code: str, now: datetime) -> None:
    """From now on this code, by its hash, leads back to it, and no earlier one."""
    await _set(database, id, code=code, changed_at=now)


async def move(database: Database, id: str, browser: str, now: datetime) -> None:
    """From now on it is reached from this browser, and no longer from the one before."""
    await _set(database, id, browser=browser, seen_at=now)


async def sent(database: Database, id: str, reference: str, now: datetime) -> None:
    """It is taken in as a case, so nothing that was typed is kept here any longer; its documents are the case's."""
    unsent = tables.UnsentApplication
    async with database.writing() as session:
        values = {"reference": reference, "body": "{}", "code": None, "seen_at": now}
        await session.exec(update(unsent).where(col(unsent.id) == id).values(**values))
        await documents.move(session, id, reference)


async def forget(database: Database, now: datetime) -> int:
    """Delete every application that lay untouched for too long, with its documents; how many there were."""
    unsent = tables.UnsentApplication
    old = col(unsent.changed_at) <= now - KEPT_FOR
    async with database.writing() as session:
        for table in (tables.Document, tables.RefusedDocument):
            await session.exec(delete(table).where(col(table.unsent).in_(select(unsent.id).where(old))))
        return len((await session.exec(delete(unsent).where(old).returning(col(unsent.id)))).all())


async def _set(database: Database, id: str, **values: object) -> None:
    async with database.writing() as session:
        unsent = tables.UnsentApplication
        await session.exec(update(unsent).where(col(unsent.id) == id).values(**values))


async def _open(session: AsyncSession, id: str) -> tables.UnsentApplication | None:
    unsent = tables.UnsentApplication
    rows = await session.exec(select(unsent).where(unsent.id == id, unsent.reference == "").with_for_update())
    return rows.first()


def _under(name: str, gone: tuple[str, ...]) -> bool:
    return any(name == group or name.startswith(f"{group}.") for group in gone)


def _unsent(row: tables.UnsentApplication) -> Unsent:
    return Unsent(
        row.id, row.council, json.loads(row.body), row.code is not None, row.reference, row.begun_at, row.changed_at
    )
