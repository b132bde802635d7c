"""A case folded from its events: where it stands and what has been reached. Nothing here is stored; all is derived."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from domain import events as e
from domain.application import Application, Incident
from domain.calendar import LONDON, Calendar, Pause, Unit, count, receipt
from domain.policy import Agency, AppealBody, AppealRoute, Decision, Milestone, Policy, StepId, Subject


class Stage(StrEnum):
    """Where a case stands, in the order of its life."""

    RECEIVED = "received"
    AWAITING_DETAILS = "awaiting details"
    VERIFYING = "verifying reports"
    THRESHOLD = "deciding the threshold"
    NOT_MET = "threshold not met"
    GATHERING = "gathering information"
    ARRANGING = "arranging the panel"
    PANEL = "panel arranged"
    PLAN = "plan with the applicant"
    OUTCOME = "writing the outcome"
    APPEAL_WINDOW = "appeal window"
    APPEAL = "appeal"
    FOLLOW_UP = "follow-up"
    CLOSING = "closing"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"

    @property
    def over(self) -> bool:
        return self in (Stage.CLOSED, Stage.WITHDRAWN)


@dataclass(frozen=True)
class Reached:
    """A milestone: the local date it fell on, the event that brought it, and the words for a working's day 0."""

    on: date
    event: str
    words: str


@dataclass
class Enquiry:
    """What one agency was asked, and its answer."""

    key: str
    purpose: e.Purpose
    agency: str
    round: int
    asked: Reached
    answer: e.EnquiryAnswered | None = None
    answered_on: date | None = None
    proceeded_on: date | None = None

    @property
    def settled(self) -> bool:
        return self.answer is not None or self.proceeded_on is not None


@dataclass
class Item:
    """A recommendation, its addressee's answer, and the action it became."""

    recommendation: e.Recommendation
    round: int
    made: Reached
    answer: e.RecommendationAnswered | None = None
    answered: Reached | None = None
    done: e.ActionDone | None = None

    @property
    def id(self) -> str:
        return self.recommendation.id

    @property
    def accepted(self) -> bool:
        return self.answer is not None and self.answer.response is not e.Response.DECLINED

    @property
    def open(self) -> bool:
        """Not answered, or accepted and not done: the case may not close (K04-29)."""
        return self.answer is None or (self.accepted and self.done is None)

    @property
    def due(self) -> date | None:
        return (self.answer.due if self.answer else None) or self.recommendation.due


@dataclass
class Appeal:
    """One appeal: its route and body as they stood on the day it was lodged."""

    lodged: e.AppealLodged
    lodged_on: Reached
    route: AppealRoute
    body: AppealBody | None
    late: bool = False
    heard_on: date | None = None
    decided: e.AppealDecided | None = None
    told: bool = False


@dataclass
class Letter:
    """A letter's last known state."""

    posted: e.LetterPosted
    on: date
    settled: e.LetterSettled | None = None

    @property
    def arrived(self) -> bool:
        return self.posted.state is e.LetterState.ACCEPTED or (self.settled is not None and self.settled.arrived)

    @property
    def needs_somebody(self) -> bool:
        return self.settled is None and self.posted.state in (e.LetterState.REFUSED, e.LetterState.UNCERTAIN)


