"""Cases whose letters go by GOV.UK Notify: what it says later of their delivery reaches them by the sweep."""

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

import worker
from activities.undelivered import Outcome
from domain.application import Means
from office.connected import Office
from register.database import Database
from register.letter_rows import LetterProgress, LetterRow
from tests.post.notify_server import KEY, TEMPLATE, Service, serving
from tests.register.fresh import with_tables
from tests.workflows.life import Desk, Life, form
from tests.workflows.test_bounces import by_both_ways
from tests.workflows.town import Post, Town, renumbered
from workflows.reconcile import TakeUpCases

pytestmark = [pytest.mark.temporal, pytest.mark.long, pytest.mark.asyncio(loop_scope="session")]


@dataclass
class Hall:
    """A council that sends everything by Notify."""

    town: Town
    service: Service

    async def sweep(self) -> None:
        office = self.town.desk.office
        await office.client.execute_workflow(
            TakeUpCases.run, id=uuid.uuid4().hex, task_queue=office.settings.task_queue
        )

    async def read(self) -> list[tuple[str, Outcome]]:
        office = self.town.desk.office
        found = await worker.bounces(office.client, office.database, office.settings).read()
        return [(one.letter, one.outcome) for one in found]

    def becomes(self, row: LetterRow, status: str) -> None:
        self.service.fails(row.message_id.strip("<>").partition("@")[0], status)


@pytest_asyncio.fixture(loop_scope="session")
async def hall(desk: Desk, tmp_path: Path) -> AsyncIterator[Hall]:
    with serving() as service:
        changes = {
            "home": tmp_path, "task_queue": uuid.uuid4().hex, "notify_key": KEY, "notify_url": service.url,
            "notify_email_template": TEMPLATE, "notify_letters": True,
            "notify_text_template": TEMPLATE, "public_url": "https://asb.example.gov.uk",
        }  # fmt: skip
        settings = type(desk.office.settings)(**changes)
        desk.office.settings.key_ring().ring.save(settings.keys_path)
        async with Database(with_tables(settings.register_url)) as database:
            await renumbered(database)
            async with worker.running(desk.office.client, database, settings):
                office = Office(settings, desk.office.client, database)
                yield Hall(Town(Desk(office, desk.inbox), Post(), tmp_path), service)


async def test_a_letter_that_notify_could_not_deliver_is_printed_and_one_that_the_post_returns_is_too(
    hall: Hall,
) -> None:
    life = await Life.begin(hall.town.desk, application=form(**by_both_ways()))
    (mailed,) = await hall.town.rows(life, "L-01")
    assert (mailed.state, mailed.means) == (LetterProgress.ACCEPTED, Means.EMAIL)
    others = [row for row in await hall.town.rows(life) if row.kind == "A-01"]
    hall.becomes(others[0], "delivered")
    hall.becomes(mailed, "permanent-failure")
    for _ in range(2):
        await hall.sweep()
        await life.settled()
    first, printed = await hall.town.rows(life, "L-01")
    assert (first.state, first.words) == (LetterProgress.BOUNCED, "there is no such mailbox (permanent-failure)")
    assert (printed.state, printed.means) == (LetterProgress.ACCEPTED, Means.POST)
    assert [one["type"] for one in hall.service.given if one["type"] == "letter"] == ["letter"]
    assert (await life.kinds()).count("letter.undelivered") == 1

    hall.becomes(printed, "returned-letter")
    await hall.sweep()
    await life.settled()
    _, returned, *_ = await hall.town.rows(life, "L-01")
    assert (returned.state, returned.words) == (LetterProgress.RETURNED, "the post brought it back (returned-letter)")
    assert (await life.kinds()).count("letter.undelivered") == 2
    assert (await hall.town.rows(life, "A-01"))[0].state is LetterProgress.ACCEPTED


async def test_every_page_of_what_failed_is_read_and_what_is_under_way_changes_nothing(hall: Hall) -> None:
    life = await Life.begin(hall.town.desk)
    rows = await hall.town.rows(life)
    assert len(rows) > 4
    assert await hall.read() == []
    for row in rows[:4]:
        hall.becomes(row, "temporary-failure")
    assert [outcome for _, outcome in await hall.read()] == [Outcome.REPORTED] * 4
    await life.settled()
    assert [row.state for row in (await hall.town.rows(life))[:4]] == [LetterProgress.BOUNCED] * 4
    assert {outcome for _, outcome in await hall.read()} == {Outcome.KNOWN}


async def test_a_text_that_did_not_get_there_is_followed_by_the_letter_by_e_mail(hall: Hall) -> None:
    wanted = {**by_both_ways()["applicant"], "phone": "07700 900123", "prefers": Means.TEXT}
    life = await Life.begin(hall.town.desk, application=form(applicant=wanted))
    (texted,) = await hall.town.rows(life, "L-01")
    assert (texted.state, texted.means, texted.address) == (LetterProgress.ACCEPTED, Means.TEXT, "+447700900123")
    (given,) = (one for one in hall.service.given if one["type"] == "sms")
    assert "there is news for you" in given["personalisation"]["text"]
    hall.becomes(texted, "temporary-failure")
    await hall.sweep()
    await life.settled()
    first, second = await hall.town.rows(life, "L-01")
    assert (first.state, first.words) == (
        LetterProgress.BOUNCED, "the telephone was off, out of reach or full (temporary-failure)",
    )  # fmt: skip
    assert second.means is Means.EMAIL
