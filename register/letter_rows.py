"""Letters, rendered once and kept as sent, with what is known of each on its way to its reader."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningUpdate
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.application import Means
from domain.events import Event, LetterState
from domain.messages import LetterOrder, Party
from register import entries, snapshots, tables
from register.columns import aware, days, digest
from register.database import Database
from register.progress import LetterProgress as LetterProgress


class LetterError(RuntimeError):
    """A letter that may not be handed over, or settled, as things stand; the text says why."""


@dataclass(frozen=True)
class LetterFile:
    """A file that goes with a letter, or the letter itself on paper; ``media_type`` is such as "application/pdf"."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class LetterDraft:
    """A rendered letter, before it is kept.

    ``address`` is an e-mail address, the lines of a postal one or a mobile number; ``means`` the way it goes, None
    where there is none, and ``next_means`` the one after that; ``told`` its dates by deadline.
    """

    subject: str
    text: str
    html: str
    template: str
    template_version: str
    policy_version: str
    to_name: str
    address: str
    message_id: str
    told: Mapping[str, date] = field(default_factory=dict)
    means: Means | None = Means.EMAIL
    next_means: Means | None = None
    files: Sequence[LetterFile] = ()


@dataclass(frozen=True)
class LetterRow:
    """A letter as it is kept. ``sha256`` is of subject, text and HTML; ``code`` and ``words`` are the mail
    server's; ``arrived`` is what a person found out of one that was refused or uncertain; ``received_on`` the day it
    counts as received."""

    key: str
    reference: str
    kind: str
    to_party: Party
    to_id: str
    to_name: str
    address: str
    means: Means | None
    next_means: Means | None
    event_id: str
    template: str
    template_version: str
    policy_version: str
    subject: str
    text: str
    html: str
    sha256: str
    message_id: str
    state: LetterProgress
    code: int | None
    words: str
    attempts: int
    told: Mapping[str, date]
    arrived: bool | None
    received_on: date | None
    batch: str
    printed_at: datetime | None
    posted_on: date | None
    post_class: str
    rendered_at: datetime
    handing_over_at: datetime | None
    settled_at: datetime | None


PAPER = "letter.pdf"
MESSAGE = "message.txt"
"""What was sent by text message to tell of the letter."""
_READY = (LetterProgress.RENDERED, LetterProgress.WAITING)
_OPEN = (*_READY, LetterProgress.HANDING_OVER)
_CAME_BACK = (LetterProgress.BOUNCED, LetterProgress.RETURNED)
_LETTERS = tables.Letter.metadata.tables["letters"]
_HAND_OVER = (
    update(_LETTERS)
    .where(_LETTERS.c.key == bindparam("of"), _LETTERS.c.state.in_([state.value for state in _READY]))
    .values(state=LetterProgress.HANDING_OVER.value, attempts=_LETTERS.c.attempts + 1, handing_over_at=bindparam("now"))
    .returning(_LETTERS)
)
_SETTLE = (
    update(_LETTERS)
    .where(
        _LETTERS.c.key == bindparam("of"),
        _LETTERS.c.state.in_([state.value for state in _OPEN]),
        _LETTERS.c.state != bindparam("as"),
    )
    .values(state=bindparam("as"), code=bindparam("with"), words=bindparam("saying"), settled_at=bindparam("now"))
    .returning(_LETTERS)
)
_OF_KEY = _LETTERS.select().where(_LETTERS.c.key == bindparam("of")).with_for_update()
_AFTER: Mapping[LetterState, tuple[LetterProgress, ...]] = {
    LetterState.ACCEPTED: _CAME_BACK,
    LetterState.IN_TRAY: (LetterProgress.POSTED, *_CAME_BACK),
}


async def reserve(
    database: Database, reference: str, order: LetterOrder, draft: LetterDraft, *, now: datetime
) -> LetterRow:
    """Keep one letter; see ``reserve_all``."""
    return (await reserve_all(database, reference, ((order, draft),), now=now))[order.key]


async def reserve_all(
    database: Database, reference: str, written: Sequence[tuple[LetterOrder, LetterDraft]], *, now: datetime
) -> dict[str, LetterRow]:
    """Keep each letter under its key, or find the one kept first: what was rendered is never changed."""
    if not written:
        return {}
    async with database.writing() as session:
        rows = [_new(reference, order, draft, now) for order, draft in written]
        await snapshots.keep_new(session, tables.Letter, rows)
        await snapshots.keep_new(
            session, tables.LetterFile, [_file(order.key, file) for order, draft in written for file in draft.files]
        )
        return await _kept(session, [order.key for order, _ in written])


async def kept(database: Database, keys: Sequence[str]) -> dict[str, LetterRow]:
    """The letters of those keys that are kept, by key."""
    async with database.session() as session:
        return await _kept(session, keys)


async def files(database: Database, keys: Sequence[str]) -> dict[str, tuple[LetterFile, ...]]:
    """The files of each of these letters, as they were kept."""
    file = tables.LetterFile
    enclosed: dict[str, list[LetterFile]] = {key: [] for key in keys}
    async with database.session() as session:
        for enclosure in await session.exec(select(file).where(col(file.key).in_(keys)).order_by(file.name)):
            enclosed[enclosure.key].append(LetterFile(enclosure.name, enclosure.media_type, enclosure.content))
    return {key: tuple(letter_files) for key, letter_files in enclosed.items()}


