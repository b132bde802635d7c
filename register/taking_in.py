"""How an application comes into the register: one transaction that holds all its workflow is started with."""

import secrets
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import bindparam, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain import calendar as days
from domain.application import Application, ApplicationForm, Person, Representative, carried
from domain.calendar import LONDON, Calendar
from domain.case import Stage
from domain.events import Actor
from domain.messages import Party, Start
from domain.policy import Policy
from register import cases, documents, people, projections, snapshots, tables
from register.columns import aware
from register.database import Database
from register.references import name_of
from register.sending_systems import SentApplication

_CASES = tables.Case.metadata.tables["cases"]
_STARTED = (
    update(_CASES).where(_CASES.c.reference == bindparam("of")).values(started=True).returning(_CASES.c.reference)
)


Free = Callable[[str], Awaitable[bool | None]]
"""Whether nobody has a reference yet; None where that cannot be told just now."""
_SIX_FIGURES = range(100_000, 1_000_000)


class NotTakenIn(ValueError):
    """An application that cannot be taken in as it stands; ``sentences`` has one for each field to mend."""

    def __init__(self, sentences: list[str]) -> None:
        self.sentences = sentences
        super().__init__(" ".join(sentences))


async def take_in(
    database: Database,
    form: ApplicationForm,
    policy: Policy,
    calendar: Calendar,
    *,
    by: Actor,
    now: datetime,
    demo: bool = False,
    intake_key: str | None = None,
    delivery: SentApplication | None = None,
    free: Free | None = None,
) -> Start:
    """Keep an application under its new reference, ``DOV-2026-0001``; returns what its workflow starts with.

    ``now`` is aware. ``made_at`` is the form's (Europe/London where it has no offset) or ``now``; the reference has
    its year. The same ``intake_key`` again changes nothing and returns the first Start; documents that were kept for
    an application of that key are the case's from now on. ``delivery`` is kept with it where another system sent it.
    A register that was brought back from a backup counts from where it was then: ``free`` is asked whether a reference
    was given since. Where that cannot be told its number is one of six figures, by chance. Raises NotTakenIn.
    """
    now = aware(now)
    made_at = _made_at(form, now)
    if sentences := list(_faults(form, made_at, now, calendar)):
        raise NotTakenIn(sentences)
    name = name_of(policy, made_at)
    free_one = ""
    if free is not None:
        async with database.session() as session:
            if intake_key and (earlier := await _taken_in(session, intake_key)):
                return earlier
        free_one = await _free_reference(database, name, free)
    try:
        async with database.writing() as session:
            if intake_key and (earlier := await _taken_in(session, intake_key)):
                return earlier
            reference = free_one or await _next_reference(session, name)
            if intake_key and (earlier := await _taken_in(session, intake_key)):
                await session.rollback()
                return earlier
            application = carried(form, *_ids(reference, form.representative))
            row = tables.Case(
                reference=reference,
                council=policy.id,
                policy_version=policy.version,
                policy_hash=await snapshots.keep_policy(session, policy, now),
                calendar_hash=(calendar_hash := await snapshots.keep_calendar(session, calendar, now)),
                calendar_now_hash=calendar_hash,
                application_json=application.model_dump_json(),
                made_at=made_at,
                by_role=by.role,
                by_name=by.name,
                demo=demo,
                intake_key=intake_key,
                created_at=now,
                as_of=made_at,
                stage=Stage.RECEIVED,
                waiting="the case is about to be started",
                must_act="service",
            )
            session.add(row)
            await session.flush()
            _add_people(session, reference, form, application, now)
            session.add_all(projections.incidents(reference, application.incidents))
            if delivery:
                sent = {"source_id": delivery.source, "fingerprint": delivery.fingerprint}
                session.add(tables.Delivery(reference=reference, **sent))
            await session.flush()
            if intake_key:
                await documents.move(session, intake_key, reference)
            return await cases.start(session, row)
    except IntegrityError:
        async with database.session() as session:
            if intake_key and (earlier := await _taken_in(session, intake_key)):
                return earlier
        raise


