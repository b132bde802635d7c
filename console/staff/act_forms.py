"""The form of each act: the fields of its event, with this case's choices, and what the page fills in by itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Annotated, cast

from pydantic import BaseModel
from pydantic import Field as Field_

from console.questions import choices
from console.questions.fields import Choice, Field, FieldKind, dated, fields, unfilled
from console.questions.labels import ACTS
from console.questions.questionnaire import Page, Questionnaire
from console.staff import contact_form, report_form
from console.staff.contact_form import NewContact
from console.web.posted_forms import Posted
from domain import events as e
from domain.application import Carried, FurtherPerson, Line, Means, Person, Representative
from domain.calendar import ClosedDay
from domain.case import Stage
from domain.events import Body, Reasons
from domain.handlers import chairs_in_turn
from domain.meetings import later
from domain.ways import WITHOUT_TEXT
from office import correcting_contacts, persons
from office.case_view import CaseView
from office.wording import wording
from register.users import User

SECOND_PERSON = "a second person"
_A_LINE = 200
_LEFT_OUT: Mapping[str, frozenset[str]] = {
    "answer-enquiry": frozenset({"confirmations.incident"}),
    "decide-threshold": frozenset({"approved_by"}),
    "extend": frozenset({"approved_by"}),
    "arrange-panel": frozenset({"approved_by"}),
    "arrange-hearing": frozenset({"approved_by"}),
    "end-case": frozenset({"approved_by", "counts_from"}),
    "record-panel-decision": frozenset({"recommendations.id"}),
    "decide-appeal": frozenset({"recommendations.id"}),
    "add-incident": frozenset({"incident.id"}),
    "change-representative": frozenset({"person.language"}),
    "assign-officer": frozenset({"taken_from"}),
    "report-undelivered": frozenset({"address"}),
    "choose-attendance": frozenset({"news"}),
    "add-person": frozenset({"person.language"}),
}

_CHOSEN = frozenset({("decide-threshold", "route"), ("decide-threshold", "grounds"), ("add-person", "agrees")})
"""Fields that are not asked where this case has nothing to choose from."""


class NewRepresentative(Carried):
    """Who acts for the victim from now on: somebody, or nobody."""

    nobody: bool = False
    person: Representative | None = None


class NewPerson(Carried):
    """Somebody who is part of the application from now on, or who is and now agrees that agencies have their name."""

    agrees: Line = ""
    person: FurtherPerson | None = None


class DayKind(StrEnum):
    HOLIDAY = "holiday"
    CLOSURE = "closure"


class NewDay(Carried):
    """A day that is no working day in this case from now on."""

    day: date
    name: Annotated[Line, Field_(min_length=1)]
    day_kind: DayKind
    reason: Reasons


_MODELS: Mapping[str, type[BaseModel]] = {
    "change-representative": NewRepresentative,
    "change-calendar": NewDay,
    "add-person": NewPerson,
    "correct-contact": NewContact,
}


@dataclass(frozen=True)
class FilledAct:
    """What a form makes: the act's body; ``person`` is what is to be kept of somebody first."""

    body: Body
    person: Person | None = None


def sheet(
    view: CaseView,
    act: str,
    user: User,
    about: str = "",
    ways: Collection[Means] = WITHOUT_TEXT,
    recorded: str = "",
) -> Questionnaire[FilledAct]:
    """The form of an act in this case; ``about`` is whose details it corrects, the applicant's if it is nobody's, or
    which report; ``ways`` are those letters go here, ``recorded`` is the day that a body has of the report.

    Raises KeyError where there is no such act.
    """
    words, asked = ACTS[act], fields_of(view, act, about, ways)
    lead = (words.lead, _guidance(view) if act == "decide-threshold" else "")
    page = Page("", words.title, tuple(question.name for question in asked), tuple(filter(None, lead)))
    return Questionnaire(
        title=words.title,
        model=_model(act),
        fields=asked,
        pages=lambda form: (page,),
        make=lambda given: _entry(view, given, about),
        start=_start(view, act, asked, user, about, recorded) if act in view.possible else {},
        extra=lambda form: _extra(act, form),
        check=f"Check before you confirm: {words.title[:1].lower()}{words.title[1:]}",
        button="Confirm and do it",
    )


