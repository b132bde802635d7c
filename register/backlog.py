"""What lies in the register and should have gone on by now: for those who watch that everything does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_
from sqlmodel import col, select

from domain.case import Stage
from domain.events import LetterState
from domain.keys import LetterKey
from register import tables
from register.columns import aware
from register.database import Database
from register.progress import LetterProgress

MOST = 200
"""How many of one kind are told one by one."""
_OVER = tuple(stage.value for stage in Stage if stage.over)
_UNWRITTEN = f"={LetterState.WAITING.value}"
_POSTED, _REFUSED = "letter.posted", "act.refused"
_TRIED_FOR = timedelta(days=2)


@dataclass(frozen=True)
class Unwritten:
    """A letter that was ordered and of which nothing is kept: ``words`` say why it could not be written."""

    reference: str
    council: str
    letter: str
    since: datetime
    words: str


@dataclass(frozen=True)
class Waiting:
    """Letters of one way that could not be handed over, for one reason; ``since`` when the oldest was written."""

    means: str
    words: str
    number: int
    since: datetime


@dataclass(frozen=True)
class Left:
    """Something of one case that waits, and since when; ``number`` of it."""

    reference: str
    council: str
    since: datetime
    number: int = 1


@dataclass(frozen=True)
class KeptCalendar:
    """A calendar that open cases count by: its last day, and how many of them there are."""

    horizon: date
    cases: int


async def unwritten(database: Database, now: datetime) -> list[Unwritten]:
    """Letters ordered in the last two days that wait and have no row: their text could not be made."""
    case, event, letter = tables.Case, tables.Event, tables.Letter
    key = func.substr(event.id, 1, func.length(event.id) - len(_UNWRITTEN))
    wanted = (
        select(event.reference, case.council, event.id, event.at, event.body)  # type: ignore[call-overload]
        .join(case, col(case.reference) == col(event.reference))
        .outerjoin(letter, col(letter.key) == key)
        .where(event.kind == _POSTED, event.at >= aware(now) - _TRIED_FOR, col(event.id).like(f"%{_UNWRITTEN}"))
        .where(col(letter.key).is_(None), col(case.stage).not_in(_OVER))
        .order_by(col(event.at))
        .limit(MOST)
    )
    async with database.session() as session:
        rows = (await session.exec(wanted)).all()
        given_up = set()
        if references := {row[0] for row in rows}:
            ended = select(event.reference, event.body).where(
                event.kind == _POSTED, col(event.reference).in_(references), col(event.id).not_like(f"%{_UNWRITTEN}")
            )
            given_up = {json.loads(body).get("key") for _, body in await session.exec(ended)}
    found = [(row, row[2].removesuffix(_UNWRITTEN)) for row in rows]
    return [
        Unwritten(reference, council, LetterKey.read(key).kind, at, json.loads(body).get("words", ""))
        for (reference, council, _, at, body), key in found
        if key not in given_up
    ]


async def waiting(database: Database, now: datetime) -> list[Waiting]:
    """Letters that are written and not handed over: tried in vain, or untouched for ten minutes; the oldest first."""
    letter = tables.Letter
    long_ago = aware(now) - timedelta(minutes=10)
    untouched = and_(col(letter.state) == LetterProgress.RENDERED.value, col(letter.rendered_at) <= long_ago)
    oldest = func.min(letter.rendered_at)
    wanted = (
        select(letter.means, letter.words, func.count(), oldest)
        .where(or_(col(letter.state) == LetterProgress.WAITING.value, untouched))
        .group_by(letter.means, letter.words)
        .order_by(oldest)
        .limit(MOST)
    )
    async with database.session() as session:
        return [Waiting(*row) for row in await session.exec(wanted)]


async def unbegun(database: Database, older_than: timedelta, now: datetime) -> list[Left]:
    """Cases taken in and not begun."""
    case = tables.Case
    wanted = select(case.reference, case.council, case.created_at).where(
        col(case.started).is_(False), case.created_at <= aware(now) - older_than
    )
    async with database.session() as session:
        return [Left(*row) for row in await session.exec(wanted.order_by(col(case.created_at)).limit(MOST))]


async def silent(database: Database, older_than: timedelta, now: datetime) -> list[str]:
    """Cases that were begun and of which the register has heard nothing since."""
    case, event = tables.Case, tables.Event
    wanted = (
        select(case.reference)
        .outerjoin(event, col(event.reference) == col(case.reference))
        .where(col(case.started).is_(True), case.created_at <= aware(now) - older_than, col(event.id).is_(None))
    )
    async with database.session() as session:
        return list(await session.exec(wanted.order_by(col(case.created_at)).limit(MOST)))


async def newest(database: Database, most: int) -> list[str]:
    """The cases that were begun last and are not over."""
    case = tables.Case
    wanted = select(case.reference).where(col(case.started).is_(True), col(case.stage).not_in(_OVER))
    async with database.session() as session:
        return list(await session.exec(wanted.order_by(col(case.created_at).desc()).limit(most)))


async def councils(database: Database, references: Sequence[str]) -> dict[str, str]:
    """Whose each case is, of those the register knows."""
    case = tables.Case
    async with database.session() as session:
        rows = await session.exec(select(case.reference, case.council).where(col(case.reference).in_(references)))
        return dict(rows.all())


async def acts_left(database: Database, older_than: timedelta, now: datetime) -> list[Left]:
    """Cases with acts that nobody has answered for so long."""
    act = tables.PendingAct
    return await _by_case(
        database, act.reference, act.kept_at, act.refused == "", col(act.kept_at) <= aware(now) - older_than
    )


async def acts_refused(database: Database) -> list[Left]:
    """Cases with acts they did not take after all, which nobody has looked at."""
    act = tables.PendingAct
    return await _by_case(database, act.reference, act.refused_at, act.refused != "")


async def messages_refused(database: Database, since: datetime) -> list[Left]:
    """Cases that were sent something they do not take."""
    event = tables.Event
    return await _by_case(database, event.reference, event.at, event.kind == _REFUSED, event.at >= aware(since))


async def documents_untold(database: Database, older_than: timedelta, now: datetime) -> list[Left]:
    """Cases with documents they have not heard of for so long."""
    document = tables.Document
    long_ago = col(document.at) <= aware(now) - older_than
    return await _by_case(database, document.reference, document.at, col(document.told).is_(False), long_ago)


async def calendars(database: Database) -> list[KeptCalendar]:
    """The calendars that open cases count by, the one that ends first first."""
    case, calendar = tables.Case, tables.CalendarSnapshot
    wanted = (
        select(col(calendar.horizon), func.count())
        .join(case, col(case.calendar_now_hash) == col(calendar.hash))
        .where(col(case.stage).not_in(_OVER))
        .group_by(col(calendar.horizon))
        .order_by(col(calendar.horizon))
    )
    async with database.session() as session:
        return [KeptCalendar(*row) for row in await session.exec(wanted)]


async def _by_case(database: Database, reference: Any, since: Any, *wanted: Any) -> list[Left]:
    case = tables.Case
    oldest = func.min(since)
    asked = (
        select(reference, case.council, oldest, func.count())
        .join(case, col(case.reference) == col(reference))
        .where(*wanted)
        .group_by(reference, col(case.council))
        .order_by(oldest)
        .limit(MOST)
    )
    async with database.session() as session:
        return [Left(*row) for row in await session.exec(asked)]
