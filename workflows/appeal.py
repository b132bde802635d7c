"""The appeal's part of the story (Sch.4 para.3): the window, the papers, the hearing, the decision."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.case import Stage
    from domain.deadlines import State
    from domain.events import AppealWindowShut
    from domain.policy import Milestone, StepId
    from domain.routine import bundle_sent

from workflows.file import CaseFile


def window_over(file: CaseFile) -> bool:
    """The last day to appeal against the decision that stands has passed."""
    return any(d.step is StepId.APPEAL_WINDOW and d.state is State.SHUT for d in file.deadlines)


async def offer(file: CaseFile) -> None:
    """Keep the window open until somebody appeals or its last day is over; then note that it is."""
    stage = file.case.stage
    await workflow.wait_condition(lambda: file.case.stage is not stage or window_over(file))
    if file.case.stage is stage:
        file.happen(AppealWindowShut(), workflow.now())


async def hear(file: CaseFile) -> None:
    """Send the appeal body its papers, and wait for its hearing and its decision to be told."""
    if file.case.appeal and not file.case.has(Milestone.BUNDLE_SENT):
        file.happen(bundle_sent(file.case), workflow.now())
    await workflow.wait_condition(lambda: file.case.stage is not Stage.APPEAL)
