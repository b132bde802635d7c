"""One ASB Case Review, from the application to its closure: the story a case lives for months.

Four things run side by side and share one ``CaseFile``. The **story**, below, goes from chapter to chapter and does
what the service itself has to do there; what that is, ``domain.story`` says, for this workflow and for everybody who
wants to know beforehand. What people do comes in through ``Acts``. The ``Keeper`` owns the timer of every date, and the
``Clerk`` sees that what happened is kept and what must be sent goes out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from domain.case import Stage
    from domain.messages import NotTaken, Situation, Start

from workflows.clerk import Clerk
from workflows.doors import Acts
from workflows.file import CaseFile
from workflows.keeper import Keeper

_BETWEEN_TURNS = "new-volume-between-turns"
_ONE_MESSAGE = 1_500_000
"""Bytes; Temporal takes 2 MB, encrypted."""
_NO_START = "A review was begun with nothing: whoever did so has no key of this service."


@workflow.defn(name="CaseReview")
class CaseReview(Acts):
    """The review of one application under the policy of one council."""

    @workflow.init
    def __init__(self, start: Start | None = None) -> None:
        if start is None:
            raise ApplicationError(_NO_START, type=NotTaken.__name__, non_retryable=True)
        self._start = start
        self.file = CaseFile(start, workflow.now())
        self._clerk = Clerk(self.file)
        self._kept = False

    @workflow.run
    async def run(self, start: Start | None = None) -> Situation:
        """Live the case; its last situation is the result. One that nobody of the council began fails at once."""
        if self._start.progress:
            self._clerk.show()
        await self._live_to_the_end()
        while not self.file.case.stage.over:
            await self._live_to_the_end()
        self._clerk.show()
        return self.situation()

    async def _live_to_the_end(self) -> None:
        """All of the case's lives side by side, until it is over and everything is kept and sent."""
        self._kept = False
        lives = [
            asyncio.create_task(self._as_often_as_it_goes_on(self._story)),
            asyncio.create_task(self._as_often_as_it_goes_on(Keeper(self.file).keep)),
            asyncio.create_task(self._keep_to_the_end()),
            asyncio.create_task(self._as_often_as_it_goes_on(self._begin_a_new_volume)),
        ]
        while not all(life.done() for life in lives):
            await workflow.wait([life for life in lives if not life.done()], return_when=asyncio.FIRST_COMPLETED)
            for life in lives:
                if life.done():
                    life.result()
        await workflow.wait_condition(workflow.all_handlers_finished)

    async def _keep_to_the_end(self) -> None:
        await self._clerk.keep()
        self._kept = True

    async def _as_often_as_it_goes_on(self, life: Callable[[], Awaitable[None]]) -> None:
        """A life, and the same again where the case is taken up before its last letter has gone."""
        while not self._kept:
            await life()
            await workflow.wait_condition(lambda: self._kept or not self.file.case.stage.over)

    async def _begin_a_new_volume(self) -> None:
        """A history that has grown long continues as new between two turns, whatever people do meanwhile: what is still
        to be kept and sent goes with it.

        One whose clock may be moved does not: this server would move the new run's once more (temporal#11635). One with
        more to carry than one message holds stays in its run until it is over.
        """
        file, case = self.file, self.file.case
        await workflow.wait_condition(lambda: case.stage.over or self._long)
        between_turns = not case.stage.over and workflow.patched(_BETWEEN_TURNS)
        if between_turns:
            while file.busy and not case.stage.over:
                await workflow.wait_condition(lambda: case.stage.over or not file.busy)
        else:
            await workflow.wait_condition(lambda: case.stage.over or (file.settled and self._clerk.idle))
        if case.stage.over:
            return
        onward = self._start.model_copy(update={"progress": file.progress(packed=between_turns)})
        if len(onward.model_dump_json()) <= _ONE_MESSAGE:
            self._clerk.rest()
            workflow.continue_as_new(onward)
        await workflow.wait_condition(lambda: case.stage.over)

    @property
    def _long(self) -> bool:
        return workflow.info().is_continue_as_new_suggested() and not self._start.demo

    async def _story(self) -> None:
        """The chapters in the order of a case's life; one that is not the case's own just now is over at once.

        An appeal, a further incident or an objection leads back to an earlier chapter.
        """
        while not self.file.case.stage.over:
            await self._take_in()
            await self._verify()
            await self._decide()
            await self._stand_by_the_refusal()
            await self._gather()
            await self._arrange()
            await self._meet()
            await self._consult()
            await self._tell_the_outcome()
            await self._offer_an_appeal()
            await self._hear_the_appeal()
            await self._follow_up()
            await self._close()

    async def _take_in(self) -> None:
        """Acknowledge, ask for what is missing and give time for it, pass on to all relevant bodies (s.104(3)(b))."""
        await self._live(Stage.RECEIVED, Stage.AWAITING_DETAILS)

    async def _verify(self) -> None:
        """Ask the agencies to confirm the reports; each has its own time, and none is waited for for ever."""
        await self._live(Stage.VERIFYING)

    async def _decide(self) -> None:
        """An officer decides whether the threshold is met; who was not asked before is asked first."""
        await self._live(Stage.THRESHOLD)

    async def _stand_by_the_refusal(self) -> None:
        """The threshold is not met: keep the appeal open, then give notice of closure."""
        await self._live(Stage.NOT_MET)

    async def _gather(self) -> None:
        """Ask every body involved for its full account (FOL-19), and wait until all are heard or gone on without."""
        await self._live(Stage.GATHERING)

    async def _arrange(self) -> None:
        """An officer arranges the panel; a body that a further incident names leads back to gathering."""
        await self._live(Stage.ARRANGING)

    async def _meet(self) -> None:
        """The panel has its papers in time and meets; its chair records what it decided."""
        await self._live(Stage.PANEL)

    async def _consult(self) -> None:
        """Put the draft plan to the applicant before it is final, and give them their days to answer."""
        await self._live(Stage.PLAN)

    async def _tell_the_outcome(self) -> None:
        """An officer writes the outcome, and its letter goes out."""
        await self._live(Stage.OUTCOME)

    async def _offer_an_appeal(self) -> None:
        """Keep the window open until somebody appeals or its last day is over; then note that it is."""
        await self._live(Stage.APPEAL_WINDOW)

    async def _hear_the_appeal(self) -> None:
        """Send the appeal body its papers; it hears the appeal and decides (Sch.4 para.3), and its decision is told."""
        await self._live(Stage.APPEAL)

    async def _follow_up(self) -> None:
        """Between three and six months on, is all done and is it over? Then closure is announced (K04-28, K04-29)."""
        await self._live(Stage.FOLLOW_UP)

    async def _close(self) -> None:
        """Leave the applicant their days to object, then close and say so."""
        await self._live(Stage.CLOSING)

    async def _live(self, *stages: Stage) -> None:
        """A chapter: do what the story says next, then wait until it says more; until the case leaves these stages.

        It says more when somebody acted or the keeper noted another day. While the clerk has a turn in hand nothing is
        done: what becomes of its letters may answer what would be done next.
        """
        file = self.file
        while file.case.stage in stages:
            await workflow.wait_condition(
                lambda: file.case.stage not in stages or (not file.busy and file.step is not None)
            )
            while file.case.stage in stages and (step := file.step):
                file.happen(step, workflow.now())
