"""Everything on one machine: Temporal with its UI, codec server, register, worker and mail inbox, until Ctrl-C."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import Client
from temporalio.service import RPCError

import worker
from activities.taking_up import keep_sweeping
from connection import admission, neighbours, traces
from connection.client import connect, measured
from connection.codec_server import CodecServer
from connection.ports import PortTaken, claim
from connection.privacy import keep_private
from connection.server import LocalServer, ui_origins
from connection.settings import Settings
from console.app import at_work
from console.staff import first_accounts
from console.staff.first_accounts import FirstAccount
from office import temporal_ui
from office.connected import Office
from office.faults import WrongInput
from register import users
from register.database import Database
from register.users import User
from starter import demo as demo_cases
from starter.inbox import Inbox
from workflows.attributes import registration

KEPT_FOR = timedelta(days=1)
_SWEPT_AT_ONCE = 500
_NAMED = 4
PORTS: Mapping[str, str] = {
    "console_port": "the console",
    "temporal_port": "Temporal",
    "ui_port": "the Temporal UI",
    "codec_port": "the codec server",
    "inbox_port": "the inbox page",
    "inbox_smtp_port": "the inbox's mail server",
}
"""The settings of ports, and what each is for; ``up`` has an option of the same name for each."""
Say = Callable[[str], None]


class AlreadyUp(WrongInput):
    """Another ``casereview up`` holds this home."""

    def __init__(self, home: Path, pid: str) -> None:
        super().__init__(
            f"The service is up already on {home} (process {pid or 'unknown'}); use that one, or "
            "set CASEREVIEW_HOME to another folder and choose other ports."
        )


class PortsTaken(WrongInput):
    """Ports that cannot be had, every one with the option that moves it."""

    def __init__(self, faults: Sequence[str]) -> None:
        several = len(faults) > 1
        super().__init__(
            f"{len(faults)} ports cannot be had; stop what holds them, or give other ports (0 takes any free one):"
            if several
            else f"{faults[0]}, or 0 for any free one.",
            faults if several else (),
        )


class Addresses(BaseModel):
    """Where everything is: what ``up --json`` prints, on one line."""

    model_config = ConfigDict(frozen=True)

    temporal: str
    ui: str
    late: str
    codec: str
    inbox: str
    smtp: str
    console: str
    home: str
    database: str


async def up(settings: Settings, *, demo: bool = False, json: bool = False) -> None:
    """Run the service until Ctrl-C or SIGTERM; cases are there again at the next start.

    ``demo`` starts the demo's cases where the register is empty. Letters go to the inbox and nowhere else. What is
    being started is told on standard error. Raises AlreadyUp, PortsTaken, ServerFailed, RegisterError or KeyRingError
    with one sentence, and nothing is left running.
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
        async with standing(settings, _aside) as (office, addresses):
            accounts = await first_accounts.make(office.database) if settings.local_accounts else ()
            worker.leave_alone_what_stays()
            tell(addresses, json, accounts)
            if settings.local_accounts and not accounts and not json:
                print(_known(await users.listed(office.database)), flush=True)
            if not json:
                print("\nPress Ctrl-C to stop; every case is kept.", flush=True)
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
async def standing(settings: Settings, say: Say = lambda _: None) -> AsyncIterator[tuple[Office, Addresses]]:
    """The service at work, and where it is; everything stops with the block. Raises as ``up`` does.

    ``say`` is told what is being started, a line for each part.
    """
    async with AsyncExitStack() as started:
        started.enter_context(_alone(settings.home))
        keep_private(settings.home, settings.documents_path)
        settings = _placed(settings)
        ring = settings.key_ring()
        say("Opening the register.")
        database = await started.enter_async_context(Database(settings.register_url))
        await database.upgrade()
        await admission.fits(ring, database)
        say("Starting the mail inbox.")
        if not neighbours.tells_apart():
            say("Every account of this machine can read the inbox and the codec server: share it with nobody.")
        inbox = await started.enter_async_context(
            Inbox(settings.home / "inbox", settings.inbox_smtp_port, settings.inbox_port)
        )
        say("Starting Temporal and its UI.")
        traces.begin("casereview")
        started.callback(traces.end)
        server = await started.enter_async_context(LocalServer.of(settings, registration()))
        client = await connect(
            settings, ring=ring, address=server.address, runtime=measured(settings), interceptors=traces.interceptors(),
        )  # fmt: skip
        await started.enter_async_context(admission.holding(ring, client, database, "up"))
        codec = await started.enter_async_context(
            CodecServer(ring, ui_origins(settings.ui_port), port=settings.codec_port, namespace=settings.namespace)
        )
        settings = _into(settings, inbox)
        say("Starting the worker.")
        await started.enter_async_context(worker.running(client, database, settings))
        await keep_sweeping(client, settings.task_queue)
        office, ui = Office(settings, client, database), server.ui_address or ""
        say("Starting the console.")
        console = await started.enter_async_context(at_work(office, ui))
        yield office, Addresses(
            temporal=server.address, ui=ui, late=temporal_ui.late_cases(ui, client.namespace), codec=codec.address,
            inbox=inbox.page_address, smtp="{}:{}".format(*inbox.smtp_address), console=console,
            home=str(settings.home), database=database.words,
        )  # fmt: skip


