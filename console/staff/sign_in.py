"""Signing in, the account page, signing out here, there or everywhere."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from urllib.parse import quote, urlsplit

from fastapi import APIRouter
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console.staff.browser_name import called
from console.web.desk import Anybody, AtDesk, Browser, Desk, owes_factor
from console.web.posted_forms import Fault, posted
from console.web.throttle import OWN, Counted, TooOften, came_from
from console.web.uploads import typed
from office import account_notices, passwords, permits
from office.account_notices import Notice
from register import identities, second_factors, users
from register.account_record import Keeper
from register.users import SignedIn, User

IDLE = timedelta(minutes=60)
LONGEST = timedelta(hours=10)
HALF_WAY = timedelta(minutes=10)
KEPT = "_kept."

DONE = {
    "password": "Your password is changed, and you are signed out everywhere else.",
    "browser": "That browser is signed out.",
    "browsers": "You are signed out everywhere else.",
    "factor": "Your second factor is set up, and you are signed out everywhere else.",
    "factor-off": "Your second factor is turned off, and you are signed out everywhere else.",
}
"""What somebody just did to their own account, as the page says it."""
_TOO_OFTEN = (
    "There were too many tries, so this one was not looked at: wait {wait}, then try again. A browser in which you "
    "signed in before has tries of its own, whatever others try"
)

router = APIRouter()


def cookie(secure: bool) -> str:
    return "__Host-casereview" if secure else "casereview"


async def recognise(request: Request, desk: Desk) -> None:
    """Put who is signed in, or None, into the request's state."""
    request.state.user = request.state.signed_in = None
    secret = request.cookies.get(cookie(desk.secure))
    if secret:
        signed_in = await users.signed_in(desk.database, secret_id(secret), desk.now, IDLE, LONGEST)
        request.state.signed_in = signed_in
        request.state.user = signed_in.user if signed_in else None


def wanted(request: Request) -> str:
    """The sign-in page, which leads back to where somebody was going."""
    path = request.url.path
    return f"/sign-in?next={quote(path)}" if path != "/" else "/sign-in"


async def interrupted(request: Request, desk: Desk) -> Response:
    """A form sent after the sign-in had ended: what was typed waits in the page until somebody is signed in again."""
    form = (await typed(request)).form
    kept = {f"{KEPT}{name}": value for name, value in form.values.items()}
    return await shown(request, desk, 401, next=request.url.path, kept=kept, interrupted=bool(kept), typed=form.values)


async def shown(request: Request, desk: Desk, status: int = 200, **context: object) -> Response:
    """The sign-in page with the ways in that there are."""
    ways = {"elsewhere": desk.door.name if desk.door else "", "local": desk.office.settings.local_accounts}
    return desk.pages.show(request, "sign_in", status, **{"next": "", "email": "", "faults": [], **ways, **context})


def address(request: Request, desk: Desk) -> str:
    """The console's address as browsers reach it."""
    return desk.office.settings.console_url or str(request.base_url).rstrip("/")


@router.get("/sign-in")
async def ask(request: Request, desk: AtDesk, next: str = "", left: str = "", chosen: str = "") -> Response:
    user: User | None = request.state.user
    if user:
        return RedirectResponse(onward(next, user), 303)
    there = (
        await desk.door.provider.sign_out_address(address(request, desk) + "/sign-in") if left and desk.door else None
    )
    return await shown(request, desk, next=next, there=there, chosen=bool(chosen))


@router.post("/sign-in")
async def enter(request: Request, desk: AtDesk) -> Response:
    form = await posted(request)
    if not desk.office.settings.local_accounts:
        return await shown(request, desk, 403, faults=[Fault("elsewhere", "Passwords are not taken here any more")])
    email, password, next = form.value("email"), form.raw("password"), form.value("next")

    kept = {name: value for name, value in form.values.items() if name.startswith(KEPT)}

    async def again(status: int, *faults: Fault) -> Response:
        return await shown(request, desk, status, next=next, email=email, faults=faults, kept=kept)

    empty = [
        Fault(name, f"Enter your {words}")
        for name, words, given in (("email", "e-mail address", email), ("password", "password", password))
        if not given.strip()
    ]
    if empty:
        return await again(422, *empty)
    try:
        turn = await desk.throttle.sign_in(email, came_from(request), desk.known.name(request, email))
    except TooOften as error:
        answer = await again(429, Fault("email", _TOO_OFTEN.format(wait=error.wait)))
        answer.headers["Retry-After"] = str(error.seconds)
        return answer
    account = await users.by_email(desk.database, email)
    if not await passwords.right(account[1] if account else None, password) or account is None:
        return await again(422, Fault("email", "The e-mail address or the password is not right"))
    turn.right()
    if await second_factors.of(desk.database, account[0]):
        return await half_way(request, desk, account[0], next, kept)
    return await admitted(request, desk, account[0], next, kept)


async def half_way(request: Request, desk: Desk, user: User, next: str, kept: Mapping[str, str]) -> Response:
    """To the page that asks for the second factor; until then the browser's secret opens nothing else."""
    if kept:
        answer: Response = ask_code(request, desk, next=next, kept=kept)
    else:
        answer = RedirectResponse(f"/sign-in/code?next={quote(next)}" if next else "/sign-in/code", 303)
    return await _remembered(request, desk, user, answer, half_way=True)


def ask_code(request: Request, desk: Desk, status: int = 200, **context: object) -> Response:
    """The page that asks for a code of the app, or for a recovery code."""
    return desk.pages.show(
        request, "sign_in_code", status, **{"next": "", "kept": {}, "recovery": False, "faults": [], **context}
    )


