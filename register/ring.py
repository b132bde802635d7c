"""What the register knows of the key ring: each key's fingerprint, which is active, and which processes hold it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, func, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from register import snapshots, tables
from register.columns import UtcDateTime
from register.database import Database

LIVE_FOR = timedelta(seconds=30)
"""How long after its last word a process counts as running."""
_FORGOTTEN_AFTER = timedelta(days=1)
_PARTING = 2.0
_LOCK = 0x0CA5E_0517

Fingerprints = Mapping[str, str]
"""Fingerprints of keys by the keys' ids."""


class KeyState(StrEnum):
    """What a key is for: offered so that every process can read it, active, kept for reading, or lost for good."""

    OFFERED = "offered"
    ACTIVE = "active"
    READING = "reading"
    LOST = "lost"


@dataclass(frozen=True)
class KnownKey:
    """A key as the register knows it."""

    id: str
    fingerprint: str
    state: KeyState
    offered_at: datetime
    active_from: datetime | None
    active_until: datetime | None

    @property
    def needed(self) -> bool:
        """Whether something may be encrypted with it, so that no process can do without."""
        return self.state in (KeyState.ACTIVE, KeyState.READING)


@dataclass(frozen=True)
class Holder:
    """A process that encrypts; ``fault`` is what is wrong with its key file, empty where nothing is."""

    id: str
    what: str
    host: str
    pid: int
    fingerprints: Fingerprints
    fault: str = ""

    @property
    def words(self) -> str:
        return f"{self.what} on {self.host} (process {self.pid})"


@dataclass(frozen=True)
class Standing:
    """The keys, oldest first, and the processes that run now."""

    keys: tuple[KnownKey, ...] = ()
    holders: tuple[Holder, ...] = ()

    @property
    def active(self) -> str | None:
        return next((key.id for key in self.keys if key.state is KeyState.ACTIVE), None)

    @property
    def offered(self) -> KnownKey | None:
        return next((key for key in self.keys if key.state is KeyState.OFFERED), None)

    def misfit(self, fingerprints: Fingerprints) -> str | None:
        """Why a ring of these keys may not be used here, as the end of a sentence; None where it fits."""
        for key in self.keys:
            held = fingerprints.get(key.id)
            if held is not None and held != key.fingerprint:
                return f"has another key under the id {key.id} than the one that cases here are encrypted with"
        lacking = [key.id for key in self.keys if key.needed and key.id not in fingerprints]
        if lacking:
            return f"lacks the key {lacking[-1]}, which cases here are encrypted with"
        return None

    def without(self, key: KnownKey) -> tuple[Holder, ...]:
        """The running processes that cannot read what that key encrypts, or could not after a new start."""
        return tuple(
            holder for holder in self.holders if holder.fault or holder.fingerprints.get(key.id) != key.fingerprint
        )


class Ledger:
    """The ring's tables while nobody else writes them."""

    def __init__(self, session: AsyncSession, now: datetime, standing: Standing) -> None:
        self.standing = standing
        self._session = session
        self._now = now

    async def begin(self, fingerprints: Fingerprints, active: str) -> None:
        """Write down the first ring: something may be encrypted with each of its keys."""
        for id, fingerprint in fingerprints.items():
            until = None if id == active else self._now
            self._session.add(
                tables.RingKey(
                    id=id, fingerprint=fingerprint, offered_at=self._now, active_from=self._now, active_until=until
                )
            )

    async def report(self, holder: Holder) -> None:
        """Keep what a process holds, and that it runs; forget those that ended long ago."""
        row = tables.RingHolder
        values = {
            "what": holder.what, "host": holder.host, "pid": holder.pid, "fault": holder.fault,
            "fingerprints": json.dumps(dict(holder.fingerprints)), "seen_at": self._now,
        }  # fmt: skip
        kept = snapshots.new_row(self._session, row).values(id=holder.id, **values)
        await self._session.exec(kept.on_conflict_do_update(index_elements=["id"], set_=values))
        await self._session.exec(delete(row).where(col(row.seen_at) < self._now - _FORGOTTEN_AFTER))

    async def offer(self, id: str, fingerprint: str) -> None:
        """Offer a key for reading; nothing is encrypted with it yet."""
        self._session.add(tables.RingKey(id=id, fingerprint=fingerprint, offered_at=self._now))
        await self._session.flush()

    async def withdraw(self, id: str) -> None:
        """Take back an offer."""
        row = tables.RingKey
        await self._session.exec(delete(row).where(col(row.id) == id, col(row.active_from).is_(None)))

    async def activate(self, id: str) -> None:
        """Have everything encrypted with that key from now on; the one before is kept for reading."""
        row = tables.RingKey
        active = col(row.active_from).is_not(None) & col(row.active_until).is_(None)
        await self._session.exec(update(row).where(active).values(active_until=self._now))
        await self._session.exec(update(row).where(col(row.id) == id).values(active_from=self._now, active_until=None))

    async def lose(self, ids: Collection[str]) -> None:
        """Write down that nobody has these keys any more, and that nothing is encrypted with them again."""
        row = tables.RingKey
        lost = update(row).where(col(row.id).in_(ids))
        await self._session.exec(lost.values(lost_at=self._now, active_until=self._now))


