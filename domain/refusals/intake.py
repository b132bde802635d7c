"""What stands against an act before and at the threshold: details, enquiries, the decision, incidents."""

from __future__ import annotations

from pydantic import ValidationError

from domain import calendar
from domain import events as e
from domain.application import Incident
from domain.assessment import assessment, refusal_falls
from domain.case import Case, Enquiry, Stage
from domain.correction import put_right
from domain.policy import StepId
from domain.refusals.circumstances import Circumstances, against, idle, listed, one_sentence
from domain.stage import BEFORE_DECISION
from domain.substance import says_something
from domain.threshold import Assessment, refusal_gaps


@against(e.DetailsRequested)
def details_requested(circumstances: Circumstances, body: e.DetailsRequested) -> str | None:
    if any(line.strip() for line in body.missing):
        return None
    return "say what is missing, so that the letter can ask for it"


@idle(e.DetailsReceived)
def nothing_missing(case: Case) -> bool:
    """After the decision there are details to supply only where something asked for never came, or is asked anew."""
    return case.stage not in BEFORE_DECISION and not case.missing and case.consent_asked is None


@against(e.DetailsReceived)
def details_received(circumstances: Circumstances, body: e.DetailsReceived) -> str | None:
    if body.consent_to_share or body.victim_consents or body.named or body.text.strip():
        return None
    return "say what was supplied: consent to share, the victim's consent, or the details themselves"


@against(e.EnquiryAnswered)
def enquiry_answered(circumstances: Circumstances, body: e.EnquiryAnswered) -> str | None:
    enquiry = circumstances.case.enquiries.get(body.enquiry)
    if enquiry is None:
        waiting = (key for key, known in circumstances.case.enquiries.items() if known.answer is None)
        return f"there is no enquiry {body.enquiry}; enquiries still to answer: {listed(waiting)}"
    if circumstances.by.role is e.Role.AGENCY and circumstances.by.name != enquiry.agency:
        asked, by = (
            circumstances.case.policy.called(enquiry.agency),
            circumstances.case.policy.called(circumstances.by.name) or "you",
        )
        return f"this enquiry was put to {asked}, not to {by}; answer your own enquiry"
    return (
        _answered_already(circumstances.case, enquiry)
        or _unknown_incidents(circumstances.case, body)
        or _days_recorded(circumstances, body)
    )


def _answered_already(case: Case, enquiry: Enquiry) -> str | None:
    if enquiry.answered_on is None:
        return None
    agency = case.policy.called(enquiry.agency)
    return f"{agency} answered this on {calendar.words(enquiry.answered_on)}; add-note keeps what is new"


def _unknown_incidents(case: Case, body: e.EnquiryAnswered) -> str | None:
    known = [incident.id for incident in case.incidents]
    strange = [c.incident for c in body.confirmations if c.incident not in known]
    if strange:
        return f"there is no incident {listed(strange)} in this case; its incidents are {listed(known)}"
    return None


def _days_recorded(circumstances: Circumstances, body: e.EnquiryAnswered) -> str | None:
    """A body's own day of a report goes with a record of it, and has been."""
    for said in body.confirmations:
        if said.reported and not said.confirmed:
            return f"{said.incident} has a day and no record; say that a record is held, or leave the day empty"
        if said.reported and (ahead := circumstances.in_the_future(f"the report {said.incident} of", said.reported)):
            return ahead
    return None


@idle(e.ThresholdDecided)
def refusal_stands(case: Case) -> bool:
    """A refusal can be replaced until the time to appeal against it ends, or where it cannot stand."""
    over = case.stage is Stage.CLOSING or (case.stage is Stage.NOT_MET and case.window_shut)
    return over and not refusal_falls(case)


