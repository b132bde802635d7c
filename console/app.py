"""The console as one ASGI application, and the server that runs it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import timedelta
from json import dumps
from typing import cast
from urllib.parse import urlsplit

from fastapi import Depends, FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import policies
from connection import traces
from connection.client import measured
from connection.logs import Ours, named, where
from connection.privacy import keep_private
from connection.settings import Settings
from console.api import receipts, reference, submissions
from console.apply import attachments as attached
from console.apply import form as apply
from console.apply import reports, saving, sending
from console.oidc.door import Door
from console.public import published
from console.questions.answering import Elsewhere
from console.staff import (
    account_pages,
    act_pages,
    applications,
    case_documents,
    case_links,
    case_page,
    codec,
    disclosure_log,
    invited,
    management,
    next_case,
    operations,
    proposals,
    second_factor_pages,
    second_step,
    sign_in,
    single_sign_on,
    work_list,
)
from console.visitors import (
    appeal_body,
    applicant_acts,
    applicant_documents,
    chair,
    enquiry,
    evidence,
    progress,
    recommendations,
    survey,
    visit,
)
from console.visitors.visitor import LinkOver, VisitNeeded
from console.web import error_pages, health, problems, statics, uploads
from console.web.asker import Asker
from console.web.desk import Desk, SecondFactorOwed, SignInNeeded
from console.web.desk import desk as desk_of
from console.web.known_browsers import KnownBrowsers
from console.web.pages import Pages
from console.web.security import Guard, TooLarge, hosts
from console.web.serving import bound, served
from console.web.throttle import Throttle
from console.web.tracing import Traced
from letters.rendering import Renderer
from letters.sources import COUNCILS, TEMPLATES
from office.connected import Office
from office.health_watch import Pulse
from office.operations import metrics
from office.operations.lookout import Lookout
from office.permits import home
from post.link_desk import LinkDesk
from register import identities, users
from register.cases import Unreadable
from register.database import RegisterError

STAFF = (
    sign_in, single_sign_on, work_list, next_case, case_page, disclosure_log, case_documents, act_pages, proposals,
    applications, case_links, management, operations, published, second_step, second_factor_pages, invited,
    account_pages,
)  # fmt: skip
"""The pages that ask who is signed in."""
PUBLIC = (
    visit,
    progress,
    applicant_documents,
    applicant_acts,
    enquiry,
    evidence,
    recommendations,
    chair,
    appeal_body,
    survey,
)
"""The pages for people who came by a link: none of them needs an account."""
_log = logging.getLogger("casereview.console")


def application(
    office: Office,
    ui: str = "",
    address: str = "",
    throttle: Throttle | None = None,
    receipts_within: timedelta = receipts.WITHIN,
) -> FastAPI:
    """The console over an office; ``ui`` is where the Temporal UI is, ``address`` where this console is.

    ``receipts_within`` is how long a case may take to hear of a receipt. Raises SettingsError.
    """
    settings = office.settings
    secure = settings.console_url.startswith("https://")
    urls = (settings.public_url, settings.console_url)
    pages = Pages({id: policies.load(id) for id in policies.ids()})
    pulse, lookout = Pulse(office), Lookout(office)
    link_desk = LinkDesk.of(office.database, settings, address)
    renderer, throttle = Renderer(TEMPLATES, COUNCILS), throttle or Throttle()
    door = Door.of(settings, pages.policies)
    known = KnownBrowsers(settings.key_ring(), secure)
    desk = Desk(
        office, pages, pulse, lookout, renderer, throttle, known, link_desk, settings.temporal_ui or ui, secure, door
    )

    async def recognised(request: Request) -> None:
        await sign_in.recognise(request, desk_of(request))

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, title="ASB Case Review")
    app.state.desk, app.state.pulse, app.state.lookout, app.state.yearly = desk, pulse, lookout, {}
    app.include_router(statics.router)
    app.include_router(health.router)
    app.include_router(reference.router)
    app.include_router(submissions.router)
    if settings.notify_callback_token:
        app.include_router(receipts.router(receipts_within))
    for part in STAFF:
        app.include_router(part.router, dependencies=[Depends(recognised)])
    if desk.ui:
        app.include_router(codec.router(desk, recognised))
    for router in (apply.router, reports.router, attached.router, saving.router, sending.router, apply.questions):
        app.include_router(router)

    for part in PUBLIC:
        app.include_router(part.router)

    @app.get("/", dependencies=[Depends(recognised)])
    async def front(request: Request) -> Response:
        """Staff who are signed in go to their work; for anybody else it says where to ask for a review."""
        if user := request.state.user:
            return RedirectResponse(home(user), 303)
        only = next(iter(pages.policies)) if len(pages.policies) == 1 else ""
        public, own = (urlsplit(url).netloc for url in urls)
        return pages.public(request, "front", only, staff=not own or own == public or request.url.netloc != public)

    @app.exception_handler(SignInNeeded)
    async def _sign_in(request: Request, error: Exception) -> Response:
        if request.method == "POST":
            return await sign_in.interrupted(request, desk_of(request))
        return RedirectResponse(sign_in.wanted(request), 303)

    @app.exception_handler(SecondFactorOwed)
    async def _second_factor(request: Request, error: Exception) -> Response:
        return await second_factor_pages.owed(request, desk_of(request))

    @app.exception_handler(VisitNeeded)
    async def _visit(request: Request, error: Exception) -> Response:
        return await visit.interrupted(request, desk_of(request))

    @app.exception_handler(Elsewhere)
    async def _elsewhere(request: Request, error: Exception) -> Response:
        return RedirectResponse(cast("Elsewhere", error).to, 303)

    @app.exception_handler(LinkOver)
    async def _over(request: Request, error: Exception) -> Response:
        return await visit.over(request, desk_of(request), cast("LinkOver", error))

    @app.exception_handler(HTTPException)
    async def _refused(request: Request, error: Exception) -> Response:
        http_error = cast("HTTPException", error)
        return problem(request, http_error.status_code, http_error.headers)

    @app.exception_handler(problems.Problem)
    async def _problem(request: Request, error: Exception) -> Response:
        return cast("problems.Problem", error).answer

    @app.exception_handler(Unreadable)
    async def _unreadable(request: Request, error: Exception) -> Response:
        return await operations.unreadable(request, desk_of(request), cast("Unreadable", error))

    @app.exception_handler(RegisterError)
    async def _register(request: Request, error: Exception) -> Response:
        return error_pages.answer(pages, request, 503, kept=await error_pages.what_was_sent(request))

    def problem(request: Request, status: int, headers: Mapping[str, str] | None = None) -> Response:
        return error_pages.answer(pages, request, status, headers)

    app.add_middleware(_Unbroken, problem=problem)
    app.add_middleware(
        Guard, urls=urls, hosts=hosts(*urls, settings.console_host), problem=problem, ui=codec.origin(desk.ui),
        uploads=tuple(uploads.addresses(app.routes)), largest_file=settings.largest_file_bytes,
    )  # fmt: skip
    app.add_middleware(Asker, proxies=settings.proxies)
    app.add_middleware(Traced)
    return app


@contextlib.asynccontextmanager
async def at_work(office: Office, ui: str = "") -> AsyncIterator[str]:
    """The console served until the block ends; its address. Raises PortTaken."""
    settings = office.settings
    host = settings.console_host.strip("[]")
    with bound(settings.console_port, "the console", "CASEREVIEW_CONSOLE_PORT", host) as listening:
        if not settings.local_accounts:
            await identities.end_local(office.database)
        port = listening.getsockname()[1]
        name = f"[{host}]" if ":" in host else host
        app = application(office, ui, f"http://{name}:{port}")
        async with (
            app.state.pulse.watching(), app.state.lookout.watching(), metrics.served(app.state.lookout),
            served(app, listening, "The console"),
        ):  # fmt: skip
            yield settings.console_url or f"http://{name}:{port}"


async def serve(settings: Settings, *, json: bool = False) -> None:
    """Run the console alone until SIGTERM or Ctrl-C. Raises ServerNotRunning, RegisterError,
    KeyRingError or PortTaken."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    keep_private(settings.home, settings.documents_path)
    traces.begin("casereview-console")
    async with Office.open(settings, "console", measured(settings)) as office, at_work(office) as address:
        print(dumps({"console": address}) if json else f"The console is at {address}.", flush=True)
        if not json and settings.local_accounts and not await users.listed(office.database):
            print("Nobody has an account yet; make one with `casereview user add`.", flush=True)
        await stop.wait()
    traces.end()


class _Unbroken:
    """An error nobody foresaw becomes a page; where it came from is logged, and nothing of what was typed."""

    def __init__(self, app: ASGIApp, problem: Callable[[Request, int], Response]) -> None:
        self._app = app
        self._problem = problem

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def answer(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, answer)
        except ClientDisconnect:
            return
        except Exception as error:
            status = 413 if isinstance(error, TooLarge) else 500
            if status == 500:
                _log.error("%s in %s", Ours(named(error)), Ours(where(error.__traceback__)))
            if begun:
                raise RuntimeError("an answer was broken off") from None
            await self._problem(Request(scope), status)(scope, receive, answer)
