"""The seven-month scenario beside a bare workflow that does as much: seconds, history events and their ratio.

Both run on the same server, worker settings and clock, one after the other, several times; medians are printed. The
bare workflow runs as many activities, timers and Updates in as many turns, its clock moved on as often. Its activities
do nothing: what the case takes longer is its register, its letters and its rules, shown beside.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import statistics
import sys
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHandle
from temporalio.worker import Worker

from bench._command import run
from bench.bare import Bare, nothing
from connection.time_travel import CannotTravel, fast_forward, travelling
from starter import scenario
from starter.life import live
from starter.office import Office
from starter.simulate import private_office

SCENARIO = "seven-months"
SECONDS, EVENTS, RATIO = 5.0, 200, 1.3
_QUEUE = "bare"


@dataclass(frozen=True)
class Turn:
    """One move of the clock by ``days``: timers that fire on the way, timers given up, Updates, activities."""

    days: float
    fired: int
    given_up: int
    updates: int
    activities: int


@dataclass(frozen=True)
class Run:
    """One life: seconds in all, in activities and in workflow tasks, and its history by turn and by type."""

    seconds: float
    activities: float
    tasks: float
    turns: tuple[Turn, ...]
    kinds: Counter[str]

    @property
    def events(self) -> int:
        return self.kinds.total()


async def run_of(handle: WorkflowHandle[Any, Any], seconds: float) -> Run:
    """A life read from its history. Inside one turn a case's clock runs as the real one does."""
    turns: list[Turn] = []
    kinds: Counter[str] = Counter()
    turn: Counter[str] = Counter()
    spent: Counter[str] = Counter()
    began: dict[str, dt.datetime] = {}
    opened = now = None
    async for event in handle.fetch_history_events():
        kind = EventType.Name(event.event_type).removeprefix("EVENT_TYPE_")
        now = event.event_time.ToDatetime()
        opened = opened or now
        what, _, state = kind.rpartition("_")
        if state == "STARTED":
            began[what] = now
        elif state == "COMPLETED" and what in began:
            spent[what] += int((now - began[what]) / dt.timedelta(microseconds=1))
        if kind == "WORKFLOW_EXECUTION_OPTIONS_UPDATED":
            turns.append(_turn(turn, now - opened))
            turn, opened = Counter(), now
        turn[kind] += 1
        kinds[kind] += 1
    if now and opened:
        turns.append(_turn(turn, now - opened))
    return Run(seconds, spent["ACTIVITY_TASK"] / 1e6, spent["WORKFLOW_TASK"] / 1e6, tuple(turns), kinds)


def _turn(counts: Counter[str], lasted: dt.timedelta) -> Turn:
    names = ("TIMER_FIRED", "TIMER_CANCELED", "WORKFLOW_EXECUTION_UPDATE_ACCEPTED", "ACTIVITY_TASK_COMPLETED")
    return Turn(lasted / dt.timedelta(days=1), *(counts[name] for name in names))


async def case(office: Office) -> Run:
    """The scenario, lived once."""
    lived = await live(scenario.load(SCENARIO), office)
    return await run_of(office.handle(lived.reference), lived.seconds)


async def bare(office: Office, turns: Sequence[Turn]) -> Run:
    """A bare workflow of as many turns, run once."""
    began = time.perf_counter()
    plan = [list(astuple(turn)) for turn in turns]
    name = f"bare-{uuid.uuid4().hex[:8]}"
    handle = await travelling(office.client).start_workflow(Bare.run, plan, id=name, task_queue=_QUEUE)
    for number, turn in enumerate(turns):
        ends = turn is turns[-1]
        if number and turn.days > 0:
            with contextlib.suppress(CannotTravel) if ends else contextlib.nullcontext():
                await fast_forward(office.client, handle, dt.timedelta(days=turn.days))
        await asyncio.gather(*(handle.execute_update(Bare.take) for _ in range(turn.updates)))
    await handle.result()
    return await run_of(handle, time.perf_counter() - began)


async def measure(times: int) -> dict[str, Any]:
    async with private_office() as (office, _):
        worker = Worker(office.client, task_queue=_QUEUE, workflows=[Bare], activities=[nothing])
        async with worker:
            cold = await case(office)
            await bare(office, cold.turns)
            pairs = []
            for _ in range(times):
                lived = await case(office)
                pairs.append((lived, await bare(office, lived.turns)))
    lives, bares = ([pair[side] for pair in pairs] for side in (0, 1))
    found: dict[str, Any] = {"scenario": SCENARIO, "times": times, "cold_seconds": round(cold.seconds, 2)}
    for name in ("seconds", "activities", "tasks", "events"):
        one, other = (statistics.median(getattr(run, name) for run in runs) for runs in (lives, bares))
        found[name] = {"case": round(one, 2), "bare": round(other, 2), "ratio": round(one / other, 2)}
    last = lives[-1]
    counted = {
        "activities": "ACTIVITY_TASK_COMPLETED",
        "updates": "WORKFLOW_EXECUTION_UPDATE_ACCEPTED",
        "timers": "TIMER_STARTED",
        "clock_moves": "WORKFLOW_EXECUTION_OPTIONS_UPDATED",
    }
    found["counts"] = {name: last.kinds[kind] for name, kind in counted.items()}
    found["by_type"] = dict(last.kinds.most_common())
    return found


def show(found: dict[str, Any]) -> None:
    """Print what was measured, at most 80 columns wide."""
    print(f"{found['scenario']}: median of {found['times']} lives (the first, cold: {found['cold_seconds']} s)\n")
    print(f"  {'':<28}{'case':>9}{'bare':>9}{'ratio':>9}{'goal':>16}")
    rows = (
        ("seconds", "seconds", f"< {SECONDS:g}, ratio {RATIO:g}"),
        ("  of these in activities", "activities", ""),
        ("  of these in workflow tasks", "tasks", ""),
        ("history events", "events", f"< {EVENTS}, ratio {RATIO:g}"),
    )
    for words, name, goal in rows:
        one = found[name]
        print(f"  {words:<28}{one['case']:>9g}{one['bare']:>9g}{one['ratio']:>9g}{goal:>16}")
    print("\n  Each ran " + ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in found["counts"].items()))
    print("\n  The case's history by type:")
    for kind, number in found["by_type"].items():
        print(f"  {number:>5}  {kind.replace('_', ' ').lower()}")


if __name__ == "__main__":
    sys.exit(run("life", __doc__ or "", "how often each is run", lambda times: asyncio.run(measure(times)), show))
