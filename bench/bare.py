"""A bare workflow: as many activities, timers and Updates as it is told to, and nothing else."""

from __future__ import annotations

import asyncio
import datetime as dt

from temporalio import activity, workflow

NOTHING, AGAIN = "nothing", "again"


@activity.defn(name=NOTHING)
async def nothing(number: int) -> None:
    """An activity that does nothing."""


@workflow.defn
class Bare:
    """Waits for each turn's Updates or timer, then runs its activities, each with its number, from 0."""

    def __init__(self) -> None:
        self._taken = 0

    @workflow.run
    async def run(self, turns: list[list[float]], activity: str) -> None:
        wanted = done = 0
        for days, fired, given_up, updates, activities in turns:
            armed = [asyncio.create_task(workflow.sleep(dt.timedelta(days=days + 365))) for _ in range(int(given_up))]
            for _ in range(int(fired)):
                await workflow.sleep(dt.timedelta(days=days / (fired + 1)))
            wanted += int(updates)
            if updates:
                await workflow.wait_condition(lambda: self._taken >= wanted)  # noqa: B023
            for _ in range(int(activities)):
                await workflow.execute_activity(activity, done, start_to_close_timeout=dt.timedelta(minutes=1))
                done += 1
            for timer in armed:
                timer.cancel()

    @workflow.update
    async def take(self) -> int:
        self._taken += 1
        return self._taken
