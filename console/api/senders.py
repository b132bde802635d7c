"""Who sends a request, by the key of their source, and the key that makes a repeated request one."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from console.web.desk import AtDesk
from console.web.problems import ASKS, Problem
from console.web.throttle import Counted, TooOften, bucket, came_from
from register import sending_systems
from register.sending_systems import SendingSystem

_VISIBLE = re.compile(r"[!-~]{1,255}")


async def _source(request: Request, desk: AtDesk) -> SendingSystem:
    """Whose key the request carries; cookies count for nothing here. Raises Problem."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    given = key.strip() if scheme.lower() == "bearer" else ""
    try:
        turn = desk.throttle.key(given, bucket(came_from(request)))
        sender = await sending_systems.by_key(desk.database, given, desk.now) if given else None
        if sender is None:
            turn.wrong()
            raise Problem("not-known", "The key is missing, not known or revoked.", headers=ASKS)
        turn.right()
        desk.throttle.take(Counted(desk.throttle.per_source, sender.id))
    except TooOften as error:
        raise _too_often(error.seconds) from None
    return sender


Sender = Annotated[SendingSystem, Depends(_source)]


def idempotency(request: Request) -> str:
    """The ``Idempotency-Key``, with or without the quotes of a structured field. Raises Problem."""
    key = request.headers.get("idempotency-key", "").strip()
    if len(key) > 1 and key[0] == key[-1] == '"':
        key = key[1:-1]
    if not _VISIBLE.fullmatch(key):
        raise Problem(
            "no-idempotency-key",
            "Give each application an Idempotency-Key of its own, such as a UUID; send it again with the same one.",
        )
    return key


def _too_often(wait: int) -> Problem:
    return Problem("too-often", f"Send again in {wait} seconds.", headers={"Retry-After": str(wait)})
