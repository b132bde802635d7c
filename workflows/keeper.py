"""The keeper of time: one timer for the whole case, set to the next moment that matters, whatever that is.

No stage arms a timer of its own, and the timer is set anew only when the clerk has nothing in hand: what becomes of a
turn's letters may move the moment again, and nothing else could go out before the turn is done. When the moment comes
the ladder of ``domain.chasing`` says what goes out; a date that moved moves the timer; a date that passed is a state
of its deadline and the story goes on.
"""

from __future__ import annotations

from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.case import local_date
    from domain.chasing import Call, more_time
    from domain.events import Chased, EnquiryClosed, Extended, PapersSent
    from domain.policy import Rung, StepId

from workflows.file import CaseFile

_SUMMARY_BYTES = 190
_NOBODY_WROTE = "we are still waiting for a step that others have to take, and nobody has told you so yet"


class Keeper:
    """Keeps one case's time until the case is over."""

    def __init__(self, file: CaseFile) -> None:
        self._file = file

    async def keep(self) -> None:
        file = self._file
        while not file.case.stage.over:
            now = workflow.now()
            file.replan(now)
            self._climb(now)
            await workflow.wait_condition(lambda: file.case.stage.over or (file.settled and file.moment is not None))
            armed = file.moment
            if file.case.stage.over or armed is None:
                return
            at, why = armed
            try:
                await workflow.wait_condition(
                    lambda: file.case.stage.over or (not file.busy and file.moment != armed),  # noqa: B023
                    timeout=max((at - workflow.now()).total_seconds(), 0.001),
                    timeout_summary=why.encode()[:_SUMMARY_BYTES].decode(errors="ignore"),
                )
            except TimeoutError:
                continue

    def _climb(self, now: datetime) -> None:
        """Do what is due. Each thing done may move the rest, so the ladder is read again after each."""
        while calls := self._file.calls(now):
            self._answer(calls[0], now)

    def _answer(self, call: Call, now: datetime) -> None:
        file = self._file
        if call.rung is Rung.DELAY_LETTER:
            days = more_time(file.case, call, local_date(now))
            file.happen(Extended(step=call.deadline, working_days=days, reason=self._reason(now)), now)
        elif call.rung is Rung.PROCEED and call.step is StepId.PAPERS:
            file.happen(PapersSent(documents=_PAPERS), now)
        elif call.rung is Rung.PROCEED:
            file.happen(EnquiryClosed(enquiry=call.deadline), now)
        else:
            chased = Chased(rung=call.rung, deadline=call.deadline, step=call.step, due=call.due, to=call.to)
            file.happen(chased, now)

    def _reason(self, now: datetime) -> str:
        """Why the promise will not be kept, from what the case waits for."""
        words = self._file.waiting(now).words.split("; next:")[0]
        return words if words else _NOBODY_WROTE


_PAPERS = (
    "application and incidents",
    "agencies' accounts",
    "applicant's statement of impact",
    "list of issues raised",
)
