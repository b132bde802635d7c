"""The people of a case: kept here and nowhere else, known to the case by their ids."""

import json
from dataclasses import dataclass
from datetime import datetime

from domain.application import FurtherPerson, Person, Representative
from domain.messages import Party
from register import tables


@dataclass(frozen=True)
class StoredPerson:
    """``details`` is as the person gave it: a Representative where somebody acts for the victim."""

    id: str
    reference: str
    role: Party
    details: Person
    created_at: datetime


def person_id(reference: str, number: int) -> str:
    """``DOV-2026-0001-P1``."""
    return f"{reference}-P{number}"


def row(reference: str, id: str, person: Person, role: Party, now: datetime) -> tables.Person:
    """The person as it is kept."""
    preferences = person.model_dump(mode="json", exclude={"name", "email", "phone", "address"})
    preferences["unsafe"] = sorted(preferences["unsafe"])
    return tables.Person(
        id=id,
        reference=reference,
        role=role,
        name=person.name,
        email=person.email,
        phone=person.phone,
        address_json=json.dumps(person.address, ensure_ascii=False),
        preferences_json=json.dumps(preferences, ensure_ascii=False),
        created_at=now,
    )


def stored(row: tables.Person) -> StoredPerson:
    """The person as read back."""
    preferences = json.loads(row.preferences_json)
    model = Representative if "relation" in preferences else FurtherPerson if "part" in preferences else Person
    kept = {"name": row.name, "email": row.email, "phone": row.phone, "address": json.loads(row.address_json)}
    details = model.model_validate({**kept, **preferences}, extra="ignore")
    return StoredPerson(row.id, row.reference, Party(row.role), details, row.created_at)
