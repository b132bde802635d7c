"""The sweep: no application falls through, and no letter that came back goes unnoticed."""

from __future__ import annotations

import asyncio
from typing import Any

from temporalio import workflow

from workflows import effects

SCHEDULE_ID = "take-up-cases"
_WITH_BOUNCES = "read-bounces"


@workflow.defn(name="TakeUpCases")
class TakeUpCases:
    """Runs on a schedule: starts the workflow of every application that was taken in and has none, and reads what came
    back of the letters that were sent."""

    @workflow.run
    async def run(self, *_: Any) -> int:
        """The number of cases started. Where one of the two fails, the other is done all the same.

        It is told nothing: whoever starts it with something starts it.
        """
        if not workflow.patched(_WITH_BOUNCES):
            return await effects.take_up_cases()
        started, *read = await asyncio.gather(effects.take_up_cases(), effects.read_bounces(), return_exceptions=True)
        for result in (started, *read):
            if isinstance(result, BaseException):
                raise result
        assert isinstance(started, int)
        return started
