"""What waits for a second person: a refusal of the threshold, a promised date to be moved."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console.questions.fields import answers, unfilled
from console.questions.labels import ACTS, plainly
from console.questions.sending import do, once
from console.staff import act_forms
from console.staff.case_page import substance
from console.web.desk import AtDesk, Desk, Doer, Second, opened
from console.web.posted_forms import Fault, Posted, posted
from domain.events import Body, NoteAdded, acts
from office import permits, whatif
from office.acting import Done, Left, NotAllowed, Over
from office.case_view import CaseView, viewed
from register import drafts, users
from register.drafts import Begun, Draft
from register.users import User

router = APIRouter()


@dataclass(frozen=True)
class Proposal:
    """A proposal with its case; ``body`` has the second person's name in it."""

    draft: Draft
    view: CaseView
    body: Body


@router.get("/proposals")
async def listed(request: Request, desk: AtDesk, user: Second) -> Response:
    waiting = await drafts.of(desk.database, Begun.PROPOSAL, user.council)
    closed = {one.id for one in await users.listed(desk.database) if not one.active}
    shown = [
        {
            "it": proposal,
            "title": ACTS[proposal.act].title,
            "own": proposal.user_id == user.id,
            "gone": proposal.user_id in closed,
        }
        for proposal in waiting
    ]
    return desk.pages.show(request, "proposals", proposals=shown)


@router.get("/proposals/{id}")
async def show(request: Request, desk: AtDesk, user: Second, id: str) -> Response:
    proposal = await _proposal(desk, user, id)
    if proposal is None:
        raise HTTPException(404)
    return await _shown(request, desk, user, proposal, [], "", 200)


@router.post("/proposals/{id}")
async def decide(request: Request, desk: AtDesk, user: Second, id: str) -> Response:
    form = await posted(request)
    proposal = await _proposal(desk, user, id)
    if proposal is None:
        return RedirectResponse("/proposals", 303)
    reason, view = form.value("reason"), proposal.view
    if proposal.draft.user_id == user.id:
        own = Fault("agree", "You proposed this yourself, so somebody else must agree")
        return await _shown(request, desk, user, proposal, [own], reason, 422)
    if form.value("_press") == "return":
        if not reason:
            empty = Fault("reason", "Enter why you send it back")
            return await _shown(request, desk, user, proposal, [empty], reason, 422)
        title = ACTS[proposal.draft.act].title
        note = NoteAdded(text=f"“{title}”, proposed by {proposal.draft.name}, was sent back: {reason}")
        done = await do(desk, view, note, permits.actor(user), once(id, note))
        where = "returned"
    else:
        by = permits.actor(user).model_copy(update={"name": proposal.draft.name})
        done = await do(desk, view, proposal.body, by, id)
        where = ""
    match done:
        case Done(accepted):
            where = where or accepted.event
        case Left(kept=True):
            where = "left#left"
        case NotAllowed(sentence) | Over(sentence) | Left(sentence=sentence):
            return await _shown(request, desk, user, proposal, [Fault("agree", plainly(sentence))], reason, 422)
    await drafts.discard(desk.database, id)
    return RedirectResponse(f"/cases/{view.reference}?done={where}", 303)


@router.post("/cases/{reference}/proposals/{id}")
async def take_back(desk: AtDesk, user: Doer, reference: str, id: str) -> Response:
    """Whoever proposed it takes it back; nothing was done of it."""
    draft = await drafts.with_id(desk.database, id)
    if draft is None:
        return RedirectResponse(f"/cases/{reference}", 303)
    if draft.kind is not Begun.PROPOSAL or (draft.user_id, draft.reference) != (user.id, reference):
        raise HTTPException(404)
    await drafts.discard(desk.database, id)
    return RedirectResponse(f"/cases/{reference}?done=taken-back", 303)


async def _proposal(desk: Desk, user: User, id: str) -> Proposal | None:
    draft = await drafts.with_id(desk.database, id)
    if draft is None or draft.kind is not Begun.PROPOSAL or not user.sees(draft.council):
        return None
    view = viewed(await opened(desk, user, draft.reference, f"the proposal “{ACTS[draft.act].title}”"))
    body = acts()[draft.act].model_validate_json(draft.body)
    return Proposal(draft, view, act_forms.agreed(body, user.name))


async def _shown(
    request: Request, desk: Desk, user: User, proposal: Proposal, faults: list[Fault], reason: str, status: int
) -> Response:
    draft, view = proposal.draft, proposal.view
    proposer = await users.with_id(desk.database, draft.user_id)
    asked = act_forms.fields_of(view, draft.act)
    by = permits.actor(user)
    refused = whatif.refused(view, proposal.body, by)
    return desk.pages.show(
        request, "proposal", status, draft=draft, words=ACTS[draft.act], reference=view.reference, faults=faults,
        answers=answers(asked, Posted(unfilled(proposal.body, asked))), stage=view.case.stage,
        effect=None if refused else await whatif.effect(view, proposal.body, by, desk.renderer, desk.ways),
        refused=plainly(refused) if refused else "", own=draft.user_id == user.id, reason=reason, known=substance(view),
        own_day=view.stored.row.own_day, gone=proposer is None or not proposer.active,
    )  # fmt: skip
