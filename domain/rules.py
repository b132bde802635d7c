"""What may be done next to a case and, where something may not, why: one sentence that also says what could be.

The Updates' validators, the Signals, the command line and the console all ask ``refusal``; there is no second set of
rules.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from domain import calendar
from domain import events as e
from domain.calendar import Unit, count
from domain.case import Case, Stage
from domain.deadlines import Deadline, State
from domain.policy import Milestone, Owner, StepId, Subject
from domain.threshold import Assessment, assess, refusal_gaps

_ALIVE = frozenset(stage for stage in Stage if not stage.over)
_BEFORE_DECISION = frozenset({Stage.RECEIVED, Stage.AWAITING_DETAILS, Stage.VERIFYING, Stage.THRESHOLD})
_REVIEWING = frozenset({Stage.GATHERING, Stage.ARRANGING, Stage.PANEL})
_AFTER_PANEL = frozenset(
    {Stage.PLAN, Stage.OUTCOME, Stage.APPEAL_WINDOW, Stage.APPEAL, Stage.FOLLOW_UP, Stage.CLOSING}
)

TURNS: Mapping[str, frozenset[Stage]] = {
    "request-details": _BEFORE_DECISION,
    "supply-details": _BEFORE_DECISION,
    "answer-enquiry": _ALIVE,
    "decide-threshold": _BEFORE_DECISION - {Stage.RECEIVED},
    "arrange-panel": _REVIEWING,
    "choose-attendance": _BEFORE_DECISION | _REVIEWING,
    "send-papers": frozenset({Stage.PANEL}),
    "adjourn-panel": frozenset({Stage.PANEL}),
    "record-panel-decision": frozenset({Stage.PANEL}),
    "comment-on-plan": frozenset({Stage.PLAN}),
    "send-outcome": frozenset({Stage.PLAN, Stage.OUTCOME}),
    "confirm-receipt": _ALIVE,
    "answer-recommendation": _AFTER_PANEL | _REVIEWING,
    "complete-action": _AFTER_PANEL | _REVIEWING,
    "lodge-appeal": frozenset({Stage.NOT_MET, Stage.APPEAL_WINDOW, Stage.FOLLOW_UP, Stage.CLOSING}),
    "send-bundle": frozenset({Stage.APPEAL}),
    "record-hearing": frozenset({Stage.APPEAL}),
    "decide-appeal": frozenset({Stage.APPEAL}),
    "hold-follow-up": frozenset({Stage.FOLLOW_UP, Stage.APPEAL_WINDOW}),
    "notify-closure": frozenset({Stage.FOLLOW_UP, Stage.NOT_MET}),
    "object-to-closure": frozenset({Stage.CLOSING}),
    "add-incident": _ALIVE,
    "withdraw": _ALIVE,
    "extend": _ALIVE,
    "hold": _ALIVE,
    "resume": _ALIVE,
    "assign-officer": _ALIVE,
    "change-representative": _ALIVE,
    "add-note": frozenset(Stage),
    "correct-date": _ALIVE,
    "change-calendar": _ALIVE,
    "settle-letter": frozenset(Stage),
}
_ANY_TIME = frozenset(
    {"add-note", "add-incident", "withdraw", "extend", "hold", "resume", "assign-officer", "change-representative",
     "correct-date", "change-calendar", "settle-letter", "confirm-receipt", "answer-enquiry"}
)  # fmt: skip
_CORRECTABLE = (
    Milestone.RECEIVED, Milestone.PANEL_HELD, Milestone.OUTCOME_RECEIVED, Milestone.THRESHOLD_RECEIVED,
    Milestone.APPEAL_LODGED, Milestone.APPEAL_HEARD, Milestone.FOLLOWED_UP,
)  # fmt: skip


def possible(case: Case) -> tuple[str, ...]:
    """The acts whose turn it is, those that move the case on first."""
    turn = [act for act, stages in TURNS.items() if case.stage in stages]
    return tuple(sorted(turn, key=lambda act: act in _ANY_TIME))


def assessment(case: Case) -> Assessment:
    """The threshold held against the application, with what agencies could not confirm shown beside it.

    Incidents added later count too: the eligibility date stays the day the application was made (s.104(11)).
    """
    denied = {
        confirmation.incident: confirmation.note or "no record found"
        for enquiry in case.enquiries.values()
        if enquiry.answer
        for confirmation in enquiry.answer.confirmations
        if not confirmation.confirmed
    }
    return assess(case.policy, case.incidents, case.made_on, denied=denied)


def refusal(case: Case, body: e.Body, by: e.Actor, deadlines: Sequence[Deadline], today: date) -> str | None:
    """Why this may not be done now, in one sentence that says what could be; None where it may."""
    act = body.act
    if act is None:
        return f"{type(body).model_fields['kind'].default} is recorded by the service itself, not by a person"
    if case.stage not in TURNS[act]:
        moves = [name for name in possible(case) if name not in _ANY_TIME]
        instead = ", ".join(moves) or ("nothing, the case is over" if case.stage.over else "nothing until a date is reached")
        return f"{act} is not possible while the case is at '{case.stage}'; what is possible now: {instead}"
    rule = _RULES.get(type(body))
    return rule(case, body, by, deadlines, today) if rule else None


def _due(deadlines: Sequence[Deadline], step: StepId) -> Deadline | None:
    return next((d for d in reversed(deadlines) if d.step is step and d.running), None)


def _past(name: str, day: date, today: date) -> str | None:
    return f"{name} {calendar.words(day)} lies in the future; give the day it happened" if day > today else None


def _details(case: Case, body: e.DetailsRequested, *_: object) -> str | None:
    return None if body.missing else "say what is missing, so that the letter can ask for it"


def _supplied(case: Case, body: e.DetailsReceived, *_: object) -> str | None:
    if not (body.consent_to_share or body.victim_consents or body.text.strip()):
        return "say what was supplied: consent to share, the victim's consent, or the details themselves"
    return None


def _answer(case: Case, body: e.EnquiryAnswered, by: e.Actor, *_: object) -> str | None:
    enquiry = case.enquiries.get(body.enquiry)
    if enquiry is None:
        asked = ", ".join(k for k, q in case.enquiries.items() if q.answer is None) or "none is waiting"
        return f"there is no enquiry {body.enquiry}; enquiries still to answer: {asked}"
    if enquiry.answer is not None:
        return f"{body.enquiry} was answered on {calendar.words(enquiry.answered_on or date.min)}; add a note instead"
    if by.role is e.Role.AGENCY and by.name != enquiry.agency:
        return f"{body.enquiry} was put to {enquiry.agency}, not to {by.name or 'you'}; answer your own enquiry"
    known = {incident.id for incident in case.incidents}
    strange = [c.incident for c in body.confirmations if c.incident not in known]
    if strange:
        return f"there is no incident {', '.join(strange)} in this case; its incidents are {', '.join(sorted(known))}"
    return None


def _threshold(
    case: Case, body: e.ThresholdDecided, by: e.Actor, deadlines: Sequence[Deadline], today: date
) -> str | None:
    found = assessment(case)
    if body.met:
        if not found.met and not body.discretion.strip():
            return (
                f"no route of the policy is met ({found.why}); to accept the case under s.104(5) say why in discretion"
            )
        return None
    gaps = refusal_gaps(found, body)
    if gaps:
        return "; ".join(gaps)
    if case.stage is Stage.VERIFYING:
        waiting = ", ".join(q.key for q in case.of_round(e.Purpose.VERIFICATION) if not q.settled)
        return f"a refusal waits until the agencies were heard: {waiting}; answer-enquiry is possible now"
    if case.missing and _due(deadlines, StepId.COMPLETION) is not None:
        return "a refusal waits until the applicant has had the time they were given to supply what is missing"
    return None


def _panel(
    case: Case, body: e.PanelArranged, by: e.Actor, deadlines: Sequence[Deadline], today: date
) -> str | None:
    rules = case.policy.panel
    if body.on < today:
        return f"the panel's date {calendar.words(body.on)} has passed; give a day from {calendar.words(today)} on"
    if body.chair.conflict.strip():
        return f"the chair declared a conflict ({body.chair.conflict}); name another chair"
    if rules.independent_chair and not body.chair.independent:
        return "this council's panel has an independent chair; name one who had no part in the case"
    officer = case.officer.officer if case.officer else ""
    if officer and body.chair.name.casefold() == officer.casefold():
        return f"{officer} has handled this case and may not chair its panel; name another chair"
    bodies = {seat.organisation or seat.agency or seat.name for seat in (body.chair, *body.members)}
    if len(bodies) < rules.quorum:
        return f"a panel needs {rules.quorum} services and this one has {len(bodies)}; add members from other bodies"
    if case.panel is not None and not body.reason.strip():
        return "the panel is arranged already; give the reason for re-arranging it, the applicant will be told"
    promised = _due(deadlines, StepId.PANEL)
    if promised and promised.public and body.on > promised.due:
        return (
            f"{calendar.words(body.on)} is after the promised {calendar.words(promised.due)}; choose an earlier day, "
            f"or extend {promised.key} first, so that the applicant is told why"
        )
    return None


def _adjourned(case: Case, body: e.PanelAdjourned, by: e.Actor, deadlines: Sequence[Deadline], today: date) -> str | None:
    if body.until < today:
        return f"the panel cannot go on on {calendar.words(body.until)}, which has passed; give a day to come"
    return None


def _held(case: Case, body: e.PanelHeld, by: e.Actor, deadlines: Sequence[Deadline], today: date) -> str | None:
    if late := _past("the panel's date", body.on, today):
        return late
    if body.on < case.reached[Milestone.THRESHOLD_DECIDED].on:
        return f"the panel cannot have met on {calendar.words(body.on)}, before the threshold was decided"
    chair = case.panel.chair.name if case.panel else ""
    if by.role is e.Role.CHAIR and by.name and chair and by.name.casefold() != chair.casefold():
        return f"{by.name} does not chair this panel; {chair} does, or arrange-panel names another chair"
    known = [agency.id for agency in case.policy.agencies]
    strange = sorted({r.to for r in body.recommendations if r.to not in known})
    if strange:
        return f"no body {', '.join(strange)} is in the directory; recommend to one of {', '.join(known)}"
    return None


def _outcome(case: Case, body: e.OutcomeDecided, by: e.Actor, deadlines: Sequence[Deadline], today: date) -> str | None:
    if case.outcome is not None:
        return "the outcome was decided already and its letter is on its way; settle-letter shows what became of it"
    if not case.has(Milestone.PLAN_PUT):
        return "the draft plan must be put to the applicant before the outcome is final; its letter has not gone yet"
    plan = _due(deadlines, StepId.PLAN)
    if plan is not None and not case.has(Milestone.PLAN_SETTLED) and plan.state is State.OPEN:
        return f"the applicant may comment on the draft plan until {calendar.words(plan.due)}; comment-on-plan is possible now"
    return None


def _receipt(case: Case, body: e.ReceiptConfirmed, by: e.Actor, deadlines: Sequence[Deadline], today: date) -> str | None:
    sent = case.reached.get(Milestone.THRESHOLD_TOLD if body.letter == "threshold" else Milestone.OUTCOME_SENT)
    if sent is None:
        return f"no {body.letter} letter has been sent yet, so none can have arrived"
    if body.on < sent.on:
        return f"the {body.letter} letter was sent on {calendar.words(sent.on)}; it cannot have arrived before that"
    return _past("the day of receipt", body.on, today)


def _recommendation(case: Case, body: e.RecommendationAnswered, by: e.Actor, *_: object) -> str | None:
    item = case.items.get(body.recommendation)
    if item is None:
        return f"there is no recommendation {body.recommendation}; this case has {', '.join(case.items) or 'none yet'}"
    if by.role is e.Role.AGENCY and by.name != item.recommendation.to:
        return f"{body.recommendation} was made to {item.recommendation.to}; only they can answer it"
    if item.done is not None:
        return f"{body.recommendation} is done already"
    if body.response is not e.Response.ACCEPTED and not body.reasons.strip():
        return f"to {'decline' if body.response is e.Response.DECLINED else 'accept in part'} give your reasons"
    return None


def _done(case: Case, body: e.ActionDone, by: e.Actor, deadlines: Sequence[Deadline], today: date) -> str | None:
    item = case.items.get(body.recommendation)
    if item is None:
        return f"there is no recommendation {body.recommendation}; this case has {', '.join(case.items) or 'none yet'}"
    if not item.accepted:
        return f"{body.recommendation} has not been accepted yet; answer-recommendation comes first"
    if item.done is not None:
        return f"{body.recommendation} was done on {calendar.words(item.done.on)} already"
    if by.role is e.Role.AGENCY and by.name != item.recommendation.to:
        return f"{body.recommendation} falls to {item.recommendation.to}; only they can report it done"
    return _past("the day it was done", body.on, today)


def _appeal(case: Case, body: e.AppealLodged, by: e.Actor, deadlines: Sequence[Deadline], today: date) -> str | None:
    on = body.on or today
    if late := _past("the day of the appeal", on, today):
        return late
    if (body.subject is Subject.THRESHOLD) is not case.refusal:
        right = "threshold" if case.refusal else "outcome or handling"
        return f"the decision that stands can be appealed as {right}, not as {body.subject}"
    routes = case.policy.appeals_on(on, (body.subject,))
    if not routes:
        subjects = sorted({str(s) for route in case.policy.appeals_on(on) for s in route.subjects})
        return f"no appeal route is open against {body.subject}; routes exist against {', '.join(subjects)}"
    if routes[0].body_on(on) is None:
        return f"no body hears appeals by {routes[0].title} on {calendar.words(on)}; add its successor to the policy"
    if routes[0].consent_to_transfer and not body.consent_to_transfer:
        return f"the applicant's consent to pass the papers to {routes[0].body_on(on).name} is needed"  # type: ignore[union-attr]
    window = next((d for d in reversed(deadlines) if d.step is StepId.APPEAL_WINDOW), None)
    if window and on > window.due and not body.good_cause.strip():
        return f"the appeal window ended on {calendar.words(window.due)}; give the good cause for accepting it late"
    return None


def _bundle(case: Case, *_: object) -> str | None:
    return "the appeal body has its papers already" if case.has(Milestone.BUNDLE_SENT) else None


def _hearing(case: Case, body: e.AppealHeard, by: e.Actor, deadlines: Sequence[Deadline], today: date) -> str | None:
    if case.has(Milestone.APPEAL_HEARD):
        return "the hearing is recorded already; decide-appeal is possible now"
    return _past("the hearing", body.on, today)


def _decided(case: Case, body: e.AppealDecided, by: e.Actor, deadlines: Sequence[Deadline], today: date) -> str | None:
    appeal = case.appeal
    if appeal is None or appeal.decided is not None:
        return "this appeal is decided already and its letter is on its way"
    if appeal.route.hearing and appeal.heard_on is None and body.heard_on is None:
        return "the appeal is decided after its hearing; record-hearing is possible now, or give heard_on"
    if body.heard_on and (late := _past("the hearing", body.heard_on, today)):
        return late
    if body.decision not in appeal.route.outcomes:
        return f"this appeal body may decide {', '.join(appeal.route.outcomes)}, not {body.decision}"
    return None


def _follow_up(case: Case, body: e.FollowUpHeld, by: e.Actor, deadlines: Sequence[Deadline], today: date) -> str | None:
    if late := _past("the follow-up", body.on, today):
        return late
    due = next((d for d in reversed(deadlines) if d.step is StepId.FOLLOW_UP), None)
    if due and due.opens and body.on < due.opens:
        return f"the follow-up opens on {calendar.words(due.opens)}; before then add-note keeps what you learnt"
    return None


def _closure(case: Case, *_: object) -> str | None:
    if case.open_items:
        ids = ", ".join(f"{item.id} ({item.recommendation.to})" for item in case.open_items)
        return f"the case cannot close while {ids} is open; answer-recommendation or complete-action comes first"
    if case.stage is Stage.FOLLOW_UP and not case.has(Milestone.FOLLOWED_UP):
        return "the case closes after its follow-up; hold-follow-up comes first"
    if case.refusal and not case.window_shut and case.objection is None:
        return "the applicant may still appeal; the closure notice goes by itself when the window has ended"
    return None


def _incident(case: Case, body: e.IncidentAdded, by: e.Actor, deadlines: Sequence[Deadline], today: date) -> str | None:
    return _past("the report of", body.incident.reported, today)


def _extend(case: Case, body: e.Extended, by: e.Actor, deadlines: Sequence[Deadline], today: date) -> str | None:
    rules = case.policy.extensions
    running = {d.key: d for d in deadlines if d.running and d.step in rules.steps}
    deadline = running.get(body.step)
    if deadline is None:
        return f"{body.step} cannot be extended now; what can: {', '.join(running) or 'nothing'}"
    given = case.extensions.get(body.step, ())
    if len([x for x in given if x.approved_by]) >= rules.times:
        return f"{body.step} was extended {rules.times} times, the most this policy allows"
    total = sum(x.working_days for x in given) + body.working_days
    if total > rules.at_most:
        return f"{body.step} may be extended by {rules.at_most} working days in all and this would make {total}"
    if not body.approved_by.strip():
        return f"an extension is approved by {rules.approver}; give their name in approved_by"
    if deadline.owner is Owner.APPLICANT:
        return None
    due = count(case.calendar, deadline.due, body.working_days, Unit.WORKING_DAYS).due
    return None if due > today else f"the new date {calendar.words(due)} has passed too; extend by more working days"


def _hold(case: Case, body: e.HoldStarted, by: e.Actor, deadlines: Sequence[Deadline], today: date) -> str | None:
    if not body.at_victims_request:
        return "a case is held only at the victim's request; an agency's silence never stops a clock"
    if body.until <= today:
        return f"{calendar.words(body.until)} has passed; give the day the hold ends"
    if hold := case.on_hold(today):
        return f"the case is on hold until {calendar.words(hold.end)} already; resume ends it sooner"
    return None


def _resume(case: Case, body: e.HoldEnded, by: e.Actor, deadlines: Sequence[Deadline], today: date) -> str | None:
    return None if case.on_hold(today) else "the case is not on hold"


def _correction(
    case: Case, body: e.DateCorrected, by: e.Actor, deadlines: Sequence[Deadline], today: date
) -> str | None:
    if body.milestone not in _CORRECTABLE:
        return f"{body.milestone} is not a date to correct; these are: {', '.join(_CORRECTABLE)}"
    if body.milestone not in case.reached:
        return f"{body.milestone} has not happened yet, so its date cannot be wrong"
    return _past("the corrected date", body.to, today)


def _settle(case: Case, body: e.LetterSettled, *_: object) -> str | None:
    letter = case.letters.get(body.key)
    if letter is None:
        open_keys = ", ".join(k for k, l in case.letters.items() if l.needs_somebody) or "none"
        return f"there is no letter {body.key}; letters that need somebody: {open_keys}"
    return None if letter.needs_somebody else f"letter {letter.posted.letter} is {letter.posted.state}; nothing to settle"


def _calendar(case: Case, body: e.CalendarChanged, *_: object) -> str | None:
    if body.calendar.hash == case.calendar.hash:
        return "the case has this calendar already"
    if body.calendar.horizon < case.calendar.horizon:
        return f"the new calendar ends on {body.calendar.horizon}, before the one in use; take a newer snapshot"
    return None


_RULES: Mapping[type[e.Body], Callable[..., str | None]] = {
    e.DetailsRequested: _details,
    e.DetailsReceived: _supplied,
    e.EnquiryAnswered: _answer,
    e.ThresholdDecided: _threshold,
    e.PanelArranged: _panel,
    e.PanelAdjourned: _adjourned,
    e.PanelHeld: _held,
    e.OutcomeDecided: _outcome,
    e.ReceiptConfirmed: _receipt,
    e.RecommendationAnswered: _recommendation,
    e.ActionDone: _done,
    e.AppealLodged: _appeal,
    e.BundleSent: _bundle,
    e.AppealHeard: _hearing,
    e.AppealDecided: _decided,
    e.FollowUpHeld: _follow_up,
    e.ClosureNotified: _closure,
    e.IncidentAdded: _incident,
    e.Extended: _extend,
    e.HoldStarted: _hold,
    e.HoldEnded: _resume,
    e.DateCorrected: _correction,
    e.LetterSettled: _settle,
    e.CalendarChanged: _calendar,
}
