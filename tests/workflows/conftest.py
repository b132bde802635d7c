from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.workflows.life import Desk, desk_in


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    """What all tests of one process share."""
    async with desk_in(tmp_path_factory.mktemp("casereview")) as (desk, _):
        yield desk
