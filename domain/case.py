"""A case: where it stands and what has been reached. Nothing here is stored; ``domain.fold`` derives all of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from domain import events as e
from domain.application import Application, Incident
from domain.calendar import Calendar, Pause
from domain.catalogue import kind_of
from domain.correction import Correction
from domain.milestones import APPEAL
from domain.milestones import words as words
from domain.parts import Appeal as Appeal
from domain.parts import Call as Call
from domain.parts import Deferral as Deferral
from domain.parts import Enquiry as Enquiry
from domain.parts import Explanation as Explanation
from domain.parts import FollowUp, Round, Telling, goes_by
from domain.parts import Item as Item
from domain.parts import Letter as Letter
from domain.parts import Reached as Reached
from domain.parts import Stage as Stage
from domain.parts import local_date as local_date
from domain.policy import Agency, Milestone, Policy


@dataclass
class Case:
    """Everything that follows from a case's events so far. Built by ``domain.fold``.

    ``arrived_on`` is the day of receipt as it was corrected, None where it was not; ``made_on`` never moves.
    ``others`` are the further people who are part of the application, by their person ids.
    ``policy`` has its directory as the events corrected it, ``published`` is the one the case was given.
    ``linked`` are the cases that the same panel reviews, by their references.
    ``notice`` is the place of the closure notice that stands, 0 where none was given or something has come since.
    ``ended`` is the event with which the case was over, if it is.
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
    corrections: list[Correction] = field(default_factory=list)
    missing: tuple[str, ...] = ()
    enquiries: dict[str, Enquiry] = field(default_factory=dict)
    threshold: e.ThresholdDecided | None = None
    panel: e.PanelArranged | None = None
    held: e.PanelHeld | None = None
    attendance: e.AttendanceChosen | None = None
    chronology: e.ChronologySent | None = None
    chronology_corrected: list[e.ChronologyCorrected] = field(default_factory=list)
    comments: e.PlanCommented | None = None
    outcome: e.OutcomeDecided | None = None
    items: dict[str, Item] = field(default_factory=dict)
    explanations: dict[str, Explanation] = field(default_factory=dict)
    appeals: list[Appeal] = field(default_factory=list)
    follow_up: e.FollowUpHeld | None = None
    followed: list[FollowUp] = field(default_factory=list)
    objection: e.ClosureObjected | None = None
    notice: int = 0
    ended: e.Event | None = None
    extensions: dict[str, list[e.Extended]] = field(default_factory=dict)
    pauses: tuple[Pause, ...] = ()
    officer: e.OfficerAssigned | None = None
    call: Call | None = None
    letters: dict[str, Letter] = field(default_factory=dict)
    told: dict[str, list[Telling]] = field(default_factory=dict)
    chased: list[tuple[e.Chased, date]] = field(default_factory=list)
    referrals: list[e.Event] = field(default_factory=list)
    risks: list[e.Event] = field(default_factory=list)
    apologies: list[e.Apologised] = field(default_factory=list)
    disclosures: list[e.Event] = field(default_factory=list)
    deferrals: list[Deferral] = field(default_factory=list)
    refused: list[e.ActRefused] = field(default_factory=list)
    window_shut: bool = False
    rounds: list[Round] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    sent_back: int = 0
    consent_asked: e.ConsentAsked | None = None
    others: dict[str, e.PersonJoined] = field(default_factory=dict)
    added: tuple[str, ...] = ()
    officer_unreached: bool = False
    linked: dict[str, e.CasesLinked] = field(default_factory=dict)
    published: Policy = field(init=False)

    def __post_init__(self) -> None:
        self.published = self.policy

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
    def ending(self) -> e.Ending | None:
        """How the case ended, None while it goes on."""
        return self.ended.what.ending if self.ended else None

    @property
    def takes_part(self) -> str:
        """How the applicant wishes to be heard, as they said last; empty where they have not."""
        return self.attendance.mode if self.attendance else self.application.attendance

    @property
    def deferral(self) -> Deferral | None:
        """The decision is put off by this now."""
        return self.deferrals[-1] if self.deferrals and self.deferrals[-1].ended is None else None

    @property
    def risk(self) -> e.RiskAssessed | None:
        """How the risk to the victim was judged last."""
        return next((event.what for event in reversed(self.risks) if isinstance(event.what, e.RiskAssessed)), None)

    @property
    def died(self) -> bool:
        """Whether the case ended because the applicant died: nothing is sent to them."""
        return self.ended is not None and isinstance(self.ended.what, e.CaseEnded) and self.ended.what.cause == "died"

    @property
    def same_as(self) -> str:
        """The case that goes on in place of this one, empty where it is not the same as another."""
        return self.ended.what.same_as if self.ended and isinstance(self.ended.what, e.CaseEnded) else ""

    @property
    def open_items(self) -> list[Item]:
        return [item for item in self.items.values() if item.open]

    @property
    def looks_again(self) -> str:
        """The key of the further follow-up that is still to be held; empty where there is none."""
        return self.followed[-1].further if self.followed and self.followed[-1].held.again else ""

    def on_hold(self, today: date) -> Pause | None:
        return next((pause for pause in self.pauses if pause.start <= today < pause.end), None)

    @property
    def lost(self) -> Letter | None:
        """The first letter that somebody has to post or settle; of a case that is over only one that says so counts."""
        lost = (letter for letter in self.letters.values() if letter.needs_somebody)
        return next((letter for letter in lost if not self.stage.over or kind_of(letter.posted.letter).farewell), None)

    def has(self, milestone: Milestone) -> bool:
        return milestone in self.reached

    def of_round(self, purpose: e.Purpose) -> list[Enquiry]:
        """This round's enquiries of one purpose (verification is asked once in a case's life)."""
        return [q for q in self.enquiries.values() if q.purpose is purpose and q.round == self.round]

    @property
    def confirmations(self) -> list[tuple[Enquiry, e.Confirmation]]:
        """What agencies' records say of the reports, with the enquiry that each was said to."""
        answered = ((enquiry, enquiry.answer) for enquiry in self.enquiries.values())
        return [(enquiry, said) for enquiry, answer in answered if answer for said in answer.confirmations]

    @property
    def involved(self) -> tuple[Agency, ...]:
        """The bodies the incidents were reported to and that hold records.

        Where a report went to somebody the directory does not know by that name, nobody is left out: all relevant
        bodies are asked too. A body that was added to the case takes part in any event.
        """
        agencies, told = self.policy.agencies, [incident.reported_to for incident in self.incidents]
        named = self.reported_to
        if named and all(any(goes_by(agency, name) for agency in named) for name in told):
            return tuple(agency for agency in agencies if agency in named or agency.id in self.added)
        relevant = self.policy.relevant_bodies
        return tuple(a for a in agencies if a in named or a in relevant or a.id in self.added)

    @property
    def reported_to(self) -> tuple[Agency, ...]:
        """The bodies of the directory that an incident names."""
        told = [incident.reported_to for incident in self.incidents]
        return tuple(a for a in self.policy.agencies if any(goes_by(a, name) for name in told))

    @property
    def silent(self) -> tuple[str, ...]:
        """Agencies whose account this round's panel had to do without; the outcome letter names them."""
        asked = self.of_round(e.Purpose.INFORMATION)
        return tuple(dict.fromkeys(q.agency for q in asked if q.proceeded_on and not q.answer))

    @property
    def stage(self) -> Stage:
        has = self.has
        if ending := self.ending:
            return ending.stage
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

    def reach(self, milestone: Milestone, on: date, event: e.Event) -> None:
        """``event`` brought a milestone, which fell on ``on``."""
        self.mark(milestone, Reached(on, event.id, words(milestone)))

    def mark(self, milestone: Milestone, reached: Reached) -> None:
        self.reached[milestone] = reached
        if milestone in APPEAL and self.appeals:
            self.appeals[-1].marks[milestone] = reached

    def reopen_the_window(self) -> None:
        """What the end of the applicant's time to appeal brought about is undone, unless they have appealed."""
        if any(appeal.round == self.round for appeal in self.appeals):
            return
        self.window_shut, self.notice = False, 0
        self.reached.pop(Milestone.CLOSURE_NOTIFIED, None)

    def extended(self, key: str) -> int:
        """The working days by which a deadline has been extended so far."""
        return sum(move.working_days for move in self.extensions.get(key, ()))
