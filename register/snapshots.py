"""Policies and calendars, kept once by the hash of their content, and read back once in a process."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Insert, update
from sqlalchemy import Table as Columns
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar import Calendar
from domain.policy import Policy
from register import tables
from register.columns import RegisterTable, digest

_policies: dict[str, Policy] = {}
_calendars: dict[str, Calendar] = {}


def new_row(session: AsyncSession, table: type[RegisterTable] | Columns) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT, in the database's own words."""
    dialect = session.get_bind().dialect.name
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


async def keep_new(session: AsyncSession, table: type[RegisterTable], rows: Sequence[Mapping[str, object]]) -> None:
    """Keep rows, each under its key; of those that are kept already nothing changes."""
    if rows:
        columns = tables.Case.metadata.tables[str(table.__tablename__)]
        await (await session.connection()).execute(new_row(session, columns).on_conflict_do_nothing(), rows)


async def count_up(session: AsyncSession, name: str) -> int:
    """The next running number of that name, from 1; two who ask at once never get the same."""
    counter = new_row(session, tables.Counter).values(name=name, last=1)
    counted = counter.on_conflict_do_update(
        index_elements=["name"], set_={"last": col(tables.Counter.last) + 1}
    ).returning(col(tables.Counter.last))
    return int((await session.exec(counted)).scalar_one())


async def count_from(session: AsyncSession, name: str, last: int) -> None:
    """The running numbers of that name go on after ``last``, or after the last that was given where that is more."""
    await session.exec(_once(session, tables.Counter).values(name=name, last=0))
    counter = tables.Counter
    behind = update(counter).where(col(counter.name) == name, col(counter.last) < last)
    await session.exec(behind.values(last=last))


async def keep_policy(session: AsyncSession, policy: Policy, now: datetime) -> str:
    """The policy's hash, after its text and its directory of agencies are kept."""
    document = policy.model_dump_json()
    hash = digest(document)
    if await session.get(tables.PolicyVersion, hash):
        return hash
    values = {"hash": hash, "id": policy.id, "version": policy.version, "document": document, "kept_at": now}
    await session.exec(_once(session, tables.PolicyVersion).values(values))
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
    await session.exec(_once(session, tables.Agency).values(directory))
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
    await session.exec(_once(session, tables.CalendarSnapshot).values(values))
    return hash


async def policy(session: AsyncSession, hash: str) -> Policy:
    """The policy of that hash; a field that a later version of the code no longer has is left out."""
    if hash not in _policies:
        document = await session.exec(select(tables.PolicyVersion.document).where(tables.PolicyVersion.hash == hash))
        _policies[hash] = Policy.model_validate_json(document.one(), extra="ignore")
    return _policies[hash]


async def calendar(session: AsyncSession, hash: str) -> Calendar:
    """The calendar of that hash."""
    if hash not in _calendars:
        document = await session.exec(
            select(tables.CalendarSnapshot.document).where(tables.CalendarSnapshot.hash == hash)
        )
        _calendars[hash] = Calendar.model_validate_json(document.one())
    return _calendars[hash]


async def calendars(session: AsyncSession, hashes: Collection[str]) -> dict[str, Calendar]:
    """The calendars of those hashes, by hash, in one query at most."""
    new = [hash for hash in hashes if hash not in _calendars]
    if new:
        kept = tables.CalendarSnapshot
        rows = await session.exec(select(kept.hash, kept.document).where(col(kept.hash).in_(new)))
        _calendars.update({hash: Calendar.model_validate_json(document) for hash, document in rows})
    return {hash: _calendars[hash] for hash in hashes}


def _once(session: AsyncSession, table: type[RegisterTable]) -> Insert:
    return new_row(session, table).on_conflict_do_nothing()
