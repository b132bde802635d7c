"""Acts on a case: a form, what would follow, and then the same Update that the command line sends."""

from __future__ import annotations

import contextlib
import hashlib
import uuid
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from domain.application import Means
from domain.events import Actor, Body, ContactCorrected, acts
from register import drafts, intake
from register.drafts import Begun
from register.queries import StoredCase
from register.users import User
from starter.commands.casefile import CaseView, viewed
from starter.console import act_forms, acts_now, contact, documents, permits, rows, whatif
from starter.console.act_forms import ActForm, Reading
from starter.console.case_page import substance
from starter.console.desk import AtDesk, Desk, Doer, heard, opened
from starter.console.fields import answers
from starter.console.forms import Fault, Posted, posted
from starter.console.labels import ACTS, plainly
from starter.console.turns import turn
from starter.office import NoAnswer, NoSuchCase, Refused

router = APIRouter()

_JUDGEMENTS = frozenset(
    {"decide-threshold", "arrange-panel", "send-papers", "record-panel-decision", "send-outcome", "answer-enquiry",
     "refuse-appeal", "decide-appeal", "hold-follow-up", "notify-closure"}
)  # fmt: skip
"""The acts for which somebody has to know the case; their forms show what is known of it."""


@router.get("/cases/{reference}/acts/{act}")
async def ask(request: Request, at: AtDesk, user: Doer, reference: str, act: str) -> Response:
    if act == documents.ACT:
        return RedirectResponse(f"/cases/{reference}/documents", 303)
    view, made = await _prepared(at, user, reference, act, request.query_params.get("person", ""))
    if act not in view.possible:
        return _not_now(request, at, user, view, act)
    fresh = Posted({**act_forms.start(view, made, user), "_form": uuid.uuid4().hex})
    return _form(request, at, view, made, fresh, [], 200)


@router.post("/cases/{reference}/acts/{act}")
async def send(request: Request, at: AtDesk, user: Doer, reference: str, act: str) -> Response:
    form = await posted(request)
    form.values["_form"] = form.one("_form")[:64] or uuid.uuid4().hex
    if form.one("_press") != "confirm":
        return await _sent(request, at, user, reference, act, form)
    async with turn("act", form.one("_form")):
        return await _sent(request, at, user, reference, act, form)


async def _sent(request: Request, at: Desk, user: User, reference: str, act: str, form: Posted) -> Response:
    view, made = await _prepared(at, user, reference, act, form.one("person"))
    step = form.one("_press")
    if rows.changed(made.fields, form, step) or step == "change":
        return _form(request, at, view, made, form, [], 200)
    reading = act_forms.read(view, made, form)
    if reading.body is None:
        return _form(request, at, view, made, form, reading.faults, 422)
    if step == "confirm":
        return await _confirmed(request, at, user, view, made, form, reading)
    by = permits.actor(user)
    if sentence := whatif.refused(view, reading.body, by):
        return _form(request, at, view, made, form, [_refusal(sentence, made)], 422)
    return await _check(request, at, view, made, form, reading, by, [], 200)


async def _prepared(at: Desk, user: User, reference: str, act: str, about: str) -> tuple[CaseView, ActForm]:
    """The case and the act's form: 404 for no such act, 403 for one that is not theirs."""
    if act not in acts() or act == documents.ACT:
        raise HTTPException(404)
    stored = await opened(at, user, reference, f"the form “{ACTS[act].title}”")
    if permits.role(user) not in ACTS[act].may:
        raise HTTPException(403)
    view = await current(at, stored)
    return view, act_forms.form(view, act, about, at.ways)


async def current(at: Desk, stored: StoredCase) -> CaseView:
    """A case planned as of now; a demonstration case's clock may have run on since its last event."""
    if stored.row.demo:
        with contextlib.suppress(NoAnswer, NoSuchCase):
            now = await at.office.today(stored.reference)
            stored = replace(stored, row=replace(stored.row, as_of=max(now, stored.row.as_of)))
    return viewed(stored)


