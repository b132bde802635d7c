"""A letter that bounces, with everything real: the sweep reads the mailbox, the case sends the letter another way."""

import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

import worker
from activities.bounces import Bounces
from activities.undelivered import Outcome
from connection.updates import ANSWER_WITHIN
from domain import events as e
from office.connected import Office
from post.bounce_box import box_at
from register.database import Database
from register.letter_rows import LetterProgress, LetterRow
from tests.post.returned import mail
from tests.post.test_returned_mail import maildir
from tests.register.fresh import with_tables
from tests.workflows.life import OFFICER, Desk, Life, form
from tests.workflows.past import at_plan
from tests.workflows.town import Post, Town, renumbered
from workflows.reconcile import TakeUpCases

pytestmark = [pytest.mark.temporal, pytest.mark.long, pytest.mark.asyncio(loop_scope="session")]

HOME = ("1 Quarry Lane", "Dover", "CT16 1AA")


@dataclass
class Returns:
    """A council whose bounces arrive in a Maildir."""

    town: Town
    folder: Path

    @property
    def office(self) -> Office:
        return self.town.desk.office

    def arrives(self, name: str, row: LetterRow) -> None:
        (self.folder / "new" / f"{uuid.uuid4().hex}.{name}").write_bytes(mail(name, row.message_id))

    def unread(self) -> int:
        return len(list((self.folder / "new").iterdir()))

    async def sweep(self) -> None:
        await self.office.client.execute_workflow(
            TakeUpCases.run, id=uuid.uuid4().hex, task_queue=self.office.settings.task_queue
        )

    async def read(self, within: timedelta = ANSWER_WITHIN) -> list[tuple[str, Outcome]]:
        box = box_at(self.office.settings.bounces, None)
        found = await Bounces(self.town.database, self.office.client, box, within=within).read()
        return [(one.letter, one.outcome) for one in found]


@pytest_asyncio.fixture(loop_scope="session")
async def returns(desk: Desk, tmp_path: Path) -> AsyncIterator[Returns]:
    changes = {"home": tmp_path, "task_queue": uuid.uuid4().hex, "bounces": str(maildir(tmp_path / "box"))}
    settings = desk.office.settings.model_copy(update=changes)
    desk.office.settings.key_ring().ring.save(settings.keys_path)
    async with Database(with_tables(settings.register_url)) as database:
        await renumbered(database)
        async with worker.running(desk.office.client, database, settings):
            office = Office(settings, desk.office.client, database)
            yield Returns(Town(Desk(office, desk.inbox), Post(), tmp_path), tmp_path / "box")


@pytest.fixture(autouse=True)
def no_names_in_the_logs(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert not [word for word in ("asha", "Asha", "ann.reed", "Quarry") if word in caplog.text]


def by_both_ways() -> dict[str, object]:
    return {"applicant": {"name": "Asha Example", "email": "asha@example.org", "address": HOME}}


async def test_an_outcome_that_bounces_goes_to_the_print_tray_and_the_appeal_waits_for_the_post(
    returns: Returns,
) -> None:
    life = await at_plan(returns.town.desk, "police", application=form(**by_both_ways()))
    await life.outcome()
    (sent,) = await returns.town.rows(life, "L-11")
    assert (sent.state, sent.means) == (LetterProgress.ACCEPTED, "email")
    told = (await life.deadline("appeal_window")).due
    before = len(await returns.town.rows(life, "A-18"))

    returns.arrives("exim", sent)
    returns.arrives("exim", sent)
    await returns.sweep()
    await life.settled()
    assert returns.unread() == 0
    came_back, again = await returns.town.rows(life, "L-11")
    assert (came_back.state, came_back.words) == (LetterProgress.BOUNCED, "there is no such mailbox (5.1.1)")
    assert (again.state, again.means, again.address) == (LetterProgress.IN_TRAY, "post", "\n".join(HOME))
    assert [row.subject for row in (await returns.town.rows(life, "A-18"))[before:]] == [
        f"Letter L-11 is to be posted ({life.reference})"
    ]
    assert "appeal_window" not in {deadline.key for deadline in (await life.settled()).deadlines}
    assert (await life.kinds()).count("letter.undelivered") == 1
    event = await life.event("letter.undelivered")
    assert event.by.role is e.Role.OPERATIONS

    await returns.sweep()
    assert (await life.kinds()).count("letter.undelivered") == 1
    posted_on = await life.today()
    await life.act(e.LetterDispatched(key=again.key, on=posted_on), OFFICER)
    window = (await life.deadline("appeal_window")).due
    assert window is not None
    assert told is not None
    assert window > told


async def test_a_delay_leaves_the_letter_and_the_mail_as_they_are(returns: Returns) -> None:
    life = await Life.begin(returns.town.desk)
    (row,) = await returns.town.rows(life, "L-01")
    for name in ("postfix-delayed", "out-of-office"):
        returns.arrives(name, row)
    (returns.folder / "new" / "stranger").write_bytes(mail("postfix"))
    assert await returns.read() == []
    assert returns.unread() == 3
    assert (await returns.town.rows(life, "L-01"))[0].state is LetterProgress.ACCEPTED


async def test_a_bounce_of_a_case_that_is_over_is_noted_and_done_with(
    returns: Returns, caplog: pytest.LogCaptureFixture
) -> None:
    life = await Life.begin(returns.town.desk)
    (row,) = await returns.town.rows(life, "L-01")
    await returns.office.handle(life.reference).terminate()
    returns.arrives("exchange", row)
    assert await returns.read() == [("L-01", Outcome.CLOSED)]
    assert returns.unread() == 0
    assert f"A letter of {life.reference} came back after its case was over" in caplog.text
    assert await returns.read() == []


async def test_a_letter_of_unknown_fate_that_bounces_is_settled_as_not_arrived(returns: Returns) -> None:
    town = returns.town
    settings = town.desk.office.settings.model_copy(update={"task_queue": uuid.uuid4().hex})
    town.desk.office.settings = settings
    town.post.vanishing.add("asha@example.org")
    async with town.post.open(), town.working():
        life = await Life.begin(town.desk)
        (row,) = await town.rows(life, "L-01")
        assert row.state is LetterProgress.UNCERTAIN
        town.post.vanishing.clear()
        returns.arrives("exim", row)
        assert await returns.read() == [("L-01", Outcome.REPORTED)]
        await life.settled()
        first, again = await town.rows(life, "L-01")
    assert (first.arrived, again.state) == (False, LetterProgress.ACCEPTED)
    assert returns.unread() == 0


async def test_a_bounce_waits_while_no_worker_answers_and_is_known_where_an_officer_was_first(
    returns: Returns,
) -> None:
    town = returns.town
    settings = town.desk.office.settings.model_copy(update={"task_queue": uuid.uuid4().hex})
    town.desk.office.settings = settings
    async with town.post.open(), town.working():
        life = await Life.begin(town.desk)
    (row,) = await town.rows(life, "L-01")
    returns.arrives("exim", row)
    assert await returns.read(timedelta(seconds=1)) == [("L-01", Outcome.NOT_YET)]
    assert returns.unread() == 1
    async with town.post.open(), town.working():
        await life.settled()
        assert (await life.kinds()).count("letter.undelivered") <= 1
        await returns.read()
        await life.settled()
        assert (await life.kinds()).count("letter.undelivered") == 1
        returns.arrives("exim", row)
        assert await returns.read() == [("L-01", Outcome.KNOWN)]
    assert returns.unread() == 0
