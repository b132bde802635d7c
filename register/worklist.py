"""The console's work list: cases by risk, then by what falls due, chosen, searched and turned page by page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, or_, true
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar import Calendar
from domain.case import Stage, local_date
from register import queries, snapshots, tables
from register.columns import digest
from register.database import Database
from register.queries import CaseRow

PAGE = 25
NOBODY = "-"
_OVER = tuple(stage.value for stage in Stage if stage.over)


class Due(StrEnum):
    """Which dates are wanted; ``week`` is to the end of this one and has what is overdue in it."""

    ANY = ""
    OVERDUE = "overdue"
    WEEK = "week"


@dataclass(frozen=True)
class Wanted:
    """What to list. ``council`` None is every one; ``stage`` None leaves out what is over, unless ``over``.

    ``officer`` is the key of a name, ``-`` for cases nobody has, empty for all.
    """

    council: str | None = None
    stage: Stage | None = None
    over: bool = False
    officer: str = ""
    due: Due = Due.ANY
    words: str = ""
    page: int = 1


@dataclass(frozen=True)
class PageOfCases:
    """One page of cases, how many match in all (0 past the last page), the calendar each row counts by, and
    the officers by their keys."""

    rows: list[CaseRow]
    count: int
    calendars: Mapping[str, Calendar]
    officers: Mapping[str, str]
    councils: list[str]


async def listed(database: Database, wanted: Wanted, today: date) -> PageOfCases:
    """The page of the list; always the same number of queries."""
    case = tables.Case
    of_council = [col(case.council) == wanted.council] if wanted.council else []
    async with database.session() as session:
        found_officers = await session.exec(select(case.officer).where(case.officer != "", *of_council).distinct())
        officers = {officer_key(name): name for name in sorted(found_officers)}
        chosen = [*of_council, *await _chosen(session, wanted, today, officers)]
        order = (col(case.risk).desc(), col(case.next_due).asc().nulls_last(), col(case.reference))
        page = select(case.reference, func.count().over()).where(*chosen).order_by(*order)
        on_page = (await session.exec(page.limit(PAGE).offset((wanted.page - 1) * PAGE))).all()
        shown = (*(getattr(case, name) for name in queries.SHOWN), case.calendar_now_hash)
        references = [reference for reference, _ in on_page]
        result = await session.exec(select(*shown).where(col(case.reference).in_(references)).order_by(*order))
        rows = [dict(row) for row in result.mappings()]
        hashes = {str(row["reference"]): str(row.pop("calendar_now_hash")) for row in rows}
        calendars = await snapshots.calendars(session, set(hashes.values()))
        councils = await session.exec(select(case.council).distinct())
        return PageOfCases(
            [queries.shown(row) for row in rows],
            on_page[0][1] if on_page else 0,
            {reference: calendars[hash] for reference, hash in hashes.items()},
            officers,
            sorted(councils.all()),
        )


def officer_key(name: str) -> str:
    """A name as it may stand in an address: who is meant can be told only by those who know the names."""
    return digest(name)[:12]


async def _chosen(
    session: AsyncSession, wanted: Wanted, today: date, officers: Mapping[str, str]
) -> list[ColumnElement[bool]]:
    case = tables.Case
    chosen: list[ColumnElement[bool]] = []
    if wanted.stage is not None:
        chosen.append(col(case.stage) == wanted.stage.value)
    elif not wanted.over:
        chosen.append(col(case.stage).not_in(_OVER))
    if wanted.officer == NOBODY:
        chosen.append(col(case.officer) == "")
    elif wanted.officer in officers:
        chosen.append(col(case.officer) == officers[wanted.officer])
    if wanted.due is not Due.ANY:
        chosen.append(await _due(session, wanted.due, today))
    if words := " ".join(wanted.words.split()):
        chosen.append(_named(words))
    return chosen


async def _due(session: AsyncSession, due: Due, today: date) -> ColumnElement[bool]:
    """By each case's own day: a demonstration's clock may have been moved."""
    case = tables.Case
    clocks = await session.exec(select(case.as_of).where(col(case.demo).is_(True)).distinct())
    by_day: dict[date, list[datetime]] = {}
    for clock in clocks:
        by_day.setdefault(local_date(clock), []).append(clock)
    last = col(case.next_due) < _after(due, today)
    clauses: list[ColumnElement[bool]] = [and_(col(case.demo).is_(False), last)]
    for day, instants in by_day.items():
        clauses.append(
            and_(col(case.demo).is_(True), col(case.as_of).in_(instants), col(case.next_due) < _after(due, day))
        )
    return or_(*clauses) if clauses else true()


def _after(due: Due, today: date) -> date:
    """The first day that is not wanted any more."""
    return today if due is Due.OVERDUE else today + timedelta(days=7 - today.weekday())


def _named(words: str) -> ColumnElement[bool]:
    """Cases whose reference, or somebody of whom, has every word in name, e-mail, telephone or address."""
    case, person = tables.Case, tables.Person
    written: ColumnElement[str] = col(person.name) + "\n"
    for part in (func.coalesce(person.email, ""), col(person.phone), col(person.address_json)):
        written = written + "\n" + part
    likes = [f"%{_plain(word)}%" for word in words.split()]
    somebody = select(person.reference).where(*(written.ilike(like, escape="\\") for like in likes))
    called = and_(*(col(case.reference).ilike(like, escape="\\") for like in likes))
    return or_(called, col(case.reference).in_(somebody))


def _plain(word: str) -> str:
    """A word with what LIKE would read as a pattern taken by the letter."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


async def waiting_for_staff(database: Database, council: str | None) -> list[tuple[str, str]]:
    """The running cases that wait for an officer and that nobody looks after, by risk, then what is due first.

    Each with who has it by name: nobody, or somebody of its council whose account is closed.
    """
    case, user = tables.Case, tables.User
    mine = [col(case.council) == council] if council else []
    at_work = select(user.name).where(col(user.active).is_(True))
    gone = select(user.name).where(col(user.active).is_(False), col(user.name).not_in(at_work))
    free = or_(col(case.officer) == "", col(case.officer).in_(gone))
    waits = (col(case.must_act) == "officer", col(case.stage).not_in(_OVER), col(case.started).is_(True))
    wanted = select(case.reference, case.officer).where(*mine, *waits, free)
    async with database.session() as session:
        order = (col(case.risk).desc(), col(case.next_due).asc().nulls_last(), col(case.reference))
        return [(reference, officer) for reference, officer in await session.exec(wanted.order_by(*order).limit(PAGE))]


async def taken_by(database: Database, event_id: str) -> str | None:
    """The case that somebody got by that event; what follows from the event may not be kept yet."""
    event = tables.Event
    async with database.session() as session:
        wanted = select(event.reference).where(event.kind == "officer.assigned", event.id == event_id)
        return (await session.exec(wanted)).first()
