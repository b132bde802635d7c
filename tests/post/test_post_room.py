"""One event, one letter: the post room against a real register and real mail servers on loopback."""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from connection.ports import free_port
from domain import events as e
from domain.application import Means
from domain.events import Event, LetterPosted, LetterState
from letters.rendering import Renderer
from letters.sources import TEMPLATES
from post.carrier import by_default
from post.mail import Mailer, message_id
from post.post_room import Contended, KeptLetter, PostRoom
from register import entries, letter_rows, queries
from register.database import Database
from register.letter_rows import LetterProgress
from starter.inbox import Inbox
from tests.letters.council import PERSONAL, SENDER, Council, Desk, applicant, council_of, sources
from tests.post.mail_server import listening
from tests.register import examples
from tests.register.examples import NOW, OFFICER
from tests.register.fresh import with_tables
from tests.support import clock

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


LATER = NOW + timedelta(minutes=30)


@pytest_asyncio.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with Database(with_tables(f"sqlite:///{tmp_path / 'register.db'}")) as opened:
        yield opened


@pytest_asyncio.fixture
async def council(database: Database) -> Council:
    return await council_of(database, examples.form())


@pytest_asyncio.fixture
async def inbox(tmp_path: Path) -> AsyncIterator[Inbox]:
    async with Inbox(tmp_path / "mail", 0, 0, slow=30) as opened:
        yield opened


