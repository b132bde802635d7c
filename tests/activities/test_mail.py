"""Letters by e-mail, against real SMTP servers on loopback."""

import asyncio
import contextlib
import datetime as dt
import ssl
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st
from temporalio.api.failure.v1 import Failure
from temporalio.converter import DefaultFailureConverter, DefaultPayloadConverter

from activities.mail import Attachment, Delivery, Mail, Mailer, Misconfigured, TryLater, compose, message_id
from connection.ports import free_port
from domain.events import LetterState

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

SENDER = "Kent ASB Case Review <asb@council.example.org>"
SECRET_TO = "anna.kowalska@home.example.org"

Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def letter(**changes: Any) -> Mail:
    given: dict[str, Any] = {
        "message_id": message_id("D-2027-1/L-03/applicant", "council.example.org"),
        "to": SECRET_TO,
        "to_name": "Anna Kowalska",
        "subject": "We will hold a review",
        "text": "Dear Anna\n\n.\nWe will hold a review.\n",
        "html": "<p>Dear Anna</p><p>We will hold a review.</p>",
        "reply_to": "csu@council.example.org",
        "reference": "D-2027-1",
    }
    return Mail(**(given | changes))


class Hook:
    """What the caller commits before a letter leaves; notes how much the server had by then."""

    def __init__(self, office: "Office | None" = None) -> None:
        self.calls = 0
        self.office = office
        self.letters_then = -1

    async def __call__(self) -> None:
        self.calls += 1
        self.letters_then = len(self.office.envelopes) if self.office else 0


class Office:
    """A mail server's handler: answers each step from `replies`, in order, then 250."""

    def __init__(self, mail: str = "", rcpt: str | list[str] = "", data: str = "", wait: float = 0) -> None:
        self.mail = mail
        self.rcpt = [rcpt] if isinstance(rcpt, str) else list(rcpt)
        self.data = data
        self.wait = wait
        self.envelopes: list[Envelope] = []
        self.options: list[str] = []
        self.secure = False
        self.logins: list[bytes] = []

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.secure = session.ssl is not None
        self.options = options
        if not self.mail:
            envelope.mail_from = address
        return self.mail or "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = self.rcpt.pop(0) if self.rcpt else ""
        if reply == "wait":
            await asyncio.sleep(self.wait)
        elif reply:
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.envelopes.append(envelope)
        if self.data == "vanish":
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
            await asyncio.sleep(60)
        if self.data == "wait":
            await asyncio.sleep(self.wait)
            return "250 2.0.0 taken"
        return self.data or "250 2.0.0 taken"


def received(office: Office) -> EmailMessage:
    (envelope,) = office.envelopes
    return read(envelope.content)


def read(content: object) -> EmailMessage:
    assert isinstance(content, bytes)
    message = message_from_bytes(content, policy=modern)
    assert isinstance(message, EmailMessage)
    return message


@contextlib.asynccontextmanager
async def listening(office: Office, **settings: Any) -> AsyncIterator[int]:
    loop = asyncio.get_running_loop()
    servers: list[SMTP] = []
    utf8 = settings.pop("utf8", True)

    def factory() -> SMTP:
        servers.append(SMTP(office, enable_SMTPUTF8=utf8, hostname="mail", loop=loop, **settings))
        return servers[-1]

    listener = await loop.create_server(factory, "127.0.0.1", 0)
    try:
        yield listener.sockets[0].getsockname()[1]
    finally:
        listener.close()
        for server in servers:
            if isinstance(server.transport, asyncio.Transport):
                server.transport.abort()


@contextlib.asynccontextmanager
async def scripted(script: Script) -> AsyncIterator[int]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await script(reader, writer)
        writer.close()

    listener = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield listener.sockets[0].getsockname()[1]
    finally:
        listener.close()


def mailer(port: int, timeout: float = 5, **changes: Any) -> Mailer:
    settings: dict[str, Any] = {"username": None, "password": None, "starttls": False, "sender": SENDER}
    return Mailer("127.0.0.1", port, timeout=timeout, **(settings | changes))


async def outcome(office: Office, **changes: Any) -> tuple[Delivery, Hook]:
    hook = Hook(office)
    async with listening(office) as port:
        return await mailer(port, **changes).send(letter(), about_to_send=hook), hook


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
    assert compose(letter(date=written), SENDER)["Date"] == "Thu, 14 Jan 2027 09:30:00 +0000"


async def test_an_attachment_comes_after_the_letter_and_keeps_its_bytes() -> None:
    pdf = Attachment("decision\r\nX: y.pdf", "application/pdf", b"%PDF-1.7\x00")
    message = read(bytes(compose(letter(attachments=(pdf,)), SENDER)))
    (attached,) = message.iter_attachments()
    assert attached.get_content() == b"%PDF-1.7\x00"
    assert attached.get_filename() == "decision X: y.pdf"
    assert "X" not in message


