"""The pages of whoever came by a link: their tasks as questionnaires, in the frame of their kind of page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console.questions import answering
from console.questions.answering import NotSent, Sitting
from console.questions.keeping import InCase
from console.questions.questionnaire import Page
from console.questions.sending import do, leave, once
from console.visitors import visitor_documents
from console.visitors.tasks import Task
from console.visitors.visitor import KEPT, NOT_NOW, Visitor, opened, visiting
from console.web.desk import AtDesk, Desk
from console.web.link_homes import HOMES
from console.web.posted_forms import Posted
from domain.events import Body
from domain.powers import POWERS
from office import acting, whatif
from office.acting import Left, NotAllowed, Over
from register import queries
from register.links import LinkPurpose

Tasks = Callable[[Visitor], Sequence[Task]]
APPLICANTS, OTHERS = "public/applicant.html.j2", "public/base.html.j2"

_NOTE = "Nothing is sent until you confirm it on the last page. What you type is kept each time you press a button."


class TaskSitting(Sitting[Body]):
    """Somebody who came by a link, at one of their tasks; ``attached`` are the names of the files they sent for it."""

    def __init__(self, desk: Desk, visitor: Visitor, task: Task, path: str, attached: Sequence[str] = ()) -> None:
        self.desk, self.visitor, self.sheet, self.task = desk, visitor, task, task
        self.store = InCase(desk, visitor.link, task.slug)
        self.path, self.open, self._attached = path, task.open, attached

    @property
    def applicant(self) -> bool:
        return self.visitor.link.purpose is LinkPurpose.PROGRESS

    @property
    def home(self) -> str:
        return self.visitor.home

    @property
    def saved(self) -> str:
        return f"{self.home}?saved={self.task.slug}"

    def show(self, request: Request, name: str, status: int, **more: object) -> Response:
        seen: dict[str, object] = {
            **shared(self.desk, self.visitor), "task": self.task, "frame": APPLICANTS if self.applicant else OTHERS,
            "caption": self.visitor.reference, "save": "Save and come back later", "grave": self.task.grave,
            "note": _NOTE, "discard": "Delete what I typed", "still": "Nothing has been sent yet.",
        }  # fmt: skip
        return self.desk.pages.public(request, f"questions/{name}", self.visitor.council, status, **(seen | more))

    def around(self, page: Page, form: Posted) -> dict[str, object]:
        shown: dict[str, object] = {"powers": tuple(POWERS.values()) if page.slug == self.task.powers else ()}
        return shown | ({"caption": self.task.title} if self.applicant and page.title != self.task.title else {})

    def id(self, form: Posted, made: Body) -> str:
        return once(form.value("_form"), made)

    async def refusal(self, made: Body) -> str | None:
        view = await acting.current(self.desk.office, self.visitor.view.stored)
        return whatif.refused(view, made, self.visitor.by)

    async def send(self, made: Body, id: str) -> str:
        act = leave if self.task.left else do
        match await act(self.desk, self.visitor.view, made, self.visitor.by, id):
            case NotAllowed(sentence) | Over(sentence):
                raise NotSent(sentence)
            case Left(kept=kept):
                raise NotSent(why=(KEPT if kept else NOT_NOW).words)
            case _:
                return self._thanks

    async def done(self, id: str) -> str | None:
        known = id and await queries.has_event(self.desk.database, self.visitor.reference, id)
        return self._thanks if known else None

    @property
    def _thanks(self) -> str:
        return f"{self.home}?done={self.task.slug}"

    def shut(self, request: Request, said: Sequence[object], refusal: str) -> Response:
        """An agency that typed nothing reads on its first page what became of it."""
        if not said and not self.applicant:
            return RedirectResponse(self.home, 303)
        return super().shut(request, said, refusal)

    def files(self) -> list[tuple[str, str]]:
        return [("Files, which we have already", "\n".join(self._attached))] if self._attached else []


def routes(router: APIRouter, purpose: LinkPurpose, tasks: Tasks, under: str = "") -> None:
    """Give a router the pages of every task that the holders of such links have; ``under`` stands before its name."""
    known = Depends(visiting(purpose))

    async def seat(request: Request, desk: AtDesk, task: str, visitor: Visitor = known) -> TaskSitting:
        offered = next((known for known in tasks(visitor) if known.slug == task), None)
        if offered is None:
            raise HTTPException(404)
        page = request.path_params.get("step") or request.url.path.rpartition("/")[2]
        await opened(desk, visitor, f"the form “{offered.title}”, {page}")
        sent = await visitor_documents.own(desk, visitor) if offered.evidence else []
        attached = tuple(document.name for document in sent if document.about == offered.evidence)
        return TaskSitting(desk, visitor, offered, f"{visitor.home}{under}/{offered.slug}", attached)

    answering.routes(router, f"{HOMES[purpose]}/{{link}}{under}/{{task}}", seat)


def shared(desk: Desk, visitor: Visitor) -> dict[str, Any]:
    """What every page of somebody who came by a link shows."""
    return {
        "visitor": visitor,
        "view": visitor.view,
        "case": visitor.view.case,
        "until": until(desk, visitor),
        "officer": visitor.view.case.officer,
    }


def until(desk: Desk, visitor: Visitor) -> datetime:
    """When the visitor's link stops to open, as things stand."""
    return visitor.link.until(visitor.view.stored.row.closed_at, desk.links.after_end)


def attachment(content: bytes, name: str) -> Response:
    """A PDF to be kept, never shown inside a page."""
    return Response(
        content, media_type="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
