"""One ASB Case Review, from the application to its closure: the story a case lives for months.

Each stage has a chapter. A chapter does what the service itself has to do there, then waits until people, or a
date, move the case on. What people do comes in through ``Acts``; what a date brings, through the ``Keeper``; what must
be kept and sent goes out through the ``Clerk``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain import routine
    from domain.case import Stage
    from domain.deadlines import State
    from domain.events import (
        Acknowledged,
        Body,
        PlanPut,
        PlanWindowShut,
        Purpose,
    )
    from domain.messages import Situation, Start
    from domain.policy import Milestone, StepId

from workflows import appeal, enquiries
from workflows.acts import Acts
from workflows.clerk import Clerk
from workflows.file import CaseFile
from workflows.keeper import Keeper


@workflow.defn(name="CaseReview")
class CaseReview(Acts):
    """The review of one application under the policy of one council."""

    @workflow.init
    def __init__(self, start: Start) -> None:
        self._start = start
        self.file = CaseFile(start, workflow.now())
        self._clerk = Clerk(self.file)

    @workflow.run
    async def run(self, start: Start) -> Situation:
        """Live the case; its last situation is the result."""
        lives = [
            asyncio.create_task(self._story()),
            asyncio.create_task(Keeper(self.file).keep()),
            asyncio.create_task(self._clerk.keep()),
        ]
        while not all(life.done() for life in lives):
            await workflow.wait([life for life in lives if not life.done()], return_when=asyncio.FIRST_COMPLETED)
            for life in lives:
                if life.done():
                    life.result()
        await workflow.wait_condition(workflow.all_handlers_finished)
        self._clerk.show()
        return self.situation()

    async def _story(self) -> None:
        chapters: dict[Stage, Callable[[], Awaitable[None]]] = {
            Stage.RECEIVED: self._acknowledge_and_pass_on,
            Stage.AWAITING_DETAILS: self._complete,
            Stage.VERIFYING: self._verify,
            Stage.THRESHOLD: self._decide,
            Stage.NOT_MET: self._refused,
            Stage.GATHERING: self._gather,
            Stage.ARRANGING: self._gather,
            Stage.PANEL: self._gather,
            Stage.PLAN: self._consult,
            Stage.OUTCOME: self._move_on,
            Stage.APPEAL_WINDOW: self._offer_appeal,
            Stage.APPEAL: self._hear_appeal,
            Stage.FOLLOW_UP: self._follow_up,
            Stage.CLOSING: self._close,
        }
        while not self.file.case.stage.over:
            await chapters[self.file.case.stage]()

    async def _move_on(self) -> None:
        """Wait for somebody's act: the panel, the outcome."""
        stage = self.file.case.stage
        await workflow.wait_condition(lambda: self.file.case.stage is not stage)

    async def _acknowledge_and_pass_on(self) -> None:
        """Write to the applicant, then to all relevant bodies (s.104(3)(b)), and ask those involved what they hold."""
        self._acknowledge()
        if self.file.case.missing:
            return
        self._pass_on()

    async def _complete(self) -> None:
        """Ask for what is missing. The application keeps its date, and after the time given it goes on as it is."""
        self._acknowledge()
        case = self.file.case
        if not case.has(Milestone.DETAILS_REQUESTED):
            self._happen(routine.details_requested(case))
        await workflow.wait_condition(lambda: case.stage is not Stage.AWAITING_DETAILS or self._over(StepId.COMPLETION))
        if case.stage is Stage.AWAITING_DETAILS:
            self._pass_on()

    def _acknowledge(self) -> None:
        if not any(isinstance(event.what, Acknowledged) for event in self.file.case.events):
            self._happen(Acknowledged())

    def _pass_on(self) -> None:
        case = self.file.case
        self._happen(routine.passed_on(case))
        if routine.to_verify(case):
            enquiries.ask(self.file, Purpose.VERIFICATION)

    async def _verify(self) -> None:
        """Wait for the agencies to confirm the reports, each within its own time."""
        await enquiries.heard(self.file, Purpose.VERIFICATION)

    async def _decide(self) -> None:
        """Wait for the decision on the threshold, and ask the agencies first where what was missing came late."""
        case = self.file.case
        await workflow.wait_condition(lambda: case.stage is not Stage.THRESHOLD or routine.to_verify(case))
        if case.stage is Stage.THRESHOLD:
            enquiries.ask(self.file, Purpose.VERIFICATION)

    async def _refused(self) -> None:
        """The threshold is not met: keep the appeal open, then give notice of closure."""
        if not self.file.case.window_shut:
            await appeal.offer(self.file)
        elif routine.closes(self.file.case):
            self._happen(routine.closure_notified(self.file.case))
        else:
            await self._move_on()

    async def _gather(self) -> None:
        """Ask every body involved for its full account."""
        enquiries.ask(self.file, Purpose.INFORMATION)
        await self._move_on()

    async def _consult(self) -> None:
        """Put the draft plan to the applicant before it is final, and give them their days to answer."""
        case = self.file.case
        if not any(isinstance(e.what, PlanPut) and e.id in self._this_round() for e in case.events):
            self._happen(PlanPut())
        await workflow.wait_condition(lambda: case.stage is not Stage.PLAN or self._over(StepId.PLAN))
        if case.stage is Stage.PLAN:
            self._happen(PlanWindowShut())

    async def _offer_appeal(self) -> None:
        await appeal.offer(self.file)

    async def _hear_appeal(self) -> None:
        await appeal.hear(self.file)

    async def _follow_up(self) -> None:
        """Between three and six months on, is all done and is it over? Then closure is announced (K04-28, K04-29)."""
        case = self.file.case
        await workflow.wait_condition(lambda: case.stage is not Stage.FOLLOW_UP or routine.closes(case))
        if case.stage is Stage.FOLLOW_UP:
            self._happen(routine.closure_notified(case))

    async def _close(self) -> None:
        """Leave the applicant their days to object, then close and say so."""
        case = self.file.case
        await workflow.wait_condition(lambda: case.stage is not Stage.CLOSING or self._over(StepId.CLOSURE))
        if case.stage is Stage.CLOSING:
            self._happen(routine.closed())

    def _happen(self, what: Body) -> None:
        self.file.happen(what, workflow.now())

    def _over(self, step: StepId) -> bool:
        """The applicant's time for a step has passed."""
        return any(d.step is step and d.state is State.SHUT for d in self.file.deadlines)

    def _this_round(self) -> set[str]:
        """The ids of the events since the panel last decided."""
        ids: set[str] = set()
        for event in reversed(self.file.case.events):
            ids.add(event.id)
            if event.kind == "panel.held":
                break
        return ids
