"""``/api``: what the API takes and answers, as a page for people and as OpenAPI for programs."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, version

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from console.api import example, fields
from console.api.document import document
from console.api.submissions import PATH
from console.web.desk import AtDesk
from console.web.problems import KINDS, pointer
from domain.calendar import LONDON

router = APIRouter()


@router.get("/api")
async def page(request: Request, desk: AtDesk) -> Response:
    """Open to everybody: it says nothing about anybody."""
    today = desk.now.astimezone(LONDON).date()
    address = desk.office.settings.console_url or str(request.base_url).rstrip("/")
    return desk.pages.show(
        request, "api", path_=PATH, rows=fields.rows(), kinds=KINDS, curl=example.curl(address, today),
        pointer=pointer(("incidents", 0, "reported")), answer=json.dumps(example.answer(today), indent=2),
    )  # fmt: skip


@router.get("/api/openapi.json")
async def openapi(desk: AtDesk) -> JSONResponse:
    return JSONResponse(document(_version(), desk.now.astimezone(LONDON).date()))


def _version() -> str:
    try:
        return version("asb-case-review")
    except PackageNotFoundError:
        return "0"
