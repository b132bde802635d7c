"""Whoever takes a letter to its reader: the council's mail server, its print tray, or GOV.UK Notify."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from domain.application import Means
from domain.events import LetterState
from register.letter_rows import LetterFile

_MESSAGE_ID = re.compile(r"<[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+>")
_TO_PRINT = "The letter is in the print tray, to be printed and posted."


class TryLater(Exception):
    """The server did not take the letter now and has not got it; the same send may be tried again."""

    def __init__(self, words: str, code: int | None = None) -> None:
        super().__init__(words)
        self.words = words
        self.code = code


class Misconfigured(Exception):
    """No letter can be sent until `setting` is mended; the same send may be tried again after that."""

    def __init__(self, setting: str, words: str) -> None:
        self.setting = f"CASEREVIEW_{setting}"
        super().__init__(f"{words}: check {self.setting}.")


@dataclass(frozen=True)
class Mail:
    """One letter to one person; on paper `to` is the lines of an address and one attachment is the letter.

    `message_id` comes from `message_id()`; `reference` is the case's, no name. `date` is when the letter was written,
    with its time zone; now, where it is None.
    """

    message_id: str
    to: str
    to_name: str
    subject: str
    text: str
    html: str
    reply_to: str
    attachments: tuple[LetterFile, ...] = ()
    reference: str = ""
    date: dt.datetime | None = None

    def __post_init__(self) -> None:
        if not _MESSAGE_ID.fullmatch(self.message_id):
            raise ValueError("The message id is not of the form <key@domain>: make it by message_id().")


@dataclass(frozen=True)
class Delivery:
    """What became of a letter.

    accepted: the server has it. refused: it never will take it, a person must act. uncertain: the server may
    have it, so it is never sent again in silence. `code` is the server's reply code, if it gave one.
    """

    state: LetterState
    code: int | None
    words: str


def message_id(key: str, domain: str) -> str:
    """The Message-ID of the letter with this idempotency key; the key cannot be read from it."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"


class Sender(Protocol):
    """What takes one letter after the other."""

    async def send(self, mail: Mail, *, about_to_send: Callable[[], Awaitable[None]]) -> Delivery:
        """Hand `mail` over once; `about_to_send` is awaited when nothing of it has left yet, where anything will leave.

        Raises TryLater and Misconfigured.
        """
        ...


class Carrier(Sender, Protocol):
    """A way to readers. `remembers`: it can be asked whether it has a letter, so that none need be in doubt."""

    @property
    def remembers(self) -> bool: ...

    def line(self) -> contextlib.AbstractAsyncContextManager[Sender]:
        """A line to it for several letters."""
        ...

    async def has(self, message_id: str) -> bool:
        """Whether it was given the letter, of one that remembers. Raises TryLater and Misconfigured."""
        ...


class PrintTray:
    """Letters on paper that an officer prints and posts."""

    remembers = False

    @contextlib.asynccontextmanager
    async def line(self) -> AsyncIterator[PrintTray]:
        yield self

    async def send(self, mail: Mail, *, about_to_send: Callable[[], Awaitable[None]]) -> Delivery:
        return Delivery(LetterState.IN_TRAY, None, _TO_PRINT)

    async def has(self, message_id: str) -> bool:
        return False


def by_default(mailer: Carrier) -> Mapping[Means, Carrier]:
    """E-mail by a mail server, paper by the print tray."""
    return {Means.EMAIL: mailer, Means.POST: PrintTray()}
