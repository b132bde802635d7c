"""Documents of a case, or of an application that is not sent yet: what they are, from whom, and where their bytes lie.

``add`` is the one way in, for the applicant's form, for staff, and for whoever else may send one.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.events import Actor, Role
from register import cases, tables
from register.database import Database
from register.inspection import LOOKING
from register.media import Content, NotTaken, named, recognised
from register.scanner import NotScanned, Scanner
from register.shelf import Shelf, on_disk

_log = logging.getLogger("casereview.documents")


@dataclass(frozen=True)
class Room:
    """How many documents there may be, and how many bytes all of them together."""

    most: int
    largest: int

    def full(self, kept: list[tables.Document]) -> bool:
        return len(kept) >= self.most

    def takes(self, kept: list[tables.Document], size: int) -> bool:
        return sum(row.size for row in kept) + size <= self.largest

    @property
    def megabytes(self) -> int:
        return self.largest // 1_000_000


OF_CASE = Room(50, 1_000_000_000)
OF_FORM = Room(20, 300_000_000)
"""Of an application that is not sent, and of what comes by the links of one holder."""


@dataclass(frozen=True)
class Document:
    """One document. ``id`` is random and stands in its address; ``told`` if its case has heard of it.

    ``reference`` is its case, or ``unsent`` the application it belongs to until that is sent. ``holder`` is whose link
    it came by: a person's id or an agency's, empty for what staff add and for what came with the application.
    """

    id: str
    reference: str | None
    unsent: str | None
    name: str
    media_type: str
    size: int
    sha256: str
    by: Actor
    given_by: str
    about: str
    at: datetime
    told: bool
    holder: str = ""
    scanned_at: datetime | None = None
    virus: str = ""


@dataclass(frozen=True)
class Refusal:
    """A file that was not kept: its name, the virus that was found in it, who sent it and when."""

    name: str
    virus: str
    by: Actor
    at: datetime


async def add(
    database: Database,
    shelf: Shelf,
    content: Content,
    name: str,
    *,
    scanner: Scanner | None = None,
    by: Actor,
    now: datetime,
    reference: str | None = None,
    unsent: str | None = None,
    given_by: str = "",
    about: str = "",
    holder: str = "",
) -> Document:
    """Keep a document of a case, or of an application not sent. Raises NotTaken, ShelfError or UnknownCase.

    One in which the scanner finds a virus is refused, and that is recorded. Where the scanner does not answer, or there
    is none, a document is kept all the same.

    The same content again is the document it was: sent twice, it is one. What came by a link is the same only to that
    link's holder and about the same thing, so that nobody learns what others sent.
    """
    media = await asyncio.get_running_loop().run_in_executor(LOOKING, recognised, content, name, shelf.largest)
    scanned_at = None
    if scanner and (virus := await _scanned(scanner, content)) is not None:
        scanned_at = now
        if virus:
            await _refused(database, content, named(name, media), virus, by, now, reference, unsent)
            raise NotTaken(
                f"A virus was found in “{named(name, media)}”, so it was not kept; "
                "have the computer it came from checked, and send another copy or a photo of it."
            )
    sha256 = await shelf.put(content)
    async with database.writing() as session:
        await _held(session, reference, unsent)
        kept = await _rows(session, reference, unsent)
        own = [row for row in kept if row.holder == holder]
        if same := next((row for row in own if row.sha256 == sha256 and (not holder or row.about == about)), None):
            return _document(same)
        if holder:
            _share(own, len(content))
        _room(kept, len(content), reference is not None)
        row = tables.Document(
            id=secrets.token_hex(16), reference=reference, unsent=unsent, name=named(name, media),
            media_type=media.type, size=len(content), sha256=sha256, role=by.role.value, actor=by.name,
            given_by=given_by, about=about, at=now, holder=holder, scanned_at=scanned_at,
        )  # fmt: skip
        session.add(row)
    return _document(row)


async def of_case(database: Database, reference: str) -> list[Document]:
    """A case's documents in the order they came."""
    async with database.session() as session:
        return [_document(row) for row in await _rows(session, reference, None)]


async def of_unsent(database: Database, id: str) -> list[Document]:
    """The documents of an application that is not sent."""
    async with database.session() as session:
        return [_document(row) for row in await _rows(session, None, id)]


async def with_id(database: Database, reference: str, id: str) -> Document | None:
    """A document by its id, if it is of that case."""
    async with database.session() as session:
        row = await session.get(tables.Document, id)
        return _document(row) if row and row.reference == reference else None


async def move(session: AsyncSession, unsent: str, reference: str) -> None:
    """The application was sent: its documents are its case's."""
    for table in (tables.Document, tables.RefusedDocument):
        mine = update(table).where(col(table.unsent) == unsent)
        await session.exec(mine.values(reference=reference, unsent=None))


async def remove(database: Database, id: str, *, unsent: str) -> None:
    """Take a document out of an application that is not sent."""
    document = tables.Document
    async with database.writing() as session:
        await session.exec(delete(document).where(col(document.id) == id, col(document.unsent) == unsent))


async def refuse(database: Database, id: str) -> None:
    """Take out a document that its case refused."""
    document = tables.Document
    async with database.writing() as session:
        await session.exec(delete(document).where(col(document.id) == id, col(document.told).is_(False)))


