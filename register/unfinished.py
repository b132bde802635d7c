"""What somebody typed into a form of a case and has not sent: kept with every page, gone once it is done."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast

from sqlalchemy import ColumnElement, delete
from sqlmodel import col, select

from register import tables
from register.database import Database
from register.unsent import KEPT_FOR

_Key = tuple[str, str, str, str]
_STAFF = "staff"


class Writer(Protocol):
    """Whose form it is: a link is one, and what its holder typed is found by whichever link they come."""

    @property
    def reference(self) -> str: ...
    @property
    def purpose(self) -> str: ...
    @property
    def holder(self) -> str: ...
    @property
    def about(self) -> str: ...


@dataclass(frozen=True)
class Officer:
    """Somebody of the staff at a case, by their account's id; ``about`` is whom the form is about, if anybody."""

    reference: str
    holder: str
    about: str = ""

    @property
    def purpose(self) -> str:
        return _STAFF


async def keep(database: Database, writer: Writer, task: str, values: Mapping[str, str], now: datetime) -> None:
    """Keep the values of a form by their fields' paths, in place of what was kept before."""
    async with database.writing() as session:
        row = await session.get(tables.Unfinished, (*_key(writer), task))
        body = json.dumps(dict(values))
        if row is None:
            reference, purpose, holder, about = _key(writer)
            row = tables.Unfinished(
                reference=reference, purpose=purpose, holder=holder, about=about, task=task, body=body, changed_at=now
            )
        row.body, row.changed_at = body, now
        session.add(row)


async def typed(database: Database, writer: Writer, task: str) -> dict[str, str] | None:
    """The values kept, None where there are none."""
    async with database.session() as session:
        row = await session.get(tables.Unfinished, (*_key(writer), task))
        return cast("dict[str, str]", json.loads(row.body)) if row else None


async def begun(database: Database, writer: Writer) -> frozenset[str]:
    """What somebody has begun and not sent."""
    async with database.session() as session:
        tasks = await session.exec(select(tables.Unfinished.task).where(*_theirs(writer)))
        return frozenset(tasks)


async def discard(database: Database, writer: Writer, task: str) -> None:
    async with database.writing() as session:
        await session.exec(delete(tables.Unfinished).where(*_theirs(writer), col(tables.Unfinished.task) == task))


async def forget(database: Database, now: datetime) -> int:
    """Delete what lay untouched for 28 days; how many there were."""
    table = tables.Unfinished
    async with database.writing() as session:
        gone = delete(table).where(col(table.changed_at) <= now - KEPT_FOR).returning(col(table.task))
        return len((await session.exec(gone)).all())


def _key(writer: Writer) -> _Key:
    return writer.reference, str(writer.purpose), writer.holder, writer.about


def _theirs(writer: Writer) -> tuple[ColumnElement[bool], ...]:
    row = tables.Unfinished
    columns = (row.reference, row.purpose, row.holder, row.about)
    return tuple(col(column) == value for column, value in zip(columns, _key(writer), strict=True))
