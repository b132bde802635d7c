"""One case's clock, moved on by the server's per-workflow time skipping, experimental in Temporal.

The server must run with `frontend.WorkflowTimeSkippingEnabled`, as `connection.server.LocalServer` does. It
would move any workflow; here only one started through `travelling` moves: a real case keeps real time.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import TimeSkipper, TimeSkippingConfig

PATIENCE = timedelta(seconds=60)


class CannotTravel(Exception):
    """A clock that was not moved, or not all the way; the text says why."""


def skipping(enabled: bool = False) -> TimeSkippingConfig:
    """How a case may skip time: by `fast_forward` only, or, `enabled`, by itself at every timer."""
    return TimeSkippingConfig(enabled=enabled)


def travelling(client: Client, config: TimeSkippingConfig | None = None) -> Client:
    """A copy of `client` whose workflows are started able to travel, as `config` says."""
    return TimeSkipper(client, config=config or skipping()).client


async def now_of(client: Client, handle: WorkflowHandle[Any, Any]) -> datetime:
    """The time by the workflow's own clock, in UTC: real time where it never travelled."""
    return await TimeSkipper(client).get_current_time(handle)


async def fast_forward(
    client: Client, handle: WorkflowHandle[Any, Any], delta: timedelta, *, patience: timedelta = PATIENCE
) -> None:
    """Move the workflow's clock on by `delta` and return when it has arrived.

    Timers due on the way fire in order, each with its activities done before the clock goes on, so a worker
    must run. The history grows by two events, and by five for each moment a timer fires, besides what the
    workflow then does. Raises `CannotTravel` where the workflow was not started through `travelling`, is not
    running, ends on the way, is moved by someone else meanwhile, or does not arrive within `patience` of real
    time.
    """
    if delta <= timedelta():
        raise CannotTravel("A clock only moves forward; give a time to move on by.")
    skipper = TimeSkipper(client)
    try:
        before = await skipper.get_time_skipping_info(handle)
        if before is None:
            raise CannotTravel(f"{handle.id} was not started for time travel, so its clock keeps real time.")
        arrived = await asyncio.wait_for(skipper.fast_forward(handle, delta), patience.total_seconds())
    except TimeoutError:
        raise CannotTravel(
            f"The clock of {handle.id} has not arrived after {patience.total_seconds():.0f} seconds; "
            "it goes on by itself once a worker runs and no activity is in flight."
        ) from None
    except RPCError as error:
        raise CannotTravel(_refusal(handle.id, error)) from None
    except RuntimeError:
        raise CannotTravel(
            f"The clock of {handle.id} is being moved by someone else; wait until it stands and try again."
        ) from None
    if not arrived:
        raise CannotTravel(f"{handle.id} ended before its clock arrived.")
    if await now_of(client, handle) < before.current_time.ToDatetime(UTC) + delta:
        raise CannotTravel(f"The clock of {handle.id} stopped before it arrived; move it on again.")


def _refusal(workflow_id: str, error: RPCError) -> str:
    if error.status == RPCStatusCode.NOT_FOUND:
        return f"{workflow_id} is not running, so its clock cannot be moved."
    return (
        f"The server did not move the clock of {workflow_id} ({error.message}); "
        "start it with frontend.WorkflowTimeSkippingEnabled=true."
    )
