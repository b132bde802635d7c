"""Why one case does not go on, as Temporal has it: a turn that is tried in vain, or a case no worker can carry on."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from temporalio.api.common.v1 import Payload, WorkflowExecution
from temporalio.api.enums.v1 import WorkflowTaskFailedCause
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.workflow.v1 import PendingActivityInfo, PendingWorkflowTaskInfo
from temporalio.api.workflowservice.v1 import GetWorkflowExecutionHistoryReverseRequest
from temporalio.client import Client, WorkflowExecutionDescription
from temporalio.service import RPCError

from connection.client import connect
from connection.codec import EncryptionCodec, UnreadablePayload
from connection.keys import UnknownKey
from connection.settings import Settings
from workflows.attributes import STUCK
from workflows.effects import CARRY_OUT

TRIES = 3
"""What fails more often than this is told."""
_WITHIN = timedelta(seconds=2)
_LOOK_BACK = 100
_FOREIGN_KEY = ("NotTaken", "UnknownKey", "UnreadablePayload")
_OURS = frozenset({"RegisterError", "TryLater", "Contended", "UnknownCase"})
"""Errors whose words are ours and hold nothing that somebody wrote."""
_KNOWN: Mapping[str, str] = {
    "RegisterError": "The register could not be used: check its disk and its database.",
    "TryLater": "The mail server or GOV.UK Notify does not take the letter now.",
    "Contended": "Another process has the same letter in its hands.",
    "UnknownCase": "The register does not know the case.",
    "Unreadable": "The register holds something of the case that this version does not understand.",
}
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,60}")


@dataclass(frozen=True)
class Standstill:
    """``halted`` if no worker gets the case to do anything, else one turn of it fails; ``since`` by its own clock.

    ``step`` is what is tried, ``error`` a sentence about the last attempt, ``kind`` the error's name. ``foreign_key``
    if the reason is a key ring that does not fit.
    """

    halted: bool
    since: datetime | None
    tries: int
    step: str
    error: str
    kind: str = ""
    foreign_key: bool = False

    @property
    def words(self) -> str:
        """What is tried, how often it was, and why it fails: whole sentences."""
        times = f"Tried {self.tries} times." if self.tries > 1 else "It has been under way for more than a minute."
        return " ".join(part for part in (f"{self.step}.", times, self.error) if part)


async def of_case(client: Client, reference: str) -> Standstill | None:
    """Why the case stands still; None of one that goes on. Raises RPCError where Temporal does not say."""
    described = await client.get_workflow_handle(reference).describe(rpc_timeout=_WITHIN)
    return await of(client, described)


async def looked_up(reference: str) -> Standstill | None:
    """The same from the installation's settings; None too where Temporal cannot be reached at once."""
    try:
        async with asyncio.timeout(_WITHIN.total_seconds()):
            return await of_case(await connect(Settings.load(), lazy=True), reference)
    except (RPCError, RuntimeError, ValueError, ConnectionError, TimeoutError):
        return None


async def of(client: Client, described: WorkflowExecutionDescription) -> Standstill | None:
    """The same of a case that was described."""
    raw = described.raw_description
    task = raw.pending_workflow_task
    if raw.HasField("pending_workflow_task") and task.attempt > 1:
        return await _halted(client, described.id, task)
    stuck = bool(described.typed_search_attributes.get(STUCK))
    turns = [one for one in raw.pending_activities if one.activity_type.name == CARRY_OUT]
    failing = [one for one in turns if one.attempt > TRIES or stuck]
    if not failing:
        return None
    worst = max(failing, key=lambda one: one.attempt)
    return await _failing(client, described.id, worst)


async def _halted(client: Client, reference: str, task: PendingWorkflowTaskInfo) -> Standstill | None:
    failed = None
    for event in await _history(client, reference):
        if event.HasField("workflow_task_failed_event_attributes"):
            failed = event.workflow_task_failed_event_attributes
            break
    kind = _kind(failed.failure) if failed else ""
    foreign = kind in _FOREIGN_KEY
    if foreign:
        error = "The worker’s key ring is not the one that the case is encrypted with."
    elif failed and failed.cause == WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR:
        error = "The worker’s key ring, or its release, is not the one that the case has lived with."
    elif failed is None:
        error = "The worker took the case up and did not finish; it may have been stopped."
    else:
        error = _unforeseen(kind, "the case’s own code")
    return Standstill(True, _instant(task.original_scheduled_time), task.attempt, "Carrying the case on", error, kind,
                      foreign)  # fmt: skip


