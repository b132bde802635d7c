"""What follows from a case's events: its stage, deadlines, enquiries, recommendations, appeals, figures."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import Table, bindparam
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain import deadlines, risk, waiting
from domain.application import Incident
from domain.calendar import BeyondHorizon
from domain.case import Appeal, Case, Enquiry, Item, local_date
from domain.fold import fold
from domain.parts import Letter
from register import cases, figure_rows, snapshots, tables
from register.columns import many
from register.progress import LetterProgress


async def refresh(session: AsyncSession, row: tables.Case, as_of: datetime) -> None:
    """Rewrite the case's row and the tables that follow from its events, as of the latest instant known.

    Where a date lies past the calendar's horizon the last deadlines stay, and ``waiting`` says what to mend.
    """
    row.as_of = max(row.as_of, as_of)
    events = [numbered_event.event for numbered_event in await cases.numbered(session, row.reference)]
    if not events:
        return
    policy = await snapshots.policy(session, row.policy_hash)
    calendar = await snapshots.calendar(session, row.calendar_hash)
    planned: tuple[deadlines.Deadline, ...] | None = None
    try:
        case, promised = deadlines.folded(policy, calendar, events)
        planned = deadlines.planned(case, local_date(row.as_of), promised)
        _plan(row, case, planned)
    except BeyondHorizon as error:
        case = fold(policy, calendar, events)
        row.waiting, row.must_act = str(error), "operations"
    row.stage = case.stage
    row.risk = risk.rank(case)
    row.officer = case.officer.officer if case.officer else ""
    row.closed_at = case.ended.at if case.ended else None
    row.same_as = case.same_as or None
    if len(case.calendars) > 1:
        row.calendar_now_hash = await snapshots.keep_calendar(session, case.calendar, row.as_of)
    session.add(row)
    await session.flush()
    await _rewrite(session, row.reference, case, planned)
    await _follow_letters(session, row.reference, case)


def incidents(reference: str, reports: Iterable[Incident]) -> Iterator[tables.Incident]:
    """Incidents as rows."""
    for incident in reports:
        yield tables.Incident(
            reference=reference,
            id=incident.id,
            occurred=incident.occurred,
            occurred_until=incident.occurred_until,
            occurred_unsure=incident.occurred_unsure,
            reported=incident.reported,
            reported_until=incident.reported_until,
            reported_unsure=incident.reported_on.unsure,
            reported_to=incident.reported_to,
            agency_reference=incident.reference,
            what=incident.what,
            category=incident.category,
            reporter=incident.reporter,
            premises=incident.premises,
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


async def _rewrite(
    session: AsyncSession, reference: str, case: Case, planned: Sequence[deadlines.Deadline] | None
) -> None:
    """Written below the mapping of classes to rows: this runs with every event."""
    connection = await session.connection()
    rewritten: list[tuple[Any, Iterable[dict[str, object]]]] = [
        (tables.Incident, (incident.model_dump() for incident in incidents(reference, case.incidents))),
        (tables.Enquiry, (_enquiry(case, enquiry) for enquiry in case.enquiries.values())),
        (tables.Recommendation, map(_recommendation, case.items.values())),
        (tables.Appeal, map(_appeal, case.appeals, count(1))),
        (tables.Decision, figure_rows.decisions(case)),
        (tables.Review, figure_rows.reviews(case)),
    ]
    if planned is not None:
        rewritten.append((tables.Deadline, figure_rows.deadlines(case, planned)))
    for model, derived in rewritten:
        table: Table = model.__table__
        await connection.execute(table.delete().where(table.c.reference == reference))
        if rows := [{**values, "reference": reference} for values in derived]:
            await connection.execute(table.insert(), rows)


def _enquiry(case: Case, enquiry: Enquiry) -> dict[str, object]:
    return {
        "key": enquiry.key,
        "purpose": enquiry.purpose.value,
        "agency": enquiry.agency,
        "round": enquiry.round,
        "asked_on": enquiry.asked.on,
        "answered_on": enquiry.answered_on,
        "proceeded_on": enquiry.proceeded_on,
        "took": figure_rows.took(case, enquiry),
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


async def _follow_letters(session: AsyncSession, reference: str, case: Case) -> None:
    """What became of letters after they were handed over; a row that says so already is left alone."""
    letter = tables.Letter
    known = await session.exec(
        select(letter.key, letter.state, letter.received_on, letter.arrived).where(letter.reference == reference)  # type: ignore[type-var]
    )
    changed: dict[tuple[str, ...], list[dict[str, object]]] = {}
    for key, *kept in known:
        in_case = case.letters.get(key)
        if in_case is None:
            continue
        received = None if in_case.undelivered else in_case.received
        arrived = in_case.settled.arrived if in_case.settled else None
        state = _after(in_case) or kept[0]
        if [state, received, arrived] != kept:
            values: dict[str, object] = {"state": state, "received_on": received, "arrived": arrived}
            if in_case.dispatched:
                values |= {"posted_on": in_case.dispatched.on, "post_class": in_case.dispatched.post_class.value}
            if in_case.undelivered and in_case.undelivered.reason:
                values["words"] = in_case.undelivered.reason
            changed.setdefault(tuple(values), []).append({"of": key, **values})
    table = tables.Letter.metadata.tables["letters"]
    for columns, rows in changed.items():
        step = table.update().where(table.c.key == bindparam("of")).values({name: bindparam(name) for name in columns})
        await (await session.connection()).execute(step, rows)


def _after(letter: Letter) -> str:
    """How far a letter has come since it was handed over; empty where no more is known."""
    if letter.undelivered:
        return LetterProgress(letter.undelivered.how.value).value
    return LetterProgress.POSTED.value if letter.dispatched else ""
