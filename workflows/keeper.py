"""The keeper of time: one timer for the whole case, set to the next moment that matters, whatever that is.

No stage arms a timer of its own, and the timer is set anew only when everything that happened is kept and sent: what
becomes of a turn's letters may move the moment again. When the moment comes, the keeper notes what day it is, and the
story goes on from there; a date that moved moves the timer.
"""

from __future__ import annotations

from temporalio import workflow

from workflows.file import CaseFile

_SUMMARY_BYTES = 190


class Keeper:
    """Keeps one case's time until the case is over."""

    def __init__(self, file: CaseFile) -> None:
        self._file = file

    async def keep(self) -> None:
        file = self._file
        while not file.case.stage.over:
            file.replan(workflow.now())
            await workflow.wait_condition(lambda: file.case.stage.over or (file.settled and file.moment is not None))
            armed = file.moment
            if armed is None:
                continue
            moment, why = armed
            try:
                await workflow.wait_condition(
                    lambda: file.case.stage.over or (file.settled and file.moment != armed),  # noqa: B023
                    timeout=max((moment - workflow.now()).total_seconds(), 0.001),
                    timeout_summary=why.encode()[:_SUMMARY_BYTES].decode(errors="ignore"),
                )
            except TimeoutError:
                continue
