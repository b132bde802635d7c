"""Real SMTP servers on loopback that answer as a test says, and one letter to send to them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from connection.ports import LOOPBACK
from post.mail import Delivery, Mail, Mailer, message_id

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
async def listening(handler: object, port: int = 0, *, utf8: bool = True, **settings: Any) -> AsyncIterator[int]:
    """The handler as a mail server on a port of its own, or on ``port``; whoever is still connected is cut off."""
    loop = asyncio.get_running_loop()
    sessions: list[SMTP] = []

    def session() -> SMTP:
        sessions.append(SMTP(handler, enable_SMTPUTF8=utf8, hostname="mail", loop=loop, **settings))
        return sessions[-1]

    listener = await loop.create_server(session, LOOPBACK, port)
    try:
        yield listener.sockets[0].getsockname()[1]
    finally:
        listener.close()
        for one in sessions:
            if isinstance(one.transport, asyncio.Transport):
                one.transport.abort()


@contextlib.asynccontextmanager
async def scripted(script: Script) -> AsyncIterator[int]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await script(reader, writer)
        writer.close()

    listener = await asyncio.start_server(answer, LOOPBACK, 0)
    try:
        yield listener.sockets[0].getsockname()[1]
    finally:
        listener.close()


def mailer(port: int, timeout: float = 5, **changes: Any) -> Mailer:
    settings: dict[str, Any] = {"username": None, "password": None, "starttls": False, "sender": SENDER}
    return Mailer(LOOPBACK, port, timeout=timeout, **(settings | changes))


async def outcome(office: Office, **changes: Any) -> tuple[Delivery, Hook]:
    hook = Hook(office)
    async with listening(office) as port:
        return await mailer(port, **changes).send(letter(), about_to_send=hook), hook
