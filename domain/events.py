"""What can happen to a case. A case is an append-only list of these; everything else is derived from them.

An ``Event`` is an envelope (id, instant, who) around a body. A body that a person may bring about carries the name of
its act: the Update (or Signal) of that name takes exactly this body, so what a person said is what is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Annotated, ClassVar, Literal, Union, get_args

from pydantic import Field

from domain.application import Application, Carried, Incident, Line, Text
from domain.calendar import Calendar
from domain.policy import Decision, Milestone, Rung, StepId, Subject

Reasons = Annotated[str, Field(min_length=1, max_length=20_000)]


class Role(StrEnum):
    """Who acted. ``clock`` is the service itself, keeping a date."""

    APPLICANT = "applicant"
    OFFICER = "officer"
    CHAIR = "chair"
    AGENCY = "agency"
    APPEAL_BODY = "appeal_body"
    OPERATIONS = "operations"
    CLOCK = "clock"


class Actor(Carried):
    """``name`` is a person, a post, or for an agency its id in the policy."""

    role: Role
    name: str = ""


CLOCK = Actor(role=Role.CLOCK, name="the service")


class Body(Carried):
    """The content of an event. ``act`` names the Update that brings it about; ``None`` means the service itself does."""

    act: ClassVar[str | None] = None
    who: ClassVar[Role] = Role.OFFICER


class ApplicationMade(Body):
    """Somebody applied (s.104(1)(a)). The day of ``made_at`` is the eligibility date for good."""

    kind: Literal["application.made"] = "application.made"
    application: Application
    made_at: datetime


class Acknowledged(Body):
    """The receipt letter goes out (SDB-13)."""

    kind: Literal["application.acknowledged"] = "application.acknowledged"


class DetailsRequested(Body):
    """Something is missing; the applicant is told what, and that the application keeps its date."""

    kind: Literal["details.requested"] = "details.requested"
    act: ClassVar[str | None] = "request-details"
    missing: tuple[Line, ...] = ()


class DetailsReceived(Body):
    """The applicant supplied what was missing; consents given here stand from now on."""

    kind: Literal["details.received"] = "details.received"
    act: ClassVar[str | None] = "supply-details"
    who: ClassVar[Role] = Role.APPLICANT
    consent_to_share: bool = False
    victim_consents: bool = False
    text: Text = ""


class PassedOn(Body):
    """The application was passed on to all relevant bodies (s.104(3)(b))."""

    kind: Literal["application.passed_on"] = "application.passed_on"
    bodies: tuple[str, ...] = ()


class Purpose(StrEnum):
    """Why an agency is asked: to confirm the reports, or for its full account (FOL-19)."""

    VERIFICATION = "verification"
    INFORMATION = "information"


class EnquirySent(Body):
    """An agency was asked (Sch.4 para.7). ``enquiry`` is its key in the case: ``verification:police``."""

    kind: Literal["enquiry.sent"] = "enquiry.sent"
    enquiry: str
    purpose: Purpose
    agency: str
    incidents: tuple[str, ...] = ()


class Confirmation(Carried):
    """What an agency's own record says of one incident."""

    incident: str
    confirmed: bool
    note: Text = ""


class EnquiryAnswered(Body):
    """An agency answered: what it can confirm, what it did, who to ask there."""

    kind: Literal["enquiry.answered"] = "enquiry.answered"
    act: ClassVar[str | None] = "answer-enquiry"
    who: ClassVar[Role] = Role.AGENCY
    enquiry: str
    confirmations: tuple[Confirmation, ...] = ()
    account: Text = ""
    contact: Line = ""


class EnquiryClosed(Body):
    """An agency stayed silent; the review goes on without it and the outcome letter says so."""

    kind: Literal["enquiry.proceeded"] = "enquiry.proceeded"
    enquiry: str


class ThresholdDecided(Body):
    """The relevant bodies decided whether the threshold is met (s.104(4), s.104(5)).

    A refusal needs persistence, harm, adequacy of the response, what will be done instead, and ``approved_by``: a second
    officer, other than ``decided_by``. ``discretion`` says why a case below the number was accepted (s.104(5)).
    """

    kind: Literal["threshold.decided"] = "threshold.decided"
    act: ClassVar[str | None] = "decide-threshold"
    met: bool
    decided_by: Line = ""
    approved_by: Line = ""
    route: Line = ""
    discretion: Text = ""
    persistence: Text = ""
    harm: Text = ""
    adequacy: Text = ""
    alternative_action: Text = ""


