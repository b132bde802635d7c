"""A mail that came back, read: the notice of a letter's final failure, in the shapes in which mail servers write one.

Most send a delivery status notification (RFC 3464, RFC 6533), as a report or with the status among other parts; some a
plain text with the addresses that failed in a header.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses

from post.mail import REASONS

_FAILED = re.compile(r"\s*failed\b", re.IGNORECASE)
_STATUS = re.compile(r"(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.])")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+>")
_NAMED = re.compile(rb"^[>\s]*Message-ID:\s*(<[^<>\s]+>)", re.IGNORECASE | re.MULTILINE)
_BLANK_LINE = re.compile(rb"\r?\n[ \t]*\r?\n")
_LATER = re.compile(r"delay|warning|still being|will be retried|not yet been delivered", re.IGNORECASE)
_UNSAID, _FOR_GOOD = ".0.0", "5.0.0"
_RETURNED = (
    *("message/rfc822", "message/rfc822-headers", "message/global", "message/global-headers"),
    "text/rfc822-headers",
)
_REPORTS = ("message/delivery-status", "message/global-delivery-status")
_FAILED_RECIPIENTS = ("X-Failed-Recipients", "X-Failed-Recipient", "Failed-Recipients")
_MACHINES = frozenset({"mailer-daemon", "postmaster", "mail-daemon"})
_DEEPEST = 12
_GIVEN_UP = "the mail servers tried for days and gave up"
_NOT_SAID = "its mail server would not take it"


@dataclass(frozen=True)
class Bounce:
    """A letter's final failure as a mail server reported it.

    ``message_ids`` are those the notification names, the returned letter's own first; ``status`` is the enhanced code
    (RFC 3463), such as "5.1.1". Empty, it is a mail server's notice about the letter that could not be read.
    """

    message_ids: tuple[str, ...]
    status: str

    @property
    def clear(self) -> bool:
        return bool(self.status)

    @property
    def reason(self) -> str:
        """In our words: what the server wrote may repeat the address."""
        if not self.status:
            return "a mail server wrote about it, in a form that cannot be read here"
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
    parts = list(_parts(mail))
    reports = [part for part in parts if part.get_content_type() in _REPORTS]
    ids = dict.fromkeys(
        id for text in (*map(_returned_id, parts), *_answered(mail)) for id in _MESSAGE_ID.findall(text)
    )
    if reports:
        status = next((code for part in reports for code in _failures(part)), None)
        return Bounce(tuple(ids), status) if status and ids else None
    if mail.get_content_type() == "multipart/report":
        return None
    ids |= dict.fromkeys(id for part in parts for id in _in_the_text(part))
    if not ids:
        return None
    if any(mail[header] for header in _FAILED_RECIPIENTS):
        said = _STATUS.search(" ".join(map(_text, parts)))
        return Bounce(tuple(ids), said[0] if said else _FOR_GOOD)
    return Bounce(tuple(ids), "") if _from_a_server(mail) and not _LATER.search(str(mail["Subject"] or "")) else None


def _parts(part: Message, depth: int = 0) -> Iterator[Message]:
    """The parts of a mail, those of what it returns left out."""
    inner = part.get_payload()
    if part.get_content_maintype() != "multipart" or not isinstance(inner, list) or depth > _DEEPEST:
        yield part
        return
    for one in inner:
        if isinstance(one, Message):
            yield from _parts(one, depth + 1)


def _failures(part: Message) -> Iterator[str]:
    """The codes of a delivery status's final failures, the diagnostic's where the server's own says nothing."""
    for group in _groups(part):
        if not _FAILED.match(str(group["Action"] or "")):
            continue
        if code := _STATUS.search(str(group["Status"] or "")):
            said = _STATUS.search(str(group["Diagnostic-Code"] or "")) if code[0].endswith(_UNSAID) else None
            yield said[0] if said and said[0][0] == code[0][0] else code[0]


def _groups(part: Message) -> Iterator[Message]:
    """The groups of fields of a delivery status; one of RFC 6533 holds its text as any part does."""
    groups = part.get_payload()
    if part.get_content_type() == _REPORTS[0] and isinstance(groups, list):
        yield from (group for group in groups if isinstance(group, Message))
        return
    whole = part.as_bytes()
    text = _BLANK_LINE.split(whole, maxsplit=1)[1:]
    encoding = str(part["Content-Transfer-Encoding"] or "").strip().casefold()
    if text and encoding in ("base64", "quoted-printable"):
        plain = Message()
        plain["Content-Transfer-Encoding"] = encoding
        plain.set_payload(text[0].decode("ascii", "replace"))
        decoded = plain.get_payload(decode=True)
        text = [decoded] if isinstance(decoded, bytes) else []
    for group in _BLANK_LINE.split(text[0].strip()) if text else ():
        yield message_from_bytes(group)


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


def _in_the_text(part: Message) -> Iterator[str]:
    """The Message-IDs of a letter that a plain notice repeats beneath its own words."""
    text = part.get_payload(decode=True) if part.get_content_maintype() == "text" else None
    for named in _NAMED.findall(text) if isinstance(text, bytes) else ():
        yield from _MESSAGE_ID.findall(named.decode("ascii", "replace"))


def _text(part: Message) -> str:
    text = part.get_payload(decode=True) if part.get_content_maintype() == "text" else None
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else ""


def _from_a_server(mail: Message) -> bool:
    senders = getaddresses([str(mail["From"] or "")])
    return any(address.partition("@")[0].casefold() in _MACHINES for _, address in senders)


def _answered(mail: Message) -> Iterator[str]:
    """What a notification says it answers, for servers that return nothing of the letter."""
    for header in ("In-Reply-To", "References"):
        yield str(mail[header] or "")
