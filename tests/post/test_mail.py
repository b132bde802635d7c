"""Letters by e-mail as they leave: form, headers, attachments, addresses, against real SMTP servers on loopback."""

import datetime as dt
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st
from temporalio.api.failure.v1 import Failure
from temporalio.converter import DefaultFailureConverter, DefaultPayloadConverter

from connection.ports import free_port
from domain.events import LetterState
from post.mail import Delivery, Misconfigured, TryLater, compose, message_id
from register.letter_rows import LetterFile
from tests.post.mail_server import (
    SECRET_TO,
    SENDER,
    Hook,
    Office,
    letter,
    listening,
    mailer,
    outcome,
    read,
    received,
)

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


async def test_a_letter_the_server_takes_is_accepted() -> None:
    office = Office()
    delivery, _ = await outcome(office)
    assert delivery == Delivery(LetterState.ACCEPTED, 250, "The mail server accepted the letter (250).")
    assert office.envelopes[0].mail_from == "asb@council.example.org"
    assert office.envelopes[0].rcpt_tos == [SECRET_TO]


async def test_about_to_send_is_awaited_once_and_before_the_letter_leaves() -> None:
    office = Office()
    _, hook = await outcome(office)
    assert (hook.calls, hook.letters_then, len(office.envelopes)) == (1, 0, 1)


async def test_what_about_to_send_raises_is_raised_and_nothing_is_sent() -> None:
    class RegisterDown(ConnectionError):
        pass

    async def fails() -> None:
        raise RegisterDown

    office = Office()
    async with listening(office) as port:
        with pytest.raises(RegisterDown):
            await mailer(port).send(letter(), about_to_send=fails)
    assert office.envelopes == []


async def test_the_message_has_text_then_html_and_its_headers() -> None:
    office = Office()
    await outcome(office)
    message = received(office)
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["From"] == SENDER
    assert message["To"] == f"Anna Kowalska <{SECRET_TO}>"
    assert message["Reply-To"] == "csu@council.example.org"
    assert message["X-Case-Reference"] == "D-2027-1"
    assert message["Date"].datetime.tzinfo is not None


async def test_a_line_of_one_dot_arrives_as_it_was_written() -> None:
    office = Office()
    await outcome(office)
    body = received(office).get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines() == letter().text.splitlines()


def test_a_message_id_is_the_same_for_the_same_key_and_hides_the_key() -> None:
    first = message_id("D-2027-1/anna@home.example.org", "council.example.org")
    assert first == message_id("D-2027-1/anna@home.example.org", "council.example.org")
    assert first != message_id("D-2027-2/anna@home.example.org", "council.example.org")
    assert "anna" not in first
    assert first.endswith("@council.example.org>")


async def test_the_same_letter_sent_twice_has_the_same_message_id() -> None:
    office = Office(data="451 4.3.0 later")
    async with listening(office) as port:
        with pytest.raises(TryLater):
            await mailer(port).send(letter(), about_to_send=Hook())
        office.data = ""
        await mailer(port).send(letter(), about_to_send=Hook())
    ids = {read(envelope.content)["Message-ID"] for envelope in office.envelopes}
    assert ids == {letter().message_id}


def test_a_message_id_that_was_not_made_here_is_refused() -> None:
    with pytest.raises(ValueError, match="message_id"):
        letter(message_id="<a@b>\r\nBcc: x@evil.example.org")


async def test_a_letter_keeps_the_date_it_was_written() -> None:
    written = dt.datetime(2027, 1, 14, 9, 30, tzinfo=dt.UTC)  # Thu
    assert read(bytes(compose(letter(date=written), SENDER)))["Date"] == "Thu, 14 Jan 2027 09:30:00 +0000"


async def test_an_attachment_comes_after_the_letter_and_keeps_its_bytes() -> None:
    pdf = LetterFile("decision\r\nX: y.pdf", "application/pdf", b"%PDF-1.7\x00")
    message = read(bytes(compose(letter(attachments=(pdf,)), SENDER)))
    (attached,) = message.iter_attachments()
    assert attached.get_content() == b"%PDF-1.7\x00"
    assert attached.get_filename() == "decision X: y.pdf"
    assert "X" not in message


@pytest.mark.parametrize("sender", ["", "Council", "a@b@c"])
def test_a_sender_that_is_no_address_names_the_setting(sender: str) -> None:
    with pytest.raises(Misconfigured, match="CASEREVIEW_MAIL_FROM"):
        mailer(25, sender=sender)


