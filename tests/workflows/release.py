"""Two releases of this tree at work side by side: the code as it is, and the same with a step more in its story.

Each is a folder of its own that holds the tree by links, the next release with a copy of ``workflows`` in which one
file differs, and each runs ``worker.py`` in processes of its own.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from temporalio.api.deployment.v1 import WorkerDeploymentInfo
from temporalio.api.enums.v1 import EventType, RoutingConfigUpdateState
from temporalio.api.workflowservice.v1 import (
    DescribeWorkerDeploymentRequest,
    SetWorkerDeploymentCurrentVersionRequest,
)
from temporalio.service import RPCError, RPCStatusCode

import worker
from connection.client import connect
from connection.server import LocalServer
from connection.settings import Settings
from domain import events as e
from office.connected import Office
from register.database import Database
from starter.inbox import Inbox
from tests.register.fresh import with_tables
from tests.support import clock
from tests.workflows.life import Desk, Life
from workflows.attributes import registration

ROOT = Path(worker.__file__).parent
PATCH, NOTED = "note-the-gathering", "We asked every body for its account."
_CHAPTER = "        await self._live(Stage.GATHERING)\n"
_NEXT = f"""\
        if self.file.case.stage is Stage.GATHERING and workflow.patched("{PATCH}"):
            self.file.happen(NoteAdded(text="{NOTED}"), workflow.now())
{_CHAPTER}"""
_IMPORTED = "    from domain.case import Stage\n"
_WITH_NOTES = f"{_IMPORTED}    from domain.events import NoteAdded\n"
_WITHIN = 60


def tree(folder: Path, *, next: bool) -> Path:
    """The code as it is, or as the next release has it: a note in the file when the gathering begins."""
    folder.mkdir()
    for part in ROOT.iterdir():
        if part.suffix == ".py" or (part / "__init__.py").exists() or part.name in ("templates", "policies", "tests"):
            (folder / part.name).symlink_to(part)
    if next:
        (folder / "workflows").unlink()
        shutil.copytree(ROOT / "workflows", folder / "workflows", ignore=shutil.ignore_patterns("__pycache__"))
        story = folder / "workflows" / "case_review.py"
        text = story.read_text("utf-8")
        assert text.count(_CHAPTER) == text.count(_IMPORTED) == 1, (
            "the story is told otherwise: mend tests/workflows/release.py"
        )
        story.write_text(text.replace(_CHAPTER, _NEXT).replace(_IMPORTED, _WITH_NOTES), "utf-8")
    return folder


@dataclass
class Place:
    """A council's Temporal, register and mail server with no worker; the releases bring theirs."""

    desk: Desk
    home: Path
    settings: Settings
    address: str

    @classmethod
    @asynccontextmanager
    async def open(cls, home: Path) -> AsyncIterator[Place]:
        async with (
            LocalServer.of(Settings(home=home, temporal_port=0, ui_port=0), registration(), headless=True) as server,
            Inbox(home / "mail", 0, 0) as inbox,
        ):
            host, port = inbox.smtp_address
            given = Settings(home=home, smtp_host=host, smtp_port=port)
            given.key_ring().make()
            client = await connect(given, address=server.address)
            async with Database(with_tables(given.register_url)) as database:
                yield cls(Desk(Office(given, client, database), inbox), home, given, server.address)

    @asynccontextmanager
    async def working(self, tree: Path, **variables: str) -> AsyncIterator[asyncio.subprocess.Process]:
        """A worker of that tree in a process of its own, at work inside the block."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("CASEREVIEW_", "TEMPORAL_"))}
        own = {
            "CASEREVIEW_HOME": str(self.home), "CASEREVIEW_SMTP_HOST": self.settings.smtp_host,
            "CASEREVIEW_SMTP_PORT": str(self.settings.smtp_port), "TEMPORAL_ADDRESS": self.address,
        }  # fmt: skip
        process = await asyncio.create_subprocess_exec(
            *clock.argv("worker"), cwd=tree, env=kept | own | variables, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            assert process.stdout
            said = await asyncio.wait_for(process.stdout.readline(), _WITHIN)
            assert b"Working on task queue" in said, said
            yield process
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()

    async def make_current(self, version: str) -> None:
        """What ``temporal worker deployment set-current-version`` does, as soon as the server knows the version."""
        client, deployment = self.desk.office.client, self.settings.task_queue
        async with asyncio.timeout(_WITHIN):
            while version not in await self._versions():  # noqa: ASYNC110
                await asyncio.sleep(0.1)
            await client.workflow_service.set_worker_deployment_current_version(
                SetWorkerDeploymentCurrentVersionRequest(
                    namespace=client.namespace, deployment_name=deployment, build_id=version
                )
            )
            told = RoutingConfigUpdateState.ROUTING_CONFIG_UPDATE_STATE_COMPLETED
            while (info := await self._deployment()) is None or info.routing_config_update_state != told:  # noqa: ASYNC110
                await asyncio.sleep(0.1)

    async def _versions(self) -> list[str]:
        info = await self._deployment()
        return [one.deployment_version.build_id for one in info.version_summaries] if info else []

    async def _deployment(self) -> WorkerDeploymentInfo | None:
        client = self.desk.office.client
        asked = DescribeWorkerDeploymentRequest(namespace=client.namespace, deployment_name=self.settings.task_queue)
        try:
            return (await client.workflow_service.describe_worker_deployment(asked)).worker_deployment_info
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            return None

    async def begun(self) -> Life:
        """A case in real time whose threshold is still to be decided."""
        life = await Life.begin(self.desk, demo=False)
        await life.to_threshold()
        return life

    async def failed_tasks(self, life: Life) -> int:
        """How often a worker could not go on with the case; Temporal notes the first failure of each task."""
        kind, found = EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED, 0
        async for event in self.desk.office.handle(life.reference).fetch_history_events():
            found += event.event_type == kind
        return found


def noted(kinds_and_bodies: list[e.Event]) -> int:
    """How many notes of the next release's step a case has."""
    return sum(isinstance(event.what, e.NoteAdded) and event.what.text == NOTED for event in kinds_and_bodies)
