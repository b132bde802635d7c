"""What an applicant can do on their progress page: each act as a few small questions, and the body the answers make."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from console.questions import fields
from console.questions.fields import Choice
from console.questions.questionnaire import Page, questions
from console.visitors import task_pages
from console.visitors.tasks import Task
from console.visitors.visitor import Visitor
from console.web.posted_forms import Posted
from domain import events as e
from domain.appeal_layers import layer_for
from domain.application import Carried, Incident, Line, Text
from domain.case import Stage
from domain.catalogue import SUBJECTS
from domain.policy import StepId, Subject
from domain.refusals.appeal import open_subjects
from office.case_view import CaseView
from office.wording import Asked, wording
from register.links import LinkPurpose

NOT_TOLD = "nobody"
NOT_AT_ALL = "not at all"
_COUNCIL = "the council"
_NOT_WATCHED = "This page is not watched all day. If somebody is in danger now, ring 999."

router = APIRouter()


class ToldIncident(Carried):
    """A further incident as its writer tells it."""

    what: e.Reasons
    occurred: date
    occurred_until: date | None = None
    occurred_unsure: bool = False
    reported_to: Annotated[Line, Field(min_length=1)]
    reported: date | None = None
    reported_until: date | None = None
    reported_unsure: bool = False
    reference: Line = ""


class Withdrawal(Carried):
    """Why, if they want to say."""

    reason: Text = ""


class Objection(Carried):
    """Why the case should stay open."""

    reason: e.Reasons


class Insistence(Carried):
    """What we should know when we decide, if there is anything."""

    reason: Text = ""


class MissingDetails(Carried):
    """What was missing."""

    consent_to_share: bool = False
    victim_consents: bool = False
    text: Text = ""


class Grounds(Carried):
    """An appeal as its writer tells it."""

    subject: Subject
    grounds: e.Reasons
    consent_to_transfer: bool = False
    good_cause: Text = ""


class Attendance(Carried):
    """How they wish to be heard, and what they want the panel to hear."""

    mode: Annotated[Line, Field(min_length=1)]
    statement: Text = ""


class Corrections(Carried):
    """What is wrong or missing in what the agencies said."""

    corrections: e.Reasons


class PlanComments(Carried):
    """What they think of the plan."""

    comments: e.Reasons


def offered(visitor: Visitor) -> list[Task]:
    """What can be done now, the most pressing first."""
    return [task for task in tasks(visitor) if task.open]


def tasks(visitor: Visitor) -> Iterator[Task]:
    """Every act an applicant may do on their page, in the order a page offers them."""
    view = visitor.view
    yield _details(view)
    yield _attendance(view)
    yield _corrections(view)
    yield _comments(view)
    yield _appeal(view)
    yield _objection(view)
    yield _insisting(view)
    yield _incident(view)
    yield _call(visitor)
    yield _withdrawal(view)


def _task(
    view: CaseView, act: str, title: str, done: str, model: type[BaseModel], pages: Sequence[Page],
    make: Callable[[Any], e.Body], *, open: bool = True, choices: Mapping[str, Sequence[Choice]] | None = None,
    needed: Iterable[str] = (), skipped: Callable[[Posted], frozenset[str]] = lambda form: frozenset(),
    hints: Mapping[str, str] | None = None, **more: Any,
) -> Task:  # fmt: skip
    """A task whose pages leave out what is ``skipped``, and are left out themselves where nothing is left."""
    shaped: dict[str, dict[str, object]] = {name: {"needed": True} for name in needed}
    for name, hint in (hints or {}).items():
        shaped.setdefault(name, {})["hint"] = hint
    asked = questions(model, lambda path: wording(act, path, Asked.OWN), choices, frozenset(), **shaped)
    labels = {question.name: question.label for question in asked}

    def shown(form: Posted) -> tuple[Page, ...]:
        left_out = skipped(form)
        kept = (
            Page(page.slug, page.title, tuple(path for path in page.asks if path not in left_out), page.lead)
            for page in pages
        )
        return tuple(
            Page(page.slug, page.title or labels[page.asks[0]], page.asks, page.lead) for page in kept if page.asks
        )

    return Task(
        slug=act, act=act, title=title, done=done, model=model, fields=asked, pages=shown, make=make,
        open=open and act in view.possible, **more,
    )  # fmt: skip


def _details(view: CaseView) -> Task:
    application = view.case.application
    known = {"consent_to_share"} if application.consent_to_share else set()
    if not application.representative or application.victim_consents:
        known.add("victim_consents")
    return _task(
        view, "supply-details", "Give us what is missing",
        "Thank you. We have what you sent, and go on with your application.",
        MissingDetails,
        (Page("agreement", "Your agreement", ("consent_to_share", "victim_consents")), Page("text", "", ("text",))),
        lambda given: e.DetailsReceived.model_validate(given.model_dump()),
        open=bool(view.case.missing), needed=("consent_to_share", "victim_consents"),
        skipped=lambda form: frozenset(known),
    )  # fmt: skip


def _attendance(view: CaseView) -> Task:
    """What they said before stands in it, so that changing the way loses no word of their statement."""
    case = view.case
    start = {"mode": case.takes_part, "statement": case.attendance.statement if case.attendance else ""}
    lead = (
        "You can change this until the panel has met. Nobody whose behaviour you reported sees what you write here.",
        "You can also send it as a document, a picture or a recording: your page has a form for files.",
    )
    return _task(
        view, "choose-attendance", "Say how you want to be heard by the panel",
        "Thank you. We have how you want to be heard, and the panel gets what you wrote.",
        Attendance, (Page("mode", "", ("mode",)), Page("statement", "", ("statement",), lead)),
        lambda given: e.AttendanceChosen(mode=given.mode, statement=given.statement, news=True),
        choices={"mode": [Choice(mode, fields.sentence(mode)) for mode in _modes(view)]},
        start={name: value for name, value in start.items() if value},
    )  # fmt: skip


def _modes(view: CaseView) -> tuple[str, ...]:
    """The council's ways, the one they chose where it is none of these, and not to be heard at all."""
    return tuple(dict.fromkeys((*view.policy.participation.modes, view.case.takes_part or NOT_AT_ALL, NOT_AT_ALL)))


