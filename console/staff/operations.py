"""What operations staff see: what stands still or is about to, what that means and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response
from temporalio.service import RPCError

from console.web import error_pages
from console.web.desk import AtDesk, Desk, Operator
from console.web.link_homes import is_public
from office.operations import standstill
from office.operations.finding import Finding
from office.operations.standstill import Standstill
from register import queries
from register.cases import Unreadable
from register.users import EVERY_COUNCIL, User

router = APIRouter()


@router.get("/operations")
async def show(request: Request, desk: AtDesk, user: Operator) -> Response:
    look = await desk.lookout.now()
    findings = look.seen_by(None if user.council == EVERY_COUNCIL else user.council)
    urgent = sum(one.number for one in findings if one.meaning.urgent)
    return desk.pages.show(request, "operations", kinds=_by_kind(findings), at=look.at, urgent=urgent)


def _by_kind(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    return [
        {"kind": kind, "meaning": kind_findings[0].meaning, "findings": kind_findings}
        for kind, kind_findings in ((kind, list(found)) for kind, found in groupby(findings, lambda one: one.kind))
    ]


async def stands_still(desk: Desk, reference: str) -> Standstill | None:
    """Why a case does not go on; None where it does, and where Temporal does not say."""
    if desk.pulse.beat.temporal:
        return None
    try:
        return await standstill.of_case(desk.office.client, reference)
    except (RPCError, TimeoutError, RuntimeError):
        return None


async def unreadable(request: Request, desk: Desk, error: Unreadable) -> Response:
    """To staff, what the work list knows of a case that cannot be read; to anybody else, that it cannot be shown."""
    user: User | None = getattr(request.state, "user", None)
    row = await queries.case_row(desk.database, error.reference) if user else None
    if is_public(request.url.path) or user is None or row is None or not user.sees(row.council):
        return error_pages.answer(desk.pages, request, 503)
    still = await stands_still(desk, error.reference)
    return desk.pages.show(request, "case_unreadable", row=row, why=error.where, still=still)
