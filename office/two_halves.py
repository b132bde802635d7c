"""The two halves of every case, register and Temporal: compared, and the lost one brought back from the other."""

from __future__ import annotations

from activities import comparing, rebuilding
from activities.bringing_back import BringingBack
from activities.comparing import Comparison as Comparison
from activities.comparing import Lag as Lag
from activities.rebuilding import NotRebuilt as NotRebuilt
from activities.rebuilding import Plan as Plan
from office.connected import Office
from register.brought_back import BroughtBack


async def compared(office: Office) -> Comparison:
    """What differs between the register and Temporal, case by case. Raises RPCError where Temporal does not answer."""
    return await comparing.compare(office.client, office.database, office.settings.task_queue)


async def dead(office: Office) -> Comparison:
    """Only which open cases nothing runs: cheap enough to look at several times a minute. Raises RPCError."""
    return await comparing.dead(office.client, office.database, office.settings.task_queue)


async def brought_back(office: Office, reference: str) -> BroughtBack:
    """Give the register what the workflow of a case knows and it does not. Raises BegunForAnother, RPCError or
    TimeoutError."""
    return await BringingBack(office.client, office.database, office.settings.mail_domain).case(reference)


async def plan(office: Office, reference: str) -> Plan:
    """How a case would be begun again from the register. Raises UnknownCase, NotRebuilt."""
    return await rebuilding.planned_again(office.database, reference)


async def as_planned(office: Office, plan: Plan) -> bool:
    """Whether a case begun again has the dates it was planned with. Raises RPCError or TimeoutError where no worker
    answers."""
    return await rebuilding.as_planned(office.client, plan)


async def may_rebuild(office: Office, plan: Plan) -> None:
    """Nothing where a case can be begun again now. Raises NotRebuilt where its workflow runs or has ended."""
    await rebuilding.may_begin(office.client, plan)


async def rebuilt(office: Office, plan: Plan) -> None:
    """Begin the workflow of a case again. Raises NotRebuilt where it runs or has ended, and RPCError, CannotTravel."""
    await rebuilding.begin_again(office.client, plan, office.settings.task_queue)
