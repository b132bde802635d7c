"""The files by which an agency shows that an action is done: sent one at a time, and its own to get back.

These paths are more particular than those of a task's pages and are to be found before them.
"""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console.visitors import task_pages, visitor_documents
from console.visitors.recommendations import DOCUMENTS, Made, made
from console.visitors.visitor import Recommendations, Visitor, opened
from console.web.desk import AtDesk, Desk
from console.web.posted_forms import Fault
from console.web.uploads import received, takes_file
from register.documents import OF_FORM
from register.media import KINDS

router = APIRouter()


@dataclass(frozen=True)
class Showing:
    """An action whose evidence a visitor sends; ``then`` is ``check`` for whoever comes from there."""

    visitor: Visitor
    made: Made
    then: str

    @property
    def base(self) -> str:
        return f"{self.visitor.home}/{self.made.complete.slug}"

    @property
    def ready(self) -> bool:
        return self.made.takes_files and not self.visitor.view.case.stage.over

    @property
    def back(self) -> str:
        if not self.made.complete.open:
            return self.visitor.home
        return f"{self.base}/{'check' if self.then == 'check' else 'evidence'}"


@router.get("/recommendations/{link}/documents/{id}")
async def get(desk: AtDesk, visitor: Recommendations, id: str) -> Response:
    return await visitor_documents.hand_out(desk, visitor, id)


@router.get(f"/recommendations/{{link}}/{{item}}-done/{DOCUMENTS}")
async def ask(request: Request, desk: AtDesk, visitor: Recommendations, item: str, then: str = "") -> Response:
    showing = await _showing(desk, visitor, f"{item}-done", then)
    if not showing.ready:
        return RedirectResponse(visitor.home, 303)
    return await _page(request, desk, showing, [], 200)


@router.post(f"/recommendations/{{link}}/{{item}}-done/{DOCUMENTS}")
@takes_file
async def add(request: Request, desk: AtDesk, visitor: Recommendations, item: str) -> Response:
    """A file that was chosen is kept whichever button was pressed."""
    sent = await received(request)
    showing = await _showing(desk, visitor, f"{item}-done", sent.form.value("_then"))
    press = sent.form.value("_press")
    if not showing.ready:
        return await _page(request, desk, showing, [Fault("file", _not_now(showing))], 409)
    kept = ""
    if sent.chosen:
        added = await visitor_documents.add(desk, visitor, sent, showing.made.complete.evidence, visitor.name)
        if isinstance(added, Fault):
            return await _page(request, desk, showing, [added], 422)
        kept = added
    elif press == "add":
        return await _page(request, desk, showing, [Fault("file", "Choose a file, or continue without one")], 422)
    return RedirectResponse(_onward(showing, press, kept), 303)


def _onward(showing: Showing, press: str, kept: str) -> str:
    home, complete = showing.visitor.home, showing.made.complete
    if press == "add":
        then = "&then=check" if showing.then == "check" else ""
        return f"{showing.base}/{DOCUMENTS}?sent={kept}{then}"
    if not complete.open:
        return f"{home}?sent={kept}" if kept else home
    return f"{home}?saved={complete.slug}" if press == "save" else f"{showing.base}/check"


def _not_now(showing: Showing) -> str:
    if showing.visitor.view.case.stage.over:
        return "The case has ended, so nothing more can be added to it; ring us if we should see this"
    return f"Say first that you accept {showing.made.item.id}, then send what shows that it is done"


async def _showing(desk: Desk, visitor: Visitor, task: str, then: str) -> Showing:
    recommendation = next(
        (recommendation for recommendation in made(visitor) if recommendation.complete.slug == task), None
    )
    if recommendation is None:
        raise HTTPException(404)
    await opened(desk, visitor, f"the form “{recommendation.complete.title}”, {DOCUMENTS}")
    return Showing(visitor, recommendation, then)


async def _page(request: Request, desk: Desk, showing: Showing, faults: list[Fault], status: int) -> Response:
    visitor, complete = showing.visitor, showing.made.complete
    kept = [document for document in await visitor_documents.own(desk, visitor) if document.about == complete.evidence]
    return desk.pages.public(
        request, "evidence", visitor.council, status, **task_pages.shared(desk, visitor), task=complete, faults=faults,
        kept=kept, kinds=KINDS, largest=desk.shelf.megabytes, most=OF_FORM.most, action=f"{showing.base}/{DOCUMENTS}",
        back=showing.back, then=showing.then, told=visitor_documents.said(request.query_params.get("sent", "")),
    )  # fmt: skip
