"""The worker: builds the gateways once, registers every workflow and activity, and runs them.

``python worker.py`` serves a council's installation; ``casereview up`` and the tests run the same worker in their own
process. ``python worker.py --health`` answers whether Temporal and the register can be reached.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.worker import UnsandboxedWorkflowRunner, Worker, WorkerDeploymentConfig

from activities.bounce_box import box_at
from activities.bounces import Bounces
from activities.carrier import Carrier, by_default
from activities.case_work import CaseWork
from activities.intake import Intake, keep_sweeping
from activities.link_desk import LinkDesk
from activities.mail import Mailer, Misconfigured
from activities.notify import Notify, NotifyEmail, NotifyPost, NotifyText
from activities.notify_status import NotifyStatus, Receipts
from activities.post_room import PostRoom
from activities.rendering import Renderer
from connection.client import connect
from connection.settings import Settings
from domain.application import Means
from register.database import Database
from register.shelf import Shelf
from workflows.case_review import CaseReview
from workflows.reconcile import TakeUpCases

TEMPLATES = Path(__file__).parent / "templates"
COUNCILS = Path(__file__).parent / "policies"
WORKFLOWS: Sequence[type] = (CaseReview, TakeUpCases)
RUNNER = UnsandboxedWorkflowRunner()
"""Workflows are imported once for all cases: the sandbox imports them anew for each, which costs 7 to 29 ms of
processor and 0.2 MB a case. What it holds against them, it holds in the replay gate and in the tests that live cases,
where they may reach neither clock nor disk."""
GRACE = timedelta(seconds=10)
_MAIL_TIMEOUT = 20.0


def mailer(settings: Settings) -> Mailer:
    """The council's mail server as the settings name it."""
    return Mailer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        username=settings.smtp_username,
        password=settings.smtp_password.get_secret_value() if settings.smtp_password else None,
        starttls=settings.smtp_starttls,
        timeout=_MAIL_TIMEOUT,
        sender=str(settings.mail_from),
    )


def notify(settings: Settings) -> Notify | None:
    """GOV.UK Notify as the settings name it. Raises Misconfigured where its client is not installed."""
    key = settings.notify_key
    return Notify(key.get_secret_value(), settings.notify_url) if key else None


def carriers(settings: Settings) -> Mapping[Means, Carrier]:
    """Who takes the letters of each way: the mail server and the print tray, or GOV.UK Notify for either; text
    messages only by Notify."""
    found, service = dict(by_default(mailer(settings))), notify(settings)
    if service and settings.notify_email_template:
        found[Means.EMAIL] = NotifyEmail(service, str(settings.notify_email_template))
    if service and settings.notify_letters:
        found[Means.POST] = NotifyPost(service)
    if service and settings.sends_texts:
        found[Means.TEXT] = NotifyText(service, str(settings.notify_text_template))
    return found


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
    work, intake = CaseWork(database, post_room), _intake(client, database, settings)
    returned = bounces(client, database, settings)
    return [work.carry_out, work.send_letter, intake.take_up_cases, returned.read_bounces]


def _intake(client: Client, database: Database, settings: Settings) -> Intake:
    return Intake(database, client, settings.task_queue, Shelf(settings.documents_path))


@asynccontextmanager
async def running(
    client: Client, database: Database, settings: Settings, *, versioned: WorkerDeploymentVersion | None = None
) -> AsyncIterator[Worker]:
    """A worker at work until the block ends; then it finishes what it has begun, within a grace.

    ``versioned`` runs it as one version of a deployment: cases move on with the newest (AUTO_UPGRADE).
    """
    deployment = None
    if versioned:
        deployment = WorkerDeploymentConfig(
            version=versioned, use_worker_versioning=True, default_versioning_behavior=VersioningBehavior.AUTO_UPGRADE
        )
    worker = Worker(
        client,
        task_queue=settings.task_queue,
        workflows=WORKFLOWS,
        activities=activities(client, database, settings),
        workflow_runner=RUNNER,
        deployment_config=deployment,
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=2),
        graceful_shutdown_timeout=GRACE,
    )
    async with worker:
        yield worker


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
    client = await connect(settings)
    async with Database(settings.register_url) as database:
        await database.upgrade()
        async with running(client, database, settings):
            await keep_sweeping(client, settings.task_queue)
            leave_alone_what_stays()
            print(f"Working on task queue {settings.task_queue}.", flush=True)
            await stop.wait()


async def healthy(settings: Settings) -> None:
    """Raises a one-sentence error where Temporal or the register cannot be reached."""
    await connect(settings)
    async with Database(settings.register_url) as database:
        await database.current()


def main() -> int:
    """The command: 0 when it ended as asked, 2 with one sentence where it cannot run."""
    try:
        settings = Settings.load()
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
