"""With no worker up the console says so within seconds, on every page, and does nothing by halves."""

import asyncio
from pathlib import Path

import pytest

import worker
from connection.client import connect
from connection.server import LocalServer
from connection.settings import Settings
from register.database import Database
from starter.console.app import at_work
from starter.inbox import Inbox
from starter.office import Office
from tests.console.office import House, everybody
from tests.workflows.life import Desk, Life
from workflows.attributes import registration

pytestmark = [pytest.mark.temporal, pytest.mark.long]


async def test_it_is_said_at_once_and_what_was_typed_is_kept_until_it_can_be_sent(tmp_path: Path) -> None:
    async with (
        LocalServer.of(Settings(home=tmp_path, temporal_port=0, ui_port=0), registration(), headless=True) as server,
        Inbox(tmp_path / "mail", 0, 0) as inbox,
    ):
        host, port = inbox.smtp_address
        settings = Settings(home=tmp_path, smtp_host=host, smtp_port=port, console_port=0)
        client = await connect(settings, address=server.address)
        async with Database(settings.register_url) as database:
            await database.upgrade()
            office = Office(settings, client, database)
            await everybody(office)
            desk = Desk(office, inbox)
            async with worker.running(client, database, settings):
                life = await Life.begin(desk)
            async with at_work(office) as address:
                house = House(address, desk)
                visitor = await house.visitor("officer")
                health = await visitor.client.get("/health")
                assert health.status_code == 503
                assert health.json()["worker"]["ok"] is False
                assert health.json()["temporal"]["ok"] is health.json()["register"]["ok"] is True

                await visitor.get(f"/cases/{life.reference}/acts/add-note")
                assert "Nothing can be done just now. No worker answers" in visitor.page.text
                await visitor.send("check", text="Kept on the page.")
                async with asyncio.timeout(8):
                    found = await visitor.send("confirm")
                assert found.status_code == 503
                assert "Nothing was done: no worker answers" in visitor.page.text
                assert visitor.page.values["text"] == "Kept on the page."

                async with worker.running(client, database, settings):
                    async with asyncio.timeout(15):
                        while not (await visitor.client.get("/health")).is_success:  # noqa: ASYNC110
                            await asyncio.sleep(0.2)
                    await visitor.follow(await visitor.send("confirm"))
                    assert "The note is added." in visitor.page.text
                    assert "Nothing can be done just now" not in visitor.page.text
                    assert [one.kind for one in (await life.settled()).events].count("note.added") == 1
