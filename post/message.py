"""A letter as the bytes of an e-mail (RFC 5322, MIME): text, then HTML, then attachments.

The standard library's ``EmailMessage`` parses every header it is given word by word, which takes it longer than a
letter takes to be written; a letter's few headers are known here and are set as they leave.
"""

import base64
import binascii
import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from urllib.parse import quote

from post.carrier import Mail
from register.letter_rows import LetterFile

_ADDRESS = re.compile(r"[^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f]+@[^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f]+")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]*")
_PLAIN_FILE = re.compile(r"[A-Za-z0-9 ._-]+")
_LINE_ENDS = re.compile(rb"\r\n?|\n")
_LINE = 78
_ENCODED = 42
_NAME_LIMIT = 200


@dataclass(frozen=True)
class Message:
    """An e-mail as it leaves. ``utf8``: it has an address that only a server with SMTPUTF8 takes."""

    content: bytes
    utf8: bool = False

    def __bytes__(self) -> bytes:
        return self.content


def compose(mail: Mail, sender: str) -> Message:
    """The message as sent. ``sender`` is "Name <address>" or an address.

    Raises ValueError for an address that mail cannot be sent to.
    """
    name, address = _council(sender)
    mailboxes = [("From", name, address), ("To", mail.to_name, ascii_domain(mail.to))]
    if mail.reply_to:
        mailboxes.append(("Reply-To", "", ascii_domain(mail.reply_to)))
    headers = [f"{header}: {_mailbox(header, words, box)}" for header, words, box in mailboxes]
    headers += [
        f"Subject: {_words('Subject', line(mail.subject))}",
        f"Date: {format_datetime(mail.date or dt.datetime.now(dt.UTC))}",
        f"Message-ID: {mail.message_id}",
        "Auto-Submitted: auto-generated",
    ]
    if mail.reference:
        headers.append(f"X-Case-Reference: {_words('X-Case-Reference', line(mail.reference))}")
    headers.append("MIME-Version: 1.0")
    written = [_text("plain", mail.text), _text("html", mail.html)]
    body = _parts("alternative", mail.message_id, written)
    if mail.attachments:
        body = _parts("mixed", mail.message_id, [body, *map(_attached, mail.attachments)])
    utf8 = not all(box.isascii() for _, _, box in mailboxes)
    return Message("".join(f"{header}\r\n" for header in headers).encode() + body, utf8)


@lru_cache(maxsize=8)
def _council(sender: str) -> tuple[str, str]:
    name, address = parseaddr(sender)
    return name, ascii_domain(address)


def line(text: str) -> str:
    """The text on one line, without what cannot be printed or turns its direction."""
    return " ".join(_UNPRINTABLE.sub(" ", text).split())


def ascii_domain(address: str) -> str:
    """``address`` with its domain as DNS has it (IDNA); ValueError if it is not an address."""
    if not _ADDRESS.fullmatch(address):
        raise ValueError("An e-mail address is not valid: write one as name@example.org.")
    user, _, domain = address.rpartition("@")
    return f"{user}@{domain.encode('idna').decode('ascii')}"


def _mailbox(header: str, name: str, address: str) -> str:
    name = line(name)[:_NAME_LIMIT].rstrip()
    if not name:
        return address
    if name.isascii() and "=?" not in name:
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        phrase = name if _PLAIN_NAME.fullmatch(name) else f'"{escaped}"'
        return _folded(header, f"{phrase} <{address}>")
    return f"{_words(header, name)}\r\n <{address}>"


def _words(header: str, text: str) -> str:
    """Plain words as they are, others as encoded words (RFC 2047), on lines that are short enough."""
    if text.isascii() and "=?" not in text:
        return _folded(header, text)
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(part.encode()).decode()}?=" for part in _cut(text))


def _folded(header: str, text: str) -> str:
    """Text broken between its words, so that no line of the header is longer than need be (RFC 5322, 2.2.3)."""
    lines, room = [""], _LINE - len(header) - 1
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > room:
            lines.append("")
            room = _LINE - 1
        lines[-1] += f" {word}" if lines[-1] else word
    return "\r\n ".join(lines)


def _cut(text: str) -> Iterator[str]:
    """Parts of at most 42 bytes of UTF-8, so that each fits on a line as an encoded word; no character is cut, and no
    word where there is a space to cut after: some readers put one between two parts."""
    rest = text
    while len(rest.encode()) > _ENCODED:
        fits = rest.encode()[:_ENCODED].decode(errors="ignore")
        place = fits.rfind(" ") + 1 or len(fits)
        yield rest[:place]
        rest = rest[place:]
    yield rest


def _text(subtype: str, text: str) -> bytes:
    lines = _LINE_ENDS.sub(b"\r\n", text.encode())
    ended = lines if lines.endswith(b"\r\n") else lines + b"\r\n"
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    return head.encode() + binascii.b2a_qp(ended, istext=True)


def _attached(file: LetterFile) -> bytes:
    name = line(file.name)
    named = f'filename="{name}"' if _PLAIN_FILE.fullmatch(name) else f"filename*=utf-8''{quote(name, safe='')}"
    head = (
        f"Content-Type: {line(file.media_type)}\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: attachment;\r\n {named}\r\n\r\n"
    )
    return head.encode() + base64.encodebytes(file.content).replace(b"\n", b"\r\n")


def _parts(kind: str, message_id: str, parts: Iterable[bytes]) -> bytes:
    """Several parts as one; "=_" in what parts them stands in no quoted-printable text and in no base64."""
    between = f"=_{hashlib.sha256(f'{kind} {message_id}'.encode()).hexdigest()[:32]}"
    head = f'Content-Type: multipart/{kind};\r\n boundary="{between}"\r\n\r\n'.encode()
    return (
        head + b"".join(f"--{between}\r\n".encode() + part + b"\r\n" for part in parts) + f"--{between}--\r\n".encode()
    )
