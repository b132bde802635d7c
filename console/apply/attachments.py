"""Documents that go with an application: added one at a time, taken out again, and the case's once it is sent."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console.apply import browser
from console.apply.browser import Applicant, Visitor
from console.apply.form import before, shown
from console.web.desk import AtDesk, Desk
from console.web.posted_forms import Fault
from console.web.throttle import Counted, bucket, came_from
from console.web.uploads import received, takes_file
from domain.events import Actor, Role
from register import documents, unsent
from register.media import KINDS, NotTaken
from register.shelf import ShelfError

TOO_MANY = "Too many files came from where you are; wait fifteen minutes, or send the form and bring the rest later"
_BY = Actor(role=Role.APPLICANT)

router = APIRouter()


@router.get("/apply/{council}/documents")
async def ask(request: Request, desk: AtDesk, applicant: Visitor) -> Response:
    if away := browser.onward(applicant):
        return away
    return await _page(request, desk, applicant, [], 200)


@router.post("/apply/{council}/documents")
@takes_file
async def answer(request: Request, desk: AtDesk, applicant: Visitor) -> Response:
    """A file that was chosen is kept whichever button was pressed."""
    sent = await received(request)
    if away := browser.onward(applicant):
        return away
    assert applicant.unsent is not None
    press = sent.form.value("_press")
    if press.startswith("less:"):
        await documents.remove(desk.database, press.removeprefix("less:"), unsent=applicant.unsent.id)
        return RedirectResponse(f"{applicant.base}/documents", 303)
    if sent.chosen:
        if not desk.throttle.allows(Counted(desk.throttle.files, bucket(came_from(request)))):
            return await _page(request, desk, applicant, [Fault("file", TOO_MANY)], 429)
        try:
            await documents.add(
                desk.database, desk.shelf, sent.content, sent.name, scanner=desk.scanner, by=_BY, now=desk.now,
                unsent=applicant.unsent.id,
            )  # fmt: skip
        except (NotTaken, ShelfError) as error:
            words = str(error) if isinstance(error, NotTaken) else "Files cannot be kept just now; try again later"
            return await _page(request, desk, applicant, [Fault("file", words.rstrip("."))], 422)
        await unsent.keep(desk.database, applicant.unsent.id, {}, desk.now)
    elif press == "add":
        return await _page(request, desk, applicant, [Fault("file", "Choose a file, or continue without one")], 422)
    onward = {"add": "documents", "save": "save"}.get(press, "check")
    return RedirectResponse(f"{applicant.base}/{onward}", 303)


async def _page(request: Request, desk: Desk, applicant: Applicant, faults: list[Fault], status: int) -> Response:
    assert applicant.unsent is not None
    return shown(
        request, desk, applicant, "documents", status, faults=faults, kinds=KINDS, largest=desk.shelf.megabytes,
        kept=await documents.of_unsent(desk.database, applicant.unsent.id), most=documents.OF_FORM.most,
        back=before(applicant, applicant.form, "documents"),
    )  # fmt: skip