class Seat(Carried):
    """Somebody on a panel. ``conflict`` is what they declared, empty if nothing; ``agency`` their body's id."""

    name: Line
    organisation: Line = ""
    email: Line = ""
    agency: str = ""
    independent: bool = True
    conflict: Text = ""


class PanelArranged(Body):
    """The panel's date, place, chair and members. Given again, it re-arranges the panel and needs a reason."""

    kind: Literal["panel.arranged"] = "panel.arranged"
    act: ClassVar[str | None] = "arrange-panel"
    on: date
    time: Line = "10:00"
    place: Line = ""
    chair: Seat
    members: tuple[Seat, ...] = ()
    reason: Text = ""


class AttendanceChosen(Body):
    """How the applicant will be heard: in person, by a link, through somebody, by a statement, or not at all."""

    kind: Literal["attendance.chosen"] = "attendance.chosen"
    act: ClassVar[str | None] = "choose-attendance"
    who: ClassVar[Role] = Role.APPLICANT
    mode: Line
    statement: Text = ""


class PapersSent(Body):
    """The panel has its papers."""

    kind: Literal["papers.sent"] = "papers.sent"
    act: ClassVar[str | None] = "send-papers"
    documents: tuple[Line, ...] = ()


class PanelAdjourned(Body):
    """The panel met, or could not, and goes on another day. The promised dates do not move."""

    kind: Literal["panel.adjourned"] = "panel.adjourned"
    act: ClassVar[str | None] = "adjourn-panel"
    who: ClassVar[Role] = Role.CHAIR
    until: date
    reason: Reasons


class Recommendation(Carried):
    """What the panel asks of a body that exercises public functions (s.104(7)); ``to`` is an agency id of the policy.

    ``due`` is when the action it asks for should be done, if the panel named a day.
    """

    id: str = ""
    to: str
    text: Reasons
    reason: Text = ""
    due: date | None = None


class PanelHeld(Body):
    """The chair's decision: what was found, issue by issue, and what is recommended to whom."""

    kind: Literal["panel.held"] = "panel.held"
    act: ClassVar[str | None] = "record-panel-decision"
    who: ClassVar[Role] = Role.CHAIR
    on: date
    present: tuple[Line, ...] = ()
    findings: Reasons
    recommendations: tuple[Recommendation, ...] = ()


class PlanPut(Body):
    """The draft plan was put to the applicant before it is final (guidance 2025)."""

    kind: Literal["plan.put"] = "plan.put"


class PlanCommented(Body):
    """What the applicant says of the draft plan."""

    kind: Literal["plan.commented"] = "plan.commented"
    act: ClassVar[str | None] = "comment-on-plan"
    who: ClassVar[Role] = Role.APPLICANT
    comments: Text = ""


class PlanWindowShut(Body):
    """The applicant's time to comment on the draft plan passed without a word."""

    kind: Literal["plan.window_shut"] = "plan.window_shut"


class OutcomeDecided(Body):
    """The outcome and recommendations go to the applicant (s.104(8)); ``reasons`` are the panel's, in plain words."""

    kind: Literal["outcome.decided"] = "outcome.decided"
    act: ClassVar[str | None] = "send-outcome"
    reasons: Reasons


class ReceiptConfirmed(Body):
    """The applicant (or the post) says when a decision letter arrived; it replaces the deemed date."""

    kind: Literal["letter.received"] = "letter.received"
    act: ClassVar[str | None] = "confirm-receipt"
    who: ClassVar[Role] = Role.APPLICANT
    letter: Literal["threshold", "outcome"] = "outcome"
    on: date


class Response(StrEnum):
    ACCEPTED = "accepted"
    IN_PART = "in_part"
    DECLINED = "declined"


class RecommendationAnswered(Body):
    """The addressee accepts, accepts in part, or declines with reasons (have-regard duty; FOL-24)."""

    kind: Literal["recommendation.answered"] = "recommendation.answered"
    act: ClassVar[str | None] = "answer-recommendation"
    who: ClassVar[Role] = Role.AGENCY
    recommendation: str
    response: Response
    reasons: Text = ""
    due: date | None = None


