"""The clock of the tests: where all their "now" comes from, and when every life in them begins.

A run begins at an instant of its own, ``BEGINS`` or what ``CASEREVIEW_TESTS_BEGIN`` says, and from there time passes as
it does: for the tests and all that runs in their process, for each workflow they start, which skips time as it begins,
and for what ``argv`` runs in a process of its own. Only what the kernel and the Temporal server tell of themselves, a
file's age and when a Schedule fires, stays real.
"""

from __future__ import annotations

import asyncio
import os
import runpy
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import time_machine
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import (
    DescribeTaskQueueRequest,
    DescribeTaskQueueResponse,
    DescribeWorkflowExecutionRequest,
    StartWorkflowExecutionRequest,
    StartWorkflowExecutionResponse,
)
from temporalio.service import WorkflowService

from domain.calendar import LONDON

VARIABLE = "CASEREVIEW_TESTS_BEGIN"
BEGINS = "wednesday 12:00"
_START, _POLLERS = WorkflowService.start_workflow_execution, WorkflowService.describe_task_queue
_A_YEAR = 367
_PATIENCE = 10.0
_SKIPPED = 3
"""Events of a workflow that has not begun: it was started, and time was skipped once or twice."""


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The day it is in London."""
    return datetime.now(LONDON).date()


def beginning(text: str, now: datetime) -> datetime:
    """The first instant after ``now`` that is so called.

    "monday 03:15", "24 december 16:45", "clocks go back 00:30Z" or an ISO date-time; London's clock where no zone is
    named. Raises ValueError for anything else, and for a date-time that is past.
    """
    try:
        found = [_in_london(datetime.fromisoformat(text))]
    except ValueError:
        found = list(_called(text.strip().lower(), now.astimezone(LONDON).date()))
    ahead = [instant for instant in found if instant > now]
    if not ahead:
        raise ValueError(f"{VARIABLE}: {text!r} does not come within a year; a clock only moves forward")
    return ahead[0]


def _called(text: str, first: date) -> Iterator[datetime]:
    """The instants of the year after ``first`` that a day's name and its hour call."""
    name, _, hour = text.rpartition(" ")
    try:
        at = time.fromisoformat(hour.upper())
    except ValueError:
        raise ValueError(f"{VARIABLE}: {text!r} is no day or date with its hour") from None
    for day in (first + timedelta(days=number) for number in range(_A_YEAR)):
        if name in _names(day):
            yield _in_london(datetime.combine(day, at))


def _in_london(instant: datetime) -> datetime:
    return instant if instant.tzinfo else instant.replace(tzinfo=LONDON)


def _names(day: date) -> tuple[str, ...]:
    """What a day is called: by its weekday, its date, and what the clocks do in its night."""
    midnight, next_midnight = (datetime.combine(one, time(), LONDON) for one in (day, day + timedelta(days=1)))
    hours = (next_midnight.astimezone(UTC) - midnight.astimezone(UTC)) // timedelta(hours=1)
    clocks = {25: "clocks go back", 23: "clocks go forward"}.get(hours, "")
    return f"{day:%A}".lower(), f"{day.day} {day:%B}".lower(), clocks


def _ahead(real: datetime) -> timedelta:
    """How far this run is ahead of real time: its first process says so, and leaves word for the others."""
    begins = beginning(os.environ.get(VARIABLE, BEGINS), real)
    return timedelta(seconds=float(os.environ.setdefault("TESTS_AHEAD", str((begins - real).total_seconds()))))


_AHEAD = _ahead(now())


def set_going() -> None:
    """Let this process, and every workflow it starts, begin where the run does."""
    time_machine.travel(_AHEAD, tick=True).start().time_ns()
    _serve(_start_ahead, _pollers_ahead)


@contextmanager
def real() -> Iterator[None]:
    """Meanwhile the machine's own clock, for what is about real time itself or about how the server skips it."""
    _serve(_START, _POLLERS)
    try:
        with time_machine.travel(-_AHEAD, tick=True):
            yield
    finally:
        _serve(_start_ahead, _pollers_ahead)


def argv(module: str, *arguments: str) -> list[str]:
    """The command that runs a module in a process of its own, by this clock."""
    return [sys.executable, "-m", "tests.support.clock", module, *arguments]


async def _start_ahead(
    self: WorkflowService, req: StartWorkflowExecutionRequest, **options: Any
) -> StartWorkflowExecutionResponse:
    delay = req.workflow_start_delay.ToTimedelta()
    req.workflow_start_delay.FromTimedelta(delay + _AHEAD)
    req.time_skipping_config.enabled = True
    req.time_skipping_config.fast_forward_config.id = uuid.uuid4().hex
    req.time_skipping_config.fast_forward_config.duration.FromTimedelta(_AHEAD)
    started = await _START(self, req, **options)
    if not delay:
        await _begun(self, req, started.run_id)
    return started


async def _pollers_ahead(
    self: WorkflowService, req: DescribeTaskQueueRequest, **options: Any
) -> DescribeTaskQueueResponse:
    found = await _POLLERS(self, req, **options)
    for poller in found.pollers:
        poller.last_access_time.FromDatetime(poller.last_access_time.ToDatetime() + _AHEAD)
    return found


def _serve(start: Any, pollers: Any) -> None:
    WorkflowService.start_workflow_execution = start  # type: ignore[method-assign]
    WorkflowService.describe_task_queue = pollers  # type: ignore[method-assign]


async def _begun(service: WorkflowService, req: StartWorkflowExecutionRequest, run_id: str) -> None:
    """Wait until a workflow's first task is there to be done: only then it can be asked anything."""
    one = WorkflowExecution(workflow_id=req.workflow_id, run_id=run_id)
    described = DescribeWorkflowExecutionRequest(namespace=req.namespace, execution=one)
    async with asyncio.timeout(_PATIENCE):
        while True:
            found = await service.describe_workflow_execution(described, retry=True)
            if found.HasField("pending_workflow_task") or found.workflow_execution_info.history_length > _SKIPPED:
                return
            await asyncio.sleep(0.005)


if __name__ == "__main__":
    set_going()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
