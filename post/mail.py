"""Letters by e-mail: one message to one person, handed to the council's own mail server, told honestly.

Nothing here repeats a send. Words never hold an address or a server's own text, which may echo one: they hold
the server's code and ours.
"""

import contextlib
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from email.utils import parseaddr

import aiosmtplib

from domain.events import LetterState
from post.carrier import Delivery as Delivery
from post.carrier import Mail as Mail
from post.carrier import Misconfigured as Misconfigured
from post.carrier import TryLater as TryLater
from post.carrier import message_id as message_id
from post.message import Message, ascii_domain
from post.message import compose as compose

TLS_PORT = 465
QUIT_TIMEOUT = 2.0  # seconds

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_ENHANCED = re.compile(r"[45]\.\d{1,3}\.\d{1,3}\b")
_DOT_AT_START = re.compile(rb"(?m)^\.")
_SETTINGS_CODES = {530: "SMTP_USERNAME", 534: "SMTP_PASSWORD", 535: "SMTP_PASSWORD", 538: "SMTP_STARTTLS"}
REASONS = {
    "5.1.1": "there is no such mailbox",
    "5.1.2": "its domain takes no mail",
    "5.1.10": "that address takes no mail",
    "5.2.1": "the mailbox is closed",
    "5.2.2": "the mailbox is full",
    "5.2.3": "the letter is too big for it",
    "5.3.4": "the letter is too big",
    "5.7.1": "the server's rules do not allow it",
}


