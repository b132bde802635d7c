"""The disclosure log of a case: on a page, as JSON and as CSV."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from console.web.desk import AtDesk, Desk, Reader, opened
from office import disclosures, permits
from office.case_view import viewed
from office.disclosures import Disclosure
from office.permits import Permit
from register import queries
from register.users import User

router = APIRouter()


@router.get("/cases/{reference}/disclosures")
async def show(request: Request, desk: AtDesk, user: Reader, reference: str) -> Response:
    name, log = await _log(desk, user, reference)
    record = permits.holds(user, Permit.ACT)
    return desk.pages.show(request, "disclosures", reference=name, heads=disclosures.HEADS, log=log, record=record)


@router.get("/cases/{reference}/disclosures.json")
async def as_json(desk: AtDesk, user: Reader, reference: str) -> Response:
    name, log = await _log(desk, user, reference)
    return JSONResponse({"reference": name, "disclosures": disclosures.json_of(log)})


@router.get("/cases/{reference}/disclosures.csv")
async def as_csv(desk: AtDesk, user: Reader, reference: str) -> Response:
    name, log = await _log(desk, user, reference)
    file = f'attachment; filename="{name}-disclosures.csv"'
    headers = {"Content-Disposition": file}
    return Response(disclosures.csv_of(log), media_type="text/csv; charset=utf-8", headers=headers)


async def _log(desk: Desk, user: User, reference: str) -> tuple[str, Sequence[Disclosure]]:
    stored = await opened(desk, user, reference, "the disclosure log")
    sent = await queries.letters(desk.database, stored.reference)
    view, whole = viewed(stored), permits.holds(user, Permit.SAFETY)
    return stored.reference, disclosures.disclosures(view.case, view.policy, sent, whole=whole)