@pytest.fixture(autouse=True)
def no_names_in_the_logs(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert not [word for word in PERSONAL if word in caplog.text]


def posted(event: Event) -> LetterPosted:
    assert isinstance(event.what, LetterPosted)
    assert not [word for word in PERSONAL if word in event.model_dump_json()]
    return event.what


async def test_the_same_letter_twice_is_one_mail_one_row_and_the_same_event(council: Council, inbox: Inbox) -> None:
    order, room = await council.order(), council.room(inbox.smtp_address[1])
    first = await room.send(await council.case(), order, NOW)
    second = await room.send(await council.case(), order, LATER)
    assert first == second
    assert posted(first).state is LetterState.ACCEPTED
    assert first.at == NOW
    (mail,) = inbox.letters.mails()
    assert (mail.to, mail.reference) == ("Ann Reed <ann.reed@example.org>", council.start.reference)
    assert mail.message_id == message_id(order.key, "council.example.org")
    (row,) = await queries.letters(council.database, council.start.reference)
    assert (row.state, row.attempts) == (LetterProgress.ACCEPTED, 1)
    assert row.told == posted(first).told


async def test_eight_that_send_the_same_letter_at_once_send_one_mail(council: Council, inbox: Inbox) -> None:
    order, room = await council.order(), council.room(inbox.smtp_address[1])
    case = await council.case()
    sends = (room.send(case, order, NOW) for _ in range(8))
    found = await asyncio.gather(*sends, return_exceptions=True)
    assert all(isinstance(one, (Event, Contended)) for one in found), found
    assert len(inbox.letters.mails()) == 1
    assert (await council.row(order)).state in (LetterProgress.ACCEPTED, LetterProgress.UNCERTAIN)


async def test_a_letter_found_half_handed_over_is_uncertain_and_not_sent_again(council: Council, inbox: Inbox) -> None:
    order, room = await council.order(), council.room(inbox.smtp_address[1])
    async with listening(Desk("451 4.3.0 later")) as busy:
        await council.room(busy).send(await council.case(), order, NOW)
    await letter_rows.handing_over(council.database, order.key, now=NOW)
    first = await room.send(await council.case(), order, LATER)
    again = await room.send(await council.case(), order, LATER + timedelta(hours=1))
    assert posted(first).state is LetterState.UNCERTAIN
    assert "ask whether it arrived" in posted(first).words
    assert first == again
    assert inbox.letters.mails() == []


@pytest.mark.parametrize("answer", ["vanish", "wait"])
async def test_a_process_that_dies_while_the_server_reads_leaves_one_mail_and_a_question(
    council: Council, answer: str
) -> None:
    order, desk = await council.order(), Desk(answer)
    async with listening(desk) as port:
        room = council.room(port)
        if answer == "wait":
            dying = asyncio.create_task(room.send(await council.case(), order, NOW))
            await desk.reading.wait()
            dying.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await dying
            assert (await council.row(order)).state is LetterProgress.HANDING_OVER
        desk_again = [await room.send(await council.case(), order, LATER) for _ in range(3)]
    assert {posted(event).state for event in desk_again} == {LetterState.UNCERTAIN}
    assert len(desk.taken) == 1
    assert (await council.row(order)).attempts == 1


@pytest.mark.parametrize(
    "at", [{"rcpt": "451 4.7.1 Greylisted ann.reed@example.org"}, {"data": "452 4.3.1 ann.reed@example.org full"}]
)
async def test_a_letter_put_off_waits_and_goes_once_when_the_server_takes_it(
    council: Council, at: dict[str, str]
) -> None:
    order, port = await council.order(), free_port()
    room = council.room(port)
    async with listening(Desk(**at), port):
        waits = [await room.send(await council.case(), order, NOW + timedelta(minutes=n)) for n in range(2)]
    assert [posted(event).state for event in waits] == [LetterState.WAITING] * 2
    assert waits[0].id == waits[1].id
    desk = Desk()
    async with listening(desk, port):
        goes = [await room.send(await council.case(), order, LATER) for _ in range(2)]
    assert [posted(event).state for event in goes] == [LetterState.ACCEPTED] * 2
    assert goes[0].at == LATER
    assert len(desk.taken) == 1


async def test_a_server_that_is_down_keeps_the_letter_waiting(council: Council) -> None:
    order, port = await council.order(), free_port()
    room = council.room(port)
    assert posted(await room.send(await council.case(), order, NOW)).state is LetterState.WAITING
    desk = Desk()
    async with listening(desk, port):
        assert posted(await room.send(await council.case(), order, LATER)).state is LetterState.ACCEPTED
    assert len(desk.taken) == 1


async def test_a_server_too_slow_to_answer_keeps_the_letter_waiting(database: Database, inbox: Inbox) -> None:
    council = await council_of(database, applicant(email="slow@example.org"))
    order, room = await council.order(), council.room(inbox.smtp_address[1], timeout=0.2)
    event = await room.send(await council.case(), order, NOW)
    assert posted(event).state is LetterState.WAITING
    assert "in time" in posted(event).words


async def test_an_address_the_server_refuses_is_not_tried_again(database: Database, inbox: Inbox) -> None:
    council = await council_of(database, applicant(email="bounce@example.org"))
    order, room = await council.order(), council.room(inbox.smtp_address[1])
    first = await room.send(await council.case(), order, NOW)
    assert await room.send(await council.case(), order, LATER) == first
    assert (posted(first).state, posted(first).words) == (
        LetterState.REFUSED,
        "The mail server refused the recipient's address (550 5.1.1): there is no such mailbox.",
    )
    assert (await council.row(order)).code == 550


async def test_a_wrong_password_keeps_the_letter_and_names_the_setting(council: Council) -> None:
    def guard(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=data.password == b"right", handled=False)

    order, desk = await council.order(), Desk()
    async with listening(desk, authenticator=guard, auth_required=True, auth_require_tls=False) as port:
        wrong = await council.room(port, username="csu", password="wrong").send(await council.case(), order, NOW)
        right = await council.room(port, username="csu", password="right").send(await council.case(), order, LATER)
    assert posted(wrong).state is LetterState.WAITING
    assert posted(wrong).words.endswith("(535): check CASEREVIEW_SMTP_PASSWORD.")
    assert posted(right).state is LetterState.ACCEPTED
    assert len(desk.taken) == 1


async def test_a_letter_without_an_address_is_for_a_person_to_tell(database: Database) -> None:
    council = await council_of(database, applicant(email=None, phone="01304 000000"))
    order, room = await council.order(), council.room(free_port())
    event = await room.send(await council.case(), order, NOW)
    assert posted(event).state is LetterState.REFUSED
    assert (posted(event).by, posted(event).then) == (None, None)
    assert "tell them another way" in posted(event).words
    row = await council.row(order)
    assert (row.attempts, row.address) == (0, "")
    assert "Ann Reed" in row.text


async def test_an_address_the_applicant_called_unsafe_is_never_written_to(database: Database, inbox: Inbox) -> None:
    council = await council_of(database, applicant(unsafe=frozenset({"email"})))
    order = await council.order()
    event = await council.room(inbox.smtp_address[1]).send(await council.case(), order, NOW)
    assert (posted(event).state, posted(event).by) == (LetterState.IN_TRAY, Means.POST)
    assert inbox.letters.mails() == []


async def test_a_letter_without_a_source_waits_until_it_has_one(council: Council, inbox: Inbox, tmp_path: Path) -> None:
    shutil.copytree(TEMPLATES, tmp_path / "templates")
    source = tmp_path / "templates" / "letters" / "L-01.md.j2"
    text = source.read_text()
    source.unlink()
    order, port = await council.order(), inbox.smtp_address[1]
    bare = council.room(port, renderer=Renderer(tmp_path / "templates"))
    event = await bare.send(await council.case(), order, NOW)
    assert posted(event).state is LetterState.WAITING
    assert posted(event).words == "There is no letter 'L-01': add L-01.md.j2 to templates/letters."
    assert await queries.letters(council.database, council.start.reference) == []
    source.write_text(text)
    whole = council.room(port, renderer=Renderer(tmp_path / "templates"))
    assert posted(await whole.send(await council.case(), order, LATER)).state is LetterState.ACCEPTED
    assert len(inbox.letters.mails()) == 1


async def test_a_letter_is_written_once_whatever_becomes_of_its_source(
    council: Council, inbox: Inbox, tmp_path: Path
) -> None:
    order = await council.order()
    await council.room(free_port()).send(await council.case(), order, NOW)
    before = await council.row(order)
    shutil.copytree(TEMPLATES, tmp_path / "templates")
    source = tmp_path / "templates" / "letters" / "L-01.md.j2"
    source.write_text(source.read_text().replace("Dear", "Hello"))
    changed = council.room(inbox.smtp_address[1], renderer=Renderer(tmp_path / "templates"))
    await changed.send(await council.case(), order, LATER)
    after = await council.row(order)
    assert (after.text, after.sha256, after.template_version) == (before.text, before.sha256, before.template_version)
    assert inbox.letters.mails()[0].text.split() == before.text.split()


async def test_a_letter_sent_again_under_its_own_key_says_the_same_and_is_a_mail_of_its_own(
    database: Database, inbox: Inbox
) -> None:
    council = await council_of(database, applicant(email="vanish@example.org"))
    order, room = await council.order(), council.room(inbox.smtp_address[1])
    again = order.model_copy(update={"key": f"{order.key}~2"})
    for key in (order, order, again, again):
        await room.send(await council.case(), key, NOW)
    first, second = inbox.letters.mails()
    assert first.message_id != second.message_id
    assert first.text == second.text


async def test_a_letter_is_written_while_the_register_knows_more_than_the_workflow_had_counted(
    council: Council, inbox: Inbox
) -> None:
    """A turn done twice, or a letter tried again beside the story, leaves events that are not placed yet."""
    order = await council.order()
    await council.room(free_port()).send(await council.case(), order, NOW)
    reference = council.start.reference
    for number in range(3):
        what = LetterPosted(key=f"k{number}", letter="A-01", to="police", event="e1", state=LetterState.WAITING)
        await entries.post(council.database, reference, [Event(id=f"k{number}", at=NOW, by=e.CLOCK, what=what)])
    council.story.at = NOW + timedelta(hours=2)
    council.story.happened(e.OfficerAssigned(officer="Jo New"), by=OFFICER)
    turn = council.turn()
    await entries.record(council.database, turn)
    event = await council.room(inbox.smtp_address[1]).send(await council.case(), turn.letters[-1], LATER)
    assert (posted(event).letter, posted(event).state) == ("L-07", LetterState.ACCEPTED)
    assert "Jo New" in inbox.letters.mails()[0].text


async def test_a_letter_held_back_waits_and_was_not_tried(council: Council, inbox: Inbox) -> None:
    order, room = await council.order(), council.room(inbox.smtp_address[1])
    held = await room.send(await council.case(), order, NOW, hold_back=True)
    assert posted(held).state is LetterState.WAITING
    assert (await council.row(order)).attempts == 0
    await room.send(await council.case(), order, LATER)
    accepted = await room.send(await council.case(), order, LATER, hold_back=True)
    assert posted(accepted).state is LetterState.ACCEPTED
    assert len(inbox.letters.mails()) == 1


async def test_a_letter_given_up_is_refused_and_one_that_went_is_left_alone(council: Council, inbox: Inbox) -> None:
    order = await council.order()
    down = council.room(free_port())
    await down.give_up(order.key, "no such letter yet", NOW)
    await down.send(await council.case(), order, NOW)
    await down.give_up(order.key, "a whole day went by", LATER)
    assert (await council.row(order)).state is LetterProgress.REFUSED
    room = council.room(inbox.smtp_address[1])
    assert posted(await room.send(await council.case(), order, LATER)).words == "a whole day went by"
    assert inbox.letters.mails() == []
    again = order.model_copy(update={"key": f"{order.key}~2"})
    await room.send(await council.case(), again, LATER)
    await room.give_up(again.key, "too late", clock.now())
    assert (await council.row(again)).state is LetterProgress.ACCEPTED


async def test_a_letter_that_waits_is_refused_once_its_reader_does_not_act_any_more(
    database: Database, inbox: Inbox
) -> None:
    council = await council_of(database, examples.form(representative=examples.representative()))
    order = await council.order()
    await council.room(free_port()).send(await council.case(), order, NOW)
    council.story.happened(e.RepresentativeChanged(representative=""), by=OFFICER)
    await entries.record(database, council.turn())
    room = council.room(inbox.smtp_address[1])
    first, again = [await room.send(await council.case(), order, now) for now in (LATER, LATER + timedelta(hours=1))]
    assert first == again
    assert (posted(first).state, first.at) == (LetterState.REFUSED, LATER)
    assert "does not act" in posted(first).words
    assert inbox.letters.mails() == []


async def test_a_letter_in_other_hands_is_named_without_its_reader(council: Council, inbox: Inbox) -> None:
    order = await council.order()
    member = order.model_copy(update={"key": f"{council.start.reference}/e2/L-01/ann.reed@example.org"})

    class Overtaking(PostRoom):
        """Another process settles the letter between this one's look and its hand-over."""

        async def _hand_over(self, written: KeptLetter, *rest: Any) -> Any:
            await letter_rows.settle(council.database, written.row.key, LetterState.REFUSED, 550, "refused", now=NOW)
            return await super()._hand_over(written, *rest)

    mailer = Mailer("127.0.0.1", inbox.smtp_address[1], None, None, False, 5, SENDER)
    with pytest.raises(Contended) as contended:
        await Overtaking(council.database, sources(), by_default(mailer), "example.org").send(
            await council.case(), member, NOW
        )
    assert "ann.reed" not in str(contended.value)
    assert contended.value.__cause__ is None
    assert inbox.letters.mails() == []