class ActionDone(Body):
    """What was recommended and accepted has been done; ``evidence`` says how anyone can see it."""

    kind: Literal["action.done"] = "action.done"
    act: ClassVar[str | None] = "complete-action"
    who: ClassVar[Role] = Role.AGENCY
    recommendation: str
    on: date
    evidence: Reasons


class AppealLodged(Body):
    """The applicant appeals (Sch.4 para.3). ``good_cause`` is needed after the window."""

    kind: Literal["appeal.lodged"] = "appeal.lodged"
    act: ClassVar[str | None] = "lodge-appeal"
    who: ClassVar[Role] = Role.APPLICANT
    subject: Subject
    grounds: Reasons
    on: date | None = None
    consent_to_transfer: bool = False
    good_cause: Text = ""


class AppealWindowShut(Body):
    """The last day to appeal passed. A late appeal still needs only good cause."""

    kind: Literal["appeal.window_shut"] = "appeal.window_shut"


class BundleSent(Body):
    """The appeal body has the case's papers."""

    kind: Literal["appeal.bundle_sent"] = "appeal.bundle_sent"
    act: ClassVar[str | None] = "send-bundle"
    documents: tuple[Line, ...] = ()


class AppealHeard(Body):
    """The appeal body met."""

    kind: Literal["appeal.heard"] = "appeal.heard"
    act: ClassVar[str | None] = "record-hearing"
    who: ClassVar[Role] = Role.APPEAL_BODY
    on: date


class AppealDecided(Body):
    """The appeal's result with reasons. A remit sends the review back and its clocks start again.

    ``heard_on`` tells of the hearing too, where the appeal body reports both at once.
    """

    kind: Literal["appeal.decided"] = "appeal.decided"
    act: ClassVar[str | None] = "decide-appeal"
    who: ClassVar[Role] = Role.APPEAL_BODY
    decision: Decision
    reasons: Reasons
    directions: Text = ""
    heard_on: date | None = None


class FollowUpHeld(Body):
    """The further review: has each action been done, has the behaviour stopped (K04-28)."""

    kind: Literal["follow_up.held"] = "follow_up.held"
    act: ClassVar[str | None] = "hold-follow-up"
    on: date
    behaviour_stopped: bool
    findings: Reasons


class ClosureNotified(Body):
    """The applicant was told why the case is about to close and how to object."""

    kind: Literal["closure.notified"] = "closure.notified"
    act: ClassVar[str | None] = "notify-closure"
    reason: Text = ""


class ClosureObjected(Body):
    """The applicant objects: the case stays open until the officer has dealt with it."""

    kind: Literal["closure.objected"] = "closure.objected"
    act: ClassVar[str | None] = "object-to-closure"
    who: ClassVar[Role] = Role.APPLICANT
    reason: Reasons


class Closed(Body):
    """The case is closed, and the applicant is told (K04-29)."""

    kind: Literal["case.closed"] = "case.closed"
    reason: Text = ""


class IncidentAdded(Body):
    """A further incident: logged with the case, and acted on by the body it was reported to (K04-17, K04-22)."""

    kind: Literal["incident.added"] = "incident.added"
    act: ClassVar[str | None] = "add-incident"
    who: ClassVar[Role] = Role.APPLICANT
    incident: Incident


class Withdrawn(Body):
    """The applicant withdrew, and is sent a confirmation."""

    kind: Literal["application.withdrawn"] = "application.withdrawn"
    act: ClassVar[str | None] = "withdraw"
    who: ClassVar[Role] = Role.APPLICANT
    reason: Text = ""


class Extended(Body):
    """A promise moves, with a reason and a letter, before it lapses. ``step`` may name one item: ``action:R1``."""

    kind: Literal["deadline.extended"] = "deadline.extended"
    act: ClassVar[str | None] = "extend"
    step: Line
    working_days: Annotated[int, Field(ge=1, le=120)]
    reason: Reasons
    approved_by: Line = ""


class HoldStarted(Body):
    """The victim asked for a pause; nobody else may. ``until`` is its end unless it is ended sooner."""

    kind: Literal["hold.started"] = "hold.started"
    act: ClassVar[str | None] = "hold"
    until: date
    reason: Reasons
    at_victims_request: bool = False


class HoldEnded(Body):
    """The pause ends early."""

    kind: Literal["hold.ended"] = "hold.ended"
    act: ClassVar[str | None] = "resume"


