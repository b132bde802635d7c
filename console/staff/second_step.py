"""The second step of signing in: a code of the app, or a recovery code, after the password was right."""

from __future__ import annotations

import logging
from datetime import timedelta
from urllib.parse import quote

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console.staff import sign_in
from console.staff.sign_in import HALF_WAY, KEPT, admitted, ask_code, cookie, secret_id, told
from console.web.desk import AtDesk, Desk
from console.web.posted_forms import Fault, posted
from console.web.throttle import CODE, Counted, TooOften
from office import account_notices, second_factor
from office.second_factor import Unopened
from register import account_record, second_factors, users
from register.account_record import SERVICE, AccountDeed
from register.users import User

_TOO_LATE = "That took more than ten minutes; sign in again"
_TOO_OFTEN = "There were too many tries; wait {wait}, then try again"
_UNREADABLE = (
    "Codes of your app cannot be checked here just now, and yours may be right: use a recovery code, or ask a manager "
    "to reset your second factor"
)
_TOLD_AGAIN = timedelta(hours=1)
_log = logging.getLogger("casereview.sign_in")

router = APIRouter()


@router.get("/sign-in/code")
async def ask(request: Request, desk: AtDesk, next: str = "", recovery: str = "") -> Response:
    if await _half_way(request, desk) is None:
        return RedirectResponse(f"/sign-in?next={quote(next)}" if next else "/sign-in", 303)
    return ask_code(request, desk, next=next, recovery=bool(recovery))


@router.post("/sign-in/code")
async def enter(request: Request, desk: AtDesk) -> Response:
    form = await posted(request)
    next, recovery = form.value("next"), bool(form.value("recovery"))
    kept = {name: value for name, value in form.values.items() if name.startswith(KEPT)}
    user = await _half_way(request, desk)
    if user is None:
        return await sign_in.shown(request, desk, 401, next=next, kept=kept, faults=[Fault("email", _TOO_LATE)])
    if form.value("_press") == "other":
        return ask_code(request, desk, next=next, kept=kept, recovery=not recovery)
    status, words = await tried(request, desk, user, form.value("code"), recovery=recovery)
    if words:
        faults = [Fault("code", words)]
        answer = ask_code(request, desk, status, next=next, kept=kept, recovery=recovery, faults=faults)
        return await _warned(answer, desk, user) if status == 429 else answer
    answer = await admitted(request, desk, user, next, kept)
    if not recovery:
        return answer
    factor = await second_factors.of(desk.database, user)
    return told(answer, desk, user, account_notices.code_used(factor.codes if factor else 0))


async def tried(request: Request, desk: Desk, user: User, typed: str, *, recovery: bool = False) -> tuple[int, str]:
    """Take a code of somebody's; 200 and no words if it is right, else the status and what is wrong.

    Codes are counted apart from passwords: whoever has the password would begin afresh with each right one. The
    browsers in which their owner signed in before have tries of their own, all of them together, so that whoever has
    the password keeps nobody out of those.
    """
    if not typed:
        return 422, "Enter a recovery code" if recovery else "Enter the code from your app"
    try:
        where = "known" if desk.known.name(request, user.email) else ""
        turn = desk.throttle.take(Counted(CODE, f"{user.id}\0{where}"))
    except TooOften as error:
        return 429, _TOO_OFTEN.format(wait=error.wait)
    try:
        right = (
            await second_factor.right_recovery_code(desk.database, user, typed, desk.now)
            if recovery
            else await second_factor.right_code(desk.database, desk.office.settings, user, typed, desk.now)
        )
    except Unopened as error:
        _log.error("a second factor cannot be read: %s", error)
        return 503, _UNREADABLE
    if right:
        turn.right()
        return 200, ""
    if recovery:
        return 422, "That is none of your recovery codes, or it was used before"
    return 422, "The code is not right, or was used before; enter the one your app shows now"


async def _warned(answer: Response, desk: Desk, user: User) -> Response:
    """The owner is told, once in an hour: somebody has their password."""
    deed = AccountDeed.CODES_TRIED
    if await account_record.add_once(desk.database, user.id, deed, SERVICE, desk.now, _TOLD_AGAIN):
        return told(answer, desk, user, account_notices.codes_tried())
    return answer


async def _half_way(request: Request, desk: Desk) -> User | None:
    secret = request.cookies.get(cookie(desk.secure), "")
    return await users.half_way(desk.database, secret_id(secret), desk.now, HALF_WAY) if secret else None
