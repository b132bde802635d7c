"""A mail server in a process of its own that takes every letter and keeps nothing but its Message-ID.

Prints its port; each line it is given is answered by the letters taken and how many of them were different ones.
"""

import asyncio
import json
import sys
from typing import ClassVar


class Session(asyncio.Protocol):
    """One conversation, as short as RFC 5321 allows."""

    taken: ClassVar[list[bytes]] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport, self._heard, self._writing = transport, b"", False
        transport.write(b"220 letterbox\r\n")

    def data_received(self, data: bytes) -> None:
        self._heard += data
        while True:
            end = b"\r\n.\r\n" if self._writing else b"\r\n"
            said, marker, rest = self._heard.partition(end)
            if not marker:
                return
            self._heard = rest
            self._answer(said)

    def _answer(self, said: bytes) -> None:
        if self._writing:
            self._writing = False
            start = said.lower().index(b"message-id: ") + 12
            Session.taken.append(said[start : said.index(b"\r\n", start)])
            self._transport.write(b"250 taken\r\n")
            return
        match said[:4].upper():
            case b"DATA":
                self._writing = True
                self._transport.write(b"354 go on\r\n")
            case b"EHLO":
                self._transport.write(b"250-letterbox\r\n250-8BITMIME\r\n250-PIPELINING\r\n250 SMTPUTF8\r\n")
            case b"QUIT":
                self._transport.write(b"221 good day\r\n")
                self._transport.close()
            case _:
                self._transport.write(b"250 well\r\n")


async def main() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Session, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    while await loop.run_in_executor(None, sys.stdin.readline):
        print(json.dumps({"taken": len(Session.taken), "different": len(set(Session.taken))}), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
