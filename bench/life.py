"""The seven-month scenario beside a bare workflow that does as much: seconds, history events and their ratio.

All run on the same server, worker settings and clock, one after the other, several times; medians are printed. The
bare workflow runs as many activities, timers and Updates in as many turns, its clock moved on as often: once with
activities that do the case's work again, the same events and letters into a register of their own, and once with
activities that do nothing. The first says what the rules, the plan and what operations staff read of it cost; the
second also what the register and the letters do.
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

from sqlalchemy import Table
from temporalio import activity
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHandle
from temporalio.converter import ActivitySerializationContext
from temporalio.worker import Worker

import worker
from bench._command import run
from bench.bare import AGAIN, NOTHING, Bare, nothing
from connection.time_travel import CannotTravel, fast_forward, travelling
from domain import messages
from office.connected import Office
from register import queries, tables
from register.database import Database
from starter import scenario
from starter.life import live
from starter.simulate import private_office

SCENARIO = "seven-months"
SECONDS, EVENTS, RATIO = 5.0, 345, 1.3
"""Nine of the turns are a word to the applicant after ten working days without news, of 15 history events each."""
_QUEUE = "bare"


@dataclass(frozen=True)
class LivedTurn:
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
    turns: tuple[LivedTurn, ...]
    kinds: Counter[str]

    @property
    def events(self) -> int:
        return self.kinds.total()


async def run_of(handle: WorkflowHandle[Any, Any], seconds: float) -> Run:
    """A life read from its history. Inside one turn a case's clock runs as the real one does."""
    turns: list[LivedTurn] = []
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


def _turn(counts: Counter[str], lasted: dt.timedelta) -> LivedTurn:
    names = ("TIMER_FIRED", "TIMER_CANCELED", "WORKFLOW_EXECUTION_UPDATE_ACCEPTED", "ACTIVITY_TASK_COMPLETED")
    return LivedTurn(lasted / dt.timedelta(days=1), *(counts[name] for name in names))


class Twin:
    """A second register, in which the work of a case's activities is done again."""

    def __init__(self, office: Office, register: Database) -> None:
        self._office = office
        self._register = register
        self._carry_out = worker.activities(office.client, register, office.settings)[0]
        self._turns: list[messages.Turn] = []

    async def take_up(self, reference: str) -> None:
        """The case as it was taken in, and the turns its activities were given."""
        for name in ("policies", "calendars", "cases", "people"):
            await self._copy(tables.Case.metadata.tables[name], reference)
        self._turns, client = [], self._office.client
        async for event in self._office.handle(reference).fetch_history_events():
            if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
                scheduled = event.activity_task_scheduled_event_attributes
                converter = client.data_converter.with_context(
                    ActivitySerializationContext(
                        namespace=client.namespace, workflow_id=reference, workflow_type=None, activity_id=None,
                        activity_type=scheduled.activity_type.name, activity_task_queue=None, is_local=False,
                    )
                )  # fmt: skip
                self._turns += await converter.decode(scheduled.input.payloads, [messages.Turn])

    async def same(self, reference: str) -> bool:
        """Whether this register now has of the case what the office's has: its events and its letters, sent."""
        kept_in_each = []
        for register in (self._office.database, self._register):
            kept = await queries.case(register, reference)
            sent = Counter((row.kind, row.state) for row in await queries.letters(register, reference))
            kept_in_each.append((sent, len(kept.events) if kept else 0))
        return kept_in_each[0] == kept_in_each[1]

    @activity.defn(name=AGAIN)
    async def again(self, number: int) -> None:
        """What the case's activity of that number did."""
        await self._carry_out(self._turns[number])

    async def _copy(self, table: Table, reference: str) -> None:
        rows = table.select()
        if "reference" in table.c:
            rows = rows.where(table.c.reference == reference)
        async with self._office.database.session() as source, self._register.writing() as copy:
            copied = [dict(row) for row in (await (await source.connection()).execute(rows)).mappings()]
            for row in copied:
                row.update({"as_of": row["made_at"]} if "as_of" in row else {})
            await (await copy.connection()).execute(table.insert().prefix_with("OR IGNORE"), copied)


async def case(office: Office) -> tuple[str, Run]:
    """The scenario, lived once, its own checks left out: its reference, and what it took."""
    told = scenario.load(SCENARIO)
    steps = tuple(step.model_copy(update={"expect": None}) for step in told.steps)
    lived = await live(told.model_copy(update={"steps": steps}), office)
    return lived.reference, await run_of(office.handle(lived.reference), lived.seconds)


