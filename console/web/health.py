"""``GET /health``: what the console depends on, and whether each can be used."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import JSONResponse

from console.web.desk import AtDesk

router = APIRouter()


@router.get("/health")
async def health(desk: AtDesk) -> JSONResponse:
    """200 where the register can be written, the keys fit, and Temporal and a worker answer, else 503; no name, no
    address, no version."""
    beat = await desk.pulse.now()
    return JSONResponse(beat.as_json(), 200 if beat.well else 503)
