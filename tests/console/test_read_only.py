"""A register that may only be read, as on a full disk or a standby: every page says so, and what was typed stays."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx2 as httpx
import pytest
import pytest_asyncio
from sqlalchemy import event

from console.app import application
from register.database import Database
from tests.console.office import OWN, PASSWORD, House, email

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]


def _only_to_be_read(connection: Any, entry: object) -> None:
    connection.cursor().execute("PRAGMA query_only = ON")


@pytest_asyncio.fixture(loop_scope="session")
async def read_only(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """The console over a register that cannot be written."""
    async with Database(str(house.office.database.url)) as database:
        event.listen(database.engine.sync_engine, "connect", _only_to_be_read)
        transport = httpx.ASGITransport(application(replace(house.office, database=database)))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=OWN) as client:
            yield client


async def test_health_keeps_its_form_and_says_that_nothing_can_be_written(read_only: httpx.AsyncClient) -> None:
    found = await read_only.get("/health")
    assert found.status_code == 503
    assert found.json().keys() == {"ok", "register", "temporal", "worker"}
    assert found.json()["register"] == {"ok": False, "why": "the register cannot be written"}
    assert found.json()["temporal"]["ok"] is True


async def test_what_staff_typed_waits_in_the_page_and_a_password_does_not(
    read_only: httpx.AsyncClient, house: House
) -> None:
    found = await read_only.post("/sign-in", data={"email": email("officer"), "password": PASSWORD})
    assert found.status_code == 503
    assert "The register cannot take this just now" in found.text
    assert PASSWORD not in found.text
    visitor = await house.visitor("officer")
    read_only.cookies.update(visitor.client.cookies)
    at = f"/cases/{house.reference}/acts/add-note"
    found = await read_only.post(at, data={"text": "Rang “Jo” at <noon>.", "_press": "check"})
    assert found.status_code == 503
    assert 'name="text" value="Rang “Jo” at &lt;noon&gt;."' in found.text
    assert f'<form method="post" action="{at}">' in found.text


async def test_somebody_who_came_by_a_link_is_told_whom_to_ring(read_only: httpx.AsyncClient, house: House) -> None:
    found = await read_only.get(await house.link())
    assert found.status_code == 503
    assert "ring the number in your letter" in found.text


async def test_keys_that_no_longer_fit_are_told_by_health_in_words_that_name_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house.office.settings.key_ring(), "fault", "The key file /secret/keys.json is gone.")
    transport = httpx.ASGITransport(application(house.office))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=OWN) as client:
        found = await client.get("/health")
    assert found.status_code == 503
    assert found.json()["register"]["why"] == (
        "the key file no longer fits the register; casereview keys check says why"
    )
