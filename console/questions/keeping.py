"""Where what is typed is kept until it is sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from console.web.desk import Desk
from register import drafts, unfinished
from register.unfinished import Writer


class Store(Protocol):
    """One form's place: its values by their fields' paths, None where nothing is kept."""

    @property
    def name(self) -> str: ...
    async def read(self) -> dict[str, str] | None: ...
    async def write(self, values: Mapping[str, str]) -> None: ...
    async def drop(self) -> None: ...


@dataclass(frozen=True)
class InCase:
    """The place of a form in a case: one for each writer and task."""

    desk: Desk
    writer: Writer
    task: str

    @property
    def name(self) -> str:
        writer = self.writer
        return "\0".join((writer.reference, writer.purpose, writer.holder, writer.about, self.task))

    async def read(self) -> dict[str, str] | None:
        return await unfinished.typed(self.desk.database, self.writer, self.task)

    async def write(self, values: Mapping[str, str]) -> None:
        await unfinished.keep(self.desk.database, self.writer, self.task, values, self.desk.now)

    async def drop(self) -> None:
        await unfinished.discard(self.desk.database, self.writer, self.task)


@dataclass(frozen=True)
class InDraft:
    """The place of an application that staff fill in, before there is a case."""

    desk: Desk
    id: str

    @property
    def name(self) -> str:
        return self.id

    async def read(self) -> dict[str, str] | None:
        draft = await drafts.with_id(self.desk.database, self.id)
        return {name: str(value) for name, value in json.loads(draft.body).items()} if draft else None

    async def write(self, values: Mapping[str, str]) -> None:
        await drafts.keep(self.desk.database, self.id, json.dumps(dict(values)), self.desk.now)

    async def drop(self) -> None:
        await drafts.discard(self.desk.database, self.id)