def fields_of(view: CaseView, act: str, about: str = "", ways: Collection[Means] = WITHOUT_TEXT) -> tuple[Field, ...]:
    """What the form of an act asks in this case."""
    made = fields(
        _model(act),
        lambda path: wording(act, path),
        lambda path: choices.choices(view.case, view.deadlines, act, path, ways),
        _LEFT_OUT.get(act, frozenset()),
    )
    if act in ("add-person", "end-person"):
        made = tuple(_of_the_others(view, question) for question in made)
    if act == "correct-contact":
        made = tuple(_about(view, question, about) for question in made)
    if act == report_form.ACT:
        made = (replace(made[0], kind=FieldKind.CHOICE, choices=report_form.choices(view, about)), *made[1:])
    asked = (question for question in made if question.choices or (act, question.name) not in _CHOSEN)
    return tuple(_shaped(view, act, question, "") for question in asked)


def _guidance(view: CaseView) -> str:
    """What the council's page says is weighed below the number, and by whom (s.104(5))."""
    rules = view.policy.discretion
    return f"Below the number {rules.exercised_by} decides. {rules.guidance}" if rules.guidance else ""


def _model(act: str) -> type[BaseModel]:
    """What an act's fields make: its body, for all acts but a few."""
    return _MODELS.get(act) or e.acts()[act]


def _of_the_others(view: CaseView, field: Field) -> Field:
    """Somebody who is part of the application is chosen by name; to agree is only for who has not."""
    if field.name not in ("person", "agrees") or field.kind is FieldKind.GROUP:
        return field
    names, others = contact_form.people(view), view.case.others
    asked = (id for id, joined in others.items() if field.name == "person" or not joined.consents)
    found = tuple(Choice(id, names[id]) for id in asked if id in names)
    return replace(field, kind=FieldKind.CHOICE if found else field.kind, choices=found)


def _about(view: CaseView, field: Field, asked: str) -> Field:
    """Details are one person's: the form holds theirs, so it is not for choosing another."""
    person = contact_form.about(view, asked)
    if field.name == "language" and person:
        return replace(field, choices=choices.language(contact_form.known(view, person).language))
    if field.name != "person":
        return field
    return replace(field, kind=FieldKind.CHOICE, choices=(Choice(person, contact_form.people(view).get(person, "")),))


def _shaped(view: CaseView, act: str, field: Field, under: str) -> Field:
    """A field as this act asks for it."""
    path = f"{under}{field.name}"
    if field.inside:
        field = replace(field, inside=tuple(_shaped(view, act, part, f"{path}.") for part in field.inside))
    if path == "confirmations":
        return replace(field, about=choices.incidents(view.case), about_in="incident")
    if act == "hold" and path == "at_victims_request":
        return replace(field, needed=True)
    if (act, path) in (("comment-on-plan", "comments"), ("request-details", "missing")):
        return replace(field, needed=True)
    if (act, path) == ("decide-threshold", "met"):
        yes, no = Choice("yes", "Yes, a review will be held"), Choice("no", "No, the application is refused")
        return replace(field, choices=(yes, no))
    if (act, path) == ("settle-letter", "arrived"):
        yes, no = Choice("yes", "Yes"), Choice("no", "No, send it again")
        return replace(field, choices=(yes, no))
    if offered := choices.offered(view.policy, path):
        return replace(field, offered=offered)
    return field


def _start(
    view: CaseView, act: str, asked: Sequence[Field], user: User, about: str = "", recorded: str = ""
) -> dict[str, str]:
    """What a fresh form has in it already; what is true unless somebody says otherwise is ticked."""
    values = {question.name: "yes" for question in asked if question.kind is FieldKind.TICK and question.preset}
    match act:
        case "decide-threshold" | "refuse-appeal" | "defer-threshold":
            values["decided_by"] = user.name
        case "assign-officer":
            values |= {"officer": user.name, "email": user.email}
        case "arrange-hearing":
            known = view.case.appeal.hearing if view.case.appeal else None
            values |= unfilled(known.model_copy(update={"reason": ""}), asked) if known else {"time": "10:00"}
        case "arrange-panel" if view.case.panel:
            values = unfilled(view.case.panel.model_copy(update={"reason": ""}), asked)
        case "arrange-panel":
            values |= {"time": "10:00"} | _next_chair(view)
        case "record-panel-decision" if view.case.panel:
            panel = view.case.panel
            values["present"] = "\n".join(seat.name for seat in (panel.chair, *panel.members) if not seat.conflict)
            values |= dated("on", panel.on)
        case "send-outcome":
            for number, incident in enumerate(view.case.incidents):
                values[f"issues.{number}.issue"] = incident.what.partition("\n")[0][:_A_LINE].strip()
                values[f"issues.{number}.reports.{incident.id}"] = "yes"
        case "correct-contact":
            values |= unfilled(contact_form.known(view, asked[0].choices[0].value), asked)
        case report_form.ACT:
            values |= report_form.start(view, about, recorded, asked)
        case "extend" | "undo-extension":
            values |= _only_choice(asked)
        case "answer-recommendation" | "complete-action" | "answer-enquiry" | "settle-letter":
            values |= _only_choice(asked)
        case "confirm-receipt":
            told = view.case.stage is Stage.NOT_MET or view.case.outcome is None
            values["letter"] = "threshold" if told else "outcome"
    return values


