"""The reports of an application, one by one, with the threshold explained as they come in."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console.apply import browser
from console.apply.browser import Applicant, Visitor
from console.apply.form import asking, before, came_by, closed, following, kept, needed, shown
from console.apply.pages import REPORTS, Form, report_faults
from console.questions.assessment import assessed
from console.questions.fields import answers
from console.questions.questionnaire import Page
from console.questions.repeated import MOST
from console.web.desk import AtDesk, Desk
from console.web.posted_forms import Fault, Posted, posted
from domain.calendar import LONDON

router = APIRouter()


@router.get("/apply/{council}/reports")
async def listed(request: Request, desk: AtDesk, applicant: Visitor) -> Response:
    if away := browser.onward(applicant):
        return away
    return _list(request, desk, applicant, applicant.form, [], 200, request.query_params.get("from", ""))


@router.post("/apply/{council}/reports")
async def go_on(request: Request, desk: AtDesk, applicant: Visitor) -> Response:
    sent = await posted(request)
    if away := browser.onward(applicant):
        return away
    press, origin, form = sent.value("_press"), sent.value("_from"), applicant.form
    if press == "save":
        return RedirectResponse(f"{applicant.base}/save", 303)
    if press.startswith("less:") and press.removeprefix("less:").isdecimal():
        without = await kept(desk, applicant, Posted(), [f"{REPORTS}.{press.removeprefix('less:')}"])
        return _list(request, desk, applicant, without or form, [], 200, origin, taken_out=True)
    if faults := _unfinished(form, desk):
        return _list(request, desk, applicant, form, faults, 422, origin)
    return RedirectResponse(f"{applicant.base}/{'check' if origin == 'check' else following(form, 'reports')}", 303)


@router.get("/apply/{council}/reports/{number}")
async def ask(request: Request, desk: AtDesk, applicant: Visitor, number: int) -> Response:
    _known(number)
    if away := browser.onward(applicant):
        return away
    return _one(request, desk, applicant, applicant.form, number, [], 200, request.query_params.get("from", ""))


@router.post("/apply/{council}/reports/{number}")
async def answer(request: Request, desk: AtDesk, applicant: Visitor, number: int) -> Response:
    _known(number)
    sent = await posted(request)
    if applicant.unsent is None:
        return closed(request, desk, applicant, f"reports/{number}", sent)
    form = await kept(desk, applicant, sent, [f"{REPORTS}.{number}"])
    if form is None:
        return browser.onward(applicant) or RedirectResponse(f"{applicant.base}/sent", 303)
    if sent.value("_press") == "save":
        return RedirectResponse(f"{applicant.base}/save", 303)
    origin = sent.value("_from")
    if faults := report_faults(form, number, desk.now.astimezone(LONDON).date()):
        return _one(request, desk, applicant, form, number, faults, 422, origin)
    return RedirectResponse(f"{applicant.base}/reports{'?from=check' if origin == 'check' else ''}", 303)


def _known(number: int) -> None:
    if not 0 <= number < MOST:
        raise HTTPException(404)


def _unfinished(form: Form, desk: Desk) -> list[Fault]:
    """What keeps somebody on the list: no report at all, or one that lacks something."""
    if not form.rows:
        return [Fault("add", "Add at least one report; if you have not told anybody yet, ring us and we will help")]
    today = desk.now.astimezone(LONDON).date()
    return [
        Fault(f"{REPORTS}.{number}", fault.words)
        for number in form.rows
        for fault in report_faults(form, number, today)
    ]


def _list(
    request: Request, desk: Desk, applicant: Applicant, form: Form, faults: list[Fault], status: int, origin: str,
    taken_out: bool = False,
) -> Response:  # fmt: skip
    asked = form.field(REPORTS).inside
    said = [{"number": number, "answers": answers(asked, form.posted, f"{REPORTS}.{number}.")} for number in form.rows]
    return shown(
        request, desk, applicant, "reports", status, faults=faults, reports=said, taken_out=taken_out,
        assessment=assessed(applicant.policy, form.fields, form.posted, desk.now.astimezone(LONDON).date()),
        needed=needed(applicant), next=max(form.rows, default=-1) + 1,
        origin="check" if origin == "check" else "", back=before(applicant, form, "reports"),
    )  # fmt: skip


def _one(
    request: Request, desk: Desk, applicant: Applicant, form: Form, number: int, faults: list[Fault], status: int,
    origin: str,
) -> Response:  # fmt: skip
    place = form.rows.index(number) + 1 if number in form.rows else len(form.rows) + 1
    asks = tuple(f"{REPORTS}.{number}.{question.name}" for question in form.field(REPORTS).inside)
    page = Page(f"reports/{number}", f"Report {place}", asks)
    return asking(
        request, desk, applicant, form, page, faults, status, hidden=came_by(origin), back=f"{applicant.base}/reports"
    )
