"""With no worker up the console says so within seconds, on every page, and does nothing by halves."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

import policies
import worker
from activities.beginning import start_case
from connection.client import connect
from connection.ports import free_port
from connection.server import LocalServer
from connection.settings import Settings
from console.app import at_work
from domain import events as e
from domain.calendar import Calendar
from office import acting
from office.acting import Left
from office.connected import Office
from office.health_watch import BREATH
from register import pending_acts
from register.database import Database
from register.links import LinkPurpose
from register.taking_in import mark_started, take_in
from starter.inbox import Inbox
from tests.console.office import House, Visitor, everybody
from tests.console.parties import dated, fill
from tests.register.fresh import with_tables
from tests.support import clock
from tests.workflows.life import OFFICER, Desk, Life, form
from tests.workflows.town import eventually
from workflows.attributes import registration

pytestmark = [pytest.mark.temporal, pytest.mark.long]


async def test_it_is_said_at_once_and_what_was_typed_is_kept_until_it_can_be_sent(tmp_path: Path) -> None:
    async with (
        LocalServer.of(Settings(home=tmp_path, temporal_port=0, ui_port=0), registration(), headless=True) as server,
        Inbox(tmp_path / "mail", 0, 0) as inbox,
    ):
        host, port = inbox.smtp_address
        own = free_port()
        settings = Settings(
            home=tmp_path, smtp_host=host, smtp_port=port, console_port=own, public_url=f"http://127.0.0.1:{own}"
        )
        settings.key_ring().make()
        client = await connect(settings, address=server.address)
        async with Database(with_tables(settings.register_url)) as database:
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
                assert "Nothing is taken up just now. No worker answers" in visitor.page.text
                assert "Your team can start the service with casereview worker if it ended" in visitor.page.text
                await visitor.send("check", text="Kept on the page.")
                async with asyncio.timeout(8):
                    found = await visitor.send("confirm")
                await visitor.follow(found)
                assert "What you did is left and kept" in visitor.page.text
                assert "Still to be taken up: Add a note" in visitor.page.text
                until = await life.today() + timedelta(days=30)
                hold = e.HoldStarted(until=until, reason="In hospital.", at_victims_request=True)
                for by in (OFFICER, e.Actor(role=e.Role.OFFICER, name="Robin Second")):
                    assert isinstance(await acting.act(office, life.reference, hold, by, down="nobody"), Left)

                guest = Visitor(address)
                home = (await guest.get(await house.link(case=life.reference))).headers["location"]
                call = f"{home}/do/ask-for-call"
                await fill(guest, f"{call}/phone", phone="01632 960111")
                await fill(guest, f"{call}/when", when="Before three.")
                await fill(guest, f"{call}/about")
                assert (await guest.send("confirm")).status_code == 503
                assert "What you sent is kept, and is taken up as soon as it answers again" in guest.page.text
                incident, happened = f"{home}/do/add-incident", clock.now() - timedelta(days=3)
                await fill(guest, f"{incident}/what", what="They came back.")
                await fill(guest, f"{incident}/when", **dated("occurred", happened.date()))
                await fill(guest, f"{incident}/told", reported_to="nobody")
                before = guest.page
                for _ in range(2):
                    guest.page = before
                    found = await guest.send("confirm")
                    assert found.headers["location"].partition("?")[0] == home

                police = await house.guest(
                    await house.link(LinkPurpose.ENQUIRY, "police", "verification:police", life.reference)
                )
                answer = f"{police.at}/answer"
                held = {f"confirmations__{number}__confirmed": "yes" for number in range(3)}
                await fill(police, f"{answer}/reports", **held)
                await fill(police, f"{answer}/contact", contact="Sgt Lee")
                found = await police.send("confirm")
                assert found.status_code == 503
                assert "What you sent is kept" in police.page.problems

                async with worker.running(client, database, settings):
                    async with asyncio.timeout(15):
                        while not (await visitor.client.get("/health")).is_success:  # noqa: ASYNC110
                            await asyncio.sleep(0.2)
                    await eventually(lambda: _taken_up(office, life))
                    await visitor.get(f"/cases/{life.reference}")
                    assert "Not done: Put the case on hold , left by officer Robin Second on" in visitor.page.text
                    assert "Nothing is taken up just now" not in visitor.page.text
                    (refused,) = await pending_acts.of_case(database, life.reference)
                    await visitor.follow(await visitor.post(f"/cases/{life.reference}/left", id=refused.id))
                    assert "Not done:" not in visitor.page.text
                    await guest.get(f"{call}/check")
                    await guest.follow(await guest.send("confirm"))
                    await police.follow(await police.send("confirm"))
                    assert "Your answer is with us" in police.page.text
                    kinds = [one.kind for one in (await life.settled()).events]
                    once = [kinds.count(kind) for kind in ("note.added", "incident.added", "call.requested")]
                    assert once == [1, 1, 1]

                    await _stuck_case(office, life.calendar)
                    await asyncio.sleep(BREATH)
                    assert (await visitor.client.get("/health")).is_success


async def _taken_up(office: Office, life: Life) -> bool:
    return all(one.refused for one in await pending_acts.of_case(office.database, life.reference))


async def _stuck_case(office: Office, calendar: Calendar) -> None:
    """The newest case of all is one that no worker ever takes up."""
    rules, now = policies.load("dover"), clock.now()
    start = await take_in(office.database, form(), rules, calendar, by=OFFICER, now=now, demo=True)
    await start_case(office.client, start, "a queue that nobody works")
    await mark_started(office.database, start.reference)
