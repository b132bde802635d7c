"""Acts that nobody answered when they were sent: sent again, in their order, each under its own id."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from temporalio.client import Client

from activities import restoring
from connection.updates import Done, Missing, Unanswered
from register import pending_acts, queries
from register.database import Database
from register.pending_acts import PendingAct

_GRACE = timedelta(seconds=30)
_AT_ONCE = 8
_log = logging.getLogger(__name__)


async def take_up(client: Client, database: Database, reference: str | None = None) -> int:
    """Send what was left for every case, or for one, again; how many acts were done.

    What a case refuses is kept as refused. Where nobody answers, the rest of that case's acts wait behind.
    """
    by_case: dict[str, list[PendingAct]] = {}
    for act in await pending_acts.unanswered(database, _GRACE, datetime.now(UTC)):
        if reference in (None, act.reference):
            by_case.setdefault(act.reference, []).append(act)
    at_once = asyncio.Semaphore(_AT_ONCE)
    return sum(await asyncio.gather(*(_of_case(client, database, left, at_once) for left in by_case.values())))


async def _of_case(client: Client, database: Database, left: Sequence[PendingAct], at_once: asyncio.Semaphore) -> int:
    done = 0
    async with at_once:
        for act in left:
            answer = await restoring.send(client, database, act.reference, act.what, act.by, id=act.id)
            if isinstance(answer, (Missing, Unanswered)):
                break
            if isinstance(answer, Done) or await queries.has_event(database, act.reference, act.id):
                await pending_acts.answered(database, act.reference, act.id)
                done += 1
                continue
            await pending_acts.refuse(database, act.reference, act.id, answer.sentence, datetime.now(UTC))
            about = {"case": act.reference, "act": act.what.act, "event": act.id}
            _log.warning("An act that was left for %s is refused.", act.reference, extra=about)
    return done