@pytest.mark.parametrize(
    "to",
    [
        "",
        "anna",
        "anna@",
        "@home.example.org",
        "a b@home.example.org",
        "a@home.example.org\r\nRCPT TO:<b@c.de>",
        *("<a@b.de>", "a@b.de,c@d.de", "a@b..de", f"a@{'x' * 64}.de", "a\x00@b.de"),
    ],
)
async def test_an_address_that_is_none_is_refused_without_a_connection(to: str) -> None:
    delivery = await mailer(free_port()).send(letter(to=to), about_to_send=Hook())
    assert (delivery.state, delivery.code) == (LetterState.REFUSED, None)
    assert to not in delivery.words or not to


async def test_an_address_beyond_ascii_is_sent_where_the_server_can() -> None:
    office = Office()
    async with listening(office) as port:
        delivery = await mailer(port).send(letter(to="józef@łódź.example.org"), about_to_send=Hook())
    assert delivery.state is LetterState.ACCEPTED
    assert office.envelopes[0].rcpt_tos == ["józef@xn--d-uga0v4h.example.org"]
    assert "SMTPUTF8" in office.options


async def test_an_address_beyond_ascii_is_refused_where_the_server_cannot() -> None:
    async with listening(Office(), utf8=False) as port:
        delivery = await mailer(port).send(letter(to="józef@example.org"), about_to_send=Hook())
    assert delivery.state is LetterState.REFUSED


async def test_a_domain_beyond_ascii_needs_nothing_of_the_server() -> None:
    office = Office()
    async with listening(office, utf8=False) as port:
        delivery = await mailer(port).send(letter(to="anna@łódź.example.org"), about_to_send=Hook())
    assert delivery.state is LetterState.ACCEPTED
    assert office.envelopes[0].rcpt_tos == ["anna@xn--d-uga0v4h.example.org"]


NAMES = [
    "Łódź",
    "שרה כהן",
    "Anna\r\nBcc: evil@example.org",
    'Anna "the cat" <evil@example.org>',
    "Kowalska, Anna; x@y.de",
    "\u202eevil\u202c",
    "=?utf-8?q?evil?=",
    "名" * 90,
    "\ud800 lone",
    "a" * 300,
]


@pytest.mark.parametrize("name", NAMES)
async def test_no_name_can_add_a_header_or_a_recipient(name: str) -> None:
    office = Office()
    async with listening(office) as port:
        hostile = letter(to_name=name, subject=f"About {name}", reference=name)
        delivery = await mailer(port).send(hostile, about_to_send=Hook())
    assert delivery.state is LetterState.ACCEPTED
    message = received(office)
    assert [address.addr_spec for address in message["To"].addresses] == [SECRET_TO]
    assert "Bcc" not in message
    assert message["Auto-Submitted"] == "auto-generated"
    assert "\n" not in message["Subject"]


@given(st.text(max_size=250), st.text(max_size=250))
def test_any_name_and_subject_make_one_header_each(name: str, subject: str) -> None:
    raw = bytes(compose(letter(to_name=name, subject=subject), SENDER))
    message = read(raw)
    assert [address.addr_spec for address in message["To"].addresses] == [SECRET_TO]
    assert message.get_all("Subject") is not None
    assert len(message.get_all("Message-ID", [])) == 1
    names = {header.lower() for header in message}
    known = {"from", "to", "reply-to", "subject", "date", "message-id", "auto-submitted", "x-case-reference"}
    assert names <= known | {"mime-version", "content-type"}


def test_a_name_beyond_ascii_arrives_as_it_is() -> None:
    message = read(bytes(compose(letter(to_name="Łódź, Anna"), SENDER)))
    assert message["To"].addresses[0].display_name == "Łódź, Anna"


@pytest.mark.parametrize(
    "office",
    [Office(rcpt=f"550 5.1.1 {SECRET_TO}"), Office(data=f"554 {SECRET_TO}"), Office(data="vanish")],
)
async def test_no_words_hold_the_address(office: Office) -> None:
    delivery, _ = await outcome(office)
    assert "anna" not in delivery.words


@pytest.mark.parametrize(
    "office",
    [
        Office(rcpt=f"451 {SECRET_TO}"),
        Office(mail=f"530 {SECRET_TO}"),
        Office(data=f"451 {SECRET_TO}"),
        Office(data=f"535 {SECRET_TO}"),
    ],
)
async def test_no_failure_in_temporals_history_holds_the_address(office: Office) -> None:
    with pytest.raises((TryLater, Misconfigured)) as problem:
        await outcome(office)
    failure = Failure()
    DefaultFailureConverter().to_failure(problem.value, DefaultPayloadConverter(), failure)
    assert "anna" not in str(failure)
    assert "anna" not in "".join(traceback.format_exception(problem.value))
