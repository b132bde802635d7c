"""Opening a link: from a letter's address, or typed from paper. Nothing of the case is shown before it is open."""

from __future__ import annotations

import secrets

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from connection import signature
from console.visitors.visitor import LONGEST, LinkOver, cookie, hashed, home, standing
from console.web import form_cookie
from console.web.desk import AtDesk, Desk
from console.web.posted_forms import Fault, Posted, posted
from console.web.throttle import LINKS, PATIENCE, Counted, TooOften, bucket, came_from
from console.web.uploads import SentForm, typed
from register import links, visits
from register.links import Link, LinkState

ELSEWHERE = "https://www.bbc.co.uk/weather"
_KEPT = "_kept."
_UNKNOWN = "That is not a link of ours. Copy it from your letter as it stands there, or ring the number in the letter"
_TOO_OFTEN = "There were too many tries; wait {wait}, then try again, or ring the number in your letter"

router = APIRouter()


class TooManyTries(Fault):
    """A code that was not looked at."""


@router.get("/l")
async def ask(request: Request, desk: AtDesk) -> Response:
    return _form(request, desk, 200)


@router.get("/l/{token}")
async def follow(request: Request, desk: AtDesk, token: str) -> Response:
    """The letter's address, which a mail scanner may fetch too: it opens the link in that browser and does nothing."""
    link = await _link(request, desk, token)
    if isinstance(link, Fault):
        return _form(request, desk, _status(link), link)
    return await _entered(request, desk, link, home(link))


@router.post("/l")
async def enter(request: Request, desk: AtDesk) -> Response:
    form = await posted(request)
    kept = {name: value for name, value in form.values.items() if name.startswith(_KEPT)}
    next = form.value("next")
    token = form.value("token").rstrip("/").rpartition("/")[2]
    link = await _link(request, desk, token) if token else Fault("token", "Enter the code at the end of your link")
    if isinstance(link, Fault):
        return _form(request, desk, _status(link), link, kept=kept, next=next, token=form.value("token")[:200])
    own = next.startswith(f"{home(link)}/") and "\\" not in next
    if not (kept and own):
        return await _entered(request, desk, link, next if own else home(link))
    values = {name.removeprefix(_KEPT): value for name, value in kept.items()}
    visitor = await standing(desk, link)
    page = desk.pages.public(request, "visit_resume", visitor.council, action=next, values=values)
    return await _entered(request, desk, link, next, page)


@router.post("/leave")
async def leave(request: Request, desk: AtDesk) -> Response:
    """This browser forgets every link it has open."""
    return await _left(request, desk, "/l?left=1")


@router.get("/exit")
async def leave_quickly(request: Request, desk: AtDesk) -> Response:
    """Away at once, to a page that tells nothing; whoever goes back finds the link and the form shut."""
    if not form_cookie.of_ours(request):
        return RedirectResponse(ELSEWHERE, 303)
    answer = await _left(request, desk, ELSEWHERE)
    form_cookie.forget(answer, desk.secure)
    return answer


async def _left(request: Request, desk: Desk, to: str) -> Response:
    if secret := request.cookies.get(cookie(desk.links.secure)):
        await visits.end(desk.database, hashed(secret))
    answer = RedirectResponse(to, 303)
    answer.headers["Clear-Site-Data"] = '"cache"'
    answer.delete_cookie(cookie(desk.links.secure), path="/", secure=desk.links.secure, httponly=True, samesite="lax")
    return answer


async def interrupted(request: Request, desk: Desk) -> Response:
    """A page whose link is not open in this browser: the code opens it, and what was typed waits in the page."""
    sent = await typed(request) if request.method == "POST" else SentForm(Posted())
    kept = {f"{_KEPT}{name}": value for name, value in sent.form.values.items()}
    return _form(request, desk, 401, kept=kept, next=request.url.path, interrupted=True, file=sent.chosen)


async def over(request: Request, desk: Desk, error: LinkOver) -> Response:
    """A link that does not open any more, and whom to ask; nothing of the case."""
    policy = desk.pages.policies.get(error.council)
    return desk.pages.public(
        request, "link_over", error.council, 410, expired=error.state is LinkState.EXPIRED,
        contact=policy.contact if policy else None,
    )  # fmt: skip


async def _link(request: Request, desk: Desk, token: str) -> Link | Fault:
    """The link of a token, or what is wrong with it. Raises LinkOver for one that was good and is no more."""
    try:
        turn = await desk.throttle.turn(Counted(LINKS, bucket(came_from(request))), patience=PATIENCE)
    except TooOften as error:
        return TooManyTries("token", _TOO_OFTEN.format(wait=error.wait))
    parts = signature.read(token)
    link = await links.by_id(desk.database, parts[0]) if parts else None
    if parts is None or link is None or not desk.links.signer.right(link, parts[1]):
        return Fault("token", _UNKNOWN)
    turn.right()
    await standing(desk, link)
    return link


async def _entered(request: Request, desk: Desk, link: Link, next: str, page: Response | None = None) -> Response:
    """A new secret each time, so that none that was planted before is worth anything."""
    old = request.cookies.get(cookie(desk.links.secure), "")
    secret = secrets.token_urlsafe(32)
    await visits.begin(desk.database, hashed(secret), link.id, desk.now, before=hashed(old) if old else "")
    await visits.forget_old(desk.database, desk.now - LONGEST)
    answer = page or RedirectResponse(next, 303)
    answer.set_cookie(
        cookie(desk.links.secure), secret, max_age=int(LONGEST.total_seconds()), path="/", secure=desk.links.secure,
        httponly=True, samesite="lax",
    )  # fmt: skip
    return answer


def _form(
    request: Request, desk: Desk, status: int, *faults: Fault, kept: dict[str, str] | None = None, next: str = "",
    token: str = "", interrupted: bool = False, file: bool = False,
) -> Response:  # fmt: skip
    return desk.pages.public(
        request, "link_entry", "", status, faults=list(faults), kept=kept or {}, next=next, token=token,
        interrupted=interrupted, file=file, left=request.query_params.get("left") == "1",
    )  # fmt: skip


def _status(fault: Fault) -> int:
    return 429 if isinstance(fault, TooManyTries) else 422
