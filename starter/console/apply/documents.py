"""Documents that go with an application: added one at a time, taken out again, and the case's once it is sent."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from domain.events import Actor, Role
from register import documents, unsent
from register.media import KINDS, LARGEST, NotTaken
from register.shelf import ShelfError
from starter.console.apply import browser
from starter.console.apply.browser import Applicant, Visitor
from starter.console.apply.form import before, shown
from starter.console.desk import AtDesk, Desk
from starter.console.forms import Fault
from starter.console.throttle import came_from
from starter.console.uploads import received

TOO_MANY = "Too many files came from where you are; wait fifteen minutes, or send the form and bring the rest later"
_BY = Actor(role=Role.APPLICANT)

router = APIRouter()


@router.get("/apply/{council}/documents")
async def ask(request: Request, at: AtDesk, applicant: Visitor) -> Response:
    if away := browser.onward(applicant):
        return away
    return await _page(request, at, applicant, [], 200)


@router.post("/apply/{council}/documents")
async def answer(request: Request, at: AtDesk, applicant: Visitor) -> Response:
    """A file that was chosen is kept whichever button was pressed."""
    sent = await received(request)
    if away := browser.onward(applicant):
        return away
    assert applicant.unsent is not None
    press = sent.form.one("_press")
    if press.startswith("less:"):
        await documents.remove(at.database, press.removeprefix("less:"), unsent=applicant.unsent.id)
        return RedirectResponse(f"{applicant.at}/documents", 303)
    if sent.chosen:
        if await at.throttle.take(at.throttle.files, came_from(request)):
            return await _page(request, at, applicant, [Fault("file", TOO_MANY)], 429)
        try:
            await documents.add(
                at.database, at.shelf, sent.content, sent.name, by=_BY, now=at.now, unsent=applicant.unsent.id
            )
        except (NotTaken, ShelfError) as error:
            words = str(error) if isinstance(error, NotTaken) else "Files cannot be kept just now; try again later"
            return await _page(request, at, applicant, [Fault("file", words.rstrip("."))], 422)
        await unsent.keep(at.database, applicant.unsent.id, {}, at.now)
    elif press == "add":
        return await _page(request, at, applicant, [Fault("file", "Choose a file, or continue without one")], 422)
    onward = {"add": "documents", "save": "save"}.get(press, "check")
    return RedirectResponse(f"{applicant.at}/{onward}", 303)


async def _page(request: Request, at: Desk, applicant: Applicant, faults: list[Fault], status: int) -> Response:
    assert applicant.unsent is not None
    return shown(
        request, at, applicant, "documents", status, faults=faults, kinds=KINDS, largest=LARGEST // 1_000_000,
        kept=await documents.of_unsent(at.database, applicant.unsent.id), most=documents.OF_FORM.most,
        back=before(applicant, applicant.form, "documents"),
    )  # fmt: skip
