"""What console, command line and activities read. An unknown reference, key or id reads as None."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain import directory
from domain.application import Person
from domain.calendar import BeyondHorizon, Calendar, Unit, count
from domain.case import Case, Stage, local_date
from domain.contacts import as_corrected
from domain.deadlines import Deadline
from domain.events import Event
from domain.fold import fold
from domain.messages import Numbered, Start
from domain.policy import Policy
from register import cases as rows
from register import letter_rows as kept
from register import people, snapshots, tables
from register.database import Database
from register.letter_rows import LetterRow
from register.people import StoredPerson

_DEADLINES = TypeAdapter(tuple[Deadline, ...])
SHOWN = (
    *("reference", "council", "policy_version", "made_at", "demo", "started", "created_at", "as_of", "stage"),
    *("waiting", "must_act", "next_due", "next_kind", "next_title", "breached", "officer", "closed_at", "risk"),
)


@dataclass(frozen=True)
class CaseRow:
    """Where a case stands as of ``as_of``. ``next_kind`` is the step that falls due next, ``next_title`` its
    words; ``breached``: a promised date passed, or passes, before its duty is done. ``risk`` is a rank of
    ``domain.risk``."""

    reference: str
    council: str
    policy_version: str
    made_at: datetime
    demo: bool
    started: bool
    created_at: datetime
    as_of: datetime
    stage: Stage
    waiting: str
    must_act: str
    next_due: date | None
    next_kind: str
    next_title: str
    breached: bool
    officer: str
    closed_at: datetime | None
    risk: int

    @property
    def own_day(self) -> date | None:
        """The day a demonstration case is at: its clock may have been moved. None for a real one."""
        return local_date(self.as_of) if self.demo else None


@dataclass(frozen=True)
class StoredCase:
    """All the register holds of one case, letters apart. ``calendar`` is the one given at receipt,
    ``current_calendar`` the one that counts today."""

    row: CaseRow
    start: Start
    numbered: tuple[Numbered, ...]
    persons: tuple[StoredPerson, ...]
    current_calendar: Calendar
    deadlines_json: str

    @property
    def reference(self) -> str:
        return self.row.reference

    @cached_property
    def policy(self) -> Policy:
        """The policy it was given, its directory as the case's events corrected it."""
        return directory.as_corrected(self.start.policy, self.events)

    @property
    def calendar(self) -> Calendar:
        return self.start.calendar

    @property
    def events(self) -> tuple[Event, ...]:
        return tuple(numbered_event.event for numbered_event in self.numbered)

    @cached_property
    def deadlines(self) -> tuple[Deadline, ...]:
        """As planned when the last event was recorded, each with its working."""
        with rows.readable(self.reference, "list of dates"):
            return _DEADLINES.validate_json(self.deadlines_json)

    @property
    def readers(self) -> dict[str, Person]:
        """Everybody letters may go to, by the id the case knows them by, as they are reached now."""
        return as_corrected({person.id: person.details for person in self.persons}, self.events)

    def upto(self, seq: int) -> tuple[Event, ...]:
        """The first ``seq`` events, whatever came later."""
        return tuple(numbered_event.event for numbered_event in self.numbered if numbered_event.seq <= seq)

    def folded(self) -> Case:
        """The case its events make."""
        return fold(self.policy, self.calendar, self.events)


async def case(database: Database, reference: str) -> StoredCase | None:
    """One case with its events, people, policy and calendar."""
    async with database.session() as session:
        row = await session.get(tables.Case, reference)
        if row is None:
            return None
        person = tables.Person
        persons = await session.exec(select(person).where(person.reference == reference).order_by(person.id))
        return StoredCase(
            row=shown({name: getattr(row, name) for name in SHOWN}),
            start=await rows.start(session, row),
            numbered=await rows.numbered(session, reference),
            persons=_persons(reference, persons.all()),
            current_calendar=await snapshots.calendar(session, row.calendar_now_hash),
            deadlines_json=row.deadlines_json,
        )


def _persons(reference: str, found: Sequence[tables.Person]) -> tuple[StoredPerson, ...]:
    with rows.readable(reference, "list of people"):
        return tuple(people.stored(person) for person in found)


async def case_row(database: Database, reference: str) -> CaseRow | None:
    """Where one case stands, without its events."""
    case = tables.Case
    async with database.session() as session:
        rows = await session.exec(select(*(getattr(case, name) for name in SHOWN)).where(case.reference == reference))
        row = rows.mappings().first()
        return shown(dict(row)) if row else None


