"""An office that is connected: Temporal on one hand, the register on the other, and a case as its workflow sees it."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle, WorkflowQueryFailedError
from temporalio.runtime import Runtime
from temporalio.service import RPCError, RPCStatusCode

from activities.beginning import start_case
from connection import admission, traces
from connection.client import connect
from connection.settings import Settings
from connection.time_travel import now_of, travelling
from connection.updates import ANSWER_WITHIN, missing
from domain.events import Actor, Body
from domain.messages import Situation, Start, act_of
from office.operations import silence
from register.database import Database
from register.taking_in import mark_started
from workflows.case_review import CaseReview

LOOKING_WITHIN = timedelta(seconds=3)
_BETWEEN_RUNS = 0.05


class NoSuchCase(LookupError):
    """There is no case of this reference, or it is over and its workflow with it."""


class NoAnswer(Exception):
    """No worker answered in time."""


@dataclass
class Office:
    """A connected office: Temporal on one hand, the register on the other.

    ``start_within`` are the seconds that somebody who applies waits for Temporal; the sweep of the register begins what
    was not begun by then.
    ``held`` keeps a worker of this process from taking up what is sent to a case while its block lasts.
    """

    settings: Settings
    client: Client
    database: Database
    start_within: float = 5.0
    held: Callable[[], AbstractContextManager[object]] = nullcontext

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: Settings, lasting: str = "", runtime: Runtime | None = None) -> AsyncIterator[Office]:
        """Connect to both, with the keys that fit them; ``lasting`` names a process that stays.

        Raises ServerNotRunning, SettingsError, RegisterError or KeyRingError with one sentence.
        """
        ring, database = settings.key_ring(), Database(settings.register_url)

        async def connected() -> Client:
            return await connect(settings, ring=ring, runtime=runtime, interceptors=traces.interceptors())

        first = None if database.is_there else await connected()  # no register is made where nothing runs
        async with database:
            await database.upgrade()
            await admission.fits(ring, database)
            client = first or await connected()
            if not lasting:
                await admission.admit(ring, client, database)
                yield cls(settings, client, database)
                return
            async with admission.holding(ring, client, database, lasting):
                yield cls(settings, client, database)

    def handle(self, reference: str) -> WorkflowHandle[Any, Any]:
        return self.client.get_workflow_handle_for(CaseReview.run, reference)

    async def begin(self, start: Start) -> None:
        """Start the case of an application that was taken in; one that runs already is left alone."""
        client = travelling(self.client) if start.demo else self.client
        await start_case(client, start, self.settings.task_queue)
        await mark_started(self.database, start.reference)

    async def signal(self, reference: str, what: Body, by: Actor, *, id: str | None = None) -> None:
        """Leave word by a Signal, which is kept even with no worker up: withdraw, add-incident, a chair's decision."""
        act = act_of(by, what, id or uuid.uuid4().hex)
        try:
            await self.handle(reference).signal(what.act or "", act)
        except RPCError as error:
            raise await self._missing(reference, error) from None

    async def situation(self, reference: str) -> Situation:
        """The case as its workflow sees it; of one that is over, what it ended with, for which no worker is needed.

        Raises NoSuchCase or NoAnswer.
        """
        handle = self.handle(reference)
        try:
            if (await handle.describe()).status is WorkflowExecutionStatus.COMPLETED:
                ended: Situation = await handle.result()
                return ended
            return await asked(handle)
        except (TimeoutError, WorkflowQueryFailedError):
            raise await self._silent(reference) from None
        except RPCError as error:
            raise await self._missing(reference, error) from None

    async def run(self, reference: str) -> str:
        """The id of the case's newest run; empty where Temporal does not say within a few seconds."""
        try:
            described = await self.handle(reference).describe(rpc_timeout=LOOKING_WITHIN)
        except RPCError:
            return ""
        return described.run_id or ""

    async def today(self, reference: str) -> datetime:
        """The case's own time: a demo case's clock may have been moved on."""
        try:
            return await now_of(self.client, self.handle(reference))
        except RPCError as error:
            raise await self._missing(reference, error) from None

    async def why_silent(self, reference: str) -> silence.Silence:
        """Why nobody answers for a case: what Temporal says of its workers and of the case itself."""
        return await silence.explained(self.client, self.settings.task_queue, reference)

    async def _silent(self, reference: str) -> NoAnswer:
        why = await self.why_silent(reference)
        return NoAnswer(f"{reference} did not answer: {why.words}. {why.remedy}.")

    async def _missing(self, reference: str, error: RPCError) -> Exception:
        if absent := missing(reference, error):
            return NoSuchCase(absent.sentence)
        if error.status in (RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED):
            return await self._silent(reference)
        return NoAnswer(f"{reference} could not be reached: {error.message}")


async def asked(handle: WorkflowHandle[Any, Any]) -> Situation:
    """The situation of a case that is not over. Raises TimeoutError where it does not answer, and RPCError.

    Where a case has just continued as new there is for a moment no run that can be asked.
    """
    async with asyncio.timeout(ANSWER_WITHIN.total_seconds()):
        while True:
            try:
                return await handle.query(CaseReview.situation, rpc_timeout=ANSWER_WITHIN)
            except RPCError as error:
                if error.status is not RPCStatusCode.FAILED_PRECONDITION:
                    raise
            await asyncio.sleep(_BETWEEN_RUNS)
