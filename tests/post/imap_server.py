"""A server that speaks as much IMAP (RFC 3501) over TLS as reading one folder needs."""

import asyncio
import contextlib
import re
import shlex
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

PASSWORD = "as-agreed"


@dataclass
class Folder:
    """One folder: its mails by UID, and what was asked of it."""

    mails: dict[int, bytes]
    seen: set[int] = field(default_factory=set)
    validity: int = 3
    port: int = 0
    user: str = ""
    selected: str = ""

    def answer(self, command: str, words: list[str]) -> tuple[str, list[bytes]]:
        """The status and the lines before it."""
        match command, words:
            case "CAPABILITY", _:
                return "OK", [b"* CAPABILITY IMAP4rev1\r\n"]
            case "LOGIN", [user, password]:
                self.user = user
                return ("OK" if password == PASSWORD else "NO"), []
            case (("SELECT" | "EXAMINE"), [name]):
                self.selected = name
                return "OK", [f"* {len(self.mails)} EXISTS\r\n* OK [UIDVALIDITY {self.validity}] valid\r\n".encode()]
            case "UID SEARCH", ["UNSEEN", *wanted]:
                found = [str(uid) for uid, mail in self.mails.items() if uid not in self.seen and _fits(wanted, mail)]
                return "OK", [f"* SEARCH {' '.join(found)}\r\n".encode()]
            case "UID FETCH", [uid, "(BODY.PEEK[])"]:
                mail = self.mails[int(uid)]
                return "OK", [f"* 1 FETCH (UID {uid} BODY[] {{{len(mail)}}}\r\n".encode(), mail, b")\r\n"]
            case "UID STORE", [uid, "+FLAGS", "(\\Seen)"]:
                self.seen.add(int(uid))
                return "OK", []
            case "LOGOUT", _:
                return "OK", [b"* BYE\r\n"]
        return "BAD", []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            writer.write(b"* OK ready\r\n")
            while line := await reader.readline():
                tag, command, *words = shlex.split(line.decode().replace("\\", "\\\\"))
                if command == "UID":
                    command, *words = f"UID {words[0]}", *words[1:]
                status, lines = self.answer(command, words)
                writer.writelines([*lines, f"{tag} {status} done\r\n".encode()])
        writer.close()


def _fits(wanted: list[str], mail: bytes) -> bool:
    """Whether a mail fits search keys, each OR taking the two after it."""
    fits, rest = _fit(wanted, mail)
    return fits and not rest


def _fit(wanted: list[str], mail: bytes) -> tuple[bool, list[str]]:
    head = mail.partition(b"\n\n")[0]
    match wanted:
        case ["OR", *rest]:
            one, rest = _fit(rest, mail)
            other, rest = _fit(rest, mail)
            return one or other, rest
        case ["HEADER", name, part, *rest]:
            return bool(re.search(rf"(?im)^{name}:.*{part}".encode(), head)), rest
        case ["FROM", part, *rest]:
            return bool(re.search(rf"(?im)^from:.*{part}".encode(), head)), rest
    raise AssertionError(wanted)


@contextlib.asynccontextmanager
async def imap(folder: Folder, context: ssl.SSLContext) -> AsyncIterator[Folder]:
    """The folder on a port of its own."""
    listener = await asyncio.start_server(folder.serve, "localhost", 0, ssl=context)
    folder.port = listener.sockets[0].getsockname()[1]
    try:
        yield folder
    finally:
        listener.close()
