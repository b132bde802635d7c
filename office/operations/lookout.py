"""Looks at everything at once, each part within a few seconds, and remembers what it saw for whoever asks next."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import select

from connection.alongside import alongside
from connection.logs import Ours
from office.connected import Office
from office.operations import left_over, stuck_cases, upkeep
from office.operations.finding import Finding, Kind
from office.operations.ground import Ground, Source
from register import write_check
from register.database import RegisterError

EVERY = 30.0
FRESH = 10.0
PATIENCE = 4.0
_SELDOM = 600.0
_UNWRITABLE = "It can be read and cannot be written; casereview worker --health says why."
_log = logging.getLogger("casereview.operations")

ASK_TEMPORAL: Mapping[str, Source] = {
    "the cases that stand still": stuck_cases.look,
    "whether a worker runs": upkeep.worker,
    "whether the sweep runs": upkeep.sweep,
}
ASK_REGISTER: Mapping[str, Source] = {
    "the letters": left_over.letters,
    "the acts": left_over.acts,
    "the documents": left_over.documents,
    "the applications": left_over.applications,
    "the calendars": upkeep.calendars,
    "the keys": upkeep.keys,
}
ASK_BOTH: Mapping[str, Source] = {
    "whether Temporal runs every open case": stuck_cases.not_run,
    "whether register and Temporal agree": stuck_cases.differences,
}
ASK_AROUND: Mapping[str, Source] = {"the certificates": upkeep.certificates, "the disks": upkeep.disks}
SELDOM = frozenset({"the certificates", "the calendars", "whether register and Temporal agree"})
"""What changes by the day, or lists every case there is: where nothing is found, the next look is in ten minutes."""


@dataclass(frozen=True)
class Look:
    """What was found at an instant, in the order in which it is told."""

    at: datetime
    findings: tuple[Finding, ...] = ()

    @property
    def stuck(self) -> Mapping[str, Finding]:
        """The cases that stand still, by their references."""
        kinds = (Kind.TURN_FAILS, Kind.CASE_HALTED, Kind.CASE_WITHOUT_WORKFLOW)
        return {one.reference: one for one in self.findings if one.kind in kinds and one.reference}

    def seen_by(self, council: str | None) -> tuple[Finding, ...]:
        """What concerns one council: its cases and what is nobody’s case; everything for None."""
        return tuple(one for one in self.findings if council is None or one.council in ("", council))


@dataclass
class Lookout:
    """Of one office. Safe to ask from many requests at once."""

    office: Office
    last: Look | None = None
    _at: float = float("-inf")
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)
    _kept: dict[str, tuple[float, Sequence[Finding]]] = field(default_factory=dict)

    @contextlib.asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Look now and then, so that lists can mark what stands still without waiting for it."""
        async with alongside(self._watch()):
            yield

    async def _watch(self) -> None:
        while True:
            try:
                await self.now()
            except Exception as error:
                _log.error("The look for findings failed: %s", type(error).__name__)
            await asyncio.sleep(EVERY)

    async def now(self) -> Look:
        """Look at everything, unless somebody did within the last seconds. Never raises for what does not answer."""
        async with self._looking:
            if self.last is None or time.monotonic() - self._at > FRESH:
                self.last = await self._look()
                self._at = time.monotonic()
            return self.last

    async def _look(self) -> Look:
        office = self.office
        ground = Ground(office.settings, office.client, office.database, datetime.now(UTC))
        temporal, register = await asyncio.gather(_temporal(ground), _register(ground))
        down = [one for one in (register, temporal) if one]
        sources = dict(ASK_AROUND)
        if not register or register.words == _UNWRITABLE:
            sources |= ASK_REGISTER
        if not temporal:
            sources |= ASK_TEMPORAL
        if not down:
            sources |= ASK_BOTH
        found = await asyncio.gather(*(self._part(name, source, ground) for name, source in sources.items()))
        findings = [*down, *(finding for part in found for finding in part)]
        order = list(Kind)
        findings.sort(key=lambda one: (not one.meaning.urgent, order.index(one.kind), one.reference))
        return Look(ground.now, tuple(findings))

    async def _part(self, name: str, source: Source, ground: Ground) -> Sequence[Finding]:
        kept = self._kept.get(name)
        if kept and name in SELDOM and time.monotonic() - kept[0] < _SELDOM:
            return kept[1]
        try:
            async with asyncio.timeout(PATIENCE):
                found = await source(ground)
        except Exception as error:
            _log.warning("Cannot look at %s: %s", Ours(name), type(error).__name__)
            return (Finding(Kind.NOT_LOOKED, f"There was no answer in time about {name}."),)
        if name in SELDOM and not found:
            self._kept[name] = (time.monotonic(), found)
        return found


async def _temporal(ground: Ground) -> Finding | None:
    try:
        async with asyncio.timeout(PATIENCE / 2):
            await ground.client.service_client.check_health()
    except Exception as error:
        _log.warning("Temporal does not answer: %s", type(error).__name__)
        return Finding(Kind.TEMPORAL_DOWN, "It did not answer within two seconds.")
    return None


async def _register(ground: Ground) -> Finding | None:
    try:
        async with asyncio.timeout(PATIENCE / 2), ground.database.session() as session:
            await session.exec(select(1))
    except (RegisterError, SQLAlchemyError, TimeoutError, OSError) as error:
        _log.warning("The register does not answer: %s", type(error).__name__)
        return Finding(Kind.REGISTER_DOWN, "It did not answer within two seconds, or it cannot be opened.")
    try:
        await write_check.written(ground.database, "operations", PATIENCE)
    except (RegisterError, SQLAlchemyError, TimeoutError, OSError) as error:
        _log.warning("The register cannot be written: %s", type(error).__name__)
        return Finding(Kind.REGISTER_DOWN, _UNWRITABLE)
    return None
