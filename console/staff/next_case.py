"""Take the next case: the most urgent one of somebody's council that waits for staff and that nobody has."""

from __future__ import annotations

import hashlib

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console.questions.sending import do
from console.web.desk import AtDesk, Desk, Starter
from console.web.form_lock import turn
from console.web.posted_forms import posted
from domain.events import OfficerAssigned
from office import permits, whatif
from office.acting import Done, Left
from office.case_view import viewed
from register import queries, reads, worklist
from register.users import EVERY_COUNCIL, User

NONE, DOWN = "none", "down"

router = APIRouter()


@router.post("/cases/next")
async def take(request: Request, desk: AtDesk, user: Starter) -> Response:
    """Give somebody the case that comes next, once for a form however often it is sent."""
    form = (await posted(request)).value("_form")[:64]
    id = hashlib.sha256(f"next\0{user.id}\0{form}".encode()).hexdigest()[:32]
    async with turn("next", id):
        return RedirectResponse(await _taken(desk, user, id), 303)


async def _taken(desk: Desk, user: User, id: str) -> str:
    """Where the case is that they have now, or the work list with why they have none.

    Of two who press at once the case itself says who has it, and the other is offered the next one.
    """
    if before := await worklist.taken_by(desk.database, id):
        return f"/cases/{before}?done={id}"
    if not (await desk.pulse.now()).takes_acts:
        return f"/cases?next={DOWN}"
    council = None if user.council == EVERY_COUNCIL else user.council
    for reference, officer in await worklist.waiting_for_staff(desk.database, council):
        stored = await queries.case(desk.database, reference)
        body = OfficerAssigned(officer=user.name, email=user.email, taken_from=officer)
        if stored is None or whatif.refused(view := viewed(stored), body, permits.actor(user)):
            continue
        match await do(desk, view, body, permits.actor(user), id):
            case Done(accepted):
                await reads.record(desk.database, user, reference, "the case, taken as the next one", desk.now)
                return f"/cases/{reference}?done={accepted.event}"
            case Left():
                return f"/cases/{reference}?done=left#left"
    return f"/cases?next={NONE}"
