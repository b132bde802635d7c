"""The replay gate, and reviews by people who changed something under the cases that run."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from temporalio import workflow
from temporalio.converter import DataConverter
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

import worker
from domain.messages import Situation, Start
from workflows.case_review import CaseReview
from workflows.clerk import Clerk


def sandbox() -> SandboxedWorkflowRunner:
    """Workflows imported anew for each case, so that they may reach neither clock nor disk."""
    return SandboxedWorkflowRunner(restrictions=SandboxRestrictions.default.with_passthrough_modules("domain"))


def gate(converter: DataConverter, changed: type | None = None) -> Replayer:
    """Replays under the workflows as they are, or with ``changed``, a class of these tests, as the review."""
    return Replayer(
        workflows=[changed] if changed else worker.WORKFLOWS,
        namespace="default",
        data_converter=converter,
        workflow_runner=UnsandboxedWorkflowRunner() if changed else sandbox(),
        build_id="the code as it is",
    )


@workflow.defn(name="CaseReview")
class Chattier(CaseReview):
    """The review by somebody who thought one more activity would do no harm."""

    @workflow.init
    def __init__(self, start: Start) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: Start) -> Situation:
        await workflow.execute_activity("ring_the_applicant", start_to_close_timeout=timedelta(minutes=1))
        return await super().run(start)


@workflow.defn(name="CaseReview")
class Sleepier(CaseReview):
    """The review by somebody who gave a stage a timer of its own."""

    @workflow.init
    def __init__(self, start: Start) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: Start) -> Situation:
        nap = asyncio.create_task(asyncio.sleep(3600))
        ended = await super().run(start)
        nap.cancel()
        return ended


@workflow.defn(name="CaseReview")
class Unchanged(CaseReview):
    """The same review under a class of its own: a subclass alone is no change."""

    @workflow.init
    def __init__(self, start: Start) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: Start) -> Situation:
        return await super().run(start)


class _ShownFirst(Clerk):
    async def keep(self) -> None:
        self.show()
        await super().keep()


@workflow.defn(name="CaseReview")
class Showier(CaseReview):
    """The review by somebody who wanted the list in the Temporal UI to be right a moment sooner."""

    @workflow.init
    def __init__(self, start: Start) -> None:
        super().__init__(start)
        self._clerk = _ShownFirst(self.file)

    @workflow.run
    async def run(self, start: Start) -> Situation:
        return await super().run(start)
