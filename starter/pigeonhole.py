"""Where the inbox keeps its letters: a folder of .eml files, and what can be read of each."""

import contextlib
import datetime as dt
import hashlib
import os
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from email.utils import parsedate_to_datetime
from pathlib import Path

from domain.calendar import LONDON

_ID = re.compile(r"\d{20}-[0-9a-f]{8}")
_UNREADABLE = (AttributeError, IndexError, LookupError, TypeError, ValueError)


@dataclass(frozen=True)
class StoredMail:
    """One letter the inbox took; `id` sorts by arrival, `date` is None where it has no readable one."""

    id: str
    to: str
    sender: str
    subject: str
    date: dt.datetime | None
    message_id: str
    reference: str
    text: str
    html: str
    attachments: tuple[str, ...]

    @property
    def taken(self) -> dt.datetime:
        """When the inbox took it."""
        return dt.datetime.fromtimestamp(int(self.id[:20]) / 1_000_000_000, LONDON)

    @property
    def summary(self) -> dict[str, str | None]:
        """The letter as `/api/mails` lists it; `date` is ISO 8601, `reference` the case's."""
        return {
            "id": self.id,
            "to": self.to,
            "subject": self.subject,
            "date": self.date.isoformat() if self.date else None,
            "message_id": self.message_id,
            "reference": self.reference,
        }


class Pigeonhole:
    """The folder the letters are kept in, one .eml file each, readable by its owner alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._read: dict[str, StoredMail] = {}

    def keep(self, recipients: Iterable[str], content: bytes) -> str:
        """Keep a letter; returns its id."""
        mail_id = f"{time.time_ns():020d}-{hashlib.sha256(content).hexdigest()[:8]}"
        head = "".join(f"Delivered-To: {recipient}\r\n" for recipient in recipients)
        unfinished = self.folder / f".{mail_id}.part"
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(head.encode("utf-8", "surrogateescape") + content)
        unfinished.replace(self.folder / f"{mail_id}.eml")
        return mail_id

    def mails(self, to: str = "", words: str = "") -> list[StoredMail]:
        """Letters whose recipient contains `to` and that contain every word of `words`, newest first."""
        wanted = words.casefold().split()
        names = sorted((path.stem for path in self.folder.glob("*.eml") if _ID.fullmatch(path.stem)), reverse=True)
        mails = (mail for name in names if (mail := self.mail(name)))
        return [
            mail
            for mail in mails
            if to.strip().casefold() in mail.to.casefold() and all(word in _searched(mail) for word in wanted)
        ]

    def mail(self, mail_id: str) -> StoredMail | None:
        """One letter, or None."""
        if not _ID.fullmatch(mail_id):
            return None
        if mail_id not in self._read:
            with contextlib.suppress(FileNotFoundError):
                self._read[mail_id] = _parsed(mail_id, self.source(mail_id))
        return self._read.get(mail_id)

    def source(self, mail_id: str) -> bytes:
        """A letter as it was taken, under a line for each recipient. Raises FileNotFoundError."""
        return (self.folder / f"{mail_id}.eml").read_bytes()


def _parsed(mail_id: str, content: bytes) -> StoredMail:
    message = message_from_bytes(content, policy=modern)
    assert isinstance(message, EmailMessage)
    return StoredMail(
        id=mail_id,
        to=_header(message, "To") or _header(message, "Delivered-To"),
        sender=_header(message, "From"),
        subject=_header(message, "Subject") or "(no subject)",
        date=_date(message),
        message_id=_header(message, "Message-ID"),
        reference=_header(message, "X-Case-Reference"),
        text=_body(message, "plain"),
        html=_body(message, "html"),
        attachments=tuple(part.get_filename() or "(no name)" for part in _attachments(message)),
    )


def _header(message: EmailMessage, name: str) -> str:
    try:
        return " ".join(str(message.get(name, "")).split())
    except _UNREADABLE:
        return ""


def _date(message: EmailMessage) -> dt.datetime | None:
    try:
        date = parsedate_to_datetime(_header(message, "Date"))
    except _UNREADABLE:
        return None
    return date if date.tzinfo else date.replace(tzinfo=dt.UTC)


def _body(message: EmailMessage, kind: str) -> str:
    try:
        part = message.get_body((kind,))
        return str(part.get_content()) if part else ""
    except _UNREADABLE:
        return ""


def _attachments(message: EmailMessage) -> list[EmailMessage]:
    try:
        return [part for part in message.iter_attachments() if isinstance(part, EmailMessage)]
    except _UNREADABLE:
        return []


def _searched(mail: StoredMail) -> str:
    return " ".join([mail.to, mail.sender, mail.subject, mail.reference, mail.message_id, mail.text]).casefold()
