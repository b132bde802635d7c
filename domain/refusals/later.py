"""What stands against a meeting on a day after one that the applicant was promised: its own, or that of the answer."""

from __future__ import annotations

from domain import calendar
from domain import events as e
from domain.deadlines import Deadline
from domain.meetings import ANSWERED_BY, Arranged, enough, later, promised
from domain.policy import StepId
from domain.refusals.circumstances import Circumstances
from domain.substance import says_something


def than_promised(circumstances: Circumstances, own: StepId, body: Arranged) -> str | None:
    """The sentence against it, unless what moves is said, with the reason and who agreed, and may move so far.

    A promise that has lapsed already may move as far as the meeting: however often it was extended, somebody must be
    able to arrange one.
    """
    if wrong := _answer_by(circumstances, own, body):
        return wrong
    moved = later(circumstances.deadlines, own, body)
    if not moved:
        return None
    most = min(moved, key=lambda deadline: deadline.due)
    late = f"{calendar.words(body.on)} is after {calendar.words(most.due)}, promised for “{most.title}”"
    if circumstances.by.role is not e.Role.OFFICER:
        return f"{late}; choose an earlier day, or ask the council to move it, so that the applicant is told why"
    if lacking := [*_lacking(circumstances, own, body, moved)]:
        return f"{late}; choose an earlier day, or give {', '.join(lacking)}, so that the applicant is told at once"
    return next((no for deadline in moved if (no := _too_far(circumstances, deadline, own, body))), None)


def _answer_by(circumstances: Circumstances, own: StepId, body: Arranged) -> str | None:
    answer = promised(circumstances.deadlines, ANSWERED_BY[own])
    if body.answer_by is None:
        return None
    if body.answer_by < body.on:
        day, met = calendar.words(body.answer_by), calendar.words(body.on)
        return f"the answer cannot come on {day}, before the meeting of {met}; give a later day in answer_by"
    if answer is None or body.answer_by <= answer.due:
        known = f"is promised by {calendar.words(answer.due)}" if answer else "has no date that could move"
        return f"the answer {known}; leave answer_by out"
    return None


def _lacking(circumstances: Circumstances, own: StepId, body: Arranged, moved: list[Deadline]) -> list[str]:
    lacking = []
    if body.answer_by is None and any(deadline.step is not own for deadline in moved):
        lacking.append("answer_by (the new day of the answer)")
    if not says_something(body.reason):
        lacking.append("reason (why it is later)")
    if not body.approved_by.strip():
        lacking.append(f"approved_by (the name of {circumstances.case.policy.extensions.approver}, who agrees)")
    return lacking


def _too_far(circumstances: Circumstances, deadline: Deadline, own: StepId, body: Arranged) -> str | None:
    rules, case = circumstances.case.policy.extensions, circumstances.case
    wanted = body.on if deadline.step is own else body.answer_by
    if deadline.due < circumstances.today or wanted is None:
        return None
    if deadline.step not in rules.steps:
        return (
            f"“{deadline.title}” cannot be moved under this policy; choose a day up to {calendar.words(deadline.due)}"
        )
    approved = [given for given in case.extensions.get(deadline.key, ()) if given.approved_by]
    if len(approved) >= rules.times:
        times = f"“{deadline.title}” was extended {rules.times} times, the most this policy allows"
        return f"{times}; choose a day up to {calendar.words(deadline.due)}"
    if enough(case, deadline.key, wanted) > rules.at_most:
        return (
            f"“{deadline.title}” may be moved by {rules.at_most} working days at a time, and "
            f"{calendar.words(wanted)} is further; choose an earlier day"
        )
    return None
