"""The form of each act: the fields of its event, with this case's choices, and what the page fills in by itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, cast

from pydantic import BaseModel
from pydantic import Field as Field_

from console.questions import choices
from console.questions.fields import Choice, Field, Kind, dated, fields, filled, unfilled
from console.questions.labels import wording
from console.staff import contact_form
from console.staff.contact_form import NewContact
from console.web.posted_forms import Fault, Posted
from domain import events as e
from domain.application import Carried, Line, Means, Person, Representative
from domain.calendar import ClosedDay
from domain.case import Stage
from domain.events import Body, Reasons
from domain.messages import Party
from letters.addressees import WITHOUT_TEXT
from office import correcting_contacts
from office.case_view import CaseView
from register.people import StoredPerson, person_id
from register.users import User

SECOND_PERSON = "a second person"
_LEFT_OUT: Mapping[str, frozenset[str]] = {
    "answer-enquiry": frozenset({"confirmations.incident"}),
    "decide-threshold": frozenset({"approved_by"}),
    "extend": frozenset({"approved_by"}),
    "record-panel-decision": frozenset({"recommendations.id"}),
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
class ActForm:
    """An act's form: ``model`` is what its fields make, the body itself for all but two acts."""

    act: str
    body: type[Body]
    model: type[BaseModel]
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Reading:
    """What a form says: the act's body, or all that is wrong; ``person`` is what is to be kept of somebody first."""

    body: Body | None = None
    faults: Sequence[Fault] = ()
    person: Person | None = None


def form(view: CaseView, act: str, about: str = "", ways: Collection[Means] = WITHOUT_TEXT) -> ActForm:
    """The form of an act in this case; ``about`` is whose details it corrects, the applicant's if it is nobody's;
    ``ways`` are those letters go here.

    Raises KeyError where there is no such act.
    """
    body = e.acts()[act]
    model = _MODELS.get(act, body)
    made = fields(
        model,
        lambda path: wording(act, path),
        lambda path: choices.choices(view.case, view.deadlines, act, path, ways),
        _LEFT_OUT.get(act, frozenset()),
    )
    if act == "correct-contact":
        made = tuple(_about(view, one, about) for one in made)
    asked = (one for one in made if one.choices or (act, one.name) not in _CHOSEN)
    return ActForm(act, body, model, tuple(_shaped(view, act, one, "") for one in asked))


def _about(view: CaseView, field: Field, person: str) -> Field:
    """Details are one person's: the form holds theirs, so it is not for choosing another."""
    one = contact_form.about(view, person)
    if field.name == "language" and one:
        return replace(field, choices=choices.language(contact_form.known(view, one).language))
    if field.name != "person":
        return field
    return replace(field, kind=Kind.CHOICE, choices=(Choice(one, contact_form.people(view).get(one, "")),))


def _shaped(view: CaseView, act: str, field: Field, at: str) -> Field:
    """A field as this act asks for it."""
    path = f"{at}{field.name}"
    if field.inside:
        field = replace(field, inside=tuple(_shaped(view, act, one, f"{path}.") for one in field.inside))
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


def start(view: CaseView, made: ActForm, user: User) -> dict[str, str]:
    """What a fresh form has in it already."""
    values: dict[str, str] = {}
    match made.act:
        case "decide-threshold" | "refuse-appeal":
            values["decided_by"] = user.name
        case "assign-officer":
            values |= {"officer": user.name, "email": user.email}
        case "arrange-hearing":
            values["time"] = "10:00"
        case "arrange-panel":
            values |= _panel(view, made)
        case "record-panel-decision" if view.case.panel:
            panel = view.case.panel
            values["present"] = "\n".join(seat.name for seat in (panel.chair, *panel.members) if not seat.conflict)
            values |= dated("on", panel.on)
        case "correct-contact":
            values |= unfilled(contact_form.known(view, made.fields[0].choices[0].value), made.fields)
        case "answer-recommendation" | "complete-action" | "answer-enquiry" | "settle-letter" | "extend":
            values |= _only_choice(made)
        case "confirm-receipt":
            told = view.case.stage is Stage.NOT_MET or view.case.outcome is None
            values["letter"] = "threshold" if told else "outcome"
    return values