def _corrections(view: CaseView) -> Task:
    """They read again what they were sent, and may answer more than once."""
    sent = view.case.chronology
    lead = (sent.chronology, "You do not have to answer. The review goes on either way.") if sent else ()
    return _task(
        view, "correct-chronology", "Correct what the agencies say was done",
        "Thank you. The panel has what you wrote beside what the agencies said.",
        Corrections, (Page("corrections", "What the agencies say was done", ("corrections",), lead),),
        lambda given: e.ChronologyCorrected(corrections=given.corrections), open=sent is not None,
    )  # fmt: skip


def _comments(view: CaseView) -> Task:
    return _task(
        view, "comment-on-plan", "Say what you think of the draft plan",
        "Thank you. The panel’s chair sees what you wrote before our full answer is written.",
        PlanComments, (Page("comments", "", ("comments",)),), lambda given: e.PlanCommented(comments=given.comments),
    )  # fmt: skip


def _appeal(view: CaseView) -> Task:
    subjects = open_subjects(view.case, view.today)
    layers = (layer_for(view.case, subject, view.today) for subject in subjects)
    routes = [layer for layer in layers if layer]
    named = "; ".join(dict.fromkeys(ground for route in routes for ground in route.grounds))
    hint = wording("lodge-appeal", "grounds", Asked.OWN).hint
    left_out = set() if any(route.consent_to_transfer for route in routes) else {"consent_to_transfer"}
    window = next((known for known in reversed(view.deadlines) if known.step is StepId.APPEAL_WINDOW), None)
    if window is None or view.today <= window.due:
        left_out.add("good_cause")
    return _task(
        view, "lodge-appeal", "Appeal", "We have your appeal, and write to you about what happens next.",
        Grounds,
        (
            Page("subject", "Appeal", ("subject",), ("People who did not make the decision will look at it again.",)),
            Page("grounds", "", ("grounds",)),
            Page("papers", "Your papers", ("consent_to_transfer",)),
            Page("late", "", ("good_cause",)),
        ),
        lambda given: e.AppealLodged.model_validate(given.model_dump()),
        open=bool(subjects), needed=("consent_to_transfer", "good_cause"), button="Send my appeal",
        choices={"subject": [Choice(subject.value, fields.sentence(SUBJECTS[subject])) for subject in subjects]},
        hints={"grounds": f"{hint} The council’s grounds are: {named}."} if named else {},
        skipped=lambda form: frozenset(left_out),
    )  # fmt: skip


