"""Everything on one machine: Temporal with its UI, codec server, register, worker and mail inbox, until Ctrl-C."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import Client
from temporalio.service import RPCError

import worker
from activities.intake import keep_sweeping
from connection.client import connect
from connection.codec_server import CodecServer
from connection.ports import claim
from connection.server import LocalServer, ui_origins
from connection.settings import Settings
from register.database import Database
from starter import demo as demo_cases
from starter.commands.faults import WrongInput
from starter.console import first_accounts
from starter.console.app import at_work
from starter.console.first_accounts import FirstAccount
from starter.inbox import Inbox
from starter.office import Office
from workflows.attributes import registration

KEPT_FOR = timedelta(days=1)
_SWEPT_AT_ONCE = 500


class AlreadyUp(WrongInput):
    """Another ``casereview up`` holds this home."""

    def __init__(self, home: Path, pid: str) -> None:
        super().__init__(
            f"The service is up already on {home} (process {pid or 'unknown'}); use that one, or "
            "set CASEREVIEW_HOME to another folder and choose other ports."
        )


class Addresses(BaseModel):
    """Where everything is: what ``up --json`` prints, on one line."""

    model_config = ConfigDict(frozen=True)

    temporal: str
    ui: str
    codec: str
    inbox: str
    smtp: str
    console: str
    home: str
    database: str


async def up(settings: Settings, *, demo: bool = False, json: bool = False) -> None:
    """Run the service until Ctrl-C or SIGTERM; cases are there again at the next start.

    ``demo`` starts the demo's cases where the register is empty. Letters go to the inbox and nowhere else. Raises
    AlreadyUp, PortTaken, ServerFailed, RegisterError or KeyRingError with one sentence, and nothing is left running.
    """
    running = asyncio.current_task()
    assert running is not None
    stopping = False

    def stop() -> None:
        nonlocal stopping
        if not stopping:
            stopping = True
            running.cancel()

    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop)
    try:
        async with standing(settings) as (office, addresses):
            accounts = await first_accounts.make(office.database) if settings.local_accounts else ()
            worker.leave_alone_what_stays()
            tell(addresses, json, accounts)
            await _serve(office, demo=demo, json=json)
    except asyncio.CancelledError:
        if not stopping:
            raise
        running.uncancel()
        if not json:
            print("Stopped. Every case is kept.", flush=True)
    finally:
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(name)


@asynccontextmanager
async def standing(settings: Settings) -> AsyncIterator[tuple[Office, Addresses]]:
    """The service at work, and where it is; everything stops with the block. Raises as ``up`` does."""
    async with AsyncExitStack() as started:
        started.enter_context(_alone(settings.home))
        settings = _placed(settings)
        ring = settings.key_ring()
        database = await started.enter_async_context(Database(settings.register_url))
        await database.upgrade()
        inbox = await started.enter_async_context(
            Inbox(settings.home / "inbox", settings.inbox_smtp_port, settings.inbox_port)
        )
        codec = await started.enter_async_context(
            CodecServer(ring, ui_origins(settings.ui_port), port=settings.codec_port)
        )
        server = await started.enter_async_context(LocalServer.of(settings, registration()))
        client = await connect(settings, ring=ring, address=server.address)
        settings = _into(settings, inbox)
        await started.enter_async_context(worker.running(client, database, settings))
        await keep_sweeping(client, settings.task_queue)
        office, ui = Office(settings, client, database), server.ui_address or ""
        console = await started.enter_async_context(at_work(office, ui))
        smtp = "{}:{}".format(*inbox.smtp_address)
        yield office, Addresses(
            temporal=server.address, ui=ui, codec=codec.address, inbox=inbox.page_address, smtp=smtp, console=console,
            home=str(settings.home), database=database.words,
        )  # fmt: skip


async def _serve(office: Office, *, demo: bool, json: bool) -> None:
    say = _aside if json else _say
    sweeping = asyncio.create_task(_sweep_for_ever(office.client))
    try:
        if demo and await demo_cases.wanted(office.database):
            say("Starting the demo's cases; everything can be used meanwhile.")
            number = await demo_cases.load(office, say)
            say(f"The demo is ready: {number} cases.")
        elif demo:
            say("The register has cases already, so the demo's are not started again.")
        await sweeping
    finally:
        sweeping.cancel()


def tell(addresses: Addresses, json: bool, accounts: Sequence[FirstAccount] = ()) -> None:
    """Print where everything is: a table, or one line of JSON; and, once, the passwords of the first accounts."""
    if json:
        print(addresses.model_dump_json(), flush=True)
        for account in accounts:
            _aside(f"To sign in as {account.words}: {account.email}, password {account.password}")
        return
    rows = (
        ("Console", addresses.console),
        ("Cases in the Temporal UI", addresses.ui),
        ("Letters in the inbox", addresses.inbox),
        ("Mail server (SMTP)", addresses.smtp),
        ("Temporal", addresses.temporal),
        ("Codec server for the UI", addresses.codec),
        ("Register", addresses.database),
        ("Files", addresses.home),
    )
    print("The service is up.\n")
    for name, where in rows:
        print(f"  {name:<26}{where}")
    if accounts:
        print("\nSign in to the console with one of these. The passwords are not shown again:\n")
        for account in accounts:
            print(f"  {account.email:<26}{account.password}  ({account.words})")
    print("\nPress Ctrl-C to stop; every case is kept.", flush=True)


async def _sweep_for_ever(client: Client) -> None:
    """Each scheduled run is a workflow of its own in the list; those of days gone by are taken out of it."""
    while True:
        with contextlib.suppress(RPCError):
            await sweep(client, datetime.now(UTC) - KEPT_FOR)
        await asyncio.sleep(KEPT_FOR.total_seconds() / 4)


async def sweep(client: Client, before: datetime) -> int:
    """Delete the schedule's runs that closed before then; how many."""
    query = f"WorkflowType = 'TakeUpCases' AND ExecutionStatus != 'Running' AND CloseTime < '{before.isoformat()}'"
    swept = 0
    async for old in client.list_workflows(query, limit=_SWEPT_AT_ONCE):
        execution = WorkflowExecution(workflow_id=old.id, run_id=old.run_id)
        request = DeleteWorkflowExecutionRequest(namespace=client.namespace, workflow_execution=execution)
        await client.workflow_service.delete_workflow_execution(request)
        swept += 1
    return swept


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Hold the home, so that a second ``up`` on it ends at once. The system lets go when this process ends."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(home / "up.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise AlreadyUp(home, os.read(descriptor, 20).decode("ascii", "ignore").strip()) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode("ascii"))
        yield
    finally:
        os.close(descriptor)


