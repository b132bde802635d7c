"""What may be done next to a case and, where something may not, why: one sentence that also says what could be.

The Updates' validators, the Signals, the command line and the console all ask ``refusal``; there is no second
set of rules. This module says whose turn it is and who may act; ``domain.refusals`` says what else stands in
the way of each act.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from domain import events as e
from domain.calendar import BeyondHorizon
from domain.case import Case, Stage
from domain.deadlines import Deadline
from domain.events import Role
from domain.refusals import appeal, closure, intake, post, record, review
from domain.refusals.intake import assessment as assessment
from domain.refusals.standing import Standing, listed

_ALIVE = frozenset(stage for stage in Stage if not stage.over)
_BEFORE_DECISION = frozenset({Stage.RECEIVED, Stage.AWAITING_DETAILS, Stage.VERIFYING, Stage.THRESHOLD})
_REVIEWING = frozenset({Stage.GATHERING, Stage.ARRANGING, Stage.PANEL})
_AFTER_PANEL = frozenset({Stage.PLAN, Stage.OUTCOME, Stage.APPEAL_WINDOW, Stage.APPEAL, Stage.FOLLOW_UP})
_ITEMS = _AFTER_PANEL | _REVIEWING

TURNS: Mapping[str, frozenset[Stage]] = {
    "request-details": _BEFORE_DECISION,
    "supply-details": _ALIVE,
    "answer-enquiry": _ALIVE,
    "decide-threshold": frozenset({Stage.VERIFYING, Stage.THRESHOLD, Stage.NOT_MET}),
    "arrange-panel": _REVIEWING,
    "choose-attendance": _BEFORE_DECISION | _REVIEWING,
    "send-papers": frozenset({Stage.PANEL}),
    "adjourn-panel": frozenset({Stage.PANEL}),
    "record-panel-decision": frozenset({Stage.PANEL}),
    "comment-on-plan": frozenset({Stage.PLAN}),
    "send-outcome": frozenset({Stage.PLAN, Stage.OUTCOME}),
    "confirm-receipt": _ALIVE - _BEFORE_DECISION,
    "answer-recommendation": _ITEMS,
    "complete-action": _ITEMS,
    "lodge-appeal": frozenset({Stage.NOT_MET, Stage.APPEAL_WINDOW, Stage.FOLLOW_UP, Stage.CLOSING}),
    "refuse-appeal": frozenset({Stage.NOT_MET, Stage.APPEAL_WINDOW, Stage.FOLLOW_UP, Stage.CLOSING}),
    "send-bundle": frozenset({Stage.APPEAL}),
    "arrange-hearing": frozenset({Stage.APPEAL}),
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
    "ask-for-call": _ALIVE,
    "record-call": _ALIVE,
    "correct-contact": frozenset(Stage),
    "add-note": frozenset(Stage),
    "add-document": frozenset(Stage),
    "correct-date": _ALIVE,
    "change-calendar": _ALIVE,
    "settle-letter": frozenset(Stage),
    "post-letter": frozenset(Stage),
    "report-undelivered": frozenset(Stage),
}
"""The stages in which an act can have its turn; a decision waits until all bodies have the case (s.104(3)(b))."""

ANY_TIME = frozenset(
    {"add-note", "add-document", "add-incident", "withdraw", "extend", "hold", "resume", "assign-officer",
     "change-representative", "correct-date", "change-calendar", "settle-letter", "post-letter", "report-undelivered",
     "confirm-receipt", "answer-enquiry", "refuse-appeal", "ask-for-call", "record-call", "correct-contact"}
)  # fmt: skip
"""The acts that do not move a case on by themselves, whatever its stage."""

_NOUNS: Mapping[Role, str] = {
    Role.APPLICANT: "the applicant",
    Role.OFFICER: "an officer",
    Role.CHAIR: "the panel's chair",
    Role.AGENCY: "an agency",
    Role.APPEAL_BODY: "the appeal body",
    Role.OPERATIONS: "operations staff",
    Role.CLOCK: "the service itself",
}
_PEOPLE = frozenset(Role) - {Role.CLOCK}
_ALSO: Mapping[str, frozenset[Role]] = {
    "add-note": _PEOPLE,
    "add-document": _PEOPLE,
    "add-incident": frozenset({Role.AGENCY}),
    "refuse-appeal": frozenset({Role.APPEAL_BODY}),
    "arrange-panel": frozenset({Role.CHAIR}),
    "send-papers": frozenset({Role.CHAIR}),
    "hold": frozenset({Role.APPLICANT}),
    "resume": frozenset({Role.APPLICANT}),
    "change-representative": frozenset({Role.APPLICANT}),
    "assign-officer": frozenset({Role.OPERATIONS}),
    "correct-date": frozenset({Role.OPERATIONS}),
    "settle-letter": frozenset({Role.OPERATIONS}),
    "post-letter": frozenset({Role.OPERATIONS}),
    "report-undelivered": frozenset({Role.OPERATIONS}),
}


_FAR_DATES = (
    e.CalendarChanged, e.DateCorrected, e.Extended, e.HoldStarted, e.PanelAdjourned, e.PanelArranged, e.PanelHeld,
    e.RecommendationAnswered,
)  # fmt: skip


def possible(case: Case) -> tuple[str, ...]:
    """The acts whose turn it is, those that move the case on first."""
    stage = case.stage
    turn = [act for act in TURNS if _has_its_turn(act, case, stage)]
    return tuple(sorted(turn, key=lambda act: act in ANY_TIME))


def may(act: str) -> frozenset[Role]:
    """The roles that may do an act: whose part it is, and an officer, who writes down what others say."""
    return frozenset({e.acts()[act].who, Role.OFFICER}) | _ALSO.get(act, frozenset())


def refusal(case: Case, body: e.Body, by: e.Actor, deadlines: Sequence[Deadline], today: date) -> str | None:
    """Why this may not be done now, in one sentence that says what could be; None where it may."""
    act = body.act
    if act is None:
        return f"{type(body).model_fields['kind'].default} is recorded by the service itself, not by a person"
    at = Standing(case, by, deadlines, today)
    rule = _RULES.get(type(body))
    stage = case.stage
    if not _has_its_turn(act, case, stage):
        waits = rule(at, body) if rule and stage in TURNS[act] else None
        return waits or _out_of_turn(act, case)
    if by.role not in may(act):
        who = " or ".join(_NOUNS[role] for role in Role if role in may(act))
        return f"{act} is for {who}, not for {_NOUNS[by.role]}; ask them to do it"
    return (rule(at, body) if rule else None) or _uncountable(at, body)


def _has_its_turn(act: str, case: Case, stage: Stage) -> bool:
    return stage in TURNS[act] and not _idle(act, case, stage)


def _idle(act: str, case: Case, stage: Stage) -> bool:
    """The stage is right and yet nothing can come of it.

    After the decision there are details to supply only where something asked for never came; a refusal can be
    replaced until the time to appeal against it ends; the outcome waits while the applicant may comment on the plan;
    a call is recorded where one was asked for, and a recommendation is answered and done where one was made.
    """
    if act == "supply-details":
        return stage not in _BEFORE_DECISION and not case.missing
    if act == "record-call":
        return case.call is None
    if act in ("answer-recommendation", "complete-action"):
        return not case.items
    if act == "decide-threshold":
        return stage is Stage.NOT_MET and case.window_shut
    return act == "send-outcome" and stage is Stage.PLAN


def _out_of_turn(act: str, case: Case) -> str:
    moves = (name for name in possible(case) if name not in ANY_TIME)
    none = "nothing, the case is over" if case.stage.over else "nothing until a date is reached"
    return f"{act} is not possible while the case is at '{case.stage}'; what is possible now: {listed(moves, none)}"


def _uncountable(at: Standing, body: e.Body) -> str | None:
    """An act that leads to a date past the known bank holidays would stop the case."""
    if not isinstance(body, _FAR_DATES):
        return None
    try:
        at.after(body)
    except BeyondHorizon as beyond:
        reason = str(beyond).rstrip(".")
        return f"{body.act} would need a date that cannot be counted: {reason[:1].lower()}{reason[1:]}"
    return None


_RULES: Mapping[type[e.Body], Callable[[Standing, Any], str | None]] = {
    e.DetailsRequested: intake.details_requested,
    e.DetailsReceived: intake.details_received,
    e.EnquiryAnswered: intake.enquiry_answered,
    e.ThresholdDecided: intake.threshold_decided,
    e.IncidentAdded: intake.incident_added,
    e.RepresentativeChanged: intake.representative_changed,
    e.PanelArranged: review.panel_arranged,
    e.PanelAdjourned: review.panel_adjourned,
    e.PanelHeld: review.panel_held,
    e.OutcomeDecided: review.outcome_decided,
    e.ReceiptConfirmed: review.letter_received,
    e.RecommendationAnswered: review.recommendation_answered,
    e.ActionDone: review.action_done,
    e.FollowUpHeld: closure.follow_up_held,
    e.ClosureNotified: closure.closure_notified,
    e.AppealLodged: appeal.appeal_lodged,
    e.AppealRefused: appeal.appeal_refused,
    e.BundleSent: appeal.bundle_sent,
    e.HearingArranged: appeal.hearing_arranged,
    e.AppealHeard: appeal.appeal_heard,
    e.AppealDecided: appeal.appeal_decided,
    e.Extended: record.extended,
    e.HoldStarted: record.hold_started,
    e.HoldEnded: record.hold_ended,
    e.DateCorrected: record.date_corrected,
    e.DocumentAdded: record.document_added,
    e.OfficerAssigned: record.officer_assigned,
    e.ContactCorrected: post.contact_corrected,
    e.LetterSettled: post.letter_settled,
    e.LetterDispatched: post.letter_dispatched,
    e.LetterUndelivered: post.letter_undelivered,
    e.CalendarChanged: record.calendar_changed,
}
