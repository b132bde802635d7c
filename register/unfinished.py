"""What somebody who came by a link typed so far and has not sent: kept with every page, gone once it is done."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import col, select

from register import tables
from register.database import Database


async def keep(database: Database, link: str, task: str, values: Mapping[str, str], now: datetime) -> None:
    """Keep the values of a form by their fields' paths, in place of what was kept before."""
    async with database.writing() as session:
        row = await session.get(tables.Unfinished, (link, task))
        body = json.dumps(dict(values))
        if row is None:
            session.add(tables.Unfinished(link_id=link, task=task, body=body, changed_at=now))
        else:
            row.body, row.changed_at = body, now
            session.add(row)


async def one(database: Database, link: str, task: str) -> dict[str, str] | None:
    """The values kept, None where there are none."""
    async with database.session() as session:
        row = await session.get(tables.Unfinished, (link, task))
        return json.loads(row.body) if row else None


async def begun(database: Database, link: str) -> frozenset[str]:
    """What the holder of a link has begun and not sent."""
    async with database.session() as session:
        found = await session.exec(select(tables.Unfinished.task).where(tables.Unfinished.link_id == link))
        return frozenset(found)


async def discard(database: Database, link: str, task: str) -> None:
    async with database.writing() as session:
        unfinished = tables.Unfinished
        await session.exec(delete(unfinished).where(col(unfinished.link_id) == link, col(unfinished.task) == task))
