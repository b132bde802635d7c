"""The keeper of time: one timer for the whole case, set to the next moment that matters, whatever that is.

No stage arms a timer of its own, and the timer is set anew only when the clerk has nothing in hand: what becomes of a
turn's letters may move the moment again, and nothing else could go out before the turn is done. When the moment comes,
or when somebody's act makes something due at once, the ladder of ``domain.chasing`` says what goes out; a date that
moved moves the timer; a date that passed is a state of its deadline and the story goes on.
"""

from __future__ import annotations

from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.case import local_date
    from domain.routine import answered

from workflows.file import CaseFile

_SUMMARY_BYTES = 190


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
            if armed is None:
                continue
            at, why = armed
            try:
                await workflow.wait_condition(
                    lambda: file.case.stage.over or (not file.busy and (file.called or file.moment != armed)),  # noqa: B023
                    timeout=max((at - workflow.now()).total_seconds(), 0.001),
                    timeout_summary=why.encode()[:_SUMMARY_BYTES].decode(errors="ignore"),
                )
            except TimeoutError:
                continue

    def _climb(self, now: datetime) -> None:
        """Do what is due. Each thing done may move the rest, so the ladder is read again after each."""
        file = self._file
        while calls := file.calls(now):
            call = calls[0]
            file.happen(answered(file.case, call, local_date(now), file.waiting(now)), now)
