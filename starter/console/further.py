"""Documents on the applicant's page: a photo or a recording sent later, and those they sent before."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from register.media import KINDS, LARGEST
from starter.console import given
from starter.console.desk import AtDesk, Desk
from starter.console.forms import Fault, Posted
from starter.console.uploads import overlong, received
from starter.console.visitors import Progress, Visitor, opened

router = APIRouter()
_ENDED = Fault("file", "Your case has ended, so nothing more can be added to it; ring us if we should see this")


@router.get("/progress/{link}/documents")
async def ask(request: Request, at: AtDesk, visitor: Progress) -> Response:
    await opened(at, visitor, "the form “Send us a photo, recording or letter”")
    if visitor.view.case.stage.over:
        return RedirectResponse(visitor.home, 303)
    return _form(request, at, visitor, Posted(), [], 200)


@router.post("/progress/{link}/documents")
async def add(request: Request, at: AtDesk, visitor: Progress) -> Response:
    """Kept before the case hears of it: where no worker answers it is told later, and nothing is lost."""
    sent = await received(request)
    if visitor.view.case.stage.over:
        return _form(request, at, visitor, sent.form, [_ENDED], 409)
    if not sent.chosen:
        return _form(request, at, visitor, sent.form, [Fault("file", "Choose a file")], 422)
    if faults := overlong(sent.form, {"about": "What it is"}):
        return _form(request, at, visitor, sent.form, faults, 422)
    kept = await given.add(at, visitor, sent, sent.form.one("about"))
    if isinstance(kept, Fault):
        return _form(request, at, visitor, sent.form, [kept], 422)
    return RedirectResponse(f"{visitor.home}?done={kept}", 303)


@router.get("/progress/{link}/documents/{id}")
async def get(at: AtDesk, visitor: Progress, id: str) -> Response:
    return await given.hand_out(at, visitor, id)


def _form(request: Request, at: Desk, visitor: Visitor, form: Posted, faults: list[Fault], status: int) -> Response:
    return at.pages.public(
        request, "progress_document", visitor.council, status, home=visitor.home, form=form, faults=faults,
        kinds=KINDS, largest=LARGEST / 1_000_000,
    )  # fmt: skip
