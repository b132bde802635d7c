"""Correcting how somebody of a case is reached: what is kept in the register first, and the act that tells of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.application import Person
from domain.events import ApplicationMade, ContactCorrected, Detail, PersonJoined, RepresentativeChanged
from domain.messages import Party
from register.people import person_id
from register.queries import StoredCase


class Stranger(LookupError):
    """Somebody the case writes no letters to."""


def merged(stored: StoredCase, person: str, given: Mapping[str, Any]) -> Person:
    """All that is kept of somebody from now on: what is given, and what stood before of everything else.

    Raises Stranger, and ValueError for what no address can be.
    """
    case = stored.folded()
    known = [id for id in (case.application.applicant, case.application.representative, *case.others) if id]
    now = stored.readers.get(person)
    if now is None or person not in known:
        raise Stranger(f"{stored.reference} does not write to {person or 'nobody'}; it does to: {', '.join(known)}.")
    return type(now).model_validate({**now.model_dump(), **given})


def correction(stored: StoredCase, person: str, details: Person, how: str) -> ContactCorrected:
    """The act's body: it names what is new and holds none of it.

    Details that were kept already are found again, and so is a correction that was made, so that one sent twice counts
    once.
    """
    before, others = stored.readers[person], _people(stored) - {person}
    kept = (known.id for known in stored.persons if known.id not in others and known.details == details)
    id = next(kept, None) or person_id(stored.reference, len(stored.persons) + 1)
    made = next((event.what for event in reversed(stored.events) if _of(event.what, person)), None)
    if isinstance(made, ContactCorrected) and (made.details, made.how) == (id, how):
        return made
    changed = tuple(detail for detail in Detail if getattr(before, detail.value) != getattr(details, detail.value))
    return ContactCorrected(person=person, details=id, changed=changed, how=how)


def _people(stored: StoredCase) -> set[str]:
    """Everybody the case ever wrote to by an id of their own."""
    people: set[str] = set()
    for event in stored.events:
        match event.what:
            case ApplicationMade(application=application):
                people |= {application.applicant, application.representative}
            case RepresentativeChanged(representative=representative):
                people.add(representative)
            case PersonJoined(person=joined):
                people.add(joined)
    return people


def party(stored: StoredCase, person: str) -> Party:
    """As whom somebody gets letters."""
    return next((known.role for known in stored.persons if known.id == person), Party.APPLICANT)


def _of(what: object, person: str) -> bool:
    return isinstance(what, ContactCorrected) and what.person == person
