import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from temporalio import activity, workflow
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from connection.time_travel import CannotTravel, fast_forward, now_of, skipping, travelling
from tests.support import clock

pytestmark = pytest.mark.temporal
DAY = timedelta(days=1)
MOVED = ["WORKFLOW_EXECUTION_OPTIONS_UPDATED", "WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED"]
FIRED = [
    "TIMER_FIRED",
    "WORKFLOW_TASK_SCHEDULED",
    "WORKFLOW_TASK_STARTED",
    "WORKFLOW_TASK_COMPLETED",
    "WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED",
]


@activity.defn
async def remind() -> None:
    pass


@activity.defn
async def dawdle() -> None:
    await asyncio.sleep(2)


@workflow.defn
class Waiting:
    """Sleeps each number of days in turn, then waits until it is closed."""

    def __init__(self) -> None:
        self.woke: list[datetime] = []
        self.closed = False

    @workflow.run
    async def run(self, days: list[int], then: str) -> None:
        for number in days:
            await workflow.sleep(timedelta(days=number))
            self.woke.append(workflow.now())
            if then:
                await workflow.execute_activity(then, start_to_close_timeout=timedelta(seconds=20))
        await workflow.wait_condition(lambda: self.closed)

    @workflow.query
    def awakenings(self) -> list[datetime]:
        return self.woke

    @workflow.update
    async def now(self) -> datetime:
        return workflow.now()

    @workflow.signal
    def close(self) -> None:
        self.closed = True


class Board:
    """Starts waiting workflows on a queue of their own."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.queue = f"waiting-{uuid.uuid4()}"

    def worker(self) -> Worker:
        return Worker(
            self.client,
            task_queue=self.queue,
            workflows=[Waiting],
            activities=[remind, dawdle],
            workflow_runner=UnsandboxedWorkflowRunner(),
        )

    async def start(self, *days: int, then: str = "", starter: Client | None = None) -> WorkflowHandle[Waiting, None]:
        handle = await (starter or travelling(self.client)).start_workflow(
            Waiting.run, args=[list(days), then], id=f"asb/{uuid.uuid4()}", task_queue=self.queue
        )
        while not await handle.query(Waiting.awakenings) and len(await names(handle)) < 4:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        return handle


async def names(handle: WorkflowHandle[Any, Any]) -> list[str]:
    return [
        EventType.Name(event.event_type).removeprefix("EVENT_TYPE_") async for event in handle.fetch_history_events()
    ]


@pytest_asyncio.fixture
async def board(client: Client, real_time: None) -> AsyncIterator[Board]:
    board = Board(client)
    async with board.worker():
        yield board


async def test_crossing_no_timer_adds_two_events_and_no_workflow_task(board: Board) -> None:
    handle = await board.start(30)
    before = await names(handle)
    await fast_forward(board.client, handle, 10 * DAY)
    assert (await names(handle))[len(before) :] == MOVED


async def test_crossing_one_timer_adds_seven_events(board: Board) -> None:
    handle = await board.start(5)
    before = await names(handle)
    await fast_forward(board.client, handle, 10 * DAY)
    assert (await names(handle))[len(before) :] == MOVED + FIRED


async def test_every_timer_on_the_way_fires_at_its_own_time_and_its_activity_is_done(board: Board) -> None:
    began = await now_of(board.client, handle := await board.start(1, 2, 30, then="remind"))
    await fast_forward(board.client, handle, 10 * DAY)
    history = await names(handle)
    woke = await handle.query(Waiting.awakenings)
    assert [round((moment - began) / DAY, 3) for moment in woke] == [1, 3]
    assert history.count("ACTIVITY_TASK_COMPLETED") == 2


async def test_the_clock_has_arrived_when_the_call_returns(board: Board) -> None:
    handle = await board.start(30)
    before = await now_of(board.client, handle)
    await fast_forward(board.client, handle, 10 * DAY)
    assert 10 * DAY <= await now_of(board.client, handle) - before < 10 * DAY + timedelta(minutes=1)
    assert await handle.execute_update(Waiting.now) >= before + 10 * DAY


async def test_journeys_add_up(board: Board) -> None:
    handle = await board.start(3, 3)
    before = await now_of(board.client, handle)
    for _ in range(7):
        await fast_forward(board.client, handle, DAY)
    assert await now_of(board.client, handle) >= before + 7 * DAY
    assert len(await handle.query(Waiting.awakenings)) == 2


async def test_a_case_beside_it_keeps_real_time(board: Board) -> None:
    moved, still = await board.start(30), await board.start(5)
    await fast_forward(board.client, moved, 10 * DAY)
    assert abs(await now_of(board.client, still) - clock.now()) < timedelta(minutes=1)
    assert await still.query(Waiting.awakenings) == []


async def test_a_real_case_cannot_be_moved(board: Board) -> None:
    handle = await board.start(5, starter=board.client)
    before = await names(handle)
    with pytest.raises(CannotTravel, match="was not started for time travel, so its clock keeps real time"):
        await fast_forward(board.client, handle, 10 * DAY)
    assert await names(handle) == before
    assert abs(await now_of(board.client, handle) - clock.now()) < timedelta(minutes=1)


async def test_the_clock_waits_for_an_activity_in_flight(board: Board) -> None:
    handle = await board.start(1, then="dawdle")
    await fast_forward(board.client, handle, 10 * DAY)
    assert (await names(handle)).count("ACTIVITY_TASK_COMPLETED") == 1


async def test_without_a_worker_the_journey_is_given_up_and_goes_on_later(client: Client) -> None:
    board = Board(client)
    async with board.worker():
        handle = await board.start(5)
    before = await now_of(client, handle)
    with pytest.raises(CannotTravel, match=r"has not arrived after 2 seconds; it goes on by itself"):
        await fast_forward(client, handle, 10 * DAY, patience=timedelta(seconds=2))
    async with board.worker():
        while await now_of(client, handle) < before + 10 * DAY:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        assert len(await handle.query(Waiting.awakenings)) == 1


async def test_a_case_that_is_closed_cannot_be_moved(board: Board) -> None:
    handle = await board.start()
    await handle.signal(Waiting.close)
    await handle.result()
    with pytest.raises(CannotTravel, match="is not running, so its clock cannot be moved"):
        await fast_forward(board.client, handle, DAY)


async def test_a_case_that_ends_on_the_way_is_said_to_have_ended(board: Board) -> None:
    handle = await board.start(1)
    await handle.signal(Waiting.close)
    with pytest.raises(CannotTravel, match="ended before its clock arrived"):
        await fast_forward(board.client, handle, 10 * DAY)


async def test_of_two_journeys_at_once_the_first_is_told(board: Board) -> None:
    handle = await board.start(1, then="dawdle")
    first = asyncio.create_task(fast_forward(board.client, handle, 10 * DAY))
    await asyncio.sleep(0.5)
    await fast_forward(board.client, handle, 5 * DAY)
    with pytest.raises(CannotTravel, match="is being moved by someone else"):
        await first


@pytest.mark.parametrize("delta", [timedelta(), -DAY])
async def test_a_clock_only_moves_forward(board: Board, delta: timedelta) -> None:
    handle = await board.start(30)
    with pytest.raises(CannotTravel, match="A clock only moves forward"):
        await fast_forward(board.client, handle, delta)


async def test_a_case_may_also_travel_by_itself(board: Board) -> None:
    handle = await board.start(5, 5, starter=travelling(board.client, skipping(enabled=True)))
    while len(await handle.query(Waiting.awakenings)) < 2:  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    assert await now_of(board.client, handle) > clock.now() + 9 * DAY
