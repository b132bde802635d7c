"""Who looked at which case, when, and at which part of it. Only ever added to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlmodel import col, select

from register import tables
from register.database import Database
from register.links import Link
from register.sending_systems import SendingSystem
from register.users import User


@dataclass(frozen=True)
class Looked:
    """One look: ``what`` is "the case", or the part that was shown.

    ``role`` is a StaffRole's, for somebody who came by a link what the link is for, and "source" of a system's look.
    """

    at: datetime
    name: str
    role: str
    what: str


async def record(database: Database, user: User, reference: str, what: str, now: datetime) -> None:
    """Keep that somebody is about to be shown this."""
    row = tables.Read(at=now, user_id=user.id, name=user.name, role=user.role.value, reference=reference, what=what)
    async with database.writing() as session:
        session.add(row)


async def record_at_terminal(
    database: Database, name: str, references: Iterable[str], what: str, now: datetime
) -> None:
    """Keep that somebody at the command line is about to have this of these cases, once for each."""
    async with database.writing() as session:
        for reference in references:
            session.add(
                tables.Read(at=now, user_id="terminal", name=name, role="command line", reference=reference, what=what)
            )


async def record_visit(database: Database, link: Link, name: str, what: str, now: datetime) -> None:
    """Keep that somebody who came by a link is about to be shown this, and that the link was used."""
    role = f"link: {link.purpose}"
    row = tables.Read(at=now, user_id=f"link:{link.id}", name=name, role=role, reference=link.reference, what=what)
    async with database.writing() as session:
        session.add(row)
        await session.exec(update(tables.Link).where(col(tables.Link.id) == link.id).values(used_at=now))


async def record_source(database: Database, source: SendingSystem, reference: str, now: datetime) -> None:
    """Keep that a system is about to be told where a case stands."""
    row = tables.Read(
        at=now, user_id=source.id, name=source.name, role="source", reference=reference, what="where it stands"
    )
    async with database.writing() as session:
        session.add(row)


async def of_case(database: Database, reference: str, *, at_most: int = 500) -> list[Looked]:
    """Who looked at a case, the latest first."""
    read = tables.Read
    async with database.session() as session:
        rows = await session.exec(
            select(read.at, read.name, read.role, read.what)
            .where(read.reference == reference)
            .order_by(col(read.at).desc(), col(read.id).desc())
            .limit(at_most)
        )
        return [Looked(moment, name, role, what) for moment, name, role, what in rows]
