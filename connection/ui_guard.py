"""What stands before the local Temporal UI: it lets in browsers that ask for this machine by its own name.

The UI itself answers to any name, so a web page whose name is made to lead to this machine (DNS rebinding) could read
every case's history there and end cases.
"""

import asyncio
import contextlib
import random
import sys
from types import TracebackType
from typing import Self

from connection.ports import LOOPBACK

NAMES = frozenset({b"localhost", b"127.0.0.1", b"[::1]"})
_HEAD_BYTES = 64 * 1024
_HEAD_WITHIN = 20.0
_CHUNK = 64 * 1024
_OF_THE_CONNECTION = frozenset({b"connection", b"keep-alive", b"proxy-connection", b"upgrade"})
_WRONG_NAME = b"Ask for this page as localhost.\n"


def hidden_address() -> str:
    """An address of this machine's own that no web page can guess; where there is but one, that one."""
    if not sys.platform.startswith("linux"):
        return LOOPBACK
    return ".".join(("127", *(str(random.randint(1, 254)) for _ in range(3))))


class UiGuard:
    """An async context manager that listens on ``port`` of loopback and passes on to ``address`` and ``behind``.

    A connection carries one request, so that each is judged.
    """

    def __init__(self, port: int, address: str, behind: int) -> None:
        self._port = port
        self._address = address
        self._behind = behind

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._let_in, LOOPBACK, self._port, limit=_HEAD_BYTES)
        self._at_work: set[asyncio.Task[None]] = set()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in tuple(self._at_work):
            task.cancel()
        await asyncio.gather(*self._at_work, return_exceptions=True)

    async def _let_in(self, asked: asyncio.StreamReader, answered: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._at_work.add(task)
        over = (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError, asyncio.CancelledError)
        try:
            with contextlib.suppress(*over):
                await self._pass_on(asked, answered)
        finally:
            self._at_work.discard(task)
            answered.close()

    async def _pass_on(self, asked: asyncio.StreamReader, answered: asyncio.StreamWriter) -> None:
        head = await asyncio.wait_for(asked.readuntil(b"\r\n\r\n"), _HEAD_WITHIN)
        if _name(head) not in NAMES:
            answered.write(
                b"HTTP/1.1 421 Misdirected Request\r\nContent-Type: text/plain\r\nConnection: close\r\n"
                b"Content-Length: %d\r\n\r\n%s" % (len(_WRONG_NAME), _WRONG_NAME)
            )
            await answered.drain()
            return
        back, forth = await asyncio.open_connection(self._address, self._behind)
        try:
            forth.write(_alone(head))
            await asyncio.gather(_pump(asked, forth), _pump(back, answered))
        finally:
            forth.close()


async def _pump(source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
    while chunk := await source.read(_CHUNK):
        to.write(chunk)
        await to.drain()
    with contextlib.suppress(OSError):
        to.write_eof()


def _alone(head: bytes) -> bytes:
    """The same request, after which the UI hangs up."""
    first, *fields = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    kept = [field for field in fields if field.partition(b":")[0].strip().lower() not in _OF_THE_CONNECTION]
    return b"\r\n".join((first, *kept, b"Connection: close", b"", b""))


def _name(head: bytes) -> bytes:
    """The name that a request asks for, in small letters without its port; empty where it names none or several."""
    fields = (line.partition(b":") for line in head.split(b"\r\n")[1:])
    names = [value.strip().lower() for field, _, value in fields if field.strip().lower() == b"host"]
    if len(names) != 1:
        return b""
    name, colon, port = names[0].rpartition(b":")
    return name if colon and port.isdigit() else names[0]
