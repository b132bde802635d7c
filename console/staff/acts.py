"""Acts on a case: a form, what would follow, and then the same Update that the command line sends."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from typing import Any

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console.questions import repeated
from console.questions.fields import answers
from console.questions.labels import ACTS, plainly
from console.questions.sending import current, do, once
from console.staff import act_forms, contact_form, documents, possible_acts
from console.staff.act_forms import ActForm, Reading
from console.staff.case_page import substance
from console.web.desk import AtDesk, Desk, Doer, opened
from console.web.form_lock import turn
from console.web.posted_forms import Fault, Posted, posted
from domain.application import Means
from domain.events import Actor, ContactCorrected, acts
from domain.rules import may
from office import permits, whatif
from office.case_view import CaseView
from office.office import Refused
from register import drafts
from register.drafts import Begun
from register.users import User

router = APIRouter()

_JUDGEMENTS = frozenset(
    {"decide-threshold", "arrange-panel", "send-papers", "record-panel-decision", "send-outcome", "answer-enquiry",
     "refuse-appeal", "decide-appeal", "hold-follow-up", "notify-closure"}
)  # fmt: skip
"""The acts for which somebody has to know the case; their forms show what is known of it."""


@router.get("/cases/{reference}/acts/{act}")
async def ask(request: Request, desk: AtDesk, user: Doer, reference: str, act: str) -> Response:
    if act == documents.ACT:
        return RedirectResponse(f"/cases/{reference}/documents", 303)
    view, made = await _prepared(desk, user, reference, act, request.query_params.get("person", ""))
    if act not in view.possible:
        return _not_now(request, desk, user, view, act)
    fresh = Posted({**act_forms.start(view, made, user), "_form": uuid.uuid4().hex})
    return _form(request, desk, view, made, fresh, [], 200)


@router.post("/cases/{reference}/acts/{act}")
async def send(request: Request, desk: AtDesk, user: Doer, reference: str, act: str) -> Response:
    form = await posted(request)
    form.values["_form"] = form.one("_form")[:64] or uuid.uuid4().hex
    if form.one("_press") != "confirm":
        return await _sent(request, desk, user, reference, act, form)
    async with turn("act", form.one("_form")):
        return await _sent(request, desk, user, reference, act, form)


async def _sent(request: Request, desk: Desk, user: User, reference: str, act: str, form: Posted) -> Response:
    view, made = await _prepared(desk, user, reference, act, form.one("person"))
    step = form.one("_press")
    if repeated.changed(made.fields, form, step) or step == "change":
        return _form(request, desk, view, made, form, [], 200)
    reading = act_forms.read(view, made, form)
    if reading.body is None:
        return _form(request, desk, view, made, form, reading.faults, 422)
    if step == "confirm":
        return await _confirmed(request, desk, user, view, made, form, reading)
    by = permits.actor(user)
    if sentence := whatif.refused(view, reading.body, by):
        return _form(request, desk, view, made, form, [_refusal(sentence, made)], 422)
    return await _check(request, desk, view, made, form, reading, by, [], 200)


async def _prepared(desk: Desk, user: User, reference: str, act: str, about: str) -> tuple[CaseView, ActForm]:
    """The case and the act's form: 404 for no such act, 403 for one that is not theirs."""
    if act not in acts() or act == documents.ACT:
        raise HTTPException(404)
    stored = await opened(desk, user, reference, f"the form “{ACTS[act].title}”")
    if permits.role(user) not in may(act):
        raise HTTPException(403)
    view = await current(desk, stored)
    return view, act_forms.form(view, act, about, desk.ways)


async def _confirmed(
    request: Request, desk: Desk, user: User, view: CaseView, made: ActForm, form: Posted, reading: Reading
) -> Response:
    body, by = reading.body, permits.actor(user)
    assert body is not None
    id = once(form.one("_form"), body)
    if act_forms.needs_second(body):
        if sentence := whatif.refused(view, body, by):
            return _form(request, desk, view, made, form, [_refusal(sentence, made)], 422)
        await drafts.begin(
            desk.database, Begun.PROPOSAL, user, council=view.stored.row.council, body=body.model_dump_json(),
            now=desk.now, reference=view.reference, act=made.act, id=id,
        )  # fmt: skip
        return RedirectResponse(f"/cases/{view.reference}?done=proposed", 303)
    done = await do(desk, view, body, by, id, act_forms.newcomer(view, reading))
    if isinstance(done, Refused):
        return _form(request, desk, view, made, form, [_refusal(str(done), made)], 422)
    if isinstance(done, Exception):
        return await _check(request, desk, view, made, form, reading, by, [Fault("confirm", str(done))], 503)
    return RedirectResponse(f"/cases/{view.reference}?done={done}", 303)


def _refusal(sentence: str, made: ActForm) -> Fault:
    return Fault(act_forms.about(sentence, made), plainly(sentence))


def _not_now(request: Request, desk: Desk, user: User, view: CaseView, act: str) -> Response:
    """What stands against the act before anything is typed, so that nobody types in vain."""
    first, _ = possible_acts.offered(view, user)
    return desk.pages.show(
        request, "not_now", 409, reference=view.reference, words=ACTS[act], first=[(one, ACTS[one]) for one in first],
        sentence=f"It cannot be done while the case is at “{view.case.stage}”",
    )  # fmt: skip


def _form(
    request: Request, desk: Desk, view: CaseView, made: ActForm, form: Posted, faults: Sequence[Fault], status: int
) -> Response:
    return desk.pages.show(
        request, "act", status, reference=view.reference, words=ACTS[made.act], made=made, form=form,
        faults=list(faults), rows=repeated.shown(made.fields, form), action=request.url.path,
        known=substance(view) if made.act in _JUDGEMENTS else None,
    )  # fmt: skip


async def _check(
    request: Request, desk: Desk, view: CaseView, made: ActForm, form: Posted, reading: Reading, by: Actor,
    faults: Sequence[Fault], status: int,
) -> Response:  # fmt: skip
    assert reading.body is not None
    effect = await whatif.effect(act_forms.with_person(view, reading), reading.body, by, desk.renderer, desk.ways)
    return desk.pages.show(
        request, "check", status, reference=view.reference, words=ACTS[made.act], effect=effect, faults=list(faults),
        answers=answers(made.fields, form), second=act_forms.needs_second(reading.body), action=request.url.path,
        kept=[(name, value) for name, value in form.values.items() if name != "_press"], stage=view.case.stage,
        **_corrects(view, reading, desk.ways),
    )  # fmt: skip


def _corrects(view: CaseView, reading: Reading, ways: Collection[Means]) -> dict[str, list[Any]]:
    """What the check page says of somebody's details: each before and after, and what to know first."""
    body, person = reading.body, reading.person
    if not isinstance(body, ContactCorrected) or person is None:
        return {}
    return {
        "corrections": contact_form.corrections(view, body, person),
        "warnings": list(contact_form.warnings(view, person, ways)),
    }