class Mailer:
    """The council's mail server. `timeout` is seconds for each step; `sender` is "Name <address>".

    `starttls` means that the connection must become secure or nothing is sent; port 465 is secure from the
    start. `username` and `password` are None where the server asks for none. `reply_timeout` is seconds to
    wait for the server's last reply, which a server that scans mail may take long over (RFC 5321, 4.5.3.2.6).
    """

    remembers = False

    def __init__(
        self,
        host: str,
        port: int,
        username: str | None,
        password: str | None,
        starttls: bool,
        timeout: float,
        sender: str,
        *,
        reply_timeout: float | None = None,
    ) -> None:
        try:
            self._sender = ascii_domain(parseaddr(sender)[1])
        except ValueError:
            raise Misconfigured("MAIL_FROM", "The sender is not one e-mail address") from None
        self._from = sender
        self._host, self._port = host, port
        self._username, self._password = username, password
        self._secure_at_once = port == TLS_PORT
        self._starttls = starttls and not self._secure_at_once
        if username is not None and not (starttls or self._secure_at_once or host in _LOOPBACK):
            raise Misconfigured("SMTP_STARTTLS", f"The password for {host} would travel unprotected")
        self._timeout = timeout
        self._reply_timeout = timeout if reply_timeout is None else reply_timeout

    async def send(self, mail: Mail, *, about_to_send: Callable[[], Awaitable[None]]) -> Delivery:
        """Hand `mail` over once, on a connection of its own; see `Line.send`."""
        async with self.line() as line:
            return await line.send(mail, about_to_send=about_to_send)

    @contextlib.asynccontextmanager
    async def line(self) -> AsyncIterator["Line"]:
        """A line to the server for several letters, one after the other; it is connected when the first is sent."""
        line = Line(self)
        try:
            yield line
        finally:
            await line.hang_up()

    async def has(self, message_id: str) -> bool:
        """A mail server cannot be asked."""
        return False

    async def connect(self) -> aiosmtplib.SMTP:
        """Connected, greeted, secure and signed in as the settings say. Raises TryLater, Misconfigured, _Refusal."""
        client = aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            timeout=self._timeout,
            use_tls=self._secure_at_once,
            start_tls=False,
            local_hostname=self._sender.rpartition("@")[2],
        )
        with contextlib.ExitStack() as in_vain:
            in_vain.callback(client.close)
            with self._step("the connection", "SMTP_HOST"):
                await client.connect()
            with self._step("our greeting", "SMTP_HOST"):
                await client.ehlo()
            if self._starttls:
                with self._step("a secure connection", "SMTP_STARTTLS"):
                    await client.starttls()
                    await client.ehlo()
            if self._username is not None:
                with self._step("our sign-in", "SMTP_PASSWORD"):
                    await self._sign_in(client, self._username, self._password or "")
            in_vain.pop_all()
        return client

    async def deliver(
        self,
        client: aiosmtplib.SMTP,
        mail: Mail,
        message: Message,
        about_to_send: Callable[[], Awaitable[None]],
    ) -> Delivery:
        """One letter over a connection that is ready for it."""
        recipient = ascii_domain(mail.to)
        utf8 = message.utf8
        if utf8 and not client.supports_extension("smtputf8"):
            return _refused(None, "The address has letters that our mail server cannot send to.")
        with self._step("our own address", "MAIL_FROM"):
            await client.mail(self._sender, options=["SMTPUTF8"] if utf8 else [], encoding="utf-8")
        with self._step("the recipient's address", "SMTP_HOST"):
            await client.rcpt(recipient, encoding="utf-8")
        await about_to_send()
        with self._step("the letter", "SMTP_HOST"):
            begun = await client.execute_command(b"DATA")
            if begun.code != aiosmtplib.SMTPStatus.start_input:
                raise aiosmtplib.SMTPDataError(begun.code, begun.message)
        return await self._hand_over(client, message.content)

    def message(self, mail: Mail) -> Message:
        """The letter as this server gets it; ValueError for an address that mail cannot be sent to."""
        return compose(mail, self._from)

    async def _sign_in(self, client: aiosmtplib.SMTP, username: str, password: str) -> None:
        """Once, by the first method both sides know, so that a wrong password does not lock the account."""
        ways = {"plain": client.auth_plain, "login": client.auth_login, "cram-md5": client.auth_crammd5}
        for name, way in ways.items():
            if name in client.server_auth_methods:
                await way(username, password)
                return
        raise aiosmtplib.SMTPNotSupported("no way to sign in")

    async def _hand_over(self, client: aiosmtplib.SMTP, message: bytes) -> Delivery:
        """The letter itself. Without a clear reply from here on, nobody knows whether the server has it."""
        protocol = client.protocol
        before = f"The mail server {self._host}:{self._port} hung up before it was given the letter."
        if protocol is None:
            raise TryLater(before)
        body = _DOT_AT_START.sub(b"..", message)
        try:
            protocol.write(body + (b"" if body.endswith(b"\r\n") else b"\r\n") + b".\r\n")
        except aiosmtplib.SMTPServerDisconnected:
            raise TryLater(before) from None
        try:
            reply = await protocol.read_response(timeout=self._reply_timeout)
        except aiosmtplib.SMTPTimeoutError:
            return _uncertain("gave no answer in time")
        except aiosmtplib.SMTPResponseException:
            return _uncertain("gave an answer that says nothing")
        except (aiosmtplib.SMTPException, OSError):
            return _uncertain("hung up without an answer")
        if 200 <= reply.code < 300:
            words = f"The mail server accepted the letter ({reply.code})."
            return Delivery(LetterState.ACCEPTED, reply.code, words)
        if 400 <= reply.code < 600:
            self._judge(reply.code, reply.message, "the letter")
        return _uncertain("gave an answer that says nothing")

    @contextlib.contextmanager
    def _step(self, what: str, setting: str) -> Iterator[None]:
        """A step before the letter leaves: whatever goes wrong in it, the server has not got the letter."""
        server = f"The mail server {self._host}:{self._port}"
        try:
            yield
            return
        except aiosmtplib.SMTPResponseException as reply:
            code, text = reply.code, reply.message
        except aiosmtplib.SMTPTimeoutError:
            raise TryLater(f"{server} did not answer {what} in time.") from None
        except (aiosmtplib.SMTPConnectError, aiosmtplib.SMTPServerDisconnected, OSError) as error:
            if ssl.SSLCertVerificationError in (type(error), type(error.__cause__)):
                raise Misconfigured("SMTP_HOST", f"{server} has no certificate that we trust") from None
            if isinstance(error, aiosmtplib.SMTPConnectError):
                reason = getattr(error.__cause__, "strerror", None) or "it hung up"
                raise TryLater(f"{server} cannot be reached: {reason}.") from None
            raise TryLater(f"{server} hung up at {what}.") from None
        except aiosmtplib.SMTPException:
            raise Misconfigured(setting, f"{server} does not offer what {what} needs") from None
        if code >= 500 and setting in ("SMTP_PASSWORD", "SMTP_STARTTLS"):
            raise Misconfigured(setting, f"{server} refused {what} ({code})") from None
        self._judge(code, text, what)

    def _judge(self, code: int, text: str, what: str) -> None:
        """Raise what a reply other than yes means; of its text only the enhanced code (RFC 3463) is read."""
        match = _ENHANCED.match(text)
        shown = f"{code} {match[0]}" if match else str(code)
        if setting := _SETTINGS_CODES.get(code):
            raise Misconfigured(setting, f"The mail server refused {what} ({shown})") from None
        if not 500 <= code < 600:
            raise TryLater(f"The mail server put off {what} ({shown}).", code) from None
        reason = f": {REASONS[match[0]]}" if match and match[0] in REASONS else ""
        raise _Refusal(_refused(code, f"The mail server refused {what} ({shown}){reason}.")) from None


