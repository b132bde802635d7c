"""How every test runs: properties look at fewer examples than hypothesis would by itself, so that it stays short.

``HYPOTHESIS_PROFILE=thorough`` looks at many more. Databases of tests lie in memory where the machine has a file system
there: a third of the time of a case's life is spent waiting until a disk has kept it, and no test outlives its machine.
"""

import gc
import os
import shutil
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import settings

from connection.ports import free_port
from tests.support import clock, skips
from tests.workflows.life import Desk, desk_in

settings.register_profile("short", max_examples=6, deadline=None)
settings.register_profile("thorough", max_examples=1000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "short"))


MEMORY = Path("/dev/shm")
ROOM = 2 * 1024**3


def pytest_configure(config: pytest.Config) -> None:
    clock.set_going()
    gc.set_threshold(50_000, 20, 100)
    chosen = config.option.basetemp or os.environ.get("PYTEST_DEBUG_TEMPROOT")
    if not chosen and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["PYTEST_DEBUG_TEMPROOT"] = str(MEMORY)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return skips.judged((yield))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first, then what waits for a server, so that no worker ends on it alone."""
    items.sort(key=lambda item: [item.get_closest_marker(name) is None for name in ("temporal", "long")])


@pytest.fixture
def real_time() -> Iterator[None]:
    """The machine's own clock, for a test of what keeps real time."""
    with clock.real():
        yield


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    """What all tests of one process share; the links in letters lead to where the console would be."""
    port = free_port()
    own = {"console_port": port, "public_url": f"http://127.0.0.1:{port}", "temporal_ui": "http://localhost:8233",
           "largest_file": 10}  # fmt: skip
    async with desk_in(tmp_path_factory.mktemp("casereview"), **own) as (desk, _):
        yield desk
