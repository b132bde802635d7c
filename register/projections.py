"""What follows from a case's events: its stage, deadlines, enquiries, recommendations and appeals."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import Table, update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from domain import deadlines, waiting
from domain.application import Incident
from domain.calendar import BeyondHorizon
from domain.case import Appeal, Case, Enquiry, Item, fold, local_date
from domain.events import Closed, Withdrawn
from register import cases, snapshots, tables
from register.columns import many


async def refresh(session: AsyncSession, row: tables.Case, as_of: datetime) -> None:
    """Rewrite the case's row and the tables that follow from its events, as of the latest instant known.

    Where a date lies past the calendar's horizon the last deadlines stay, and ``waiting`` says what to mend.
    """
    row.as_of = max(row.as_of, as_of)
    events = [one.event for one in await cases.numbered(session, row.reference)]
    if not events:
        return
    policy = await snapshots.policy(session, row.policy_hash)
    calendar = await snapshots.calendar(session, row.calendar_hash)
    try:
        case, promised = deadlines.folded(policy, calendar, events)
        _plan(row, case, deadlines.planned(case, local_date(row.as_of), promised))
    except BeyondHorizon as error:
        case = fold(policy, calendar, events)
        row.waiting, row.must_act = str(error), "operations"
    row.stage = case.stage
    row.officer = case.officer.officer if case.officer else ""
    row.closed_at = next((e.at for e in reversed(events) if isinstance(e.what, (Closed, Withdrawn))), None)
    if len(case.calendars) > 1:
        row.calendar_now_hash = await snapshots.keep_calendar(session, case.calendar, row.as_of)
    session.add(row)
    await session.flush()
    await _rewrite(session, row.reference, case)
    await _settle_letters(session, case)


def incidents(reference: str, found: Iterable[Incident]) -> Iterator[tables.Incident]:
    """Incidents as rows."""
    for one in found:
        yield tables.Incident(
            reference=reference,
            id=one.id,
            occurred=one.occurred,
            occurred_until=one.occurred_until,
            reported=one.reported,
            reported_to=one.reported_to,
            agency_reference=one.reference,
            what=one.what,
            category=one.category,
            reporter=one.reporter,
            premises=one.premises,
        )


def _plan(row: tables.Case, case: Case, planned: Sequence[deadlines.Deadline]) -> None:
    described = waiting.describe(case, planned, local_date(row.as_of))
    row.waiting, row.must_act = described.words, described.must_act
    following = deadlines.next_due(planned)
    row.next_due = following.due if following else None
    row.next_kind = following.step if following else ""
    row.next_title = following.title if following else ""
    row.breached = any(deadline.breached for deadline in planned)
    row.deadlines_json = many(planned)


async def _rewrite(session: AsyncSession, reference: str, case: Case) -> None:
    """Written below the mapping of classes to rows: this runs with every event."""
    connection = await session.connection()
    rewritten: tuple[tuple[Any, Iterable[dict[str, object]]], ...] = (
        (tables.Incident, (one.model_dump() for one in incidents(reference, case.incidents))),
        (tables.Enquiry, map(_enquiry, case.enquiries.values())),
        (tables.Recommendation, map(_recommendation, case.items.values())),
        (tables.Appeal, map(_appeal, case.appeals, count(1))),
    )
    for model, found in rewritten:
        table: Table = model.__table__
        await connection.execute(table.delete().where(table.c.reference == reference))
        if rows := [{**values, "reference": reference} for values in found]:
            await connection.execute(table.insert(), rows)


def _enquiry(enquiry: Enquiry) -> dict[str, object]:
    return {
        "key": enquiry.key,
        "purpose": enquiry.purpose.value,
        "agency": enquiry.agency,
        "round": enquiry.round,
        "asked_on": enquiry.asked.on,
        "answered_on": enquiry.answered_on,
        "proceeded_on": enquiry.proceeded_on,
        "contact": enquiry.answer.contact if enquiry.answer else "",
    }


def _recommendation(item: Item) -> dict[str, object]:
    return {
        "id": item.id,
        "addressee": item.recommendation.to,
        "text": item.recommendation.text,
        "round": item.round,
        "made_on": item.made.on,
        "response": item.answer.response.value if item.answer else "",
        "answered_on": item.answered.on if item.answered else None,
        "due": item.due,
        "done_on": item.done.on if item.done else None,
        "open": item.open,
    }


def _appeal(appeal: Appeal, number: int) -> dict[str, object]:
    return {
        "number": number,
        "subject": appeal.lodged.subject.value,
        "route": appeal.route.id,
        "body": appeal.body.name if appeal.body else "",
        "lodged_on": appeal.lodged_on.on,
        "late": appeal.late,
        "heard_on": appeal.heard_on,
        "decision": appeal.decided.decision.value if appeal.decided else "",
        "told": appeal.told,
    }


async def _settle_letters(session: AsyncSession, case: Case) -> None:
    for key, letter in case.letters.items():
        if letter.settled:
            found = update(tables.Letter).where(col(tables.Letter.key) == key)
            await session.exec(found.values(arrived=letter.settled.arrived))
