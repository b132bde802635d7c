"""`/codec/decode` and `/codec/encode`: the Temporal UI's way to read a case in words and to act on it, for staff.

A browser that is signed in to the console sends its cookie along, where both are of one site. What somebody reads is
kept as any look at a case is; what they write is done as they would do it in the console.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from connection.codec_server import HEADERS, CodecDoors, Holder
from console.staff.act_forms import needs_second
from console.web.desk import AtDesk, Desk, owes_factor
from console.web.security import CODEC
from domain.messages import Act
from office import permits
from office.permits import Permit
from register import queries, reads
from register.users import User
from workflows.reconcile import SCHEDULE_ID

_SIGN_IN = "Sign in to the console with this browser first.\n"
_NOT_YOURS = "Your account may not do this.\n"
_OWED = "Set up your second factor in the console first.\n"
_LOOKED = "its history in the Temporal UI"


def origin(ui: str) -> str:
    """The origin of the Temporal UI's pages; empty where nobody said where it is."""
    parts = urlsplit(ui)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def router(desk: Desk, recognised: Callable[..., Awaitable[None]]) -> APIRouter:
    """Both doors and what browsers ask before they knock, for pages of the Temporal UI alone."""
    ours, made = origin(desk.ui), APIRouter(prefix=CODEC)
    doors = CodecDoors(desk.office.settings.key_ring(), [ours], desk.office.client.namespace)
    allowed = {
        "Access-Control-Allow-Origin": ours, "Access-Control-Allow-Credentials": "true", "Vary": "Origin",
        "Access-Control-Allow-Methods": "POST", "Access-Control-Allow-Headers": ",".join(HEADERS),
    }  # fmt: skip

    @made.options("/{door}")
    async def ask(request: Request) -> Response:
        if request.headers.get("origin") != ours:
            raise HTTPException(403)
        return Response(status_code=204, headers=allowed)

    def opens(permit: Permit, answer: Callable[[Request, Holder], Awaitable[Response]]) -> Callable[..., Any]:
        async def knock(request: Request, desk: AtDesk) -> Response:
            user: User | None = request.state.user
            if user is None:
                given: Response = PlainTextResponse(_SIGN_IN, 401)
            elif not permits.holds(user, permit):
                given = PlainTextResponse(_NOT_YOURS, 403)
            elif owes_factor(request):
                given = PlainTextResponse(_OWED, 403)
            else:
                given = await answer(request, _holder(desk, user))
            given.headers.update(allowed)
            return given

        return knock

    who = [Depends(recognised)]
    made.post("/decode", dependencies=who)(opens(Permit.READ, doors.decode))
    made.post("/encode", dependencies=who)(opens(Permit.ACT, doors.encode))
    return made


def _holder(desk: Desk, user: User) -> Holder:
    """Somebody who is signed in: sees the cases of their council, acts in their own part, and alone where they may."""
    known: set[str] = set()

    async def sees(workflow: str) -> bool:
        if workflow in known or workflow.startswith(SCHEDULE_ID):
            return True
        row = await queries.case_row(desk.database, workflow)
        if row is None or not user.sees(row.council):
            return False
        known.add(workflow)
        await reads.record(desk.database, user, workflow, _LOOKED, desk.now)
        return True

    def against(act: Act[Any]) -> str | None:
        return "A second person must agree to this: do it in the console." if needs_second(act.what) else None

    return Holder(permits.actor(user), sees, against)
