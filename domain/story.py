"""The story of a case: what the service does next by itself. For everything else it waits.

One function tells it. The workflow does what it says, the rehearsal foresees it, and the pages promise it, so that
the three cannot differ. It is asked again after each event until it has nothing more to say, and then again when
somebody has acted or the day has changed.

**Whom the service asks.** Every body that an incident names is asked at once, also one that a further incident names
for the first time, as long as its answer can still bear on what is to be decided:

- before the application is passed on, nobody; then all of them;
- until the threshold is decided, to confirm the reports, where the policy has agencies do so (DOV-22, MED-20, FOL-17)
  and the consents are there. A body is asked this once in a case's life. A case that was at the threshold goes back to
  verifying: it can be decided as met at any time, and a refusal waits until everybody was heard or gone on without;
- from there until the panel has decided, for a full account (FOL-19), in each round anew. A case that was arranging
  its panel goes back to gathering. A meeting that is arranged stands: the account comes to the panel if it comes in
  time, and the outcome names who was silent;
- after a refusal, or once the panel has decided, nobody: the incident is in the file, and a new round asks everybody.

No clock waits for a body that was asked later: what was confirmed or collated once was so on its first day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain import chasing, heartbeat, routine, waiting
from domain import events as e
from domain.assessment import assessment, refusal_falls
from domain.case import Case, Stage, local_date
from domain.deadlines import Deadline, State
from domain.meetings import moved_along
from domain.policy import Milestone, StepId
from domain.representation import lapses


def next_step(case: Case, deadlines: Sequence[Deadline], now: datetime) -> e.Body | None:
    """The next thing that the service does by itself at the aware instant ``now``; None while it waits for people or
    for a date.

    A case whose officer's mail comes back is the team's first of all. A promise that moves with a meeting comes next,
    then what the stage asks for, then the lowest rung of the chasing ladder that is due: a rung goes out when the
    office opens on its day. Last comes a word to the applicant who has heard nothing for a while. ``deadlines`` are the
    case's, planned for the day of ``now``.
    """
    if case.stage.over:
        return None
    if case.officer_unreached and case.policy.contact:
        return routine.in_the_teams_hands(case.policy.contact)
    return (
        moved_along(case, deadlines)
        or _lapsed(case, now)
        or _of_the_stage(case, deadlines)
        or _of_the_ladder(case, deadlines, now)
        or heartbeat.next_word(case, now)
    )


def _lapsed(case: Case, now: datetime) -> e.Body | None:
    """A representative's authority ends with its last day, before anything else is written to them."""
    last = lapses(case)
    if last is None or local_date(now) <= last:
        return None
    return e.AuthorityLapsed(representative=case.application.representative, until=last)


def _of_the_stage(case: Case, deadlines: Sequence[Deadline]) -> e.Body | None:
    match case.stage:
        case Stage.RECEIVED | Stage.AWAITING_DETAILS:
            return _received(case, deadlines)
        case Stage.VERIFYING | Stage.THRESHOLD if _waited(case, deadlines):
            return e.DeferralEnded()
        case Stage.VERIFYING | Stage.THRESHOLD:
            return _asked(case, e.Purpose.VERIFICATION)
        case Stage.GATHERING | Stage.ARRANGING | Stage.PANEL:
            return _asked(case, e.Purpose.INFORMATION)
        case Stage.PLAN:
            return _consulted(case, deadlines)
        case Stage.NOT_MET | Stage.APPEAL_WINDOW if not case.window_shut:
            return e.AppealWindowShut() if _over(deadlines, StepId.APPEAL_WINDOW) else None
        case Stage.APPEAL if not case.has(Milestone.BUNDLE_SENT):
            return routine.bundle_sent(case)
        case Stage.NOT_MET | Stage.FOLLOW_UP if routine.closes(case) and not _further(deadlines):
            return routine.closure_notified(case)
        case Stage.CLOSING if _over(deadlines, StepId.CLOSURE) and not refusal_falls(case):
            return routine.closed()
    return None


def _received(case: Case, deadlines: Sequence[Deadline]) -> e.Body | None:
    """Acknowledge; ask for what is missing and give time for it; then pass on to all relevant bodies (s.104(3)(b))."""
    if not any(isinstance(event.what, e.Acknowledged) for event in case.events):
        return e.Acknowledged()
    if case.missing and not case.has(Milestone.DETAILS_REQUESTED):
        return routine.details_requested(case)
    if case.missing and not _over(deadlines, StepId.COMPLETION):
        return None
    return routine.passed_on(case)


def _waited(case: Case, deadlines: Sequence[Deadline]) -> bool:
    """The decision was put off, and the agency's time is over or the reports meet the threshold by now."""
    return case.deferral is not None and (assessment(case).met or _over(deadlines, StepId.DEFERRAL))


def _asked(case: Case, purpose: e.Purpose) -> e.Body | None:
    return next((routine.enquiry(case, agency, purpose) for agency in routine.unasked(case, purpose)), None)


def _consulted(case: Case, deadlines: Sequence[Deadline]) -> e.Body | None:
    """Put this round's draft plan to the applicant, and leave them their days to answer."""
    for event in reversed(case.events):
        if isinstance(event.what, e.PanelHeld):
            return e.PlanPut()
        if isinstance(event.what, e.PlanPut):
            break
    return e.PlanWindowShut() if _over(deadlines, StepId.PLAN) else None


def _of_the_ladder(case: Case, deadlines: Sequence[Deadline], now: datetime) -> e.Body | None:
    today = local_date(now)
    due = next((chaser for chaser in chasing.chasers(case, deadlines, today) if chaser.moment <= now), None)
    if due is None:
        return None
    until_done = case.policy.chasing.overdue is not None
    why = waiting.cause if until_done else waiting.describe
    return routine.answered(case, due, today, why(case, deadlines, today))


def _further(deadlines: Sequence[Deadline]) -> bool:
    """The applicant may still take a decided appeal to another layer."""
    return any(d.step is StepId.APPEAL_WINDOW and d.item and d.state is State.OPEN for d in deadlines)


def _over(deadlines: Sequence[Deadline], step: StepId) -> bool:
    """The applicant's time for a step has passed."""
    return any(deadline.step is step and deadline.state is State.SHUT for deadline in deadlines)
