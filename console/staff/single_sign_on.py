"""Signing in with the council's own provider: there, back again, and who then comes in."""

from __future__ import annotations

import logging
from urllib.parse import quote, unquote

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from connection.logs import Ours
from console.oidc.door import Attempt, Door
from console.oidc.provider import NotAccepted, NotTrusted, ProviderDown
from console.oidc.roles import NoRole
from console.staff.sign_in import address, entered, onward, shown
from console.web.desk import AtDesk, Desk
from console.web.posted_forms import Fault
from console.web.throttle import PROVIDER, Counted, TooOften, bucket, came_from
from register import identities
from register.identities import NotLetIn

BACK = "/sign-in/back"
_WITHIN = 600
_LONGEST = 1_000
_log = logging.getLogger("casereview.sign_in")

router = APIRouter()


@router.get("/sign-in/elsewhere")
async def there(request: Request, desk: AtDesk, next: str = "") -> Response:
    """To the provider, by a link and never by a form: browsers hold form-action against redirects too."""
    door, onto = _door(desk), quote(next)
    attempt = Attempt.begin(onto if len(onto) <= _LONGEST else "")
    try:
        to = await door.provider.sign_in_address(
            address(request, desk) + BACK, attempt.state, attempt.nonce, attempt.verifier
        )
    except ProviderDown as error:
        return await _down(request, desk, error, next)
    answer = RedirectResponse(to, 303)
    answer.set_cookie(
        _cookie(desk), attempt.cookie, max_age=_WITHIN, path="/", secure=desk.secure, httponly=True, samesite="lax"
    )
    return answer


@router.get(BACK)
async def back(
    request: Request, desk: AtDesk, code: str = "", state: str = "", error: str = "", iss: str | None = None
) -> Response:
    """In, if everything that was said holds together; else one sentence, and the attempt is over."""
    door = _door(desk)
    attempt = Attempt.of(request.cookies.get(_cookie(desk), ""))
    if attempt is None or not attempt.fits(state):
        if request.state.user:
            return RedirectResponse(onward("", request.state.user), 303)
        return await _refused(
            request, desk, 400, "This sign-in was not begun in this browser, or more than ten minutes ago; begin again."
        )
    if error or not code:
        return await _refused(request, desk, 403, f"You were not signed in with {door.name}; begin again.")
    try:
        turn = desk.throttle.take(Counted(PROVIDER, bucket(came_from(request))))
    except TooOften as often:
        return await _refused(
            request,
            desk,
            429,
            f"Too many sign-ins from where you are were refused; wait {often.wait}, then begin again.",
        )
    try:
        answer = await _entered(request, desk, door, attempt, code, iss)
    except NotAccepted:
        return await _refused(request, desk, 403, "This sign-in was used before or took too long; begin again.")
    except NotTrusted as wrong:
        _log.warning("a sign-in was refused: %s", Ours(str(wrong)))
        return await _refused(
            request,
            desk,
            403,
            f"What came from {door.name} could not be trusted, so nobody is signed in; tell your team.",
        )
    except NoRole as refusal:
        turn.right()
        return await _refused(request, desk, 403, refusal.words)
    except NotLetIn as refusal:
        turn.right()
        return await _refused(request, desk, 403, str(refusal))
    except ProviderDown as error_:
        return await _down(request, desk, error_)
    turn.right()
    answer.delete_cookie(_cookie(desk), path="/", secure=desk.secure, httponly=True, samesite="lax")
    return answer


async def _entered(
    request: Request, desk: Desk, door: Door, attempt: Attempt, code: str, issuer: str | None
) -> Response:
    provider = door.provider
    if not await provider.answered_by(issuer):
        raise NotTrusted("the answer names another issuer")
    claims = await provider.claims(
        code, address(request, desk) + BACK, attempt.nonce, attempt.verifier, door.roles.wanted
    )  # fmt: skip
    subject = str(claims["sub"])
    try:
        person = door.roles.person(claims, door.name)
    except NoRole:
        await identities.shut_out(desk.database, provider.issuer, subject)
        raise
    user = await identities.enter(
        desk.database, issuer=provider.issuer, subject=subject, name=person.name, email=person.email,
        role=person.role, council=person.council, now=desk.now,
    )  # fmt: skip
    return await entered(request, desk, user, unquote(attempt.next))


async def _refused(request: Request, desk: Desk, status: int, words: str) -> Response:
    answer = await shown(request, desk, status, faults=[Fault("elsewhere", words)])
    answer.delete_cookie(_cookie(desk), path="/", secure=desk.secure, httponly=True, samesite="lax")
    return answer


async def _down(request: Request, desk: Desk, error: ProviderDown, next: str = "") -> Response:
    """The sign-in page, which says so and has the other way in, where there is one."""
    _log.warning("the sign-in provider cannot be used: %s", Ours(str(error)))
    name = _door(desk).name
    otherwise = " or use a password of this service, if you have one" if desk.office.settings.local_accounts else ""
    words = (
        f"You cannot be signed in with {name} just now: the service that knows it does not answer. Nothing is wrong "
        f"with your account. Try again in a few minutes{otherwise}; tell your team if it goes on."
    )
    return await shown(request, desk, 503, next=next, faults=[Fault("elsewhere", words)])


def _door(desk: Desk) -> Door:
    if desk.door is None:
        raise HTTPException(404)
    return desk.door


def _cookie(desk: Desk) -> str:
    return "__Host-casereview-attempt" if desk.secure else "casereview-attempt"
