"""The cases of `casereview up --demo`: each packaged scenario left where it is worth looking at."""

from __future__ import annotations

import asyncio
import datetime as dt

from domain.calendar import LONDON
from domain.case import local_date
from domain.dates import short
from office.connected import Office
from register import queries
from register.database import Database
from starter import scenario
from starter.life import Say, live

AT_ONCE = 2


async def wanted(database: Database) -> bool:
    """Whether the register is empty, so that demo cases harm nobody."""
    return not await queries.cases(database, today=dt.datetime.now(LONDON).date())


async def load(office: Office, say: Say) -> int:
    """Start every packaged scenario that says where a demo leaves it; the number started.

    A scenario that cannot be lived is told through ``say`` and left out.
    """
    chosen = [
        story for story in map(scenario.load, scenario.ids()) if any(step.demo_stops_here for step in story.steps)
    ]
    turns = asyncio.Semaphore(AT_ONCE)
    said = 0

    async def start(story: scenario.Scenario) -> int:
        nonlocal said
        async with turns:
            try:
                lived = await live(story, office, stop=True)
                day = short(local_date(lived.situation.now))
                outcome = f"{lived.reference}, {lived.situation.stage}, on {day}"
            except Exception as error:
                said += 1
                say(f"Demonstration case {said} of {len(chosen)}: {story.title} could not be started: {error}")
                return 0
        said += 1
        say(f"Demonstration case {said} of {len(chosen)}: {outcome} ({story.title})")
        return 1

    return sum(await asyncio.gather(*(start(story) for story in chosen)))
