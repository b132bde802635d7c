"""Signing in with the council's own provider: there, back again, and who then comes in."""

from __future__ import annotations

import logging
from urllib.parse import quote, unquote

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from register import identities
from register.identities import NotLetIn
from starter.console.desk import AtDesk, Desk
from starter.console.forms import Fault
from starter.console.sign_in import address, entered, onward, shown
from starter.oidc.door import Attempt, Door
from starter.oidc.provider import NotAccepted, NotTrusted, ProviderDown
from starter.oidc.roles import NoPart

BACK = "/sign-in/back"
_WITHIN = 600
_LONGEST = 1_000
_log = logging.getLogger("casereview.sign_in")

router = APIRouter()


@router.get("/sign-in/elsewhere")
async def there(request: Request, at: AtDesk, next: str = "") -> Response:
    """To the provider, by a link and never by a form: browsers hold form-action against redirects too."""
    door, onto = _door(at), quote(next)
    attempt = Attempt.begin(onto if len(onto) <= _LONGEST else "")
    try:
        to = await door.provider.sign_in_address(
            address(request, at) + BACK, attempt.state, attempt.nonce, attempt.verifier
        )
    except ProviderDown as error:
        return _down(request, at, error)
    answer = RedirectResponse(to, 303)
    answer.set_cookie(
        _cookie(at), attempt.cookie, max_age=_WITHIN, path="/", secure=at.secure, httponly=True, samesite="lax"
    )
    return answer


@router.get(BACK)
async def back(
    request: Request, at: AtDesk, code: str = "", state: str = "", error: str = "", iss: str | None = None
) -> Response:
    """In, if everything that was said holds together; else one sentence, and the attempt is over."""
    door = _door(at)
    attempt = Attempt.of(request.cookies.get(_cookie(at), ""))
    if attempt is None or not attempt.fits(state):
        if request.state.user:
            return RedirectResponse(onward("", request.state.user), 303)
        return await _refused(
            request, at, 400, "This sign-in was not begun in this browser, or more than ten minutes ago; begin again."
        )
    if error or not code:
        return await _refused(request, at, 403, f"You were not signed in with {door.name}; begin again.")
    try:
        answer = await _entered(request, at, door, attempt, code, iss)
    except NotAccepted:
        return await _refused(request, at, 403, "This sign-in was used before or took too long; begin again.")
    except NotTrusted as wrong:
        _log.warning("a sign-in was refused: %s", wrong)
        return await _refused(
            request,
            at,
            403,
            f"What came from {door.name} could not be trusted, so nobody is signed in; tell your team.",
        )
    except NoPart as refusal:
        return await _refused(request, at, 403, refusal.words)
    except NotLetIn as refusal:
        return await _refused(request, at, 403, str(refusal))
    except ProviderDown as error_:
        return _down(request, at, error_)
    answer.delete_cookie(_cookie(at), path="/", secure=at.secure, httponly=True, samesite="lax")
    return answer


async def _entered(request: Request, at: Desk, door: Door, attempt: Attempt, code: str, issuer: str | None) -> Response:
    provider = door.provider
    if not await provider.answered_by(issuer):
        raise NotTrusted("the answer names another issuer")
    claims = await provider.claims(
        code, address(request, at) + BACK, attempt.nonce, attempt.verifier, door.roles.wanted
    )  # fmt: skip
    subject = str(claims["sub"])
    try:
        person = door.roles.person(claims, door.name)
    except NoPart:
        await identities.shut_out(at.database, provider.issuer, subject)
        raise
    user = await identities.enter(
        at.database, issuer=provider.issuer, subject=subject, name=person.name, email=person.email,
        standing=person.standing, council=person.council, now=at.now,
    )  # fmt: skip
    return await entered(request, at, user, unquote(attempt.next))


async def _refused(request: Request, at: Desk, status: int, words: str) -> Response:
    answer = await shown(request, at, status, faults=[Fault("elsewhere", words)])
    answer.delete_cookie(_cookie(at), path="/", secure=at.secure, httponly=True, samesite="lax")
    return answer


def _down(request: Request, at: Desk, error: ProviderDown) -> Response:
    _log.warning("the sign-in provider cannot be used: %s", error)
    return at.pages.show(
        request, "problem", 503, title="You cannot be signed in just now",
        words="The service that knows your account does not answer. Nothing is wrong with your account; try again in a "
        "few minutes, and tell your team if it goes on.",
    )  # fmt: skip


def _door(at: Desk) -> Door:
    if at.door is None:
        raise HTTPException(404)
    return at.door


def _cookie(at: Desk) -> str:
    return "__Host-casereview-attempt" if at.secure else "casereview-attempt"
