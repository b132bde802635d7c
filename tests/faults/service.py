"""The whole service as a council runs it, each part a process of its own that is started again when it ends."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path

import psutil
import psycopg

from connection import admission
from connection.client import connect
from connection.keys import KeyRing
from connection.ports import LOOPBACK, free_port
from connection.server import LocalServer
from connection.settings import Settings
from office.connected import Office
from register.database import Database
from tests.faults.kinds import Kind
from tests.faults.letterbox import Letterbox
from tests.register.postgres import Postgres
from tests.support import clock
from workflows.attributes import registration

ROOT = Path(__file__).parents[2]
_AGAIN, _A_WHILE = 0.2, 6.0


class Part:
    """One process; ``kill`` ends it where it stands, and however it ends it is started again."""

    def __init__(self, command: Sequence[str], env: dict[str, str], log: Path) -> None:
        self._command, self._env, self._log = command, env, log
        self._process: asyncio.subprocess.Process | None = None

    @asynccontextmanager
    async def kept_up(self) -> AsyncIterator[None]:
        keeping = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)
            await self.kill()

    async def kill(self) -> None:
        """Returns when it is dead."""
        process = self._process
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _keep(self) -> None:
        while True:
            with self._log.open("ab") as log:
                self._process = await asyncio.create_subprocess_exec(
                    *self._command, cwd=ROOT, env=self._env, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log
                )
            await self._process.wait()
            await asyncio.sleep(_AGAIN)


class Service:
    """Its parts, and an office in this process that acts as a console's or the command line's does."""

    def __init__(self, home: Path, office: Office, server: LocalServer, box: Letterbox, console: str) -> None:
        self.home, self.office, self.box, self.console = home, office, box, console
        self.parts: dict[Kind, Part] = {}
        self._server = server
        self.postgres: Postgres | None = None
        self.env: dict[str, str] = {}
        self.troubles: list[str] = []

    @property
    def kinds(self) -> tuple[Kind, ...]:
        return tuple(kind for kind in Kind if kind is not Kind.POSTGRES or self.postgres)

    async def strike(self, kind: Kind) -> None:
        """Let it happen. What was killed is started again, what was taken away is given back."""
        match kind:
            case Kind.TEMPORAL:
                await self._kill_temporal()
            case Kind.POSTGRES:
                await self._kill_postgres()
            case Kind.NO_KEYS | Kind.OTHER_KEYS:
                await self._without_keys(other=kind is Kind.OTHER_KEYS)
            case Kind.READ_ONLY:
                await (self._read_only() if self.postgres else asyncio.to_thread(self._locked))
            case _:
                await self.parts[kind].kill()

    async def _without_keys(self, *, other: bool) -> None:
        """Meanwhile no worker begins, and whoever asks is told why in one sentence."""
        file = self.office.settings.keys_path
        kept = file.read_bytes()
        if other:
            file.write_text(KeyRing.fresh().to_json(), "utf-8")
        else:
            file.unlink()
        try:
            await self.parts[Kind.WORKER].kill()
            process = await asyncio.create_subprocess_exec(
                *clock.argv("worker"), cwd=ROOT, env=self.env, stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
            )  # fmt: skip
            said = (await process.communicate())[1].decode()
            if process.returncode != 2 or said.count("\n") != 1 or "key" not in said:
                self.troubles.append(f"with a wrong key file the worker ended with {process.returncode}: {said}")
        finally:
            file.write_bytes(kept)
            file.chmod(0o600)

    def _locked(self) -> None:
        with closing(sqlite3.connect(self.home / "register.db", timeout=60, isolation_level=None)) as register:
            register.execute("BEGIN IMMEDIATE")
            time.sleep(_A_WHILE)
            register.execute("ROLLBACK")

    async def _read_only(self) -> None:
        assert self.postgres
        for state in ("on", "off"):
            with psycopg.connect(self.postgres.url("postgres"), autocommit=True) as connection:
                connection.execute(f"ALTER SYSTEM SET default_transaction_read_only = {state}")
                connection.execute("SELECT pg_reload_conf()")
            await asyncio.sleep(_A_WHILE if state == "on" else 0)

    async def _kill_temporal(self) -> None:
        assert self._server.pid
        for process in psutil.Process(self._server.pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        await self._server.stop()
        await self._server.start()

    async def _kill_postgres(self) -> None:
        assert self.postgres
        self.postgres.kill()
        while self.postgres.process.poll() is not None:
            self.postgres.start()
            await asyncio.sleep(_AGAIN)


@asynccontextmanager
async def at_work(folder: Path, *, postgres: Path | None, seed: int, share: float) -> AsyncIterator[Service]:
    """The service in ``folder``, its register in SQLite or, where its programs lie in ``postgres``, in PostgreSQL."""
    home, logs = folder / "home", folder / "logs"
    for made in (home, logs):
        made.mkdir(parents=True, mode=0o700)
    async with AsyncExitStack() as started:
        database = None
        if postgres:
            place = started.enter_context(
                tempfile.TemporaryDirectory(prefix="casereview-pg-", ignore_cleanup_errors=True)
            )
            database = Postgres(postgres, Path(place))
            started.callback(database.stop)
            database.wait()
        console, mail, temporal = free_port(), free_port(), free_port()
        settings = Settings(
            home=home, temporal_port=temporal, ui_port=0, console_port=console, smtp_port=mail,
            database_url=database.create("casereview") if database else "", public_url=f"http://{LOOPBACK}:{console}",
        )  # fmt: skip
        server = await started.enter_async_context(LocalServer.of(settings, registration(), headless=True))
        register = await started.enter_async_context(Database(settings.register_url))
        await register.upgrade()
        ring = settings.key_ring()
        client = await connect(settings, ring=ring, address=server.address)
        await admission.admit(ring, client, register)
        box = Letterbox(folder / "letters")
        service = Service(home, Office(settings, client, register), server, box, f"http://{LOOPBACK}:{console}")
        service.postgres = database
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("CASEREVIEW_", "TEMPORAL_"))}
        env = kept | {
            "CASEREVIEW_HOME": str(home), "CASEREVIEW_SMTP_HOST": LOOPBACK, "CASEREVIEW_SMTP_PORT": str(mail),
            "CASEREVIEW_PUBLIC_URL": settings.public_url, "CASEREVIEW_CONSOLE_PORT": str(console),
            "DATABASE_URL": settings.database_url, "TEMPORAL_ADDRESS": server.address,
        }  # fmt: skip
        service.env = env
        commands = {
            Kind.WORKER: ["worker"],
            Kind.CONSOLE: ["starter.cli", "console"],
            Kind.MAIL: ["tests.faults.letterbox", str(mail), str(box.folder), str(seed), str(share)],
        }
        for kind, words in commands.items():
            part = Part(clock.argv(*words), env, logs / f"{kind.name.lower()}.log")
            service.parts[kind] = part
            await started.enter_async_context(part.kept_up())
        yield service
