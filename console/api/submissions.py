"""``/api/applications``: an application sent by another system, and where its case stands."""

from __future__ import annotations

from datetime import date, datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from console.api import reading
from console.api.senders import Sender, idempotency
from console.web.desk import AtDesk
from console.web.problems import Problem
from domain.calendar import LONDON
from domain.deadlines import plan
from domain.events import Actor, ApplicationMade, Event, Role
from domain.messages import Start
from office.taking_in import begun, kept
from register import queries, reads, sending_systems, taking_in
from register.sending_systems import SentApplication

PATH = "/api/applications"
_APPLICANT = Actor(role=Role.APPLICANT)

router = APIRouter()


class Promise(BaseModel):
    """A date the council has promised the applicant."""

    step: str = Field(examples=["response"])
    title: str = Field(examples=["Outcome letter to the applicant"])
    due: date


class Taken(BaseModel):
    """An application that is in the register for good.

    ``received`` is the date it counts as made, ``missing`` what the applicant will still be asked for.
    """

    reference: str = Field(examples=["DOV-2026-0001"])
    council: str
    received: date
    promised: list[Promise]
    missing: list[str]


class Progress(BaseModel):
    """Where a case stands, without a word about anybody; ``next_due`` is null where nothing falls due."""

    reference: str
    council: str
    received: date
    stage: str = Field(examples=["verifying reports"])
    next_title: str
    next_due: date | None
    over: bool


@router.post(PATH)
async def send(request: Request, desk: AtDesk, source: Sender) -> Response:
    """201 taken in and begun, 202 taken in and begun as soon as can be, 200 taken in before."""
    key = idempotency(request)
    policy = desk.pages.policies.get(source.council)
    if policy is None:
        raise Problem("unavailable", f"The policy of {source.council} is not installed here; tell the council.")
    meant = request.query_params.get("council", source.council)
    if meant != source.council:
        raise Problem("another-council", f"This key sends for {source.council} only, so nothing was kept.")
    form, fingerprint = await reading.application(request, desk.now)
    intake_key = f"{source.id}:{key}"
    before = await queries.by_intake_key(desk.database, intake_key)
    try:
        start = await kept(
            desk.office, form, policy, by=_APPLICANT, key=intake_key, delivery=SentApplication(source.id, fingerprint)
        )  # fmt: skip
    except taking_in.NotTakenIn as error:
        raise reading.impossible(error) from None
    sent = await sending_systems.sent(desk.database, start.reference)
    if sent is None or sent.fingerprint != fingerprint:
        raise Problem("key-used", "This Idempotency-Key came with another application before; that one is kept.")
    began = sent.began or (not desk.pulse.beat.temporal and await begun(desk.office, start))
    status = 202 if not began else 200 if before else 201
    answer = _taken(start).model_dump(mode="json")
    return JSONResponse(answer, status, {"Location": f"{PATH}/{start.reference}"})


@router.get(PATH + "/{reference}")
async def stands(desk: AtDesk, source: Sender, reference: str) -> Response:
    """Where a case stands that this source sent; the look is recorded."""
    sent = await sending_systems.sent(desk.database, reference)
    row = (await queries.case_row(desk.database, reference)) if sent and sent.source == source.id else None
    if row is None:
        raise Problem("not-found", "This source has sent no application of that reference.")
    await reads.record_source(desk.database, source, reference, desk.now)
    progress = Progress(
        reference=reference, council=row.council, received=_day(row.made_at), stage=row.stage.value,
        next_title=row.next_title, next_due=row.next_due, over=row.stage.over,
    )  # fmt: skip
    return JSONResponse(progress.model_dump(mode="json"))


def _taken(start: Start) -> Taken:
    """The same for the same case whenever it is asked for: its dates as they were first promised."""
    made = ApplicationMade(application=start.application, made_at=start.made_at)
    first = Event(id="001", at=start.made_at, by=start.by, what=made)
    deadlines = plan(start.policy, start.calendar, (first,), start.made_at)
    return Taken(
        reference=start.reference, council=start.policy.id, received=_day(start.made_at),
        promised=[
            Promise(step=deadline.step.value, title=deadline.title, due=deadline.due)
            for deadline in deadlines
            if deadline.public
        ],
        missing=list(start.application.missing),
    )  # fmt: skip


def _day(instant: datetime) -> date:
    return instant.astimezone(LONDON).date()
