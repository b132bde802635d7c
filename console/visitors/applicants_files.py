"""The files that the applicant's side sent, for those who decide: listed in their papers, and theirs to get."""

from __future__ import annotations

from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.responses import Response

from console.visitors.visitor import Visitor, opened
from console.web.desk import AtDesk, Desk
from console.web.downloads import handed_out, scan
from console.web.pages import capital, in_bytes
from domain.calendar import words as day
from domain.case import local_date
from domain.events import Role
from domain.likeness import same_name
from letters.papers import Paper, PaperTable, Words
from register import documents
from register.documents import Document
from register.queries import StoredCase

TITLE = "The files that the applicant sent"
_WHERE = "Each can be read on the page that these papers are from. A file comes from outside: open it with care."


async def of_applicant(desk: Desk, stored: StoredCase, until: datetime | None = None) -> list[Document]:
    """What came from the applicant or whoever acts for them, the oldest first, also where an officer put it in;
    ``until`` is the last instant that counts."""
    names = [person.details.name for person in stored.persons]
    return [
        document
        for document in await documents.of_case(desk.database, stored.reference)
        if _theirs(document, names) and (until is None or document.at <= until)
    ]


def with_scan(files: list[Document]) -> list[tuple[Document, str]]:
    """Each file with what is known of viruses in it, as a page shows them."""
    return [(file, scan(file)) for file in files]


def listed(files: list[Document]) -> Paper:
    """The files as a paper: what each is, when it came, how large it is and whether it was scanned for viruses."""
    rows = tuple(
        (file.name, file.about, day(local_date(file.at)), in_bytes(file.size), capital(scan(file))) for file in files
    )
    heads = ("File", "What it is", "Came on", "Size", "Viruses")
    return Paper(TITLE, (PaperTable(heads, rows), Words(_WHERE)) if rows else ())


async def hand_out(desk: AtDesk, visitor: Visitor, id: str) -> Response:
    """One of them, as an attachment; 404 for any other document. That it was handed out is recorded first."""
    found = await of_applicant(desk, visitor.view.stored)
    document = next((document for document in found if document.id == id), None)
    if document is None or documents.file(desk.shelf, document) is None:
        raise HTTPException(404)
    await opened(desk, visitor, f"the document “{document.name}”")
    return handed_out(document, desk)


def _theirs(document: Document, names: list[str]) -> bool:
    if document.by.role is Role.APPLICANT:
        return True
    return bool(document.given_by) and any(same_name(document.given_by, name) for name in names)
