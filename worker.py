"""The worker: builds the gateways once, registers every workflow and activity, and runs them.

``python worker.py`` serves a council's installation; ``casereview up`` and the tests run the same worker in their own
process. ``python worker.py --health`` answers whether Temporal can be reached, the register
written, and the keys are the right ones.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.worker import PatchActivationInput, UnsandboxedWorkflowRunner, Worker, WorkerDeploymentConfig

from activities.bounces import Bounces
from activities.bringing_back import BringingBack
from activities.case_work import CaseWork
from activities.comparing import dead
from activities.mending import CasesLost, Mending, lost
from activities.notify_status import NotifyStatus, Receipts
from activities.taking_up import TakingUp, keep_sweeping
from connection import admission, logs, traces
from connection.client import connect, measured
from connection.privacy import keep_private
from connection.settings import Settings
from letters.rendering import Renderer
from letters.sources import COUNCILS, TEMPLATES
from post.bounce_box import box_at
from post.carrier import Misconfigured
from post.gateways import carriers, notify
from post.link_desk import LinkDesk
from post.post_room import PostRoom
from register import write_check
from register.database import Database
from register.scanner import Scanner
from register.shelf import Shelf
from workflows.case_review import CaseReview
from workflows.reconcile import TakeUpCases

WORKFLOWS: Sequence[type] = (CaseReview, TakeUpCases)
RUNNER = UnsandboxedWorkflowRunner()
"""Workflows are imported once for all cases: the sandbox imports them anew for each, which costs 7 to 29 ms of
processor and 0.2 MB a case. What it holds against them, it holds in the replay gate and in the tests that live cases,
where they may reach neither clock nor disk."""
GRACE = timedelta(seconds=10)
_BEAT = timedelta(seconds=4)
_UNNAMED = "unnamed"


def bounces(client: Client, database: Database, settings: Settings) -> Bounces:
    """The mailbox of bounces as the settings name it, and GOV.UK Notify where letters go by it."""
    password = settings.bounces_password.get_secret_value() if settings.bounces_password else None
    service = notify(settings)
    status = NotifyStatus(service, Receipts(database, client, settings.mail_domain)) if service else None
    return Bounces(database, client, box_at(settings.bounces, password), status)


def activities(client: Client, database: Database, settings: Settings) -> list[Callable[..., Any]]:
    """Every activity, bound to its gateways."""
    links = LinkDesk.of(database, settings)
    post_room = PostRoom(database, Renderer(TEMPLATES, COUNCILS), carriers(settings), settings.mail_domain, links)
    back = _back(client, database, settings)
    work, intake = CaseWork(database, post_room, back), _intake(client, database, settings)
    returned = bounces(client, database, settings)
    return [work.carry_out, work.send_letter, intake.take_up_cases, returned.read_bounces]


def _intake(client: Client, database: Database, settings: Settings) -> TakingUp:
    mending = Mending(client, database, settings.task_queue, _back(client, database, settings))
    shelf, scanner = Shelf(settings.documents_path, settings.largest_file_bytes), Scanner.of(settings.clamd)
    return TakingUp(database, client, settings.task_queue, shelf, mending, scanner)


def _back(client: Client, database: Database, settings: Settings) -> BringingBack:
    return BringingBack(client, database, settings.mail_domain)


@asynccontextmanager
async def running(client: Client, database: Database, settings: Settings) -> AsyncIterator[Worker]:
    """A worker at work until the block ends; then it finishes what it has begun, within a grace."""
    worker = Worker(
        client,
        task_queue=settings.task_queue,
        workflows=WORKFLOWS,
        activities=activities(client, database, settings),
        workflow_runner=RUNNER,
        deployment_config=_deployment(settings),
        patch_activation_callback=_held if settings.hold_changes else None,
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=2),
        max_heartbeat_throttle_interval=_BEAT,
        graceful_shutdown_timeout=GRACE,
    )
    async with worker:
        yield worker


def _deployment(settings: Settings) -> WorkerDeploymentConfig:
    """A worker of no version, or of the one that the settings name; then cases move on with the deployment's current.

    Where neither is said Temporal names the worker after a digest of all its modules, which takes seconds."""
    named = settings.worker_version
    return WorkerDeploymentConfig(
        version=WorkerDeploymentVersion(settings.task_queue, named or _UNNAMED),
        use_worker_versioning=bool(named),
        default_versioning_behavior=VersioningBehavior.AUTO_UPGRADE if named else VersioningBehavior.UNSPECIFIED,
    )


def _held(_: PatchActivationInput) -> bool:
    """Whether a case that comes to a changed place in the story now takes the new way."""
    return False


def leave_alone_what_stays() -> None:
    """Have the garbage collector pass over what is there when everything is up: to go through all of it stops the event
    loop for a third of a second, time and again."""
    gc.collect()
    gc.freeze()


async def serve(settings: Settings) -> None:
    """Run until SIGTERM or Ctrl-C."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    keep_private(settings.home, settings.documents_path)
    ring = settings.key_ring()
    traces.begin("casereview-worker")
    async with Database(settings.register_url) as database:
        await database.upgrade()
        await admission.fits(ring, database)
        client = await connect(settings, ring=ring, runtime=measured(settings), interceptors=traces.interceptors())
        async with admission.holding(ring, client, database, "worker"), running(client, database, settings):
            await keep_sweeping(client, settings.task_queue)
            leave_alone_what_stays()
            print(f"Working on task queue {settings.task_queue}.", flush=True)
            await stop.wait()
    traces.end()


async def healthy(settings: Settings) -> None:
    """Raises a one-sentence error where Temporal cannot be reached, the register cannot be written, the keys do not fit
    it, or open cases stand still."""
    ring = settings.key_ring()
    ring.read()
    client = await connect(settings, ring=ring)
    async with Database(settings.register_url) as database:
        await database.upgrade()
        await write_check.written(database, "worker --health")
        await admission.fits(ring, database)
        found = await dead(client, database, settings.task_queue)
        if found.dead:
            raise CasesLost(lost(found))


def main() -> int:
    """The command: 0 when it ended as asked, 2 with one sentence where it cannot run."""
    try:
        settings = Settings.load()
        logs.set_up(settings.logs)
        asyncio.run(healthy(settings) if "--health" in sys.argv[1:] else serve(settings))
    except (ConnectionError, Misconfigured, ValueError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # a Temporal client can crash the interpreter's own shutdown
