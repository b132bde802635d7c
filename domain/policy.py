"""A council's published procedure as data (s.104(2)): every number beside the council's own sentence.

A policy is one TOML file. Each rule carries a ``Source``: the number of the promise (K04-25), what the page
says, word for word, and, where the page is silent or contradicts itself, the choice made and why.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from typing import Annotated

from pydantic import Field

from domain.application import Category, Channel, Email, Line, Tenure, Text, Written
from domain.calendar import ClosedDay, ClosedDayRule, Direction, Unit
from domain.restoring import Restoring as Restoring
from domain.source import Source as Source
from domain.terms import Combine as Combine
from domain.terms import Decision as Decision
from domain.terms import Effect as Effect
from domain.terms import Measure as Measure
from domain.terms import Milestone as Milestone
from domain.terms import Owner as Owner
from domain.terms import Rung as Rung
from domain.terms import Scope as Scope
from domain.terms import StepId as StepId
from domain.terms import Subject as Subject
from domain.terms import Verification as Verification


class Limit(Written):
    """A length of time: ``{ limit = 25, unit = "working_days" }``."""

    limit: Annotated[int, Field(ge=0, le=400)]
    unit: Unit = Unit.WORKING_DAYS

    @property
    def words(self) -> str:
        counted = Unit.WORKING_DAYS if self.unit is Unit.MEETING else self.unit
        name = counted.value.replace("_", " ").removesuffix("s")
        words = f"{self.limit} {name if self.limit == 1 else name + 's'}"
        return f"next meeting at least {words} on" if self.unit is Unit.MEETING else words


class Clock(Limit):
    """A limit with the milestone it counts from and the sentence that promised it."""

    anchor: Milestone
    direction: Direction = Direction.AFTER
    source: Source


class Step(Written):
    """What must be done, by whom, by when, and which milestone ends it.

    Several clocks on one step combine to the earliest (or latest) date. ``opens`` and ``target`` make it a
    range (K04-28: opens after three months, latest after six). ``public`` steps are promises to the
    applicant: a letter explains before one lapses.
    """

    id: StepId
    title: Line
    owner: Owner
    done_by: Milestone
    clocks: Annotated[tuple[Clock, ...], Field(min_length=1)]
    combine: Combine = Combine.EARLIEST
    opens: Clock | None = None
    target: Clock | None = None
    public: bool = False


class Contact(Written):
    """The point of contact for applications (s.104(3)(a)); a role, not a named officer, because names age."""

    team: Line
    role: Line
    email: Email
    phone: Line
    address: tuple[Line, ...]
    source: Source


class LetterheadRules(Written):
    """How the council's letters look; ``logo`` is a PNG file in the folder that has the policy's id."""

    colour: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")] = "#1d4f91"
    logo: Annotated[str, Field(pattern=r"^([A-Za-z0-9][A-Za-z0-9_-]*\.png)?$")] = ""


class Intake(Written):
    """One way to apply."""

    channel: Channel
    detail: Line
    source: Source


class Consultation(Written):
    """A body consulted when the procedure was made or revised (Sch.4 para.1-2)."""

    body: Line
    on: date
    evidence: Line = ""


class CalendarRules(Written):
    """How this council counts: cut-off hour, receipt on a closed day, its own closure days."""

    cut_off: time | None = None
    closed_day: ClosedDayRule = ClosedDayRule.SAME_DAY
    closures_count_as_working: bool = True
    closures: tuple[ClosedDay, ...] = ()
    meetings: tuple[date, ...] = ()
    source: Source

    @property
    def closed(self) -> tuple[ClosedDay, ...]:
        """The closure days that are not working days under the published policy."""
        return () if self.closures_count_as_working else self.closures


class Service(Written):
    """When a letter counts as received if nobody says otherwise (Interpretation Act 1978 s.7): working days
    after it was accepted; an e-mail sent after ``email_until`` counts from the next working day."""

    email: Annotated[int, Field(ge=0, le=10)] = 0
    email_until: time = time(16, 30)
    post: Annotated[int, Field(ge=0, le=10)] = 2
    second_class: Annotated[int, Field(ge=0, le=10)] = 4
    grace: Annotated[int, Field(ge=0, le=10)] = 1
    source: Source


class Route(Written):
    """One way to meet the threshold; the routes are tried in turn and any one is enough (s.104(4), s.104(5)).

    ``report_within``: behaviour to report (s.104(11)(a)); ``apply_within``: report to application
    (s.104(11)(b)); ``recent``: the newest report must be at most this old. ``distinct_days``: reports of
    one day count once.
    """

    id: Line
    title: Line
    minimum: Annotated[int, Field(ge=1, le=50)]
    scope: Scope = Scope.ANYONE
    category: Category | None = None
    report_within: Limit | None = None
    apply_within: Limit
    recent: Limit | None = None
    distinct_days: bool = False
    statutory: bool = False
    source: Source


class Definitions(Written):
    """What the page calls anti-social behaviour, and to whom a report counts."""

    asb: Text
    reports_to: Line
    crimes_may_count: bool = True
    source: Source


class Discretion(Written):
    """Who may accept an application below the number: persistence, harm, adequacy of response (s.104(5))."""

    exercised_by: Line
    guidance: Text
    source: Source


class Exclusion(Written):
    """A published caveat. ``defeats_statute``: read as the page stands it would refuse a case with three
    qualifying complaints, which s.104(4) does not allow; such an exclusion is never applied to one."""

    id: Line
    title: Line
    effect: Effect
    paragraph: Text
    defeats_statute: bool = False
    source: Source


class Senior(Written):
    """The named post an unanswered enquiry is escalated to."""

    title: Line
    email: Email


class Agency(Written):
    """A body in the directory; every application goes to each ``relevant_body`` (s.104(3)(b), s.105)."""

    id: Annotated[Line, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    role: Line
    name: Line
    email: Email
    senior: Senior
    relevant_body: bool = True
    source: Source


class Participation(Written):
    """How the victim may take part in the panel."""

    modes: tuple[Line, ...]
    minutes: int
    source: Source


class PanelRules(Written):
    """Who sits on a panel and how many must be there."""

    quorum: Annotated[int, Field(ge=1, le=20)]
    chair: Line
    independent_chair: bool = True
    members: tuple[Line, ...]
    source: Source


class AppealBody(Written):
    """Who hears an appeal. ``until`` is the last day it exists: bodies are data because the law moves."""

    name: Line
    kind: Line
    email: Email
    independent: bool = True
    since: date | None = None
    until: date | None = None


class AppealRoute(Written):
    """One layer of appeal: against what, on which grounds, lodged by whom, heard and decided by when."""

    id: Line
    title: Line
    subjects: Annotated[tuple[Subject, ...], Field(min_length=1)]
    grounds: tuple[Line, ...] = ()
    who_may_lodge: tuple[Line, ...] = ("applicant", "representative")
    lodged_with: Line
    consent_to_transfer: bool = True
    bodies: Annotated[tuple[AppealBody, ...], Field(min_length=1)]
    window: Clock
    bundle: Clock | None = None
    hearing: Clock | None = None
    decision: Clock
    outcomes: tuple[Decision, ...] = (Decision.UPHELD, Decision.DISMISSED, Decision.REMITTED)
    documents: tuple[Line, ...] = ()
    final: bool = True
    statutory_minimum: bool = False
    since: date | None = None
    until: date | None = None
    source: Source

    def body_on(self, day: date) -> AppealBody | None:
        """The body that hears an appeal lodged on ``day``."""
        return next((body for body in self.bodies if _in_force(body.since, body.until, day)), None)


class Extensions(Written):
    """Which promises may be moved, by how much at a time, how often, and by whom.

    ``at_most`` counts from today where the date has passed. ``by_the_clock``: the working days a delay letter adds by
    itself when nobody has written one before the promise would lapse (DOV-28).
    """

    steps: tuple[StepId, ...]
    at_most: Annotated[int, Field(ge=1, le=120)]
    times: Annotated[int, Field(ge=1, le=10)]
    approver: Line
    by_the_clock: Annotated[int, Field(ge=1, le=60)] = 5
    source: Source


class Chase(Written):
    """One rung: when, counted in working days from the due date, it is reached for which steps."""

    rung: Rung
    steps: Annotated[tuple[StepId, ...], Field(min_length=1)]
    working_days: Annotated[int, Field(ge=0, le=60)]
    direction: Direction


class Chasing(Written):
    """Who is chased when, and the least number of working days between two chases of the same person."""

    minimum_gap: Annotated[int, Field(ge=0, le=30)]
    ladder: tuple[Chase, ...]
    source: Source


class Publication(Written):
    """The yearly figures: over which year, which measures, told to whom."""

    period: Line
    measures: tuple[Measure, ...]
    recipients: tuple[Line, ...] = ()
    source: Source


class Figures(Written):
    """One published year."""

    period: Line
    applications: int
    not_met: int | None = None
    reviews: int | None = None
    recommendations: int | None = None
    appeals: int | None = None
    source: Source


class Redress(Written):
    """Whom to complain to when the procedure is used up, by body and, for a landlord, by tenure."""

    about: Line
    tenures: tuple[Tenure, ...] = ()
    first: Line
    ombudsman: Line
    how: Line


class Identity(Written):
    """The council, its area and the page this file sets out."""

    council: Line
    area: Line
    lead_body: Line
    partnership: Line
    url: Line
    next_review: date | None = None
    successor: Line = ""
    source: Source


class Policy(Written):
    """A council's review procedure, one version of it. A case keeps the version it started under."""

    id: Annotated[Line, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    version: Line
    effective_from: date
    effective_to: date | None = None
    identity: Identity
    contact: Contact | None = None
    letterhead: LetterheadRules = LetterheadRules()
    channels: tuple[Intake, ...] = ()
    consulted: tuple[Consultation, ...] = ()
    calendar: CalendarRules
    service: Service
    definitions: Definitions
    routes: Annotated[tuple[Route, ...], Field(min_length=1)]
    discretion: Discretion
    exclusions: tuple[Exclusion, ...] = ()
    verification: Verification = Verification.AGENCIES
    agencies: Annotated[tuple[Agency, ...], Field(min_length=1)]
    steps: tuple[Step, ...]
    extensions: Extensions
    restoring: Restoring | None = None
    chasing: Chasing
    participation: Participation
    panel: PanelRules
    appeals: tuple[AppealRoute, ...] = ()
    publication: Publication
    figures: tuple[Figures, ...] = ()
    redress: tuple[Redress, ...] = ()
    notes: tuple[Source, ...] = ()

    def called(self, id: str) -> str:
        """An agency's name by its id; anything else as it is."""
        agency = self.agency(id)
        return agency.name if agency else id

    def agency(self, id: str) -> Agency | None:
        return next((agency for agency in self.agencies if agency.id == id), None)

    @property
    def relevant_bodies(self) -> tuple[Agency, ...]:
        return tuple(agency for agency in self.agencies if agency.relevant_body)

    def step(self, id: StepId) -> Step | None:
        return next((step for step in self.steps if step.id is id), None)

    def appeals_on(self, day: date, subjects: Iterable[Subject] = tuple(Subject)) -> tuple[AppealRoute, ...]:
        """The layers open on ``day`` against any of ``subjects``, in order."""
        wanted = set(subjects)
        return tuple(
            route for route in self.appeals if wanted & set(route.subjects) and _in_force(route.since, route.until, day)
        )


def _in_force(since: date | None, until: date | None, day: date) -> bool:
    return (since is None or since <= day) and (until is None or day <= until)
