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
from connection.neighbours import REFUSED
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


HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode"
ME, OTHER = os.geteuid(), os.geteuid() + 1
OWN, THEIRS = "0100007F:1F59", "0100007F:D431"
"""127.0.0.1:8025 and 127.0.0.1:54321, as the kernel of a little-endian machine writes them."""
MAPPED = "0000000000000000FFFF00000100007F:D431"


def row(local: str, remote: str, uid: int, state: str = "01", inode: int = 4711) -> str:
    return f"   0: {local} {remote} {state} 00000000:00000000 00:00000000 00000000  {uid}  0 {inode} 1 0 20 4 30 10 -1"


@pytest.mark.skipif(sys.byteorder != "little", reason="the table is written in the machine's own order")
@pytest.mark.parametrize(
    ("rows", "let_in"),
    [
        ([row(OWN, THEIRS, ME), row(THEIRS, OWN, ME)], True),
        ([row(OWN, THEIRS, ME), row(THEIRS, OWN, 0)], True),
        ([row(OWN, THEIRS, ME), row(THEIRS, OWN, OTHER)], False),
        ([row(OWN, THEIRS, ME), row(MAPPED, OWN, OTHER)], False),
        ([row(OWN, THEIRS, ME), row(THEIRS, OWN, ME, "06")], False),
        ([row(OWN, THEIRS, ME), row(THEIRS, OWN, ME, inode=0)], False),
        ([row(OWN, THEIRS, ME)], False),
        ([row(THEIRS, OWN, OTHER)], True),
        ([row(OWN, THEIRS, OTHER), row(THEIRS, OWN, OTHER)], True),
        ([], True),
    ],
    ids=[
        "own", "root", "another", "another by IPv6", "closed", "orphaned", "nobody", "no end of ours", "all of one",
        "nothing",
    ],
)  # fmt: skip
def test_whoever_the_system_knows_as_another_is_not_let_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: list[str], let_in: bool
) -> None:
    table = tmp_path / "tcp"
    table.write_text("\n".join([HEAD, *rows, ""]))
    monkeypatch.setattr(neighbours, "_TABLES", (table, tmp_path / "none"))
    assert neighbours.ours(("127.0.0.1", 54321), ("127.0.0.1", 8025)) is let_in


def test_where_the_system_does_not_tell_everybody_is_let_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "_TABLES", (tmp_path / "none",))
    assert not neighbours.tells_apart()
    assert neighbours.ours(("127.0.0.1", 1), ("127.0.0.1", 2))
