"""A door on loopback is for the account that opened it: another account of this machine hears nothing there."""

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2 as httpx
import pytest

from connection import neighbours
from connection.codec_server import CodecServer
from connection.keys import KeyRing
from connection.neighbours import REFUSED, OwnAccount
from starter.inbox import Inbox

ANOTHER = 65_534
ASKS = """
import os, socket, sys
"localhost".encode("idna")
os.setgroups([]); os.setgid({uid}); os.setuid({uid})
with socket.create_connection(("127.0.0.1", {port}), 10) as line:
    line.sendall({said!r})
    try:
        while got := line.recv(65536):
            sys.stdout.buffer.write(got)
    except ConnectionError:
        pass
"""
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another account")


async def asked_by(uid: int, port: int, said: str) -> str:
    """What an account is answered that says this to a port and waits until it is hung up on."""
    code = ASKS.format(uid=uid, port=port, said=said.encode())
    run = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", code], capture_output=True, cwd="/", timeout=60, check=True
    )
    return run.stdout.decode()


def get(path: str) -> str:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


@contextlib.asynccontextmanager
async def inbox(folder: Path) -> AsyncIterator[Inbox]:
    async with Inbox(folder, 0, 0) as opened:
        opened.letters.keep(["chair@example.org"], b"Subject: Papers\r\n\r\nhttp://127.0.0.1/l/7KQ2-9MXT\r\n")
        yield opened


@needs_root
async def test_another_account_reads_no_letter_of_the_inbox_and_leaves_none(tmp_path: Path) -> None:
    async with inbox(tmp_path) as opened:
        port = int(opened.page_address.rpartition(":")[2])
        for path in ("/", "/api/mails", f"/mails/{opened.letters.mails()[0].id}"):
            said = await asked_by(ANOTHER, port, get(path))
            assert said.startswith("HTTP/1.1 403")
            assert REFUSED in said
            assert "Papers" not in said
            assert "Papers" in await asked_by(0, port, get(path))
        mail = "HELO x\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n\r\nhello\r\n.\r\nQUIT\r\n"
        assert await asked_by(ANOTHER, opened.smtp_address[1], mail) == ""
        assert len(opened.letters.mails()) == 1
        assert "250" in await asked_by(0, opened.smtp_address[1], mail)
        assert len(opened.letters.mails()) == 2


@needs_root
async def test_another_account_has_nothing_decoded_or_encoded() -> None:
    async with CodecServer(KeyRing.fresh(), []) as codec:
        for path in ("/decode", "/encode"):
            asked = (
                f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                'Connection: close\r\nContent-Length: 16\r\n\r\n{"payloads": []}'
            )
            assert (await asked_by(ANOTHER, codec.port, asked)).startswith("HTTP/1.1 403")
            assert (await asked_by(0, codec.port, asked)).startswith("HTTP/1.1 200")


async def test_the_account_s_own_programs_are_let_in(tmp_path: Path) -> None:
    async with inbox(tmp_path) as opened, httpx.AsyncClient() as client:
        assert (await client.get(f"{opened.page_address}/api/mails")).json()[0]["subject"] == "Papers"


async def test_a_connection_nobody_owns_is_nobody_s() -> None:
    async def hello(scope: object, receive: object, send: object) -> None:
        raise AssertionError

    if not neighbours.tells_apart():
        pytest.skip("this system does not say whose connections are")
    transport = httpx.ASGITransport(OwnAccount(hello), client=("127.0.0.1", 1))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:2") as client:
        assert (await client.get("/")).status_code == 403


async def test_where_the_system_does_not_tell_everybody_is_let_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(neighbours, "_TABLES", (tmp_path / "none",))
    assert not neighbours.tells_apart()
    assert neighbours.ours(("127.0.0.1", 1), ("127.0.0.1", 2))
