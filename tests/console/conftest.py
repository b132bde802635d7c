import os
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from fastapi import FastAPI

import worker
from connection.client import connect
from connection.ports import free_port
from connection.server import LocalServer
from connection.settings import Settings
from register import sources
from register.database import Database
from starter.console.app import application, at_work
from starter.inbox import Inbox
from starter.office import Office
from tests.console import chromium
from tests.console.office import House, everybody
from tests.console.sender import Sender, Senders
from tests.register.fresh import with_tables
from tests.workflows.life import Desk, Life
from workflows.attributes import registration


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """Everything at work, all real, for one test process, with a case of each of two councils."""
    home: Path = tmp_path_factory.mktemp("console")
    async with (
        LocalServer.of(Settings(home=home, temporal_port=0, ui_port=0), registration(), headless=True) as server,
        Inbox(home / "mail", 0, 0) as inbox,
    ):
        host, port = inbox.smtp_address
        own = free_port()
        settings = Settings(
            home=home, smtp_host=host, smtp_port=port, console_port=own, public_url=f"http://127.0.0.1:{own}",
            temporal_ui="http://localhost:8233",
        )  # fmt: skip
        client = await connect(settings, address=server.address)
        async with Database(with_tables(settings.register_url)) as database:
            office = Office(settings, client, database)
            await everybody(office)
            async with worker.running(client, database, settings), at_work(office) as address:
                desk = Desk(office, inbox)
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
        made.append(Sender.of(unserved, *await sources.add(house.office.database, name, council, datetime.now(UTC))))
    return Senders(house, *made)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Debian's Chromium, for pytest-playwright; as root it runs without its own sandbox."""
    found = chromium.path()
    if found is None:
        pytest.skip(chromium.MISSING)
    return {"executable_path": found, "args": ["--no-sandbox"] if os.geteuid() == 0 else []}
