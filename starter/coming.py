"""What the service would do next in a case by itself, so that the letters of it can be read beforehand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain import chasing, routine, rules
from domain import events as e
from domain.case import Case, Stage, local_date
from domain.deadlines import Deadline
from domain.policy import Milestone, Verification
from domain.waiting import describe

_BEFORE_DECISION = (Stage.RECEIVED, Stage.AWAITING_DETAILS, Stage.VERIFYING, Stage.THRESHOLD)
_BEFORE_PANEL = (*_BEFORE_DECISION, Stage.GATHERING, Stage.ARRANGING, Stage.PANEL)


@dataclass(frozen=True)
class Coming:
    """Something that would happen at ``at`` if nothing else did before."""

    what: e.Body
    at: datetime


def coming(case: Case, deadlines: Sequence[Deadline], now: datetime) -> Iterator[Coming]:
    """The events the service makes by itself and that this case may still have, soonest first.

    One that waits for people, such as the draft plan, is told as of ``now``; a rung of the chasing ladder on its day.
    """
    today = local_date(now)
    for what in _by_stage(case):
        officer = e.Actor(role=e.Role.OFFICER, name="the service")
        if what.act is None or rules.refusal(case, what, officer, deadlines, today) is None:
            yield Coming(what, now)
    waiting = describe(case, deadlines, today)
    for call in chasing.calls(case, deadlines, today):
        at = max(now, call.at)
        yield Coming(routine.answered(case, call, local_date(at), waiting), at)


def _by_stage(case: Case) -> Iterator[e.Body]:
    stage = case.stage
    if not any(isinstance(event.what, e.Acknowledged) for event in case.events):
        yield e.Acknowledged()
    if case.missing:
        yield routine.details_requested(case)
    if not case.has(Milestone.PASSED_ON):
        yield routine.passed_on(case)
    if stage in _BEFORE_DECISION and case.policy.verification is Verification.AGENCIES:
        yield from _enquiries(case, e.Purpose.VERIFICATION)
    if stage in _BEFORE_PANEL:
        yield from _enquiries(case, e.Purpose.INFORMATION)
    if stage is Stage.PANEL:
        yield routine.papers_sent()
    if stage is Stage.PLAN:
        yield e.PlanPut()
    if stage is Stage.APPEAL:
        yield routine.bundle_sent(case)
    if stage is Stage.CLOSING:
        yield routine.closed()
    yield routine.closure_notified(case)
    yield e.HoldEnded()
    yield e.Withdrawn()


def _enquiries(case: Case, purpose: e.Purpose) -> Iterator[e.Body]:
    return (routine.enquiry(case, agency, purpose) for agency in routine.unasked(case, purpose))
