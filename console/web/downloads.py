"""A document handed out: an attachment in a sandbox of its own, which no browser opens in the console's place."""

from __future__ import annotations

from starlette.responses import FileResponse

from console.web.desk import Desk
from register.documents import Document

_ALONE = {
    "Content-Security-Policy": "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}  # fmt: skip


def handed_out(document: Document, desk: Desk) -> FileResponse:
    return FileResponse(
        desk.shelf.path(document.sha256), media_type=document.media_type, filename=document.name, headers=_ALONE
    )
