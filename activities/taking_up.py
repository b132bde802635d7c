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
    ScheduleUpdate,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError

from activities.beginning import BegunForAnother, start_case
from activities.document_news import tell_all
from activities.mending import Mending
from activities.pending_acts import take_up
from connection.time_travel import travelling
from register import documents, drafts, pending_acts, unfinished, unsent
from register.database import Database
from register.scanner import Scanner
from register.shelf import Shelf
from register.taking_in import mark_started, unstarted
from workflows.effects import TAKE_UP_CASES
from workflows.reconcile import SCHEDULE_ID, TakeUpCases

_log = logging.getLogger(__name__)
_GRACE = timedelta(seconds=30)
_EVERY = timedelta(minutes=15)


async def keep_sweeping(client: Client, task_queue: str) -> None:
    """Have the register swept for applications never started: every quarter of an hour, and once now.

    One that is there is set right, whatever somebody made of it: paused, later, another action. Runs missed while
    nothing was up are not made up for: one sweep takes up everything.
    """
    schedule = Schedule(
        action=ScheduleActionStartWorkflow(TakeUpCases.run, id=SCHEDULE_ID, task_queue=task_queue),
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=_EVERY)]),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=timedelta(seconds=10)),
    )
    try:
        await client.create_schedule(SCHEDULE_ID, schedule, trigger_immediately=True)
    except ScheduleAlreadyRunningError:
        handle = client.get_schedule_handle(SCHEDULE_ID)
        await handle.update(lambda _: ScheduleUpdate(schedule))
        await handle.trigger()


class TakingUp:
    """Gateways: the register, the client that starts workflows, the shelf of documents with their scanner, and whoever
    mends a case that has lost a half, where there are any."""

    def __init__(
        self,
        database: Database,
        client: Client,
        task_queue: str,
        shelf: Shelf | None = None,
        mending: Mending | None = None,
        scanner: Scanner | None = None,
    ) -> None:
        self._database = database
        self._client = client
        self._task_queue = task_queue
        self._shelf = shelf
        self._mending = mending
        self._scanner = scanner

    @activity.defn(name=TAKE_UP_CASES)
    async def take_up_cases(self) -> int:
        """Start every application taken in more than half a minute ago whose workflow never started, mend the cases
        that have lost a half, send what was left for a case while nobody answered, and delete what was begun in a form
        and lay untouched for too long.

        One that Temporal does not take holds up none of the others. Raises ApplicationError ``NotStarted`` for it, or
        ``NotMended`` where a person has to see to something.
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
            except BegunForAnother:
                left.append(f"{start.reference} (Temporal has another person's case under it)")
                continue
            await mark_started(self._database, start.reference)
        mended = await self._mending.mend() if self._mending else None
        await tell_all(self._client, self._database)
        await take_up(self._client, self._database)
        if self._shelf and self._scanner:
            await documents.scan_waiting(self._database, self._shelf, self._scanner, now)
        await self._tidy(now, files=mended is None or mended.register_whole)
        if left:
            raise ApplicationError(f"Not started: {', '.join(left)}; the next sweep tries again.", type="NotStarted")
        if mended and mended.left:
            raise ApplicationError(" ".join(mended.left), type="NotMended")
        return len(waiting)

    async def _tidy(self, now: datetime, files: bool) -> None:
        """Delete what was begun and lay untouched, and the ``files`` that no document names any more: of a register
        that is behind, a document that it does not know yet may."""
        for begun in (unsent, unfinished, drafts, pending_acts):
            await begun.forget(self._database, now)
        if self._shelf and files:
            try:
                await self._shelf.sweep(await documents.contents(self._database))
            except OSError as error:
                _log.warning("Old documents cannot be deleted (error %s).", error.errno)