@against(e.ThresholdDecided)
def threshold_decided(circumstances: Circumstances, body: e.ThresholdDecided) -> str | None:
    """A refusal is held against the Act (s.104(4)), a review below the number needs its reason (s.104(5))."""
    if circumstances.case.stage is Stage.CLOSING and not circumstances.case.refusal:
        return None
    if circumstances.case.refusal and circumstances.case.window_shut and not refusal_falls(circumstances.case):
        return (
            "the threshold was decided as not met and the time to appeal has ended; lodge-appeal with good cause helps"
        )
    assessed = assessment(circumstances.case)
    if not body.met:
        return _threshold_refused(circumstances, body, assessed)
    if body.grounds:
        return "a published ground is one of a refusal: leave grounds empty where a review is held"
    met = [tried.route for tried in assessed.routes if tried.met]
    if not met and not says_something(body.discretion):
        why = assessed.routes[0].why.rstrip(".")
        why = why[:1].lower() + why[1:]
        return f"no route of the policy is met ({why}); to accept the case under s.104(5) say why in discretion"
    if body.route and body.route not in met:
        return f"the route {body.route} is not met; leave route empty, or name one that is: {listed(met)}"
    return None


def _threshold_refused(circumstances: Circumstances, body: e.ThresholdDecided, assessed: Assessment) -> str | None:
    if circumstances.case.refusal:
        return "the threshold was decided as not met already; only a decision that it is met can replace that one"
    if gaps := refusal_gaps(assessed, body):
        return one_sentence(gaps)
    published = [exclusion.id for exclusion in circumstances.case.policy.exclusions]
    if strange := [ground for ground in body.grounds if ground not in published]:
        return f"{listed(strange)} is no published ground of this council; its grounds are: {listed(published)}"
    if body.grounds and not says_something(body.evidence):
        return f"say in evidence what shows that {listed(body.grounds)} applies; the applicant is told"
    if deferral := circumstances.case.deferral:
        until = calendar.words(deferral.until)
        return f"the decision is put off until {until}, as the applicant was told; it can be met before, not refused"
    if circumstances.case.stage is Stage.VERIFYING:
        asked = circumstances.case.of_round(e.Purpose.VERIFICATION)
        waiting = "; ".join(
            circumstances.case.policy.called(enquiry.agency) for enquiry in asked if not enquiry.settled
        )
        return f"a refusal waits until the agencies were heard: {waiting}; answer-enquiry is possible now"
    completion = circumstances.running(StepId.COMPLETION)
    if circumstances.case.missing and completion is not None:
        until = calendar.words(completion.due)
        return f"a refusal waits until the applicant's time to supply what is missing has passed, on {until}"
    return None


@against(e.IncidentAdded)
def incident_added(circumstances: Circumstances, body: e.IncidentAdded) -> str | None:
    incident = body.incident
    if incident.id and incident.id in {known.id for known in circumstances.case.incidents}:
        return f"there is an incident {incident.id} already; leave id empty and it gets the next number"
    return _to_come(circumstances, incident)


def _to_come(circumstances: Circumstances, incident: Incident) -> str | None:
    return circumstances.in_the_future("the report of", incident.last_reported) or circumstances.in_the_future(
        "the behaviour's last day", incident.last_day
    )


@against(e.ReportCorrected)
def report_corrected(circumstances: Circumstances, body: e.ReportCorrected) -> str | None:
    case = circumstances.case
    known = next((incident for incident in case.incidents if incident.id == body.report), None)
    if known is None:
        ids = listed(incident.id for incident in case.incidents)
        return f"there is no report {body.report} in this case; its reports are {ids}"
    try:
        now = put_right(known, body)
    except ValidationError as error:
        return "; ".join(str(fault.get("ctx", {}).get("error", fault["msg"])) for fault in error.errors())
    if now == known:
        return f"{body.report} has this already; give what is wrong with it, as it should be"
    return _to_come(circumstances, now)


@against(e.RepresentativeChanged)
def representative_changed(circumstances: Circumstances, body: e.RepresentativeChanged) -> str | None:
    application = circumstances.case.application
    if body.until is not None and body.until < circumstances.today:
        return f"their authority would have ended on {calendar.words(body.until)}; give a day to come, or none"
    if body.representative != application.representative:
        return None
    if not body.representative:
        return "nobody acts for the victim; give the person id of who does from now on in representative"
    if (body.victim_consents, body.until) == (application.victim_consents, application.acts_until):
        return f"{body.representative} acts for the victim already; name somebody else, or nobody"
    return None
