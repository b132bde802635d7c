"""Whose request it is: the address it came from, where proxies stand before the console.

Each proxy appends whom it was asked by to ``X-Forwarded-For``, so only the end of it is worth anything: what stands
before the last address that no proxy of ours has is the client's own word.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from connection.settings import ANY_PROXY, Proxies

_SCHEMES = frozenset({"http", "https"})


class Asker:
    """ASGI middleware: puts the asker's address and the browser's scheme where a direct request has them.

    ``proxies`` are those whose word is taken; from anybody else the headers count for nothing.
    """

    def __init__(self, app: ASGIApp, proxies: Proxies) -> None:
        self._app, self._proxies = app, proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = scope.get("client")
        if scope["type"] == "http" and client and _trusted(client[0], self._proxies):
            headers = Headers(scope=scope)
            address = asked_by(client[0], headers.getlist("x-forwarded-for"), self._proxies)
            scope = {**scope, "client": (address, client[1] if address == client[0] else 0)}
            scheme = headers.getlist("x-forwarded-proto")[-1:]
            if scheme and (last := scheme[0].rpartition(",")[2].strip().lower()) in _SCHEMES:
                scope["scheme"] = last
        await self._app(scope, receive, send)


def asked_by(peer: str, forwarded: Iterable[str], proxies: Proxies) -> str:
    """Who asked, as the nearest proxies say: ``peer`` is the one that connected, ``forwarded`` its headers' lines.

    With any proxy trusted, there is one, and its own last word counts. A proxy that says what is no address is itself
    the asker.
    """
    asker = peer
    for entry in reversed([part for line in forwarded for part in line.split(",")]):
        address = _address(entry)
        if address is None:
            return asker
        asker = address
        if proxies == ANY_PROXY or not _trusted(asker, proxies):
            return asker
    return asker


def _trusted(host: str, proxies: Proxies) -> bool:
    if proxies == ANY_PROXY:
        return True
    address = _parsed(host)
    return address is not None and any(address in network for network in proxies)


def _address(entry: str) -> str | None:
    """An entry without its port: ``192.0.2.1:4711`` and ``[2001:db8::1]:4711`` too."""
    text = entry.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    parsed = _parsed(text)
    return str(parsed) if parsed else None


def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        parsed = ipaddress.ip_address(text)
    except ValueError:
        return None
    return (parsed.ipv4_mapped or parsed) if isinstance(parsed, ipaddress.IPv6Address) else parsed
