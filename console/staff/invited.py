"""The link by which somebody chooses the password of their account, once."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console.staff.sign_in import council_of
from console.web.desk import AtDesk, Desk
from console.web.posted_forms import Fault, posted
from console.web.throttle import LINKS, Counted, TooOften, bucket, came_from
from office import accounts, passwords
from register import invitations
from register.users import User

router = APIRouter()


@router.get(accounts.PATH + "{secret}")
async def ask(request: Request, desk: AtDesk, secret: str) -> Response:
    """Nothing is used up by looking: mail scanners open links too."""
    user = await _holder(request, desk, secret)
    return desk.pages.show(request, "invited", invited=user, faults=[]) if user else _over(request, desk)


@router.post(accounts.PATH + "{secret}")
async def choose(request: Request, desk: AtDesk, secret: str) -> Response:
    user = await _holder(request, desk, secret)
    if user is None:
        return _over(request, desk)
    new = (await posted(request)).raw("new")
    if weak := passwords.weakness(new, user.name, user.email, council_of(desk, user)):
        return desk.pages.show(request, "invited", 422, invited=user, faults=[Fault("new", weak)])
    taken = await invitations.take(desk.database, accounts.hashed(secret), await passwords.hashed(new), desk.now)
    return RedirectResponse("/sign-in?chosen=yes", 303) if taken else _over(request, desk)


async def _holder(request: Request, desk: Desk, secret: str) -> User | None:
    if not desk.office.settings.local_accounts:
        return None
    try:
        turn = desk.throttle.take(Counted(LINKS, bucket(came_from(request))))
    except TooOften:
        return None
    user = await invitations.holder(desk.database, accounts.hashed(secret), desk.now)
    if user:
        turn.right()
    return user


def _over(request: Request, desk: Desk) -> Response:
    return desk.pages.show(
        request, "problem", 404, title="This link does not work any more",
        words="It works once, for seven days, and ends when a newer one is sent. If you have chosen your password, "
        "sign in with it. Otherwise ask your manager to send you another link.",
    )  # fmt: skip
