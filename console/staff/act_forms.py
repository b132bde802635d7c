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
from console.staff import contact_form
from console.staff.contact_form import NewContact
from console.web.posted_forms import Posted
from domain import events as e
from domain.application import Carried, Line, Means, Person, Representative
from domain.calendar import ClosedDay
from domain.case import Stage
from domain.events import Body, Reasons
from domain.ways import WITHOUT_TEXT
from office import correcting_contacts, persons
from office.case_view import CaseView
from office.wording import wording
from register.users import User

SECOND_PERSON = "a second person"
_LEFT_OUT: Mapping[str, frozenset[str]] = {
    "answer-enquiry": frozenset({"confirmations.incident"}),
    "decide-threshold": frozenset({"approved_by"}),
    "extend": frozenset({"approved_by"}),
    "end-case": frozenset({"approved_by", "counts_from"}),
    "record-panel-decision": frozenset({"recommendations.id"}),
    "decide-appeal": frozenset({"recommendations.id"}),
    "add-incident": frozenset({"incident.id"}),
    "change-representative": frozenset({"person.language"}),
    "assign-officer": frozenset({"taken_from"}),
}

_CHOSEN = frozenset({("decide-threshold", "route")})
"""Fields that are not asked where this case has nothing to choose from."""


class NewRepresentative(Carried):
    """Who acts for the victim from now on: somebody, or nobody."""

    nobody: bool = False
    person: Representative | None = None


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
    "correct-contact": NewContact,
}


@dataclass(frozen=True)
class FilledAct:
    """What a form makes: the act's body; ``person`` is what is to be kept of somebody first."""

    body: Body
    person: Person | None = None


def sheet(
    view: CaseView, act: str, user: User, about: str = "", ways: Collection[Means] = WITHOUT_TEXT
) -> Questionnaire[FilledAct]:
    """The form of an act in this case; ``about`` is whose details it corrects, the applicant's if it is nobody's;
    ``ways`` are those letters go here.

    Raises KeyError where there is no such act.
    """
    words, asked = ACTS[act], fields_of(view, act, about, ways)
    page = Page("", words.title, tuple(question.name for question in asked), (words.lead,) if words.lead else ())
    return Questionnaire(
        title=words.title,
        model=_model(act),
        fields=asked,
        pages=lambda form: (page,),
        make=lambda given: _entry(view, given),
        start=_start(view, act, asked, user) if act in view.possible else {},
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
    if act == "correct-contact":
        made = tuple(_about(view, question, about) for question in made)
    asked = (question for question in made if question.choices or (act, question.name) not in _CHOSEN)
    return tuple(_shaped(view, act, question, "") for question in asked)


def _model(act: str) -> type[BaseModel]:
    """What an act's fields make: its body, for all acts but a few."""
    return _MODELS.get(act) or e.acts()[act]


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


def _start(view: CaseView, act: str, asked: Sequence[Field], user: User) -> dict[str, str]:
    """What a fresh form has in it already."""
    values: dict[str, str] = {}
    match act:
        case "decide-threshold" | "refuse-appeal":
            values["decided_by"] = user.name
        case "assign-officer":
            values |= {"officer": user.name, "email": user.email}
        case "arrange-hearing":
            values["time"] = "10:00"
        case "arrange-panel":
            values |= _panel(view, asked)
        case "record-panel-decision" if view.case.panel:
            panel = view.case.panel
            values["present"] = "\n".join(seat.name for seat in (panel.chair, *panel.members) if not seat.conflict)
            values |= dated("on", panel.on)
        case "correct-contact":
            values |= unfilled(contact_form.known(view, asked[0].choices[0].value), asked)
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


def _entry(view: CaseView, given: BaseModel) -> FilledAct:
    """Raises ValueError where the answers do not go together."""
    match given:
        case NewRepresentative():
            return _representative(view, given)
        case NewDay():
            return _calendar(view, given)
        case NewContact():
            details = contact_form.merged(view, given)
            return FilledAct(correcting_contacts.correction(view.stored, given.person, details, given.how), details)
        case _:
            return FilledAct(cast("Body", given))


def _representative(view: CaseView, given: NewRepresentative) -> FilledAct:
    """Somebody kept already is found again, so that a form sent twice makes one person."""
    if given.nobody == (given.person is not None):
        raise ValueError("Say who acts for the victim, or that nobody does any more")
    return FilledAct(persons.new_representative(view.stored, given.person), given.person)


def with_person(view: CaseView, entry: FilledAct) -> CaseView:
    """The case as if what is new of somebody were kept, so that their letter can be shown."""
    if entry.person is None:
        return view
    kept = persons.with_person(view.stored, entry.body, entry.person, view.now)
    return view if kept is view.stored else replace(view, stored=kept)


def _calendar(view: CaseView, given: NewDay) -> FilledAct:
    day = ClosedDay(date=given.day, name=given.name)
    now = view.stored.current_calendar
    changed = now.with_holidays(day) if given.day_kind is DayKind.HOLIDAY else now.with_closures(day)
    return FilledAct(e.CalendarChanged(calendar=changed, reason=given.reason))


def needs_second(body: Body) -> bool:
    """Whether somebody else must agree before this is done: a refusal of the threshold, a promise that moves, an end
    that no cause explains."""
    match body:
        case e.Extended() | e.ThresholdDecided(met=False) | e.CaseEnded(cause=e.Cause.OTHER):
            return True
        case _:
            return False


def agreed(body: Body, by: str) -> Body:
    """The same act with the second person's name in it."""
    return body.model_copy(update={"approved_by": by})


def _panel(view: CaseView, asked: Sequence[Field]) -> dict[str, str]:
    """A panel that is arranged already, to be changed."""
    panel = view.case.panel
    if panel is None:
        return {"time": "10:00"}
    return unfilled(panel.model_copy(update={"reason": ""}), asked)


def _only_choice(asked: Sequence[Field]) -> dict[str, str]:
    """The one thing there is to choose."""
    first = asked[0]
    return {first.name: first.choices[0].value} if len(first.choices) == 1 else {}
