"""The mail inbox of this machine: a mail server that delivers nowhere, and a page that shows what it took.

Letters are kept as files and are there again after a restart. Some addresses misbehave, whatever their
domain: `bounce@` is refused (550), `greylist@` put off twice (451), `slow@` kept waiting, and at `vanish@`
the server takes the letter and hangs up without an answer. `bounce+anna@` does as `bounce@`.
"""

import asyncio
import contextlib
import datetime as dt
import re
import socket
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

from aiosmtpd.smtp import SMTP, Envelope, Session
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from connection.neighbours import OwnAccount, ours
from connection.ports import LOOPBACK
from console.web.serving import bound, served
from domain.calendar import LONDON
from domain.dates import short
from starter.pigeonhole import Pigeonhole, StoredMail

TEMPLATES = Path(__file__).parents[1] / "templates" / "inbox"
PAGE_SIZE = 50
GREYLISTED = 2

_HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)
_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_FRAME_HEADERS = _HEADERS | {
    "Content-Security-Policy": "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
}


class MailHandler:
    """Takes letters for `letters`, and misbehaves where an address asks for it. An aiosmtpd handler."""

    def __init__(self, letters: Pigeonhole, slow: float) -> None:
        self._letters = letters
        self._slow = slow
        self._put_off: Counter[str] = Counter()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        match _part(address):
            case "bounce":
                return "550 5.1.1 No such mailbox"
            case "greylist" if self._put_off[address] < GREYLISTED:
                self._put_off[address] += 1
                return "451 4.7.1 Greylisted, try again later"
            case "slow":
                await asyncio.sleep(self._slow)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Recipient taken"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.original_content or b""
        self._letters.keep(envelope.rcpt_tos, content)
        if any(_part(address) == "vanish" for address in envelope.rcpt_tos):
            _abort(server)
        return "250 2.0.0 Letter taken"


