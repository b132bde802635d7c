"""Applications that were taken in and never started, swept up on a real Temporal server: none lost, none doubled."""

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from temporalio.client import (
    Client,
    ScheduleActionStartWorkflow,
    ScheduleIntervalSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
    WorkflowExecutionDescription,
)
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.beginning import start_case
from activities.taking_up import TakingUp, keep_sweeping
from connection.client import connect
from connection.server import LocalServer
from connection.settings import Settings
from connection.time_travel import CannotTravel, fast_forward
from domain.application import ApplicationForm
from domain.messages import Start
from register import queries
from register.database import Database
from register.taking_in import mark_started, take_in
from tests.register.examples import CALENDAR, OFFICER, form, incident, policy
from tests.register.fresh import with_tables
from tests.support import clock
from workflows.attributes import registration
from workflows.reconcile import SCHEDULE_ID

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]

MINUTE = timedelta(minutes=1)


@dataclass
class Hall:
    """A register and a server of this file's own; no worker runs, because starting a case needs none."""

    client: Client
    database: Database
    queue: str

    async def sweep(self) -> int:
        intake = TakingUp(self.database, self.client, self.queue)
        swept: int = await ActivityEnvironment().run(intake.take_up_cases)
        return swept

    async def taken_in(
        self, ago: timedelta = MINUTE, *, demo: bool = False, application: ApplicationForm | None = None
    ) -> Start:
        """An application that its process died over, so long ago."""
        now = clock.now() - ago
        written = application or form(made_at=None)
        return await take_in(self.database, written, policy(), CALENDAR, by=OFFICER, now=now, demo=demo)

    async def described(self, start: Start) -> WorkflowExecutionDescription:
        return await self.client.get_workflow_handle(start.reference).describe()

    async def marked(self, start: Start) -> bool:
        case = await queries.case(self.database, start.reference)
        assert case is not None
        return case.row.started


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def hall(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hall]:
    settings = Settings(home=tmp_path_factory.mktemp("intake"))
    settings.key_ring().make()
    async with (
        LocalServer(None, search_attributes=registration(), headless=True) as server,
        Database(with_tables(settings.register_url)) as database,
    ):
        yield Hall(await connect(settings, address=server.address), database, "intake")


async def test_an_application_whose_process_died_is_started_once(hall: Hall) -> None:
    start = await hall.taken_in()
    assert await hall.sweep() == 1
    first = await hall.described(start)
    assert first.task_queue == "intake"
    assert await hall.marked(start)
    assert await hall.sweep() == 0
    assert (await hall.described(start)).run_id == first.run_id


async def test_one_that_was_taken_in_just_now_is_left_to_its_own_process(hall: Hall) -> None:
    start = await hall.taken_in(timedelta(seconds=5))
    assert await hall.sweep() == 0
    assert not await hall.marked(start)
    await mark_started(hall.database, start.reference)


async def test_a_case_that_runs_and_was_not_marked_is_left_alone_and_marked(hall: Hall) -> None:
    start = await hall.taken_in()
    await start_case(hall.client, start, "its own queue")
    before = await hall.described(start)
    assert await hall.sweep() == 1
    after = await hall.described(start)
    assert (after.run_id, after.task_queue) == (before.run_id, "its own queue")
    assert await hall.marked(start)


async def test_a_case_that_is_over_is_never_started_again(hall: Hall) -> None:
    start = await hall.taken_in()
    await start_case(hall.client, start, hall.queue)
    await hall.client.get_workflow_handle(start.reference).terminate()
    before = await hall.described(start)
    await hall.sweep()
    assert (await hall.described(start)).run_id == before.run_id


async def test_two_sweeps_at_once_start_each_case_once(hall: Hall) -> None:
    starts = [await hall.taken_in() for _ in range(3)]
    await asyncio.gather(hall.sweep(), hall.sweep())
    assert [await hall.marked(start) for start in starts] == [True] * 3
    assert len({(await hall.described(start)).run_id for start in starts}) == 3


@pytest.mark.usefixtures("real_time")
async def test_a_demo_case_starts_able_to_travel_and_a_real_one_does_not(hall: Hall) -> None:
    demo, real = await hall.taken_in(demo=True), await hall.taken_in()
    assert await hall.sweep() == 2
    skippers = [await travels(hall, start) for start in (demo, real)]
    assert skippers == [True, False]


async def travels(hall: Hall, start: Start) -> bool:
    handle: Any = hall.client.get_workflow_handle(start.reference)
    try:
        await fast_forward(hall.client, handle, timedelta(days=1), patience=timedelta(milliseconds=300))
    except CannotTravel as error:
        return "was not started for time travel" not in str(error)
    return True


async def test_one_that_temporal_does_not_take_holds_up_none_of_the_others(hall: Hall) -> None:
    chance = random.Random(1)  # words that cannot be packed small
    many = tuple(incident(what=f"noise {chance.randbytes(9_900).hex()}") for _ in range(240))
    huge = await hall.taken_in(2 * MINUTE, application=form(made_at=None).model_copy(update={"incidents": many}))
    small = await hall.taken_in()
    with pytest.raises(ApplicationError, match=rf"Not started: {huge.reference} \(") as left:
        await hall.sweep()
    assert "noise" not in str(left.value)
    assert [await hall.marked(huge), await hall.marked(small)] == [False, True]
    await mark_started(hall.database, huge.reference)


async def test_the_sweep_is_scheduled_once_however_often_it_is_asked_for(hall: Hall) -> None:
    for _ in range(2):
        await keep_sweeping(hall.client, hall.queue)
    described = await hall.client.get_schedule_handle(SCHEDULE_ID).describe()
    (interval,) = described.schedule.spec.intervals
    assert MINUTE <= interval.every <= 60 * MINUTE


async def test_a_sweep_that_somebody_paused_and_changed_is_set_right_when_a_worker_starts(hall: Hall) -> None:
    def spoilt(found: ScheduleUpdateInput) -> ScheduleUpdate:
        schedule = found.description.schedule
        schedule.state.paused = True
        schedule.spec.intervals = [ScheduleIntervalSpec(every=timedelta(days=365))]
        schedule.action = ScheduleActionStartWorkflow("Nothing", id="nothing", task_queue="nowhere")
        return ScheduleUpdate(schedule)

    await keep_sweeping(hall.client, hall.queue)
    handle = hall.client.get_schedule_handle(SCHEDULE_ID)
    await handle.update(spoilt)
    await keep_sweeping(hall.client, hall.queue)
    schedule = (await handle.describe()).schedule
    action = schedule.action
    assert isinstance(action, ScheduleActionStartWorkflow)
    assert (action.workflow, action.task_queue, schedule.state.paused) == ("TakeUpCases", hall.queue, False)
    assert schedule.spec.intervals[0].every <= 60 * MINUTE
