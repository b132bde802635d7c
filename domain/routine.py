"""What the service does in a case by itself: the content of each event that nobody has to ask for."""

from __future__ import annotations

from datetime import date

from domain import events as e
from domain.assessment import refusal_falls
from domain.case import Case
from domain.chasing import Chaser, more_time
from domain.edition import TOLD
from domain.keys import EnquiryKey
from domain.meetings import ANSWERED_BY, arranged
from domain.policy import Agency, Contact, Rung, StepId, Verification
from domain.refusals.closure import closing
from domain.waiting import Waiting

PAPERS = (
    "application and incidents",
    "agencies' accounts",
    "applicant's statement of impact",
    "list of issues raised",
)
_NOBODY_WROTE = "We are still waiting for a step that others have to take, and nobody has told you so yet."
_OURS = {
    "waiting for the threshold decision": "We have not yet decided whether we will hold a review.",
    "waiting for a panel to be arranged": "We have not yet arranged the panel's meeting.",
    "waiting for the outcome to be written and sent": "We have not yet written down what came of your review.",
    "waiting for the follow-up": "We have not yet checked whether everything that was agreed is done.",
}
"""What the council itself has left undone, as it owns up to it."""


def details_requested(case: Case) -> e.DetailsRequested:
    return e.DetailsRequested(missing=case.missing)


def passed_on(case: Case) -> e.PassedOn:
    """To every relevant body (s.104(3)(b)), and to those that were added to the case."""
    relevant = (agency.id for agency in case.policy.relevant_bodies)
    return e.PassedOn(bodies=tuple(dict.fromkeys((*relevant, *case.added))))


def enquiry(case: Case, agency: Agency, purpose: e.Purpose) -> e.EnquirySent:
    """This round's enquiry to a body, about every incident."""
    return e.EnquirySent(
        enquiry=str(EnquiryKey(purpose, agency.id, case.round)),
        purpose=purpose,
        agency=agency.id,
        incidents=tuple(incident.id for incident in case.incidents),
    )


def unasked(case: Case, purpose: e.Purpose) -> tuple[Agency, ...]:
    """The bodies that hold records of the case and are still to be asked: to confirm the reports once in a case's life,
    where agencies do so and may see the application, and for a full account once in each round. One that was asked at a
    wrong address is still to be asked; one that was added and that no report names has none to confirm."""
    if purpose is e.Purpose.VERIFICATION:
        if case.policy.verification is not Verification.AGENCIES or case.application.missing:
            return ()
        before = [enquiry for enquiry in case.enquiries.values() if enquiry.purpose is purpose]
    else:
        before = case.of_round(purpose)
    asked = {enquiry.agency for enquiry in before if not enquiry.lost}
    wanted = (agency for agency in case.involved if agency.id not in asked)
    if purpose is e.Purpose.INFORMATION:
        return tuple(wanted)
    holds_none = set(case.added) - {agency.id for agency in case.reported_to}
    return tuple(agency for agency in wanted if agency.id not in holds_none)


def papers_sent() -> e.PapersSent:
    return e.PapersSent(documents=PAPERS)


def bundle_sent(case: Case) -> e.BundleSent:
    """What the appeal's route lists; nothing where there is no appeal."""
    return e.BundleSent(documents=case.appeal.route.documents if case.appeal else ())


def closure_notified(case: Case) -> e.ClosureNotified:
    """Notice of closure: after a refusal, or once everything is done (K04-28, K04-29)."""
    if case.refusal:
        return e.ClosureNotified(reason="We decided not to hold a review, and the time to appeal against that is over.")
    return e.ClosureNotified(reason="Each body has answered, and everything that was agreed is done.")


def closes(case: Case) -> bool:
    """Whether the service gives notice of closure by itself: nobody appealed against a refusal, or all is done and the
    behaviour has stopped.

    Where it goes on, an officer says what is done about it, and why the case closes if it does.
    """
    followed_up = case.follow_up is not None and case.follow_up.behaviour_stopped and not case.open_items
    over = case.window_shut if case.refusal else followed_up
    return over and case.objection is None and not closing(case) and not refusal_falls(case)


def closed() -> e.Closed:
    return e.Closed(reason="We told you that we would close your case, and nobody objected.")


def in_the_teams_hands(contact: Contact) -> e.OfficerAssigned:
    """The officer's own mail comes back: the team reads their letters until somebody else is named."""
    return e.OfficerAssigned(officer=contact.team, email=contact.email)


def answered(case: Case, chaser: Chaser, today: date, waiting: Waiting) -> e.Body:
    """What a rung of the chasing ladder brings about when its day comes; ``waiting`` is what the case waits for."""
    told = chaser.rung is Rung.DELAY_LETTER and chaser.to == "applicant"
    reason = (_moved(case, chaser) or _reason(waiting)) if told else ""
    if told and (days := more_time(case, chaser, today)):
        return e.Extended(step=chaser.deadline, working_days=days, reason=reason)
    if chaser.rung is Rung.PROCEED and chaser.step is StepId.PAPERS:
        return papers_sent()
    if chaser.rung is Rung.PROCEED:
        return e.EnquiryClosed(enquiry=chaser.deadline)
    return e.Chased(
        rung=chaser.rung, deadline=chaser.deadline, step=chaser.step, due=chaser.due, to=chaser.to, reason=reason
    )


def _moved(case: Case, chaser: Chaser) -> str:
    """Why a meeting is later than promised, where the panel or the hearing was moved to a day past its date."""
    hearing = case.appeal.hearing if case.appeal else None
    by_step = {
        StepId.PANEL: (case.panel, "The panel's meeting"),
        StepId.APPEAL_HEARING: (hearing, "The hearing of your appeal"),
    }
    if case.policy.edition >= TOLD:
        by_step |= {answer: by_step[own] for own, answer in ANSWERED_BY.items() if arranged(case, own)}
    moved, what = by_step.get(chaser.step, (None, ""))
    if moved is None or moved.on <= chaser.due or not moved.reason.strip():
        return ""
    return f"{what} had to be moved: {moved.reason.strip().rstrip('.')}."


def _reason(waiting: Waiting) -> str:
    """Why a promise will not be kept, as a sentence to the applicant, from what the case waits for."""
    words = waiting.words.split("; next:")[0].rstrip(".")
    if not words or words in _OURS:
        return _OURS.get(words, _NOBODY_WROTE)
    return f"We are {words}." if words.startswith("waiting ") else f"{words[0].upper()}{words[1:]}."
