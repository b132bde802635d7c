"""Whether what the console depends on answers: the register, Temporal, a worker that takes work up; and whether every
open case runs."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from temporalio.service import RPCError

from activities.mending import lost
from activities.pending_acts import take_up
from connection.alongside import alongside
from connection.logs import Ours
from office import two_halves
from office.connected import Office
from office.operations.silence import anybody_answers, explained, polled
from register import write_check
from register.backlog import newest
from register.database import RegisterError

EVERY = 5.0
PATIENCE = timedelta(seconds=3)
BREATH = 1.0
_KEYS = "the key file no longer fits the register; casereview keys check says why"
COMPARED_EVERY = 20.0
_ASKED = 2
_UNSEEN = "Temporal does not answer, so no worker can be seen"
_log = logging.getLogger("casereview.health")


@dataclass(frozen=True)
class Beat:
    """What was found, ``None`` where a part answers and else why it does not."""

    register: str | None = None
    temporal: str | None = None
    worker: str | None = None
    worker_remedy: str = ""
    cases: str | None = None

    @property
    def well(self) -> bool:
        return not (self.register or self.temporal or self.worker or self.cases)

    @property
    def remedy(self) -> str:
        """What brings back what an act needs, for the team that runs the service; empty where nothing is down."""
        if self.temporal:
            return "Your team can start Temporal again; on a machine of its own, casereview up starts everything"
        return self.worker_remedy if self.worker else ""

    @property
    def takes_acts(self) -> bool:
        """Whether an act sent now can be expected to be taken at once."""
        return not (self.temporal or self.worker)

    def as_json(self) -> dict[str, Any]:
        parts = {"register": self.register, "temporal": self.temporal or self.cases, "worker": self.worker}
        return {"ok": self.well, **{name: {"ok": not why, "why": why or ""} for name, why in parts.items()}}


def _down(words: str, error: Exception) -> str:
    """The words for people; what kind of error it was is for the log."""
    _log.warning("%s: %s", Ours(words), type(error).__name__)
    return words


class Pulse:
    """Looks every few seconds, so that no page waits for what is down. Used as an async context manager."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._at = float("-inf")
        self.beat = Beat()
        self._looking = asyncio.Lock()
        self._compared = float("-inf")
        self._dead: str | None = None

    @contextlib.asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        async with alongside(self._watch()):
            yield

    async def _watch(self) -> None:
        while True:
            if (await self.now()).well:
                await self._take_up()
            await asyncio.sleep(EVERY)

    async def _take_up(self) -> None:
        """Whoever sees that a worker answers again sends what was left; the sweep does too, now and then."""
        with contextlib.suppress(RegisterError, SQLAlchemyError):
            await take_up(self._office.client, self._office.database)

    async def now(self) -> Beat:
        """Look, unless somebody did within the last second."""
        async with self._looking:
            if time.monotonic() - self._at > BREATH:
                register, temporal = await asyncio.gather(self._register(), self._temporal())
                worker, remedy = (_UNSEEN, "") if temporal else await self._worker()
                cases = None if register or temporal else await self._cases()
                self.beat, self._at = Beat(register, temporal, worker, remedy, cases), time.monotonic()
            return self.beat

    async def _register(self) -> str | None:
        try:
            await write_check.written(self._office.database, "console")
        except Exception as error:
            return _down("the register cannot be written", error)
        return _KEYS if self._office.settings.key_ring().fault else None

    async def _temporal(self) -> str | None:
        try:
            client = self._office.client
            await asyncio.wait_for(client.service_client.check_health(timeout=PATIENCE), PATIENCE.total_seconds())
        except (RPCError, RuntimeError, TimeoutError) as error:
            return _down("Temporal does not answer", error)
        return None

    async def _worker(self) -> tuple[str | None, str]:
        """Ask a running case something: only a worker can answer. Without a case, see who asks for work.

        Another case is asked before nobody is believed to be there: one may be busy, or stuck on its own.
        """
        client, queue = self._office.client, self._office.settings.task_queue
        try:
            references = await newest(self._office.database, _ASKED)
            if await (anybody_answers(client, queue, references) if references else polled(client, queue)):
                return None, ""
            why = await explained(client, queue, *references[:1])
        except Exception as error:
            return _down("the worker cannot be asked", error), ""
        return f"{why.words}, so what is done now is kept and taken up later", why.remedy

    async def _cases(self) -> str | None:
        """Whether every open case has its workflow, looked at now and then; a look that fails says nothing new."""
        if time.monotonic() - self._compared > COMPARED_EVERY:
            self._compared = time.monotonic()
            try:
                found = await two_halves.dead(self._office)
            except Exception as error:
                _log.warning("The open cases cannot be compared with Temporal: %s", type(error).__name__)
            else:
                self._dead = lost(found) if found.dead else None
        return self._dead
