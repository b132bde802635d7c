"""An application on its way in, whoever filled in its form: what it comes to so far, its first dates, its reference."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, datetime

from pydantic import ValidationError
from temporalio.service import RPCError

from console.questions.fields import Field, content
from console.web.desk import Desk
from console.web.posted_forms import Posted
from domain.application import Application, ApplicationForm, WrittenIncident
from domain.calendar import LONDON
from domain.deadlines import Deadline, plan
from domain.events import Actor, ApplicationMade, Event
from domain.messages import Start
from domain.policy import Policy
from domain.threshold import Assessment, assess
from office.bank_holidays import snapshot
from register import intake
from register.sources import Delivery


async def taken_in(desk: Desk, made: ApplicationForm, policy: Policy, *, by: Actor, key: str) -> str:
    """Keep an application in the register and start its case; the case's reference. Raises intake.Refused."""
    start = await kept(desk, made, policy, by=by, key=key)
    await begun(desk, start)
    return start.reference


async def kept(
    desk: Desk, made: ApplicationForm, policy: Policy, *, by: Actor, key: str, delivery: Delivery | None = None
) -> Start:
    """Keep an application in the register: nothing can lose it then. The same ``key`` again is the same case.

    ``delivery`` is kept with it where another system sent it. Raises intake.Refused.
    """
    now = desk.now
    calendar = snapshot(now.astimezone(LONDON).date(), closures=policy.calendar.closed)
    return await intake.take_in(
        desk.database, made, policy, calendar, by=by, now=now, intake_key=key, delivery=delivery
    )  # fmt: skip


async def begun(desk: Desk, start: Start) -> bool:
    """Whether the case of a kept application is started now; where Temporal does not answer, the sweep starts it."""
    try:
        async with asyncio.timeout(desk.start_within):
            await desk.office.begin(start)
    except (RPCError, RuntimeError, TimeoutError):
        return False
    return True


def assessed(policy: Policy, fields: Sequence[Field], form: Posted, today: date) -> Assessment | None:
    """The threshold held against the reports typed so far; those not complete yet are left out."""
    found, _ = content(fields, form)
    told = []
    for number, row in enumerate(found.get("incidents") or (), start=1):
        try:
            told.append(WrittenIncident.model_validate({**row, "id": f"I{number}"}))
        except ValidationError:
            continue
    made_on = date.fromisoformat(found["made_at"]) if found.get("made_at") else today
    return assess(policy, tuple(told), made_on) if told else None


def first_dates(
    policy: Policy, application: Application, made_at: datetime, by: Actor, now: datetime
) -> tuple[Deadline, ...]:
    """The dates that follow from an application as it is made."""
    now = now.astimezone(LONDON)
    calendar = snapshot(now.date(), closures=policy.calendar.closed)
    told = ApplicationMade(application=application, made_at=made_at)
    return plan(policy, calendar, (Event(id="001", at=now, by=by, what=told),), now)
