"""A document handed out: an attachment in a sandbox of its own, which no browser opens in the console's place."""

from __future__ import annotations

from starlette.responses import FileResponse

from console.web.desk import Desk
from domain.calendar import words
from domain.case import local_date
from register.documents import Document

_ALONE = {
    "Content-Security-Policy": "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}  # fmt: skip


def scan(document: Document) -> str:
    """What is known of viruses in it, as the end of a sentence."""
    if document.virus:
        return "a virus was found in it, so it is not handed out"
    if document.scanned_at:
        return f"scanned on {words(local_date(document.scanned_at))}, nothing found"
    return "not scanned"


def handed_out(document: Document, desk: Desk) -> FileResponse:
    return FileResponse(
        desk.shelf.path(document.sha256), media_type=document.media_type, filename=document.name, headers=_ALONE
    )
