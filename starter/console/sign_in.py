"""Signing in, the account page, signing out here or everywhere."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import quote, urlsplit

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from register import identities, users
from register.users import SignedIn, User
from starter.console import passwords, permits
from starter.console.desk import Anybody, AtDesk, Browser, Desk
from starter.console.forms import Fault, posted
from starter.console.throttle import came_from
from starter.console.uploads import typed

IDLE = timedelta(minutes=60)
LONGEST = timedelta(hours=10)
_KEPT = "_kept."

router = APIRouter()


def cookie(secure: bool) -> str:
    return "__Host-casereview" if secure else "casereview"


async def recognise(request: Request, at: Desk) -> None:
    """Put who is signed in, or None, into the request's state."""
    request.state.user = request.state.signed_in = None
    secret = request.cookies.get(cookie(at.secure))
    if secret:
        found = await users.signed_in(at.database, _id(secret), at.now, IDLE, LONGEST)
        request.state.signed_in = found
        request.state.user = found.user if found else None


def wanted(request: Request) -> str:
    """The sign-in page, which leads back to where somebody was going."""
    path = request.url.path
    return f"/sign-in?next={quote(path)}" if path != "/" else "/sign-in"


async def interrupted(request: Request, at: Desk) -> Response:
    """A form sent after the sign-in had ended: what was typed waits in the page until somebody is signed in again."""
    form = (await typed(request)).form
    kept = {f"{_KEPT}{name}": value for name, value in form.values.items()}
    return await shown(request, at, 401, next=request.url.path, kept=kept, interrupted=bool(kept), typed=form.values)


async def shown(request: Request, at: Desk, status: int = 200, **context: object) -> Response:
    """The sign-in page with the ways in that there are."""
    ways = {"elsewhere": at.door.name if at.door else "", "local": at.office.settings.local_accounts}
    return at.pages.show(request, "sign_in", status, **{"next": "", "email": "", "faults": [], **ways, **context})


def address(request: Request, at: Desk) -> str:
    """The console's address as browsers reach it."""
    return at.office.settings.console_url or str(request.base_url).rstrip("/")


@router.get("/sign-in")
async def ask(request: Request, at: AtDesk, next: str = "", left: str = "") -> Response:
    user: User | None = request.state.user
    if user:
        return RedirectResponse(onward(next, user), 303)
    there = await at.door.provider.sign_out_address(address(request, at) + "/sign-in") if left and at.door else None
    return await shown(request, at, next=next, there=there)


@router.post("/sign-in")
async def enter(request: Request, at: AtDesk) -> Response:
    form = await posted(request)
    if not at.office.settings.local_accounts:
        return await shown(request, at, 403, faults=[Fault("elsewhere", "Passwords are not taken here any more")])
    email, password, next = form.one("email"), form.raw("password"), form.one("next")

    kept = {name: value for name, value in form.values.items() if name.startswith(_KEPT)}

    async def again(status: int, *faults: Fault) -> Response:
        return await shown(request, at, status, next=next, email=email, faults=faults, kept=kept)

    empty = [
        Fault(name, f"Enter your {words}")
        for name, words, given in (("email", "e-mail address", email), ("password", "password", password))
        if not given.strip()
    ]
    if empty:
        return await again(422, *empty)
    if not await at.throttle.open(email, came_from(request)):
        return await again(429, Fault("email", "There were too many tries; wait 15 minutes, then try again"))
    found = await users.by_email(at.database, email)
    if not await passwords.right(found[1] if found else None, password) or found is None:
        await at.throttle.failed(came_from(request))
        return await again(422, Fault("email", "The e-mail address or the password is not right"))
    await at.throttle.forget(email)
    if not kept:
        return await entered(request, at, found[0], next)
    values = {name.removeprefix(_KEPT): value for name, value in kept.items()}
    request.state.user = found[0]
    page = at.pages.show(request, "resume", action=onward(next, found[0]), values=values)
    return await entered(request, at, found[0], next, page)


async def entered(request: Request, at: Desk, user: User, next: str, page: Response | None = None) -> Response:
    """A new secret at each sign-in, so that none that was planted before is worth anything."""
    old: SignedIn | None = request.state.signed_in
    if old:
        await users.sign_out(at.database, old.id)
    secret = secrets.token_urlsafe(32)
    await users.sign_in(at.database, user, _id(secret), at.now)
    await users.forget_old(at.database, at.now - LONGEST)
    answer = page or RedirectResponse(onward(next, user), 303)
    answer.set_cookie(
        cookie(at.secure), secret, max_age=int(LONGEST.total_seconds()), path="/", secure=at.secure, httponly=True,
        samesite="lax",
    )  # fmt: skip
    return answer


@router.get("/account")
async def account(request: Request, at: AtDesk, user: Anybody, changed: str = "") -> Response:
    return await _account(request, at, user, changed=bool(changed))


@router.post("/account/password")
async def change(request: Request, at: AtDesk, user: Anybody) -> Response:
    form = await posted(request)
    old, new = form.raw("old"), form.raw("new")
    faults = []
    found = await users.by_email(at.database, user.email)
    if not await at.throttle.open(user.email, came_from(request)):
        faults.append(Fault("old", "There were too many tries; wait 15 minutes, then try again"))
    elif found is None or not await passwords.right(found[1], old):
        await at.throttle.failed(came_from(request))
        faults.append(Fault("old", "The present password is not right"))
    else:
        await at.throttle.forget(user.email)
    if len(new) < passwords.LEAST:
        faults.append(Fault("new", f"The new password must have at least {passwords.LEAST} characters"))
    if faults:
        return await _account(request, at, user, 422, faults=faults)
    await users.set_password(at.database, user.email, await passwords.hashed(new), at.now)
    return await entered(request, at, user, "/account?changed=1")


@router.post("/sign-out")
async def leave(request: Request, at: AtDesk, browser: Browser) -> Response:
    await users.sign_out(at.database, browser.id)
    return await _left(at, browser.user)


@router.post("/sign-out-everywhere")
async def leave_everywhere(request: Request, at: AtDesk, browser: Browser) -> Response:
    await users.sign_out_everywhere(at.database, browser.user)
    return await _left(at, browser.user)


async def _left(at: Desk, user: User) -> Response:
    elsewhere = at.door is not None and await identities.bound(at.database, user)
    answer = RedirectResponse("/sign-in?left=yes" if elsewhere else "/sign-in", 303)
    answer.headers["Clear-Site-Data"] = '"cache"'
    answer.delete_cookie(cookie(at.secure), path="/", secure=at.secure, httponly=True, samesite="lax")
    return answer


async def _account(
    request: Request, at: Desk, user: User, status: int = 200, *, faults: Sequence[Fault] = (), changed: bool = False
) -> Response:
    elsewhere = at.door.name if at.door and await identities.bound(at.database, user) else ""
    return at.pages.show(
        request, "account", status, council=_council(at, user), faults=faults, changed=changed, elsewhere=elsewhere
    )


def _council(at: Desk, user: User) -> str:
    return "Every council" if user.council == users.EVERY_COUNCIL else at.pages.council(user.council)


def onward(next: str, user: User) -> str:
    """A path of this console, whatever was asked for."""
    parts = urlsplit(next)
    own = next.startswith("/") and not next.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return next if own and "\\" not in next and next != "/" else permits.home(user)


def _id(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
