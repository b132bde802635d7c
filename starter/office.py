"""The one way in to cases: take an application in, act on a case, look at one. Command line and console share it."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from activities.intake import start_case
from connection.client import connect
from connection.settings import Settings
from connection.time_travel import now_of, travelling
from domain.application import ApplicationForm
from domain.calendar import Calendar
from domain.events import Actor, Body
from domain.messages import Accepted, Situation, Start, act_of
from domain.policy import Policy
from register.database import Database
from register.intake import mark_started, take_in
from workflows.case_review import CaseReview

ANSWER_WITHIN = timedelta(seconds=15)


class Refused(Exception):
    """The rules do not allow this act now; the text is the workflow's own sentence."""


class NoSuchCase(LookupError):
    """There is no case of this reference, or it is over and its workflow with it."""


class NoAnswer(Exception):
    """No worker answered in time: the act may yet be taken, so it is sent again under the same id."""


@dataclass
class Office:
    """A connected office: Temporal on one hand, the register on the other.

    ``held`` keeps a worker of this process from taking up what is sent to a case while its block lasts.
    """

    settings: Settings
    client: Client
    database: Database
    held: Callable[[], AbstractContextManager[object]] = nullcontext

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: Settings) -> AsyncIterator[Office]:
        """Connect to both. Raises ServerNotRunning, SettingsError or RegisterError with one sentence."""
        client = await connect(settings)
        async with Database(settings.register_url) as database:
            await database.upgrade()
            yield cls(settings, client, database)

    def handle(self, reference: str) -> WorkflowHandle[Any, Any]:
        return self.client.get_workflow_handle_for(CaseReview.run, reference)

    async def apply(
        self,
        form: ApplicationForm,
        policy: Policy,
        calendar: Calendar,
        *,
        by: Actor,
        demo: bool = False,
        intake_key: str | None = None,
        now: datetime | None = None,
    ) -> str:
        """Take an application in and start its case; the case's reference.

        The register has it before Temporal hears of it, so nothing is lost if this process dies in between: the
        schedule that sweeps the register starts it. Raises ValueError listing what is wrong with the application.
        """  # fmt: skip
        start = await take_in(
            self.database, form, policy, calendar, by=by, now=now or datetime.now(UTC), demo=demo, intake_key=intake_key
        )
        await self.begin(start)
        return start.reference

    async def begin(self, start: Start) -> None:
        """Start the case of an application that was taken in; one that runs already is left alone."""
        client = travelling(self.client) if start.demo else self.client
        await start_case(client, start, self.settings.task_queue)
        await mark_started(self.database, start.reference)

    async def act(self, reference: str, what: Body, by: Actor, *, id: str | None = None) -> Accepted:
        """Do one act by its Update. The same ``id`` again is applied once.

        Raises Refused with the rules' sentence, NoSuchCase, or NoAnswer.
        """
        if what.act is None:
            raise Refused(f"{type(what).model_fields['kind'].default} is not an act of a person")
        try:
            return await asyncio.wait_for(
                self.handle(reference).execute_update(
                    what.act, act_of(by, what), id=id or uuid.uuid4().hex, result_type=Accepted
                ),
                ANSWER_WITHIN.total_seconds(),
            )
        except WorkflowUpdateFailedError as error:
            cause = error.cause
            raise Refused(cause.message if isinstance(cause, ApplicationError) else str(cause)) from None
        except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError):
            raise NoAnswer(
                f"{reference} did not answer: no worker seems to be running. Start one with `casereview up` or "
                "`casereview worker` and send the act again."
            ) from None
        except RPCError as error:
            raise _missing(reference, error) from None

    async def signal(self, reference: str, what: Body, by: Actor, *, id: str | None = None) -> None:
        """Leave word by a Signal, which is kept even with no worker up: withdraw, add-incident, a chair's decision."""
        act = act_of(by, what, id or uuid.uuid4().hex)
        try:
            await self.handle(reference).signal(what.act or "", act)
        except RPCError as error:
            raise _missing(reference, error) from None

    async def situation(self, reference: str) -> Situation:
        """The case as its workflow sees it; of one that is over, what it ended with, for which no worker is needed.

        Raises NoSuchCase or NoAnswer.
        """
        handle = self.handle(reference)
        try:
            if (await handle.describe()).status is WorkflowExecutionStatus.COMPLETED:
                ended: Situation = await handle.result()
                return ended
            return await handle.query(CaseReview.situation, rpc_timeout=ANSWER_WITHIN)
        except RPCError as error:
            raise _missing(reference, error) from None

    async def today(self, reference: str) -> datetime:
        """The case's own time: a demo case's clock may have been moved on."""
        try:
            return await now_of(self.client, self.handle(reference))
        except RPCError as error:
            raise _missing(reference, error) from None


def _missing(reference: str, error: RPCError) -> Exception:
    if error.status is RPCStatusCode.NOT_FOUND:
        over = "already completed" in error.message
        return NoSuchCase(
            f"{reference} is closed; nothing more can be done to it."
            if over
            else f"There is no running case {reference}. `casereview cases` lists them."
        )
    if error.status in (RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED):
        return NoAnswer(f"{reference} did not answer: no worker seems to be running. Start one with `casereview up`.")
    return NoAnswer(f"{reference} could not be reached: {error.message}")
