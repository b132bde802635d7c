"""Certificates, calendars and disks are told before they end."""

from __future__ import annotations

import shutil
import ssl
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest
import pytest_asyncio
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from connection.client import connect
from connection.settings import Settings
from office.operations import upkeep
from office.operations.finding import Kind
from office.operations.ground import Ground
from register import ring
from register.database import Database
from tests.register.fresh import with_tables
from tests.support import clock


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest_asyncio.fixture
async def ground(tmp_path: Path) -> AsyncIterator[Ground]:
    settings = Settings(home=tmp_path)
    async with Database(with_tables(settings.register_url)) as database:
        yield Ground(settings, await connect(settings, address="127.0.0.1:1", lazy=True), database, clock.now())


@contextmanager
def secure(folder: Path, begins: datetime, ends: datetime) -> Iterator[str]:
    """A web server on this machine whose certificate nobody signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, begins, ends).sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = folder / f"{ends:%Y%m%d}.pem"
    unlocked = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    pem.write_bytes(certificate.public_bytes(Encoding.PEM) + unlocked)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"https://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(("days", "words"), [(60, ""), (10, "ends on"), (-2, "ended on")])
async def test_a_certificate_is_told_three_weeks_before_it_ends_and_after(
    ground: Ground, tmp_path: Path, days: int, words: str
) -> None:
    end = ground.now + timedelta(days=days)
    with secure(tmp_path, ground.now - timedelta(days=100), end) as address:
        settings = ground.settings.model_copy(update={"console_url": address})
        found = await upkeep.certificates(Ground(settings, ground.client, ground.database, ground.now))
    assert [one.kind for one in found] == ([Kind.CERTIFICATE_ENDS] if words else [])
    assert all(words in one.words and "localhost" in one.words for one in found)


async def test_a_place_that_does_not_answer_is_no_finding(ground: Ground) -> None:
    settings = ground.settings.model_copy(update={"console_url": "https://127.0.0.1:1"})
    assert await upkeep.certificates(Ground(settings, ground.client, ground.database, ground.now)) == []


async def test_a_disk_is_told_once_when_it_is_nearly_full(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    room = {"free": 5_000_000_000}

    def usage(path: Path) -> Usage:
        return Usage(100_000_000_000, 100_000_000_000 - room["free"], room["free"])

    monkeypatch.setattr(shutil, "disk_usage", usage)
    assert await upkeep.disks(ground) == []
    room["free"] = 12_000_000
    (found,) = await upkeep.disks(ground)
    assert found.kind is Kind.DISK_FULL
    assert found.words.endswith("has 12 MB left.")


async def test_a_calendar_for_new_cases_that_cannot_be_had_is_told(ground: Ground) -> None:
    assert await upkeep.calendars(ground) == []
    far = ground.now.replace(year=2190)
    (found,) = await upkeep.calendars(Ground(ground.settings, ground.client, ground.database, far))
    assert found.words.startswith(
        "New cases cannot be given one: The bank holidays from 2190 to 2193 are not all known"
    )


async def test_a_process_whose_key_file_does_not_fit_is_told_with_its_sentence_until_it_does(ground: Ground) -> None:
    async def says(fault: str) -> list[tuple[Kind, str]]:
        async with ring.ledger(ground.database) as ledger:
            await ledger.report(ring.Holder("1", "worker", "here", 7, {}, fault))
        return [(one.kind, one.words) for one in await upkeep.keys(ground)]

    assert await says("") == []
    sentence = "There is no key file at /keys.json; restore it from the backup of your keys."
    assert await says(sentence) == [(Kind.KEYS_UNFIT, f"Worker on here (process 7): {sentence}")]
    assert await says("") == []
