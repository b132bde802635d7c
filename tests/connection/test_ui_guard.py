import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from connection.ports import LOOPBACK, free_port
from connection.ui_guard import UiGuard, hidden_address


class Page:
    """What stands behind the guard: answers each connection with how many requests it had, and keeps them."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage")
        await writer.drain()
        writer.close()


@pytest_asyncio.fixture
async def page() -> AsyncIterator[tuple[Page, int]]:
    hidden, port, page = hidden_address(), free_port(), Page()
    async with await asyncio.start_server(page.answer, hidden, 0) as server:
        behind = server.sockets[0].getsockname()[1]
        async with UiGuard(port, hidden, behind):
            yield page, port


async def asked(port: int, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection(LOOPBACK, port)
    writer.write(request)
    answer = await reader.read()
    writer.close()
    return answer


@pytest.mark.parametrize("host", [b"localhost:8233", b"127.0.0.1:8233", b"[::1]:8233", b"LOCALHOST", b"127.0.0.1"])
async def test_a_browser_that_asks_for_this_machine_by_its_own_name_is_let_in(
    page: tuple[Page, int], host: bytes
) -> None:
    behind, port = page
    assert (await asked(port, b"GET / HTTP/1.1\r\nHost: " + host + b"\r\nAccept: */*\r\n\r\n")).endswith(b"page")
    [request] = behind.asked
    assert request == b"GET / HTTP/1.1\r\nHost: " + host + b"\r\nAccept: */*\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize(
    "fields",
    [
        b"Host: evil.example",
        b"Host: evil.example:8233",
        b"Host: localhost.evil.example:8233",
        b"Host: evil.example\r\nHost: localhost",
        b"Host: localhost\r\nhost: evil.example",
        b"Host:",
        b"X-Host: localhost",
        b"Host: localhost:evil",
    ],
)
async def test_a_name_that_was_made_to_lead_here_gets_nothing(page: tuple[Page, int], fields: bytes) -> None:
    behind, port = page
    answer = await asked(port, b"GET / HTTP/1.1\r\n" + fields + b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 421 ")
    assert behind.asked == []


async def test_a_second_request_on_a_connection_is_not_let_in_behind_the_first(page: tuple[Page, int]) -> None:
    behind, port = page
    first = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n"
    answer = await asked(port, first + b"GET /secret HTTP/1.1\r\nHost: evil.example\r\n\r\n")
    assert answer.count(b"HTTP/1.1") == 1
    assert len(behind.asked) == 1
    assert b"keep-alive" not in behind.asked[0]


async def test_what_is_no_request_ends_with_the_connection(page: tuple[Page, int]) -> None:
    behind, port = page
    assert await asked(port, b"x" * 200_000) == b""
    assert behind.asked == []