class Line:
    """One conversation with the mail server, kept from letter to letter while all goes well."""

    def __init__(self, mailer: Mailer) -> None:
        self._mailer = mailer
        self._client: aiosmtplib.SMTP | None = None

    async def send(self, mail: Mail, *, about_to_send: Callable[[], Awaitable[None]]) -> Delivery:
        """Hand `mail` over once.

        Awaits `about_to_send` once, when the server has agreed to sender and recipient and nothing of the
        letter has left; what it raises is raised, and the letter is not sent. A caller that dies or is
        cancelled after that does not know whether the letter went. Raises TryLater and Misconfigured, before
        or after that call; either way the server has not got the letter.
        """
        try:
            ascii_domain(mail.to)
        except ValueError:
            return _refused(None, "The address is not one that mail can be sent to.")
        try:
            message = self._mailer.message(mail)
        except ValueError:
            return _refused(None, "The letter cannot be put into an e-mail: check the addresses on it.")
        leaving = False

        async def leave() -> None:
            nonlocal leaving
            leaving = True
            await about_to_send()

        if self._client is not None:
            try:
                return await self._send(mail, message, leave)
            except TryLater:
                if leaving:
                    raise
        return await self._send(mail, message, leave)

    async def hang_up(self) -> None:
        """Take leave of the server."""
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                await client.quit(timeout=QUIT_TIMEOUT)
            client.close()

    async def _send(self, mail: Mail, message: Message, leave: Callable[[], Awaitable[None]]) -> Delivery:
        """A conversation in which anything went amiss is not gone on with: the next letter has a new one."""
        client, self._client = self._client, None
        try:
            client = client or await self._mailer.connect()
            delivery = await self._mailer.deliver(client, mail, message, leave)
            if delivery.state is LetterState.ACCEPTED:
                self._client = client
            return delivery
        except _Refusal as refusal:
            return refusal.delivery
        finally:
            if client is not None and self._client is None:
                client.close()


class _Refusal(Exception):
    def __init__(self, delivery: Delivery) -> None:
        super().__init__(delivery.words)
        self.delivery = delivery


def _refused(code: int | None, words: str) -> Delivery:
    return Delivery(LetterState.REFUSED, code, words)


def _uncertain(how: str) -> Delivery:
    words = f"The mail server {how} after it was given the letter, and may have it: ask the recipient."
    return Delivery(LetterState.UNCERTAIN, None, words)