async def paper(database: Database, key: str) -> bytes:
    """The letter on paper, a PDF, as it was kept. Raises LetterError where it has none: it did not go by post."""
    content = next((file.content for file in (await files(database, (key,)))[key] if file.name == PAPER), None)
    if content is None:
        raise LetterError(f"Letter {key} did not go by post and was never put on paper; show it as text or HTML.")
    return content


async def handing_over(database: Database, key: str, *, now: datetime) -> LetterRow:
    """Commit that the mail server is about to get the letter: to be called, and awaited, before DATA.

    Raises LetterError where the letter is settled or another process is handing it over.
    """

    async def step(connection: AsyncConnection) -> LetterRow:
        row = await _changed(connection, _HAND_OVER, {"of": key, "now": aware(now)})
        if row is None:
            row = await _row(connection, key)
            raise LetterError(f"Letter {key} is {row.state.replace('_', ' ')}; it is not handed over again.")
        return row

    return await database.joint.do(key, step)


async def settle(
    database: Database, key: str, state: LetterState, code: int | None, words: str, *, now: datetime
) -> LetterRow:
    """What became of a hand-over, with the mail server's code and words; again, it changes nothing.

    Raises LetterError for another result than the one that is final: accepted, refused, uncertain or in the tray.
    """
    values = {"of": key, "as": state.value, "with": code, "saying": words, "now": aware(now)}

    async def step(connection: AsyncConnection) -> LetterRow:
        row = await _changed(connection, _SETTLE, values) or await _row(connection, key)
        if row.state.value != state.value and row.state not in _AFTER.get(state, ()):
            raise LetterError(f"Letter {key} is {row.state}; it cannot become {state}, a person settles it.")
        return row

    return await database.joint.do(key, step)


async def hold_back(database: Database, reference: str, words: str, *, now: datetime) -> None:
    """Send the applicant of a case nothing more: their letters that have not left are refused, with these words."""
    letter = tables.Letter
    waiting = [state.value for state in (*_READY, LetterProgress.IN_TRAY)]
    step = update(letter).where(
        col(letter.reference) == reference,
        col(letter.to_party) == Party.APPLICANT.value,
        col(letter.state).in_(waiting),
    )
    async with database.writing() as session:
        await session.exec(step.values(state=LetterState.REFUSED.value, words=words, settled_at=now))


async def post(database: Database, reference: str, events: Sequence[Event]) -> None:
    """Keep the ``letter.posted`` events of a turn; see ``entries.post``."""
    await entries.post(database, reference, events)


def stored(row: tables.Letter) -> LetterRow:
    """The letter as read back."""
    return _read(row.model_dump())


def _read(row: Mapping[str, Any]) -> LetterRow:
    values = {name: value for name, value in row.items() if name != "told_json"}
    told = {name: date.fromisoformat(day) for name, day in json.loads(row["told_json"]).items()}
    means = {name: Means(row[name]) if row[name] else None for name in ("means", "next_means")}
    known = {"to_party": Party(row["to_party"]), "state": LetterProgress(row["state"]), "told": told, **means}
    return LetterRow(**{**values, **known})


def _new(reference: str, order: LetterOrder, draft: LetterDraft, now: datetime) -> dict[str, object]:
    return {
        "key": order.key,
        "reference": reference,
        "kind": order.letter,
        "to_party": order.to.party.value,
        "to_id": order.to.id,
        "to_name": draft.to_name,
        "address": draft.address,
        "means": draft.means or "",
        "next_means": draft.next_means or "",
        "event_id": order.event,
        "template": draft.template,
        "template_version": draft.template_version,
        "policy_version": draft.policy_version,
        "subject": draft.subject,
        "text": draft.text,
        "html": draft.html,
        "sha256": digest(draft.subject, draft.text, draft.html),
        "message_id": draft.message_id,
        "state": LetterProgress.RENDERED.value,
        "words": "",
        "attempts": 0,
        "told_json": days(draft.told),
        "rendered_at": now,
    }


def _file(key: str, file: LetterFile) -> dict[str, object]:
    sha256 = hashlib.sha256(file.content).hexdigest()
    return {
        "key": key, "name": file.name, "media_type": file.media_type, "content": file.content, "sha256": sha256,
    }  # fmt: skip


async def _kept(session: AsyncSession, keys: Sequence[str]) -> dict[str, LetterRow]:
    rows = await session.exec(select(tables.Letter).where(col(tables.Letter.key).in_(keys)))
    return {row.key: stored(row) for row in rows}


async def _changed(
    connection: AsyncConnection, step: ReturningUpdate[Any], values: Mapping[str, object]
) -> LetterRow | None:
    """The letter after an UPDATE of it, or None where the UPDATE did not apply."""
    row = (await connection.execute(step, values)).mappings().one_or_none()
    return _read(dict(row)) if row else None


async def _row(connection: AsyncConnection, key: str) -> LetterRow:
    row = (await connection.execute(_OF_KEY, {"of": key})).mappings().one_or_none()
    if row is None:
        raise LetterError(f"There is no letter {key}; reserve it before it is handed over.")
    return _read(dict(row))
