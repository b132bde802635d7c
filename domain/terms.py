"""The words a policy may use: each a fixed choice with its meaning. ``domain.policy`` has them all."""

from enum import StrEnum


class Milestone(StrEnum):
    """A named point in a case's life: every clock starts at one and every step ends at one."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    DETAILS_REQUESTED = "details_requested"
    COMPLETED = "completed"
    PASSED_ON = "passed_on"
    VERIFICATION_ASKED = "verification_asked"
    VERIFIED = "verified"
    THRESHOLD_DECIDED = "threshold_decided"
    THRESHOLD_TOLD = "threshold_told"
    THRESHOLD_RECEIVED = "threshold_received"
    INFORMATION_ASKED = "information_asked"
    COLLATED = "collated"
    PANEL_ARRANGED = "panel_arranged"
    PANEL_DATE = "panel_date"
    PAPERS_SENT = "papers_sent"
    PANEL_HELD = "panel_held"
    PLAN_PUT = "plan_put"
    PLAN_SETTLED = "plan_settled"
    OUTCOME_SENT = "outcome_sent"
    OUTCOME_RECEIVED = "outcome_received"
    APPEAL_LODGED = "appeal_lodged"
    BUNDLE_SENT = "bundle_sent"
    APPEAL_HEARD = "appeal_heard"
    APPEAL_DECIDED = "appeal_decided"
    APPEAL_TOLD = "appeal_told"
    RECOMMENDED = "recommended"
    ANSWERED = "answered"
    DONE = "done"
    FIRST_PANEL_HELD = "first_panel_held"
    FOLLOWED_UP = "followed_up"
    CLOSURE_NOTIFIED = "closure_notified"
    CLOSED = "closed"


class StepId(StrEnum):
    """The steps of a review that a policy may put a clock on."""

    ACKNOWLEDGEMENT = "acknowledgement"
    COMPLETION = "completion"
    VERIFICATION = "verification"
    THRESHOLD = "threshold"
    DEFERRAL = "deferral"
    INFORMATION = "information"
    PAPERS = "papers"
    PANEL = "panel"
    PLAN = "plan"
    RESPONSE = "response"
    APPEAL_WINDOW = "appeal_window"
    APPEAL_BUNDLE = "appeal_bundle"
    APPEAL_HEARING = "appeal_hearing"
    APPEAL_DECISION = "appeal_decision"
    RECOMMENDATION = "recommendation"
    ACTION = "action"
    FOLLOW_UP = "follow_up"
    CLOSURE = "closure"


class Owner(StrEnum):
    """On whom a duty falls."""

    OFFICER = "officer"
    AGENCY = "agency"
    CHAIR = "chair"
    ADDRESSEE = "addressee"
    APPEAL_BODY = "appeal_body"
    APPLICANT = "applicant"


class Combine(StrEnum):
    EARLIEST = "earliest"
    LATEST = "latest"


class Scope(StrEnum):
    """Whose reports a route counts."""

    ANYONE = "anyone"
    SAME_PERSON = "same_person"
    DIFFERENT_PEOPLE = "different_people"
    DIFFERENT_PROPERTIES = "different_properties"


class Effect(StrEnum):
    REFUSE = "refuse"
    TO_AGENCY = "redirect_to_agency"
    TO_COMPLAINTS = "redirect_to_complaints"
    DEFER = "defer"


class Verification(StrEnum):
    """Who confirms the reports before the threshold is decided."""

    AGENCIES = "agencies"
    FORM_ONLY = "form_only"


class Subject(StrEnum):
    """What may be appealed against (Sch.4 para.3)."""

    THRESHOLD = "threshold"
    HANDLING = "handling"
    OUTCOME = "outcome"
    PLAN_DELIVERY = "plan_delivery"


class Decision(StrEnum):
    """What an appeal body may decide."""

    UPHELD = "upheld"
    DISMISSED = "dismissed"
    REMITTED = "remitted"


class Rung(StrEnum):
    """The chasing ladder, lowest first."""

    REMINDER = "reminder"
    WARNING = "warning"
    DELAY_LETTER = "delay_letter"
    ESCALATION = "escalation"
    PROCEED = "proceed"


class LinkPurpose(StrEnum):
    """What a link is for, and with it who holds it.

    ``progress``: a person's id; ``enquiry``: an agency's id, about the enquiry's key; ``recommendations``: an agency's
    id; ``chair``: a seat of the panel as ``domain.seats.seat_id`` names it; ``appeal``: the appeal's number, from 1.
    """

    PROGRESS = "progress"
    ENQUIRY = "enquiry"
    RECOMMENDATIONS = "recommendations"
    CHAIR = "chair"
    APPEAL = "appeal"


class Measure(StrEnum):
    """What s.104(9) wants published, and the extra figures some councils add."""

    APPLICATIONS = "applications"
    NOT_MET = "not_met"
    REVIEWS = "reviews"
    RECOMMENDATIONS = "recommendations"
    APPEALS = "appeals"
