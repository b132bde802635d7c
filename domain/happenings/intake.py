"""From the application to the threshold: the applicant, the agencies asked, the relevant bodies' decision."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Literal

from domain.application import Application, Carried, Incident, Line, Text
from domain.happenings.body import Body, Role


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

    A refusal needs persistence, harm, adequacy of the response, what will be done instead, and a second
    officer, ``approved_by``, other than ``decided_by``. ``discretion`` says why a case below the number was
    accepted (s.104(5)).
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


class IncidentAdded(Body):
    """A further incident: logged with the case, acted on by the body it was reported to (K04-17, K04-22)."""

    kind: Literal["incident.added"] = "incident.added"
    act: ClassVar[str | None] = "add-incident"
    who: ClassVar[Role] = Role.APPLICANT
    incident: Incident


class RepresentativeChanged(Body):
    """Who acts for the victim changes: ``representative`` is a person id, empty where nobody acts now."""

    kind: Literal["representative.changed"] = "representative.changed"
    act: ClassVar[str | None] = "change-representative"
    representative: Line = ""
    victim_consents: bool = False


class Withdrawn(Body):
    """The applicant withdrew, and is sent a confirmation."""

    kind: Literal["application.withdrawn"] = "application.withdrawn"
    act: ClassVar[str | None] = "withdraw"
    who: ClassVar[Role] = Role.APPLICANT
    reason: Text = ""
