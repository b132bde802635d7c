"""Starting a case from a telephone call or a paper form: one form, a draft kept, the threshold explained on the way."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console.questions import repeated
from console.questions.assessment import assessed
from console.questions.fields import Field, answers, filled
from console.staff.application_form import AT_FIRST, fields_of
from console.web.desk import AtDesk, Desk, Starter
from console.web.posted_forms import Fault, Posted, posted
from domain.application import ApplicationForm, carried
from domain.calendar import LONDON
from domain.deadlines import Deadline
from domain.policy import Policy
from domain.threshold import Assessment
from office import permits
from office.taking_in import first_dates, taken_in
from register import drafts, intake, queries
from register.drafts import Begun, Draft
from register.users import EVERY_COUNCIL, User

router = APIRouter()
_SEEN_WITHIN, _LOOK_EVERY = 3.0, 0.1


@dataclass(frozen=True)
class Begin:
    """A draft with its council's policy and the form's fields."""

    draft: Draft
    policy: Policy
    fields: tuple[Field, ...]


@router.get("/applications")
async def listed(request: Request, desk: AtDesk, user: Starter) -> Response:
    begun = await drafts.of(desk.database, Begun.APPLICATION, user.council)
    shown = [{"it": one, "council": desk.pages.council(one.council), "name": _applicant(one)} for one in begun]
    councils = desk.pages.councils if user.council == EVERY_COUNCIL else {}
    return desk.pages.show(request, "applications", begun=shown, councils=councils, faults=[])


@router.post("/applications")
async def begin(request: Request, desk: AtDesk, user: Starter) -> Response:
    form = await posted(request)
    council = form.one("council") if user.council == EVERY_COUNCIL else user.council
    if council not in desk.pages.policies:
        raise HTTPException(400)
    now = desk.now.astimezone(LONDON)
    body = json.dumps(AT_FIRST | {"made_at.day": str(now.day), "made_at.month": str(now.month),
                                  "made_at.year": str(now.year)})  # fmt: skip
    draft = await drafts.begin(desk.database, Begun.APPLICATION, user, council=council, body=body, now=desk.now)
    return RedirectResponse(f"/applications/{draft.id}", 303)


@router.get("/applications/{id}")
async def ask(request: Request, desk: AtDesk, user: Starter, id: str) -> Response:
    begun = await _begun(desk, user, id)
    if begun is None:
        raise HTTPException(404)
    return _form(request, desk, begun, Posted(json.loads(begun.draft.body)), [], 200)


@router.post("/applications/{id}")
async def send(request: Request, desk: AtDesk, user: Starter, id: str) -> Response:
    """Whatever the button, what was typed is kept first."""
    begun = await _begun(desk, user, id)
    if begun is None:
        started = await queries.by_intake_key(desk.database, id)
        return RedirectResponse(f"/cases/{started}?done=started" if started else "/applications", 303)
    form = await posted(request)
    step = form.values.pop("_press", "")
    if step == "discard":
        await drafts.discard(desk.database, id)
        return RedirectResponse("/applications", 303)
    grown = repeated.changed(begun.fields, form, step)
    if step != "confirm":
        await drafts.keep(desk.database, id, json.dumps(form.values), desk.now)
    else:
        form = Posted(json.loads(begun.draft.body))
    if grown or step in ("save", "change"):
        return _form(request, desk, begun, form, [], 200, saved=step == "save")
    made, faults = filled(ApplicationForm, begun.fields, form)
    if not isinstance(made, ApplicationForm):
        return _form(request, desk, begun, form, faults, 422)
    if step == "confirm":
        return await _started(request, desk, user, begun, form, made)
    return _check(request, desk, user, begun, form, made)


async def _begun(desk: Desk, user: User, id: str) -> Begin | None:
    draft = await drafts.one(desk.database, id)
    if draft is None or draft.kind is not Begun.APPLICATION or not user.sees(draft.council):
        return None
    policy = desk.pages.policies.get(draft.council)
    return Begin(draft, policy, fields_of(policy, desk.ways)) if policy else None


async def _started(
    request: Request, desk: Desk, user: User, begun: Begin, form: Posted, made: ApplicationForm
) -> Response:
    try:
        taken = await taken_in(desk.office, made, begun.policy, by=permits.actor(user), key=begun.draft.id)
    except intake.NotTakenIn as error:
        faults = [Fault("confirm", sentence) for sentence in error.sentences]
        return _form(request, desk, begun, form, faults, 422)
    await drafts.discard(desk.database, begun.draft.id)
    for _ in range(int(_SEEN_WITHIN / _LOOK_EVERY)):
        if await queries.begun(desk.database, taken.reference):
            break
        await asyncio.sleep(_LOOK_EVERY)
    return RedirectResponse(f"/cases/{taken.reference}?done=started", 303)


def _form(
    request: Request, desk: Desk, begun: Begin, form: Posted, faults: Sequence[Fault], status: int, saved: bool = False
) -> Response:
    return desk.pages.show(
        request, "application", status, draft=begun.draft, council=begun.policy.identity.council, form=form,
        fields=begun.fields, rows=repeated.shown(begun.fields, form), faults=list(faults), saved=saved,
        assessment=so_far(begun, form, desk.now.astimezone(LONDON).date()),
    )  # fmt: skip


def _check(request: Request, desk: Desk, user: User, begun: Begin, form: Posted, made: ApplicationForm) -> Response:
    today = desk.now.astimezone(LONDON).date()
    return desk.pages.show(
        request, "application_check", draft=begun.draft, council=begun.policy.identity.council,
        answers=answers(begun.fields, form), assessment=so_far(begun, form, today), faults=[],
        missing=carried(made, "", "somebody" if made.representative else "").missing,
        dates=_first_dates(desk, begun, made, user),
    )  # fmt: skip


def so_far(begun: Begin, form: Posted, today: date) -> Assessment | None:
    """The threshold held against the reports typed so far."""
    return assessed(begun.policy, begun.fields, form, today)


def _first_dates(desk: Desk, begun: Begin, made: ApplicationForm, user: User) -> tuple[Deadline, ...]:
    application = carried(made, "P1", "P2" if made.representative else "")
    made_at = made.made_at.replace(tzinfo=LONDON) if made.made_at else desk.now
    return first_dates(begun.policy, application, made_at, permits.actor(user), desk.now)


def _applicant(draft: Draft) -> str:
    return str(json.loads(draft.body).get("applicant.name", "")).strip()
