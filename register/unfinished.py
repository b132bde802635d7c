"""What somebody who came by a link typed so far and has not sent: kept with every page, gone once it is done."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, delete
from sqlmodel import col, select

from register import tables
from register.database import Database
from register.links import Link
from register.unsent import KEPT_FOR

_Key = tuple[str, str, str, str]


async def keep(database: Database, link: Link, task: str, values: Mapping[str, str], now: datetime) -> None:
    """Keep the values of a form by their fields' paths, in place of what was kept before."""
    async with database.writing() as session:
        row = await session.get(tables.Unfinished, (*_key(link), task))
        body = json.dumps(dict(values))
        if row is None:
            reference, purpose, holder, about = _key(link)
            row = tables.Unfinished(
                reference=reference, purpose=purpose, holder=holder, about=about, task=task, body=body, changed_at=now
            )
        row.body, row.changed_at = body, now
        session.add(row)


async def one(database: Database, link: Link, task: str) -> dict[str, str] | None:
    """The values kept, None where there are none."""
    async with database.session() as session:
        row = await session.get(tables.Unfinished, (*_key(link), task))
        return cast("dict[str, str]", json.loads(row.body)) if row else None


async def begun(database: Database, link: Link) -> frozenset[str]:
    """What the holder of a link has begun and not sent."""
    async with database.session() as session:
        found = await session.exec(select(tables.Unfinished.task).where(*_theirs(link)))
        return frozenset(found)


async def discard(database: Database, link: Link, task: str) -> None:
    async with database.writing() as session:
        await session.exec(delete(tables.Unfinished).where(*_theirs(link), col(tables.Unfinished.task) == task))


async def forget(database: Database, now: datetime) -> int:
    """Delete what lay untouched for 28 days; how many there were."""
    table = tables.Unfinished
    async with database.writing() as session:
        gone = delete(table).where(col(table.changed_at) <= now - KEPT_FOR).returning(col(table.task))
        return len((await session.exec(gone)).all())


def _key(link: Link) -> _Key:
    return link.reference, link.purpose.value, link.holder, link.about


def _theirs(link: Link) -> tuple[ColumnElement[bool], ...]:
    row = tables.Unfinished
    columns = (row.reference, row.purpose, row.holder, row.about)
    return tuple(col(column) == value for column, value in zip(columns, _key(link), strict=True))
