"""The sweep that no application falls through, with the worker, the register and the post as in real life."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

import policies
import worker
from activities.beginning import start_case
from activities.taking_up import keep_sweeping
from connection.time_travel import CannotTravel, fast_forward
from domain import events as e
from domain.messages import Start
from office.bank_holidays import snapshot
from office.connected import Office
from register import queries
from register.database import Database
from register.taking_in import take_in
from tests.register.fresh import with_tables
from tests.support import clock
from tests.workflows.life import OFFICER, Desk, Life, form
from tests.workflows.town import eventually, renumbered
from workflows.reconcile import SCHEDULE_ID, TakeUpCases

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]


@dataclass
class Hall:
    """A council whose intake dies between the register and Temporal."""

    desk: Desk

    async def taken_in(self, ago: timedelta = timedelta(minutes=1), *, demo: bool = False) -> Start:
        """An application in the register; nobody told Temporal of it."""
        now, rules = clock.now() - ago, policies.load("dover")
        return await take_in(self.desk.office.database, form(), rules, snapshot(), by=OFFICER, now=now, demo=demo)

    async def sweep(self) -> int:
        office = self.desk.office
        return await office.client.execute_workflow(
            TakeUpCases.run, id=uuid.uuid4().hex, task_queue=office.settings.task_queue
        )

    def life(self, start: Start) -> Life:
        return Life(self.desk, start.reference, start.calendar)

    async def started(self, start: Start) -> bool:
        case = await queries.case(self.desk.office.database, start.reference)
        return case is not None and case.row.started


@pytest_asyncio.fixture(loop_scope="session")
async def hall(desk: Desk, tmp_path: Path) -> AsyncIterator[Hall]:
    settings = desk.office.settings.model_copy(update={"home": tmp_path, "task_queue": uuid.uuid4().hex})
    desk.office.settings.key_ring().ring.save(settings.keys_path)
    async with Database(with_tables(settings.register_url)) as database:
        await renumbered(database)
        async with worker.running(desk.office.client, database, settings):
            yield Hall(Desk(Office(settings, desk.office.client, database), desk.inbox))


async def test_an_application_that_only_the_register_knows_comes_to_life_and_lives_once(hall: Hall) -> None:
    start = await hall.taken_in()
    assert await hall.sweep() == 1
    life = hall.life(start)
    assert await life.stage() == "verifying reports"
    before = await life.kinds()
    letters = await life.letters()
    assert letters["L-01"] == 1
    assert await hall.sweep() == 0
    assert (await life.kinds(), await life.letters()) == (before, letters)
    assert len(life.mails()) == letters.total()
    assert (await life.settled()).events[0].what == e.ApplicationMade(
        application=start.application, made_at=start.made_at
    )


async def test_a_case_that_runs_and_was_not_marked_goes_on_undisturbed(hall: Hall) -> None:
    start = await hall.taken_in()
    await start_case(hall.desk.office.client, start, hall.desk.office.settings.task_queue)
    life = hall.life(start)
    await life.act(e.NoteAdded(text="Running already."), OFFICER)
    before = await life.kinds()
    assert not await hall.started(start)
    assert await asyncio.gather(hall.sweep(), hall.sweep())
    assert await hall.started(start)
    assert await life.kinds() == before


@pytest.mark.usefixtures("real_time")
async def test_a_demo_case_taken_up_can_travel_and_a_real_one_keeps_real_time(hall: Hall) -> None:
    demo, real = await hall.taken_in(demo=True), await hall.taken_in()
    assert await hall.sweep() == 2
    life = hall.life(demo)
    await life.settled()
    begun = await life.today()
    assert await life.after(2) > begun
    assert await life.today() > begun
    office = hall.desk.office
    with pytest.raises(CannotTravel, match="keeps real time"):
        await fast_forward(office.client, office.handle(real.reference), timedelta(days=1))


@pytest.mark.long
async def test_the_schedule_takes_up_what_was_left(hall: Hall) -> None:
    start, office = await hall.taken_in(), hall.desk.office
    await keep_sweeping(office.client, office.settings.task_queue)
    schedule = office.client.get_schedule_handle(SCHEDULE_ID)
    try:
        await schedule.trigger()
        await eventually(lambda: hall.started(start))
    finally:
        await schedule.delete()
    assert await hall.life(start).stage() == "verifying reports"
