"""Meetings that are arranged, and what cannot be done before them: the answer that follows each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from domain import events as e
from domain.calendar import Unit, count
from domain.case import Case
from domain.deadlines import Deadline, due_if_extended
from domain.policy import StepId

ANSWERED_BY: Mapping[StepId, StepId] = {
    StepId.PANEL: StepId.RESPONSE,
    StepId.APPEAL_HEARING: StepId.APPEAL_DECISION,
}
"""Each meeting's own step, with the step of the answer that tells what came of it."""
LONGEST = 120
"""Working days of one extension that the service makes by itself."""
_FURTHEST = 800
"""Working days of one extension that a person makes, of a date that may have passed long ago."""

Arranged = e.PanelArranged | e.HearingArranged


def arranged(case: Case, step: StepId) -> Arranged | None:
    """The meeting by which a step is done, where it is arranged and nobody has said that it was held."""
    if step is StepId.PANEL and case.panel and not case.held:
        return case.panel
    if step is StepId.APPEAL_HEARING and case.appeal and not case.appeal.heard_on:
        return case.appeal.hearing
    return None


def meeting(case: Case, step: StepId) -> date | None:
    """The day of that meeting."""
    met = arranged(case, step)
    return met.on if met else None


def not_before(case: Case, step: StepId) -> date | None:
    """The day of the meeting before which a step cannot be done: its own, or the one that it answers."""
    return meeting(case, step) or next(
        (meeting(case, own) for own, answer in ANSWERED_BY.items() if answer is step), None
    )


def answerable(case: Case, step: StepId) -> date | None:
    """The first day by which a step can be done where a meeting is arranged: the meeting's day, and for what the panel
    comes to the working day after the applicant's time to comment on the plan."""
    met = not_before(case, step)
    if met is None or step is not StepId.RESPONSE:
        return met
    plan = case.policy.step(StepId.PLAN)
    clock = plan.clocks[0] if plan else None
    end = (
        count(case.calendar, met, clock.limit, clock.unit, meetings=case.policy.calendar.meetings).due if clock else met
    )
    return count(case.calendar, end, 1, Unit.WORKING_DAYS).due


def moved_along(case: Case, deadlines: Sequence[Deadline]) -> e.Extended | None:
    """The next promise that moves with a meeting arranged after it, by whoever agreed to that day; None where none is
    left: its own date to the meeting's day, and the answer's to the day that was given for it."""
    for own, answer in ANSWERED_BY.items():
        met = arranged(case, own)
        if met is None or not met.approved_by:
            continue
        for step, wanted in ((own, met.on), (answer, met.answer_by)):
            late = promised(deadlines, step)
            if late and wanted and late.due < wanted:
                days = enough(case, late.key, wanted)
                return e.Extended(step=late.key, working_days=days, reason=met.reason, approved_by=met.approved_by)
    return None


def promised(deadlines: Sequence[Deadline], step: StepId) -> Deadline | None:
    """The promise to the applicant of a step that still runs; the latest where there are several."""
    return next((d for d in reversed(deadlines) if d.step is step and d.running and d.public), None)


def later(deadlines: Sequence[Deadline], own: StepId, body: Arranged) -> list[Deadline]:
    """The promises that a meeting so arranged would come after, or move: its own, then the answer's."""
    late = promised(deadlines, own)
    answer = promised(deadlines, ANSWERED_BY[own])
    found = [late] if late and late.due < body.on else []
    if answer and (answer.due < body.on or (body.answer_by and answer.due < body.answer_by)):
        found.append(answer)
    return found


def enough(case: Case, key: str, wanted: date) -> int:
    """The working days by which a deadline must be extended to fall on ``wanted`` or later; no more than one extension
    may have."""
    most = LONGEST if case.policy.extensions.by_the_clock_times is None else _FURTHEST
    return next((days for days in range(1, most) if due_if_extended(case, key, days) >= wanted), most)
