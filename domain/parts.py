"""What a case is made of: its stages, milestones, enquiries, recommendations, appeals and letters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from domain import events as e
from domain.calendar import LONDON, Calendar, Pause, Unit, count
from domain.care import SafetyContact
from domain.keys import DeadlineKey
from domain.policy import Agency, AppealBody, AppealRoute, Milestone, Policy, StepId
from domain.stage import Stage as Stage


@dataclass(frozen=True)
class Reached:
    """A milestone: the local date it fell on, the event that brought it, and the words for a working's day 0."""

    on: date
    event: str
    words: str


@dataclass
class Enquiry:
    """What one agency was asked, and its answer.

    ``lost``: it was sent to an address that was corrected since, and is to be asked again; ``anew``: it was.
    """

    key: str
    purpose: e.Purpose
    agency: str
    round: int
    asked: Reached
    answer: e.EnquiryAnswered | None = None
    answered_on: date | None = None
    proceeded_on: date | None = None
    lost: bool = False
    anew: bool = False

    @property
    def settled(self) -> bool:
        return self.answer is not None or self.proceeded_on is not None


@dataclass
class Item:
    """A recommendation, its addressee's answer, and the action it became.

    ``sent`` is when it really went to its addressee, where their address was corrected before they answered.
    """

    recommendation: e.Recommendation
    round: int
    made: Reached
    answer: e.RecommendationAnswered | None = None
    answered: Reached | None = None
    done: e.ActionDone | None = None
    sent: Reached | None = None

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


@dataclass(frozen=True)
class FollowUp:
    """A follow-up of this round that was held, and the key of the further one that it may have led to."""

    held: e.FollowUpHeld
    reached: Reached
    further: str


@dataclass
class Explanation:
    """What a body is asked to explain, a recommendation or an enquiry by its key, and what it said."""

    about: str
    agency: str
    asked: e.ExplanationAsked
    given: e.ExplanationGiven | None = None


@dataclass
class Appeal:
    """One appeal: its route and body as they stood on the day it was lodged.

    ``round`` is the round of the review it is against, ``place`` its event's number in the case, and ``marks`` the
    milestones of this appeal alone.
    """

    lodged: e.AppealLodged
    lodged_on: Reached
    route: AppealRoute
    body: AppealBody | None
    late: bool = False
    hearing: e.HearingArranged | None = None
    heard_on: date | None = None
    decided: e.AppealDecided | None = None
    told: bool = False
    round: int = 1
    place: int = 0
    marks: dict[Milestone, Reached] = field(default_factory=dict)


@dataclass
class Deferral:
    """The decision put off on ``on``; ``ended`` is the day it was taken up again."""

    body: e.ThresholdDeferred
    on: Reached
    ended: date | None = None

    @property
    def until(self) -> date:
        return self.body.until

    @property
    def key(self) -> str:
        """The key of its deadline: ``deferral:police``."""
        return str(DeadlineKey(StepId.DEFERRAL, self.body.agency))


@dataclass(frozen=True)
class Call:
    """A call that the applicant asked for and has not had yet."""

    wanted: e.CallRequested
    on: date


@dataclass
class Letter:
    """A letter's last known state. ``received`` is the day it counts as received, None before it is on its way.

    ``left`` is the number of the event that says how it left our hands, ``brought`` the event that it arrived by,
    ``place`` that event's number, and ``before`` the dates that stood told until this letter gave others.
    ``overtaken``: its reader's address was corrected since, and whatever of it still matters goes there.
    """

    posted: e.LetterPosted
    on: date
    settled: e.LetterSettled | None = None
    dispatched: e.LetterDispatched | None = None
    undelivered: e.LetterUndelivered | None = None
    received: date | None = None
    left: int = 0
    brought: str = ""
    place: int = 0
    before: dict[str, list[Telling]] = field(default_factory=dict)
    overtaken: bool = False

    @property
    def arrived(self) -> bool:
        if self.undelivered:
            return False
        settled = self.settled is not None and self.settled.arrived
        return self.posted.state is e.LetterState.ACCEPTED or self.dispatched is not None or settled

    @property
    def failed(self) -> bool:
        """Whether the way it went is known not to reach its reader, who has another."""
        refused = self.posted.state is e.LetterState.REFUSED and self.posted.then is not None
        return refused or self.undelivered is not None

    @property
    def in_tray(self) -> bool:
        return self.posted.state is e.LetterState.IN_TRAY and not (self.dispatched or self.settled)

    @property
    def needs_somebody(self) -> bool:
        if self.settled or self.dispatched or self.undelivered or self.overtaken:
            return False
        refused = self.posted.state is e.LetterState.REFUSED and self.posted.then is None
        return refused or self.posted.state in (e.LetterState.UNCERTAIN, e.LetterState.IN_TRAY)


@dataclass(frozen=True)
class Telling:
    """A date that a letter gave out, with the extension (working days) and the holds it reckoned with.

    ``place`` is the number of events the case had when the letter was known to have gone, and ``known`` the
    milestones reached by then.
    """

    on: date
    extended: int
    pauses: tuple[Pause, ...]
    place: int
    known: frozenset[Milestone]


@dataclass(frozen=True)
class Round:
    """A round of the review that an appeal has ended: its milestones, and whether it refused the threshold."""

    reached: dict[Milestone, Reached]
    refusal: bool


def local_date(moment: datetime) -> date:
    """The Europe/London date of an instant."""
    return moment.astimezone(LONDON).date()


def deemed(policy: Policy, calendar: Calendar, moment: datetime) -> date:
    """When a letter accepted at ``at`` counts as received unless somebody says when it was: service, then grace."""
    service, day = policy.service, local_date(moment)
    late = moment.astimezone(LONDON).time() > service.email_until or not calendar.is_working(day)
    limit = service.email + service.grace + (1 if late else 0)
    return count(calendar, day, limit, Unit.WORKING_DAYS).due if limit else day


def by_post(policy: Policy, calendar: Calendar, posted: date, post_class: e.PostClass) -> date:
    """When an envelope posted on ``posted`` counts as received (Interpretation Act 1978 s.7): its post, then grace."""
    service = policy.service
    days = service.post if post_class is e.PostClass.FIRST else service.second_class
    return count(calendar, posted, days + service.grace, Unit.WORKING_DAYS).due


def holds(events: Iterable[e.Event]) -> tuple[Pause, ...]:
    """The pauses these events make; one that is ended early ends on the day that was said."""
    pauses: list[Pause] = []
    for event in events:
        if isinstance(event.what, e.HoldStarted):
            on = local_date(event.at)
            end = max(event.what.until, on)
            pauses.append(Pause(start=on, end=end, why="on hold at the victim's request"))
        elif isinstance(event.what, e.HoldEnded) and pauses and pauses[-1].end > (on := local_date(event.at)):
            pauses[-1] = pauses[-1].model_copy(update={"end": on})
    return tuple(pause for pause in pauses if pause.start < pause.end)


def extension(events: Iterable[e.Event], key: str) -> int:
    """The working days by which these events extend a deadline."""
    days = 0
    for event in events:
        match event.what:
            case e.Extended(step=step, working_days=more) if step == key:
                days += more
            case e.ExtensionUndone(step=step) if step == key:
                days = 0
    return days


def protector(policy: Policy, id: str) -> SafetyContact | Agency | None:
    """Whom a safety referral to that id goes to: a contact named for it, or an agency."""
    return policy.care.contact(id) or policy.agency(id)


def goes_by(agency: Agency, name: str) -> bool:
    """Whether people may mean this body by a name: its id, its name, its role or an alias."""
    return name.casefold() in {known.casefold() for known in agency.names}
