"""The print tray: letters that go by post, from the day they were written until somebody posts them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar import LONDON
from domain.events import PostClass
from register import letter_rows, snapshots, tables
from register.database import Database
from register.letter_rows import LetterRow
from register.progress import LetterProgress


@dataclass(frozen=True)
class Batch:
    """Letters that were printed together: ``id`` is the day and a running number, such as 2026-11-23-1."""

    id: str
    letters: tuple[LetterRow, ...]


async def waiting(database: Database, *, council: str | None = None) -> tuple[LetterRow, ...]:
    """The letters in the tray, the oldest first; ``council`` is a policy's id."""
    async with database.session() as session:
        return await _in_tray(session, council=council)


async def take(database: Database, now: datetime, *, council: str | None = None) -> Batch:
    """A new batch of every letter in the tray that was never printed; one without letters has no id.

    Two who take at once never get the same letter.
    """
    async with database.writing() as session:
        taken = [row for row in await _in_tray(session, council=council, locked=True) if not row.batch]
        if not taken:
            return Batch("", ())
        id = await _next(session, now)
        keys = [row.key for row in taken]
        await session.exec(
            update(tables.Letter).where(col(tables.Letter.key).in_(keys)).values(batch=id, printed_at=now)
        )
        return Batch(id, await _of(session, id))


async def batch(database: Database, id: str) -> Batch:
    """A batch that was taken before; without letters where there is none of that id."""
    async with database.session() as session:
        return Batch(id, await _of(session, id))


async def posted(database: Database, key: str, on: date, post_class: PostClass) -> None:
    """Keep that a letter of a case that is over was posted; a running case hears of it by ``post-letter``."""
    values = {"state": LetterProgress.POSTED.value, "posted_on": on, "post_class": post_class.value}
    async with database.writing() as session:
        letter = tables.Letter
        step = update(letter).where(col(letter.key) == key, col(letter.state) == LetterProgress.IN_TRAY.value)
        await session.exec(step.values(**values))


async def _in_tray(session: AsyncSession, *, council: str | None, locked: bool = False) -> tuple[LetterRow, ...]:
    letter = tables.Letter
    wanted = select(letter).where(letter.state == LetterProgress.IN_TRAY.value)
    if council is not None:
        references = select(tables.Case.reference).where(tables.Case.council == council)
        wanted = wanted.where(col(letter.reference).in_(references))
    if locked:
        wanted = wanted.with_for_update(skip_locked=True)
    rows = await session.exec(wanted.order_by(col(letter.rendered_at), col(letter.key)))
    return tuple(letter_rows.stored(row) for row in rows)


async def _of(session: AsyncSession, id: str) -> tuple[LetterRow, ...]:
    letter = tables.Letter
    rows: Sequence[tables.Letter] = (
        await session.exec(select(letter).where(letter.batch == id).order_by(col(letter.rendered_at), col(letter.key)))
    ).all()
    return tuple(letter_rows.stored(row) for row in rows)


async def _next(session: AsyncSession, now: datetime) -> str:
    name = f"tray-{now.astimezone(LONDON):%Y-%m-%d}"
    return f"{name.removeprefix('tray-')}-{await snapshots.count_up(session, name)}"