async def test_a_greylisted_letter_is_for_later_and_then_accepted() -> None:
    office = Office(rcpt=["451 4.7.1 greylisted"])
    hook = Hook()
    async with listening(office) as port:
        with pytest.raises(TryLater, match=r"put off the recipient's address \(451 4\.7\.1\)") as later:
            await mailer(port).send(letter(), about_to_send=hook)
        assert later.value.code == 451
        assert hook.calls == 0
        delivery = await mailer(port).send(letter(), about_to_send=hook)
    assert (delivery.state, hook.calls) == (LetterState.ACCEPTED, 1)


async def test_a_451_after_the_letter_is_for_later() -> None:
    with pytest.raises(TryLater, match=r"put off the letter \(451\)"):
        await outcome(Office(data="451 try again"))


async def test_a_mailbox_that_does_not_exist_is_refused_before_the_letter_leaves() -> None:
    office = Office(rcpt=f"550 5.1.1 <{SECRET_TO}> unknown")
    delivery, hook = await outcome(office)
    words = "The mail server refused the recipient's address (550 5.1.1): there is no such mailbox."
    assert delivery == Delivery(LetterState.REFUSED, 550, words)
    assert hook.calls == 0


@pytest.mark.parametrize(
    ("office", "code", "step"),
    [
        (Office(mail="553 not yours"), 553, "our own address"),
        (Office(rcpt="550 no"), 550, "the recipient's address"),
        (Office(data="554 5.7.1 spam"), 554, "the letter"),
    ],
)
async def test_a_refusal_for_good_is_refused_at_any_step(office: Office, code: int, step: str) -> None:
    delivery, _ = await outcome(office)
    assert (delivery.state, delivery.code) == (LetterState.REFUSED, code)
    assert step in delivery.words


async def test_a_server_that_turns_us_away_at_the_door_has_refused() -> None:
    async def closed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"554 no service\r\n")
        await reader.read()

    async with scripted(closed) as port:
        delivery = await mailer(port).send(letter(), about_to_send=Hook())
    assert (delivery.state, delivery.code) == (LetterState.REFUSED, 554)


async def test_a_refused_connection_is_for_later() -> None:
    with pytest.raises(TryLater, match="cannot be reached"):
        await mailer(free_port()).send(letter(), about_to_send=Hook())


async def test_a_name_that_does_not_resolve_is_for_later() -> None:
    lost = Mailer("mail.invalid", 25, None, None, False, 5, SENDER)
    with pytest.raises(TryLater, match=r"mail\.invalid:25 cannot be reached"):
        await lost.send(letter(), about_to_send=Hook())


async def test_a_server_that_says_nothing_is_for_later() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with scripted(silent) as port:
        with pytest.raises(TryLater, match="did not answer the connection in time"):
            await mailer(port, timeout=0.1).send(letter(), about_to_send=Hook())


async def test_a_time_out_before_the_letter_is_for_later() -> None:
    hook = Hook()
    async with listening(Office(rcpt="wait", wait=5)) as port:
        with pytest.raises(TryLater, match="did not answer the recipient's address in time"):
            await mailer(port, timeout=0.2).send(letter(), about_to_send=hook)
    assert hook.calls == 0


async def test_a_time_out_after_the_letter_is_uncertain() -> None:
    delivery, hook = await outcome(Office(data="wait", wait=5), timeout=0.2)
    assert (delivery.state, delivery.code) == (LetterState.UNCERTAIN, None)
    assert "gave no answer in time" in delivery.words
    assert hook.calls == 1


async def test_the_last_reply_may_be_given_longer_than_the_others() -> None:
    delivery, _ = await outcome(Office(data="wait", wait=0.5), timeout=0.2, reply_timeout=5)
    assert delivery.state is LetterState.ACCEPTED


async def test_a_server_that_vanishes_after_the_letter_leaves_it_uncertain() -> None:
    office = Office(data="vanish")
    delivery, hook = await outcome(office)
    assert delivery.state is LetterState.UNCERTAIN
    assert "hung up" in delivery.words
    assert (hook.calls, len(office.envelopes)) == (1, 1)


