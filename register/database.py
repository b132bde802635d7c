"""The one way to the register's database: SQLite on one machine, PostgreSQL for a council's own server."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel.ext.asyncio.session import AsyncSession

from register import breakdowns, migrations, tables
from register.joint import Joint

BUSY_SECONDS = 10
_UPGRADE_LOCK = 0x0CA5E_4E71E4
_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


class RegisterError(RuntimeError):
    """The register's database cannot be used; the text says why and how to mend it."""


class Database:
    """The register at ``url``: ``sqlite:////path/register.db`` or ``postgresql://user@host/name``.

    Nothing is opened before it is needed. Raises RegisterError for an address it cannot use, and from every
    other method where the database cannot be opened.
    """

    def __init__(self, url: str) -> None:
        self.url = _url(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _engine(self.url, self.sqlite)
        self._reader, self._writer = (
            (self.engine, self.engine.execution_options(begin="IMMEDIATE"))
            if self.sqlite
            else (self.engine.execution_options(isolation_level="REPEATABLE READ"), self.engine)
        )
        self._turn: AbstractAsyncContextManager[Any] = asyncio.Lock() if self.sqlite else nullcontext()
        self.joint = Joint(self._transaction)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Give every connection back."""
        await self.engine.dispose()

    @property
    def is_there(self) -> bool:
        """Whether there is a register already, as far as can be told without opening it."""
        return not self.sqlite or Path(str(self.url.database)).exists()

    @property
    def words(self) -> str:
        """The address without its password, for a person to read."""
        return str(self.url.database) if self.sqlite else self.url.render_as_string(hide_password=True)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """A session for reading, which sees the register as it is at one moment; nothing it does is kept."""
        async with self._session(self._reader) as session:
            yield session

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """A session that is committed at its end, or not at all; on SQLite one writes at a time."""
        async with self._turn, self._session(self._writer) as session:
            yield session
            await session.commit()

    @asynccontextmanager
    async def hurried(self, seconds: float) -> AsyncIterator[AsyncSession]:
        """As ``writing``, for what is not worth waiting for longer than that: RegisterError then."""
        writer = self._writer.execution_options(busy=seconds)
        try:
            async with asyncio.timeout(seconds) as limit, self._turn:
                if self.sqlite:
                    limit.reschedule(None)  # its thread cannot be broken off, and gives up by itself
                async with self._session(writer) as session:
                    yield session
                    await session.commit()
        except TimeoutError:
            raise RegisterError(
                f"The register at {self.words} could not be written within {seconds:g} seconds; "
                "see that no other program holds it and that its disk is well."
            ) from None

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncConnection]:
        async with self._turn, self._connected() as connection:
            yield connection
            await connection.commit()

    @asynccontextmanager
    async def _session(self, engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
        self._make_room()
        with self._told():
            async with AsyncSession(engine, expire_on_commit=False, autoflush=False) as session:
                with self._opened():
                    await session.connection()
                yield session

    async def upgrade(self) -> None:
        """Bring the tables to this version's form; a process that comes second waits for the first.

        Where they have it already nothing is written, so that what only reads can do so in a register that cannot be
        written.
        """
        if await self.current() == migrations.newest():
            return
        async with self._turn, self._connected() as connection:
            await connection.run_sync(self._migrate)
            await connection.commit()

    async def current(self) -> str | None:
        """The revision the tables are at; None before the first upgrade."""
        async with self._connected(self._reader) as connection:
            return await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())

    async def check(self) -> tuple[str, ...]:
        """What differs between this database and the tables of this version; empty when nothing does."""
        async with self._connected() as connection:
            return await connection.run_sync(_differences)

    @asynccontextmanager
    async def _connected(self, engine: AsyncEngine | None = None) -> AsyncIterator[AsyncConnection]:
        self._make_room()
        with self._told():
            with self._opened():
                connection = await (engine or self._writer).connect()
            try:
                with self._opened():
                    await connection.execute(text("SELECT 1"))
                yield connection
            finally:
                await connection.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Where the database itself cannot be used, say so in a sentence; what a statement did wrong stays as it is."""
        try:
            yield
        except SQLAlchemyError as error:
            words = breakdowns.sentence(error, self.words, self.sqlite)
            if words is None:
                raise
            raise RegisterError(words) from error

    @contextmanager
    def _opened(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            known = breakdowns.sentence(error, self.words, self.sqlite)
            raise RegisterError(known or breakdowns.opening(error, self.words, self.sqlite)) from error

    def _migrate(self, connection: Connection) -> None:
        if not self.sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
        migrations.upgrade(connection)

    def _make_room(self) -> None:
        if not self.sqlite:
            return
        path = Path(str(self.url.database))
        if path.exists():
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        except OSError as error:
            raise RegisterError(
                f"The register {path} cannot be made ({error.strerror}); "
                "give a folder that may be written in DATABASE_URL or CASEREVIEW_HOME."
            ) from error


def _url(address: str) -> URL:
    try:
        url = make_url(address)
    except ArgumentError:
        raise RegisterError(
            "The register's address is not a database URL; "
            "write it like sqlite:////var/lib/casereview/register.db or postgresql://user@host/casereview."
        ) from None
    driver = _DRIVERS.get(url.drivername)
    if driver is None:
        raise RegisterError(
            f"The register cannot live in {url.drivername}; use a URL that starts with sqlite:/// or postgresql://."
        )
    if driver.startswith("sqlite") and url.database in (None, "", ":memory:"):
        raise RegisterError("The register cannot live in memory; name a file, as in sqlite:////path/register.db.")
    return url.set(drivername=driver)


def _engine(url: URL, sqlite: bool) -> AsyncEngine:
    if not sqlite:
        return create_async_engine(url, pool_size=10, max_overflow=10, pool_pre_ping=True, hide_parameters=True)
    engine = create_async_engine(
        url,
        pool_size=8,
        max_overflow=0,
        pool_timeout=60,
        connect_args={"timeout": BUSY_SECONDS},
        hide_parameters=True,
    )
    event.listen(engine.sync_engine, "connect", _set_up_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    _write_ahead(cursor)
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _write_ahead(cursor: Any) -> None:
    """Turn WAL on; two processes that do so at once get "locked" at once, whatever the time-out."""
    for attempt in range(50):
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except Exception as error:
            if "locked" not in str(error) or attempt == 49:
                raise
            time.sleep(0.02)


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    busy = options.get("busy", BUSY_SECONDS)
    if connection.info.get("busy", BUSY_SECONDS) != busy:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {int(busy * 1000)}")
        connection.info["busy"] = busy
    connection.exec_driver_sql(f"BEGIN {options.get('begin', 'DEFERRED')}")


def _differences(connection: Connection) -> tuple[str, ...]:
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True, "render_as_batch": True}
    )
    return tuple(str(difference) for difference in compare_metadata(context, tables.Case.metadata))
