"""Reviews by people who forgot where they are: what the sandbox of the replay gate is for."""

import datetime
import random

from temporalio import workflow


@workflow.defn
class ByTheWallClock:
    """Reads the worker's clock."""

    @workflow.run
    async def run(self) -> str:
        return datetime.datetime.now().isoformat()  # noqa: DTZ005


@workflow.defn
class ByChance:
    """Throws dice that fall otherwise when it is replayed."""

    @workflow.run
    async def run(self) -> float:
        return random.random()
