"""Somebody new in a case, or somebody's new details: in the register before the case hears of it, and only once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from domain.application import FurtherPerson, Person, Representative
from domain.events import Body, ContactCorrected, PersonJoined, RepresentativeChanged
from domain.messages import Party
from office import correcting_contacts
from register import taking_in
from register.database import Database
from register.people import StoredPerson, person_id
from register.queries import StoredCase


def new_representative(stored: StoredCase, person: Representative | None) -> RepresentativeChanged:
    """The act by which somebody, or nobody, acts for the victim from now on.

    Somebody who is kept already is found again, so that an act sent twice makes one person.
    """
    if person is None:
        return RepresentativeChanged()
    known = (stored_person.id for stored_person in stored.persons if stored_person.details == person)
    id = next(known, None) or person_id(stored.reference, len(stored.persons) + 1)
    return RepresentativeChanged(representative=id, victim_consents=person.may_act, until=person.until)


def new_further(stored: StoredCase, person: FurtherPerson) -> PersonJoined:
    """The act by which somebody is part of the application from now on; who is kept already is found again."""
    kept = (stored_person.id for stored_person in stored.persons if stored_person.details == person)
    id = next(kept, None) or person_id(stored.reference, len(stored.persons) + 1)
    return PersonJoined(person=id, part=person.part, consents=person.consents)


def known(stored: StoredCase, what: Body) -> bool:
    """Whether whoever an act names is in the register."""
    return any(person.id == _named(what) for person in stored.persons)


def with_person(stored: StoredCase, what: Body, details: Person, now: datetime) -> StoredCase:
    """The case as if the details that an act tells of were kept; the same case where they are."""
    if not _named(what) or known(stored, what):
        return stored
    new = StoredPerson(_named(what), stored.reference, _role(stored, what), details, now)
    return replace(stored, persons=(*stored.persons, new))


async def keep(database: Database, stored: StoredCase, what: Body, details: Person, now: datetime) -> Body:
    """Keep the details an act tells of; the act with the id they are kept under. Raises UnknownCase."""
    id = await taking_in.add_person(database, stored.reference, details, _role(stored, what), now=now)
    match what:
        case ContactCorrected():
            return what.model_copy(update={"details": id})
        case RepresentativeChanged():
            return what.model_copy(update={"representative": id})
        case PersonJoined():
            return what.model_copy(update={"person": id})
        case _:
            return what


def _named(what: Body) -> str:
    match what:
        case ContactCorrected(details=id) | RepresentativeChanged(representative=id) | PersonJoined(person=id):
            return id
        case _:
            return ""


def _role(stored: StoredCase, what: Body) -> Party:
    if isinstance(what, ContactCorrected):
        return correcting_contacts.party(stored, what.person)
    return Party.FURTHER if isinstance(what, PersonJoined) else Party.REPRESENTATIVE
