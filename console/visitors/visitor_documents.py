"""Documents that somebody who came by a link sends: kept first, then told to their case; theirs alone to get back."""

from __future__ import annotations

from enum import StrEnum

from starlette.exceptions import HTTPException
from starlette.responses import Response

from activities.document_news import tell
from connection.updates import Done, NotAllowed, Over
from console.questions.labels import plainly
from console.visitors.visitor import Visitor, opened
from console.web.desk import AtDesk, Desk
from console.web.downloads import handed_out
from console.web.posted_forms import Fault
from console.web.uploads import SentForm
from domain.events import ApplicationMade, Role
from register import documents
from register.documents import Document
from register.media import NotTaken
from register.shelf import ShelfError


class DocumentOutcome(StrEnum):
    """What became of a document: its case has it, or hears of it when a worker answers again."""

    TOLD = "document"
    LATER = "document-later"


_SAID = {
    DocumentOutcome.TOLD: "Thank you. We have your document.",
    DocumentOutcome.LATER: "We have your document. It joins the case as soon as our service answers; "
    "you need not send it again.",
}


def said(kept: str) -> str:
    """What a page says of a document that was just sent; empty for anything else."""
    return _SAID[DocumentOutcome(kept)] if kept in _SAID else ""


async def add(desk: Desk, visitor: Visitor, sent: SentForm, about: str, given_by: str = "") -> DocumentOutcome | Fault:
    """Keep a file and tell its case, or say what is wrong with it. Sent twice it is one."""
    try:
        document = await documents.add(
            desk.database, desk.shelf, sent.content, sent.name, scanner=desk.scanner, by=visitor.by, now=desk.now,
            reference=visitor.reference, given_by=given_by, about=about, holder=visitor.link.holder,
        )  # fmt: skip
    except NotTaken as error:
        return Fault("file", str(error).rstrip("."))
    except ShelfError:
        return Fault("file", "Files cannot be kept just now; try again later, or ring us")
    if document.told:
        return DocumentOutcome.TOLD
    match await tell(desk.office.client, desk.database, document):
        case NotAllowed(sentence) | Over(sentence):
            return Fault("file", plainly(sentence))
        case Done():
            return DocumentOutcome.TOLD
        case _:
            return DocumentOutcome.LATER


async def own(desk: Desk, visitor: Visitor) -> list[Document]:
    """What the holder of this link sent in this case; for those who applied also what came with the application."""
    sent = await documents.of_case(desk.database, visitor.reference)
    return [document for document in sent if _theirs(visitor, document)]


async def hand_out(desk: AtDesk, visitor: Visitor, id: str) -> Response:
    """One of their own, as an attachment; 404 for anybody else's. That it was handed out is recorded first."""
    document = await documents.with_id(desk.database, visitor.reference, id)
    if document is None or not _theirs(visitor, document) or documents.file(desk.shelf, document) is None:
        raise HTTPException(404)
    await opened(desk, visitor, f"the document “{document.name}”")
    return handed_out(document, desk)


def _theirs(visitor: Visitor, document: Document) -> bool:
    if document.by.role is not visitor.by.role:
        return False
    if document.holder:
        return document.holder == visitor.link.holder
    return visitor.by.role is Role.APPLICANT and visitor.link.holder in _first(visitor)


def _first(visitor: Visitor) -> tuple[str, ...]:
    """Who applied: a representative of later days does not get what came with the application."""
    first = visitor.view.case.events[0].what
    application = first.application if isinstance(first, ApplicationMade) else visitor.view.case.application
    return application.applicant, application.representative
