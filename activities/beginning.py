"""A case's workflow begun under its reference: once, and never over somebody else's."""

from __future__ import annotations

from datetime import timedelta

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import GetWorkflowExecutionHistoryRequest
from temporalio.client import Client
from temporalio.common import WorkflowIDReusePolicy
from temporalio.converter import WorkflowSerializationContext
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from domain.messages import Start
from workflows.case_review import CaseReview
from workflows.display import at_start

ASKED_WITHIN = timedelta(seconds=4)


class BegunForAnother(RuntimeError):
    """Temporal has somebody else's case under this reference; the case of the register is not begun over it."""

    def __init__(self, reference: str) -> None:
        self.reference = reference
        super().__init__(
            f"Temporal has another person's case under {reference}, so this one was not begun over it: the register is "
            "older than Temporal. The runbook says what to do under “One half is lost”."
        )


class BegunByAStranger(BegunForAnother):
    """Temporal has a workflow under this reference that was begun without the keys of this service."""

    def __init__(self, reference: str) -> None:
        RuntimeError.__init__(
            self,
            f"Temporal has a workflow under {reference} that was begun without the keys of this service, by somebody "
            "who reaches Temporal's port: it is no case. See “Who reaches Temporal’s port” in the runbook.",
        )
        self.reference = reference


async def start_case(client: Client, start: Start, task_queue: str) -> None:
    """Start a case's workflow under its reference; its own that runs already, or is over, is left alone.

    Raises BegunForAnother where Temporal has somebody else's under it, or a stranger's.
    """
    try:
        await begin(client, start, task_queue)
    except WorkflowAlreadyStartedError:
        if not same(await begun_with(client, start.reference), start):
            raise BegunForAnother(start.reference) from None


async def begin(
    client: Client,
    start: Start,
    task_queue: str,
    *,
    over: WorkflowIDReusePolicy = WorkflowIDReusePolicy.REJECT_DUPLICATE,
    delay: timedelta = timedelta(),
) -> None:
    """Begin the workflow of a case; ``over`` says over which that ended it may be, ``delay`` when its first task is.

    Raises WorkflowAlreadyStartedError.
    """
    policy, events = start.policy, start.progress.events if start.progress else ()
    await client.start_workflow(
        CaseReview.run,
        start,
        id=start.reference,
        task_queue=task_queue,
        id_reuse_policy=over,
        start_delay=delay or None,
        search_attributes=at_start(policy, start.demo, len(events)),
        static_summary=f"ASB Case Review {start.reference}, {policy.identity.council}",
        static_details=(
            f"Policy {policy.id} {policy.version}; calendar {start.calendar.hash[:12]} from {start.calendar.source}"
        ),
    )


async def begun_with(client: Client, reference: str) -> Start:
    """What the newest run of a workflow was begun with. Raises RPCError where Temporal knows none, or does not say, and
    BegunByAStranger where it was begun with nothing that was sealed for it."""
    request = GetWorkflowExecutionHistoryRequest(
        namespace=client.namespace, execution=WorkflowExecution(workflow_id=reference), maximum_page_size=1
    )
    answer = await client.workflow_service.get_workflow_execution_history(request, retry=True)
    payloads = answer.history.events[0].workflow_execution_started_event_attributes.input.payloads
    context = WorkflowSerializationContext(namespace=client.namespace, workflow_id=reference)
    converter = client.data_converter.with_context(context)
    try:
        read = await converter.decode(payloads, [Start]) if len(payloads) == 1 else []
    except (ApplicationError, ValueError):
        read = []
    match read:
        case [Start() as start]:
            return start
        case _:
            raise BegunByAStranger(reference)


def same(one: Start, other: Start) -> bool:
    """Whether both begin the case of one application, whatever became of it since."""
    return all(getattr(one, part) == getattr(other, part) for part in ("reference", "application", "made_at", "by"))


async def is_free(client: Client, reference: str) -> bool | None:
    """Whether Temporal knows no workflow of this id; None where it does not answer at once."""
    try:
        await client.get_workflow_handle(reference).describe(rpc_timeout=ASKED_WITHIN)
    except RPCError as error:
        return True if error.status is RPCStatusCode.NOT_FOUND else None
    except RuntimeError:
        return None
    return False