async def untold(database: Database, reference: str | None = None) -> list[Document]:
    """The documents that their case has not heard of, the oldest first; of one case, or of all."""
    document = tables.Document
    wanted = select(document).where(col(document.told).is_(False), col(document.reference).is_not(None))
    if reference:
        wanted = wanted.where(document.reference == reference)
    async with database.session() as session:
        return [_document(row) for row in await session.exec(wanted.order_by(col(document.at), document.id))]


async def mark_told(database: Database, id: str) -> None:
    """The case has heard of it."""
    async with database.writing() as session:
        await session.exec(update(tables.Document).where(col(tables.Document.id) == id).values(told=True))


async def refused(database: Database, reference: str) -> list[Refusal]:
    """The files of a case that were refused for a virus, in the order they came."""
    table = tables.RefusedDocument
    async with database.session() as session:
        rows = await session.exec(select(table).where(table.reference == reference).order_by(col(table.at), table.id))
        return [Refusal(row.name, row.virus, Actor(role=Role(row.role), name=row.actor), row.at) for row in rows]


async def scan_waiting(database: Database, shelf: Shelf, scanner: Scanner, now: datetime, most: int = 100) -> int:
    """Scan what was kept unscanned, the oldest first, each content once; how many. It stops where the scanner does not
    answer; one that is missing is passed over."""
    document = tables.Document
    waiting = select(document.sha256).where(col(document.scanned_at).is_(None)).order_by(col(document.at), document.id)
    async with database.session() as session:
        hashes = list(dict.fromkeys(await session.exec(waiting)))
    looked = 0
    for sha256 in hashes:
        path = shelf.path(sha256)
        if looked == most or not path.is_file():
            continue
        virus = await _scanned(scanner, await asyncio.to_thread(on_disk, path))
        if virus is None:
            break
        async with database.writing() as session:
            same = update(document).where(col(document.sha256) == sha256)
            await session.exec(same.values(scanned_at=now, virus=virus))
        looked += 1
    return looked


async def contents(database: Database) -> set[str]:
    """The SHA-256 of every content that some document has."""
    async with database.session() as session:
        return set(await session.exec(select(tables.Document.sha256).distinct()))


def file(shelf: Shelf, document: Document) -> Path | None:
    """Where its bytes lie; None where they are missing, or a virus was found in them."""
    path = shelf.path(document.sha256)
    return path if path.is_file() and not document.virus else None


async def _scanned(scanner: Scanner, content: Content) -> str | None:
    """The virus in it, an empty text, or None where nobody knows."""
    try:
        return await scanner.scan(content)
    except NotScanned as error:
        _log.warning("A document is not scanned: %s.", error)
        return None


async def _refused(
    database: Database,
    content: Content,
    name: str,
    virus: str,
    by: Actor,
    now: datetime,
    reference: str | None,
    unsent: str | None,
) -> None:
    row = tables.RefusedDocument(
        id=secrets.token_hex(16), reference=reference, unsent=unsent, name=name,
        sha256=hashlib.sha256(content).hexdigest(), virus=virus, role=by.role.value, actor=by.name, at=now,
    )  # fmt: skip
    async with database.writing() as session:
        await _held(session, reference, unsent)
        session.add(row)


async def _held(session: AsyncSession, reference: str | None, unsent: str | None) -> None:
    """Nobody else counts or sends at the same time. Raises UnknownCase, or NotTaken for what was sent meanwhile."""
    if reference is not None:
        await cases.locked(session, reference)
        return
    table = tables.UnsentApplication
    rows = await session.exec(select(table.id).where(table.id == unsent, table.reference == "").with_for_update())
    if rows.first() is None:
        raise NotTaken("This application is sent already; send the document to the council with its reference.")


async def _rows(session: AsyncSession, reference: str | None, unsent: str | None) -> list[tables.Document]:
    document = tables.Document
    mine = document.reference == reference if reference is not None else document.unsent == unsent
    return list(await session.exec(select(document).where(mine).order_by(col(document.at), document.id)))


def _share(own: list[tables.Document], size: int) -> None:
    """By a link comes no more than with an application, so that nobody fills the case before the council can."""
    if OF_FORM.full(own):
        raise NotTaken(f"You can send at most {OF_FORM.most} files here; ring us if there are more.")
    if not OF_FORM.takes(own, size):
        raise NotTaken(f"You can send at most {OF_FORM.megabytes} MB here; ring us if there is more.")


def _room(kept: list[tables.Document], size: int, case: bool) -> None:
    whose, room = ("A case", OF_CASE) if case else ("An application", OF_FORM)
    if room.full(kept):
        raise NotTaken(f"{whose} holds at most {room.most} documents; take one out, or put several into one.")
    if not room.takes(kept, size):
        raise NotTaken(f"{whose} holds at most {room.megabytes} MB of documents; send a smaller one.")


def _document(row: tables.Document) -> Document:
    by = Actor(role=Role(row.role), name=row.actor)
    return Document(
        row.id, row.reference, row.unsent, row.name, row.media_type, row.size, row.sha256, by, row.given_by, row.about,
        row.at, row.told, row.holder, row.scanned_at, row.virus,
    )  # fmt: skip
