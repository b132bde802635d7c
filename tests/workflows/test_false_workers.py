"""A worker that is not the council's, or has the wrong keys, ends no case and answers for none."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from temporalio import workflow
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.common import RawValue
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

import worker
from connection import updates
from connection.client import connect
from connection.keys import KeyRing
from connection.updates import Done, Unanswered
from domain import events as e
from tests.workflows.life import OFFICER, Desk, Life

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]

NOTE = e.NoteAdded(text="She rang.")


@workflow.defn(name="CaseReview")
class SaysYes:
    """Says to whatever it is sent that it is done."""

    @workflow.run
    async def run(self) -> None:
        await workflow.wait_condition(lambda: False)

    @workflow.update(dynamic=True)
    async def yes(self, name: str, args: Sequence[RawValue]) -> dict[str, str]:
        id = workflow.current_update_info()
        assert id is not None
        return {"event": id.id, "kind": "note.added", "stage": "closed", "waiting": "nobody"}


def queue_of_its_own(desk: Desk) -> Desk:
    settings = desk.office.settings.model_copy(update={"task_queue": uuid.uuid4().hex})
    return replace(desk, office=replace(desk.office, settings=settings))


@asynccontextmanager
async def at_work(client: Client, desk: Desk, *workflows: type) -> AsyncIterator[None]:
    async with Worker(
        client,
        task_queue=desk.office.settings.task_queue,
        workflows=workflows or worker.WORKFLOWS,
        activities=worker.activities(client, desk.office.database, desk.office.settings),
        workflow_runner=UnsandboxedWorkflowRunner(),
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=1),
    ):
        yield


def address(desk: Desk) -> str:
    return desk.office.client.service_client.config.target_host


async def test_the_answer_of_a_worker_without_the_key_is_no_answer(desk: Desk) -> None:
    own = queue_of_its_own(desk)
    stranger = await Client.connect(address(desk))
    async with at_work(stranger, own, SaysYes):
        begun = await own.office.client.start_workflow(
            "CaseReview", id=f"DOV-2026-{uuid.uuid4().hex[:8]}", task_queue=own.office.settings.task_queue
        )
        answer = await updates.send(own.office.client, begun.id, NOTE, OFFICER, id="note-1")
        assert answer == Unanswered("something answered that is no worker of this service")
        await begun.terminate()


async def test_a_worker_with_other_keys_ends_no_case_and_the_right_one_goes_on(desk: Desk) -> None:
    own = queue_of_its_own(desk)
    right = own.office.client
    async with at_work(right, own):
        life = await Life.begin(own)
    wrong = await connect(own.office.settings, ring=KeyRing.fresh(), address=address(desk))
    handle = right.get_workflow_handle(life.reference)
    async with at_work(wrong, own):
        waiting = asyncio.create_task(updates.send(right, life.reference, NOTE, OFFICER, id="note-1"))
        async with asyncio.timeout(20):
            while not (await handle.describe()).raw_description.pending_workflow_task.attempt > 1:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        assert (await handle.describe()).status is WorkflowExecutionStatus.RUNNING
    async with at_work(right, own):
        assert isinstance(await waiting, (Done, Unanswered))
        answer = await updates.send(right, life.reference, NOTE, OFFICER, id="note-1", within=timedelta(seconds=30))
        assert isinstance(answer, Done)
        assert (await life.kinds()).count("note.added") == 1


async def test_what_a_client_with_other_keys_sends_is_kept_and_not_called_done(desk: Desk) -> None:
    life = await Life.begin(desk)
    wrong = await connect(desk.office.settings, ring=KeyRing.fresh(), address=address(desk))
    answer = await updates.send(wrong, life.reference, NOTE, OFFICER, id="note-1")
    assert answer == Unanswered("the worker does not open what is sealed here, so its key ring is another")
    assert "note.added" not in await life.kinds()
