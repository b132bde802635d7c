"""A database that breaks down is told in one sentence, by either database; a fault of a statement stays what it is."""

import asyncio
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from register import write_check
from register.database import Database, RegisterError
from tests.register.conftest import Postgres
from tests.register.fresh import with_tables


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return with_tables(f"sqlite:///{tmp_path / 'register.db'}")


@pytest.fixture
def others_turn(sqlite_url: str) -> Iterator[None]:
    """Another program that writes and does not end."""
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.close()


async def done(database: Database, *statements: str) -> None:
    async with database.writing() as session:
        for statement in statements:
            await (await session.connection()).execute(text(statement))


async def broken(database: Database, *statements: str) -> str:
    """What the register says of statements of which the last fails."""
    with pytest.raises(RegisterError) as caught:
        await done(database, *statements)
    words = str(caught.value)
    assert "\n" not in words
    assert words.endswith(".")
    assert words.startswith(("The register ", "The register at "))
    return words


async def test_a_full_disk(sqlite_url: str) -> None:
    async with Database(sqlite_url) as database:
        words = await broken(
            database, "PRAGMA max_page_count = 1", "INSERT INTO counters SELECT hex(randomblob(1000000)), 1"
        )
    assert "cannot be written: the disk is full; make room there; nothing of this was kept" in words


async def test_a_file_that_may_only_be_read(sqlite_url: str) -> None:
    async with Database(sqlite_url) as database:
        words = await broken(database, "PRAGMA query_only = ON", "INSERT INTO counters VALUES ('x', 1)")
    assert "it may only be read; let this account write the file and its folder" in words


async def test_another_program_that_holds_the_file_is_waited_for_no_longer_than_was_asked(
    sqlite_url: str, others_turn: None
) -> None:
    async with Database(sqlite_url) as database:
        async with asyncio.timeout(5):
            with pytest.raises(RegisterError, match="cannot be written: another program holds it"):
                await write_check.written(database, "console", 0.2)
            await database.upgrade()
        async with database.session() as session:
            await (await session.connection()).execute(text("SELECT * FROM counters"))


async def test_a_fault_of_a_statement_is_no_breakdown(url: str) -> None:
    async with Database(url) as database:
        with pytest.raises(DBAPIError):
            await done(database, "SELECT nothing FROM counters")


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("statements", "words"),
    [
        (("SET TRANSACTION READ ONLY", "INSERT INTO counters VALUES ('x', 1)"), "it may only be read; name the server"),
        (
            ("CREATE ROLE looker", "GRANT SELECT ON counters TO looker", "SET LOCAL ROLE looker",
             "INSERT INTO counters VALUES ('x', 1)"),
            "its account may not do this there; grant it SELECT, INSERT",
        ),
        (("DO $$ BEGIN RAISE 'no space' USING ERRCODE = '53100'; END $$",), "the disk is full; make room there"),
        (("SET LOCAL statement_timeout = 10", "SELECT pg_sleep(5)"), "another program holds it; end that program"),
        (("SELECT pg_terminate_backend(pg_backend_pid())",), "check that PostgreSQL runs there"),
    ],
)  # fmt: skip
async def test_postgresql_that_cannot_be_used(
    postgres: Postgres, template: str, statements: tuple[str, ...], words: str, request: pytest.FixtureRequest
) -> None:
    async with Database(postgres.create(f"broken_{abs(hash(statements))}", template)) as database:
        assert words in await broken(database, *statements)


@pytest.mark.postgres
async def test_a_postgresql_that_is_stopped_and_one_that_has_no_such_database(
    postgres: Postgres, tmp_path: Path
) -> None:
    for url in (f"postgresql://postgres@/register?host={tmp_path}", postgres.url("nowhere")):
        async with Database(url) as database:
            with pytest.raises(RegisterError, match="check that PostgreSQL runs there"):
                await write_check.written(database, "console")


@pytest.mark.postgres
async def test_postgresql_whose_row_somebody_holds_is_waited_for_no_longer_than_was_asked(
    postgres: Postgres, template: str
) -> None:
    url = postgres.create("held_row", template)
    async with Database(url) as database:
        await write_check.written(database, "console")
        with psycopg.connect(url) as other:
            other.execute("SELECT * FROM write_checks FOR UPDATE")
            async with asyncio.timeout(5):
                with pytest.raises(RegisterError, match=r"could not be written within 0\.3 seconds"):
                    await write_check.written(database, "console", 0.3)
        await write_check.written(database, "console")
