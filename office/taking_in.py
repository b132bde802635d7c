"""Taking an application in, whoever sends it: kept in the register first, then its case is begun."""

from __future__ import annotations

import asyncio
import hashlib
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from temporalio.service import RPCError

from activities.beginning import is_free
from domain.application import Application, ApplicationForm
from domain.calendar import LONDON, Calendar
from domain.deadlines import Deadline, plan
from domain.events import Actor, ApplicationMade, Event
from domain.messages import Start
from domain.policy import Policy
from office.bank_holidays import snapshot
from office.connected import Office
from register import queries, taking_in
from register.sending_systems import SentApplication


@dataclass(frozen=True)
class TakenIn:
    """An application that is in the register for good; where its case is not ``begun`` yet, the sweep begins it."""

    start: Start
    begun: bool

    @property
    def reference(self) -> str:
        return self.start.reference


async def taken_in(
    office: Office, made: ApplicationForm, policy: Policy, *, by: Actor, key: str = "", demo: bool = False
) -> TakenIn:
    """Keep an application and begin its case. Raises register.taking_in.NotTakenIn."""
    start = await kept(office, made, policy, by=by, key=key, demo=demo)
    return TakenIn(start, await begun(office, start))


async def kept(
    office: Office,
    made: ApplicationForm,
    policy: Policy,
    *,
    by: Actor,
    key: str = "",
    delivery: SentApplication | None = None,
    demo: bool = False,
    calendar: Calendar | None = None,
    now: datetime | None = None,
) -> Start:
    """Keep an application in the register: nothing can lose it then. The same ``key`` again is the same case.

    Without a key it is that of the very same application whose case has not begun yet, or a new one. ``delivery`` is
    kept with it where another system sent it. Raises register.taking_in.NotTakenIn.
    """
    now = now or datetime.now(UTC)
    calendar = calendar or snapshot(now.astimezone(LONDON).date(), closures=policy.calendar.closed)
    return await taking_in.take_in(
        office.database, made, policy, calendar, by=by, now=now, demo=demo, delivery=delivery,
        intake_key=key or await _key(office, made, policy, by), free=partial(is_free, office.client),
    )  # fmt: skip


async def begun(office: Office, start: Start) -> bool:
    """Whether the case of a kept application is begun now; where Temporal does not answer, the sweep begins it."""
    try:
        async with asyncio.timeout(office.start_within):
            await office.begin(start)
    except (RPCError, RuntimeError, TimeoutError):
        return False
    return True


async def _key(office: Office, made: ApplicationForm, policy: Policy, by: Actor) -> str:
    whole = "\0".join((policy.id, policy.version, by.model_dump_json(), made.model_dump_json()))
    same = f"typed-{hashlib.sha256(whole.encode()).hexdigest()[:32]}-"
    return await queries.unbegun_key(office.database, same) or f"{same}{uuid.uuid4().hex}"


def first_dates(
    policy: Policy, application: Application, made_at: datetime, by: Actor, now: datetime
) -> tuple[Deadline, ...]:
    """The dates that follow from an application as it is made."""
    now = now.astimezone(LONDON)
    calendar = snapshot(now.date(), closures=policy.calendar.closed)
    told = ApplicationMade(application=application, made_at=made_at)
    return plan(policy, calendar, (Event(id="001", at=now, by=by, what=told),), now)
