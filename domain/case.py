"""A case folded from its events: where it stands and what has been reached. Nothing here is stored; all is derived."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from domain import arrivals
from domain import events as e
from domain.application import Application, Incident
from domain.calendar import Calendar, Pause, receipt
from domain.catalogue import kind_of
from domain.milestones import APPEAL, TOGETHER
from domain.milestones import words as words
from domain.parts import Appeal as Appeal
from domain.parts import Call as Call
from domain.parts import Enquiry as Enquiry
from domain.parts import Item as Item
from domain.parts import Letter as Letter
from domain.parts import Reached as Reached
from domain.parts import Round, Telling, goes_by, holds
from domain.parts import Stage as Stage
from domain.parts import local_date as local_date
from domain.policy import Agency, Milestone, Policy


@dataclass
class Case:
    """Everything that follows from a case's events so far. Built by ``fold``; ``apply`` takes the next event.

    ``arrived_on`` is the day of receipt as it was corrected, None where it was not; ``made_on`` never moves.
    ``notice`` is the place of the closure notice that stands, 0 where none was given or something has come since.
    """

    policy: Policy
    calendars: list[Calendar]
    events: list[e.Event] = field(default_factory=list)
    application: Application = field(default_factory=lambda: Application(applicant=""))
    made_on: date = date.min
    arrived_on: date | None = None
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
    notice: int = 0
    closed: e.Closed | None = None
    withdrawn: e.Withdrawn | None = None
    extensions: dict[str, list[e.Extended]] = field(default_factory=dict)
    pauses: tuple[Pause, ...] = ()
    officer: e.OfficerAssigned | None = None
    call: Call | None = None
    letters: dict[str, Letter] = field(default_factory=dict)
    told: dict[str, list[Telling]] = field(default_factory=dict)
    chased: list[tuple[e.Chased, date]] = field(default_factory=list)
    refused: list[e.ActRefused] = field(default_factory=list)
    window_shut: bool = False
    rounds: list[Round] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    sent_back: int = 0

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
    def ended(self) -> e.Event | None:
        """The event with which the case was over, if it is."""
        if not self.stage.over:
            return None
        return next(event for event in reversed(self.events) if event.what in (self.closed, self.withdrawn))

    @property
    def open_items(self) -> list[Item]:
        return [item for item in self.items.values() if item.open]

    def on_hold(self, today: date) -> Pause | None:
        return next((pause for pause in self.pauses if pause.start <= today < pause.end), None)

    @property
    def lost(self) -> Letter | None:
        """The first letter that somebody has to post or settle; of a case that is over only one that says so counts."""
        lost = (letter for letter in self.letters.values() if letter.needs_somebody)
        return next((one for one in lost if not self.stage.over or kind_of(one.posted.letter).farewell), None)

    def has(self, milestone: Milestone) -> bool:
        return milestone in self.reached

    def of_round(self, purpose: e.Purpose) -> list[Enquiry]:
        """This round's enquiries of one purpose (verification is asked once in a case's life)."""
        return [q for q in self.enquiries.values() if q.purpose is purpose and q.round == self.round]

    @property
    def involved(self) -> tuple[Agency, ...]:
        """The bodies the incidents were reported to and that hold records.

        Where a report went to somebody the directory does not know by that name, nobody is left out: all relevant
        bodies are asked too.
        """
        agencies, told = self.policy.agencies, [incident.reported_to for incident in self.incidents]
        named = [agency for agency in agencies if any(goes_by(agency, name) for name in told)]
        if named and all(any(goes_by(agency, name) for agency in named) for name in told):
            return tuple(named)
        return tuple(agency for agency in agencies if agency in named or agency in self.policy.relevant_bodies)

    @property
    def silent(self) -> tuple[str, ...]:
        """Agencies whose account this round's panel had to do without; the outcome letter names them."""
        asked = self.of_round(e.Purpose.INFORMATION)
        return tuple(dict.fromkeys(q.agency for q in asked if q.proceeded_on and not q.answer))

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
        all_in = has(Milestone.COLLATED) and all(q.settled for q in self.of_round(e.Purpose.INFORMATION))
        return Stage.ARRANGING if all_in else Stage.GATHERING

    def apply(self, event: e.Event) -> None:
        """Take the next event into account."""
        self.events.append(event)
        self.places[event.id] = len(self.events)
        on = local_date(event.at)
        match event.what:
            case e.ApplicationMade() as made:
                self.application, self.incidents = made.application, list(made.application.incidents)
                self.made_on, self.missing = local_date(made.made_at), made.application.missing
                rules = self.policy.calendar
                day_zero = receipt(self.calendar, made.made_at, cut_off=rules.cut_off, closed_day=rules.closed_day)
                self.reach(Milestone.RECEIVED, day_zero.day_zero, event)
                if not self.missing:
                    self.reach(Milestone.COMPLETED, day_zero.day_zero, event)
            case e.DetailsRequested() as asked:
                self.missing = tuple(dict.fromkeys((*self.missing, *asked.missing)))
                self.reach(Milestone.DETAILS_REQUESTED, on, event)
                self.reached.pop(Milestone.COMPLETED, None)
            case e.DetailsReceived() as given:
                self._details(given, on, event)
            case e.PassedOn():
                self.reach(Milestone.PASSED_ON, on, event)
            case e.EnquirySent() as sent:
                asked_as = {e.Purpose.VERIFICATION: Milestone.VERIFICATION_ASKED}
                milestone = asked_as.get(sent.purpose, Milestone.INFORMATION_ASKED)
                asked_on = Reached(on, event.id, words(milestone))
                self.reached.setdefault(milestone, asked_on)
                self.enquiries[sent.enquiry] = Enquiry(sent.enquiry, sent.purpose, sent.agency, self.round, asked_on)
            case e.EnquiryAnswered() as answer:
                enquiry = self.enquiries[answer.enquiry]
                enquiry.answer, enquiry.answered_on = answer, on
                self._settle(enquiry, on, event)
            case e.EnquiryClosed() as silent:
                self.enquiries[silent.enquiry].proceeded_on = on
                self._settle(self.enquiries[silent.enquiry], on, event)
            case e.ThresholdDecided() as decision:
                self.threshold = decision
                self.reach(Milestone.THRESHOLD_DECIDED, on, event)
            case e.PanelArranged() as arranged:
                self.panel = arranged
                self.reach(Milestone.PANEL_ARRANGED, on, event)
                self.reach(Milestone.PANEL_DATE, arranged.on, event)
            case e.AttendanceChosen() as attendance:
                self.attendance = attendance
            case e.PapersSent():
                self.reach(Milestone.PAPERS_SENT, on, event)
            case e.PanelAdjourned() as adjourned:
                if self.panel:
                    self.panel = self.panel.model_copy(update={"on": adjourned.until, "reason": adjourned.reason})
                self.reach(Milestone.PANEL_DATE, adjourned.until, event)
            case e.PanelHeld() as held:
                self._panel_held(held, event)
            case e.PlanCommented() as comments:
                self.comments = comments
                self.reach(Milestone.PLAN_SETTLED, on, event)
            case e.PlanWindowShut():
                self.reach(Milestone.PLAN_SETTLED, on, event)
            case e.OutcomeDecided() as outcome:
                self.outcome = outcome
                self.reached.setdefault(Milestone.PLAN_SETTLED, Reached(on, event.id, words(Milestone.PLAN_SETTLED)))
            case e.ReceiptConfirmed() as confirmed:
                threshold = confirmed.letter == "threshold"
                milestone = Milestone.THRESHOLD_RECEIVED if threshold else Milestone.OUTCOME_RECEIVED
                before = self.reached.get(milestone)
                self.reach(milestone, confirmed.on, event)
                self._received_later(milestone, before)
            case e.RecommendationAnswered() as response:
                item = self.items[response.recommendation]
                item.answer = response
                item.answered = item.answered or Reached(on, event.id, words(Milestone.ANSWERED))
            case e.ActionDone() as done:
                self.items[done.recommendation].done = done
            case e.AppealLodged() as lodged:
                self._lodge(lodged, lodged.on or on, event)
            case e.AppealWindowShut():
                self.window_shut = True
            case e.BundleSent():
                self.reach(Milestone.BUNDLE_SENT, on, event)
            case e.HearingArranged() as hearing:
                self.appeals[-1].hearing = hearing
            case e.HearingAdjourned(until=until, reason=reason):
                if known := self.appeals[-1].hearing:
                    self.appeals[-1].hearing = known.model_copy(update={"on": until, "reason": reason})
            case e.AppealHeard() as heard:
                self.appeals[-1].heard_on = heard.on
                self.reach(Milestone.APPEAL_HEARD, heard.on, event)
            case e.AppealDecided() as decided:
                self.appeals[-1].decided = decided
                if decided.heard_on:
                    self.appeals[-1].heard_on = decided.heard_on
                    self.reach(Milestone.APPEAL_HEARD, decided.heard_on, event)
                self.reach(Milestone.APPEAL_DECIDED, on, event)
            case e.FollowUpHeld() as follow_up:
                self.follow_up = follow_up
                self.reach(Milestone.FOLLOWED_UP, follow_up.on, event)
            case e.ClosureNotified():
                self.objection, self.notice = None, len(self.events)
            case e.ClosureObjected() as objection:
                self.objection, self.notice = objection, 0
                self.reached.pop(Milestone.CLOSURE_NOTIFIED, None)
            case e.Closed() as closed:
                self.closed = closed
                self.reach(Milestone.CLOSED, on, event)
            case e.IncidentAdded() as added:
                number = len(self.incidents) + 1
                self.incidents.append(added.incident.model_copy(update={"id": added.incident.id or f"I{number}"}))
            case e.Withdrawn() as withdrawn:
                self.withdrawn = withdrawn
            case e.Extended() as extended:
                self.extensions.setdefault(extended.step, []).append(extended)
            case e.HoldStarted() | e.HoldEnded():
                self.pauses = holds(self.events)
            case e.OfficerAssigned() as officer:
                self.officer = officer
            case e.RepresentativeChanged() as change:
                self.application = self.application.model_copy(
                    update={
                        "representative": change.representative,
                        "victim_consents": change.victim_consents,
                    }
                )
            case e.DateCorrected() as correction:
                self._correct(correction.milestone, correction.to, event)
            case e.CallRequested() as wanted:
                self.call = Call(wanted, on)
            case e.CallMade(spoke=True):
                self.call = None
            case e.CalendarChanged() as change:
                self.calendars.append(change.calendar)
            case e.LetterPosted() | e.LetterDispatched() | e.LetterSettled() | e.LetterUndelivered():
                arrivals.apply(self, event)
            case e.Chased() as chased:
                self.chased.append((chased, on))
            case e.ActRefused() as refused:
                self.refused.append(refused)

    def reach(self, milestone: Milestone, on: date, event: e.Event) -> None:
        """``event`` brought a milestone, which fell on ``on``."""
        self._mark(milestone, Reached(on, event.id, words(milestone)))

    def _mark(self, milestone: Milestone, reached: Reached) -> None:
        self.reached[milestone] = reached
        if milestone in APPEAL and self.appeals:
            self.appeals[-1].marks[milestone] = reached

    def _correct(self, milestone: Milestone, to: date, event: e.Event) -> None:
        """A milestone fell on another day, and with it what the same event brought about."""
        old = self.reached.get(milestone)
        for other in (milestone, *TOGETHER.get(milestone, ())):
            found = self.reached.get(other)
            if other is milestone or (found and old and found.event == old.event):
                self._mark(other, Reached(to, event.id, found.words if found else words(other)))
        if milestone is Milestone.RECEIVED:
            self.arrived_on = to
        self._received_later(milestone, old)
        if milestone is Milestone.PANEL_HELD and self.held:
            self.held = self.held.model_copy(update={"on": to})
        elif milestone is Milestone.FOLLOWED_UP and self.follow_up:
            self.follow_up = self.follow_up.model_copy(update={"on": to})
        elif milestone is Milestone.APPEAL_LODGED and self.appeals:
            self.appeals[-1].lodged_on = self.reached[milestone]
        elif milestone is Milestone.APPEAL_HEARD and self.appeals:
            self.appeals[-1].heard_on = to

    def _received_later(self, milestone: Milestone, before: Reached | None) -> None:
        """A decision reached the applicant later than was thought: their time to appeal is longer by as much."""
        decision = Milestone.THRESHOLD_RECEIVED if self.refusal else Milestone.OUTCOME_RECEIVED
        if milestone is decision and before is not None and self.reached[milestone].on > before.on:
            self.reopen_the_window()

    def reopen_the_window(self) -> None:
        """What the end of the applicant's time to appeal brought about is undone, unless they have appealed."""
        if any(appeal.round == self.round for appeal in self.appeals):
            return
        self.window_shut, self.notice = False, 0
        self.reached.pop(Milestone.CLOSURE_NOTIFIED, None)

    def _details(self, given: e.DetailsReceived, on: date, event: e.Event) -> None:
        self.application = self.application.model_copy(
            update={
                "consent_to_share": self.application.consent_to_share or given.consent_to_share,
                "victim_consents": self.application.victim_consents or given.victim_consents,
            }
        )
        self.missing = self.application.missing
        if not self.missing:
            self.reach(Milestone.COMPLETED, on, event)

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
        self.reach(Milestone.PANEL_HELD, held.on, event)
        self.reached.setdefault(Milestone.FIRST_PANEL_HELD, self.reached[Milestone.PANEL_HELD])
        self.reached.setdefault(Milestone.COLLATED, Reached(held.on, event.id, words(Milestone.COLLATED)))

    def _lodge(self, lodged: e.AppealLodged, on: date, event: e.Event) -> None:
        route = self.policy.appeals_on(on, (lodged.subject,))[0]
        for milestone in (*APPEAL, Milestone.CLOSURE_NOTIFIED):
            self.reached.pop(milestone, None)
        self.notice = 0
        reached = Reached(on, event.id, words(Milestone.APPEAL_LODGED))
        late, place = bool(lodged.good_cause), len(self.events)
        self.appeals.append(Appeal(lodged, reached, route, route.body_on(on), late, round=self.round, place=place))
        self._mark(Milestone.APPEAL_LODGED, reached)

    def extended(self, key: str) -> int:
        """The working days by which a deadline has been extended so far."""
        return sum(move.working_days for move in self.extensions.get(key, ()))


def fold(policy: Policy, calendar: Calendar, events: Iterable[e.Event]) -> Case:
    """The case that these events make, under this policy and the calendar given at receipt."""
    case = Case(policy, [calendar])
    for event in events:
        case.apply(event)
    return case
