"""What managers, auditors and the partnership see: dates ahead and missed, agencies' answers, refusals, appeals."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from domain.calendar import LONDON
from domain.policy import StepId
from register import figures
from register.figures import Scope
from register.users import EVERY_COUNCIL, Standing, User
from starter.console import permits
from starter.console.desk import AtDesk, Desk, Overlooker, Reader
from starter.console.figure_tables import STEPS, tables
from starter.console.permits import Permit
from starter.console.tables import Table, as_csv, without_small_numbers

router = APIRouter()


@router.get("/management")
async def show(request: Request, at: AtDesk, user: Overlooker) -> Response:
    scope = _scope(at, user, request)
    found = await _tables(at, user, scope)
    return at.pages.show(
        request, "management", tables=found, scope=scope, suppressed=_suppressed(user),
        query="?demo=1" if scope.demo else "",
    )  # fmt: skip


@router.get("/management/{name}.csv")
async def download(request: Request, at: AtDesk, user: Overlooker, name: str) -> Response:
    scope = _scope(at, user, request)
    table = next((one for one in await _tables(at, user, scope) if one.key == name), None)
    if table is None:
        raise HTTPException(404)
    file = f'attachment; filename="{table.key}-{scope.today.isoformat()}.csv"'
    return Response(as_csv(table), media_type="text/csv; charset=utf-8", headers={"Content-Disposition": file})


@router.get("/management/due")
async def due(
    request: Request, at: AtDesk, user: Reader, kind: str = "", first: str = "", last: str = "", council: str = ""
) -> Response:
    """The cases behind a number of dates ahead, for those who may read them."""
    scope = _scope(at, user, request)
    try:
        step, days = StepId(kind), (date.fromisoformat(first), date.fromisoformat(last))
    except ValueError:
        raise HTTPException(404) from None
    if council and user.council == EVERY_COUNCIL:
        scope = Scope(council, scope.today, scope.demo)
    rows = await figures.due_cases(at.database, scope, step.value, *days)
    return at.pages.show(
        request, "management_due", rows=rows, kind=STEPS[step], first=days[0], last=days[1], most=figures.MOST,
        councils=at.pages.councils, overlooker=permits.holds(user, Permit.OVERLOOK),
    )  # fmt: skip


async def _tables(at: Desk, user: User, scope: Scope) -> list[Table]:
    found = tables(
        await figures.overview(at.database, scope), scope, at.pages.policies,
        every_council=user.council == EVERY_COUNCIL, linked=permits.holds(user, Permit.READ),
    )  # fmt: skip
    return [without_small_numbers(one) for one in found] if _suppressed(user) else found


def _suppressed(user: User) -> bool:
    """The partnership sees how the procedure works, and nothing of anybody's own case."""
    return user.standing is Standing.PARTNERSHIP


def _scope(at: Desk, user: User, request: Request) -> Scope:
    council = None if user.council == EVERY_COUNCIL else user.council
    return Scope(council, at.now.astimezone(LONDON).date(), request.query_params.get("demo") == "1")
