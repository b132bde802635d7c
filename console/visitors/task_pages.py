"""A task's pages: one question after the other, all of it to be checked, then the same Update as everybody sends."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console.questions import repeated
from console.questions.fields import answers
from console.questions.labels import plainly
from console.questions.sending import current, do, once
from console.visitors import visitor_documents
from console.visitors.tasks import Step, Task
from console.visitors.visitor import NOT_NOW, Visitor, opened, visiting
from console.web.desk import AtDesk, Desk
from console.web.form_lock import turn
from console.web.link_homes import HOMES
from console.web.posted_forms import Fault, Posted, posted
from domain.events import Body
from office import whatif
from office.office import NoSuchCase, Refused
from register import unfinished
from register.links import Purpose

Tasks = Callable[[Visitor], Sequence[Task]]
_CHANGED = Fault("confirm", "What was typed has changed since this page was opened. Check it again, then send it")


@dataclass(frozen=True)
class At:
    """Where in a task somebody is: what they typed so far, whether any of it is kept, and the names of the files."""

    desk: Desk
    visitor: Visitor
    task: Task
    form: Posted
    kept: bool
    attached: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        return f"{self.visitor.home}/{self.task.slug}"

    async def keep(self) -> None:
        await unfinished.keep(
            self.desk.database, self.visitor.link, self.task.slug, self.form.values, self.desk.now
        )  # fmt: skip


def routes(router: APIRouter, purpose: Purpose, tasks: Tasks) -> None:
    """Give a router the pages of every task that the holders of such links have."""
    base = f"{HOMES[purpose]}/{{link}}/{{task}}"
    known = Depends(visiting(purpose))

    @router.get(f"{base}/check")
    async def check(request: Request, desk: AtDesk, task: str, visitor: Visitor = known) -> Response:
        here = await _at(desk, visitor, tasks, task, "checking it")
        return await _checked(request, here) if here.task.open else _shut(request, here)

    @router.post(f"{base}/check")
    async def confirm(request: Request, desk: AtDesk, task: str, visitor: Visitor = known) -> Response:
        seen = (await posted(request)).one("_seen")
        async with turn(visitor.link.id, task):
            here = await _at(desk, visitor, tasks, task, "sending it")
            return await _confirmed(request, here, seen)

    @router.get(f"{base}/{{step}}")
    async def ask(request: Request, desk: AtDesk, task: str, step: str, visitor: Visitor = known) -> Response:
        here = await _at(desk, visitor, tasks, task, step)
        if not here.task.open:
            return _shut(request, here)
        found = here.task.step(here.form, step)
        if found is None:
            raise HTTPException(404)
        return _page(request, here, found, [], 200)

    @router.post(f"{base}/{{step}}")
    async def take(request: Request, desk: AtDesk, task: str, step: str, visitor: Visitor = known) -> Response:
        sent = await posted(request)
        async with turn(visitor.link.id, task):
            here = await _at(desk, visitor, tasks, task, step)
            return await _taken(request, here, step, sent)


def shared(desk: Desk, visitor: Visitor) -> dict[str, Any]:
    """What every page of somebody who came by a link shows."""
    officer = visitor.view.case.officer
    return {
        "visitor": visitor,
        "view": visitor.view,
        "case": visitor.view.case,
        "until": until(desk, visitor),
        "officer": officer,
    }


def until(desk: Desk, visitor: Visitor) -> datetime:
    """When the visitor's link stops to open, as things stand."""
    return visitor.link.until(visitor.view.stored.row.closed_at, desk.links.after_end)


async def _at(desk: Desk, visitor: Visitor, tasks: Tasks, slug: str, what: str) -> At:
    task = next((one for one in tasks(visitor) if one.slug == slug), None)
    if task is None:
        raise HTTPException(404)
    await opened(desk, visitor, f"the form “{task.offer}”, {what}")
    kept = await unfinished.one(desk.database, visitor.link, slug)
    form = Posted(kept if kept is not None else {**task.start, "_form": uuid.uuid4().hex})
    sent = await visitor_documents.own(desk, visitor) if task.evidence else []
    attached = tuple(one.name for one in sent if one.about == task.evidence)
    return At(desk, visitor, task, form, kept is not None, attached)


async def _taken(request: Request, here: At, slug: str, sent: Posted) -> Response:
    """Whatever is pressed, what was typed on this page is kept first."""
    step = here.task.step(here.form, slug)
    if step is None and not here.task.open:
        return _shut(request, here)
    if step is None:
        raise HTTPException(404)
    _merge(here.form, step, sent)
    press = sent.one("_press")
    grown = repeated.changed(step.fields, here.form, press)
    await here.keep()
    if not here.task.open:
        return _shut(request, here)
    if grown:
        return RedirectResponse(f"{here.path}/{slug}", 303)
    if press == "save":
        return RedirectResponse(f"{here.visitor.home}?saved={here.task.slug}", 303)
    if faults := here.task.faults_of(step, here.form):
        return _page(request, here, step, faults, 422)
    following = here.task.after(here.form, step)
    to = "check" if following is None or sent.one("_then") == "check" else following.slug
    return RedirectResponse(f"{here.path}/{to}", 303)


