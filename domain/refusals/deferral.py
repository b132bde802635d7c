"""What stands against putting the threshold decision off, and against a refusal while it is put off."""

from __future__ import annotations

from domain import calendar
from domain import events as e
from domain.assessment import assessment
from domain.case import Case
from domain.policy import Effect, Exclusion, Policy, StepId
from domain.refusals.circumstances import Circumstances, against, idle, listed


def grounds(policy: Policy) -> tuple[Exclusion, ...]:
    """The published caveats by which an applicant may have to wait for an agency."""
    return tuple(known for known in policy.exclusions if known.effect is Effect.DEFER)


@idle(e.ThresholdDeferred)
def nothing_to_defer(case: Case) -> bool:
    """Three reports that count give a right to a review now; without a published ground nobody may be made to wait."""
    return case.deferral is not None or not grounds(case.policy) or assessment(case).met


@against(e.ThresholdDeferred)
def threshold_deferred(circumstances: Circumstances, body: e.ThresholdDeferred) -> str | None:
    case = circumstances.case
    if assessment(case).met:
        return "the reports meet the threshold, so a review must be held (s.104(4)); decide-threshold is possible now"
    known = grounds(case.policy)
    if not known:
        return "the published procedure has no ground on which the decision could be put off; decide-threshold"
    if body.ground and body.ground not in {ground.id for ground in known}:
        return f"{body.ground} is no published ground to put the decision off; give {listed(g.id for g in known)}"
    if not body.ground and len(known) > 1:
        return f"say in ground on which published ground it is put off: {listed(g.id for g in known)}"
    return _until_when(circumstances, body)


def _until_when(circumstances: Circumstances, body: e.ThresholdDeferred) -> str | None:
    case, until = circumstances.case, calendar.words(body.until)
    if case.policy.agency(body.agency) is None:
        return f"no body {body.agency} is in the directory; give one of {listed(a.id for a in case.policy.agencies)}"
    if case.deferral is not None:
        return f"the decision is put off until {calendar.words(case.deferral.until)} already"
    if any(deferral.body.agency == body.agency for deferral in case.deferrals):
        return f"the decision waited for {case.policy.called(body.agency)} once; decide-threshold is possible now"
    if body.until <= circumstances.today:
        return f"the agency's time must end on a day to come, not on {until}; otherwise decide-threshold"
    due = circumstances.running(StepId.THRESHOLD)
    if due is not None and body.until > due.due:
        return (
            f"the decision is due on {calendar.words(due.due)} and {until} is after that; choose an earlier day, or "
            f"extend “{due.title}” first, so that the applicant is told why"
        )
    return None


@idle(e.DecisionInsisted)
def nothing_put_off(case: Case) -> bool:
    return case.deferral is None


@against(e.DecisionInsisted)
def decision_insisted(circumstances: Circumstances, body: e.DecisionInsisted) -> str | None:
    return None if circumstances.case.deferral else "the decision is not put off, so it need not be insisted on"
