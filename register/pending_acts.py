"""Acts on their way to their cases: kept before they are sent, gone once the case answered, so that none is lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, update
from sqlmodel import col, select

from domain.events import Actor, Body, Role, acts
from register import tables
from register.cases import locked
from register.columns import aware
from register.database import Database
from register.unsent import KEPT_FOR


@dataclass(frozen=True)
class PendingAct:
    """``waits`` once nobody answered whoever sent it; ``refused`` is why the case did not take it afterwards, and
    ``refused_at`` when."""

    reference: str
    id: str
    what: Body
    by: Actor
    kept_at: datetime
    waits: bool
    refused: str
    refused_at: datetime | None


async def keep(database: Database, reference: str, what: Body, by: Actor, now: datetime, *, id: str) -> PendingAct:
    """Keep an act under its Update's id; the same id again finds what was kept. Raises UnknownCase.

    A refusal kept under the id goes: the act is sent anew.
    """
    async with database.writing() as session:
        await locked(session, reference)
        row = await session.get(tables.PendingAct, (reference, id))
        if row is None:
            row = tables.PendingAct(
                reference=reference, id=id, act=what.act or "", role=by.role, actor=by.name,
                body=what.model_dump_json(), kept_at=aware(now),
            )  # fmt: skip
        row.refused, row.refused_at = "", None
        session.add(row)
        return _pending(row)


async def same(database: Database, reference: str, what: Body, by: Actor) -> PendingAct | None:
    """The very same act of the same person that no case has answered yet."""
    act = tables.PendingAct
    wanted = select(act).where(
        act.reference == reference, act.act == (what.act or ""), act.role == by.role, act.actor == by.name,
        act.body == what.model_dump_json(), act.refused == "",
    )  # fmt: skip
    async with database.session() as session:
        row = (await session.exec(wanted.order_by(col(act.kept_at)).limit(1))).first()
        return _pending(row) if row else None


async def of_case(database: Database, reference: str) -> list[PendingAct]:
    """What was left for a case and what it refused of that, the oldest first."""
    act = tables.PendingAct
    shown = or_(col(act.waits).is_(True), col(act.refused) != "")
    async with database.session() as session:
        rows = await session.exec(select(act).where(act.reference == reference, shown).order_by(col(act.kept_at)))
        return [_pending(row) for row in rows]


async def unanswered(database: Database, older_than: timedelta, now: datetime) -> list[PendingAct]:
    """Every act to be sent again: those left, and those kept so long ago that their sender is gone; the oldest
    first."""
    act = tables.PendingAct
    nobody_waits = or_(col(act.waits).is_(True), col(act.kept_at) <= aware(now) - older_than)
    async with database.session() as session:
        rows = await session.exec(select(act).where(act.refused == "", nobody_waits).order_by(col(act.kept_at)))
        return [_pending(row) for row in rows]


async def leave(database: Database, reference: str, id: str) -> None:
    """Nobody answered: from now on the sweep sends it."""
    await _set(database, reference, id, waits=True)


async def refuse(database: Database, reference: str, id: str, sentence: str, now: datetime) -> None:
    """The case did not take it, and whoever sent it has not heard that yet."""
    await _set(database, reference, id, refused=sentence, refused_at=aware(now))


async def answered(database: Database, reference: str, id: str) -> None:
    """The case answered whoever sent it: nothing is pending any more."""
    act = tables.PendingAct
    async with database.writing() as session:
        await session.exec(delete(act).where(col(act.reference) == reference, col(act.id) == id))


async def seen(database: Database, reference: str, id: str) -> None:
    """Somebody has seen that it was refused; what still waits stays."""
    act = tables.PendingAct
    async with database.writing() as session:
        refused = (col(act.reference) == reference, col(act.id) == id, col(act.refused) != "")
        await session.exec(delete(act).where(*refused))


async def forget(database: Database, now: datetime) -> int:
    """Delete the refusals that nobody looked at for 28 days; how many there were."""
    act = tables.PendingAct
    async with database.writing() as session:
        gone = delete(act).where(col(act.refused_at) <= now - KEPT_FOR).returning(col(act.id))
        return len((await session.exec(gone)).all())


async def _set(database: Database, reference: str, id: str, **values: object) -> None:
    act = tables.PendingAct
    async with database.writing() as session:
        await session.exec(update(act).where(col(act.reference) == reference, col(act.id) == id).values(**values))


def _pending(row: tables.PendingAct) -> PendingAct:
    what = acts()[row.act].model_validate_json(row.body)
    by = Actor(role=Role(row.role), name=row.actor)
    return PendingAct(row.reference, row.id, what, by, row.kept_at, row.waits, row.refused, row.refused_at)
