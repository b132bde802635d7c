"""What holds workflows to their own clock: the sandbox of the replay gate."""

import asyncio
import uuid
from datetime import timedelta

import pytest
from temporalio.client import WorkflowFailureError
from temporalio.exceptions import ApplicationError
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import RestrictedWorkflowAccessError

from tests.workflows.careless import ByChance, ByTheWallClock
from tests.workflows.gate import sandbox
from tests.workflows.life import Desk

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.parametrize("careless", [ByTheWallClock, ByChance], ids=lambda one: one.__name__)
async def test_the_gate_stops_a_workflow_that_reads_the_clock_or_throws_dice(desk: Desk, careless: type) -> None:
    queue, client = f"careless-{uuid.uuid4().hex}", desk.office.client
    failing = [RestrictedWorkflowAccessError]
    async with Worker(
        client, task_queue=queue, workflows=[careless], workflow_runner=sandbox(),
        workflow_failure_exception_types=failing,
    ):  # fmt: skip
        name = careless.__name__
        begun = client.execute_workflow(name, id=queue, task_queue=queue, run_timeout=timedelta(minutes=1))
        with pytest.raises(WorkflowFailureError) as stopped:
            await asyncio.wait_for(begun, 60)
    assert isinstance(stopped.value.cause, ApplicationError)
    assert stopped.value.cause.type == "RestrictedWorkflowAccessError"
