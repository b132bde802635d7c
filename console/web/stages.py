"""A case's stages as a task list: what is done, what it is at, what is still to come, what falls away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.case import Case, Stage
from domain.policy import Milestone


class PartProgress(StrEnum):
    DONE = "Completed"
    NOW = "In progress"
    NEXT = "Not yet"
    NONE = "Not needed"
    STOPPED = "Stopped"


@dataclass(frozen=True)
class CasePart:
    """One part of a case's life; ``on`` is the day it was completed."""

    title: str
    progress: PartProgress
    on: date | None = None


@dataclass(frozen=True)
class _Part:
    title: str
    stages: frozenset[Stage]
    done_by: tuple[Milestone, ...]


_PARTS = (
    _Part(
        "Take the application in",
        frozenset({Stage.RECEIVED, Stage.AWAITING_DETAILS}),
        (Milestone.PASSED_ON,),
    ),
    _Part("Check the reports with the agencies", frozenset({Stage.VERIFYING}), (Milestone.VERIFIED,)),
    _Part("Decide the threshold", frozenset({Stage.THRESHOLD}), (Milestone.THRESHOLD_DECIDED,)),
    _Part("Gather the agencies’ accounts", frozenset({Stage.GATHERING}), (Milestone.COLLATED,)),
    _Part("Arrange the panel", frozenset({Stage.ARRANGING}), (Milestone.PANEL_ARRANGED,)),
    _Part("Hold the panel", frozenset({Stage.PANEL}), (Milestone.PANEL_HELD,)),
    _Part("Put the plan to the applicant", frozenset({Stage.PLAN}), (Milestone.PLAN_SETTLED,)),
    _Part("Send the outcome", frozenset({Stage.OUTCOME}), (Milestone.OUTCOME_SENT,)),
    _Part("Appeal", frozenset({Stage.APPEAL_WINDOW, Stage.APPEAL, Stage.NOT_MET}), (Milestone.APPEAL_TOLD,)),
    _Part("Follow up", frozenset({Stage.FOLLOW_UP}), (Milestone.FOLLOWED_UP,)),
    _Part("Close the case", frozenset({Stage.CLOSING}), (Milestone.CLOSED,)),
)
_REVIEW = frozenset({3, 4, 5, 6, 7, 9})
_APPEAL = 8


def tasks(case: Case) -> tuple[CasePart, ...]:
    """Every part, in order, and how far it has come."""
    current = next((number for number, part in enumerate(_PARTS) if case.stage in part.stages), len(_PARTS))
    return tuple(_task(case, number, part, current) for number, part in enumerate(_PARTS))


def _task(case: Case, number: int, part: _Part, current: int) -> CasePart:
    reached = next((case.reached[milestone] for milestone in part.done_by if milestone in case.reached), None)
    done = CasePart(part.title, PartProgress.DONE, reached.on if reached else None)
    if number == current:
        return CasePart(part.title, PartProgress.NOW)
    if case.refusal and number in _REVIEW:
        return CasePart(part.title, PartProgress.NONE)
    if number == _APPEAL:
        return _appeal(case, part, current)
    if ending := case.ending:
        if reached:
            return done
        return CasePart(part.title, PartProgress.NONE if ending.completed else PartProgress.STOPPED)
    return done if number < current else CasePart(part.title, PartProgress.NEXT)


def _appeal(case: Case, part: _Part, current: int) -> CasePart:
    """An appeal may come again, or never."""
    if case.appeals:
        told = case.appeals[-1].marks.get(Milestone.APPEAL_TOLD)
        return CasePart(part.title, PartProgress.DONE, told.on if told else None)
    if case.window_shut or case.stage.over:
        return CasePart(part.title, PartProgress.NONE)
    return CasePart(part.title, PartProgress.NEXT if current < _APPEAL else PartProgress.NOW)
