import os
import uuid
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from fastapi import FastAPI
from playwright.async_api import expect

from console.app import application, at_work
from register import sending_systems
from tests.console import chromium
from tests.console.office import House, everybody
from tests.console.sender import Sender, Senders
from tests.support import clock
from tests.workflows.life import Desk, Life


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def house(desk: Desk) -> AsyncIterator[House]:
    """The console at work, with a case of each of two councils."""
    await everybody(desk.office)
    async with at_work(desk.office) as address:
        found = House(address, desk)
        found.reference = (await Life.begin(desk)).reference
        found.other = (await Life.begin(desk, "medway")).reference
        yield found


@pytest.fixture(scope="session")
def unserved(house: House) -> FastAPI:
    """The console over the same office, for requests without a network."""
    return application(house.office)


@pytest_asyncio.fixture(loop_scope="session")
async def senders(house: House, unserved: FastAPI) -> Senders:
    """A new source of each of two councils."""
    made = []
    for council in ("dover", "medway"):
        name = f"{council} forms {uuid.uuid4().hex}"
        made.append(Sender.of(unserved, *await sending_systems.add(house.office.database, name, council, clock.now())))
    return Senders(house, *made)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Debian's Chromium, for pytest-playwright; as root it runs without its own sandbox."""
    found = chromium.path()
    if found is None:
        pytest.skip(chromium.MISSING)
    expect.set_options(timeout=20_000)
    return {"executable_path": found, "args": ["--no-sandbox"] if os.geteuid() == 0 else []}