_LETTER_MILESTONES = {
    "L-01": (Milestone.ACKNOWLEDGED, None),
    "L-03": (Milestone.THRESHOLD_TOLD, Milestone.THRESHOLD_RECEIVED),
    "L-04": (Milestone.THRESHOLD_TOLD, Milestone.THRESHOLD_RECEIVED),
    "L-10": (Milestone.PLAN_PUT, None),
    "L-11": (Milestone.OUTCOME_SENT, Milestone.OUTCOME_RECEIVED),
    "L-15": (Milestone.CLOSURE_NOTIFIED, None),
    "L-21": (Milestone.APPEAL_TOLD, None),
}
_MILESTONE_WORDS = {
    Milestone.RECEIVED: "application received",
    Milestone.ACKNOWLEDGED: "receipt letter sent",
    Milestone.DETAILS_REQUESTED: "missing details asked for",
    Milestone.COMPLETED: "application complete",
    Milestone.PASSED_ON: "passed on to all relevant bodies",
    Milestone.VERIFICATION_ASKED: "agencies asked to confirm the reports",
    Milestone.VERIFIED: "reports checked with the agencies",
    Milestone.THRESHOLD_DECIDED: "threshold decided",
    Milestone.THRESHOLD_TOLD: "threshold decision sent",
    Milestone.THRESHOLD_RECEIVED: "threshold decision received",
    Milestone.INFORMATION_ASKED: "agencies asked for full information",
    Milestone.COLLATED: "all information in",
    Milestone.PANEL_ARRANGED: "panel arranged",
    Milestone.PANEL_DATE: "panel meeting",
    Milestone.PAPERS_SENT: "papers sent to the panel",
    Milestone.PANEL_HELD: "panel held",
    Milestone.PLAN_PUT: "draft plan sent to the applicant",
    Milestone.PLAN_SETTLED: "applicant answered on the plan",
    Milestone.OUTCOME_SENT: "outcome letter sent",
    Milestone.OUTCOME_RECEIVED: "outcome letter received",
    Milestone.APPEAL_LODGED: "appeal received",
    Milestone.BUNDLE_SENT: "papers sent to the appeal body",
    Milestone.APPEAL_HEARD: "appeal heard",
    Milestone.APPEAL_DECIDED: "appeal decided",
    Milestone.APPEAL_TOLD: "appeal decision sent",
    Milestone.RECOMMENDED: "recommendation made",
    Milestone.ANSWERED: "recommendation answered",
    Milestone.DONE: "action done",
    Milestone.FIRST_PANEL_HELD: "first panel held",
    Milestone.FOLLOWED_UP: "follow-up held",
    Milestone.CLOSURE_NOTIFIED: "closure notice sent",
    Milestone.CLOSED: "case closed",
}
_APPEAL = (
    Milestone.APPEAL_LODGED, Milestone.BUNDLE_SENT, Milestone.APPEAL_HEARD, Milestone.APPEAL_DECIDED,
    Milestone.APPEAL_TOLD,
)  # fmt: skip
_REVIEW = (
    Milestone.INFORMATION_ASKED, Milestone.COLLATED, Milestone.PANEL_ARRANGED, Milestone.PANEL_DATE,
    Milestone.PAPERS_SENT, Milestone.PANEL_HELD, Milestone.PLAN_PUT, Milestone.PLAN_SETTLED, Milestone.OUTCOME_SENT,
    Milestone.OUTCOME_RECEIVED, Milestone.FOLLOWED_UP, Milestone.CLOSURE_NOTIFIED,
)  # fmt: skip
_DECISION = (Milestone.THRESHOLD_DECIDED, Milestone.THRESHOLD_TOLD, Milestone.THRESHOLD_RECEIVED)


def words(milestone: Milestone) -> str:
    """A milestone as it stands in a working: “day 0: application received”."""
    return _MILESTONE_WORDS[milestone]


def local_date(at: datetime) -> date:
    """The Europe/London date of an instant."""
    return at.astimezone(LONDON).date()


