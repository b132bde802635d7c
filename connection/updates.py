"""An act sent to its case as an Update, and what came of it: the one place that waits for a case's answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from temporalio.client import Client, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from connection.converter import NOT_TAKEN
from domain.events import Actor, Body
from domain.messages import Accepted, act_of

ANSWER_WITHIN = timedelta(seconds=15)
NO_ANSWER = "no worker answered"
_OTHER_KEYS = "the worker does not open what is sealed here, so its key ring is another"
_NOT_OURS = "something answered that is no worker of this service"


@dataclass(frozen=True)
class Done:
    """The case took the act; ``also`` says what came of it in cases that are linked with it."""

    accepted: Accepted
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class NotAllowed:
    """The rules do not allow the act as the case stands; ``sentence`` is the case's own."""

    sentence: str


@dataclass(frozen=True)
class Over:
    """The case has ended, and its workflow with it."""

    sentence: str


@dataclass(frozen=True)
class Missing:
    """Temporal knows no workflow of this case: it was not begun yet, or ended so long ago that Temporal forgot it."""

    sentence: str


@dataclass(frozen=True)
class Unanswered:
    """Nobody answered in time; it may have been taken all the same, so it is sent again under its id. ``why`` is the
    end of a sentence."""

    why: str


Answer = Done | NotAllowed | Over | Missing | Unanswered


async def send(
    client: Client, reference: str, what: Body, by: Actor, *, id: str, within: timedelta = ANSWER_WITHIN
) -> Answer:
    """Do one act by its Update and wait so long for the case's answer. The same ``id`` again is applied once.

    Raises ValueError for a body that is no act of a person.
    """
    if what.act is None:
        raise ValueError(f"{type(what).model_fields['kind'].default} is not an act of a person")
    update = client.get_workflow_handle(reference).execute_update(
        what.act, act_of(by, what, id), id=id, result_type=Accepted
    )
    try:
        accepted = await asyncio.wait_for(update, within.total_seconds())
        return Done(accepted) if accepted.event == id else Unanswered(_NOT_OURS)
    except WorkflowUpdateFailedError as error:
        cause = error.cause
        if isinstance(cause, ApplicationError) and cause.type == NOT_TAKEN:
            return Unanswered(_OTHER_KEYS)
        return NotAllowed(cause.message if isinstance(cause, ApplicationError) else str(cause))
    except ApplicationError as error:
        if error.type != NOT_TAKEN:
            raise
        return Unanswered(_NOT_OURS)
    except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError):
        return Unanswered(NO_ANSWER)
    except RPCError as error:
        return missing(reference, error) or Unanswered(f"Temporal answered {error.status.name}")
    except RuntimeError:
        return Unanswered("Temporal cannot be reached")


def missing(reference: str, error: RPCError) -> Over | Missing | None:
    """What an error of Temporal says of a case that cannot be found; None where it says something else."""
    if error.status is not RPCStatusCode.NOT_FOUND:
        return None
    if "already completed" in error.message:
        return Over(f"{reference} is closed; nothing more can be done to it.")
    return Missing(f"There is no running case {reference}. `casereview cases` lists them.")
