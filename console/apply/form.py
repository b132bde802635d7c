"""The form's pages: where it begins, one page after the other, and how to leave it at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console.apply import browser
from console.apply.browser import Applicant, Visitor
from console.apply.pages import REPORTS, Form
from console.questions.answering import heads
from console.questions.questionnaire import Page, inside
from console.web import form_cookie
from console.web.desk import AtDesk, Desk
from console.web.posted_forms import Fault, Posted, posted
from console.web.throttle import BEGUN, Counted, bucket, came_from
from domain.complaint import number_in_words
from domain.threshold import statutory_route
from register import unsent

_KEPT = "_kept."

router = APIRouter()
"""The pages that have names of their own."""
questions = APIRouter()
"""Every other page; routed last."""


@router.get("/apply")
async def choose(request: Request, desk: AtDesk) -> Response:
    if len(desk.pages.policies) == 1:
        return RedirectResponse(f"/apply/{next(iter(desk.pages.policies))}", 303)
    return desk.pages.public(request, "apply/choose", "", councils=desk.pages.councils)


@router.get("/apply/leave")
async def leave(request: Request, desk: AtDesk, to: str = "") -> Response:
    """To the first page again; only a code opens the application then."""
    answer = RedirectResponse(f"/apply/{to}?closed=1" if to in desk.pages.policies else "/apply", 303)
    if form_cookie.of_ours(request):
        form_cookie.forget(answer, desk.secure)
    return answer


@router.get("/apply/{council}")
async def start(request: Request, desk: AtDesk, applicant: Visitor, closed: str = "") -> Response:
    return shown(request, desk, applicant, "start", needed=needed(applicant), closed=bool(closed))


@router.post("/apply/{council}")
async def begin(request: Request, desk: AtDesk, applicant: Visitor) -> Response:
    if not desk.throttle.allows(Counted(BEGUN, bucket(came_from(request)))):
        raise HTTPException(429)
    secret = browser.secret()
    begun = await unsent.begin(desk.database, applicant.policy.id, browser.hashed(secret), desk.now)
    slug = await resumed(desk, begun, applicant, await posted(request))
    answer = RedirectResponse(f"{applicant.base}/{slug or 'who'}", 303)
    form_cookie.remember(answer, secret, desk.secure)
    return answer


@questions.get("/apply/{council}/{slug}")
async def ask(request: Request, desk: AtDesk, applicant: Visitor, slug: str) -> Response:
    page = applicant.form.page(slug)
    if page is None:
        raise HTTPException(404)
    if away := browser.onward(applicant):
        return away
    return _asked(request, desk, applicant, applicant.form, page, [], 200, request.query_params.get("from", ""))


@questions.post("/apply/{council}/{slug}")
async def answer(request: Request, desk: AtDesk, applicant: Visitor, slug: str) -> Response:
    """Whatever was typed is kept first, right or wrong."""
    sent = await posted(request)
    if applicant.unsent is None:
        return closed(request, desk, applicant, slug, sent)
    page = applicant.form.page(slug)
    if page is None:
        raise HTTPException(404)
    form = await kept(desk, applicant, sent, page.asks)
    if form is None:
        return browser.onward(applicant) or RedirectResponse(f"{applicant.base}/sent", 303)
    if sent.value("_press") == "save":
        return RedirectResponse(f"{applicant.base}/save", 303)
    origin = sent.value("_from")
    if faults := form.faults_of(page):
        return _asked(request, desk, applicant, form, page, faults, 422, origin)
    if origin == "check" and slug != "who":
        return RedirectResponse(f"{applicant.base}/check", 303)
    return RedirectResponse(f"{applicant.base}/{following(form, slug)}", 303)


async def kept(desk: Desk, applicant: Applicant, sent: Posted, asks: Sequence[str]) -> Form | None:
    """The form with what a page sent; None where it was sent off or deleted meanwhile. 413 where it is too much."""
    assert applicant.unsent is not None
    values = _own(sent.values, asks)
    try:
        values_kept = await unsent.keep(desk.database, applicant.unsent.id, values, desk.now, under=asks)
    except unsent.TooMuch:
        raise HTTPException(413) from None
    return Form(applicant.policy, values_kept, applicant.ways) if values_kept is not None else None


def closed(request: Request, desk: Desk, applicant: Applicant, slug: str, sent: Posted) -> Response:
    """A page sent after the application was shut for safety: what was typed waits until it is opened again."""
    values = {f"{_KEPT}{name}": value for name, value in sent.values.items() if not name.startswith("_")}
    return shown(request, desk, applicant, "return", 401, values=values, slug=slug, typed="", surname="", faults=[])


async def resumed(desk: Desk, begun: unsent.Unsent, applicant: Applicant, sent: Posted) -> str:
    """Keep what waited in a page until its application was opened again; that page's name, if there is one."""
    slug = sent.value("_slug")
    values = {name.removeprefix(_KEPT): value for name, value in sent.values.items() if name.startswith(_KEPT)}
    page = Form(applicant.policy, {**begun.values, **values}, applicant.ways).page(slug.partition("/")[0])
    if page is None or not values:
        return ""
    asks = [f"{REPORTS}.{slug.partition('/')[2]}"] if "/" in slug else page.asks
    await kept(desk, Applicant(applicant.policy, begun, applicant.ways), Posted(values), asks)
    return slug