def read(view: CaseView, made: ActForm, posted: Posted) -> Reading:
    """The body the form makes. Where a second person must agree, the place of their name is kept for them."""
    extra: dict[str, Any] = {}
    if made.act == "extend" or (made.act == "decide-threshold" and posted.one("met") == "no"):
        extra["approved_by"] = SECOND_PERSON
    faults = [
        Fault(field.name, _needed(field))
        for field in made.fields
        if field.needed and field.kind in (Kind.TICK, Kind.LINES, Kind.TEXT) and not posted.one(field.name)
    ]
    found, more = filled(made.model, made.fields, posted, extra)
    named = {fault.field for fault in faults}
    every = [*faults, *(fault for fault in more if fault.field not in named)]
    order = {field.name: number for number, field in enumerate(made.fields)}
    every.sort(key=lambda fault: order.get(fault.field.partition(".")[0], len(order)))
    if every:
        return Reading(faults=every)
    if isinstance(found, NewRepresentative):
        return _representative(view, found)
    if isinstance(found, NewDay):
        return _calendar(view, found)
    if isinstance(found, NewContact):
        details = contact_form.merged(view, found)
        return Reading(correcting_contacts.correction(view.stored, found.person, details, found.how), person=details)
    return Reading(cast("Body", found))


def _representative(view: CaseView, given: NewRepresentative) -> Reading:
    """Somebody kept already is found again, so that a form sent twice makes one person."""
    if given.nobody == (given.person is not None):
        return Reading(faults=[Fault("nobody", "Say who acts for the victim, or that nobody does any more")])
    if given.person is None:
        return Reading(e.RepresentativeChanged())
    known = (one.id for one in view.stored.persons if one.details == given.person)
    id = next(known, None) or person_id(view.reference, len(view.stored.persons) + 1)
    body = e.RepresentativeChanged(representative=id, victim_consents=given.person.victim_consents)
    return Reading(body, person=given.person)


def with_person(view: CaseView, reading: Reading) -> CaseView:
    """The case as if what is new of somebody were kept, so that their letter can be shown."""
    body, stored = reading.body, view.stored
    if reading.person is None:
        return view
    if isinstance(body, e.ContactCorrected):
        kept = correcting_contacts.with_details(stored, body, reading.person, view.now)
        return view if kept is stored else replace(view, stored=kept)
    if not isinstance(body, e.RepresentativeChanged) or any(one.id == body.representative for one in stored.persons):
        return view
    new = StoredPerson(body.representative, stored.reference, Party.REPRESENTATIVE, reading.person, view.now)
    return replace(view, stored=replace(stored, persons=(*stored.persons, new)))


def newcomer(view: CaseView, reading: Reading) -> StoredPerson | None:
    """Somebody new, to be kept before the case hears of them."""
    shown = with_person(view, reading)
    return None if shown is view else shown.stored.persons[-1]


def _calendar(view: CaseView, given: NewDay) -> Reading:
    day = ClosedDay(date=given.day, name=given.name)
    now = view.stored.current_calendar
    changed = now.with_holidays(day) if given.day_kind is DayKind.HOLIDAY else now.with_closures(day)
    return Reading(e.CalendarChanged(calendar=changed, reason=given.reason))


def needs_second(body: Body) -> bool:
    """Whether somebody else must agree before this is done: a refusal of the threshold, a promise that moves."""
    return isinstance(body, e.Extended) or (isinstance(body, e.ThresholdDecided) and not body.met)


def agreed(body: Body, by: str) -> Body:
    """The same act with the second person's name in it."""
    return body.model_copy(update={"approved_by": by})


def about(sentence: str, made: ActForm) -> str:
    """The field a refusal is most likely about: the one it names, else the first of the form."""
    plain = sentence.casefold()
    for field in made.fields:
        if field.name.replace("_", " ") in plain or f" {field.name} " in plain:
            return _leaf(field)
    return _leaf(made.fields[0]) if made.fields else "confirm"


def _leaf(field: Field) -> str:
    inner = field.inside[0] if field.kind is Kind.GROUP and field.inside else None
    return f"{field.name}.{inner.name}" if inner else field.name


def _needed(field: Field) -> str:
    return f"Confirm: {field.label}" if field.kind is Kind.TICK else f"Enter {field.noun}"


def _panel(view: CaseView, made: ActForm) -> dict[str, str]:
    """A panel that is arranged already, to be changed."""
    panel = view.case.panel
    if panel is None:
        return {"time": "10:00"}
    return unfilled(panel.model_copy(update={"reason": ""}), made.fields)


def _only_choice(made: ActForm) -> dict[str, str]:
    """The one thing there is to choose."""
    first = made.fields[0]
    return {first.name: first.choices[0].value} if len(first.choices) == 1 else {}
