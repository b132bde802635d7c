"""A mail that came back, read: the delivery status notification (RFC 3464) of a letter's final failure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message

from post.mail import REASONS

_FAILED = re.compile(r"\s*failed\b", re.IGNORECASE)
_STATUS = re.compile(r"(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.])")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+>")
_UNSAID = ".0.0"
_RETURNED = (
    *("message/rfc822", "message/rfc822-headers", "message/global", "message/global-headers"),
    "text/rfc822-headers",
)
_REPORT = "multipart/report"
_GIVEN_UP = "the mail servers tried for days and gave up"
_NOT_SAID = "its mail server would not take it"


@dataclass(frozen=True)
class Bounce:
    """A letter's final failure as a mail server reported it.

    ``message_ids`` are those the notification names, the returned letter's own first; ``status`` is the enhanced code
    (RFC 3463), such as "5.1.1".
    """

    message_ids: tuple[str, ...]
    status: str

    @property
    def reason(self) -> str:
        """In our words: what the server wrote may repeat the address."""
        words = REASONS.get(self.status) or (_GIVEN_UP if self.status.startswith("4.") else _NOT_SAID)
        return f"{words} ({self.status})"


def bounce_in(raw: bytes) -> Bounce | None:
    """The bounce that a mail is, or None: of a delay, an automatic reply, any other mail, and of what cannot be read.

    ``Action: failed`` is final whatever its code says: no further attempt is made (RFC 3464, 2.3.3), and Postfix and
    Exchange give a code that begins with 4 where they have given up.
    """
    try:
        return _bounce(message_from_bytes(raw))
    except Exception:  # the parser fails in many ways on mail that was made to break it
        return None


def _bounce(mail: Message) -> Bounce | None:
    parts = mail.get_payload()
    if mail.get_content_type() != _REPORT or not isinstance(parts, list):
        return None
    messages = [part for part in parts if isinstance(part, Message)]
    status = next((code for part in messages for code in _failures(part)), None)
    ids = dict.fromkeys(
        id for text in (*map(_returned_id, messages), *_answered(mail)) for id in _MESSAGE_ID.findall(text)
    )
    return Bounce(tuple(ids), status) if status and ids else None


def _failures(part: Message) -> Iterator[str]:
    """The codes of a delivery status's final failures, the diagnostic's where the server's own says nothing."""
    groups = part.get_payload()
    if part.get_content_type() != "message/delivery-status" or not isinstance(groups, list):
        return
    for group in groups:
        if not isinstance(group, Message) or not _FAILED.match(str(group["Action"] or "")):
            continue
        if code := _STATUS.search(str(group["Status"] or "")):
            said = _STATUS.search(str(group["Diagnostic-Code"] or "")) if code[0].endswith(_UNSAID) else None
            yield said[0] if said and said[0][0] == code[0][0] else code[0]


def _returned_id(part: Message) -> str:
    """The Message-ID line of the letter that came back, whole or only its headers; empty for any other part."""
    if part.get_content_type() not in _RETURNED:
        return ""
    inner = part.get_payload()
    if isinstance(inner, list):
        first = inner[0] if inner else None
        return str(first["Message-ID"] or "") if isinstance(first, Message) else ""
    text = part.get_payload(decode=True)
    return str(message_from_bytes(text)["Message-ID"] or "") if isinstance(text, bytes) else ""


def _answered(mail: Message) -> Iterator[str]:
    """What a notification says it answers, for servers that return nothing of the letter."""
    for header in ("In-Reply-To", "References"):
        yield str(mail[header] or "")
