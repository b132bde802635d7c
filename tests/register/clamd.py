"""A stand-in for ClamAV's daemon that speaks INSTREAM on a real socket, and finds the harmless EICAR file."""

from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
FOUND = "Eicar-Test-Signature"


class Clamd:
    """Answers as clamd 1.0 does; ``largest`` is its StreamMaxLength, ``silent`` has it take all and say nothing."""

    def __init__(self, largest: int = 25_000_000, silent: bool = False, says: str = "") -> None:
        self.seen: list[bytes] = []
        self._largest, self._silent, self._says = largest, silent, says

    @asynccontextmanager
    async def at_work(self, path: Path | None = None) -> AsyncIterator[str]:
        """Its place: a port of this machine's, or that socket."""
        if path:
            server = await asyncio.start_unix_server(self._answer, str(path))
            place = str(path)
        else:
            server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
            place = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield place
        finally:
            server.close()

    async def _answer(self, reader: StreamReader, writer: StreamWriter) -> None:
        try:
            said = await self._asked(reader)
            if not self._silent:
                writer.write(said.encode() + b"\0")
                await writer.drain()
            else:
                await reader.read()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _asked(self, reader: StreamReader) -> str:
        if await reader.readuntil(b"\0") != b"zINSTREAM\0":
            return "UNKNOWN COMMAND"
        content = b""
        while length := int.from_bytes(await reader.readexactly(4), "big"):
            if len(content) + length > self._largest:
                return "INSTREAM size limit exceeded. ERROR"
            content += await reader.readexactly(length)
        self.seen.append(content)
        if self._says:
            return self._says
        return f"stream: {FOUND} FOUND" if EICAR in content else "stream: OK"
