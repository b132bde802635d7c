"""What a workflow was begun with: whether a reference is free, and whose case runs under it."""

from __future__ import annotations

from datetime import timedelta

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import GetWorkflowExecutionHistoryRequest
from temporalio.client import Client
from temporalio.converter import WorkflowSerializationContext
from temporalio.service import RPCError, RPCStatusCode

from domain.messages import Start

ASKED_WITHIN = timedelta(seconds=4)


class BegunForAnother(RuntimeError):
    """Temporal has somebody else's case under this reference; the case of the register is not begun over it."""

    def __init__(self, reference: str) -> None:
        self.reference = reference
        super().__init__(
            f"Temporal has another person's case under {reference}, so this one was not begun over it: the register was "
            "brought back from a backup. The runbook says what to do: “One half is lost”."
        )


async def begun_with(client: Client, reference: str) -> Start:
    """What the newest run of a workflow was begun with. Raises RPCError where Temporal knows none, or does not say."""
    request = GetWorkflowExecutionHistoryRequest(
        namespace=client.namespace, execution=WorkflowExecution(workflow_id=reference), maximum_page_size=1
    )
    answer = await client.workflow_service.get_workflow_execution_history(request, retry=True)
    payloads = answer.history.events[0].workflow_execution_started_event_attributes.input.payloads
    context = WorkflowSerializationContext(namespace=client.namespace, workflow_id=reference)
    (start,) = await client.data_converter.with_context(context).decode(payloads, [Start])
    assert isinstance(start, Start)
    return start


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
