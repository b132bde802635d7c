"""From the application to the threshold: the applicant, the agencies asked, the relevant bodies' decision."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar, Literal

from domain.application import Application, Carried, Line, Text
from domain.happenings.body import ActKind, Body, Role
from domain.stage import ALIVE, BEFORE_DECISION, Stage


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
    does: ClassVar[ActKind | None] = ActKind(
        "request-details", turn=BEFORE_DECISION,
        title="Ask the applicant for something missing", done="The applicant will be asked",
        lead="The application keeps its date. The applicant gets a letter that says what is missing.",
        letters=("L-02", "R-01"),
    )  # fmt: skip
    missing: tuple[Line, ...] = ()


class DetailsReceived(Body):
    """The applicant supplied what was missing; consents given here stand from now on.

    ``named``: an applicant who gave no name has given it; correct-contact keeps it.
    """

    kind: Literal["details.received"] = "details.received"
    does: ClassVar[ActKind | None] = ActKind(
        "supply-details", who=Role.APPLICANT, turn=ALIVE,
        title="Record what the applicant supplied", done="What was supplied is recorded",
        lead="Consents given here stand from now on.",
        letters=("R-02",),
    )  # fmt: skip
    consent_to_share: bool = False
    victim_consents: bool = False
    named: bool = False
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
    """What an agency's own record says of one incident; ``reported`` is the day on which it was reported to them."""

    incident: str
    confirmed: bool
    reported: date | None = None
    note: Text = ""

    @property
    def words(self) -> str:
        """What the record says, as every page and paper puts it: "a record is held"."""
        return "a record is held" if self.confirmed else "no record is held"


class EnquiryAnswered(Body):
    """An agency answered: what it can confirm, what it did, who to ask there, and what it withheld on which ground."""

    kind: Literal["enquiry.answered"] = "enquiry.answered"
    does: ClassVar[ActKind | None] = ActKind(
        "answer-enquiry", who=Role.AGENCY, turn=ALIVE, any_time=True,
        title="Record an agency’s answer", done="The agency’s answer is recorded",
        lead="Write down what the agency told you: what its records show, what it did, and whom to ask there.",
    )  # fmt: skip
    enquiry: str
    confirmations: tuple[Confirmation, ...] = ()
    account: Text = ""
    contact: Line = ""
    withheld: Text = ""


class EnquiryClosed(Body):
    """An agency stayed silent; the review goes on without it and the outcome letter says so."""

    kind: Literal["enquiry.proceeded"] = "enquiry.proceeded"
    enquiry: str


class ThresholdDecided(Body):
    """The relevant bodies decided whether the threshold is met (s.104(4), s.104(5)).

    A refusal needs persistence, harm, adequacy of the response, what will be done instead, and a second
    officer, ``approved_by``, other than ``decided_by``. ``discretion`` says why a case below the number was
    accepted (s.104(5)). ``grounds`` are the ids of the policy's published caveats that a refusal rests on besides, and
    ``evidence`` what shows that they apply.
    """

    kind: Literal["threshold.decided"] = "threshold.decided"
    does: ClassVar[ActKind | None] = ActKind(
        "decide-threshold", turn=frozenset({Stage.VERIFYING, Stage.THRESHOLD, Stage.NOT_MET, Stage.CLOSING}),
        title="Decide the threshold", done="The threshold decision is recorded",
        lead="Three qualifying reports give a right to a review (section 104(4)); nobody can refuse then. A refusal "
        "needs reasons under each heading and a second person’s agreement.",
        letters=("L-02a", "L-03", "L-04", "A-05"),
    )  # fmt: skip
    met: bool
    decided_by: Line = ""
    approved_by: Line = ""
    route: Line = ""
    discretion: Text = ""
    persistence: Text = ""
    harm: Text = ""
    adequacy: Text = ""
    alternative_action: Text = ""
    grounds: tuple[Line, ...] = ()
    evidence: Text = ""


IntakeHappening = (
    ApplicationMade
    | Acknowledged
    | DetailsRequested
    | DetailsReceived
    | PassedOn
    | EnquirySent
    | EnquiryAnswered
    | EnquiryClosed
    | ThresholdDecided
)
