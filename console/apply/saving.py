"""Stopping and coming back: a code to write down, and the page that takes it."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console.apply import browser, code
from console.apply.browser import Applicant, Visitor
from console.apply.emailed_code import by_email
from console.apply.form import resumed, shown, waiting
from console.apply.pages import Form
from console.web import form_cookie
from console.web.desk import AtDesk, Desk
from console.web.posted_forms import Fault, posted
from console.web.throttle import CODE, CODES, MAIL_FROM, MAIL_TO, PATIENCE, Counted, TooOften, bucket, came_from
from register import unsent

router = APIRouter()


@router.get("/apply/{council}/save")
async def ask(request: Request, desk: AtDesk, applicant: Visitor) -> Response:
    if away := browser.onward(applicant):
        return away
    return shown(request, desk, applicant, "save", names=_names(applicant.form), email=_safe_email(applicant.form))


@router.post("/apply/{council}/save")
async def give(request: Request, desk: AtDesk, applicant: Visitor) -> Response:
    """A new code, shown once; an earlier one leads nowhere from now on."""
    sent = await posted(request)
    if away := browser.onward(applicant):
        return away
    assert applicant.unsent is not None
    form = applicant.form
    if not _names(form):
        return RedirectResponse(f"{applicant.base}/{'you' if form.other else 'name'}", 303)
    fresh, email = code.new(), _safe_email(form)
    await unsent.give_code(desk.database, applicant.unsent.id, code.hashed(fresh), desk.now)
    told = None
    if email and sent.value("email") == "yes":
        may = desk.throttle.allows(Counted(MAIL_FROM, bucket(came_from(request))), Counted(MAIL_TO, email))
        told = may and await by_email(desk, applicant.policy, email, fresh, desk.now + unsent.KEPT_FOR)
    return shown(request, desk, applicant, "code", code=fresh, told=told, email=email, until=desk.now + unsent.KEPT_FOR)


@router.get("/apply/{council}/return")
async def come_back(request: Request, desk: AtDesk, applicant: Visitor) -> Response:
    return shown(request, desk, applicant, "return", values={}, slug="", typed="", surname="")


@router.post("/apply/{council}/return")
async def enter(request: Request, desk: AtDesk, applicant: Visitor) -> Response:
    sent = await posted(request)
    typed, surname = sent.value("code"), sent.value("name")

    def again(status: int, *faults: Fault) -> Response:
        return shown(
            request, desk, applicant, "return", status, faults=list(faults), typed=typed, surname=surname,
            values=waiting(sent), slug=sent.value("_slug"),
        )  # fmt: skip

    empty = [Fault("code", "Enter your code")] if not typed else []
    empty += [Fault("name", "Enter your last name")] if not surname else []
    if empty:
        return again(422, *empty)
    hash, client = code.hashed(typed), bucket(came_from(request))
    try:
        turn = await desk.throttle.turn(Counted(CODE, hash), Counted(CODES, client), patience=PATIENCE)
    except TooOften as error:
        return again(429, Fault("code", f"There were too many tries; wait {error.wait}, then try again"))
    application = await unsent.of_code(desk.database, hash, desk.now)
    if application is None or not code.same_name(
        surname, _names(Form(applicant.policy, application.values, applicant.ways))
    ):
        return again(422, Fault("code", "The code and the name do not fit any application we keep; check both"))
    turn.right()
    return await _opened(request, desk, applicant, application)


async def _opened(request: Request, desk: Desk, applicant: Applicant, application: unsent.Unsent) -> Response:
    secret = browser.secret()
    await unsent.move(desk.database, application.id, browser.hashed(secret), desk.now)
    there = Applicant(desk.pages.policies[application.council], application, desk.ways)
    slug = await resumed(desk, application, there, await posted(request))
    answer = RedirectResponse(f"{there.base}/{slug or 'check'}", 303)
    form_cookie.remember(answer, secret, desk.secure)
    return answer


def _names(form: Form) -> list[str]:
    """The names that open an application beside its code."""
    names = (form.posted.value(path) for path in ("representative.name", "applicant.name"))
    return [name for name in names if name]


def _safe_email(form: Form) -> str:
    """The e-mail address of whoever fills the form in, unless they said that it is not safe."""
    who = "representative" if form.other else "applicant"
    unsafe = form.posted.value(f"{who}.unsafe.email") == "yes"
    wrong = any(fault.field == f"{who}.email" for fault in form.faults)
    return "" if unsafe or wrong else form.posted.value(f"{who}.email")
