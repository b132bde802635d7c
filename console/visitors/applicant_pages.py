"""The applicant's acts on their page: one question a page, then all of it to check, then done, once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console.questions.fields import Field, answers
from console.questions.labels import plainly
from console.questions.sending import do, leave, once
from console.visitors.applicant_acts import DEEDS, Deed, offered
from console.visitors.visitor import NOT_NOW, Progress, Visitor, opened
from console.web.desk import AtDesk, Desk
from console.web.form_lock import turn
from console.web.posted_forms import Fault, Posted, posted
from domain.events import Body
from office import whatif
from office.office import Refused
from register import queries

router = APIRouter()


@router.get("/progress/{link}/do/{act}")
async def ask(request: Request, desk: AtDesk, visitor: Progress, act: str) -> Response:
    deed = await _deed(desk, visitor, act)
    if deed not in offered(visitor.view):
        return desk.pages.public(request, "deed_not_now", visitor.council, 409, deed=deed, home=visitor.home)
    form = Posted({**_start(visitor, deed), "_form": uuid.uuid4().hex})
    return _page(request, desk, visitor, deed, form, 0, [], 200)


@router.post("/progress/{link}/do/{act}")
async def send(request: Request, desk: AtDesk, visitor: Progress, act: str) -> Response:
    deed = await _deed(desk, visitor, act)
    form = await posted(request)
    form.values["_form"] = form.one("_form")[:64] or uuid.uuid4().hex
    press, number = form.one("_press"), _number(form.one("_step"))
    if press == "back":
        return _page(request, desk, visitor, deed, form, number - 1, [], 200)
    if press.startswith("change:"):
        return _page(request, desk, visitor, deed, form, _number(press.partition(":")[2]), [], 200)
    body, faults = deed.read(visitor.view, form)
    pages = deed.asked(visitor.view, form)
    if press != "confirm":
        on_page = [fault for fault in faults if _place(pages, fault) == number]
        if on_page or number + 1 < len(pages):
            return _page(request, desk, visitor, deed, form, number + (not on_page), on_page, 422 if on_page else 200)
    if body is None:
        return _page(request, desk, visitor, deed, form, min(_place(pages, one) for one in faults), faults, 422)
    async with turn("deed", form.one("_form")):
        return await _checked(request, desk, visitor, deed, form, body, press == "confirm")


async def _checked(
    request: Request, desk: Desk, visitor: Visitor, deed: Deed, form: Posted, body: Body, confirmed: bool
) -> Response:
    id = once(form.one("_form"), body)
    if await queries.has_event(desk.database, visitor.reference, id):
        return RedirectResponse(f"{visitor.home}?done={deed.act}", 303)
    if sentence := whatif.refused(visitor.view, body, visitor.by):
        return _check(request, desk, visitor, deed, form, [Fault("confirm", plainly(sentence))], 422)
    if not confirmed:
        return _check(request, desk, visitor, deed, form, [], 200)
    done = await (leave if deed.signal else do)(desk, visitor.view, body, visitor.by, id)
    match done:
        case Refused():
            return _check(request, desk, visitor, deed, form, [Fault("confirm", plainly(str(done)))], 422)
        case Exception():
            return _check(request, desk, visitor, deed, form, [NOT_NOW], 503)
    return RedirectResponse(f"{visitor.home}?done={deed.act}", 303)


async def _deed(desk: Desk, visitor: Visitor, act: str) -> Deed:
    deed = DEEDS.get(act)
    if deed is None:
        raise HTTPException(404)
    await opened(desk, visitor, f"the page “{deed.title}”")
    return deed


def _start(visitor: Visitor, deed: Deed) -> dict[str, str]:
    """A number that is known to be safe, so that it need not be typed again."""
    if deed.act != "ask-for-call":
        return {}
    person = visitor.view.stored.readers.get(visitor.link.holder)
    return {"phone": person.phone} if person and "phone" not in person.unsafe else {}


def _place(pages: Sequence[Sequence[Field]], fault: Fault) -> int:
    """The page of the field a fault is about; the last one where it is about none."""
    name = fault.field.partition(".")[0]
    return next((number for number, page in enumerate(pages) if name in {one.name for one in page}), len(pages) - 1)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 3 else 0


def _page(
    request: Request, desk: Desk, visitor: Visitor, deed: Deed, form: Posted, number: int, faults: Sequence[Fault],
    status: int,
) -> Response:  # fmt: skip
    pages = deed.asked(visitor.view, form)
    number = max(0, min(number, len(pages) - 1))
    here = {one.name for one in pages[number]}
    kept = {
        name: value
        for name, value in form.values.items()
        if not name.startswith("_") and name.partition(".")[0] not in here
    }
    return desk.pages.public(
        request, "deed", visitor.council, status, deed=deed, form=form, fields=pages[number], number=number,
        count=len(pages), kept=kept, faults=list(faults), home=visitor.home, action=request.url.path,
    )  # fmt: skip


def _check(
    request: Request, desk: Desk, visitor: Visitor, deed: Deed, form: Posted, faults: Sequence[Fault], status: int
) -> Response:
    pages = deed.asked(visitor.view, form)
    said = [
        {"label": label, "value": value, "page": number}
        for number, page in enumerate(pages)
        for label, value in answers(page, form)
    ]
    kept = {name: value for name, value in form.values.items() if name not in ("_press", "_step")}
    return desk.pages.public(
        request, "deed_check", visitor.council, status, deed=deed, said=said, kept=kept, faults=list(faults),
        home=visitor.home, action=request.url.path, last=len(pages) - 1,
    )  # fmt: skip