class OfficerAssigned(Body):
    """The case has a new single point of contact, and the applicant is told."""

    kind: Literal["officer.assigned"] = "officer.assigned"
    act: ClassVar[str | None] = "assign-officer"
    officer: Annotated[Line, Field(min_length=1)]
    email: Line = ""


class RepresentativeChanged(Body):
    """Who acts for the victim changes, or nobody does any more (``representative`` empty). It is a person id."""

    kind: Literal["representative.changed"] = "representative.changed"
    act: ClassVar[str | None] = "change-representative"
    representative: Line = ""
    victim_consents: bool = False


class NoteAdded(Body):
    """Something the case file should hold."""

    kind: Literal["note.added"] = "note.added"
    act: ClassVar[str | None] = "add-note"
    text: Reasons


class DateCorrected(Body):
    """A date was recorded wrongly; every deadline is planned again, and promised dates do not move later."""

    kind: Literal["date.corrected"] = "date.corrected"
    act: ClassVar[str | None] = "correct-date"
    milestone: Milestone
    to: date
    reason: Reasons


class CalendarChanged(Body):
    """A bank holiday was declared or a closure changed; dates already promised do not move later."""

    kind: Literal["calendar.changed"] = "calendar.changed"
    act: ClassVar[str | None] = "change-calendar"
    who: ClassVar[Role] = Role.OPERATIONS
    calendar: Calendar
    reason: Reasons


class LetterState(StrEnum):
    """What is known of a letter. ``waiting``: the mail server said later; ``uncertain``: it may have been sent."""

    ACCEPTED = "accepted"
    WAITING = "waiting"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"


class LetterPosted(Body):
    """A letter was handed over, or could not be. ``event`` is what it tells of; ``told`` the dates it printed."""

    kind: Literal["letter.posted"] = "letter.posted"
    key: str
    letter: str
    to: str
    event: str
    state: LetterState
    words: str = ""
    told: Mapping[str, date] = {}


class LetterSettled(Body):
    """A person found out what became of a letter that failed or may have been sent, or asks to send it again."""

    kind: Literal["letter.settled"] = "letter.settled"
    act: ClassVar[str | None] = "settle-letter"
    key: Line
    arrived: bool
    how: Reasons


class Chased(Body):
    """A rung of the chasing ladder was reached: a reminder, a warning or an escalation went out."""

    kind: Literal["deadline.chased"] = "deadline.chased"
    rung: Rung
    deadline: str
    step: StepId
    due: date
    to: str


class ActRefused(Body):
    """A Signal that the rules do not allow: kept and shown, never swallowed."""

    kind: Literal["act.refused"] = "act.refused"
    refused: str
    sentence: str


What = Annotated[
    Union[
        ApplicationMade, Acknowledged, DetailsRequested, DetailsReceived, PassedOn, EnquirySent, EnquiryAnswered,
        EnquiryClosed, ThresholdDecided, PanelArranged, AttendanceChosen, PapersSent, PanelAdjourned, PanelHeld,
        PlanPut, PlanCommented, PlanWindowShut, OutcomeDecided, ReceiptConfirmed, RecommendationAnswered, ActionDone, AppealLodged,
        AppealWindowShut, BundleSent, AppealHeard, AppealDecided, FollowUpHeld, ClosureNotified, ClosureObjected, Closed,
        IncidentAdded, Withdrawn, Extended, HoldStarted, HoldEnded, OfficerAssigned, RepresentativeChanged, NoteAdded,
        DateCorrected, CalendarChanged, LetterPosted, LetterSettled, Chased, ActRefused,
    ],
    Field(discriminator="kind"),
]  # fmt: skip


class Event(Carried):
    """One thing that happened: ``id`` is unique within the case, ``at`` the aware instant it was recorded."""

    id: str
    at: datetime
    by: Actor
    what: What

    @property
    def kind(self) -> str:
        return self.what.kind


@cache
def bodies() -> Mapping[str, type[Body]]:
    """Every event kind and its body, in the order a case meets them."""
    union = get_args(What)[0]
    return {body.model_fields["kind"].default: body for body in get_args(union)}


@cache
def acts() -> Mapping[str, type[Body]]:
    """Every act a person may do, by its name, and the body it takes."""
    return {body.act: body for body in bodies().values() if body.act}