async def _failing(client: Client, reference: str, activity: PendingActivityInfo) -> Standstill:
    begun = None
    for event in await _history(client, reference):
        scheduled = event.activity_task_scheduled_event_attributes
        if event.HasField("activity_task_scheduled_event_attributes") and scheduled.activity_id == activity.activity_id:
            begun = event
            break
    return Standstill(
        False,
        _instant(begun.event_time) if begun else None,
        activity.attempt - 1 if activity.HasField("last_failure") else activity.attempt,
        _step(_summary(client, begun)),
        _error(client, activity),
        _kind(activity.last_failure),
    )


async def _history(client: Client, reference: str) -> Sequence[HistoryEvent]:
    """The newest events, the last first; none where Temporal does not say in time."""
    request = GetWorkflowExecutionHistoryReverseRequest(
        namespace=client.namespace,
        execution=WorkflowExecution(workflow_id=reference),
        maximum_page_size=_LOOK_BACK,
    )
    try:
        found = await client.workflow_service.get_workflow_execution_history_reverse(request, timeout=_WITHIN)
    except RPCError:
        return ()
    return found.history.events


def _summary(client: Client, event: HistoryEvent | None) -> str:
    if event is None or not event.user_metadata.HasField("summary"):
        return ""
    return str(_shown(client, event.user_metadata.summary) or "")


def _shown(client: Client, payload: Payload) -> Any:
    """What a sealed text or failure says; None where it is under another key, which is no reason to tell nothing."""
    codec = client.data_converter.payload_codec
    try:
        return json.loads((codec.opened(payload) if isinstance(codec, EncryptionCodec) else payload).data)
    except (UnknownKey, UnreadablePayload, ValueError):
        return None


def _step(summary: str) -> str:
    """ "Keeping “application made”, sending L-01 to applicant" of an activity’s summary."""
    happened, _, letters = summary.partition(" | ")
    kept = happened.replace(".", " ").strip()
    parts = [f"Keeping what happened ({kept})"] if kept else ["Keeping what happened"]
    return " and ".join([*parts, f"sending {letters}"] if letters else parts).rstrip("…. ")


def _error(client: Client, activity: PendingActivityInfo) -> str:
    if not activity.HasField("last_failure"):
        return ""
    failure, kind = activity.last_failure, _kind(activity.last_failure)
    if failure.HasField("timeout_failure_info"):
        return "It was not done within two minutes."
    if kind in _FOREIGN_KEY:
        return "The worker’s key ring is not the one that the case is encrypted with."
    if kind in _OURS:
        said = _shown(client, failure.encoded_attributes)
        return str(said.get("message") or _KNOWN[kind]) if isinstance(said, dict) else _KNOWN[kind]
    return _KNOWN.get(kind) or _unforeseen(kind, "the turn")


def _unforeseen(kind: str, where: str) -> str:
    name = f" ({kind})" if kind else ""
    return f"An error that nobody foresaw in {where}{name}: the worker’s log says where."


def _kind(failure: Failure) -> str:
    """The error's name, which Temporal keeps in plain text; what is no name is not told."""
    name = failure.application_failure_info.type
    return name if _NAME.fullmatch(name) else ""


def _instant(at: Timestamp) -> datetime | None:
    return at.ToDatetime(UTC) if at.seconds else None


async def of_cases(client: Client, references: Sequence[str], at_once: int = 16) -> Mapping[str, Standstill]:
    """Those of these cases that stand still; one Temporal does not tell of is left out."""
    room = asyncio.Semaphore(at_once)

    async def one(reference: str) -> tuple[str, Standstill | None]:
        async with room:
            try:
                return reference, await of_case(client, reference)
            except RPCError:
                return reference, None

    found = await asyncio.gather(*(one(reference) for reference in references))
    return {reference: standstill for reference, standstill in found if standstill}
