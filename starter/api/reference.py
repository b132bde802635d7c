"""``/api``: what the API takes and answers, as a page for people and as OpenAPI for programs."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, version

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from domain.calendar import LONDON
from starter.api import example, fields
from starter.api.document import document
from starter.api.intake import PATH
from starter.api.problems import KINDS, pointer
from starter.console.desk import AtDesk

router = APIRouter()


@router.get("/api")
async def page(request: Request, at: AtDesk) -> Response:
    """Open to everybody: it says nothing about anybody."""
    today = at.now.astimezone(LONDON).date()
    address = at.office.settings.console_url or str(request.base_url).rstrip("/")
    return at.pages.show(
        request, "api", path_=PATH, rows=fields.rows(), kinds=KINDS, curl=example.curl(address, today),
        pointer=pointer(("incidents", 0, "reported")), answer=json.dumps(example.answer(today), indent=2),
    )  # fmt: skip


@router.get("/api/openapi.json")
async def openapi(at: AtDesk) -> JSONResponse:
    return JSONResponse(document(_version(), at.now.astimezone(LONDON).date()))


def _version() -> str:
    try:
        return version("asb-case-review")
    except PackageNotFoundError:
        return "0"
