"""How plainly something reads: a letter of a story, or what an officer wrote for one. Advice, never a refusal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from domain import events as e
from domain.application import Application, FurtherPerson, Incident, Person
from domain.calendar import Calendar
from domain.messages import Party
from domain.plain_english import Reader, Remark, advice, proper_names
from domain.policy import Policy
from letters.languages import ENGLISH
from starter.stories import APPLICANT, StoryLetter

OUR_OLDEST = 10.5
_LONG = 20_000
_NOT_THE_OFFICERS = (Application, Incident, Calendar)
_OF_EVERY_LANGUAGE = frozenset({"missing", "another-person", "placeholder"})
_PAPERS = frozenset({"A-07", "A-10"})
"""They name everybody who is part of the application, because it is theirs too."""
_WHOLE = frozenset({"L-04", "L-08", "L-11", "L-12", "L-14", "L-21"})


def of_letter(letter: StoryLetter) -> tuple[Remark, ...]:
    """What could be plainer in a whole letter, must not be in it, or is missing from it.

    How plainly it reads is told of English alone.
    """
    remarks = advice(
        letter.rendered.text,
        reader=letter.reader,
        as_of=None if letter.kind in ("A-04e", "A-18") else letter.on,
        names=names(letter.policy, letter.persons.values(), letter.context.to_name, *_seated(letter.seats)),
        strangers=_strangers(letter),
        required=_required(letter),
        oldest=OUR_OLDEST,
    )
    return tuple(remark for remark in remarks if letter.language is ENGLISH or remark.code in _OF_EVERY_LANGUAGE)


def of_own_words(
    body: e.Body, policy: Policy, persons: Iterable[Person], today: date, reader: Reader
) -> Mapping[str, tuple[Remark, ...]]:
    """What could be plainer in each free text of an act, by its field; fields without a remark are left out."""
    known = names(policy, persons)
    advised = {where: advice(text, reader=reader, as_of=today, names=known) for where, text in own_words(body)}
    return {where: remarks for where, remarks in advised.items() if remarks}


def own_words(body: BaseModel, within: str = "") -> Iterator[tuple[str, str]]:
    """The free texts of an act, ``recommendations.1.text`` and what it says; not what an applicant reported."""
    for name, field in type(body).model_fields.items():
        value, where = getattr(body, name), f"{within}{name}"
        if isinstance(value, str) and value.strip() and _free(field):
            yield where, value
        elif isinstance(value, BaseModel) and not isinstance(value, _NOT_THE_OFFICERS):
            yield from own_words(value, f"{where}.")
        elif isinstance(value, tuple):
            for number, item in enumerate(value, start=1):
                if isinstance(item, BaseModel):
                    yield from own_words(item, f"{where}.{number}.")


def names(policy: Policy, persons: Iterable[Person], *more: str) -> tuple[str, ...]:
    """Names that nobody can make shorter: those the policy prints, and those of people."""
    return (*proper_names(policy), *(person.name for person in persons), *more)


def _free(field: FieldInfo) -> bool:
    return any(getattr(limit, "max_length", None) == _LONG for limit in field.metadata)


def _seated(seats: Iterable[e.Seat]) -> Iterator[str]:
    return (name for seat in seats for name in (seat.name, seat.organisation))


def _strangers(letter: StoryLetter) -> Iterator[str]:
    """The data of everybody who neither reads the letter nor is whom it is about."""
    alone = letter.kind in ("R-01", "R-03") and letter.order.to.party is Party.REPRESENTATIVE
    about = "" if alone else APPLICANT
    for id, person in letter.persons.items():
        if letter.kind in _PAPERS and isinstance(person, FurtherPerson):
            continue
        if id != about and person.name != letter.context.to_name:
            yield from filter(None, (person.name, person.email or "", *person.address[:1]))


def _required(letter: StoryLetter) -> dict[str, str]:
    """What every letter tells: its case and day, its promises, to an applicant whom to ask, and what was written."""
    contact = letter.policy.contact
    words = letter.language.words
    needed = {"which case it is about": letter.reference, "its date": words(letter.on)}
    needed |= {f"the date of {key}": words(day) for key, day in letter.rendered.told.items()}
    if letter.reader is Reader.APPLICANT and contact:
        needed |= {"whom to ring": contact.phone, "what to do in danger": "999"}
    if letter.kind in _WHOLE:
        needed |= {f"what was written as {where}": text for where, text in own_words(letter.event.what)}
    return needed
