"""Documents that somebody who came by a link sends: kept first, then told to their case; theirs alone to get back."""

from __future__ import annotations

from enum import StrEnum

from starlette.exceptions import HTTPException
from starlette.responses import Response

from activities.documents import NotTold, Refused, tell
from domain.events import ApplicationMade, Role
from register import documents
from register.documents import Document
from register.media import NotTaken
from register.shelf import ShelfError
from starter.console.desk import AtDesk, Desk
from starter.console.documents import handed_out
from starter.console.forms import Fault
from starter.console.labels import plainly
from starter.console.uploads import Sent
from starter.console.visitors import Visitor, opened


class Kept(StrEnum):
    """What became of a document: its case has it, or hears of it when a worker answers again."""

    TOLD = "document"
    LATER = "document-later"


_SAID = {
    Kept.TOLD: "Thank you. We have your document.",
    Kept.LATER: "We have your document. It joins the case as soon as our service answers; you need not send it again.",
}


def said(kept: str) -> str:
    """What a page says of a document that was just sent; empty for anything else."""
    return _SAID[Kept(kept)] if kept in _SAID else ""


async def add(at: Desk, visitor: Visitor, sent: Sent, about: str, given_by: str = "") -> Kept | Fault:
    """Keep a file and tell its case, or say what is wrong with it. Sent twice it is one."""
    try:
        document = await documents.add(
            at.database, at.shelf, sent.content, sent.name, by=visitor.by, now=at.now, reference=visitor.reference,
            given_by=given_by, about=about, holder=visitor.link.holder,
        )  # fmt: skip
    except NotTaken as error:
        return Fault("file", str(error).rstrip("."))
    except ShelfError:
        return Fault("file", "Files cannot be kept just now; try again later, or ring us")
    if document.told:
        return Kept.TOLD
    try:
        await tell(at.office.client, at.database, document)
    except Refused as error:
        return Fault("file", plainly(str(error)))
    except NotTold:
        return Kept.LATER
    return Kept.TOLD


async def own(at: Desk, visitor: Visitor) -> list[Document]:
    """What the holder of this link sent in this case; for those who applied also what came with the application."""
    found = await documents.of_case(at.database, visitor.reference)
    return [one for one in found if _theirs(visitor, one)]


async def hand_out(at: AtDesk, visitor: Visitor, id: str) -> Response:
    """One of their own, as an attachment; 404 for anybody else's. That it was handed out is recorded first."""
    document = await documents.one(at.database, visitor.reference, id)
    if document is None or not _theirs(visitor, document) or documents.file(at.shelf, document) is None:
        raise HTTPException(404)
    await opened(at, visitor, f"the document “{document.name}”")
    return handed_out(document, at)


def _theirs(visitor: Visitor, document: Document) -> bool:
    if document.by.role is not visitor.by.role:
        return False
    if document.holder:
        return document.holder == visitor.link.holder
    return visitor.by.role is Role.APPLICANT and visitor.link.holder in _first(visitor)


def _first(visitor: Visitor) -> tuple[str, ...]:
    """Who applied: a representative of later days does not get what came with the application."""
    first = visitor.view.case.events[0].what
    found = first.application if isinstance(first, ApplicationMade) else visitor.view.case.application
    return found.applicant, found.representative
