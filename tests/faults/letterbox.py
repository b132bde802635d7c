"""A mail server in a process of its own that misbehaves in 22 ways and keeps what it took, whatever becomes of it.

``python -m tests.faults.letterbox PORT FOLDER SEED SHARE``: ``SHARE`` of its conversations, of 1, go wrong in one of
the ways. A letter that it took lies in ``FOLDER`` before anybody is told so; while the file ``calm`` is there nothing
goes wrong. ``ways.log`` has a line for each conversation that did.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import sys
import uuid
from collections import Counter
from email import message_from_bytes
from pathlib import Path

from connection.ports import LOOPBACK

HANG_UP, GARBAGE, SLOW, BIT_BY_BIT = "hang up", "garbage", "slow", "bit by bit"
LOST, TAKEN = "hang up untaken", "hang up when taken"
WAYS: tuple[tuple[str, str], ...] = (
    ("greeting", "421 4.3.2 closing"),
    ("greeting", HANG_UP),
    ("greeting", GARBAGE),
    ("greeting", SLOW),
    ("EHLO", "421 4.3.2 closing"),
    ("EHLO", HANG_UP),
    ("MAIL", "451 4.3.0 later"),
    ("MAIL", HANG_UP),
    ("RCPT", "450 4.2.1 greylisted"),
    ("RCPT", "452 4.2.2 full"),
    ("RCPT", "550 5.1.1 unknown"),
    ("RCPT", HANG_UP),
    ("RCPT", GARBAGE),
    ("DATA", "451 4.3.0 later"),
    ("DATA", HANG_UP),
    ("the letter", "451 4.3.0 later"),
    ("the letter", "554 5.6.0 not this"),
    ("the letter", TAKEN),
    ("the letter", LOST),
    ("the letter", SLOW),
    ("the letter", "250-taken\r\n250-and kept\r\n250 2.0.0 good day"),
    ("the letter", BIT_BY_BIT),
)
"""Where in a conversation, and what is answered there."""
_ANSWERS = {
    "greeting": "220 letterbox", "EHLO": "250-letterbox\r\n250-8BITMIME\r\n250 SMTPUTF8", "DATA": "354 go on",
    "the letter": "250 2.0.0 taken", "QUIT": "221 good day",
}  # fmt: skip
_A_WHILE = 1.0


class Letterbox:
    """The folder of what was taken, as the server writes it and its onlooker reads it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, letter: bytes) -> None:
        """Whole or not at all, as far as a process that is killed can tell."""
        name = uuid.uuid4().hex
        (self.folder / f"{name}.part").write_bytes(letter)
        (self.folder / f"{name}.part").rename(self.folder / f"{name}.eml")

    def note(self, way: tuple[str, str]) -> None:
        with (self.folder / "ways.log").open("a", encoding="utf-8") as log:
            log.write(f"{way[0]}: {way[1].splitlines()[0]}\n")

    @property
    def calm(self) -> Path:
        return self.folder / "calm"

    def number(self) -> int:
        return sum(1 for _ in self.folder.glob("*.eml"))

    def taken(self) -> Counter[str]:
        """How often each letter was taken, by its Message-ID."""
        return Counter(message_from_bytes(path.read_bytes())["Message-ID"] for path in self.folder.glob("*.eml"))

    def ways(self) -> Counter[str]:
        """How many conversations went wrong in each way."""
        log = self.folder / "ways.log"
        return Counter(log.read_text("utf-8").splitlines() if log.exists() else ())


class _Conversation:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: tuple[str, str] | None) -> None:
        self._reader, self._writer, self._way = reader, writer, way

    async def hold(self, box: Letterbox) -> None:
        if not await self._answer("greeting", box):
            return
        while line := await self._reader.readline():
            verb = line[:4].decode("ascii", "replace").strip().upper()
            if not await self._answer(verb, box) or verb == "QUIT":
                return
            if verb == "DATA":
                letter = await self._reader.readuntil(b"\r\n.\r\n")
                if not await self._answer("the letter", box, letter.removesuffix(b".\r\n")):
                    return

    async def _answer(self, step: str, box: Letterbox, letter: bytes = b"") -> bool:
        """Answer one step; whether the conversation goes on."""
        answer = _ANSWERS.get(step, "250 well")
        amiss = self._way[1] if self._way and self._way[0] == step else ""
        if amiss:
            assert self._way
            box.note(self._way)
        if letter and (amiss in ("", TAKEN, SLOW, BIT_BY_BIT) or amiss.startswith("250")):
            box.take(letter)
        if amiss in (HANG_UP, LOST, TAKEN):
            self._writer.transport.abort()
            return False
        if amiss == SLOW:
            await asyncio.sleep(_A_WHILE)
        elif amiss == GARBAGE:
            answer = "\x00\xffwhat?"
        elif amiss and amiss != BIT_BY_BIT:
            answer = amiss
        whole = f"{answer}\r\n".encode("latin-1")
        for part in (whole[at : at + 1] for at in range(len(whole))) if amiss == BIT_BY_BIT else (whole,):
            self._writer.write(part)
            await self._writer.drain()
        return step != "DATA" or answer.startswith("354")


async def serve(port: int, box: Letterbox, chance: random.Random, share: float) -> None:
    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        way = chance.choice(WAYS) if chance.random() < share and not box.calm.exists() else None
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await _Conversation(reader, writer, way).hold(box)
        writer.close()

    listener = await asyncio.start_server(meet, LOOPBACK, port)
    await listener.serve_forever()


if __name__ == "__main__":
    port, folder, seed, share = sys.argv[1:5]
    box = Letterbox(Path(folder))
    asyncio.run(serve(int(port), box, random.Random(f"{seed}/{box.number()}"), float(share)))
