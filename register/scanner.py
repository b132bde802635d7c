"""The virus scanner that documents go through, where ``CASEREVIEW_CLAMD`` names one: ClamAV's daemon, by INSTREAM."""

from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter
from typing import Self

from register.media import Content

ANSWER_WITHIN = 15.0
"""Seconds for one document; whoever sent it waits for so long."""
_PIECE = 65_536
_RATE = 5_000_000
"""Bytes that a scanner has a second more for."""
_LONGEST = 4_096


class NotScanned(Exception):
    """The scanner does not answer, or answers that it cannot; the text says which. Nothing is known of the document."""


class Scanner:
    """A daemon at ``host:port``, or at the path of its socket."""

    def __init__(self, place: str, within: float = ANSWER_WITHIN) -> None:
        self.place = place
        self._within = within

    @classmethod
    def of(cls, place: str) -> Self | None:
        """The scanner at a place, or None where none is named."""
        return cls(place) if place else None

    async def scan(self, content: Content) -> str:
        """The name of the virus in it, or an empty text. Raises NotScanned."""
        try:
            async with asyncio.timeout(self._within + len(content) / _RATE):
                reader, writer = await self._connected()
                try:
                    return _verdict(await _asked(reader, writer, content))
                finally:
                    writer.close()
        except TimeoutError:
            raise NotScanned(f"the scanner at {self.place} does not answer") from None
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            raise NotScanned(f"the scanner at {self.place} cannot be reached ({type(error).__name__})") from None

    async def _connected(self) -> tuple[StreamReader, StreamWriter]:
        if self.place.startswith("/"):
            return await asyncio.open_unix_connection(self.place, limit=_LONGEST)
        host, _, port = self.place.rpartition(":")
        return await asyncio.open_connection(host.strip("[]"), int(port), limit=_LONGEST)


async def _asked(reader: StreamReader, writer: StreamWriter, content: Content) -> str:
    """The daemon's answer (clamd(8), INSTREAM): lengths are four bytes in network order, nought ends the stream."""
    answer = asyncio.ensure_future(reader.readuntil(b"\0"))
    try:
        writer.write(b"zINSTREAM\0")
        for begin in range(0, len(content), _PIECE):
            piece = content[begin : begin + _PIECE]
            writer.write(len(piece).to_bytes(4, "big") + piece)
            await writer.drain()
        writer.write(bytes(4))
        await writer.drain()
        return (await answer)[:-1].decode("utf-8", "replace").strip()
    except ConnectionError:
        if answer.done() and not answer.exception():  # it had enough before the end, and said so
            return answer.result()[:-1].decode("utf-8", "replace").strip()
        raise
    finally:
        answer.cancel()


def _verdict(said: str) -> str:
    words = said.removeprefix("stream: ")
    if words == "OK":
        return ""
    if words.endswith(" FOUND"):
        return words.removesuffix(" FOUND")
    raise NotScanned(f"the scanner says “{words[:200]}”")