@dataclass
class Case:
    """Everything that follows from a case's events so far. Built by ``fold``; ``apply`` takes the next event."""

    policy: Policy
    calendars: list[Calendar]
    events: list[e.Event] = field(default_factory=list)
    application: Application = field(default_factory=lambda: Application(applicant=""))
    made_on: date = date.min
    reached: dict[Milestone, Reached] = field(default_factory=dict)
    round: int = 1
    incidents: list[Incident] = field(default_factory=list)
    missing: tuple[str, ...] = ()
    enquiries: dict[str, Enquiry] = field(default_factory=dict)
    threshold: e.ThresholdDecided | None = None
    panel: e.PanelArranged | None = None
    held: e.PanelHeld | None = None
    attendance: e.AttendanceChosen | None = None
    comments: e.PlanCommented | None = None
    outcome: e.OutcomeDecided | None = None
    items: dict[str, Item] = field(default_factory=dict)
    appeals: list[Appeal] = field(default_factory=list)
    follow_up: e.FollowUpHeld | None = None
    objection: e.ClosureObjected | None = None
    closed: e.Closed | None = None
    withdrawn: e.Withdrawn | None = None
    extensions: dict[str, list[e.Extended]] = field(default_factory=dict)
    pauses: list[Pause] = field(default_factory=list)
    officer: e.OfficerAssigned | None = None
    letters: dict[str, Letter] = field(default_factory=dict)
    told: dict[str, tuple[date, tuple[int, int], int]] = field(default_factory=dict)
    chased: list[tuple[e.Chased, date]] = field(default_factory=list)
    refused: list[e.ActRefused] = field(default_factory=list)
    window_shut: bool = False

    @property
    def calendar(self) -> Calendar:
        return self.calendars[-1]

    @property
    def appeal(self) -> Appeal | None:
        """The appeal that is still to be decided and told, if any."""
        return next((appeal for appeal in self.appeals if not appeal.told), None)

    @property
    def refusal(self) -> bool:
        """The threshold was decided not to be met, and no appeal has changed that."""
        return self.threshold is not None and not self.threshold.met

    @property
    def open_items(self) -> list[Item]:
        return [item for item in self.items.values() if item.open]

    def on_hold(self, today: date) -> Pause | None:
        return next((pause for pause in self.pauses if pause.start <= today < pause.end), None)

    def has(self, milestone: Milestone) -> bool:
        return milestone in self.reached

    def of_round(self, purpose: e.Purpose) -> list[Enquiry]:
        """This round's enquiries of one purpose (verification is asked once in a case's life)."""
        return [q for q in self.enquiries.values() if q.purpose is purpose and q.round == self.round]

    @property
    def involved(self) -> tuple[Agency, ...]:
        """The bodies the incidents were reported to and that hold records; all relevant bodies if none is named."""
        named = [a for a in self.policy.agencies if any(_is(a, i.reported_to) for i in self.incidents)]
        return tuple(named) or self.policy.relevant_bodies

    @property
    def silent(self) -> tuple[str, ...]:
        """Agencies the review went on without; the outcome letter names them."""
        return tuple(dict.fromkeys(q.agency for q in self.enquiries.values() if q.proceeded_on and not q.answer))

    @property
    def stage(self) -> Stage:
        has = self.has
        if self.withdrawn:
            return Stage.WITHDRAWN
        if self.closed:
            return Stage.CLOSED
        if self.appeal:
            return Stage.APPEAL
        if has(Milestone.CLOSURE_NOTIFIED) and not self.objection:
            return Stage.CLOSING
        if self.refusal:
            return Stage.NOT_MET
        if self.threshold is None:
            if not has(Milestone.PASSED_ON):
                return Stage.AWAITING_DETAILS if self.missing else Stage.RECEIVED
            asked = self.of_round(e.Purpose.VERIFICATION)
            return Stage.VERIFYING if any(not q.settled for q in asked) else Stage.THRESHOLD
        if self.outcome is not None and has(Milestone.OUTCOME_SENT):
            return Stage.FOLLOW_UP if self.window_shut else Stage.APPEAL_WINDOW
        if self.held:
            waiting = self.outcome is None and not has(Milestone.PLAN_SETTLED)
            return Stage.PLAN if waiting else Stage.OUTCOME
        if self.panel:
            return Stage.PANEL
        return Stage.ARRANGING if has(Milestone.COLLATED) else Stage.GATHERING

    def apply(self, event: e.Event) -> None:
        """Take the next event into account."""
        self.events.append(event)
        on = local_date(event.at)
        match event.what:
            case e.ApplicationMade() as made:
                self.application, self.incidents = made.application, list(made.application.incidents)
                self.made_on, self.missing = local_date(made.made_at), made.application.missing
                rules = self.policy.calendar
                day_zero = receipt(self.calendar, made.made_at, cut_off=rules.cut_off, closed_day=rules.closed_day)
                self._reach(Milestone.RECEIVED, day_zero.day_zero, event)
                if not self.missing:
                    self._reach(Milestone.COMPLETED, day_zero.day_zero, event)
            case e.DetailsRequested() as asked:
                self.missing = tuple(dict.fromkeys((*self.missing, *asked.missing)))
                self._reach(Milestone.DETAILS_REQUESTED, on, event)
                self.reached.pop(Milestone.COMPLETED, None)
            case e.DetailsReceived() as given:
                self._details(given, on, event)
            case e.PassedOn():
                self._reach(Milestone.PASSED_ON, on, event)
            case e.EnquirySent() as sent:
                asked_as = {e.Purpose.VERIFICATION: Milestone.VERIFICATION_ASKED}
                milestone = asked_as.get(sent.purpose, Milestone.INFORMATION_ASKED)
                self._reach(milestone, on, event)
                self.enquiries[sent.enquiry] = Enquiry(
                    sent.enquiry, sent.purpose, sent.agency, self.round, Reached(on, event.id, words(milestone))
                )
            case e.EnquiryAnswered() as answer:
                enquiry = self.enquiries[answer.enquiry]
                enquiry.answer, enquiry.answered_on = answer, on
                self._settle(enquiry, on, event)
            case e.EnquiryClosed() as silent:
                self.enquiries[silent.enquiry].proceeded_on = on
                self._settle(self.enquiries[silent.enquiry], on, event)
            case e.ThresholdDecided() as decision:
                self.threshold = decision
                self._reach(Milestone.THRESHOLD_DECIDED, on, event)
            case e.PanelArranged() as arranged:
                self.panel = arranged
                self._reach(Milestone.PANEL_ARRANGED, on, event)
                self._reach(Milestone.PANEL_DATE, arranged.on, event)
            case e.AttendanceChosen() as attendance:
                self.attendance = attendance
            case e.PapersSent():
                self._reach(Milestone.PAPERS_SENT, on, event)
            case e.PanelAdjourned() as adjourned:
                if self.panel:
                    self.panel = self.panel.model_copy(update={"on": adjourned.until, "reason": adjourned.reason})
                self._reach(Milestone.PANEL_DATE, adjourned.until, event)
            case e.PanelHeld() as held:
                self._panel_held(held, event)
            case e.PlanCommented() as comments:
                self.comments = comments
                self._reach(Milestone.PLAN_SETTLED, on, event)
            case e.PlanWindowShut():
                self._reach(Milestone.PLAN_SETTLED, on, event)
            case e.OutcomeDecided() as outcome:
                self.outcome = outcome
                self.reached.setdefault(Milestone.PLAN_SETTLED, Reached(on, event.id, words(Milestone.PLAN_SETTLED)))
            case e.ReceiptConfirmed() as confirmed:
                threshold = confirmed.letter == "threshold"
                self._reach(
                    Milestone.THRESHOLD_RECEIVED if threshold else Milestone.OUTCOME_RECEIVED, confirmed.on, event
                )
            case e.RecommendationAnswered() as response:
                item = self.items[response.recommendation]
                item.answer, item.answered = response, Reached(on, event.id, words(Milestone.ANSWERED))
            case e.ActionDone() as done:
                self.items[done.recommendation].done = done
            case e.AppealLodged() as lodged:
                self._lodge(lodged, lodged.on or on, event)
            case e.AppealWindowShut():
                self.window_shut = True
            case e.BundleSent():
                self._reach(Milestone.BUNDLE_SENT, on, event)
            case e.AppealHeard() as heard:
                self.appeals[-1].heard_on = heard.on
                self._reach(Milestone.APPEAL_HEARD, heard.on, event)
            case e.AppealDecided() as decided:
                self.appeals[-1].decided = decided
                if decided.heard_on:
                    self.appeals[-1].heard_on = decided.heard_on
                    self._reach(Milestone.APPEAL_HEARD, decided.heard_on, event)
                self._reach(Milestone.APPEAL_DECIDED, on, event)
            case e.FollowUpHeld() as follow_up:
                self.follow_up = follow_up
                self._reach(Milestone.FOLLOWED_UP, follow_up.on, event)
            case e.ClosureNotified():
                self.objection = None
            case e.ClosureObjected() as objection:
                self.objection = objection
                self.reached.pop(Milestone.CLOSURE_NOTIFIED, None)
            case e.Closed() as closed:
                self.closed = closed
                self._reach(Milestone.CLOSED, on, event)
            case e.IncidentAdded() as added:
                number = len(self.incidents) + 1
                self.incidents.append(added.incident.model_copy(update={"id": added.incident.id or f"I{number}"}))
            case e.Withdrawn() as withdrawn:
                self.withdrawn = withdrawn
            case e.Extended() as extended:
                self.extensions.setdefault(extended.step, []).append(extended)
            case e.HoldStarted() as hold:
                self.pauses.append(Pause(start=on, end=hold.until, why="on hold at the victim's request"))
            case e.HoldEnded() if self.pauses:
                last = self.pauses.pop()
                if last.start < on:
                    self.pauses.append(last.model_copy(update={"end": min(on, last.end)}))
            case e.OfficerAssigned() as officer:
                self.officer = officer
            case e.RepresentativeChanged() as change:
                self.application = self.application.model_copy(
                    update={"representative": change.representative, "victim_consents": change.victim_consents}
                )
            case e.DateCorrected() as correction:
                self._reach(correction.milestone, correction.to, event)
            case e.CalendarChanged() as change:
                self.calendars.append(change.calendar)
            case e.LetterPosted() as posted:
                self._posted(posted, on, event)
            case e.LetterSettled() as settled:
                self._letter_settled(settled, on, event)
            case e.Chased() as chased:
                self.chased.append((chased, on))
            case e.ActRefused() as refused:
                self.refused.append(refused)

    def _reach(self, milestone: Milestone, on: date, event: e.Event) -> None:
        self.reached[milestone] = Reached(on, event.id, words(milestone))

    def _details(self, given: e.DetailsReceived, on: date, event: e.Event) -> None:
        self.application = self.application.model_copy(
            update={
                "consent_to_share": self.application.consent_to_share or given.consent_to_share,
                "victim_consents": self.application.victim_consents or given.victim_consents,
            }
        )
        self.missing = self.application.missing
        if not self.missing:
            self._reach(Milestone.COMPLETED, on, event)

    def _settle(self, enquiry: Enquiry, on: date, event: e.Event) -> None:
        if enquiry.round == self.round and all(q.settled for q in self.of_round(enquiry.purpose)):
            verification = enquiry.purpose is e.Purpose.VERIFICATION
            milestone = Milestone.VERIFIED if verification else Milestone.COLLATED
            self.reached.setdefault(milestone, Reached(on, event.id, words(milestone)))

    def _panel_held(self, held: e.PanelHeld, event: e.Event) -> None:
        start = len(self.items)
        numbered = tuple(
            r.model_copy(update={"id": f"R{start + number}"}) for number, r in enumerate(held.recommendations, start=1)
        )
        self.held = held.model_copy(update={"recommendations": numbered})
        made = Reached(local_date(event.at), event.id, words(Milestone.RECOMMENDED))
        self.items.update({r.id: Item(r, self.round, made) for r in numbered})
        self._reach(Milestone.PANEL_HELD, held.on, event)
        self.reached.setdefault(Milestone.FIRST_PANEL_HELD, self.reached[Milestone.PANEL_HELD])
        self.reached.setdefault(Milestone.COLLATED, Reached(held.on, event.id, words(Milestone.COLLATED)))

    def _lodge(self, lodged: e.AppealLodged, on: date, event: e.Event) -> None:
        route = self.policy.appeals_on(on, (lodged.subject,))[0]
        for milestone in _APPEAL:
            self.reached.pop(milestone, None)
        self.reached.pop(Milestone.CLOSURE_NOTIFIED, None)
        self._reach(Milestone.APPEAL_LODGED, on, event)
        self.appeals.append(
            Appeal(lodged, self.reached[Milestone.APPEAL_LODGED], route, route.body_on(on), bool(lodged.good_cause))
        )

    def _posted(self, posted: e.LetterPosted, on: date, event: e.Event) -> None:
        self.letters[posted.key] = Letter(posted, on)
        if posted.state is e.LetterState.ACCEPTED:
            self._arrived(posted, event)

    def _letter_settled(self, settled: e.LetterSettled, on: date, event: e.Event) -> None:
        letter = self.letters[settled.key]
        letter.settled = settled
        if settled.arrived:
            self._arrived(letter.posted, event)

    def _arrived(self, posted: e.LetterPosted, event: e.Event) -> None:
        on = local_date(event.at)
        for key, day in posted.told.items():
            self.told[key] = (day, self.moved(key), len(self.events))
        if posted.letter not in _LETTER_MILESTONES:
            return
        sent, received = _LETTER_MILESTONES[posted.letter]
        if sent in self.reached and posted.letter != "L-15":
            return
        self._reach(sent, on, event)
        if received:
            self._reach(received, self._deemed(event.at), event)
        if posted.letter == "L-21":
            self._appeal_told(on, event)

    def _deemed(self, at: datetime) -> date:
        """When a letter counts as received unless somebody says when it was: service plus the policy's days of grace."""
        service, day = self.policy.service, local_date(at)
        late = at.astimezone(LONDON).time() > service.email_until or not self.calendar.is_working(day)
        limit = service.email + service.grace + (1 if late else 0)
        return count(self.calendar, day, limit, Unit.WORKING_DAYS).due if limit else day

    def _appeal_told(self, on: date, event: e.Event) -> None:
        """An appeal's decision takes effect once the applicant was told."""
        appeal = self.appeals[-1]
        appeal.told = self.window_shut = True
        decided = appeal.decided
        if decided is None or decided.decision is Decision.DISMISSED:
            return
        on_threshold = appeal.lodged.subject is Subject.THRESHOLD
        if decided.decision is Decision.UPHELD and on_threshold:
            self.threshold = e.ThresholdDecided(met=True, route="appeal", discretion=decided.reasons)
        if decided.decision is Decision.UPHELD and not on_threshold:
            return
        self.round += 1
        again = _REVIEW
        if decided.decision is Decision.REMITTED and self.refusal:
            self.threshold, again = None, (*_REVIEW, *_DECISION)
        for milestone in again:
            self.reached.pop(milestone, None)
        self.reached[Milestone.RECEIVED] = Reached(on, event.id, "sent back by the appeal")
        self.panel = self.held = self.outcome = self.comments = self.follow_up = None
        self.window_shut = False

    def moved(self, key: str) -> tuple[int, int]:
        """What has lawfully moved a deadline: working days of extension, and calendar days of hold."""
        extended = sum(x.working_days for x in self.extensions.get(key, ()))
        return extended, sum((pause.end - pause.start).days for pause in self.pauses)


def _is(agency: Agency, name: str) -> bool:
    return name.casefold() in (agency.id.casefold(), agency.name.casefold(), agency.role.casefold())


def key(step: StepId, item: str = "", round: int = 1) -> str:
    """A deadline's key: ``response``, ``verification:police``, ``action:R1``; a later round's end in ``#2``."""
    name = f"{step}:{item}" if item else str(step)
    return name if round == 1 else f"{name}#{round}"


def fold(policy: Policy, calendar: Calendar, events: Iterable[e.Event]) -> Case:
    """The case that these events make, under this policy and the calendar given at receipt."""
    case = Case(policy, [calendar])
    for event in events:
        case.apply(event)
    return case
