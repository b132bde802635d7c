"""Policies and calendars, kept once by the hash of their content, and read back as the models they were."""

from datetime import datetime
from functools import lru_cache

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar import Calendar
from domain.policy import Policy
from register import tables
from register.columns import Table, digest


def new_row(session: AsyncSession, table: type[Table]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT, in the database's own words."""
    dialect = session.get_bind().dialect.name
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


async def keep_policy(session: AsyncSession, policy: Policy, now: datetime) -> str:
    """The policy's hash, after its text and its directory of agencies are kept."""
    document = policy.model_dump_json()
    hash = digest(document)
    if await session.get(tables.PolicyVersion, hash):
        return hash
    values = {"hash": hash, "id": policy.id, "version": policy.version, "document": document, "kept_at": now}
    await session.execute(_once(session, tables.PolicyVersion).values(values))
    directory = [
        {
            "policy_hash": hash,
            "id": agency.id,
            "role": agency.role,
            "name": agency.name,
            "email": agency.email,
            "senior_title": agency.senior.title,
            "senior_email": agency.senior.email,
            "relevant_body": agency.relevant_body,
        }
        for agency in policy.agencies
    ]
    await session.execute(_once(session, tables.Agency).values(directory))
    return hash


async def keep_calendar(session: AsyncSession, calendar: Calendar, now: datetime) -> str:
    """The calendar's own hash, after it is kept."""
    hash = calendar.hash
    if await session.get(tables.CalendarSnapshot, hash):
        return hash
    values = {
        "hash": hash,
        "source": calendar.source,
        "horizon": calendar.horizon,
        "document": calendar.model_dump_json(),
        "kept_at": now,
    }
    await session.execute(_once(session, tables.CalendarSnapshot).values(values))
    return hash


async def policy(session: AsyncSession, hash: str) -> Policy:
    """The policy of that hash; parsed once in a process."""
    return _policy(await _document(session, tables.PolicyVersion, hash))


async def calendar(session: AsyncSession, hash: str) -> Calendar:
    """The calendar of that hash; parsed once in a process."""
    return _calendar(await _document(session, tables.CalendarSnapshot, hash))


async def _document(
    session: AsyncSession, table: type[tables.PolicyVersion] | type[tables.CalendarSnapshot], hash: str
) -> str:
    return (await session.exec(select(table.document).where(table.hash == hash))).one()


def _once(session: AsyncSession, table: type[Table]) -> Insert:
    return new_row(session, table).on_conflict_do_nothing()


@lru_cache(maxsize=256)
def _policy(document: str) -> Policy:
    """A field that a later version of the code no longer has is left out, not an error."""
    return Policy.model_validate_json(document, extra="ignore")


@lru_cache(maxsize=256)
def _calendar(document: str) -> Calendar:
    return Calendar.model_validate_json(document)