async def unstarted(database: Database, older_than: timedelta, now: datetime) -> list[Start]:
    """The cases taken in at least ``older_than`` before ``now`` whose workflow is not known to be started.

    One that cannot be read holds up none of the others.
    """
    case = tables.Case
    async with database.session() as session:
        rows = await session.exec(
            select(case)
            .where(col(case.started).is_(False), case.created_at <= aware(now) - older_than)
            .order_by(col(case.created_at), case.reference)
        )
        found = []
        for row in rows.all():
            with suppress(cases.Unreadable):
                found.append(await cases.start(session, row))
        return found


async def mark_started(database: Database, reference: str) -> None:
    """The case's workflow runs. Raises UnknownCase."""

    async def step(connection: AsyncConnection) -> None:
        if (await connection.execute(_STARTED, {"of": reference})).first() is None:
            raise cases.UnknownCase(reference)

    await database.joint.do(reference, step)


async def add_person(database: Database, reference: str, person: Person, role: Party, *, now: datetime) -> str:
    """Keep somebody else letters may go to, such as a new representative, by a new id. Raises UnknownCase."""
    async with database.writing() as session:
        await cases.locked(session, reference)
        known = await session.exec(select(tables.Person.id).where(tables.Person.reference == reference))
        id = people.person_id(reference, len(known.all()) + 1)
        session.add(people.row(reference, id, person, role, aware(now)))
    return id


def _made_at(form: ApplicationForm, now: datetime) -> datetime:
    if form.made_at is None:
        return now
    given = form.made_at
    try:
        return (given.replace(tzinfo=LONDON) if given.utcoffset() is None else given).astimezone(UTC)
    except OverflowError:
        raise NotTakenIn(
            [f"made_at: {given.isoformat()} is no day of ours; give the day the application reached the council."]
        ) from None


def _faults(form: ApplicationForm, made_at: datetime, now: datetime, calendar: Calendar) -> Iterator[str]:
    if made_at < datetime.combine(calendar.first, time(), UTC):
        yield f"made_at: the dates of an application made before {calendar.first.year} cannot be counted; correct it."
        return
    made_on = made_at.astimezone(LONDON).date()
    applied = f"the application was made, {days.words(made_on)}"
    if made_at > now:
        yield (
            f"made_at: {days.words(made_on)}, {made_at.astimezone(LONDON):%H:%M}, has not come yet; "
            "give the day the application reached the council."
        )
    for number, incident in enumerate(form.incidents):
        fields = {
            "reported": incident.reported,
            "reported_until": incident.reported_until,
            "occurred_until": incident.occurred_until,
        }
        for name, day in fields.items():
            if day and day > made_on:
                yield f"incidents.{number}.{name}: {days.words(day)} is after {applied}; correct a date."


async def _taken_in(session: AsyncSession, intake_key: str) -> Start | None:
    rows = await session.exec(select(tables.Case).where(tables.Case.intake_key == intake_key))
    row = rows.one_or_none()
    return await cases.start(session, row) if row else None


async def _next_reference(session: AsyncSession, name: str) -> str:
    return f"{name}-{await snapshots.count_up(session, name):04d}"


async def _free_reference(database: Database, name: str, free: Free) -> str:
    """A reference that no case ever had. Nothing is held while it is asked for, so one may be left out."""
    while True:
        async with database.writing() as session:
            reference = await _next_reference(session, name)
        match await free(reference):
            case True:
                return reference
            case None:
                return f"{name}-{secrets.choice(_SIX_FIGURES)}"


def _ids(reference: str, representative: Representative | None) -> tuple[str, str]:
    return people.person_id(reference, 1), people.person_id(reference, 2) if representative else ""


def _add_people(
    session: AsyncSession, reference: str, form: ApplicationForm, application: Application, now: datetime
) -> None:
    session.add(people.row(reference, application.applicant, form.applicant, Party.APPLICANT, now))
    if form.representative:
        role = Party.REPRESENTATIVE
        session.add(people.row(reference, application.representative, form.representative, role, now))
