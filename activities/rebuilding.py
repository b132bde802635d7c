"""A workflow that is lost, begun again from what the register has of its case: at its stage, with the same dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from activities.beginning import begin
from activities.comparing import LOOKING_WITHIN, told
from connection.time_travel import fast_forward, travelling
from domain.calendar import BeyondHorizon
from domain.case import local_date
from domain.deadlines import Deadline, folded, planned
from domain.messages import LetterOrder, Start
from register import queries
from register.cases import UnknownCase
from register.database import Database
from register.queries import StoredCase
from workflows.file import CaseFile

_THERE = (
    WorkflowExecutionStatus.RUNNING,
    WorkflowExecutionStatus.COMPLETED,
    WorkflowExecutionStatus.CONTINUED_AS_NEW,
)
_A_MINUTE = timedelta(minutes=1)


class NotRebuilt(RuntimeError):
    """A case whose workflow was not begun again; the text says why."""


@dataclass(frozen=True)
class Plan:
    """How one case would be begun again.

    ``at`` is the instant its clock goes on from: the present, or that of a demonstration case which was moved on.
    ``letters`` were never handed over, as far as the case knows: they are taken up.
    """

    reference: str
    stage: str
    at: datetime
    moved: bool
    events: int
    letters: tuple[LetterOrder, ...]
    deadlines: tuple[Deadline, ...]
    start: Start


async def planned_again(database: Database, reference: str) -> Plan:
    """How the case of this reference would be begun again. Raises UnknownCase, NotRebuilt."""
    stored = await queries.case(database, reference)
    if stored is None:
        raise UnknownCase(reference)
    if not stored.numbered:
        raise NotRebuilt(f"{reference} was never begun; the next sweep begins it.")
    return planned_of(stored, datetime.now(UTC))


async def begin_again(client: Client, plan: Plan, task_queue: str) -> None:
    """Begin a case's workflow again. Raises NotRebuilt where it runs or has ended, and RPCError, CannotTravel."""
    await may_begin(client, plan)
    try:
        await begun(client, plan, plan.start, task_queue, over=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY)
    except WorkflowAlreadyStartedError:
        raise _there(plan.reference) from None


async def begun(client: Client, plan: Plan, start: Start, task_queue: str, *, over: WorkflowIDReusePolicy) -> None:
    """Begin the workflow of a planned case with ``start``, at the instant that its clock goes on from.

    Raises WorkflowAlreadyStartedError, RPCError, CannotTravel.
    """
    delay = plan.at - datetime.now(UTC) if plan.moved else timedelta()
    await begin(travelling(client) if start.demo else client, start, task_queue, over=over, delay=delay)
    if plan.moved:
        handle: Any = client.get_workflow_handle(plan.reference)
        await fast_forward(client, handle, delay)


async def as_planned(client: Client, plan: Plan) -> bool:
    """Whether the case that was begun again has the dates it was planned with, once a worker has taken it up.

    What it has done since by itself may have moved one; a date first promised never moves. Raises RPCError or
    TimeoutError where no worker answers.
    """
    situation = await told(client, plan.reference)
    quiet = len(situation.events) == plan.events
    now = {d.key: (d.promised, d.due if quiet else None) for d in situation.deadlines}
    return all(now.get(d.key) == (d.promised, d.due if quiet else None) for d in plan.deadlines)


async def may_begin(client: Client, plan: Plan) -> None:
    """Nothing where there is no workflow, or one that was ended from outside: terminated, cancelled, failed.

    Raises NotRebuilt, RPCError.
    """
    try:
        described = await client.get_workflow_handle(plan.reference).describe(rpc_timeout=LOOKING_WITHIN)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return
        raise
    if described.status in _THERE:
        raise _there(plan.reference)


def _there(reference: str) -> NotRebuilt:
    return NotRebuilt(f"The workflow of {reference} is in Temporal, so it is not begun again.")


def planned_of(stored: StoredCase, now: datetime) -> Plan:
    """The same of a case as it is read already. Raises NotRebuilt where its dates cannot be counted."""
    moved = stored.row.demo and stored.row.as_of > now + _A_MINUTE
    at = stored.row.as_of if moved else now
    try:
        file = CaseFile.brought_back(stored.start, stored.events, at)
        case, promised = folded(stored.policy, stored.calendar, stored.events)
        deadlines = planned(case, local_date(at), promised)
    except BeyondHorizon as error:
        raise NotRebuilt(f"{stored.reference} cannot be planned: {error}") from None
    progress = file.progress()
    start = stored.start.model_copy(update={"progress": progress})
    return Plan(
        stored.reference, str(file.case.stage), at, moved, len(stored.events), progress.unsent, deadlines, start
    )
