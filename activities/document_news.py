"""Telling a case of its documents: once each, by an Update whose id is the document's, however often it is tried."""

from __future__ import annotations

import logging

from temporalio.client import Client

from connection import updates
from connection.updates import Answer, Done, Missing, NotAllowed, Over, Unanswered
from domain.events import DocumentAdded
from register import documents
from register.database import Database
from register.documents import Document

_log = logging.getLogger(__name__)


async def tell(client: Client, database: Database, document: Document) -> Answer:
    """Tell a document's case that it came; one that the case does not take is taken out again.

    Where nobody answers, or the case has not begun, the document is kept and the next sweep tells it.
    """
    reference = document.reference or ""
    answer = await updates.send(client, reference, fact(document), document.by, id=f"document-{document.id}")
    match answer:
        case Done():
            await documents.mark_told(database, document.id)
        case NotAllowed():
            await documents.refuse(database, document.id)
        case Over():
            await documents.refuse(database, document.id)
            return Over(f"{reference} is closed; nothing more can be added to it")
        case Missing() | Unanswered():
            pass
    return answer


async def tell_all(client: Client, database: Database, reference: str | None = None) -> int:
    """Tell every case, or one, of the documents it has not heard of; how many were told."""
    told = 0
    for document in await documents.untold(database, reference):
        match await tell(client, database, document):
            case Done():
                told += 1
            case NotAllowed() | Over() | Missing() | Unanswered():
                _log.warning("A document of %s is not told.", document.reference, extra={"case": document.reference})
    return told


def fact(document: Document) -> DocumentAdded:
    """What the case hears of a document."""
    return DocumentAdded(
        document=document.id, name=document.name, media_type=document.media_type, size=document.size,
        sha256=document.sha256, given_by=document.given_by, about=document.about,
    )  # fmt: skip
