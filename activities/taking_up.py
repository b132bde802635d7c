"""Starting the workflow of an application that was taken in, and sweeping up those that never started."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from temporalio import activity
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
)
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError

from activities.document_news import tell_all
from activities.pending_acts import take_up
from connection.time_travel import travelling
from domain.messages import Start
from register import documents, drafts, pending_acts, unfinished, unsent
from register.database import Database
from register.shelf import Shelf
from register.taking_in import mark_started, unstarted
from workflows.case_review import CaseReview
from workflows.display import at_start
from workflows.effects import TAKE_UP_CASES
from workflows.reconcile import SCHEDULE_ID, TakeUpCases

_log = logging.getLogger(__name__)
_GRACE = timedelta(seconds=30)
_EVERY = timedelta(minutes=15)


async def start_case(client: Client, start: Start, task_queue: str) -> None:
    """Start a case's workflow under its reference; one that runs already is left alone."""
    policy = start.policy
    try:
        await client.start_workflow(
            CaseReview.run,
            start,
            id=start.reference,
            task_queue=task_queue,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            search_attributes=at_start(policy, start.demo),
            static_summary=f"ASB Case Review {start.reference}, {policy.identity.council}",
            static_details=(
                f"Policy {policy.id} {policy.version}; calendar {start.calendar.hash[:12]} from {start.calendar.source}"
            ),
        )
    except WorkflowAlreadyStartedError:
        return


async def keep_sweeping(client: Client, task_queue: str) -> None:
    """Have the register swept for applications never started: every quarter of an hour, and once now.

    Runs missed while nothing was up are not made up for: one sweep takes up everything.
    """
    schedule = Schedule(
        action=ScheduleActionStartWorkflow(TakeUpCases.run, id=SCHEDULE_ID, task_queue=task_queue),
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=_EVERY)]),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=timedelta(seconds=10)),
    )
    try:
        await client.create_schedule(SCHEDULE_ID, schedule, trigger_immediately=True)
    except ScheduleAlreadyRunningError:
        await client.get_schedule_handle(SCHEDULE_ID).trigger()


class TakingUp:
    """Gateways: the register, the client that starts workflows, and the shelf of documents, where there is one."""

    def __init__(self, database: Database, client: Client, task_queue: str, shelf: Shelf | None = None) -> None:
        self._database = database
        self._client = client
        self._task_queue = task_queue
        self._shelf = shelf

    @activity.defn(name=TAKE_UP_CASES)
    async def take_up_cases(self) -> int:
        """Start every application taken in more than half a minute ago whose workflow never started, send what was
        left for a case while nobody answered, and delete what was begun in a form and lay untouched for too long.

        One that Temporal does not take holds up none of the others. Raises ApplicationError ``NotStarted`` for it.
        """
        now = datetime.now(UTC)
        waiting = await unstarted(self._database, _GRACE, now)
        left: list[str] = []
        for start in waiting:
            client = travelling(self._client) if start.demo else self._client
            try:
                await start_case(client, start, self._task_queue)
            except RPCError as error:
                left.append(f"{start.reference} ({error.status.name})")
                continue
            await mark_started(self._database, start.reference)
        await tell_all(self._client, self._database)
        await take_up(self._client, self._database)
        await self._tidy(now)
        if left:
            raise ApplicationError(f"Not started: {', '.join(left)}; the next sweep tries again.", type="NotStarted")
        return len(waiting)

    async def _tidy(self, now: datetime) -> None:
        """Delete what was begun and lay untouched, and the files that no document names any more."""
        for begun in (unsent, unfinished, drafts, pending_acts):
            await begun.forget(self._database, now)
        if self._shelf:
            try:
                await self._shelf.sweep(await documents.contents(self._database))
            except OSError as error:
                _log.warning("Old documents cannot be deleted (error %s).", error.errno)
