"""Take the next case: the most urgent one of somebody's council that waits for staff and that nobody has."""

from __future__ import annotations

import hashlib

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from domain.events import OfficerAssigned
from register import queries, reads, worklist
from register.users import EVERY_COUNCIL, User
from starter.commands.casefile import viewed
from starter.console import acts, permits, whatif
from starter.console.desk import AtDesk, Desk, Starter
from starter.console.forms import posted
from starter.console.turns import turn
from starter.office import NoSuchCase, Refused

NONE, DOWN = "none", "down"

router = APIRouter()


@router.post("/cases/next")
async def take(request: Request, at: AtDesk, user: Starter) -> Response:
    """Give somebody the case that comes next, once for a form however often it is sent."""
    form = (await posted(request)).one("_form")[:64]
    id = hashlib.sha256(f"next\0{user.id}\0{form}".encode()).hexdigest()[:32]
    async with turn("next", id):
        return RedirectResponse(await _taken(at, user, id), 303)


async def _taken(at: Desk, user: User, id: str) -> str:
    """Where the case is that they have now, or the work list with why they have none.

    Of two who press at once the case itself says who has it, and the other is offered the next one.
    """
    if before := await worklist.taken_by(at.database, id):
        return f"/cases/{before}?done={id}"
    council = None if user.council == EVERY_COUNCIL else user.council
    for reference, officer in await worklist.waiting_for_staff(at.database, council):
        stored = await queries.case(at.database, reference)
        body = OfficerAssigned(officer=user.name, email=user.email, taken_from=officer)
        if stored is None or whatif.refused(view := viewed(stored), body, permits.actor(user)):
            continue
        done = await acts.do(at, view, body, permits.actor(user), id)
        if isinstance(done, (Refused, NoSuchCase)):
            continue
        if isinstance(done, Exception):
            return f"/cases?next={DOWN}"
        await reads.record(at.database, user, reference, "the case, taken as the next one", at.now)
        return f"/cases/{reference}?done={done}"
    return f"/cases?next={NONE}"