async def admitted(request: Request, desk: Desk, user: User, next: str, kept: Mapping[str, str]) -> Response:
    """In, and on to where somebody was going, with what they had typed."""
    if not kept:
        return await entered(request, desk, user, next)
    values = {name.removeprefix(KEPT): value for name, value in kept.items()}
    request.state.user = user
    page = desk.pages.show(request, "resume", action=onward(next, user), values=values)
    return await entered(request, desk, user, next, page)


async def entered(request: Request, desk: Desk, user: User, next: str, page: Response | None = None) -> Response:
    """Signed in, and on to where somebody was going."""
    return await _remembered(request, desk, user, page or RedirectResponse(onward(next, user), 303))


async def _remembered(
    request: Request, desk: Desk, user: User, answer: Response, *, half_way: bool = False
) -> Response:
    """A new secret at each sign-in, so that none that was planted before is worth anything."""
    if old := request.cookies.get(cookie(desk.secure)):
        await users.sign_out(desk.database, secret_id(old))
    secret = secrets.token_urlsafe(32)
    await users.sign_in(
        desk.database, user, secret_id(secret), desk.now, browser=called(request.headers.get("user-agent", "")),
        address=came_from(request), half_way=half_way,
    )  # fmt: skip
    await users.forget_old(desk.database, desk.now - LONGEST)
    lasts = HALF_WAY if half_way else LONGEST
    answer.set_cookie(
        cookie(desk.secure), secret, max_age=int(lasts.total_seconds()), path="/", secure=desk.secure, httponly=True,
        samesite="lax",
    )  # fmt: skip
    if desk.office.settings.local_accounts and not half_way:
        desk.known.remember(answer, user.email)
    return answer


@router.get("/account")
async def account(request: Request, desk: AtDesk, user: Anybody, done: str = "") -> Response:
    return await _account(request, desk, user, done=DONE.get(done, ""))


@router.post("/account/password")
async def change(request: Request, desk: AtDesk, user: Anybody) -> Response:
    form = await posted(request)
    old, new = form.raw("old"), form.raw("new")
    faults = []
    account = await users.by_email(desk.database, user.email)
    try:
        turn = desk.throttle.take(Counted(OWN, user.id))
        if account is None or not await passwords.right(account[1], old):
            faults.append(Fault("old", "The present password is not right"))
        else:
            turn.right()
    except TooOften as error:
        faults.append(Fault("old", f"There were too many tries; wait {error.wait}, then try again"))
    if weak := passwords.weakness(new, user.name, user.email, council_of(desk, user)):
        faults.append(Fault("new", weak))
    if faults:
        return await _account(request, desk, user, 422, faults=faults)
    await users.set_password(
        desk.database, user.email, await passwords.hashed(new), desk.now, Keeper(user.id, user.name)
    )  # fmt: skip
    answer = await entered(request, desk, user, "/account?done=password")
    return told(answer, desk, user, account_notices.own_password())


def told(answer: Response, desk: Desk, user: User, notice: Notice) -> Response:
    """The same answer, after which the owner of an account is told by e-mail what happened to it."""
    answer.background = BackgroundTask(account_notices.send, desk.office.settings, user, notice)
    return answer


@router.post("/sign-out")
async def leave(request: Request, desk: AtDesk, browser: Browser) -> Response:
    await users.sign_out(desk.database, browser.id)
    return await _left(desk, browser.user)


@router.post("/sign-out-everywhere")
async def leave_everywhere(request: Request, desk: AtDesk, browser: Browser) -> Response:
    await users.sign_out_everywhere(desk.database, browser.user)
    return await _left(desk, browser.user)


@router.post("/account/browsers")
async def end_browsers(request: Request, desk: AtDesk, user: Anybody, browser: Browser) -> Response:
    """Sign out one other browser, or all of them."""
    id = (await posted(request)).value("id")
    await users.sign_out_others(desk.database, user, browser.id, id)
    return RedirectResponse(f"/account?done={'browser' if id else 'browsers'}", 303)


async def _left(desk: Desk, user: User) -> Response:
    elsewhere = desk.door is not None and await identities.bound(desk.database, user)
    answer = RedirectResponse("/sign-in?left=yes" if elsewhere else "/sign-in", 303)
    answer.headers["Clear-Site-Data"] = '"cache"'
    answer.delete_cookie(cookie(desk.secure), path="/", secure=desk.secure, httponly=True, samesite="lax")
    return answer


async def _account(
    request: Request, desk: Desk, user: User, status: int = 200, *, faults: Sequence[Fault] = (), done: str = ""
) -> Response:
    elsewhere = desk.door.name if desk.door and await identities.bound(desk.database, user) else ""
    browser: SignedIn | None = request.state.signed_in
    return desk.pages.show(
        request, "account", status, council=council_of(desk, user), faults=faults, done=done, elsewhere=elsewhere,
        factor=await second_factors.of(desk.database, user), owes=owes_factor(request),
        browsers=await users.browsers(desk.database, user, desk.now, IDLE, LONGEST), here=browser.id if browser else "",
    )  # fmt: skip


def council_of(desk: Desk, user: User) -> str:
    return "Every council" if user.council == users.EVERY_COUNCIL else desk.pages.council(user.council)


def onward(next: str, user: User) -> str:
    """A path of this console, whatever was asked for."""
    parts = urlsplit(next)
    own = next.startswith("/") and not next.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return next if own and "\\" not in next and next != "/" else permits.home(user)


def secret_id(secret: str) -> str:
    """What the register knows a browser's secret by."""
    return hashlib.sha256(secret.encode()).hexdigest()
