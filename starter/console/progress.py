"""Where the review is, for the applicant or whoever acts for them, at the link in their letters."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from starter.console.desk import AtDesk
from starter.console.visitors import Progress, opened

router = APIRouter()


@router.get("/progress/{link}")
async def show(request: Request, at: AtDesk, visitor: Progress) -> Response:
    await opened(at, visitor, "how the case is going")
    return at.pages.public(request, "progress", visitor.council, visitor=visitor)