def waiting(sent: Posted) -> dict[str, str]:
    """What waits in a page, to be shown in it again."""
    return {name: value for name, value in sent.values.items() if name.startswith(_KEPT)}


def following(form: Form, slug: str) -> str:
    """The page after one."""
    slugs = [*(page.slug for page in form.pages), "check"]
    return slugs[slugs.index(slug) + 1]


def before(applicant: Applicant, form: Form, slug: str) -> str:
    """The address of the page before one."""
    slugs = [*(page.slug for page in form.pages), "check"]
    place = slugs.index(slug)
    return f"{applicant.base}/{slugs[place - 1]}" if place else applicant.base


def shown(request: Request, desk: Desk, applicant: Applicant, name: str, status: int = 200, **more: object) -> Response:
    """A page of the form, in its council's colour and name, with whom to ring."""
    shared = name if name.startswith("questions/") else f"apply/{name}"
    council = applicant.policy.identity.council
    seen: dict[str, object] = {
        "base": applicant.base, "home": applicant.base, "unsent": applicant.unsent, "frame": "public/applicant.html.j2",
        "place_name": council, "save": "Stop and come back later", "go": "Save and continue", "origin": "",
    }  # fmt: skip
    return desk.pages.public(request, shared, applicant.policy.id, status, **(seen | more))


def asking(
    request: Request, desk: Desk, applicant: Applicant, form: Form, page: Page, faults: Sequence[Fault], status: int,
    **more: object,
) -> Response:  # fmt: skip
    """A page of questions."""
    asked = form.sheet.asked(page)
    return shown(
        request, desk, applicant, "questions/page", status, page=page, asked=asked, heading=heads(page, asked),
        form=Posted(dict(form.values)), faults=list(faults), rows={}, action=f"{applicant.base}/{page.slug}", **more,
    )  # fmt: skip


def came_by(origin: str) -> dict[str, str]:
    """What a page sends with it of where its reader came from."""
    return {"_from": "check" if origin == "check" else ""}


def needed(applicant: Applicant) -> str:
    """How many reports give a right to a review, in words."""
    return number_in_words(statutory_route(applicant.policy).minimum)


def _asked(
    request: Request, desk: Desk, applicant: Applicant, form: Form, page: Page, faults: list[Fault], status: int,
    origin: str,
) -> Response:  # fmt: skip
    return asking(
        request, desk, applicant, form, page, faults, status, hidden=came_by(origin),
        back=before(applicant, form, page.slug),
    )  # fmt: skip


def _own(values: Mapping[str, str], asks: Sequence[str]) -> dict[str, str]:
    return {name: value for name, value in values.items() if inside(name, asks)}
