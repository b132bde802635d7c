"""How many of what there are at a moment, for those who measure: real cases, no name and no reference among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func
from sqlmodel import col, select

from domain.case import Stage
from register import tables
from register.database import Database
from register.progress import LetterProgress

DUE: Mapping[str, int] = {"overdue": -1, "1d": 1, "7d": 7, "28d": 28}
"""Spans of days ahead by their names; each has in it what is due sooner, but for what is overdue."""
_OVER = tuple(stage.value for stage in Stage if stage.over)


@dataclass(frozen=True)
class Gauges:
    """``open`` by council and stage, ``breached`` by council; ``due`` the running duties of real cases by DUE.

    ``letters`` by state, ``acts`` that wait or were refused afterwards. ``silent`` the enquiries whose day is over and
    that the agency has not answered.
    """

    open: Mapping[tuple[str, str], int]
    breached: Mapping[str, int]
    due: Mapping[str, int]
    letters: Mapping[str, int]
    acts: Mapping[str, int]
    silent: int


async def counted(database: Database, today: date) -> Gauges:
    """Everything at one moment; always the same number of queries. Demonstrations are left out but for letters."""
    case, deadline, letter, act = tables.Case, tables.Deadline, tables.Letter, tables.PendingAct
    real = (col(case.demo).is_(False), col(case.stage).not_in(_OVER))
    of_case = select(case.reference).where(*real)
    running = (col(deadline.running).is_(True), col(deadline.reference).in_(of_case))
    async with database.session() as session:
        stages = await session.exec(
            select(case.council, case.stage, func.count()).where(*real).group_by(case.council, case.stage)
        )
        opened = {(council, stage): number for council, stage, number in stages}
        late = await session.exec(
            select(case.council, func.count()).where(*real, col(case.breached).is_(True)).group_by(case.council)
        )
        breached = dict(late.all())
        days = await session.exec(
            select(col(deadline.due), deadline.agency, func.count())
            .where(*running, col(deadline.due) <= today + timedelta(days=max(DUE.values())))
            .group_by(col(deadline.due), deadline.agency)
        )
        ahead = [(day, bool(agency), number) for day, agency, number in days]
        states = dict((await session.exec(select(letter.state, func.count()).group_by(letter.state))).all())
        left = await session.exec(select(func.count(), func.count().filter(col(act.refused) != "")).select_from(act))
        acts, refused = left.one()
    return Gauges(
        open=opened,
        breached=breached,
        due={name: sum(number for day, _, number in ahead if _within(day, today, span)) for name, span in DUE.items()},
        letters={state.value: states.get(state.value, 0) for state in LetterProgress},
        acts={"waiting": acts - refused, "refused": refused},
        silent=sum(number for day, agency, number in ahead if agency and day < today),
    )


def _within(day: date, today: date, span: int) -> bool:
    return day < today if span < 0 else today <= day <= today + timedelta(days=span)
