"""Who stalls is let go, who breaks off is no error, and who sends too much is told so at once; others are served."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from starlette.types import Receive, Scope, Send

from console.web.promptness import PATIENCE, PromptProtocol
from console.web.serving import bound, served
from tests.console.applicant import PLACE, begun
from tests.console.office import OWN, House, Visitor
from tests.console.sender import PATH, Senders

CONSOLE = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]
MANY = 400
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
STALLED = (
    b"",
    b"GET / HTTP/1.1\r\nHost: localhost\r\n",
    b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\n" + FORM
    + b"Content-Length: 500\r\n\r\nemail=a",
    b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\n" + FORM
    + b"Transfer-Encoding: chunked\r\n\r\n5\r\nemail",
    b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HT",
)  # fmt: skip


class Hasty(PromptProtocol):
    """A minute and a third of patience would make a test of it."""

    patience = 0.6
    unfetched = 0.6


@asynccontextmanager
async def serving(app: "Echo | Big") -> AsyncIterator[int]:
    with bound(0, "a test", "NONE") as listening:
        async with served(app, listening, "The test", Hasty):
            yield listening.getsockname()[1]


class Echo:
    """Reads the whole body and answers with its length."""

    def __init__(self, wait: float = 0) -> None:
        self._wait = wait

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(self._wait)
        length, more = 0, True
        while more:
            message = await receive()
            length += len(message.get("body", b""))
            more = message.get("more_body", False)
        body = b"%d" % length
        headers = [(b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


class Big:
    """Answers with far more than any socket holds."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(400):
            await send({"type": "http.response.body", "body": bytes(100_000), "more_body": True})
        await send({"type": "http.response.body", "body": b""})


async def ended(port: int, content: bytes) -> float:
    """Send that and nothing more; the seconds after which the other side has closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    began = asyncio.get_running_loop().time()
    writer.write(content)
    try:
        while await reader.read(65536):
            pass
    except ConnectionError:
        pass
    finally:
        writer.close()
    return asyncio.get_running_loop().time() - began


@pytest.mark.parametrize("content", STALLED, ids=["nothing", "head", "body", "chunk", "second request"])
async def test_a_connection_that_stalls_anywhere_is_closed(content: bytes) -> None:
    async with serving(Echo()) as port:
        assert await asyncio.wait_for(ended(port, content), 30) >= 0.5


async def test_a_body_that_trickles_is_closed_and_one_that_comes_slowly_is_taken() -> None:
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4000\r\n\r\n"
    async with serving(Echo()) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head)
        closed = asyncio.ensure_future(reader.read())
        sent = 0
        while not closed.done() and sent < 4000:
            writer.write(b"a")
            sent += 1
            await asyncio.sleep(0.05)
        assert sent < 4000
        writer.close()
        await asyncio.gather(closed, return_exceptions=True)

        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head)
        for _ in range(8):
            writer.write(b"a" * 500)
            await asyncio.sleep(0.2)
        assert b"200 OK" in await reader.readuntil(b"4000")
        writer.close()


async def test_what_the_service_is_slow_at_counts_for_nobody() -> None:
    async with serving(Echo(wait=1.5)) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 300000\r\n\r\n" + bytes(300_000))
        assert b"200 OK" in await reader.readuntil(b"300000")
        writer.close()


async def test_an_answer_that_nobody_fetches_is_given_up() -> None:
    async with serving(Big()) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1000)
        writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        await asyncio.sleep(2)
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await asyncio.wait_for(reader.readexactly(41_000_000), 30)
        writer.close()


class TestConsole:
    pytestmark = CONSOLE

    @pytest.mark.long
    async def test_four_hundred_stalled_connections_are_gone_in_half_a_minute_and_others_are_served(
        self, house: House
    ) -> None:
        port = int(house.address.rpartition(":")[2])
        stalled = [asyncio.ensure_future(ended(port, STALLED[number % 4])) for number in range(MANY)]
        await asyncio.sleep(1)
        visitor = await house.visitor("officer")
        served_meanwhile = 0
        while not all(one.done() for one in stalled):
            assert (await visitor.get("/cases")).status_code == 200
            served_meanwhile += 1
            await asyncio.sleep(0.5)
        lasted = [one.result() for one in stalled]
        assert min(lasted) > PATIENCE - 2
        assert max(lasted) < PATIENCE + 15
        assert served_meanwhile > 5

    @pytest.mark.parametrize("path", ["/sign-in", "/apply/dover", f"{PLACE}/documents", "/nothing", PATH])
    async def test_a_body_that_its_sender_breaks_off_is_no_error(
        self, house: House, path: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        port = int(house.address.rpartition(":")[2])
        applicant = await begun(house)
        cookies = "; ".join(f"{name}={value}" for name, value in applicant.client.cookies.items())
        for kind, head in (
            ("multipart/form-data; boundary=x", b"--x\r\n"),
            ("application/x-www-form-urlencoded", b"a="),
        ):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(
                f"POST {path} HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\nCookie: {cookies}\r\n"
                f"Authorization: Bearer x\r\nContent-Type: {kind}\r\nContent-Length: 5000\r\n\r\n".encode()
                + head
            )
            await writer.drain()
            await asyncio.sleep(0.3)
            writer.transport.abort()
            await asyncio.sleep(0.3)
        assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []

    @pytest.mark.parametrize("size", [2_500_000, 11_000_000])
    async def test_a_body_over_the_limit_is_413_with_a_page_in_pieces_too(self, house: House, size: int) -> None:
        visitor, applicant = await house.visitor("officer"), await begun(house)
        upload = size > 10_100_000
        places = [(visitor, "/sign-in"), (visitor, f"/cases/{house.reference}/acts/add-note"),
                  (applicant, f"{PLACE}/name"), (Visitor(house.address), "/apply/dover")]  # fmt: skip
        if upload:
            places += [(visitor, f"/cases/{house.reference}/documents"), (applicant, f"{PLACE}/documents")]
        for who, path in places:
            for kind, head in (
                ("application/x-www-form-urlencoded", b"a="),
                ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n'),
                (
                    "multipart/form-data; boundary=x",
                    b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n',
                ),
            ):

                async def pieces(head: bytes = head) -> AsyncIterator[bytes]:
                    yield head
                    for _ in range(size // 100_000):
                        yield b"a" * 100_000

                for content in (pieces(), head + b"a" * size):
                    found = await who.client.post(path, content=content, headers={"Content-Type": kind})
                    assert (path, kind, found.status_code) == (path, kind, 413)
                    assert "That is too much at once" in found.text

    async def test_the_intake_answers_413_in_pieces_too(self, senders: Senders) -> None:
        async def pieces() -> AsyncIterator[bytes]:
            for _ in range(25):
                yield b" " * 100_000

        sender = senders.dover
        headers = {"Authorization": f"Bearer {sender.key}", "Content-Type": "application/json", "Idempotency-Key": "a"}
        for content in (pieces(), b" " * 2_500_000):
            found = await sender.client.post(PATH, content=content, headers=headers)
            assert (found.status_code, found.json()["type"]) == (413, "/api#too-large")

    async def test_who_declares_too_much_is_answered_before_it_is_sent(self, house: House) -> None:
        port = int(house.address.rpartition(":")[2])
        for path in ("/sign-in", f"/cases/{house.reference}/documents", f"{PLACE}/documents"):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: {OWN['Sec-Fetch-Site']}\r\n"
            writer.write(head.encode() + FORM + b"Content-Length: 50000000\r\n\r\nemail=")
            line = await asyncio.wait_for(reader.readline(), 60)
            assert line.startswith(b"HTTP/1.1 413"), path
            writer.close()
