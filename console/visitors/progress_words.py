"""A case in plain words for the person it is about: where it is, what comes next, which dates were promised.

Nothing here names another person, an agency's answer, a note, or anybody the behaviour is laid to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from console.web.stages import PartProgress, tasks
from domain.calendar import words
from domain.case import Case, Stage
from domain.catalogue import NOUNS
from domain.deadlines import Deadline, State
from domain.policy import Owner, StepId
from office.case_view import CaseView

_NOW: Mapping[Stage, str] = {
    Stage.RECEIVED: "We have your application and are passing it on to everybody who must look at it.",
    Stage.AWAITING_DETAILS: "We need something more from you before the agencies can check your reports. "
    "Your application keeps its date.",
    Stage.VERIFYING: "The agencies are checking what their records say of your reports.",
    Stage.THRESHOLD: "We are deciding whether a review must be held.",
    Stage.NOT_MET: "We decided that a review does not have to be held. Our letter says why. You can appeal.",
    Stage.GATHERING: "A review will be held. The agencies are writing down what they know and what they did.",
    Stage.ARRANGING: "A review will be held. We are finding a day for the panel to meet.",
    Stage.PANEL: "The panel has a day to meet and look at your case.",
    Stage.PLAN: "The panel has met. You have the draft plan and can say what you think of it.",
    Stage.OUTCOME: "The panel has met. We are writing our full answer to you.",
    Stage.APPEAL_WINDOW: "You have our full answer. If you think we got it wrong, you can appeal.",
    Stage.APPEAL: "Your appeal is being looked at by people who did not make the decision.",
    Stage.FOLLOW_UP: "The agencies are doing what was agreed, and we check that they do.",
    Stage.CLOSING: "Everything agreed is done, and we are about to close your case. You can object.",
}
_TASKS = (
    "We take your application in",
    "The agencies check your reports",
    "We decide whether a review must be held",
    "The agencies say what they know and did",
    "We find a day for the panel",
    "The panel meets",
    "You see the draft plan",
    "You have our full answer",
    "You can appeal",
    "We check that what was agreed is done",
    "We close your case",
)
_STATUS = {
    PartProgress.DONE: "Done",
    PartProgress.NOW: "We are here",
    PartProgress.NEXT: "Not started yet",
    PartProgress.NONE: "Not needed",
    PartProgress.STOPPED: "Stopped",
}
_THEIRS = frozenset({StepId.COMPLETION, StepId.PLAN, StepId.APPEAL_WINDOW, StepId.CLOSURE})
_KEPT = {
    State.MET: "Done",
    State.MET_LATE: "Done, but late",
    State.SHUT: "This time has ended",
    State.STOPPED: "No longer needed",
}


@dataclass(frozen=True)
class ReviewStage:
    """One stage of the review; ``on`` is the day it was done."""

    title: str
    status: str
    now: bool
    on: date | None


@dataclass(frozen=True)
class PromisedDate:
    """A date that concerns the applicant. ``first`` is the date promised first where it was another, ``why`` the
    reasons it moved, ``kept`` what became of it, empty while it runs; ``theirs`` if it is theirs to act by."""

    what: str
    due: date
    first: date | None
    why: tuple[str, ...]
    late: bool
    kept: str
    theirs: bool


def now(view: CaseView) -> str:
    """Where the case is, in one or two sentences."""
    case = view.case
    if ending := case.ending:
        return ending.told
    if hold := case.on_hold(view.today):
        return f"Your case is on hold until {words(hold.end)}, as you asked. Ring us if you want to go on sooner."
    if case.stage is Stage.NOT_MET and case.window_shut:
        return "We decided that a review does not have to be held. Our letter says why. The time to appeal has ended."
    return _NOW[case.stage]


def steps(case: Case) -> tuple[ReviewStage, ...]:
    """The stages as a task list."""
    return tuple(
        ReviewStage(title, _STATUS[task.progress], task.progress is PartProgress.NOW, task.on)
        for title, task in zip(_TASKS, tasks(case), strict=True)
    )


def promises(view: CaseView) -> tuple[list[PromisedDate], list[PromisedDate]]:
    """The dates still to come, soonest first, and those that passed, the latest first."""
    known = [
        deadline
        for deadline in view.deadlines
        if deadline.public or (deadline.step in _THEIRS and deadline.owner is Owner.APPLICANT)
    ]
    running = sorted((deadline for deadline in known if deadline.running), key=lambda deadline: deadline.due)
    over = sorted(
        (deadline for deadline in known if not deadline.running), key=lambda deadline: deadline.due, reverse=True
    )
    return [_promise(view, deadline) for deadline in running], [_promise(view, deadline) for deadline in over]


def _promise(view: CaseView, deadline: Deadline) -> PromisedDate:
    noun = NOUNS[deadline.step]
    why = [move.reason for move in view.case.extensions.get(deadline.key, ()) if move.reason]
    if deadline.first and not why and view.case.pauses:
        why = ["the case was on hold, as you asked"]
    return PromisedDate(
        what=f"{noun[:1].upper()}{noun[1:]}",
        due=deadline.due,
        first=deadline.first,
        why=tuple(why),
        late=deadline.running and deadline.due < view.today and deadline.owner is not Owner.APPLICANT,
        kept="" if deadline.running else _KEPT.get(deadline.state, "Done, but late" if deadline.breached else "Done"),
        theirs=deadline.owner is Owner.APPLICANT,
    )