async def _confirmed(
    request: Request, at: Desk, user: User, view: CaseView, made: ActForm, form: Posted, reading: Reading
) -> Response:
    body, by = reading.body, permits.actor(user)
    assert body is not None
    id = once(form.one("_form"), body)
    if act_forms.needs_second(body):
        if sentence := whatif.refused(view, body, by):
            return _form(request, at, view, made, form, [_refusal(sentence, made)], 422)
        await drafts.begin(
            at.database, Begun.PROPOSAL, user, council=view.stored.row.council, body=body.model_dump_json(),
            now=at.now, reference=view.reference, act=made.act, id=id,
        )  # fmt: skip
        return RedirectResponse(f"/cases/{view.reference}?done=proposed", 303)
    done = await do(at, view, body, by, id, reading)
    if isinstance(done, Refused):
        return _form(request, at, view, made, form, [_refusal(str(done), made)], 422)
    if isinstance(done, Exception):
        return await _check(request, at, view, made, form, reading, by, [Fault("confirm", str(done))], 503)
    return RedirectResponse(f"/cases/{view.reference}?done={done}", 303)


async def do(
    at: Desk, view: CaseView, body: Body, by: Actor, id: str, reading: Reading | None = None
) -> str | Exception:
    """Do an act once: the event it became, as soon as the register has it, or why it was not done."""
    beat = await at.pulse.now()
    if not beat.takes_acts:
        why = beat.temporal or beat.worker or ""
        return NoAnswer(f"Nothing was done: {why}. What you typed is kept on this page; try again in a minute")
    try:
        await _keep_person(at, view, body, by, reading)
        taken = await at.office.act(view.reference, body, by, id=id)
    except (Refused, NoSuchCase) as error:
        return error
    except NoAnswer:
        return NoAnswer(
            "No worker answered in time, so it is not certain whether this was taken. "
            "Send it again from this page: it counts once"
        )
    await heard(at, view.reference, taken.event)
    return taken.event


async def _keep_person(at: Desk, view: CaseView, body: Body, by: Actor, reading: Reading | None) -> None:
    """What is new of somebody is in the register before the case hears of it. Raises Refused."""
    if reading is None or (kept := act_forms.with_person(view, reading)) is view:
        return
    if sentence := whatif.refused(view, body, by):
        raise Refused(sentence)
    new = kept.stored.persons[-1]
    await intake.add_person(at.database, view.reference, new.details, new.role, now=at.now)


def once(form: str, body: Body) -> str:
    """The id of one form's act: sent twice it counts once; changed and sent again it is another act."""
    return hashlib.sha256(f"{form}\0{body.model_dump_json()}".encode()).hexdigest()[:32]


def _refusal(sentence: str, made: ActForm) -> Fault:
    return Fault(act_forms.about(sentence, made), plainly(sentence))


def _not_now(request: Request, at: Desk, user: User, view: CaseView, act: str) -> Response:
    """What stands against the act before anything is typed, so that nobody types in vain."""
    first, _ = acts_now.offered(view, user)
    return at.pages.show(
        request, "not_now", 409, reference=view.reference, words=ACTS[act], first=[(one, ACTS[one]) for one in first],
        sentence=f"It cannot be done while the case is at “{view.case.stage}”",
    )  # fmt: skip


def _form(
    request: Request, at: Desk, view: CaseView, made: ActForm, form: Posted, faults: Sequence[Fault], status: int
) -> Response:
    return at.pages.show(
        request, "act", status, reference=view.reference, words=ACTS[made.act], made=made, form=form,
        faults=list(faults), rows=rows.shown(made.fields, form), action=request.url.path,
        known=substance(view) if made.act in _JUDGEMENTS else None,
    )  # fmt: skip


async def _check(
    request: Request, at: Desk, view: CaseView, made: ActForm, form: Posted, reading: Reading, by: Actor,
    faults: Sequence[Fault], status: int,
) -> Response:  # fmt: skip
    assert reading.body is not None
    effect = await whatif.effect(act_forms.with_person(view, reading), reading.body, by, at.renderer, at.ways)
    return at.pages.show(
        request, "check", status, reference=view.reference, words=ACTS[made.act], effect=effect, faults=list(faults),
        answers=answers(made.fields, form), second=act_forms.needs_second(reading.body), action=request.url.path,
        kept=[(name, value) for name, value in form.values.items() if name != "_press"], stage=view.case.stage,
        **_corrects(view, reading, at.ways),
    )  # fmt: skip


def _corrects(view: CaseView, reading: Reading, ways: Collection[Means]) -> dict[str, list[Any]]:
    """What the check page says of somebody's details: each before and after, and what to know first."""
    body, person = reading.body, reading.person
    if not isinstance(body, ContactCorrected) or person is None:
        return {}
    return {
        "corrections": contact.corrections(view, body, person),
        "warnings": list(contact.warnings(view, person, ways)),
    }