async def bare(office: Office, turns: Sequence[LivedTurn], activity: str) -> Run:
    """A bare workflow of as many turns with this activity, run once."""
    began = time.perf_counter()
    plan = [list(astuple(turn)) for turn in turns]
    name = f"bare-{uuid.uuid4().hex[:8]}"
    handle = await travelling(office.client).start_workflow(Bare.run, args=[plan, activity], id=name, task_queue=_QUEUE)
    for number, turn in enumerate(turns):
        ends = turn is turns[-1]
        if number and turn.days > 0:
            with contextlib.suppress(CannotTravel) if ends else contextlib.nullcontext():
                await fast_forward(office.client, handle, dt.timedelta(days=turn.days))
        await asyncio.gather(*(handle.execute_update(Bare.take) for _ in range(turn.updates)))
    await handle.result()
    return await run_of(handle, time.perf_counter() - began)


async def measure(times: int) -> dict[str, Any]:
    async with private_office() as (office, _), Database(f"sqlite:///{office.settings.home / 'twin.db'}") as register:
        await register.upgrade()
        twin = Twin(office, register)
        async with Worker(office.client, task_queue=_QUEUE, workflows=[Bare], activities=[nothing, twin.again]):
            (cold, *_), *runs = [await _beside(office, twin) for _ in range(times + 1)]
    figures: dict[str, Any] = {"scenario": SCENARIO, "times": times, "cold_seconds": round(cold.seconds, 2)}
    lives, again, idle = zip(*runs, strict=True)
    for name in ("seconds", "activities", "tasks", "events"):
        of_case, other, least = (statistics.median(getattr(run, name) for run in side) for side in (lives, again, idle))
        figures[name] = {
            "case": round(of_case, 2), "bare": round(other, 2), "ratio": round(of_case / other, 2),
            "idle": round(least, 2), "idle_ratio": round(of_case / least, 2),
        }  # fmt: skip
    last = lives[-1]
    counted = {
        "activities": "ACTIVITY_TASK_COMPLETED",
        "updates": "WORKFLOW_EXECUTION_UPDATE_ACCEPTED",
        "timers": "TIMER_STARTED",
        "clock_moves": "WORKFLOW_EXECUTION_OPTIONS_UPDATED",
    }
    figures["counts"] = {name: last.kinds[kind] for name, kind in counted.items()}
    figures["by_type"] = dict(last.kinds.most_common())
    return figures


async def _beside(office: Office, twin: Twin) -> tuple[Run, Run, Run]:
    reference, lived = await case(office)
    await twin.take_up(reference)
    again = await bare(office, lived.turns, AGAIN)
    if not await twin.same(reference):
        raise RuntimeError(f"The work of {reference} was not done again as it was done first.")
    return lived, again, await bare(office, lived.turns, NOTHING)


def show(figures: dict[str, Any]) -> None:
    """Print what was measured, at most 80 columns wide."""
    print(f"{figures['scenario']}: median of {figures['times']} lives (the first, cold: {figures['cold_seconds']} s)\n")
    print(f"  {'':<28}{'':>8}{'same work':>16}{'no work':>16}")
    print(f"  {'':<28}{'case':>8}{'bare':>9}{'ratio':>7}{'bare':>9}{'ratio':>7}  goal")
    rows = (
        ("seconds", "seconds", f"< {SECONDS:g}, {RATIO:g}"),
        ("  of these in activities", "activities", ""),
        ("  of these in workflow tasks", "tasks", ""),
        ("history events", "events", f"< {EVENTS}, {RATIO:g}"),
    )
    for words, name, goal in rows:
        figure = figures[name]
        beside = f"{figure['bare']:>9g}{figure['ratio']:>7g}{figure['idle']:>9g}{figure['idle_ratio']:>7g}"
        print(f"  {words:<28}{figure['case']:>8g}{beside}  {goal}".rstrip())
    print(
        "\n  Each ran " + ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in figures["counts"].items())
    )
    print("\n  The case's history by type:")
    for kind, number in figures["by_type"].items():
        print(f"  {number:>5}  {kind.replace('_', ' ').lower()}")


if __name__ == "__main__":
    sys.exit(run("life", __doc__ or "", "how often each is run", lambda times: asyncio.run(measure(times)), show))