def _extra(act: str, form: Posted) -> dict[str, str]:
    """Where a second person must agree, the place of their name is kept for them."""
    second = (
        act == "extend"
        or (act == "decide-threshold" and form.value("met") == "no")
        or (act == "end-case" and form.value("cause") == "other")
    )
    return {"approved_by": SECOND_PERSON} if second else {}


def _entry(view: CaseView, given: BaseModel, about: str = "") -> FilledAct:
    """Raises ValueError where the answers do not go together."""
    match given:
        case NewRepresentative():
            return _representative(view, given)
        case NewDay():
            return _calendar(view, given)
        case NewPerson():
            return _further(view, given)
        case e.PanelArranged() | e.HearingArranged():
            return FilledAct(_with_second(view, given))
        case NewContact():
            details = contact_form.merged(view, given)
            return FilledAct(correcting_contacts.correction(view.stored, given.person, details, given.how), details)
        case e.ReportCorrected():
            return FilledAct(report_form.restated(view, about, given))
        case _:
            return FilledAct(cast("Body", given))


def _representative(view: CaseView, given: NewRepresentative) -> FilledAct:
    """Somebody kept already is found again, so that a form sent twice makes one person."""
    if given.nobody == (given.person is not None):
        raise ValueError("Say who acts for the victim, or that nobody does any more")
    return FilledAct(persons.new_representative(view.stored, given.person), given.person)


def _further(view: CaseView, given: NewPerson) -> FilledAct:
    if bool(given.agrees) == (given.person is not None):
        raise ValueError("Choose who now agrees, or give the details of somebody new")
    if given.person is not None:
        return FilledAct(persons.new_further(view.stored, given.person), given.person)
    part = view.case.others[given.agrees].part
    return FilledAct(e.PersonJoined(person=given.agrees, part=part, consents=True))


def with_person(view: CaseView, entry: FilledAct) -> CaseView:
    """The case as if what is new of somebody were kept, so that their letter can be shown."""
    if entry.person is None:
        return view
    kept = persons.with_person(view.stored, entry.body, entry.person, view.now)
    return view if kept is view.stored else replace(view, stored=kept)


def _with_second(view: CaseView, body: e.PanelArranged | e.HearingArranged) -> Body:
    """Where a meeting comes after a day that was promised, a second person agrees to the day to which that moves."""
    own = body.does.meeting if body.does else None
    late = own is not None and later(view.deadlines, own, body)
    return body.model_copy(update={"approved_by": SECOND_PERSON if late else ""})


def _calendar(view: CaseView, given: NewDay) -> FilledAct:
    day = ClosedDay(date=given.day, name=given.name)
    now = view.stored.current_calendar
    changed = now.with_holidays(day) if given.day_kind is DayKind.HOLIDAY else now.with_closures(day)
    return FilledAct(e.CalendarChanged(calendar=changed, reason=given.reason))


def needs_second(body: Body) -> bool:
    """Whether somebody else must agree before this is done: a refusal of the threshold, a promise that moves, also with
    a meeting, an end that no cause explains."""
    match body:
        case e.PanelArranged(approved_by=by) | e.HearingArranged(approved_by=by):
            return bool(by)
        case e.Extended() | e.ThresholdDecided(met=False) | e.CaseEnded(cause=e.Cause.OTHER):
            return True
        case _:
            return False


def agreed(body: Body, by: str) -> Body:
    """The same act with the second person's name in it."""
    return body.model_copy(update={"approved_by": by})


def _next_chair(view: CaseView) -> dict[str, str]:
    """Whoever of the policy's roster is next in turn."""
    number = view.reference.rpartition("-")[2]
    turn = chairs_in_turn(view.case, int(number) if number.isdecimal() else 0)
    if not turn:
        return {}
    return {"chair.name": turn[0].name, "chair.organisation": turn[0].organisation, "chair.email": turn[0].email}


def _only_choice(asked: Sequence[Field]) -> dict[str, str]:
    """The one thing there is to choose."""
    first = asked[0]
    return {first.name: first.choices[0].value} if len(first.choices) == 1 else {}
