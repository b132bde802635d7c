"""Telling a case that a letter of its did not arrive: once, whoever found out and however often."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from temporalio.client import Client, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from domain.events import Actor, Body, Failure, LetterSettled, LetterUndelivered, Role
from domain.messages import Accepted, act_of
from register.letters import LetterRow, Progress

ANSWER_WITHIN = timedelta(seconds=15)

_BY = Actor(role=Role.OPERATIONS, name="delivery reports")
_KNOWN = (Progress.BOUNCED, Progress.RETURNED, Progress.REFUSED)
_log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """What was done about a letter that came back.

    ``reported``: its case knows now; ``known``: it knew; ``closed``: the case is over; ``not_yet``: the case did not
    answer, or cannot take it as things stand, so it is tried again.
    """

    REPORTED = "reported"
    KNOWN = "known"
    CLOSED = "closed"
    NOT_YET = "not_yet"


@dataclass(frozen=True)
class Found:
    """One letter that came back. ``letter`` is its kind, ``reason`` why in our words, ``words`` what hinders."""

    reference: str
    letter: str
    key: str
    reason: str
    outcome: Outcome
    words: str = ""

    @property
    def reported(self) -> bool:
        return self.outcome is Outcome.REPORTED

    @property
    def dealt_with(self) -> bool:
        return self.outcome is not Outcome.NOT_YET


async def report(client: Client, row: LetterRow, how: Failure, reason: str, within: timedelta = ANSWER_WITHIN) -> Found:
    """Tell the letter's case that it came back, by an Update whose id is the letter's, and wait so long for its answer.

    One that nobody knew the fate of is settled by it as not arrived.
    """
    if row.state in _KNOWN or row.arrived is False:
        return _found(row, reason, Outcome.KNOWN)
    try:
        await asyncio.wait_for(_update(client, row, how, reason), within.total_seconds())
    except WorkflowUpdateFailedError as error:
        cause = error.cause
        words = cause.message if isinstance(cause, ApplicationError) else "its workflow could not take it"
    except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError):
        words = "no worker answered"
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            _log.warning("A letter of %s came back after its case was over: %s.", row.reference, reason)
            return _found(row, reason, Outcome.CLOSED)
        words = f"Temporal answered {error.status.name}"
    else:
        return _found(row, reason, Outcome.REPORTED)
    _log.warning("A letter of %s came back and its case could not take that now: %s.", row.reference, words)
    return _found(row, reason, Outcome.NOT_YET, words)


async def _update(client: Client, row: LetterRow, how: Failure, reason: str) -> None:
    what: Body = LetterUndelivered(key=row.key, how=how, reason=reason)
    if row.state is Progress.UNCERTAIN and row.arrived is None:
        what = LetterSettled(key=row.key, arrived=False, how=f"It came back: {reason}.")
    id = f"undelivered-{hashlib.sha256(row.message_id.encode()).hexdigest()[:32]}"
    handle = client.get_workflow_handle(row.reference)
    await handle.execute_update(what.act or "", act_of(_BY, what), id=id, result_type=Accepted)


def _found(row: LetterRow, reason: str, outcome: Outcome, words: str = "") -> Found:
    return Found(row.reference, row.kind, row.key, reason, outcome, words)
