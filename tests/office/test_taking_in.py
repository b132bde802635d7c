"""An application whose case cannot be begun is kept; sent again meanwhile it is one, and the sweep begins its case."""

import re
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter as readable

import policies
from activities.beginning import start_case
from connection.ports import free_port
from domain import events as e
from office import taking_in
from office.connected import Office
from register.database import Database
from register.taking_in import mark_started, unstarted
from tests.register.fresh import with_tables
from tests.support import clock
from tests.workflows.life import OFFICER, Desk, form
from tests.workflows.town import renumbered

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def office(desk: Desk, tmp_path: Path) -> AsyncIterator[Office]:
    settings = desk.office.settings.model_copy(update={"home": tmp_path, "task_queue": uuid.uuid4().hex})
    async with Database(with_tables(settings.register_url)) as database:
        await renumbered(database)
        yield Office(settings, desk.office.client, database)


async def test_retyped_while_temporal_does_not_answer_it_is_one_application(office: Office) -> None:
    dover, made, database = policies.load("dover"), form(), office.database
    nowhere = await Client.connect(f"127.0.0.1:{free_port()}", lazy=True, data_converter=readable)
    down = replace(office, client=nowhere, start_within=0.3)
    taken = [await taking_in.taken_in(down, made, dover, by=OFFICER) for _ in range(2)]
    assert [one.begun for one in taken] == [False, False]
    assert len({one.reference for one in taken}) == 1
    assert re.fullmatch(r"DOV-\d{4}-\d{6}", taken[0].reference), "by chance: nobody could say which was given before"
    another = await taking_in.taken_in(down, made, dover, by=e.Actor(role=e.Role.OFFICER, name="Robin Second"))
    assert another.reference != taken[0].reference

    for start in await unstarted(database, timedelta(0), clock.now()):
        await start_case(office.client, start, office.settings.task_queue)
        await mark_started(database, start.reference)
    on_purpose = [await taking_in.taken_in(office, made, dover, by=OFFICER) for _ in range(2)]
    assert all(one.begun for one in on_purpose)
    assert len({one.reference for one in (*on_purpose, taken[0], another)}) == 4
