"""What anybody may read without signing in: each council's published procedure, and its yearly figures."""

from __future__ import annotations

import time
from typing import Any

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from console.public.years import table
from console.web.desk import AtDesk, Desk
from console.web.tables import file_of
from domain.calendar import LONDON
from domain.lint import lint
from domain.policy import Policy
from office import permits, procedure
from office.permits import Permit
from register import figures
from register.figures import CountedDays
from register.users import User

KEPT = "public, max-age=3600"
"""For how long anybody may keep a page that has nothing of its reader on it."""
AFRESH = 300.0

router = APIRouter()


@router.get("/procedure")
async def procedures(request: Request, desk: AtDesk) -> Response:
    return _public(request, desk, "procedures", policies=list(desk.pages.policies.values()))


@router.get("/procedure/{council}")
async def one_procedure(request: Request, desk: AtDesk, council: str) -> Response:
    """The procedure as its policy has it; what the linter says of it is for staff who read cases alone."""
    policy = _policy(desk, council)
    staff: User | None = request.state.user
    today = max(desk.now.astimezone(LONDON).date(), policy.effective_from)
    findings = lint(policy, today) if staff and permits.holds(staff, Permit.READ) else ()
    blocks = [(type(block).__name__.lower(), block) for block in procedure.page(policy)]
    return _public(request, desk, "procedure", policy=policy, blocks=blocks, findings=findings)


@router.get("/figures")
async def councils(request: Request, desk: AtDesk) -> Response:
    return _public(request, desk, "yearly_councils", policies=list(desk.pages.policies.values()))


@router.get("/figures/{council}.csv")
async def download(request: Request, desk: AtDesk, council: str) -> Response:
    policy = _policy(desk, council)
    counted = table(policy, await _counted(request, desk, policy), desk.now.astimezone(LONDON).date())
    headers = {"Content-Disposition": f'attachment; filename="{policy.id}-figures.csv"', "Cache-Control": KEPT}
    return Response(file_of(counted), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/figures/{council}")
async def one_council(request: Request, desk: AtDesk, council: str) -> Response:
    policy = _policy(desk, council)
    today = desk.now.astimezone(LONDON).date()
    counted = table(policy, await _counted(request, desk, policy), today)
    return _public(request, desk, "yearly", policy=policy, table=counted, today=today)


async def _counted(request: Request, desk: Desk, policy: Policy) -> CountedDays:
    """The council's figures, counted anew after five minutes: whoever asks often costs the register nothing."""
    kept: dict[str, tuple[float, CountedDays]] = request.app.state.yearly
    counted, happened = kept.get(policy.id, (float("-inf"), None))
    if happened is None or time.monotonic() - counted > AFRESH:
        happened = await figures.yearly(desk.database, policy.id)
        kept[policy.id] = (time.monotonic(), happened)
    return happened


def _policy(desk: Desk, council: str) -> Policy:
    policy = desk.pages.policies.get(council)
    if policy is None:
        raise HTTPException(404)
    return policy


def _public(request: Request, desk: Desk, name: str, **context: Any) -> Response:
    """A page that anybody may keep for an hour; not the one that staff see, which has their name on it."""
    page = desk.pages.show(request, name, for_anybody=True, **context)
    page.headers["Vary"] = "Cookie"
    if request.state.user is None:
        page.headers["Cache-Control"] = KEPT
    return page
