"""An agency's enquiry at the link in its letter: what it is asked about, its answer, and what becomes of that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from console.questions.fields import Choice
from console.questions.questionnaire import Page, questions
from console.visitors import task_pages
from console.visitors.safety_referral import referral
from console.visitors.tasks import Task, in_words
from console.visitors.visitor import Enquiry, Visitor, opened
from console.web.desk import AtDesk
from console.web.pages import day
from domain.application import Carried, Incident, Line, Text
from domain.case import Enquiry as Asked
from domain.deadlines import Deadline
from domain.events import Confirmation, EnquiryAnswered, EnquirySent, Purpose
from office import timeline
from register import links, unfinished

router = APIRouter()

_ACCOUNT = (
    "Say what was reported to you and when, what you did, and which powers you used or considered.",
    "Say how you judged the risk and the harm, and what you plan to do next and by when.",
    "The applicant may see this. Mark anything that must be kept from them, and say why.",
)


class RecordCheck(Carried):
    """What an agency's records say of one report."""

    incident: str
    confirmed: bool
    reported: date | None = None
    reference: Line = ""
    note: Text = ""


class AgencyAnswer(Carried):
    """An agency's answer as it gives it."""

    confirmations: tuple[RecordCheck, ...] = ()
    account: Text = ""
    contact: Line = ""
    withheld: Text = ""


@dataclass(frozen=True)
class EnquirySubject:
    """What one enquiry is about. ``due`` is its date, ``incidents`` the reports it lists."""

    asked: Asked
    due: Deadline | None
    incidents: tuple[Incident, ...]

    @property
    def checks(self) -> bool:
        """It is asked what its records say; otherwise for its full account."""
        return self.asked.purpose is Purpose.VERIFICATION


@router.get("/enquiry/{link}")
async def show(request: Request, desk: AtDesk, visitor: Enquiry, done: str = "", saved: str = "") -> Response:
    await opened(desk, visitor, "the enquiry")
    about = subject(visitor)
    applicant = visitor.view.stored.readers.get(visitor.view.case.application.applicant)
    task, refer = tasks(visitor)
    begun = await unfinished.begun(desk.database, visitor.link)
    return desk.pages.public(
        request, "enquiry", visitor.council, **task_pages.shared(desk, visitor), about=about, applicant=applicant,
        task=task, refer=refer,
        referred=done == refer.slug, answer=_written(about), done=done == task.slug,
         saved=saved == task.slug, begun=task.slug in begun,
        body_named=lambda name: timeline.body(name, visitor.view.policy),
        overdue=bool(about.due and about.due.due < visitor.view.today),
    )  # fmt: skip


def subject(visitor: Visitor) -> EnquirySubject:
    """The enquiry of this link; another of the same agency has a link of its own."""
    case, key = visitor.view.case, visitor.link.about
    sent = (event.what for event in case.events if isinstance(event.what, EnquirySent) and event.what.enquiry == key)
    listed = next((what.incidents for what in sent), ())
    return EnquirySubject(
        case.enquiries[key],
        next((deadline for deadline in visitor.view.deadlines if deadline.key == key), None),
        tuple(incident for incident in case.incidents if not listed or incident.id in listed),
    )


def tasks(visitor: Visitor) -> tuple[Task, ...]:
    about = subject(visitor)
    key = about.asked.key
    rows = tuple(_row(incident) for incident in about.incidents)
    asked = questions(
        AgencyAnswer, in_words("answer-enquiry"), leave=frozenset({"confirmations.incident"}),
        confirmations={"about": rows, "about_in": "incident", "needed": about.checks},
        account={"needed": not about.checks}, contact={"needed": True},
    )  # fmt: skip
    reports = Page("reports", "The reports", ("confirmations",))
    account = Page("account", "Your account", ("account", "withheld"), _ACCOUNT)
    contact = Page("contact", "Whom to ask", ("contact",))
    steps = (reports, contact) if about.checks else (account, contact)
    return (
        Task(
            slug="answer",
            act="answer-enquiry",
            title="Answer this enquiry",
            check="Check your answer before you send it",
            button="Send the answer",
            done="Your answer is with us",
            follows=_follows(visitor, about),
            model=AgencyAnswer,
            fields=asked,
            pages=lambda form: steps,
            make=lambda given: _body(key, given),
            open="answer-enquiry" in visitor.view.possible and about.asked.answer is None,
        ),
        referral(visitor),
    )


def _row(incident: Incident) -> Choice:
    reference = f" The applicant gave the reference {incident.reference}." if incident.reference else ""
    return Choice(
        incident.id,
        f"{incident.id}, {day(incident.happened_on)}",
        f"Reported {day(incident.reported_on)}.{reference}\n{incident.what}",
    )


def _body(key: str, given: AgencyAnswer) -> EnquiryAnswered:
    return EnquiryAnswered(
        enquiry=key, confirmations=tuple(_confirmation(held) for held in given.confirmations), account=given.account,
        contact=given.contact, withheld=given.withheld,
    )  # fmt: skip


def _confirmation(held: RecordCheck) -> Confirmation:
    note = "\n".join(part for part in (f"Reference: {held.reference}" if held.reference else "", held.note) if part)
    return Confirmation(incident=held.incident, confirmed=held.confirmed, reported=held.reported, note=note)


def _follows(visitor: Visitor, about: EnquirySubject) -> tuple[str, ...]:
    council = visitor.view.policy.identity.council
    if about.checks:
        return (
            "When the other bodies have answered, or their time is over, it is decided whether a review must be held.",
            "We then tell you what was decided, and may ask you for your full account.",
        )
    return (
        "Your account goes to the people on the panel.",
        f"If the panel recommends something to you, {council} writes to you with a link to answer.",
    )


def _written(about: EnquirySubject) -> list[tuple[Incident, Confirmation | None]]:
    """What was said of each report that the enquiry lists."""
    given = (
        {confirmation.incident: confirmation for confirmation in about.asked.answer.confirmations}
        if about.asked.answer
        else {}
    )
    return [(incident, given.get(incident.id)) for incident in about.incidents]


task_pages.routes(router, links.LinkPurpose.ENQUIRY, tasks)