def _merge(form: Posted, step: Step, sent: Posted) -> None:
    """What one page says, in place of what it said before; of the other pages nothing changes."""
    names = {one.name for one in step.fields}
    for name in [name for name in form.values if name.partition(".")[0] in names]:
        del form.values[name]
    form.values |= {name: value for name, value in sent.values.items() if name.partition(".")[0] in names}


async def _checked(request: Request, here: At) -> Response:
    body, faults = here.task.read(here.form)
    if body is None or not here.kept:
        wrong = here.task.first_wrong(here.form)
        return RedirectResponse(f"{here.path}/{wrong.slug}", 303)
    sentence = await _sentence(here, body)
    return _check(request, here, [_refusal(here, sentence)] if sentence else faults, 200)


async def _confirmed(request: Request, here: At, seen: str) -> Response:
    """Sent twice it counts once: what is done is not kept any more, and the second finds it done."""
    if not here.kept:
        return RedirectResponse(here.visitor.home, 303)
    if not here.task.open:
        return _shut(request, here)
    body, _ = here.task.read(here.form)
    if body is None:
        return RedirectResponse(f"{here.path}/{here.task.first_wrong(here.form).slug}", 303)
    id = once(here.form.one("_form"), body)
    if seen != id:
        return _check(request, here, [_CHANGED], 422)
    done = await do(here.desk, here.visitor.view, body, here.visitor.by, id)
    match done:
        case Refused():
            return _check(request, here, [_refusal(here, str(done))], 422)
        case NoSuchCase():
            return _check(request, here, [Fault("confirm", str(done))], 422)
        case Exception():
            return _check(request, here, [NOT_NOW], 503)
    await unfinished.discard(here.desk.database, here.visitor.link, here.task.slug)
    return RedirectResponse(f"{here.visitor.home}?done={here.task.slug}", 303)


async def _sentence(here: At, body: Body) -> str | None:
    """The rules' sentence against it now; None where it may be done."""
    view = await current(here.desk, here.visitor.view.stored)
    return whatif.refused(view, body, here.visitor.by)


def _refusal(here: At, sentence: str) -> Fault:
    return Fault(here.task.about(sentence, here.form).slug, plainly(sentence))


def _page(request: Request, here: At, step: Step, faults: Sequence[Fault], status: int) -> Response:
    steps = here.task.steps(here.form)
    place = [one.slug for one in steps].index(step.slug)
    back = f"{here.path}/{steps[place - 1].slug}" if place else here.visitor.home
    then = request.query_params.get("then", "")
    return here.desk.pages.public(
        request, "task", here.visitor.council, status, **shared(here.desk, here.visitor), task=here.task, step=step,
        form=here.form, faults=list(faults), rows=repeated.shown(step.fields, here.form), action=request.url.path,
        back=f"{here.path}/check" if then == "check" else back, then=then, place=place + 1, places=len(steps),
    )  # fmt: skip


def _check(request: Request, here: At, faults: Sequence[Fault], status: int) -> Response:
    body, _ = here.task.read(here.form)
    return here.desk.pages.public(
        request, "task_check", here.visitor.council, status, **shared(here.desk, here.visitor), task=here.task,
        faults=list(faults), path=here.path, said=_said(here), action=f"{here.path}/check",
        seen=once(here.form.one("_form"), body) if body else "",
    )  # fmt: skip


def _shut(request: Request, here: At) -> Response:
    """It cannot be done any more; what was typed is shown, so that it can be told another way."""
    if not here.kept:
        return RedirectResponse(here.visitor.home, 303)
    body, _ = here.task.read(here.form)
    sentence = whatif.refused(here.visitor.view, body, here.visitor.by) if body else None
    return here.desk.pages.public(
        request, "task_shut", here.visitor.council, 409, **shared(here.desk, here.visitor), task=here.task,
        said=_said(here), sentence=plainly(sentence) if sentence else "",
    )  # fmt: skip


def _said(here: At) -> list[tuple[Step, list[tuple[str, str]]]]:
    """What was typed page by page; a page without questions is the one for files."""
    files = [("Files, which we have already", "\n".join(here.attached))] if here.attached else []
    return [(step, answers(step.fields, here.form) if step.fields else files) for step in here.task.steps(here.form)]


def attachment(content: bytes, name: str) -> Response:
    """A PDF to be kept, never shown inside a page."""
    return Response(
        content, media_type="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
