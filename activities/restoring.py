"""A case whose workflow has ended, begun again as it goes on: under its own reference, from all that happened in it."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from activities.beginning import BegunForAnother, begun_with, same
from activities.comparing import told
from activities.rebuilding import NotRebuilt, begun, planned_of
from connection import updates
from connection.time_travel import CannotTravel
from connection.updates import ANSWER_WITHIN, Answer, Done, Missing, NotAllowed, Over, Unanswered
from domain.case import local_date
from domain.events import Actor, Body, CaseRestored
from domain.messages import Accepted
from domain.rules import refusal
from register import queries
from register.database import Database
from register.queries import StoredCase
from workflows.file import CaseFile

_BEHIND = "the register lacks events of this case, and the next sweep brings them back"
_AT_ONCE = "somebody else takes it up at this moment"
_log = logging.getLogger(__name__)


async def send(
    client: Client,
    database: Database,
    reference: str,
    what: Body,
    by: Actor,
    *,
    id: str,
    within: timedelta = ANSWER_WITHIN,
    task_queue: str = "",
) -> Answer:
    """Do one act: by its Update, or, where it takes up a case whose workflow has ended, by beginning it again.

    ``task_queue`` is for a case that Temporal has forgotten. The same ``id`` again is applied once.
    """
    answer = await updates.send(client, reference, what, by, id=id, within=within)
    if not isinstance(what, CaseRestored) or not isinstance(answer, (Over, Missing)):
        return answer
    stored = await queries.case(database, reference)
    if stored is None or not stored.row.stage.over:
        return answer
    try:
        again = await _restored(client, stored, what, by, id, task_queue)
    except RPCError as error:
        return Unanswered(f"Temporal answered {error.status.name}")
    except TimeoutError:
        return Unanswered("Temporal did not answer in time")
    except (NotRebuilt, CannotTravel) as error:
        return Unanswered(str(error).rstrip("."))
    except BegunForAnother as error:
        return NotAllowed(str(error))
    return again or await updates.send(client, reference, what, by, id=id, within=within)


async def _restored(
    client: Client, stored: StoredCase, what: CaseRestored, by: Actor, id: str, task_queue: str
) -> Answer | None:
    """What came of it; None where the case runs by now, so that it can be asked itself.

    The act is the first thing that the new run has to keep, and it begins with every act that was ever taken, so that
    none is taken twice. Whether it may be done is asked here: no workflow runs that could say so.
    """
    reference = stored.reference
    try:
        described = await client.get_workflow_handle(reference).describe()
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND or not task_queue:
            raise
    else:
        if described.status is WorkflowExecutionStatus.RUNNING:
            return None
        task_queue = described.task_queue
        if not same(await begun_with(client, reference), stored.start):
            raise BegunForAnother(reference)
        if len((await told(client, reference)).events) > len(stored.numbered):
            return Unanswered(_BEHIND)
    plan = planned_of(stored, datetime.now(UTC))
    file = CaseFile.brought_back(stored.start, stored.events, plan.at)
    if sentence := refusal(file.case, what, by, file.planned(plan.at), local_date(plan.at)):
        return NotAllowed(sentence)
    event = file.happen(what, plan.at, by=by, id=id)
    words = file.waiting(plan.at).words
    accepted = Accepted(event=event.id, kind=event.kind, stage=file.case.stage, waiting=words)
    file.seen[id] = accepted
    start = stored.start.model_copy(update={"progress": file.progress()})
    try:
        await begun(client, plan, start, task_queue, over=WorkflowIDReusePolicy.ALLOW_DUPLICATE)
    except WorkflowAlreadyStartedError:
        return Unanswered(_AT_ONCE)
    _log.warning("The workflow of a case that had ended is begun again.", extra={"case": reference, "act": what.act})
    return Done(accepted)
