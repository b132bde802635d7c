"""Why nobody answers for a case: no worker runs, its key ring is another, the case fails in it, or it is busy."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client, WorkflowQueryFailedError
from temporalio.service import RPCError, RPCStatusCode

from office.operations import standstill

PATIENCE = timedelta(seconds=3)
_FRESH = timedelta(seconds=90)


class Why(StrEnum):
    NO_WORKER = "no worker"
    FOREIGN_KEY = "another key ring"
    FAILS = "the case fails"
    BUSY = "no answer in time"
    UNKNOWN = "Temporal does not say"


@dataclass(frozen=True)
class Silence:
    """``words`` is the end of a sentence, ``remedy`` a sentence for the team that runs the service."""

    why: Why
    words: str
    remedy: str


_NO_WORKER = Silence(
    Why.NO_WORKER,
    "no worker asks for work",
    "Your team can start the service with casereview worker",
)
_FOREIGN_KEY = Silence(
    Why.FOREIGN_KEY,
    "a worker runs, but its key ring is not the one that the case is encrypted with",
    "Your team can give the worker the right keys.json or CASEREVIEW_KEYS and start it again",
)
_BUSY = Silence(
    Why.BUSY,
    "no worker answers, though one asked for work less than two minutes ago",
    "Your team can start the service with casereview worker if it ended; if it runs, its log says why",
)
_UNKNOWN = Silence(
    Why.UNKNOWN,
    "Temporal does not say whether a worker runs",
    "Your team can see whether Temporal runs",
)


async def explained(client: Client, queue: str, reference: str = "") -> Silence:
    """Why nobody answers; of one case, where it is named. Never raises for what Temporal does not say."""
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            if not await polled(client, queue):
                return _NO_WORKER
            still = await standstill.of_case(client, reference) if reference else None
    except (RPCError, TimeoutError, RuntimeError):
        return _UNKNOWN
    if still is None or not still.halted:
        return _BUSY
    if still.foreign_key:
        return _FOREIGN_KEY
    return Silence(
        Why.FAILS,
        f"a worker runs, but the case fails in it: {still.error[0].lower()}{still.error[1:].rstrip('.')}",
        "Your team can see with casereview keys check whether the keys are right; if so, go back to the release before "
        "or mend the code. The case goes on by itself after that",
    )


async def anybody_answers(client: Client, queue: str, references: Sequence[str]) -> bool:
    """Whether a worker answers for one of these cases: only a worker can. One case may be stuck on its own, and one
    that is the only one may be busy: it is asked twice."""
    if len(references) == 1 and await _answers(client, queue, references[0]):
        return True
    asked = [asyncio.create_task(_answers(client, queue, reference)) for reference in references]
    try:
        for answer in asyncio.as_completed(asked):
            if await answer:
                return True
        return False
    finally:
        for task in asked:
            task.cancel()


async def _answers(client: Client, queue: str, reference: str) -> bool:
    """One that Temporal does not know says nothing of workers."""
    try:
        handle = client.get_workflow_handle(reference)
        await handle.query("__temporal_workflow_metadata", rpc_timeout=PATIENCE, reject_condition=None)
    except WorkflowQueryFailedError:
        return False
    except RPCError as error:
        return error.status is RPCStatusCode.NOT_FOUND and await polled(client, queue)
    return True


async def polled(client: Client, queue: str) -> bool:
    """Whether a worker asked for work on the queue within the last minute and a half. Raises RPCError."""
    described = await client.workflow_service.describe_task_queue(
        DescribeTaskQueueRequest(
            namespace=client.namespace,
            task_queue=TaskQueue(name=queue),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        ),
        timeout=PATIENCE,
    )
    since = datetime.now(UTC) - _FRESH
    return any(poller.last_access_time.ToDatetime(UTC) > since for poller in described.pollers)
