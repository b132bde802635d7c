"""Systems that send applications: whose they are, the hash of each one's key, and what each has sent."""

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import col, select

from register import tables
from register.database import Database

PREFIX = "casereview_"
_NOTED_EVERY = timedelta(minutes=1)


class SourceError(ValueError):
    """A source that cannot be made or revoked; the text says why."""


@dataclass(frozen=True)
class SendingSystem:
    """A council's system that sends applications with a key of its own; ``council`` is a policy's id."""

    id: str
    name: str
    council: str
    made_at: datetime
    revoked_at: datetime | None = None
    used_at: datetime | None = None


@dataclass(frozen=True)
class SentApplication:
    """An application as a source sent it; ``fingerprint`` is the SHA-256 of its content."""

    source: str
    fingerprint: str


@dataclass(frozen=True)
class Sent:
    """What became of a delivery. ``began``: the register has heard from the case's workflow or of its start."""

    reference: str
    source: str
    fingerprint: str
    began: bool


async def add(database: Database, name: str, council: str, now: datetime) -> tuple[SendingSystem, str]:
    """Make a source; the source and its key, which is kept only as a hash. Raises SourceError."""
    name, key = name.strip(), PREFIX + secrets.token_urlsafe(32)
    async with database.writing() as session:
        if (await session.exec(select(tables.Source.id).where(tables.Source.name == name))).first():
            raise SourceError(f"There is a source “{name}” already; choose another name, such as “{name} 2”.")
        row = tables.Source(id=uuid.uuid4().hex, name=name, council=council, key_hash=_hash(key), made_at=now)
        session.add(row)
        return _source(row), key


async def listed(database: Database) -> list[SendingSystem]:
    """Every source, by council and name."""
    source = tables.Source
    async with database.session() as session:
        return [_source(row) for row in await session.exec(select(source).order_by(source.council, source.name))]


async def revoke(database: Database, name: str, now: datetime) -> SendingSystem:
    """Refuse a source's key from now on. Raises SourceError where there is none of that name."""
    async with database.writing() as session:
        row = (await session.exec(select(tables.Source).where(tables.Source.name == name.strip()))).first()
        if row is None:
            raise SourceError(f"There is no source “{name.strip()}”; `casereview source list` shows those there are.")
        row.revoked_at = row.revoked_at or now
        session.add(row)
        return _source(row)


async def by_key(database: Database, key: str, now: datetime) -> SendingSystem | None:
    """Whose key it is, unless it is revoked. That it was used is written down once a minute."""
    async with database.session() as session:
        row = (await session.exec(select(tables.Source).where(tables.Source.key_hash == _hash(key)))).first()
    if row is None or row.revoked_at is not None:
        return None
    if row.used_at is None or now - row.used_at > _NOTED_EVERY:
        async with database.writing() as session:
            await session.exec(update(tables.Source).where(col(tables.Source.id) == row.id).values(used_at=now))
    return _source(row)


async def sent(database: Database, reference: str) -> Sent | None:
    """The delivery that became a case; None where no source sent it."""
    delivery, case = tables.Delivery, tables.Case
    async with database.session() as session:
        rows = await session.exec(
            select(delivery.source_id, delivery.fingerprint, case.started)
            .join(case, col(case.reference) == col(delivery.reference))
            .where(delivery.reference == reference)
        )
        row = rows.first()
    return Sent(reference, *row) if row else None


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _source(row: tables.Source) -> SendingSystem:
    return SendingSystem(row.id, row.name, row.council, row.made_at, row.revoked_at, row.used_at)
