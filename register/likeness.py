"""The open cases of a council that look like another: the same person, address, telephone number or e-mail address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from domain.application import FurtherPerson, Part, Person
from domain.case import Stage
from domain.likeness import Trait, shared
from domain.messages import Party
from register import people, tables
from register.database import Database
from register.queries import StoredCase

VICTIMS = (Party.APPLICANT, Party.FURTHER)
"""The roles of those whom a review is for."""
_OVER = tuple(stage.value for stage in Stage if stage.over)


@dataclass(frozen=True)
class Like:
    """A case that looks like another, and by what."""

    reference: str
    made_at: datetime
    stage: Stage
    demo: bool
    by: tuple[Trait, ...]

    @property
    def words(self) -> str:
        """ "same name and telephone number"."""
        *others, last = (trait.words for trait in self.by)
        return f"same {', '.join(others)} and {last}" if others else f"same {last}"


def _victim(person: Person) -> bool:
    return not isinstance(person, FurtherPerson) or person.part is Part.JOINT


async def of_case(database: Database, stored: StoredCase) -> tuple[Like, ...]:
    """The open cases that a case looks like, whatever its victims' details were or are."""
    victims = [person.details for person in stored.persons if person.role in VICTIMS and _victim(person.details)]
    return await like(database, stored.row.council, victims, besides=stored.reference)


async def like(database: Database, council: str, victims: Iterable[Person], besides: str = "") -> tuple[Like, ...]:
    """The open cases one of whose victims may be one of these or live with them, the earliest application first.

    Who acts for a victim is not compared: one adviser acts for many. ``besides`` is the case that is compared itself.
    A row that cannot be read is passed over here; its case's own page says so.
    """
    known = tuple(victims)
    case, person = tables.Case, tables.Person
    async with database.session() as session:
        rows = await session.exec(
            select(person, case.made_at, case.stage, case.demo)
            .join(case, col(case.reference) == col(person.reference))
            .where(
                case.council == council, case.reference != besides, col(case.stage).not_in(_OVER),
                col(person.role).in_([party.value for party in VICTIMS]),
            )
            .order_by(col(case.made_at), col(case.reference))
        )  # fmt: skip
        found: dict[str, Like] = {}
        for row, made_at, stage, demo in rows.all():
            try:
                details = people.stored(row).details
            except ValueError:
                continue
            by = {trait for victim in known for trait in shared(victim, details)} if _victim(details) else set()
            if by:
                before = found[row.reference].by if row.reference in found else ()
                all_by = tuple(trait for trait in Trait if trait in by or trait in before)
                found[row.reference] = Like(row.reference, made_at, Stage(stage), demo, all_by)
    return tuple(found.values())
