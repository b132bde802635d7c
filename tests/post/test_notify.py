"""Letters by GOV.UK Notify over real HTTP: each arrives there once, whatever goes wrong on the way."""

import base64
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from connection.ports import free_port
from connection.settings import Settings
from domain.application import Means
from domain.events import LetterPosted, LetterState
from post.carrier import Misconfigured
from post.gateways import carriers
from post.mail import Mailer
from post.notify import Notify, NotifyEmail, NotifyPost
from post.post_room import PostRoom
from register import letter_rows
from register.database import Database
from register.letter_rows import LetterProgress
from tests.letters.council import PERSONAL, SENDER, Council, applicant, council_of, sources
from tests.post.notify_server import KEY, TEMPLATE, Service, serving
from tests.register.examples import NOW
from tests.register.fresh import with_tables

MINUTES = timedelta(minutes=1)
HOME = ("12 Castle Street", "Dover", "CT16 1PW")


@pytest.fixture
def service() -> Iterator[Service]:
    with serving() as running:
        yield running


@pytest_asyncio.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with Database(with_tables(f"sqlite:///{tmp_path / 'register.db'}")) as opened:
        yield opened


@pytest.fixture(autouse=True)
def no_names_in_the_logs(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert not [word for word in PERSONAL if word in caplog.text]


@dataclass
class Sent:
    """A council whose letters go by Notify."""

    council: Council
    service: Service
    key: str = KEY
    url: str = ""

    def room(self) -> PostRoom:
        notify = Notify(self.key, self.url or self.service.url, timeout=1)
        ways = {Means.EMAIL: NotifyEmail(notify, TEMPLATE), Means.POST: NotifyPost(notify)}
        return PostRoom(self.council.database, sources(), ways, "council.example.org")

    async def send(self, minutes: float = 0) -> LetterPosted:
        """What became of the case's first letter, handed over so many minutes later."""
        order = await self.council.order()
        event = await self.room().send(await self.council.case(), order, NOW + minutes * MINUTES)
        assert isinstance(event.what, LetterPosted)
        assert not [word for word in PERSONAL if word in event.model_dump_json()]
        return event.what

    async def state(self) -> LetterProgress:
        return (await self.council.row(await self.council.order())).state


@pytest_asyncio.fixture
async def by_email(database: Database, service: Service) -> Sent:
    return Sent(await council_of(database, applicant(large_print=False)), service)


@pytest_asyncio.fixture
async def by_post(database: Database, service: Service) -> Sent:
    return Sent(await council_of(database, applicant(email=None, address=HOME, unsafe=frozenset())), service)


async def test_an_e_mail_has_its_subject_text_and_reference_and_goes_once(by_email: Sent) -> None:
    assert [(await by_email.send(n)).state for n in range(2)] == [LetterState.ACCEPTED] * 2
    (given,) = by_email.service.given
    row = await by_email.council.row(await by_email.council.order())
    assert given["email_address"] == "ann.reed@example.org"
    assert given["personalisation"] == {"subject": row.subject, "text": row.text, "file": ""}
    assert given["reference"] == row.message_id.strip("<>").partition("@")[0]
    assert row.reference not in given["reference"]


async def test_a_large_print_letter_goes_with_its_pdf_as_a_link(database: Database, service: Service) -> None:
    sent = Sent(await council_of(database, applicant(large_print=True)), service)
    assert (await sent.send()).state is LetterState.ACCEPTED
    file = service.given[0]["personalisation"]["file"]
    assert file["filename"] == "letter.pdf"
    assert base64.b64decode(file["file"]).startswith(b"%PDF-")


async def test_a_letter_on_paper_is_the_kept_pdf_and_counts_as_accepted_by_post(by_post: Sent) -> None:
    posted = await by_post.send()
    assert (posted.state, posted.by) == (LetterState.ACCEPTED, Means.POST)
    order = await by_post.council.order()
    (kept,) = (await letter_rows.files(by_post.council.database, (order.key,)))[order.key]
    (given,) = by_post.service.given
    assert (base64.b64decode(given["content"]), given["postage"]) == (kept.content, "second")


@pytest.mark.parametrize(
    ("how", "state", "words"),
    [
        ("invalid", LetterState.REFUSED, "refused the letter (400 ValidationError): its address or its form"),
        ("trial", LetterState.WAITING, "(400 BadRequestError): check CASEREVIEW_NOTIFY_KEY."),
        ("rate", LetterState.WAITING, "as many letters as it takes for now (429 RateLimitError)"),
        ("broken", LetterState.WAITING, "could not answer (500 Exception)"),
        ("drop", LetterState.WAITING, "gave no answer"),
    ],
)
async def test_what_notify_will_not_take_is_said_in_our_words(
    by_email: Sent, how: str, state: LetterState, words: str
) -> None:
    by_email.service.behaves = [how]
    posted = await by_email.send()
    assert posted.state is state
    assert words in posted.words
    assert by_email.service.given == []


@pytest.mark.parametrize("how", ["trial", "rate", "broken", "drop"])
async def test_what_can_be_tried_again_goes_once_after_notify_was_asked(by_email: Sent, how: str) -> None:
    by_email.service.behaves = [how]
    states = [(await by_email.send(minutes)).state for minutes in (0, 1, 9, 10, 30)]
    assert states == [LetterState.WAITING] * 3 + [LetterState.ACCEPTED] * 2
    assert len(by_email.service.given) == 1


@pytest.mark.parametrize("how", ["vanish", "slow"])
@pytest.mark.parametrize("way", [Means.EMAIL, Means.POST])
async def test_a_letter_that_notify_took_without_an_answer_is_found_there(
    way: Means, how: str, by_email: Sent, by_post: Sent
) -> None:
    sent = by_email if way is Means.EMAIL else by_post
    sent.service.behaves = [how]
    assert (await sent.send()).state is LetterState.ACCEPTED
    assert (await sent.send(60)).state is LetterState.ACCEPTED
    assert len(sent.service.given) == 1


async def test_while_notify_cannot_be_asked_a_letter_in_doubt_is_not_sent_again(by_email: Sent) -> None:
    by_email.service.behaves, by_email.service.blind = ["vanish"], True
    assert [(await by_email.send(minutes)).state for minutes in (0, 30, 600)] == [LetterState.WAITING] * 3
    by_email.service.blind = False
    assert (await by_email.send(601)).state is LetterState.ACCEPTED
    assert len(by_email.service.given) == 1


@pytest.mark.parametrize("had_it", [True, False])
async def test_a_letter_found_half_handed_over_is_asked_after(by_email: Sent, had_it: bool) -> None:
    order = await by_email.council.order()
    by_email.service.behaves, by_email.service.blind = ["vanish" if had_it else "rate"], True
    await by_email.send()
    await letter_rows.handing_over(by_email.council.database, order.key, now=NOW + MINUTES)
    by_email.service.blind = False
    soon = await by_email.send(2)
    assert soon.state is (LetterState.ACCEPTED if had_it else LetterState.WAITING)
    assert (await by_email.send(12)).state is LetterState.ACCEPTED
    assert len(by_email.service.given) == 1


async def test_a_service_that_is_down_keeps_the_letter_and_takes_it_later(by_email: Sent) -> None:
    by_email.url = f"http://127.0.0.1:{free_port()}"
    waits = await by_email.send()
    assert (waits.state, waits.words) == (LetterState.WAITING, "GOV.UK Notify gave no answer.")
    by_email.url = ""
    assert (await by_email.send(10)).state is LetterState.ACCEPTED
    assert len(by_email.service.given) == 1


async def test_a_key_that_is_not_known_names_the_setting(by_email: Sent) -> None:
    by_email.key = KEY[:-1] + "1"
    waits = await by_email.send()
    assert waits.state is LetterState.WAITING
    assert waits.words.endswith("(403 AuthError); this machine's time may be wrong: check CASEREVIEW_NOTIFY_KEY.")
    assert by_email.key not in waits.words


async def test_an_address_that_notify_refuses_leaves_the_other_way(database: Database, service: Service) -> None:
    sent = Sent(await council_of(database, applicant(address=HOME, unsafe=frozenset())), service)
    service.behaves = ["invalid"]
    posted = await sent.send()
    assert (posted.state, posted.by, posted.then) == (LetterState.REFUSED, Means.EMAIL, Means.POST)


def test_the_settings_say_which_letters_go_by_notify(tmp_path: Path) -> None:
    plain = carriers(Settings(home=tmp_path))
    assert isinstance(plain[Means.EMAIL], Mailer)
    assert not plain[Means.POST].remembers
    posts = carriers(Settings(home=tmp_path, notify_key=KEY, notify_letters=True))
    assert isinstance(posts[Means.EMAIL], Mailer)
    assert isinstance(posts[Means.POST], NotifyPost)
    mails = carriers(Settings(home=tmp_path, notify_key=KEY, notify_email_template=TEMPLATE))
    assert isinstance(mails[Means.EMAIL], NotifyEmail)
    assert SENDER not in str(mails)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"notify_letters": True}, "CASEREVIEW_NOTIFY_KEY is not set"),
        ({"notify_key": KEY}, "set CASEREVIEW_NOTIFY_EMAIL_TEMPLATE, CASEREVIEW_NOTIFY_TEXT_TEMPLATE or"),
        ({"notify_key": "secret", "notify_letters": True}, "a name and two ids"),
        ({"notify_key": KEY, "notify_letters": True, "notify_url": "http://notify.example.org"}, "https://"),
    ],
)
def test_settings_that_cannot_work_are_one_sentence(given: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says) as wrong:
        Settings.model_validate(given)
    assert says in str(wrong.value)


async def test_without_the_client_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "notifications_python_client", None)
    with pytest.raises(Misconfigured, match=r"extra asb-case-review\[notify\]"):
        Notify(KEY, "https://notify.example.org")
