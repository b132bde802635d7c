from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.client import Client

from connection.client import connect
from connection.keys import KeyRing
from connection.server import LocalServer
from connection.settings import Settings
from workflows.attributes import registration

TEMPORAL_VARIABLES = (
    "TEMPORAL_ADDRESS",
    "TEMPORAL_NAMESPACE",
    "TEMPORAL_PROFILE",
    "TEMPORAL_CONFIG_FILE",
    "TEMPORAL_API_KEY",
)


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in TEMPORAL_VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def ring() -> KeyRing:
    return KeyRing.fresh()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LocalServer]:
    home = tmp_path_factory.mktemp("temporal")
    async with LocalServer(
        home / "temporal.db", search_attributes=registration(), headless=True, log=home / "temporal.log"
    ) as running:
        yield running


@pytest_asyncio.fixture
async def client(server: LocalServer, settings: Settings, ring: KeyRing) -> Client:
    return await connect(settings, ring=ring, address=server.address)
