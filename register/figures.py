"""What managers, auditors and the partnership see of many cases at once, and the yearly figures of s.104(9)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy import case as when
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar import LONDON
from domain.case import Stage, local_date
from domain.deadlines import State
from domain.policy import Owner
from register import tables
from register.database import Database

WEEKS = 8
NEAR = 2
"""A date was nearly missed where fewer working days than this were left."""
MOST = 200
_ENDED = (State.STOPPED.value, State.SHUT.value)


@dataclass(frozen=True)
class FigureScope:
    """Whose cases: of one council, None for every one; demonstrations are left out, or with ``demo`` shown alone."""

    council: str | None
    today: date
    demo: bool = False

    @property
    def monday(self) -> date:
        return self.today - timedelta(days=self.today.weekday())

    @property
    def since(self) -> date:
        """The first day of the twelve months that end today."""
        then = self.today + timedelta(days=1)
        return then.replace(year=then.year - 1, day=min(then.day, 28) if then.month == 2 else then.day)

    @property
    def cases(self) -> list[ColumnElement[bool]]:
        case = tables.Case
        mine = [col(case.council) == self.council] if self.council else []
        return [*mine, col(case.demo).is_(self.demo)]


@dataclass(frozen=True)
class Ahead:
    """Duties of one kind that fall due on one day."""

    council: str
    step: str
    due: date
    number: int


@dataclass(frozen=True)
class KeptDates:
    """Duties of one kind that were done, or passed their day, in the twelve months. ``missed``: a promised date passed
    before they were done; ``near``: done in time with fewer than NEAR working days to spare; ``undone``: of the missed,
    still to be done."""

    council: str
    step: str
    number: int
    near: int
    missed: int
    undone: int


@dataclass(frozen=True)
class Answered:
    """Enquiries to one agency that took the same number of working days; ``took`` None where it has not answered,
    ``without`` where the review went on without it."""

    council: str
    agency: str
    took: int | None
    without: bool
    number: int


@dataclass(frozen=True)
class Decided:
    """Decisions on the threshold with one result; ``ground`` is empty where it was met."""

    council: str
    met: bool
    ground: str
    number: int


@dataclass(frozen=True)
class Appealed:
    """Appeals against one thing with one result; ``decision`` is empty where there is none yet."""

    council: str
    subject: str
    decision: str
    number: int


@dataclass(frozen=True)
class Overview:
    """All of it, read at one moment; ``turned_away`` are appeals that could not be taken, by council."""

    ahead: list[Ahead]
    kept: list[KeptDates]
    answered: list[Answered]
    decided: list[Decided]
    appealed: list[Appealed]
    turned_away: dict[str, int]
    stages: dict[Stage, int]


@dataclass(frozen=True)
class DueCase:
    """A case with a duty that falls due; ``own_day`` is the day a demonstration case is at."""

    reference: str
    council: str
    step: str
    due: date
    officer: str
    own_day: date | None = None


@dataclass(frozen=True)
class CountedDays:
    """The days on which what s.104(9) counts happened, of one council: (a) to (d)."""

    applications: list[date]
    not_met: list[date]
    reviews: list[date]
    recommendations: list[date]


async def overview(database: Database, scope: FigureScope) -> Overview:
    """The figures; always the same number of queries."""
    async with database.session() as session:
        return Overview(
            ahead=await _ahead(session, scope),
            kept=await _kept(session, scope),
            answered=await _answered(session, scope),
            decided=await _decided(session, scope),
            appealed=await _appealed(session, scope),
            turned_away=await _turned_away(session, scope),
            stages=await _stages(session, scope),
        )


async def due_cases(database: Database, scope: FigureScope, step: str, first: date, last: date) -> list[DueCase]:
    """The cases with a running duty of that kind due from one day to another, both included; the first MOST of them."""
    case, duty = tables.Case, tables.Deadline
    wanted = (
        select(case.reference, case.council, duty.step, duty.due, case.officer, case.as_of)  # type: ignore[call-overload]
        .join(duty, col(duty.reference) == col(case.reference))
        .where(*scope.cases, *_running(), duty.step == step, duty.due >= first, duty.due <= last)
        .order_by(col(duty.due), case.reference)
        .limit(MOST)
    )
    async with database.session() as session:
        return [
            DueCase(reference, council, kind, due, officer, local_date(as_of) if scope.demo else None)
            for reference, council, kind, due, officer, as_of in await session.exec(wanted)
        ]


async def yearly(database: Database, council: str) -> CountedDays:
    """What the register has of a council's own cases, demonstrations apart; a case and those that are the same as it
    are one application, of the earliest of their days (s.104(9))."""
    case, decision, review = tables.Case, tables.Decision, tables.Review
    mine = (col(case.council) == council, col(case.demo).is_(False))
    async with database.session() as session:
        made = (await session.exec(select(case.reference, case.made_at, case.same_as).where(*mine))).all()
        refused = await session.exec(
            select(col(decision.decided_on))
            .join(case, col(case.reference) == col(decision.reference))
            .where(*mine, col(decision.met).is_(False))
        )
        held = (
            await session.exec(
                select(review.held_on, review.recommendations)  # type: ignore[call-overload]
                .join(case, col(case.reference) == col(review.reference))
                .where(*mine)
            )
        ).all()
        return CountedDays(
            _counted_once(made),
            list(refused),
            [on for on, _ in held],
            [on for on, number in held if number],
        )


def _counted_once(made: Iterable[tuple[str, datetime, str | None]]) -> list[date]:
    """The days of applications: ``made`` has each case, when it was applied for, and the case that goes on in its
    place."""
    known = {reference: (moment, goes_on) for reference, moment, goes_on in made}
    earliest: dict[str, datetime] = {}
    for reference, (moment, _) in known.items():
        first, seen = reference, {reference}
        while (goes_on := known[first][1]) in known and goes_on not in seen:
            first = goes_on
            seen.add(first)
        earliest[first] = min(moment, earliest.get(first, moment))
    return [local_date(moment) for moment in earliest.values()]


def _running() -> Iterable[ColumnElement[bool]]:
    """Duties that somebody other than the applicant still has to do, in cases that go on."""
    case, duty = tables.Case, tables.Deadline
    over = [stage.value for stage in Stage if stage.over]
    return (
        col(duty.running).is_(True), col(duty.owner) != Owner.APPLICANT.value, col(case.stage).not_in(over),
    )  # fmt: skip


async def _ahead(session: AsyncSession, scope: FigureScope) -> list[Ahead]:
    case, duty = tables.Case, tables.Deadline
    after = scope.monday + timedelta(weeks=WEEKS)
    rows = await session.exec(
        select(case.council, duty.step, duty.due, func.count())  # type: ignore[call-overload]
        .join(duty, col(duty.reference) == col(case.reference))
        .where(*scope.cases, *_running(), col(duty.due) < after)
        .group_by(case.council, duty.step, col(duty.due))
    )
    return [Ahead(*row) for row in rows]


async def _kept(session: AsyncSession, scope: FigureScope) -> list[KeptDates]:
    case, duty = tables.Case, tables.Deadline
    lapsed = and_(col(duty.running).is_(True), col(duty.due) < scope.today)
    missed = or_(col(duty.breached).is_(True), lapsed)
    near = and_(col(duty.breached).is_(False), col(duty.spare) < NEAR)
    rows = await session.exec(
        select(case.council, duty.step, func.count(), _number(near), _number(missed), _number(lapsed))  # type: ignore[call-overload]
        .join(duty, col(duty.reference) == col(case.reference))
        .where(
            *scope.cases,
            col(duty.owner) != Owner.APPLICANT.value,
            col(duty.state).not_in(_ENDED),
            or_(and_(col(duty.ended_on) >= scope.since, col(duty.ended_on) <= scope.today), lapsed),
        )
        .group_by(case.council, duty.step)
    )
    return [KeptDates(*row) for row in rows]


async def _answered(session: AsyncSession, scope: FigureScope) -> list[Answered]:
    case, enquiry = tables.Case, tables.Enquiry
    without = and_(col(enquiry.answered_on).is_(None), col(enquiry.proceeded_on).is_not(None))
    flag = when((without, 1), else_=0)
    rows = await session.exec(
        select(case.council, enquiry.agency, col(enquiry.took), flag, func.count())  # type: ignore[call-overload]
        .join(enquiry, col(enquiry.reference) == col(case.reference))
        .where(*scope.cases, col(enquiry.asked_on) >= scope.since)
        .group_by(case.council, enquiry.agency, col(enquiry.took), flag)
    )
    return [Answered(council, agency, took, bool(gone), number) for council, agency, took, gone, number in rows]


async def _decided(session: AsyncSession, scope: FigureScope) -> list[Decided]:
    case, decision = tables.Case, tables.Decision
    rows = await session.exec(
        select(case.council, decision.met, decision.ground, func.count())
        .join(decision, col(decision.reference) == col(case.reference))
        .where(*scope.cases, col(decision.decided_on) >= scope.since)
        .group_by(case.council, col(decision.met), decision.ground)
    )
    return [Decided(*row) for row in rows]


async def _appealed(session: AsyncSession, scope: FigureScope) -> list[Appealed]:
    case, appeal = tables.Case, tables.Appeal
    rows = await session.exec(
        select(case.council, appeal.subject, appeal.decision, func.count())
        .join(appeal, col(appeal.reference) == col(case.reference))
        .where(*scope.cases, col(appeal.lodged_on) >= scope.since)
        .group_by(case.council, appeal.subject, appeal.decision)
    )
    return [Appealed(*row) for row in rows]


async def _turned_away(session: AsyncSession, scope: FigureScope) -> dict[str, int]:
    case, event = tables.Case, tables.Event
    since = datetime.combine(scope.since, time(), LONDON)
    rows = await session.exec(
        select(case.council, func.count())
        .join(event, col(event.reference) == col(case.reference))
        .where(*scope.cases, event.kind == "appeal.refused", col(event.at) >= since)
        .group_by(case.council)
    )
    return dict(rows.all())


async def _stages(session: AsyncSession, scope: FigureScope) -> dict[Stage, int]:
    case = tables.Case
    counts = dict((await session.exec(select(case.stage, func.count()).where(*scope.cases).group_by(case.stage))).all())
    return {stage: counts.get(stage.value, 0) for stage in Stage}


def _number(of: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(when((of, 1), else_=0)), 0)