async def cases(
    database: Database,
    *,
    council: str | None = None,
    stage: Stage | None = None,
    due_within: int | None = None,
    today: date,
) -> list[CaseRow]:
    """Cases by their risk, then by what falls due first, then by reference; those with nothing due come last.

    ``due_within`` is in working days after ``today`` by each case's own calendar; what is overdue is in it.
    """
    case = tables.Case
    async with database.session() as session:
        wanted: list[ColumnElement[bool]] = []
        if council is not None:
            wanted.append(col(case.council) == council)
        if stage is not None:
            wanted.append(col(case.stage) == stage.value)
        if due_within is not None:
            wanted.append(await _due(session, due_within, today, wanted))
        rows = await session.exec(
            select(*(getattr(case, name) for name in SHOWN))
            .where(*wanted)
            .order_by(col(case.risk).desc(), col(case.next_due).asc().nulls_last(), col(case.reference))
        )
        return [shown(dict(row)) for row in rows.mappings()]


async def has_event(database: Database, reference: str, id: str) -> bool:
    """Whether the register has heard of an event."""
    async with database.session() as session:
        return await session.get(tables.Event, (reference, id)) is not None


async def shows(database: Database, reference: str, id: str) -> bool:
    """Whether the register has heard of an event and the case's row says what follows from it."""
    case, event = tables.Case, tables.Event
    async with database.session() as session:
        rows = await session.exec(
            select(event.id)
            .join(case, col(case.reference) == col(event.reference))
            .where(event.reference == reference, event.id == id, col(case.as_of) >= col(event.at))
        )
        return rows.first() is not None


async def begun(database: Database, reference: str) -> bool:
    """Whether the register has heard anything of a case from its workflow."""
    async with database.session() as session:
        rows = await session.exec(select(tables.Event.id).where(tables.Event.reference == reference).limit(1))
        return rows.first() is not None


async def unbegun_key(database: Database, begins: str) -> str | None:
    """The intake key, of those that begin so, of an application whose case has not begun yet."""
    case = tables.Case
    wanted = select(case.intake_key).where(col(case.intake_key).startswith(begins), col(case.started).is_(False))
    async with database.session() as session:
        return (await session.exec(wanted)).first()


async def by_intake_key(database: Database, key: str) -> str | None:
    """The reference of the case that an application of this key became."""
    async with database.session() as session:
        rows = await session.exec(select(tables.Case.reference).where(tables.Case.intake_key == key))
        return rows.first()


async def letters(database: Database, reference: str) -> list[LetterRow]:
    """The letters of a case in the order they were rendered."""
    letter = tables.Letter
    async with database.session() as session:
        rows = await session.exec(
            select(letter).where(letter.reference == reference).order_by(col(letter.rendered_at), col(letter.key))
        )
        return [kept.stored(row) for row in rows]


async def letter(database: Database, key: str) -> LetterRow | None:
    """One letter by its key."""
    async with database.session() as session:
        row = await session.get(tables.Letter, key)
        return kept.stored(row) if row else None


async def letter_of_mail(database: Database, message_ids: Sequence[str]) -> LetterRow | None:
    """The letter that has one of these Message-IDs, the first that is known."""
    async with database.session() as session:
        rows = await session.exec(select(tables.Letter).where(col(tables.Letter.message_id).in_(message_ids)))
        by_id = {row.message_id: kept.stored(row) for row in rows}
    return next((by_id[id] for id in message_ids if id in by_id), None)


async def person(database: Database, id: str) -> StoredPerson | None:
    """Somebody letters go to."""
    async with database.session() as session:
        row = await session.get(tables.Person, id)
        return people.stored(row) if row else None


async def _due(
    session: AsyncSession, within: int, today: date, wanted: list[ColumnElement[bool]]
) -> ColumnElement[bool]:
    case = tables.Case
    hashes = await session.exec(select(case.calendar_now_hash).where(*wanted).distinct())
    due: list[ColumnElement[bool]] = [col(case.next_due) <= today]
    for hash in hashes.all():
        last = _last_day(await snapshots.calendar(session, hash), today, within)
        due.append(and_(col(case.calendar_now_hash) == hash, col(case.next_due) <= last))
    return or_(*due)


def _last_day(calendar: Calendar, today: date, within: int) -> date:
    """A calendar that ends too soon to tell leaves nothing out."""
    try:
        return count(calendar, today, within, Unit.WORKING_DAYS).due
    except BeyondHorizon:
        return date.max


def shown(values: dict[str, object]) -> CaseRow:
    """The row of those columns, SHOWN, as read."""
    return CaseRow(**{**values, "stage": Stage(str(values["stage"]))})  # type: ignore[arg-type]
