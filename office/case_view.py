"""One case as the register holds it, planned as of now: what every reading command starts from."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeVar

from connection.settings import Settings
from domain.calendar import BeyondHorizon
from domain.case import Case, local_date
from domain.deadlines import Deadline, folded, planned
from domain.keys import DeadlineKey
from domain.policy import Policy
from domain.rules import possible
from domain.waiting import Waiting, describe
from office.faults import WrongInput, one_of
from register import queries
from register.database import Database
from register.queries import StoredCase

T = TypeVar("T")


@dataclass(frozen=True)
class CaseView:
    """``now`` is the case's own time: the real one, or a demonstration case's as the register last heard."""

    stored: StoredCase
    case: Case
    now: datetime
    deadlines: tuple[Deadline, ...]
    waiting: Waiting

    @property
    def reference(self) -> str:
        return self.stored.reference

    @property
    def policy(self) -> Policy:
        return self.stored.policy

    @property
    def today(self) -> date:
        return local_date(self.now)

    @property
    def possible(self) -> tuple[str, ...]:
        return possible(self.case) if self.stored.numbered else ()

    def deadline(self, key: str) -> Deadline:
        """The deadline of that key. Raises WrongInput, listing those there are."""
        named = DeadlineKey.read(key)
        deadline = next((d for d in self.deadlines if named and d.key == str(named)), None)
        if deadline is None:
            raise one_of("deadline", key, [d.key for d in self.deadlines])
        return deadline


@asynccontextmanager
async def register() -> AsyncIterator[Database]:
    """The register, its tables made if there are none yet. Raises RegisterError or SettingsError."""
    settings = Settings.load()
    async with Database(settings.register_url) as database:
        await database.upgrade()
        yield database


def in_register(work: Callable[[Database], Awaitable[T]]) -> T:
    """What some work in the register comes to. Raises what it raises, RegisterError or SettingsError."""

    async def done() -> T:
        async with register() as database:
            return await work(database)

    return asyncio.run(done())


async def view(database: Database, reference: str) -> CaseView:
    """One case. Raises WrongInput where there is none of that reference."""
    stored = await queries.case(database, reference.strip().upper())
    if stored is None:
        raise unknown(reference)
    return viewed(stored)


def viewed(stored: StoredCase) -> CaseView:
    """A case as the register holds it, planned as of now."""
    now = stored.row.as_of if stored.row.demo else datetime.now(UTC)
    known = Waiting(stored.row.waiting, stored.row.must_act)
    if not stored.numbered:
        return CaseView(stored, stored.folded(), now, (), known)
    try:
        case, promised = folded(stored.policy, stored.calendar, stored.events)
        deadlines = planned(case, local_date(now), promised)
    except BeyondHorizon:
        return CaseView(stored, stored.folded(), now, stored.deadlines, known)
    return CaseView(stored, case, now, deadlines, describe(case, deadlines, local_date(now)))


def unknown(reference: str) -> WrongInput:
    return WrongInput(
        f"There is no case {reference.strip().upper() or '“”'}; `casereview cases` lists those there are."
    )