async def _serve(office: Office, *, demo: bool, json: bool) -> None:
    say = _aside if json else _say
    sweeping = asyncio.create_task(_sweep_for_ever(office.client))
    try:
        if demo and await demo_cases.wanted(office.database):
            say("Starting the demonstration cases, a minute or so; everything can be used meanwhile.")
            number = await demo_cases.load(office, say)
            say(f"The demonstration is ready: {number} cases.")
        elif demo:
            say("The register has cases already, so the demonstration cases are not started again.")
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
        ("What is late, there", addresses.late),
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


def _known(accounts: Sequence[User]) -> str:
    """Who may sign in, and what to do with a password that nobody knows any more."""
    emails = [account.email for account in accounts if account.active]
    named = emails[:_NAMED] if len(emails) <= _NAMED else [*emails[: _NAMED - 1], f"{len(emails) - _NAMED + 1} more"]
    *others, last = named or ["an account of yours"]
    who = f"{', '.join(others)} or {last}" if others else last
    return (
        f"\nSign in to the console as {who}.\n"
        f"A forgotten password is set anew by: {_command()} user password {emails[0] if emails else 'EMAIL'}"
    )


def _command() -> str:
    """The command as it can be typed here: by its name where that is found, else as it was called."""
    called = Path(sys.argv[0])
    return "casereview" if shutil.which("casereview") or called.name != "casereview" else str(called)


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
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(home / "up.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise WrongInput(
            f"{home} cannot hold the service's files ({error.strerror}); set CASEREVIEW_HOME to a folder that may be "
            "written."
        ) from None
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
    """The settings with every port a free one, and links that lead to this console. Raises PortsTaken, with every
    port that cannot be had, before anything runs."""
    ports: dict[str, int] = {}
    faults: list[str] = []
    asked: dict[int, str] = {}
    for name, what in PORTS.items():
        option, wanted = option_of(name), getattr(settings, name)
        if wanted in asked:
            faults.append(f"Port {wanted} is asked for by {asked[wanted]} and {what}; give another with {option}")
        try:
            ports[name] = claim(wanted, what, option)
        except PortTaken:
            faults.append(
                f"Port {wanted} for {what} is taken by another program; stop it, or give another port with {option}"
            )
        if wanted:
            asked[wanted] = what
    if faults:
        raise PortsTaken(faults)
    placed = settings.model_copy(update=ports)
    own = placed.public_address or f"http://{_name(placed.console_host)}:{placed.console_port}"
    return placed.model_copy(update={"public_url": own})


def option_of(setting: str) -> str:
    """``--ui-port`` of ``ui_port``."""
    return f"--{setting.replace('_', '-')}"


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
