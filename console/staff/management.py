"""What managers, auditors and the partnership see: dates ahead and missed, agencies' answers, refusals, appeals."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from console.staff.figure_tables import STEPS, tables
from console.staff.survey_figures import survey_tables
from console.web.desk import AtDesk, Desk, Overlooker, Reader
from console.web.tables import FigureTable, file_of, without_small_numbers
from domain.calendar import LONDON
from domain.policy import StepId
from office import permits
from office.permits import Permit
from register import figures, surveys
from register.figures import FigureScope
from register.users import EVERY_COUNCIL, StaffRole, User

router = APIRouter()


@router.get("/management")
async def show(request: Request, desk: AtDesk, user: Overlooker) -> Response:
    scope = _scope(desk, user, request)
    shown = await _tables(desk, user, scope)
    return desk.pages.show(
        request, "management", tables=shown, scope=scope, suppressed=_suppressed(user),
        query="?demo=1" if scope.demo else "",
    )  # fmt: skip


@router.get("/management/{name}.csv")
async def download(request: Request, desk: AtDesk, user: Overlooker, name: str) -> Response:
    scope = _scope(desk, user, request)
    table = next((table for table in await _tables(desk, user, scope) if table.key == name), None)
    if table is None:
        raise HTTPException(404)
    file = f'attachment; filename="{table.key}-{scope.today.isoformat()}.csv"'
    return Response(file_of(table), media_type="text/csv; charset=utf-8", headers={"Content-Disposition": file})


@router.get("/management/due")
async def due(
    request: Request, desk: AtDesk, user: Reader, kind: str = "", first: str = "", last: str = "", council: str = ""
) -> Response:
    """The cases behind a number of dates ahead, for those who may read them."""
    scope = _scope(desk, user, request)
    try:
        step, days = StepId(kind), (date.fromisoformat(first), date.fromisoformat(last))
    except ValueError:
        raise HTTPException(404) from None
    if council and user.council == EVERY_COUNCIL:
        scope = FigureScope(council, scope.today, scope.demo)
    rows = await figures.due_cases(desk.database, scope, step.value, *days)
    return desk.pages.show(
        request, "management_due", rows=rows, kind=STEPS[step], first=days[0], last=days[1], most=figures.MOST,
        demo=scope.demo, councils=desk.pages.councils, overlooker=permits.holds(user, Permit.OVERLOOK),
    )  # fmt: skip


async def _tables(desk: Desk, user: User, scope: FigureScope) -> list[FigureTable]:
    counted = tables(
        await figures.overview(desk.database, scope), scope, desk.pages.policies,
        every_council=user.council == EVERY_COUNCIL, linked=permits.holds(user, Permit.READ),
    )  # fmt: skip
    said = survey_tables(await surveys.answers(desk.database, scope))
    if not _suppressed(user):
        return [*counted, *said]
    return [without_small_numbers(table) for table in (*counted, said[0])]


def _suppressed(user: User) -> bool:
    """The partnership sees how the procedure works, and nothing of anybody's own case."""
    return user.role is StaffRole.PARTNERSHIP


def _scope(desk: Desk, user: User, request: Request) -> FigureScope:
    council = None if user.council == EVERY_COUNCIL else user.council
    return FigureScope(council, desk.now.astimezone(LONDON).date(), request.query_params.get("demo") == "1")
