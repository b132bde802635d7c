import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import pytest
import pytest_asyncio

from register.database import Database
from tests.register.fresh import with_tables
from tests.register.postgres import Postgres, binaries

_names = count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    found = binaries()
    if found is None:
        pytest.skip(
            "left out: the register on PostgreSQL; install its server (the package postgresql), initdb on the PATH"
        )
    home = Path(tempfile.mkdtemp(prefix="casereview-pg-"))
    server = Postgres(found, home)
    try:
        server.wait()
        yield server
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def template(postgres: Postgres) -> str:
    async with Database(postgres.create("register")) as database:
        await database.upgrade()
    return "register"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def fresh_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'home' / 'register.db'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.create(f"fresh_{next(_names)}")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database whose tables are there."""
    if request.param == "sqlite":
        return with_tables(f"sqlite:///{tmp_path / 'home' / 'register.db'}")
    server: Postgres = request.getfixturevalue("postgres")
    return server.create(f"test_{next(_names)}", request.getfixturevalue("template"))


@pytest_asyncio.fixture
async def database(url: str) -> AsyncIterator[Database]:
    async with Database(url) as opened:
        yield opened
