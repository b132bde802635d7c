"""Somebody's own second factor: set up with their app, recovery codes, turned off or moved to another phone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import segno
from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console.staff.second_step import tried
from console.staff.sign_in import told
from console.web.desk import Anybody, AtDesk, Browser, Desk, owes_factor
from console.web.posted_forms import Fault, posted
from console.web.throttle import OWN, Counted, TooOften
from console.web.uploads import typed
from office import account_notices, passwords, permits, second_factor
from register import identities, second_factors, users
from register.users import SignedIn, User

HOME = "/account/second-factor"
_FRESH = timedelta(minutes=15)
"""For so long after the sign-in nobody is asked for the password again."""

router = APIRouter()


@router.get(HOME)
async def show(request: Request, desk: AtDesk, user: Anybody, browser: Browser) -> Response:
    await _local(desk, user)
    if await second_factors.of(desk.database, user):
        return await _kept(request, desk, user)
    return await _offered(request, desk, user, browser)


@router.post(HOME)
async def set_up(request: Request, desk: AtDesk, user: Anybody, browser: Browser) -> Response:
    """The first code of the app; then the recovery codes, shown this once."""
    await _local(desk, user)
    form = await posted(request)
    if await second_factors.of(desk.database, user):
        return RedirectResponse(HOME, 303)
    settings = desk.office.settings
    app, offered = await second_factor.being_set_up(desk.database, settings, user, browser.id)
    faults = []
    if not form.value("code"):
        faults.append(Fault("code", "Enter the code from your app"))
    if _asks_password(desk, browser) and (wrong := await _password_fault(request, desk, user, form.raw("password"))):
        faults.append(wrong)
    if faults:
        return await _offered(request, desk, user, browser, faults)
    codes = await second_factor.set_up(
        desk.database, settings, app, offered, user, form.value("code"), desk.now, stays=browser.id
    )  # fmt: skip
    if not codes:
        wrong = Fault("code", "The code is not right; enter the one your app shows now")
        return await _offered(request, desk, user, browser, [wrong])
    answer = desk.pages.show(request, "recovery_codes", codes=codes, made=desk.now, first=True, home=permits.home(user))
    return told(answer, desk, user, account_notices.factor_set_up())


@router.post(f"{HOME}/codes")
async def renew(request: Request, desk: AtDesk, user: Anybody) -> Response:
    """New recovery codes in the place of the old ones, for a code of the app."""
    await _held(desk, user)
    status, words = await tried(request, desk, user, (await posted(request)).value("renew"))
    if words:
        return await _kept(request, desk, user, status, [Fault("renew", words)])
    codes = await second_factor.new_codes(desk.database, user, desk.now)
    return desk.pages.show(request, "recovery_codes", codes=codes, made=desk.now, first=False, home="/account")


@router.post(f"{HOME}/end")
async def end(request: Request, desk: AtDesk, user: Anybody, browser: Browser) -> Response:
    """Turn it off, or begin with another phone where one is required, for a code of the app or a recovery code."""
    await _held(desk, user)
    typed_code = (await posted(request)).value("end")
    recovery = not typed_code.replace(" ", "").isdecimal()
    status, words = await tried(request, desk, user, typed_code, recovery=recovery and bool(typed_code))
    if words:
        return await _kept(request, desk, user, status, [Fault("end", words)])
    await second_factors.turn_off(desk.database, user, desk.now, stays=browser.id)
    required = desk.office.settings.second_factor == "required"
    answer = RedirectResponse(HOME if required else "/account?done=factor-off", 303)
    return told(answer, desk, user, account_notices.factor_turned_off())


async def owed(request: Request, desk: Desk) -> Response:
    """Where somebody is led who must set one up first; what they had typed waits in the page meanwhile."""
    if request.method != "POST":
        return RedirectResponse(HOME, 303)
    values = (await typed(request)).form.values
    return desk.pages.show(request, "second_factor_owed", 403, action=request.url.path, values=values)


async def _offered(
    request: Request, desk: Desk, user: User, browser: SignedIn, faults: Sequence[Fault] = ()
) -> Response:
    app, _ = await second_factor.being_set_up(desk.database, desk.office.settings, user, browser.id)
    return desk.pages.show(
        request, "second_factor_offered", 422 if faults else 200, key=app.key, email=user.email, faults=faults,
        qr=_drawn(app.address), owes=owes_factor(request), asks_password=_asks_password(desk, browser),
    )  # fmt: skip


async def _kept(request: Request, desk: Desk, user: User, status: int = 200, faults: Sequence[Fault] = ()) -> Response:
    return desk.pages.show(
        request, "second_factor", status, factor=await second_factors.of(desk.database, user), faults=faults,
        required=desk.office.settings.second_factor == "required",
    )  # fmt: skip


async def _local(desk: Desk, user: User) -> None:
    """404 for somebody who signs in with the provider: their second factor is there."""
    if await identities.bound(desk.database, user):
        raise HTTPException(404)


async def _held(desk: Desk, user: User) -> None:
    if await second_factors.of(desk.database, user) is None:
        raise HTTPException(404)


def _asks_password(desk: Desk, browser: SignedIn) -> bool:
    return desk.now - browser.started_at > _FRESH


async def _password_fault(request: Request, desk: Desk, user: User, password: str) -> Fault | None:
    if not password:
        return Fault("password", "Enter your password")
    try:
        turn = desk.throttle.take(Counted(OWN, user.id))
    except TooOften as error:
        return Fault("password", f"There were too many tries; wait {error.wait}, then try again")
    account = await users.by_email(desk.database, user.email)
    if not await passwords.right(account[1] if account else None, password):
        return Fault("password", "The password is not right")
    turn.right()
    return None


def _drawn(address: str) -> str:
    """A QR code as SVG, black on white with its quiet zone, no style and no script in it."""
    return segno.make(address, error="m", micro=False).svg_inline(
        border=4, light="#fff", svgclass="app-qr", omitsize=True
    )