class _Session(SMTP):
    """A connection of this account's own: whoever else is on this machine puts nothing into the inbox."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        theirs, own = (transport.get_extra_info(name) for name in ("peername", "sockname"))
        if theirs and own and ours(theirs[:2], own[:2]):
            super().connection_made(transport)
        elif isinstance(transport, asyncio.Transport):
            transport.abort()


class Inbox:
    """The inbox as an async context manager, on loopback only; port 0 takes any free port.

    Letters hold links that open a case, so other accounts of this machine see none of them and send none here.
    Raises PortTaken. `slow` is how many seconds `slow@` waits.
    """

    def __init__(self, folder: Path, smtp_port: int, page_port: int, *, slow: float = 30) -> None:
        self.letters = Pigeonhole(folder)
        self._desk = MailHandler(self.letters, slow)
        self._wanted = smtp_port, page_port
        self._ports = 0, 0
        self._sessions: set[SMTP] = set()

    @property
    def smtp_address(self) -> tuple[str, int]:
        """Host and port of the mail server."""
        return LOOPBACK, self._ports[0]

    @property
    def page_address(self) -> str:
        """Where a browser finds the letters."""
        return f"http://{LOOPBACK}:{self._ports[1]}"

    async def __aenter__(self) -> Self:
        async with contextlib.AsyncExitStack() as started:
            smtp = started.enter_context(bound(self._wanted[0], "the mail inbox", "CASEREVIEW_INBOX_SMTP_PORT"))
            page = started.enter_context(bound(self._wanted[1], "the inbox page", "CASEREVIEW_INBOX_PORT"))
            self._ports = smtp.getsockname()[1], page.getsockname()[1]
            await started.enter_async_context(self._server(smtp))
            await started.enter_async_context(served(OwnAccount(pages(self.letters)), page, "The inbox page"))
            self._started = started.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._started.aclose()

    @contextlib.asynccontextmanager
    async def _server(self, listening: socket.socket) -> AsyncIterator[None]:
        listener = await asyncio.get_running_loop().create_server(self._session, sock=listening)
        try:
            yield
        finally:
            listener.close()
            for session in self._sessions:
                _abort(session)

    def _session(self) -> SMTP:
        self._sessions = {session for session in self._sessions if session.transport is not None}
        loop = asyncio.get_running_loop()
        session = _Session(self._desk, hostname="inbox.example.org", enable_SMTPUTF8=True, loop=loop)
        self._sessions.add(session)
        return session


def pages(letters: Pigeonhole) -> Starlette:
    """The pages: `/` the list, `/mails/<id>` a letter, its `/html` and `/source`; `/api/mails` as JSON."""
    templates = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    templates.filters |= {"moment": _moment, "linked": _linked}

    def page(name: str, **context: object) -> HTMLResponse:
        return HTMLResponse(templates.get_template(name).render(context), headers=_HEADERS)

    def asked_for(request: Request) -> StoredMail:
        mail = letters.mail(request.path_params["mail_id"])
        if mail is None:
            raise HTTPException(404)
        return mail

    def asked(request: Request) -> tuple[str, str]:
        return request.query_params.get("to", ""), request.query_params.get("q", "")

    def listing(request: Request) -> Response:
        to, words = asked(request)
        mails = letters.mails(to, words)
        number = request.query_params.get("page", "1")
        shown_page = max(int(number) if number.isdecimal() and len(number) < 6 else 1, 1)
        shown = mails[(shown_page - 1) * PAGE_SIZE : shown_page * PAGE_SIZE]
        times = Counter(mail.message_id for mail in mails if mail.message_id)
        older = urlencode({"to": to, "q": words, "page": shown_page + 1}) if len(mails) > shown_page * PAGE_SIZE else ""
        newer = urlencode({"to": to, "q": words, "page": shown_page - 1}) if shown_page > 1 else ""
        turns = {"older": older, "newer": newer}
        return page("list.html.j2", mails=shown, count=len(mails), to=to, q=words, times=times, **turns)

    def letter_page(request: Request) -> Response:
        return page("mail.html.j2", mail=asked_for(request))

    def html(request: Request) -> Response:
        return HTMLResponse(
            _HEAD.sub(r'\g<0><base target="_blank">', asked_for(request).html, 1), headers=_FRAME_HEADERS
        )

    def source(request: Request) -> Response:
        return Response(letters.source(asked_for(request).id), headers=_HEADERS, media_type="text/plain")

    def style(request: Request) -> Response:
        return Response((TEMPLATES / "inbox.css").read_text("utf-8"), headers=_HEADERS, media_type="text/css")

    def api(request: Request) -> Response:
        return JSONResponse([mail.summary for mail in letters.mails(*asked(request))], headers=_HEADERS)

    def problem(request: Request, error: Exception) -> Response:
        answer = page("problem.html.j2", words="There is no such page or letter in this inbox.")
        answer.status_code = error.status_code if isinstance(error, HTTPException) else 500
        return answer

    return Starlette(
        routes=[
            Route("/", listing),
            Route("/mails/{mail_id}", letter_page),
            Route("/mails/{mail_id}/html", html),
            Route("/mails/{mail_id}/source", source),
            Route("/inbox.css", style),
            Route("/api/mails", api),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["localhost", LOOPBACK])],
        exception_handlers={HTTPException: problem},
    )


def _abort(session: SMTP) -> None:
    if isinstance(session.transport, asyncio.Transport):
        session.transport.abort()


def _part(address: str) -> str:
    """What an address asks for: its local part, up to a plus."""
    return address.rpartition("@")[0].partition("+")[0].casefold()


def _moment(value: dt.datetime) -> str:
    local = value.astimezone(LONDON)
    return f"{short(local.date())}, {local:%H:%M}"


def _linked(text: str) -> Markup:
    """`text` with its web addresses as links."""
    parts, end = [], 0
    for link in _LINK.finditer(text):
        parts.append(escape(text[end : link.start()]))
        parts.append(Markup('<a href="{0}" rel="noreferrer">{0}</a>').format(link[0]))
        end = link.end()
    return Markup().join([*parts, escape(text[end:])])
