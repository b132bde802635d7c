"""A council's published procedure as data (s.104(2)): every number beside the council's own sentence.

A policy is one TOML file. Each rule carries a ``Source``: the number of the promise (K04-25), what the page
says, word for word, and, where the page is silent or contradicts itself, the choice made and why.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from typing import Annotated

from pydantic import Field

from domain.appeal_route import AppealBody as AppealBody
from domain.appeal_route import AppealRoute as AppealRoute
from domain.appeal_route import in_force
from domain.application import Category, Channel, Email, Line, Tenure, Written
from domain.calendar import ClosedDay, ClosedDayRule
from domain.care import Care as Care
from domain.definitions import Definitions as Definitions
from domain.definitions import Discretion as Discretion
from domain.definitions import Exclusion as Exclusion
from domain.definitions import HateLine as HateLine
from domain.edition import FIRST
from domain.ladder import Chase as Chase
from domain.ladder import Chasing as Chasing
from domain.limit import Clock as Clock
from domain.limit import Limit as Limit
from domain.management import Management as Management
from domain.management import Senior as Senior
from domain.restoring import Restoring as Restoring
from domain.roster import Rostered as Rostered
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


class Agency(Written):
    """A body in the directory; every application goes to each ``relevant_body`` (s.104(3)(b), s.105).

    ``aliases`` are what people call it besides: "101" of the police.
    """

    id: Annotated[Line, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    role: Line
    name: Line
    aliases: tuple[Line, ...] = ()
    email: Email
    senior: Senior
    relevant_body: bool = True
    source: Source

    @property
    def names(self) -> tuple[str, ...]:
        """What people may call it."""
        return self.id, self.name, self.role, *self.aliases


class Participation(Written):
    """How the victim may take part in the panel."""

    modes: tuple[Line, ...]
    minutes: int
    source: Source


class PanelRules(Written):
    """Who sits on a panel and how many must be there; ``roster`` lists who chairs in turn, where there is one."""

    quorum: Annotated[int, Field(ge=1, le=20)]
    chair: Line
    independent_chair: bool = True
    members: tuple[Line, ...]
    roster: tuple[Rostered, ...] = ()
    source: Source


class Extensions(Written):
    """Which promises may be moved, by how much at a time, how often, and by whom.

    ``at_most`` counts from today where the date has passed. ``by_the_clock``: the working days a delay letter adds by
    itself when nobody has written one before the promise would lapse (DOV-28), ``by_the_clock_times`` how often it
    does for one promise. None, in cases of release 0.1.0 alone: as often as it takes.
    """

    steps: tuple[StepId, ...]
    at_most: Annotated[int, Field(ge=1, le=120)]
    times: Annotated[int, Field(ge=1, le=10)]
    approver: Line
    by_the_clock: Annotated[int, Field(ge=1, le=60)] = 5
    by_the_clock_times: Annotated[int, Field(ge=0, le=10)] | None = None
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
    """A council's review procedure, one version of it. A case keeps the version it started under, and with it the
    ``edition`` of the service's own rules."""

    id: Annotated[Line, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    version: Line
    effective_from: date
    effective_to: date | None = None
    identity: Identity
    contact: Contact | None = None
    management: Management | None = None
    letterhead: LetterheadRules = LetterheadRules()
    channels: tuple[Intake, ...] = ()
    consulted: tuple[Consultation, ...] = ()
    calendar: CalendarRules
    service: Service
    definitions: Definitions
    hate_line: HateLine | None = None
    routes: Annotated[tuple[Route, ...], Field(min_length=1)]
    discretion: Discretion
    exclusions: tuple[Exclusion, ...] = ()
    verification: Verification = Verification.AGENCIES
    agencies: Annotated[tuple[Agency, ...], Field(min_length=1)]
    care: Care = Care()
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
    edition: int = FIRST

    def called(self, id: str) -> str:
        """The name of an agency or a safety contact by its id; anything else as it is."""
        known = self.agency(id) or self.care.contact(id)
        return known.name if known else id

    def agency(self, id: str) -> Agency | None:
        return next((agency for agency in self.agencies if agency.id == id), None)

    @property
    def relevant_bodies(self) -> tuple[Agency, ...]:
        return tuple(agency for agency in self.agencies if agency.relevant_body)

    def step(self, id: StepId) -> Step | None:
        return next((step for step in self.steps if step.id is id), None)

    def appeals_on(self, day: date, subjects: Iterable[Subject] = tuple(Subject)) -> tuple[AppealRoute, ...]:
        """The first layers open on ``day`` against any of ``subjects``, in order."""
        wanted = set(subjects)
        return tuple(
            route
            for route in self.appeals
            if not route.after and wanted & set(route.subjects) and in_force(route.since, route.until, day)
        )

    def layers_after(self, route: AppealRoute, day: date, subject: Subject) -> tuple[AppealRoute, ...]:
        """The layers open on ``day`` to which an appeal against ``subject`` can be taken from ``route``."""
        after = (layer for layer in self.appeals if layer.after == route.id and subject in layer.subjects)
        return tuple(layer for layer in after if in_force(layer.since, layer.until, day))