def until_data(reply: bytes, after: bytes | None = None) -> Script:
    """A server that is all right up to DATA, answers `reply` to it, and `after` to the letter."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        while line := await reader.readline():
            if not line.startswith(b"DATA"):
                writer.write(b"250 OK\r\n")
                continue
            writer.write(reply)
            if after is not None:
                await reader.readuntil(b"\r\n.\r\n")
                writer.write(after)
                await writer.drain()
            return

    return script


async def test_a_server_that_hangs_up_before_it_asks_for_the_letter_has_not_got_it() -> None:
    hook = Hook()
    async with scripted(until_data(b"")) as port:
        with pytest.raises(TryLater, match="hung up at the letter"):
            await mailer(port).send(letter(), about_to_send=hook)
    assert hook.calls == 1


async def test_a_server_that_refuses_to_begin_the_letter_has_refused_it() -> None:
    async with scripted(until_data(b"554 no valid recipients\r\n")) as port:
        delivery = await mailer(port).send(letter(), about_to_send=Hook())
    assert (delivery.state, delivery.code) == (LetterState.REFUSED, 554)


@pytest.mark.parametrize("after", [b"what?\r\n", b"354 go on\r\n", b"25"])
async def test_an_answer_that_says_nothing_leaves_the_letter_uncertain(after: bytes) -> None:
    async with scripted(until_data(b"354 go\r\n", after)) as port:
        delivery = await mailer(port).send(letter(), about_to_send=Hook())
    assert delivery.state is LetterState.UNCERTAIN


async def test_an_answer_that_is_no_smtp_before_the_letter_is_for_later() -> None:
    async def web(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await reader.read()

    async with scripted(web) as port:
        with pytest.raises(TryLater):
            await mailer(port).send(letter(), about_to_send=Hook())


def keeper(office: Office, password: bytes) -> Callable[..., AuthResult]:
    def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        office.logins.append(data.login)
        return AuthResult(success=data.password == password, handled=False)

    return authenticate


async def test_a_wrong_password_names_the_setting_and_is_tried_once() -> None:
    office = Office()
    guard = {"authenticator": keeper(office, b"right"), "auth_required": True, "auth_require_tls": False}
    async with listening(office, **guard) as port:
        with pytest.raises(Misconfigured, match=r"refused our sign-in \(535\): check CASEREVIEW_SMTP_PASSWORD\.$"):
            await mailer(port, username="csu", password="wrong").send(letter(), about_to_send=Hook())
        assert office.logins == [b"csu"]
        delivery = await mailer(port, username="csu", password="right").send(letter(), about_to_send=Hook())
    assert delivery.state is LetterState.ACCEPTED


async def test_a_server_that_asks_for_a_sign_in_names_the_user_name() -> None:
    office = Office()
    guard = {"authenticator": keeper(office, b"right"), "auth_required": True, "auth_require_tls": False}
    async with listening(office, **guard) as port:
        with pytest.raises(Misconfigured, match="CASEREVIEW_SMTP_USERNAME"):
            await mailer(port).send(letter(), about_to_send=Hook())


async def test_a_server_that_takes_no_sign_in_names_the_setting() -> None:
    async with listening(Office()) as port:
        with pytest.raises(Misconfigured, match="does not offer what our sign-in needs"):
            await mailer(port, username="csu", password="x").send(letter(), about_to_send=Hook())


async def test_starttls_is_never_given_up_in_silence() -> None:
    office = Office()
    async with listening(office) as port:
        with pytest.raises(Misconfigured, match="CASEREVIEW_SMTP_STARTTLS"):
            await mailer(port, starttls=True).send(letter(), about_to_send=Hook())
    assert office.envelopes == []


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, secret = folder / "cert.pem", folder / "key.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, secret)
    return context, pem


async def test_starttls_and_a_sign_in_over_it_are_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context, pem = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    office = Office()
    guard = {"authenticator": keeper(office, b"right"), "auth_required": True, "tls_context": context}
    async with listening(office, **guard) as port:
        secure = Mailer("localhost", port, "csu", "right", True, 5, SENDER)
        delivery = await secure.send(letter(), about_to_send=Hook())
    assert (delivery.state, office.secure, office.logins) == (LetterState.ACCEPTED, True, [b"csu"])


async def test_a_certificate_that_is_not_trusted_names_the_host(tmp_path: Path) -> None:
    context, _ = certificate(tmp_path)
    async with listening(Office(), tls_context=context) as port:
        with pytest.raises(Misconfigured, match=r"no certificate that we trust: check CASEREVIEW_SMTP_HOST"):
            await Mailer("localhost", port, None, None, True, 5, SENDER).send(letter(), about_to_send=Hook())


def test_a_password_does_not_cross_the_network_unprotected() -> None:
    with pytest.raises(Misconfigured, match="CASEREVIEW_SMTP_STARTTLS"):
        Mailer("mail.council.example.org", 25, "csu", "secret", False, 5, SENDER)


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
