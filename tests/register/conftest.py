import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
import pytest_asyncio
from psycopg import sql

from register.database import Database
from tests.register.fresh import with_tables

_names = count(1)


class Postgres:
    """A PostgreSQL server of the test run's own: a Unix socket, no port, nothing kept."""

    def __init__(self, binaries: Path, home: Path) -> None:
        self.home = home
        user = "postgres" if os.geteuid() == 0 else None
        if user:
            shutil.chown(home, user)
        data = home / "data"
        initdb = f"-D {data} -U postgres -A trust -E UTF8 --no-sync".split()
        subprocess.run([str(binaries / "initdb"), *initdb], check=True, capture_output=True, cwd=home, user=user)
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(home),
            "fsync": "off",
            "timezone": "Asia/Tokyo",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self.process = subprocess.Popen(
            [str(binaries / "postgres"), "-D", str(data), *options],
            cwd=home,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=user,
        )

    def url(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={self.home}"

    def wait(self) -> None:
        for _ in range(200):
            try:
                psycopg.connect(self.url("postgres")).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.05)
        raise RuntimeError("PostgreSQL did not start in ten seconds.")

    def create(self, name: str, template: str = "template1") -> str:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return self.url(name)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)


def _binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    binaries = _binaries()
    if binaries is None:
        pytest.skip(
            "left out: the register on PostgreSQL; install its server (the package postgresql), initdb on the PATH"
        )
    home = Path(tempfile.mkdtemp(prefix="casereview-pg-"))
    server = Postgres(binaries, home)
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
