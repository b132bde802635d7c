"""Documents on the applicant's page: a photo or a recording sent later, and those they sent before."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console.visitors import visitor_documents
from console.visitors.visitor import Progress, Visitor, opened
from console.web.desk import AtDesk, Desk
from console.web.posted_forms import Fault, Posted
from console.web.uploads import overlong, received, takes_file
from register.media import KINDS

router = APIRouter()
_ENDED = Fault("file", "Your case has ended, so nothing more can be added to it; ring us if we should see this")


@router.get("/progress/{link}/documents")
async def ask(request: Request, desk: AtDesk, visitor: Progress) -> Response:
    await opened(desk, visitor, "the form “Send us a photo, recording or letter”")
    if visitor.view.case.stage.over:
        return RedirectResponse(visitor.home, 303)
    return _form(request, desk, visitor, Posted(), [], 200)


@router.post("/progress/{link}/documents")
@takes_file
async def add(request: Request, desk: AtDesk, visitor: Progress) -> Response:
    """Kept before the case hears of it: where no worker answers it is told later, and nothing is lost."""
    sent = await received(request)
    if visitor.view.case.stage.over:
        return _form(request, desk, visitor, sent.form, [_ENDED], 409)
    if not sent.chosen:
        return _form(request, desk, visitor, sent.form, [Fault("file", "Choose a file")], 422)
    if faults := overlong(sent.form, {"about": "What it is"}):
        return _form(request, desk, visitor, sent.form, faults, 422)
    kept = await visitor_documents.add(desk, visitor, sent, sent.form.value("about"))
    if isinstance(kept, Fault):
        return _form(request, desk, visitor, sent.form, [kept], 422)
    return RedirectResponse(f"{visitor.home}?done={kept}", 303)


@router.get("/progress/{link}/documents/{id}")
async def get(desk: AtDesk, visitor: Progress, id: str) -> Response:
    return await visitor_documents.hand_out(desk, visitor, id)


def _form(request: Request, desk: Desk, visitor: Visitor, form: Posted, faults: list[Fault], status: int) -> Response:
    return desk.pages.public(
        request, "progress_document", visitor.council, status, home=visitor.home, form=form, faults=faults,
        kinds=KINDS, largest=desk.shelf.megabytes,
    )  # fmt: skip
