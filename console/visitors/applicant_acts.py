"""What an applicant can do on their progress page: each act as a few small questions, and the body the answers make."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, Field

from console.questions import fields as made
from console.questions.fields import Choice, Kind, Wording
from console.web.posted_forms import Fault, Posted
from domain import events as e
from domain.application import Carried, Incident, Line, Text
from domain.case import Stage
from domain.catalogue import SUBJECTS
from domain.policy import StepId, Subject
from domain.refusals.appeal import open_subjects
from office.case_view import CaseView

NOT_TOLD = "nobody"
_COUNCIL = "the council"


class Incidents(Carried):
    """A further incident as its writer tells it."""

    what: e.Reasons
    occurred: date
    occurred_until: date | None = None
    reported_to: Annotated[Line, Field(min_length=1)]
    reported: date | None = None
    reference: Line = ""


class Withdrawal(Carried):
    """Why, if they want to say."""

    reason: Text = ""


class Objection(Carried):
    """Why the case should stay open."""

    reason: e.Reasons


class Details(Carried):
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


class Comments(Carried):
    """What they think of the plan."""

    comments: e.Reasons


@dataclass(frozen=True)
class Deed:
    """One act of an applicant.

    ``pages`` are the fields asked for on each page, ``lead`` stands above the first, ``button`` sends it; ``signal`` if
    it is left as a Signal, which is kept even with no worker up. ``skips`` says which fields a form needs not ask.
    """

    act: str
    title: str
    done: str
    model: type[BaseModel]
    pages: tuple[tuple[str, ...], ...]
    words: Mapping[str, Wording]
    body: Callable[[CaseView, Any], e.Body]
    lead: tuple[str, ...] = ()
    button: str = "Send it"
    signal: bool = False
    skips: Callable[[CaseView, Posted], frozenset[str]] = lambda view, form: frozenset()
    warns: bool = False

    def fields(self, view: CaseView) -> tuple[made.Field, ...]:
        """The questions, in the order of the pages."""
        found = made.fields(
            self.model, self.words.__getitem__, lambda path: _choices(view, self.act, path), frozenset()
        )
        by_name = {one.name: _shaped(one, view) for one in found}
        return tuple(by_name[name] for page in self.pages for name in page)

    def asked(self, view: CaseView, form: Posted) -> list[list[made.Field]]:
        """The pages of this form, each with its questions; pages with none are left out."""
        left_out = self.skips(view, form)
        known = {one.name: one for one in self.fields(view)}
        pages = [[known[name] for name in page if name not in left_out] for page in self.pages]
        return [page for page in pages if page]

    def read(self, view: CaseView, form: Posted) -> tuple[e.Body | None, list[Fault]]:
        """The body the answers make, or all that is wrong with them."""
        asked = [one for page in self.asked(view, form) for one in page]
        faults = [
            Fault(one.name, f"Tick the box: {one.noun}" if one.kind is Kind.TICK else f"Enter {one.noun}")
            for one in asked
            if one.needed and one.kind in (Kind.TICK, Kind.TEXT) and not form.one(one.name)
        ]
        found, more = made.filled(self.model, asked, form)
        named = {one.field for one in faults}
        faults += [one for one in more if one.field not in named]
        if faults or found is None:
            return None, faults
        try:
            return self.body(view, found), []
        except ValueError as error:
            dates = [one for one in asked if one.kind is Kind.DATE]
            return None, [Fault((dates or asked)[-1 if dates else 0].name, _sentence(error))]


def offered(view: CaseView) -> list[Deed]:
    """What can be done now, the most pressing first."""
    return [deed for deed in DEEDS.values() if deed.act in view.possible and _open(view, deed.act)]


def _open(view: CaseView, act: str) -> bool:
    case = view.case
    match act:
        case "supply-details":
            return bool(case.missing)
        case "lodge-appeal":
            return bool(open_subjects(case, view.today))
        case "object-to-closure":
            return case.stage is Stage.CLOSING
        case _:
            return True


def _choices(view: CaseView, act: str, path: str) -> tuple[Choice, ...]:
    match path:
        case "reported_to":
            agencies = tuple(Choice(one.id, one.name) for one in view.policy.agencies)
            return (Choice(NOT_TOLD, "Nobody yet: I am telling you now"), *agencies)
        case "subject":
            return tuple(
                Choice(one.value, f"{SUBJECTS[one][:1].upper()}{SUBJECTS[one][1:]}")
                for one in open_subjects(view.case, view.today)
            )
        case _:
            return ()


def _shaped(field: made.Field, view: CaseView) -> made.Field:
    if field.name == "grounds":
        routes = view.policy.appeals_on(view.today, open_subjects(view.case, view.today))
        named = "; ".join(dict.fromkeys(ground for route in routes for ground in route.grounds))
        return replace(field, hint=f"{field.hint} The council’s grounds are: {named}." if named else field.hint)
    if field.name in ("consent_to_transfer", "consent_to_share", "victim_consents", "good_cause"):
        return replace(field, needed=True)
    return field


def _appeal_skips(view: CaseView, form: Posted) -> frozenset[str]:
    routes = view.policy.appeals_on(view.today, open_subjects(view.case, view.today))
    left_out = set()
    if not any(route.consent_to_transfer for route in routes):
        left_out.add("consent_to_transfer")
    window = next((one for one in reversed(view.deadlines) if one.step is StepId.APPEAL_WINDOW), None)
    if window is None or view.today <= window.due:
        left_out.add("good_cause")
    return frozenset(left_out)


def _details_skips(view: CaseView, form: Posted) -> frozenset[str]:
    application = view.case.application
    left_out = set()
    if application.consent_to_share:
        left_out.add("consent_to_share")
    if not application.representative or application.victim_consents:
        left_out.add("victim_consents")
    return frozenset(left_out)


def _incident_skips(view: CaseView, form: Posted) -> frozenset[str]:
    return frozenset({"reported", "reference"}) if form.one("reported_to") == NOT_TOLD else frozenset()


def _incident(view: CaseView, given: Incidents) -> e.IncidentAdded:
    """One that nobody was told of yet is reported to the council by telling us."""
    told = given.reported_to != NOT_TOLD
    return e.IncidentAdded(
        incident=Incident(
            occurred=given.occurred,
            occurred_until=given.occurred_until,
            reported=(given.reported or view.today) if told else view.today,
            reported_to=given.reported_to if told else _council(view),
            reference=given.reference if told else "",
            what=given.what,
        )
    )


def _council(view: CaseView) -> str:
    own = view.policy.agency("council")
    return own.id if own else _COUNCIL


def _sentence(error: ValueError) -> str:
    words = str(getattr(error, "errors", lambda **_: [{"msg": str(error)}])(include_url=False)[0]["msg"])
    words = words.removeprefix("Value error, ")
    return f"{words[:1].upper()}{words[1:]}"


_LIST = (
    Deed(
        "supply-details", "Give us what is missing",
        "Thank you. We have what you sent, and go on with your application.",
        Details, (("consent_to_share", "victim_consents"), ("text",)),
        {
            "consent_to_share": Wording(
                "I agree that my details are shared with the agencies",
                "They must have them to check your reports and take part in a review.",
                "to say that your details may be shared with the agencies",
            ),
            "victim_consents": Wording(
                "I agree that the person I named acts for me", "",
                "to say that the person you named may act for you",
            ),
            "text": Wording("Is there anything else we asked for? (optional)", "Write it here in your own words."),
        },
        lambda view, given: e.DetailsReceived.model_validate(given.model_dump()),
        skips=_details_skips,
    ),
    Deed(
        "comment-on-plan", "Say what you think of the draft plan",
        "Thank you. The panel’s chair sees what you wrote before our full answer is written.",
        Comments, (("comments",),),
        {"comments": Wording("What do you think of the plan?", "What is right, what is missing, what would not work.",
                             "what you think of the plan")},
        lambda view, given: e.PlanCommented(comments=given.comments),
    ),
    Deed(
        "lodge-appeal", "Appeal",
        "We have your appeal, and write to you about what happens next.",
        Grounds, (("subject",), ("grounds",), ("consent_to_transfer",), ("good_cause",)),
        {
            "subject": Wording("What is your appeal about?", called="what your appeal is about"),
            "grounds": Wording(
                "What do you think is wrong, and why?", "Write it in your own words. It need not be long.",
                "what you think is wrong",
            ),
            "consent_to_transfer": Wording(
                "I agree that my papers go to the people who decide the appeal",
                "They cannot look at your case without them.",
                "the people who decide the appeal must see your papers to look at it",
            ),
            "good_cause": Wording(
                "Why could you not appeal in time?",
                "The last day to appeal has passed. With a good reason, your appeal can still be taken.",
                "why you could not appeal in time",
            ),
        },
        lambda view, given: e.AppealLodged(
            subject=given.subject, grounds=given.grounds, consent_to_transfer=given.consent_to_transfer,
            good_cause=given.good_cause,
        ),
        lead=("People who did not make the decision will look at it again.",),
        button="Send my appeal",
        skips=_appeal_skips,
    ),
    Deed(
        "object-to-closure", "Tell us that your case should stay open",
        "Your case stays open. We will look at what you wrote and get in touch.",
        Objection, (("reason",),),
        {"reason": Wording("Why should it stay open?", "For example, it still goes on.", "why it should stay open")},
        lambda view, given: e.ClosureObjected(reason=given.reason),
    ),
    Deed(
        "add-incident", "Tell us that it happened again",
        "Thank you for telling us. It is kept with your case.",
        Incidents, (("what",), ("occurred", "occurred_until"), ("reported_to",), ("reported", "reference")),
        {
            "what": Wording(
                "What happened?", "As much or as little as you can. Stop whenever you need to.", "what happened"
            ),
            "occurred": Wording(
                "When did it happen?", "The day it began. For example, 27 3 2026.", "the day it happened"
            ),
            "occurred_until": Wording(
                "When did it stop? (optional)", "Only if it went on for more than a day.", "the day it stopped"
            ),
            "reported_to": Wording("Have you told anybody?", called="whom you told"),
            "reported": Wording(
                "When did you tell them? (optional)", "For example, 27 3 2026. Today, if you leave it empty.",
                "the day you told them",
            ),
            "reference": Wording("Did they give you a reference? (optional)", "Such as a crime or log number."),
        },
        _incident,
        lead=("This page is not watched all day. If somebody is in danger now, ring 999.",),
        signal=True,
        skips=_incident_skips,
    ),
    Deed(
        "ask-for-call", "Ask us to ring you",
        "We will ring you on the number and at the time you gave, and on no other.",
        e.CallRequested, (("phone",), ("when", "voicemail"), ("about",)),
        {
            "phone": Wording("Which number is safe to ring?", called="the number to ring"),
            "when": Wording(
                "When is it safe to ring you?", "For example, on weekdays before three.", "when it is safe to ring you"
            ),
            "voicemail": Wording("You may leave a message", "Only tick this if nobody else hears your messages."),
            "about": Wording("What would you like to talk about? (optional)"),
        },
        lambda view, given: given,
    ),
    Deed(
        "withdraw", "Withdraw your application",
        "Your application is withdrawn, and your case has ended.",
        Withdrawal, (("reason",),),
        {"reason": Wording("Would you like to tell us why? (optional)", "You do not have to.")},
        lambda view, given: e.Withdrawn(reason=given.reason),
        lead=(
            "If you withdraw, the review stops. No panel will meet, and nobody will follow up what was agreed.",
            "You can apply again later. A new application has a new date, and older reports may then not count.",
            "If somebody is making you do this, or you only want a break, ring us first. We can put the case on hold.",
        ),
        button="Withdraw my application",
        signal=True,
        warns=True,
    ),
)  # fmt: skip
DEEDS: Mapping[str, Deed] = {one.act: one for one in _LIST}
"""Every act an applicant may do on their page, by its name, in the order a page offers them."""
