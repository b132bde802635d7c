"""The sweep that no application falls through: taken in, and its workflow never started."""

from __future__ import annotations

from temporalio import workflow

from workflows import effects

SCHEDULE_ID = "take-up-cases"


@workflow.defn(name="TakeUpCases")
class TakeUpCases:
    """Runs on a schedule: starts the workflow of every application that was taken in and has none."""

    @workflow.run
    async def run(self) -> int:
        """The number of cases started."""
        return await effects.take_up_cases()
