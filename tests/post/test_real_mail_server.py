"""Letters handed to Exim as Debian ships it: over TLS, with a sign-in, put off, refused, and cut off in the middle."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from domain.events import LetterPosted, LetterState
from post.carrier import by_default
from post.mail import Mailer
from post.post_room import PostRoom
from register.database import Database
from register.letter_rows import LetterProgress
from tests.letters.council import SENDER, Council, applicant, council_of, sources
from tests.post import exim
from tests.post.exim import Exim
from tests.post.test_mail_sign_in import certificate
from tests.register.examples import NOW
from tests.register.fresh import with_tables

pytestmark = [pytest.mark.mta, exim.installed]


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Exim]:
    certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    with exim.running(tmp_path / "cert.pem", tmp_path / "key.pem") as running:
        yield running


@pytest_asyncio.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with Database(with_tables(f"sqlite:///{tmp_path / 'register.db'}")) as opened:
        yield opened


def room(council: Council, port: int, password: str | None = exim.PASSWORD) -> PostRoom:
    user = exim.USER if password else None
    mailer = Mailer("localhost", port, user, password, bool(password), 5, SENDER)
    return PostRoom(council.database, sources(), by_default(mailer), "council.example.org")


async def sent(council: Council, port: int, later: int = 0, **login: str | None) -> LetterPosted:
    """What became of the case's first letter, handed over so many hours later."""
    order, at = await council.order(), NOW + timedelta(hours=later)
    event = await room(council, port, **login).send(await council.case(), order, at)
    assert isinstance(event.what, LetterPosted)
    return event.what


async def ids(server: Exim) -> list[str]:
    return [str(mail["Message-ID"]) for mail in await asyncio.to_thread(server.letters)]


async def test_a_letter_goes_over_tls_after_a_sign_in_and_arrives_once(database: Database, server: Exim) -> None:
    council = await council_of(database, applicant())
    assert [(await sent(council, server.port)).state for _ in range(2)] == [LetterState.ACCEPTED] * 2
    row = await council.row(await council.order())
    assert await ids(server) == [row.message_id]
    (mail,) = server.letters()
    assert "with esmtpsa" in str(mail["Received"])
    assert row.text.splitlines()[0] in str(mail.get_payload(0))


async def test_a_letter_put_off_waits_and_arrives_once_when_the_server_takes_it(
    database: Database, server: Exim
) -> None:
    council = await council_of(database, applicant())
    server.busy.touch()
    waits = await sent(council, server.port)
    assert (waits.state, "451 4.7.1" in waits.words) == (LetterState.WAITING, True)
    assert await ids(server) == []
    server.busy.unlink()
    assert (await sent(council, server.port, later=1)).state is LetterState.ACCEPTED
    assert len(await ids(server)) == 1


async def test_a_letter_that_is_refused_is_refused_for_good_and_arrives_nowhere(
    database: Database, server: Exim
) -> None:
    council = await council_of(database, applicant(email="gone@example.org"))
    refused = await sent(council, server.port)
    assert refused.state is LetterState.REFUSED
    assert refused.words.endswith("(550 5.1.1): there is no such mailbox.")
    assert (await sent(council, server.port, later=1)).state is LetterState.REFUSED
    assert await ids(server) == []


async def test_a_letter_cut_off_after_it_was_given_is_uncertain_and_there_is_one(
    database: Database, server: Exim
) -> None:
    council = await council_of(database, applicant(email="plain@example.org"))
    async with exim.cutting(server.port) as port:
        assert (await sent(council, port, password=None)).state is LetterState.UNCERTAIN
    assert (await sent(council, server.port, later=1)).state is LetterState.UNCERTAIN
    row = await council.row(await council.order())
    assert (row.state, row.attempts) == (LetterProgress.UNCERTAIN, 1)
    assert await ids(server) == [row.message_id]


async def test_a_wrong_password_keeps_the_letter_and_names_the_setting(database: Database, server: Exim) -> None:
    council = await council_of(database, applicant())
    waits = await sent(council, server.port, password="wrong")
    assert (waits.state, "CASEREVIEW_SMTP_PASSWORD" in waits.words) == (LetterState.WAITING, True)
    assert await ids(server) == []
