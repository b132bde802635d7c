"""A case's documents: staff add them, and get them back as files that no browser opens in the console's place."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from activities.document_news import tell
from connection.updates import Done, NotAllowed, Over
from console.questions.labels import plainly
from console.web.desk import AtDesk, Desk, Doer, Reader, heard, opened
from console.web.downloads import handed_out
from console.web.posted_forms import Fault, Posted
from console.web.uploads import overlong, received, takes_file
from domain.events import kinds
from office import permits
from register import documents
from register.media import KINDS, NotTaken
from register.shelf import ShelfError
from register.users import User

ACT = "add-document"

router = APIRouter()


@router.get("/cases/{reference}/documents")
async def ask(request: Request, desk: AtDesk, user: Doer, reference: str) -> Response:
    stored = await _adding(desk, user, reference)
    return _form(request, desk, stored, Posted(), [], 200)


@router.post("/cases/{reference}/documents")
@takes_file
async def add(request: Request, desk: AtDesk, user: Doer, reference: str) -> Response:
    """Kept before the case hears of it: where no worker answers it is told later, and nothing is lost."""
    stored = await _adding(desk, user, reference)
    sent = await received(request)
    if not sent.chosen:
        return _form(request, desk, stored, sent.form, [Fault("file", "Choose a file")], 422)
    if faults := overlong(sent.form, {"given_by": "Whom it came from", "about": "What it is"}):
        return _form(request, desk, stored, sent.form, faults, 422)
    try:
        document = await documents.add(
            desk.database, desk.shelf, sent.content, sent.name, scanner=desk.scanner, by=permits.actor(user),
            now=desk.now, reference=stored, given_by=sent.form.value("given_by"), about=sent.form.value("about"),
        )  # fmt: skip
    except (NotTaken, ShelfError) as error:
        return _form(request, desk, stored, sent.form, [Fault("file", str(error).rstrip("."))], 422)
    if document.told:
        return RedirectResponse(f"/cases/{stored}?done=document#documents", 303)
    match await tell(desk.office.client, desk.database, document):
        case NotAllowed(sentence) | Over(sentence):
            return _form(request, desk, stored, sent.form, [Fault("file", plainly(sentence))], 422)
        case Done(accepted):
            await heard(desk, stored, accepted.event)
            return RedirectResponse(f"/cases/{stored}?done=document#documents", 303)
        case _:
            return RedirectResponse(f"/cases/{stored}?done=document-later#documents", 303)


@router.get("/cases/{reference}/documents/{id}")
async def get(request: Request, desk: AtDesk, user: Reader, reference: str, id: str) -> Response:
    """The file as it was sent, to be kept and opened elsewhere; that it was handed out is recorded first."""
    stored = await opened(desk, user, reference, "the list of documents")
    document = await documents.with_id(desk.database, stored.reference, id)
    path = documents.file(desk.shelf, document) if document else None
    if document is None or path is None:
        raise HTTPException(404)
    await opened(desk, user, reference, f"the document “{document.name}”")
    return handed_out(document, desk)


async def _adding(desk: Desk, user: User, reference: str) -> str:
    """The case's reference: 404 where it is not theirs to see, 403 where they may add nothing."""
    stored = await opened(desk, user, reference, "the form “Add a document”")
    if permits.role(user) not in kinds()[ACT].may:
        raise HTTPException(403)
    return stored.reference


def _form(request: Request, desk: Desk, reference: str, form: Posted, faults: list[Fault], status: int) -> Response:
    return desk.pages.show(
        request, "document", status, reference=reference, form=form, faults=faults, kinds=KINDS,
        largest=desk.shelf.megabytes,
    )  # fmt: skip
