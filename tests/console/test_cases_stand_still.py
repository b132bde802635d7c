"""Temporal has lost its database: health and every page for staff say so, and that somebody has to see to it."""

from pathlib import Path

import pytest

import policies
import worker
from connection.client import connect
from connection.ports import free_port
from connection.server import LocalServer
from connection.settings import Settings
from console.app import at_work
from domain import events as e
from domain.messages import Numbered, Turn
from office.bank_holidays import snapshot
from office.connected import Office
from register.database import Database
from register.entries import record
from register.taking_in import mark_started, take_in
from starter.inbox import Inbox
from tests.console.office import House, everybody
from tests.register.fresh import with_tables
from tests.support import clock
from tests.workflows.life import OFFICER, Desk, form
from workflows.attributes import registration

pytestmark = [pytest.mark.temporal, pytest.mark.long]


async def test_health_and_the_work_list_say_that_cases_stand_still(tmp_path: Path) -> None:
    async with (
        LocalServer(None, search_attributes=registration(), headless=True) as server,
        Inbox(tmp_path / "mail", 0, 0) as inbox,
    ):
        settings = Settings(home=tmp_path, console_port=free_port())
        settings.key_ring().make()
        client = await connect(settings, address=server.address)
        async with Database(with_tables(settings.register_url)) as database:
            office = Office(settings, client, database)
            await everybody(office)
            start = await take_in(
                database, form(), policies.load("dover"), snapshot(), by=OFFICER, now=clock.now(), intake_key="lost"
            )
            made = e.ApplicationMade(application=start.application, made_at=start.made_at)
            event = e.Event(id="001-application.made", at=start.made_at, by=OFFICER, what=made)
            told = Turn(reference=start.reference, as_of=start.made_at, events=(Numbered(seq=1, event=event),))
            await record(database, told)
            await mark_started(database, start.reference)
            async with worker.running(client, database, settings), at_work(office) as address:
                visitor = await House(address, Desk(office, inbox)).visitor("officer")
                health = await visitor.client.get("/health")
                assert health.status_code == 503
                assert health.json()["worker"]["ok"] is True
                assert health.json()["temporal"] == {
                    "ok": False,
                    "why": "Temporal does not know the one open case: it lost its database, or this is not the server "
                    "of these cases. See that TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE are right, then run casereview "
                    "rebuild --all.",
                }
                page = await visitor.client.get("/cases")
                assert page.status_code == 200
                assert "Cases stand still." in page.text
                assert "Nothing is taken up just now" not in page.text