def _objection(view: CaseView) -> Task:
    return _task(
        view, "object-to-closure", "Tell us that your case should stay open",
        "Your case stays open. We will look at what you wrote and get in touch.",
        Objection, (Page("reason", "", ("reason",)),), lambda given: e.ClosureObjected(reason=given.reason),
        open=view.case.stage is Stage.CLOSING,
    )  # fmt: skip


def _insisting(view: CaseView) -> Task:
    title = "Ask us to decide now"
    lead = ("We put our decision off. You do not have to wait: if you ask us, we will decide without waiting longer.",)
    return _task(
        view, "insist", title, "Thank you. We will decide now and write to you.",
        Insistence, (Page("reason", title, ("reason",), lead),), lambda given: e.DecisionInsisted(reason=given.reason),
    )  # fmt: skip


def _incident(view: CaseView) -> Task:
    title = "Tell us that it happened again"
    agencies = [Choice(agency.id, agency.name) for agency in view.policy.agencies]
    told_nobody = frozenset({"reported", "reported_until", "reported_unsure", "reference"})
    return _task(
        view, "add-incident", title, "Thank you for telling us. It is kept with your case.",
        ToldIncident,
        (
            Page("what", title, ("what",), (_NOT_WATCHED,)),
            Page("when", "When it happened", ("occurred", "occurred_until", "occurred_unsure")),
            Page("told", "", ("reported_to",)),
            Page("report", "What you reported", ("reported", "reported_until", "reported_unsure", "reference")),
        ),
        lambda given: _told(view, given),
        choices={"reported_to": [Choice(NOT_TOLD, "Nobody yet: I am telling you now"), *agencies]}, left=True,
        skipped=lambda form: told_nobody if form.value("reported_to") == NOT_TOLD else frozenset(),
    )  # fmt: skip


def _call(visitor: Visitor) -> Task:
    """A number that is known to be safe need not be typed again."""
    person = visitor.view.stored.readers.get(visitor.link.holder)
    safe = person.phone if person and "phone" not in person.unsafe else ""
    return _task(
        visitor.view, "ask-for-call", "Ask us to ring you",
        "We will ring you on the number and at the time you gave, and on no other.",
        e.CallRequested,
        (
            Page("phone", "", ("phone",)),
            Page("when", "A safe time", ("when", "voicemail")),
            Page("about", "", ("about",)),
        ),
        lambda given: given, start={"phone": safe},
    )  # fmt: skip


def _withdrawal(view: CaseView) -> Task:
    title = "Withdraw your application"
    lead = (
        "If you withdraw, the review stops. No panel will meet, and nobody will follow up what was agreed.",
        "You can apply again later. A new application has a new date, and older reports may then not count.",
        "If somebody is making you do this, or you only want a break, ring us first. We can put the case on hold.",
    )
    return _task(
        view, "withdraw", title, "Your application is withdrawn, and your case has ended.",
        Withdrawal, (Page("reason", title, ("reason",), lead),), lambda given: e.Withdrawn(reason=given.reason),
        button="Withdraw my application", left=True, grave=True,
    )  # fmt: skip


def _told(view: CaseView, given: ToldIncident) -> e.IncidentAdded:
    """One that nobody was told of yet is reported to the council by telling us. Raises ValueError for days that
    clash."""
    told = given.reported_to != NOT_TOLD
    return e.IncidentAdded(
        incident=Incident(
            occurred=given.occurred,
            occurred_until=given.occurred_until,
            occurred_unsure=given.occurred_unsure,
            reported=(given.reported or view.today) if told else view.today,
            reported_until=given.reported_until if told else None,
            reported_unsure=given.reported_unsure and told,
            reported_to=given.reported_to if told else _council(view),
            reference=given.reference if told else "",
            what=given.what,
        )
    )


def _council(view: CaseView) -> str:
    own = view.policy.agency("council")
    return own.id if own else _COUNCIL


task_pages.routes(router, LinkPurpose.PROGRESS, lambda visitor: list(tasks(visitor)), under="/do")
