"""``POST /notify``: what GOV.UK Notify says became of an e-mail or a text message, as soon as it knows.

The same is read in the sweep, so that a receipt which never comes loses nothing (docs.notifications.service.gov.uk,
"Delivery receipts"). Of what it sends only ``reference`` and ``status`` are read: the rest names people.
"""

from __future__ import annotations

import asyncio
import hmac
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from activities.notify_status import Receipts
from console.web.desk import AtDesk, Desk
from console.web.problems import ASKS
from console.web.security import RECEIPTS
from console.web.throttle import TooOften, bucket, came_from

LARGEST = 10_000
"""Bytes; a receipt has about 400."""
WITHIN = timedelta(seconds=4)
"""Notify waits for five seconds."""
LATER = 503
"""Notify sends a receipt again, five times in half an hour, after an answer from 500 on."""


class DeliveryReceipt(BaseModel):
    """What is read of a delivery receipt; ``reference`` is null of what was sent without one."""

    reference: Annotated[str, Field(max_length=1000)] | None
    status: Annotated[str, Field(max_length=100)]


def router(within: timedelta) -> APIRouter:
    """The address of receipts; ``within`` is how long a case may take to hear of one."""
    made = APIRouter()

    @made.post(RECEIPTS)
    async def take(request: Request, desk: AtDesk) -> Response:
        return await _taken(request, desk, within)

    return made


async def _taken(request: Request, desk: Desk, within: timedelta) -> Response:
    """204 taken, also of what is no letter of ours; 503 where its case could not hear of it, so it is sent again."""
    try:
        turn = desk.throttle.key(request.headers.get("authorization", ""), bucket(came_from(request)))
    except TooOften as error:
        return Response(status_code=429, headers={"Retry-After": str(error.seconds)})
    if not _is_notify(request, desk):
        turn.wrong()
        return Response(None, 401, ASKS)
    turn.right()
    body = await request.body()
    if len(body) > LARGEST:
        return Response(status_code=413)
    try:
        receipt = DeliveryReceipt.model_validate_json(body, strict=True)
    except ValidationError:
        return Response(status_code=400)
    if not receipt.reference:
        return Response(status_code=204)
    receipts = Receipts(desk.database, desk.office.client, desk.office.settings.mail_domain)
    try:
        standing = await asyncio.wait_for(receipts.take(receipt.reference, receipt.status), within.total_seconds())
    except TimeoutError:
        return Response(status_code=LATER)
    return Response(status_code=204 if standing is None or standing.dealt_with else LATER)


def _is_notify(request: Request, desk: Desk) -> bool:
    """Whether the request carries the token; how long that takes tells nothing of how much of it is right."""
    token = desk.office.settings.notify_callback_token
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    known = token.get_secret_value().encode() if token else b""
    same = hmac.compare_digest(given.strip().encode(), known)
    return bool(known) and scheme.lower() == "bearer" and same
