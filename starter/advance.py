"""Moving one demo case's clock on, by the case's own calendar. A real case keeps real time."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType
from temporalio.api.workflowservice.v1 import GetWorkflowExecutionHistoryRequest
from temporalio.client import Client, WorkflowExecutionDescription, WorkflowExecutionStatus, WorkflowHandle
from temporalio.service import RPCError

from connection.time_travel import CannotTravel, fast_forward, now_of
from domain.calendar import LONDON, BeyondHorizon, Unit, count, words
from domain.messages import Situation, Turn
from office.connected import NoAnswer, Office
from office.faults import WrongInput
from register import entries, queries
from register.cases import UnknownCase

OPENING = dt.time(10)
PATIENCE = 60.0
_ATTEMPTS = 3
_MOMENT = 0.5
_FIRST_EVENTS = 8


class NotADemo(WrongInput):
    """A real case's clock is never moved."""

    def __init__(self, reference: str) -> None:
        super().__init__(
            f"{reference} is a real case, so its clock keeps real time; only cases started as a demo can be moved on."
        )


class NotForward(WrongInput):
    """Not one way, or no way forward, to say how far; the text says how to."""


async def advance(
    office: Office,
    reference: str,
    *,
    working_days: int | None = None,
    days: int | None = None,
    to: dt.date | None = None,
) -> Situation:
    """Move a demo case on to 10:00 in London on a later day; the case as it then stands.

    Exactly one of ``working_days`` (by the case's calendar), ``days`` and ``to``. What falls due on the way happens in
    order. A case that closes on the way stays closed. Raises UnknownCase, NotADemo, NotForward, CannotTravel,
    NoSuchCase or NoAnswer with one sentence.
    """
    stored = await queries.case(office.database, reference)
    if stored is None:
        raise UnknownCase(reference)
    if not stored.row.demo:
        raise NotADemo(reference)
    if sum(given is not None for given in (working_days, days, to)) != 1:
        raise NotForward("Say how far to move the case with one of --working-days, --days and --to.")
    now = await office.today(reference)
    today = now.astimezone(LONDON).date()
    if working_days is not None:
        try:
            target = count(stored.current_calendar, today, max(working_days, 0), Unit.WORKING_DAYS).due
        except BeyondHorizon as error:
            raise NotForward(f"{error}") from None
    elif days is not None:
        target = today + dt.timedelta(days=days)
    else:
        assert to is not None
        target = to
    if target <= today:
        raise NotForward(f"{reference} is at {words(today)} and only moves forward; give a later day.")
    handle = office.handle(reference)
    if not await settled(office, handle):
        raise NotForward(f"{reference} is over, so its clock stands; `casereview show {reference}` has its story.")
    arrived = await move_to(office, handle, opening(target))
    stands = await office.situation(reference)
    if not arrived:
        return stands
    await entries.record(office.database, Turn(reference=reference, as_of=opening(target)))
    return stands.model_copy(update={"now": opening(target)})


def opening(day: dt.date) -> dt.datetime:
    """10:00 in London: when people act on ``day``."""
    return dt.datetime.combine(day, OPENING, LONDON)


async def move_to(office: Office, handle: WorkflowHandle[Any, Any], instant: dt.datetime) -> bool:
    """Bring a case's clock to ``instant``, with all that falls due before it carried out; False if the case ended.

    Nothing if it is there already. Raises CannotTravel.
    """
    ahead = instant - await now_of(office.client, handle)
    if ahead > dt.timedelta():
        try:
            await fast_forward(office.client, handle, ahead)
        except CannotTravel:
            if await _ended(handle):
                return False
            raise
    return await settled(office, handle)


async def settled(office: Office, handle: WorkflowHandle[Any, Any]) -> bool:
    """Wait until the case has carried out all it has to do now; False if it ended. Raises NoAnswer."""
    deadline, seen = asyncio.get_running_loop().time() + PATIENCE, b""
    begun = False
    while asyncio.get_running_loop().time() < deadline:
        begun = begun or await _begun(handle)
        described = await handle.describe()
        if described.status is not WorkflowExecutionStatus.RUNNING:
            return False
        if begun and _idle(described):
            return True
        if described.raw_description.pending_workflow_task.attempt > _ATTEMPTS:
            raise NoAnswer(f"{handle.id} is stuck: its workflow fails again and again; the worker's log says how.")
        seen = await _something_happens(office.client, handle, seen)
    raise NoAnswer(f"{handle.id} has not carried out its work after {PATIENCE:.0f} seconds; see whether a worker runs.")


async def _something_happens(client: Client, handle: WorkflowHandle[Any, Any], seen: bytes) -> bytes:
    """Wait until the case's history has more than ``seen``, or a moment; how far it then was seen."""
    request = GetWorkflowExecutionHistoryRequest(
        namespace=client.namespace,
        execution=WorkflowExecution(workflow_id=handle.id),
        wait_new_event=True,
        next_page_token=seen,
    )
    try:
        async with asyncio.timeout(_MOMENT):
            return (await client.workflow_service.get_workflow_execution_history(request)).next_page_token
    except TimeoutError:
        return seen


async def _begun(handle: WorkflowHandle[Any, Any]) -> bool:
    """Whether its first task was handed out: a demo case is started now and begins on its own day, and from that day's
    coming to the task the server takes a moment."""
    async for event in handle.fetch_history_events(page_size=_FIRST_EVENTS):
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED:
            return True
    return False


def _idle(described: WorkflowExecutionDescription) -> bool:
    raw = described.raw_description
    return not raw.pending_activities and not raw.HasField("pending_workflow_task")


async def _ended(handle: WorkflowHandle[Any, Any]) -> bool:
    try:
        return (await handle.describe()).status is not WorkflowExecutionStatus.RUNNING
    except RPCError:
        return False
