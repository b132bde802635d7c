"""An application sent while Temporal is down is taken in all the same, and its case begins when it is up again."""

from dataclasses import replace
from datetime import timedelta

import httpx2 as httpx
import pytest
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter as readable

from connection.ports import free_port
from console.app import application
from register import queries
from register.database import Database
from register.taking_in import unstarted
from tests.console.applicant import PLACE, post_twice
from tests.console.applicant import filled as filled_in
from tests.console.office import OWN, House
from tests.support import clock
from tests.workflows.life import Life

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]


async def test_nothing_is_lost_and_sent_again_it_is_the_same_case(house: House) -> None:
    visitor = await filled_in(house)
    nowhere = await Client.connect(f"127.0.0.1:{free_port()}", lazy=True, data_converter=readable)
    cut_off = application(replace(house.office, client=nowhere, start_within=0.5))
    with_cookie = visitor.client.cookies
    visitor.client = httpx.AsyncClient(
        transport=httpx.ASGITransport(cut_off), base_url="http://127.0.0.1", headers=OWN, cookies=with_cookie
    )
    await post_twice(visitor, f"{PLACE}/declaration", 2, consent_to_share="yes")
    await visitor.get(f"{PLACE}/sent")
    reference = visitor.page.text.partition("Your reference ")[2].split()[0]
    stored = await queries.case(house.office.database, reference)
    assert stored
    assert stored.row.started is False
    waiting = await unstarted(house.office.database, timedelta(0), clock.now())
    assert [one.reference for one in waiting] == [reference]
    await house.office.begin(waiting[0])
    life = Life(house.desk, reference, stored.calendar)
    assert (await life.settled()).stage == "verifying reports"


async def test_where_the_register_is_down_it_is_said_in_plain_words(house: House) -> None:
    cut_off = application(replace(house.office, database=Database("sqlite:////proc/nowhere/register.db")))
    transport = httpx.ASGITransport(cut_off)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=OWN) as client:
        client.cookies.set("casereview-apply", "x" * 43)
        found = await client.post(f"{PLACE}/name", data={"applicant.name": "Ivy"})
    assert found.status_code == 503
    assert "What you typed before this page is kept." in found.text
    assert '<input type="hidden" name="applicant.name" value="Ivy">' in found.text
    assert "Try again with what I typed" in found.text
    assert "01304" in found.text
    assert "For staff only" not in found.text
