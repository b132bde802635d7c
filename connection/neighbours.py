"""Who on this machine is at the other end of a connection: a door on loopback is open to every account of it.

Linux says in /proc whose each socket is. Where the system says nothing, as elsewhere, nobody can be told apart.
"""

from __future__ import annotations

import ipaddress
import os
import struct
from collections.abc import Iterator
from pathlib import Path

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

Address = tuple[str, int]
_TABLES = (Path("/proc/self/net/tcp"), Path("/proc/self/net/tcp6"))
_LOCAL, _REMOTE, _STATE, _UID, _INODE = 1, 2, 3, 7, 9
_OPEN = frozenset({"01", "04", "05", "08"})
"""Established, or closed by one side only: then it still has an owner."""
_ROOT = 0
REFUSED = "This is for the account that started the service on this machine, and you came from another.\n"


def tells_apart() -> bool:
    """Whether this system says whose a connection is."""
    return _TABLES[0].exists()


def ours(theirs: Address, own: Address) -> bool:
    """Whether whoever connected from ``theirs`` to ``own`` is this process's account, or root.

    A system that does not know this process's own end as its own does not say whose connections are: then everybody
    is. Where it does and knows of no other end, nobody is.
    """
    here, there = _plain(own), _plain(theirs)
    owners = _owners(here, there)
    if owners.get((here, there)) != os.geteuid():
        return True
    return owners.get((there, here)) in (os.geteuid(), _ROOT)


class OwnAccount:
    """ASGI middleware: a request from another account of this machine gets 403."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        client, server = scope.get("client"), scope.get("server")
        if scope["type"] == "http" and not (client and server and ours(tuple(client[:2]), tuple(server[:2]))):
            await PlainTextResponse(REFUSED, 403)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _owners(*ends: tuple[str, int]) -> dict[tuple[tuple[str, int], tuple[str, int]], int]:
    """The uid of each socket between these ends, by its own end and the other."""
    ports = tuple(f":{port:04X}" for _, port in ends)
    return {
        (_read(row[_LOCAL]), _read(row[_REMOTE])): int(row[_UID])
        for row in _rows()
        if row[_LOCAL].endswith(ports) and row[_REMOTE].endswith(ports)
        and row[_STATE] in _OPEN and row[_INODE] != "0"
    }  # fmt: skip


def _rows() -> Iterator[list[str]]:
    for table in _TABLES:
        try:
            yield from (line.split() for line in table.read_text("ascii").splitlines()[1:])
        except OSError:
            continue


def _read(end: str) -> tuple[str, int]:
    """``0100007F:1F90`` as 127.0.0.1 and 8080: words of 32 bits in this machine's own order."""
    address, _, port = end.partition(":")
    words = [int(address[start : start + 8], 16) for start in range(0, len(address), 8)]
    return _plain((str(ipaddress.ip_address(struct.pack(f"={len(words)}I", *words))), int(port, 16)))


def _plain(end: Address) -> tuple[str, int]:
    """An IPv4 address inside an IPv6 one as itself."""
    address = ipaddress.ip_address(end[0].partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address), end[1]
