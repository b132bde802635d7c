"""A case's documents: staff add them, and get them back as files that no browser opens in the console's place."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from activities.documents import NotTold, Refused, tell
from domain.events import kinds
from register import documents
from register.documents import Document
from register.media import KINDS, LARGEST, NotTaken
from register.shelf import ShelfError
from register.users import User
from starter.console import permits
from starter.console.desk import AtDesk, Desk, Doer, Reader, heard, opened
from starter.console.forms import Fault, Posted
from starter.console.labels import plainly
from starter.console.uploads import overlong, received

ACT = "add-document"
_ALONE = {
    "Content-Security-Policy": "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}  # fmt: skip

router = APIRouter()


@router.get("/cases/{reference}/documents")
async def ask(request: Request, at: AtDesk, user: Doer, reference: str) -> Response:
    stored = await _adding(at, user, reference)
    return _form(request, at, stored, Posted(), [], 200)


@router.post("/cases/{reference}/documents")
async def add(request: Request, at: AtDesk, user: Doer, reference: str) -> Response:
    """Kept before the case hears of it: where no worker answers it is told later, and nothing is lost."""
    stored = await _adding(at, user, reference)
    sent = await received(request)
    if not sent.chosen:
        return _form(request, at, stored, sent.form, [Fault("file", "Choose a file")], 422)
    if faults := overlong(sent.form, {"given_by": "Whom it came from", "about": "What it is"}):
        return _form(request, at, stored, sent.form, faults, 422)
    try:
        document = await documents.add(
            at.database, at.shelf, sent.content, sent.name, by=permits.actor(user), now=at.now, reference=stored,
            given_by=sent.form.one("given_by"), about=sent.form.one("about"),
        )  # fmt: skip
    except (NotTaken, ShelfError) as error:
        return _form(request, at, stored, sent.form, [Fault("file", str(error).rstrip("."))], 422)
    if document.told:
        return RedirectResponse(f"/cases/{stored}?done=document#documents", 303)
    try:
        taken = await tell(at.office.client, at.database, document)
        await heard(at, stored, taken.event)
    except Refused as error:
        return _form(request, at, stored, sent.form, [Fault("file", plainly(str(error)))], 422)
    except NotTold:
        return RedirectResponse(f"/cases/{stored}?done=document-later#documents", 303)
    return RedirectResponse(f"/cases/{stored}?done=document#documents", 303)


@router.get("/cases/{reference}/documents/{id}")
async def get(request: Request, at: AtDesk, user: Reader, reference: str, id: str) -> Response:
    """The file as it was sent, to be kept and opened elsewhere; that it was handed out is recorded first."""
    stored = await opened(at, user, reference, "the list of documents")
    document = await documents.one(at.database, stored.reference, id)
    path = documents.file(at.shelf, document) if document else None
    if document is None or path is None:
        raise HTTPException(404)
    await opened(at, user, reference, f"the document “{document.name}”")
    return handed_out(document, at)


def handed_out(document: Document, at: Desk) -> Response:
    """A document as an attachment in a sandbox of its own."""
    return FileResponse(
        at.shelf.path(document.sha256), media_type=document.media_type, filename=document.name, headers=_ALONE
    )


async def _adding(at: Desk, user: User, reference: str) -> str:
    """The case's reference: 404 where it is not theirs to see, 403 where they may add nothing."""
    stored = await opened(at, user, reference, "the form “Add a document”")
    if permits.role(user) not in kinds()[ACT].may:
        raise HTTPException(403)
    return stored.reference


def _form(request: Request, at: Desk, reference: str, form: Posted, faults: list[Fault], status: int) -> Response:
    return at.pages.show(
        request, "document", status, reference=reference, form=form, faults=faults, kinds=KINDS,
        largest=LARGEST // 1_000_000,
    )  # fmt: skip
