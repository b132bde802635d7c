"""What the register knows of its cases, for comparing it with Temporal: how many events each has, and which need a
workflow."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.case import Stage
from domain.catalogue import CATALOGUE
from domain.messages import Start
from register import cases as rows
from register import tables
from register.database import Database
from register.progress import LetterProgress

_OVER = tuple(stage.value for stage in Stage if stage.over)
_ON_THEIR_WAY = tuple(
    state.value for state in (LetterProgress.RENDERED, LetterProgress.HANDING_OVER, LetterProgress.WAITING)
)
_SOMEBODYS = tuple(state.value for state in (LetterProgress.UNCERTAIN, LetterProgress.IN_TRAY))
_FAREWELLS = tuple(kind.id for kind in CATALOGUE.values() if kind.farewell)


@dataclass(frozen=True)
class Known:
    """``events`` are counted; ``needs_workflow``: the case was begun, and is open or has letters still to be posted."""

    events: int
    started: bool
    needs_workflow: bool


async def cases(database: Database) -> dict[str, Known]:
    """Every case, by its reference."""
    case, event = tables.Case, tables.Event
    async with database.session() as session:
        counted = await session.exec(
            select(case.reference, case.started, func.count(col(event.id)))
            .outerjoin(event, col(event.reference) == case.reference)
            .group_by(col(case.reference), col(case.started))
        )
        needed = set(await _needed(session))
    return {reference: Known(events, started, reference in needed) for reference, started, events in counted}


async def open_cases(database: Database) -> tuple[str, ...]:
    """The references of the cases that need a workflow, the oldest first."""
    async with database.session() as session:
        return tuple(await _needed(session))


async def start(database: Database, reference: str) -> Start | None:
    """What a case's workflow is begun with."""
    async with database.session() as session:
        row = await session.get(tables.Case, reference)
        return await rows.start(session, row) if row else None


async def _needed(session: AsyncSession) -> Sequence[str]:
    """A case that is over needs one until the letters that say so are posted."""
    case, letter = tables.Case, tables.Letter
    refused = and_(col(letter.state) == LetterProgress.REFUSED.value, col(letter.next_means) == "")
    farewell = and_(
        col(letter.kind).in_(_FAREWELLS), col(letter.arrived).is_(None), or_(col(letter.state).in_(_SOMEBODYS), refused)
    )
    unposted = select(letter.reference).where(or_(col(letter.state).in_(_ON_THEIR_WAY), farewell))
    is_open = or_(col(case.stage).not_in(_OVER), col(case.reference).in_(unposted))
    wanted = select(case.reference).where(col(case.started).is_(True), is_open)
    return (await session.exec(wanted.order_by(col(case.created_at), case.reference))).all()