def _placed(settings: Settings) -> Settings:
    """The settings with every port a free one, and links that lead to this console. Raises PortTaken before anything
    runs."""
    wanted = {
        "temporal_port": "Temporal",
        "ui_port": "the Temporal UI",
        "codec_port": "the codec server",
        "inbox_smtp_port": "the mail inbox",
        "inbox_port": "the inbox page",
        "console_port": "the console",
    }
    ports = {name: claim(getattr(settings, name), what, f"CASEREVIEW_{name.upper()}") for name, what in wanted.items()}
    placed = settings.model_copy(update=ports)
    own = placed.public_address or f"http://{_name(placed.console_host)}:{placed.console_port}"
    return placed.model_copy(update={"public_url": own})


def _name(host: str) -> str:
    """A host as it stands in an address: ``[::1]``."""
    return f"[{host}]" if ":" in host.strip("[]") and not host.startswith("[") else host


def _into(settings: Settings, inbox: Inbox) -> Settings:
    """The settings with the inbox as the council's mail server: nothing leaves this machine."""
    host, port = inbox.smtp_address
    own = {
        "smtp_host": host,
        "smtp_port": port,
        "smtp_username": None,
        "smtp_password": None,
        "smtp_starttls": False,
    }
    return settings.model_copy(update=own)


def _say(sentence: str) -> None:
    print(sentence, flush=True)


def _aside(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
