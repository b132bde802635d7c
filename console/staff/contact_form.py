"""How somebody of a case is reached: the form that corrects it, what it holds already, and what would change."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from pydantic import Field

from console.web import languages
from domain.application import Carried, Email, Line, Means, Person
from domain.events import ContactCorrected, Detail, Reasons
from office import correcting_contacts
from office.case_view import CaseView

_LABELS: Mapping[Detail, str] = {
    Detail.EMAIL: "E-mail address",
    Detail.PHONE: "Telephone number",
    Detail.ADDRESS: "Postal address",
    Detail.PREFERS: "Letters",
    Detail.UNSAFE: "Not safe to use",
    Detail.LARGE_PRINT: "Large print",
    Detail.LANGUAGE: "Language",
}


class NewContact(Carried):
    """All the details by which one person is reached from now on, and how it was made sure that they are theirs."""

    person: Line
    email: Email | None = None
    phone: Line = ""
    address: tuple[Line, ...] = ()
    prefers: Means = Means.EMAIL
    unsafe: frozenset[str] = frozenset()
    large_print: bool = False
    language: Line = "en"
    how: Reasons = Field(max_length=2000)


@dataclass(frozen=True)
class Correction:
    """One detail before and after, in words; empty where there is none."""

    label: str
    before: str
    after: str


def people(view: CaseView) -> dict[str, str]:
    """Whose details can be corrected, by person id: who they are, in words."""
    application, readers = view.case.application, view.stored.readers
    ids = {application.applicant: "The applicant", application.representative: "Acts for the victim"}
    ids |= {id: joined.part.value.capitalize() for id, joined in view.case.others.items()}
    return {id: f"{readers[id].name}: {who.lower()}" for id, who in ids.items() if id in readers}


def about(view: CaseView, asked: str) -> str:
    """The person a form is about: the one asked for, or the applicant."""
    known = people(view)
    return asked if asked in known else next(iter(known), "")


def known(view: CaseView, person: str) -> NewContact:
    """What is known of somebody now, as the form shows it. Raises KeyError for somebody the case does not write to."""
    now = view.stored.readers[person].model_dump(include=set(NewContact.model_fields))
    return NewContact.model_construct(person=person, how="", **now)


def merged(view: CaseView, given: NewContact) -> Person:
    """Everything the register is to keep of them from now on. Raises Stranger."""
    return correcting_contacts.merged(view.stored, given.person, given.model_dump(exclude={"person", "how"}))


def corrections(view: CaseView, body: ContactCorrected, details: Person) -> list[Correction]:
    """Each new detail beside the one it takes the place of."""
    before = view.stored.readers[body.person]
    return [Correction(_LABELS[detail], _words(before, detail), _words(details, detail)) for detail in body.changed]


def warnings(view: CaseView, details: Person, ways: Collection[Means]) -> Iterator[str]:
    """What somebody should know before they confirm: no way left, and letters that never got there.

    ``ways`` are those letters go here.
    """
    if details.prefers is Means.TEXT and Means.TEXT not in details.ways:
        yield "No text message can go to them: that needs a UK mobile number, and neither texts nor calls unsafe."
    if not set(details.ways) & set(ways):
        yield "No safe way to write to them would be left: their letters would wait until you tell them another way."
    lost = [letter for letter in view.case.letters.values() if letter.needs_somebody]
    if lost:
        number = "One letter" if len(lost) == 1 else f"{len(lost)} letters"
        yield f"{number} of this case did not certainly arrive: afterwards say what became of it, and it is sent again."


def _words(person: Person, detail: Detail) -> str:
    value = getattr(person, detail.value)
    match detail:
        case Detail.ADDRESS:
            return ", ".join(value)
        case Detail.UNSAFE:
            return ", ".join(sorted(value))
        case Detail.PREFERS:
            return str(value.words)
        case Detail.LANGUAGE:
            return languages.called(value)
        case Detail.LARGE_PRINT:
            return "yes" if value else "no"
        case _:
            return value or ""