@asynccontextmanager
async def ledger(database: Database) -> AsyncIterator[Ledger]:
    """The ring's tables, which one process at a time reads and writes; kept when the block ends."""
    async with database.writing() as session:
        if not database.sqlite:
            await session.exec(select(func.pg_advisory_xact_lock(_LOCK)))
        now = await _now(session, database.sqlite)
        yield Ledger(session, now, await _standing(session, now))


async def standing(database: Database) -> Standing:
    """What the register knows now."""
    async with database.session() as session:
        return await _standing(session, await _now(session, database.sqlite))


async def gone(database: Database, id: str) -> None:
    """Forget a process that has ended."""
    async with database.hurried(_PARTING) as session:
        await session.exec(delete(tables.RingHolder).where(col(tables.RingHolder.id) == id))


async def holds_cases(database: Database) -> bool:
    """Whether the register has a case."""
    async with database.session() as session:
        return (await session.exec(select(tables.Case.reference).limit(1))).first() is not None


async def links_by_key(database: Database) -> Mapping[str, int]:
    """How many links that are not revoked each key has signed."""
    link = tables.Link
    async with database.session() as session:
        counted = select(link.key_id, func.count()).where(col(link.revoked_at).is_(None)).group_by(link.key_id)
        return dict((await session.exec(counted)).all())


async def _now(session: AsyncSession, sqlite: bool) -> datetime:
    """The database's own clock: those of several machines may differ."""
    clock = func.current_timestamp if sqlite else func.clock_timestamp
    return (await session.exec(select(clock(type_=UtcDateTime())))).one()


async def _standing(session: AsyncSession, now: datetime) -> Standing:
    keys = await session.exec(select(tables.RingKey))
    running = select(tables.RingHolder).where(col(tables.RingHolder.seen_at) > now - LIVE_FOR)
    holders = await session.exec(running.order_by(col(tables.RingHolder.what), col(tables.RingHolder.host)))
    return Standing(tuple(sorted(map(_known, keys), key=_age)), tuple(_holder(row) for row in holders))


def _age(key: KnownKey) -> tuple[bool, datetime, bool, str]:
    """Keys that are only read first, by when they were active last, then the active one, then the one offered."""
    return key.active_until is None, key.active_until or key.offered_at, key.active_from is None, key.id


def _known(row: tables.RingKey) -> KnownKey:
    match row:
        case tables.RingKey(lost_at=datetime()):
            state = KeyState.LOST
        case tables.RingKey(active_from=None):
            state = KeyState.OFFERED
        case tables.RingKey(active_until=None):
            state = KeyState.ACTIVE
        case _:
            state = KeyState.READING
    return KnownKey(row.id, row.fingerprint, state, row.offered_at, row.active_from, row.active_until)


def _holder(row: tables.RingHolder) -> Holder:
    return Holder(row.id, row.what, row.host, row.pid, json.loads(row.fingerprints), row.fault)
