"""The mailbox where bounces arrive: a Maildir folder of this machine, or a folder of an IMAP server."""

from __future__ import annotations

import contextlib
import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

_TIMEOUT = 30.0  # seconds
_SCHEME = "imaps"
_PORT = 993
_INFO = ":2,"
_NOTICES = (
    *("OR", "HEADER", "Content-Type", "report"),
    *("OR", "HEADER", "X-Failed-Recipients", '""'),
    *("OR", "FROM", "mailer-daemon", "FROM", "postmaster"),
)
"""How an IMAP server is asked for what may be the notice of a failure, so that other mail is not fetched."""


class BoxUnreadable(RuntimeError):
    """The mailbox cannot be read; the text names the setting."""


class BounceBox(Protocol):
    """Blocking, so that it is used in a thread."""

    def unread(self) -> Iterator[tuple[str, bytes]]:
        """Each unread mail with the name that ``mark`` takes; reading marks nothing. Raises BoxUnreadable."""
        ...

    def mark(self, names: Sequence[str]) -> None:
        """These are read; a name that is gone is passed over. Raises BoxUnreadable."""
        ...


def box_at(place: str, password: str | None) -> BounceBox | None:
    """The mailbox that ``CASEREVIEW_BOUNCES`` names, None where it names none."""
    if not place:
        return None
    return ImapBox(place, password or "") if place.startswith(f"{_SCHEME}://") else MaildirBox(Path(place))


class MaildirBox:
    """A Maildir; a mail that is read is in ``cur`` with the flag S. Its file is moved and never written anew."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def unread(self) -> Iterator[tuple[str, bytes]]:
        for path in self._files():
            if "S" not in _flags(path):
                with contextlib.suppress(FileNotFoundError), self._held():
                    yield _name(path), path.read_bytes()

    def mark(self, names: Sequence[str]) -> None:
        for path in self._files():
            if _name(path) in names:
                flags = "".join(sorted({*_flags(path), "S"}))
                with contextlib.suppress(FileNotFoundError), self._held():
                    path.rename(self._folder / "cur" / f"{_name(path)}{_INFO}{flags}")

    def _files(self) -> list[Path]:
        with self._held():
            parts = [self._folder / part for part in ("new", "cur")]
            if not all(part.is_dir() for part in parts):
                raise BoxUnreadable(f"{self._folder} is not a Maildir: check CASEREVIEW_BOUNCES.")
            return [path for part in parts for path in sorted(part.iterdir()) if not path.name.startswith(".")]

    @contextlib.contextmanager
    def _held(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            raise
        except OSError as error:
            reason = error.strerror or "it broke off"
            raise BoxUnreadable(f"{self._folder} cannot be read ({reason}): check CASEREVIEW_BOUNCES.") from None


def _name(path: Path) -> str:
    return path.name.partition(_INFO)[0]


def _flags(path: Path) -> str:
    return path.name.partition(_INFO)[2]


class ImapBox:
    """A folder of an IMAP server, over TLS from the start; a mail that is read has the flag Seen."""

    def __init__(self, address: str, password: str) -> None:
        parts = urlsplit(address)
        self._host, self._port = parts.hostname or "", parts.port or _PORT
        self._user, self._password = unquote(parts.username or ""), password
        self._folder = unquote(parts.path.lstrip("/")) or "INBOX"

    def unread(self) -> Iterator[tuple[str, bytes]]:
        with self._open(readonly=True) as (server, validity):
            listed = _answer(server.uid("SEARCH", "UNSEEN", *_NOTICES))
            for uid in listed[0].split() if listed and isinstance(listed[0], bytes) else ():
                for part in _answer(server.uid("FETCH", uid.decode(), "(BODY.PEEK[])")):
                    if isinstance(part, tuple):
                        yield f"{validity}.{uid.decode()}", part[1]

    def mark(self, names: Sequence[str]) -> None:
        with self._open(readonly=False) as (server, validity):
            for name in names:
                then, _, uid = name.partition(".")
                if then == validity:
                    _answer(server.uid("STORE", uid, "+FLAGS", r"(\Seen)"))

    @contextlib.contextmanager
    def _open(self, *, readonly: bool) -> Iterator[tuple[imaplib.IMAP4, str]]:
        """A connection with the folder selected, and the UIDVALIDITY its numbers go by."""
        server: imaplib.IMAP4 | None = None
        try:
            server = imaplib.IMAP4_SSL(
                self._host, self._port, ssl_context=ssl.create_default_context(), timeout=_TIMEOUT
            )
            server.login(self._user, self._password)
            _answer(server.select(_quoted(self._folder), readonly))
            (validity,) = server.response("UIDVALIDITY")[1]
            yield server, validity.decode() if isinstance(validity, bytes) else ""
        except (imaplib.IMAP4.error, OSError) as error:
            reason = f"{_SCHEME}://{self._host}/{self._folder} cannot be read ({_short(error)})"
            raise BoxUnreadable(f"{reason}: check CASEREVIEW_BOUNCES and CASEREVIEW_BOUNCES_PASSWORD.") from None
        finally:
            if server is not None:
                with contextlib.suppress(imaplib.IMAP4.error, OSError):
                    server.logout()


def _answer(reply: tuple[str, list[Any]]) -> list[Any]:
    status, data = reply
    if status != "OK":
        raise imaplib.IMAP4.error(f"it answered {status}")
    return data


def _quoted(folder: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", folder) + '"'


def _short(error: Exception) -> str:
    """Why, without a server's own text, which may name the account."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return "it has no certificate that we trust"
    if isinstance(error, OSError):
        return error.strerror or "the connection broke off"
    return "it refused the sign-in or the folder"
