from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

import worker
from connection.client import connect
from connection.server import LocalServer
from connection.settings import Settings
from register.database import Database
from starter.inbox import Inbox
from starter.office import Office
from tests.workflows.life import Desk
from workflows.attributes import registration


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    """Temporal's own server, a register, a mail server and a worker, all real, for one test process."""
    home: Path = tmp_path_factory.mktemp("casereview")
    async with (
        LocalServer.of(Settings(home=home, temporal_port=0, ui_port=0), registration(), headless=True) as server,
        Inbox(home / "mail", 0, 0) as inbox,
    ):
        host, port = inbox.smtp_address
        settings = Settings(home=home, smtp_host=host, smtp_port=port)
        client = await connect(settings, address=server.address)
        async with Database(settings.register_url) as database:
            await database.upgrade()
            async with worker.running(client, database, settings):
                yield Desk(Office(settings, client, database), inbox)
