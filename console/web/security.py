"""What every answer of the console carries, and what no request gets past: origin, size, host."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console.web import problems

RECEIPTS = "/notify"
"""Where GOV.UK Notify says what became of letters: it carries a token, which no browser sends unasked."""
CODEC = "/codec"
"""Where the Temporal UI's pages have a case's history read and acts sealed; they are of another origin."""
LARGEST = 2_000_000
BESIDE_A_FILE = 100_000
"""Bytes that a form may have beside its file."""
_FOR_EVERYBODY = re.compile(r"/|/(?:apply|procedure|figures)(?:/[^/]+)?")
"""What a council publishes, and where an application begins: a search engine may show them."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Permitted-Cross-Domain-Policies": "none",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}
LETTER_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    "X-Frame-Options": "SAMEORIGIN",
}
TRANSPORT = "max-age=31536000; includeSubDomains"


class Guard:
    """ASGI middleware: headers on every answer; a change asked for by another site is refused with 403.

    ``urls`` are the addresses it has for browsers, if any; ``hosts`` are the names it answers to; ``uploads`` are the
    addresses that take a file, of at most ``largest_file`` bytes; ``ui`` is the origin of the Temporal UI, whose pages
    may use the codec's doors; ``problem`` makes the page of one that is too large.
    """

    def __init__(
        self,
        app: ASGIApp,
        urls: Collection[str],
        hosts: Collection[str],
        problem: Callable[[Request, int], Response],
        uploads: Collection[re.Pattern[str]] = (),
        ui: str = "",
        largest_file: int = 0,
    ) -> None:
        self._app = app
        self._problem = problem
        self._ui = ui
        self._uploads, self._largest_upload = uploads, largest_file + BESIDE_A_FILE
        self._hosts = frozenset(hosts)
        self._origins = frozenset(url for url in urls if url)
        self._secure = any(url.startswith("https://") for url in urls)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if _FOR_EVERYBODY.fullmatch(scope["path"]):
                    del headers["X-Robots-Tag"]
                if self._secure:
                    headers["Strict-Transport-Security"] = TRANSPORT
            await send(message)

        refused = self._refusal(scope)
        if refused and problems.concerns(scope["path"]):
            await problems.of_status(refused[0])(scope, receive, answer)
        elif refused:
            await PlainTextResponse(refused[1], refused[0])(scope, receive, answer)
        elif _length(scope) > self._most(scope):
            await self._problem(Request(scope), 413)(scope, receive, answer)
        else:
            await self._app(scope, _limited(receive, self._most(scope)), answer)

    def _most(self, scope: Scope) -> int:
        upload = scope["method"] == "POST" and any(known.match(scope["path"]) for known in self._uploads)
        return max(self._largest_upload, LARGEST) if upload else LARGEST

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        if _name(headers.get("host", "")) not in self._hosts:
            return 400, "The console does not answer to this name; set CASEREVIEW_CONSOLE_URL to the address you use.\n"
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdecimal():
            return 400, "The length of this could not be read; send it again.\n"
        if problems.concerns(scope["path"]):
            return None if scope["method"] in SAFE or _by_key(headers) else (401, "")
        if scope["path"] == RECEIPTS and _by_key(headers):
            return None
        if self._ui and scope["path"].startswith(f"{CODEC}/") and headers.get("origin") == self._ui:
            return None
        if scope["method"] not in SAFE and not self._same_site(scope, headers):
            return 403, "This was sent from another site, so nothing was done; open the console and do it there.\n"
        return None

    def _same_site(self, scope: Scope, headers: Headers) -> bool:
        """A browser says where a form stood: Sec-Fetch-Site, or in an old one Origin."""
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site in ("same-origin", "none")
        origin = headers.get("origin", "")
        own = self._origins or {f"{scope['scheme']}://{headers.get('host', '')}"}
        return bool(origin) and origin in own


def hosts(*addresses: str) -> frozenset[str]:
    """The names in those addresses, and this machine's own."""
    named = (urlsplit(address).hostname or address for address in addresses if address)
    return frozenset({"localhost", "127.0.0.1", "[::1]", *named})


def _name(host: str) -> str:
    """The host without its port: ``[::1]:8000`` is ``[::1]``."""
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdecimal() else host).casefold()


def _by_key(headers: Headers) -> bool:
    """Whether another system sends a key, which no browser sends unasked; cookies are not looked at there."""
    return headers.get("authorization", "").lower().startswith("bearer ")


class TooLarge(Exception):
    """A body that is longer than the address takes."""


def _length(scope: Scope) -> int:
    return int(Headers(scope=scope).get("content-length", "0")[:20])


def _limited(receive: Receive, most: int) -> Receive:
    """A body of at most so many bytes; the rest is read and dropped by the server, so that a browser comes to read the
    answer."""
    taken = 0

    async def limited() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise TooLarge
        return message

    return limited
