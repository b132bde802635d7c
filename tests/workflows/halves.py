"""A council whose register or Temporal is lost under it: what tests of the two halves of a case share."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import WorkflowExecutionStatus
from temporalio.service import RPCError

import policies
import worker
from domain import events as e
from domain.messages import Situation
from office import taking_in, two_halves
from office.connected import Office
from office.two_halves import Comparison
from register import queries
from register.database import Database
from tests.register.fresh import with_tables
from tests.workflows.life import OFFICER, Desk, Life, form
from tests.workflows.town import eventually, renumbered
from workflows.reconcile import TakeUpCases


@dataclass
class Council:
    """A council with a register and a task queue of its own on the shared server."""

    desk: Desk
    file: Path

    @property
    def office(self) -> Office:
        return self.desk.office

    async def compared(self) -> Comparison:
        return await two_halves.compared(self.office)

    async def sweep(self) -> None:
        await self.office.client.execute_workflow(
            TakeUpCases.run, id=uuid.uuid4().hex, task_queue=self.office.settings.task_queue
        )

    def copied(self) -> Path:
        """The register as it is now, as a backup has it."""
        copy = self.file.with_name(f"{uuid.uuid4().hex}.db")
        with closing(sqlite3.connect(self.file)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        return copy

    async def restored(self, copy: Path) -> None:
        """The register is the copy again, under whatever runs."""
        await self.office.database.close()
        with closing(sqlite3.connect(copy)) as source, closing(sqlite3.connect(self.file)) as target:
            source.backup(target)

    async def forgotten(self, life: Life) -> None:
        """Temporal does not know the case any more."""
        client, execution = self.office.client, WorkflowExecution(workflow_id=life.reference)
        request = DeleteWorkflowExecutionRequest(namespace=client.namespace, workflow_execution=execution)
        await client.workflow_service.delete_workflow_execution(request)

        async def gone() -> bool:
            try:
                await self.office.handle(life.reference).describe()
            except RPCError:
                return not [one async for one in client.list_workflows(f"WorkflowId = '{life.reference}'")]
            return False

        await eventually(gone)

    async def events(self, life: Life) -> list[e.Event]:
        stored = await queries.case(self.office.database, life.reference)
        return list(stored.events) if stored else []

    async def rebuilt(self, life: Life) -> None:
        await two_halves.rebuilt(self.office, await two_halves.plan(self.office, life.reference))

    async def has_ended(self, life: Life) -> bool:
        described = await self.office.handle(life.reference).describe()
        return described.status is WorkflowExecutionStatus.COMPLETED


@asynccontextmanager
async def council_in(desk: Desk, home: Path) -> AsyncIterator[Council]:
    """A council with a worker of its own, on the Temporal that ``desk`` shares."""
    settings = desk.office.settings.model_copy(update={"home": home, "task_queue": uuid.uuid4().hex})
    desk.office.settings.key_ring().ring.save(settings.keys_path)
    async with Database(with_tables(settings.register_url)) as database:
        await renumbered(database)
        async with worker.running(desk.office.client, database, settings):
            yield Council(Desk(Office(settings, desk.office.client, database), desk.inbox), home / "register.db")


async def real(council: Council) -> Life:
    """A case that keeps real time."""
    office = council.office
    start = await taking_in.kept(office, form(), policies.load("dover"), by=OFFICER)
    await office.begin(start)
    life = Life(council.desk, start.reference, start.calendar)
    await life.settled()
    return life


def dates(situation: Situation) -> list[tuple[object, ...]]:
    return [(d.key, d.due, d.promised, d.state, d.working) for d in situation.deadlines]
