"""Exim, a mail server as Debian ships it, as one test's own: without privileges, in a folder, on a port of its own."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest

from connection.ports import LOOPBACK, free_port

EXIM = Path("/usr/sbin/exim4")
USER, PASSWORD = "csu", "as-agreed"
installed = pytest.mark.skipif(
    not EXIM.exists(), reason="no Exim to hand letters to; install it with apt-get install exim4-daemon-light"
)

_CONFIGURATION = """
exim_user = {user}
exim_group = {group}
spool_directory = {folder}/spool
log_file_path = {folder}/log-%slog
pid_file_path = {folder}/pid
primary_hostname = mail.council.example.org
local_interfaces = 127.0.0.1
daemon_smtp_ports = {port}
never_users =
deliver_drop_privilege = true
smtp_accept_max = 0
smtp_accept_queue_per_connection = 0
rfc1413_query_timeout = 0s
host_lookup =
tls_advertise_hosts = *
tls_certificate = {folder}/cert.pem
tls_privatekey = {folder}/key.pem
acl_smtp_rcpt = rcpt
acl_smtp_data = accept

begin acl

rcpt:
  defer condition = ${{if exists{{{folder}/busy}}}}
        message = 4.7.1 try again
  deny  local_parts = gone
        message = 5.1.1 no such mailbox
  accept local_parts = plain
  accept authenticated = *
  deny  message = 5.7.1 sign in first

begin routers

here:
  driver = accept
  transport = box

begin transports

box:
  driver = appendfile
  directory = {folder}/box
  maildir_format
  create_directory
  user = {user}
  group = {group}

begin retry

* * F,1h,1h

begin authenticators

plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if and {{{{eq{{$auth2}}{{{name}}}}}{{eq{{$auth3}}{{{password}}}}}}}}}
  server_set_id = $auth2
  server_advertise_condition = ${{if def:tls_in_cipher}}
"""


@dataclass
class Exim:
    """A running server. While the file ``busy`` exists it puts everything off."""

    folder: Path
    port: int

    @property
    def busy(self) -> Path:
        return self.folder / "busy"

    def letters(self) -> list[Message]:
        """What it has delivered, once its queue is empty."""
        deadline = time.monotonic() + 10
        while any(self._queue()) and time.monotonic() < deadline:
            time.sleep(0.05)
        found = self.folder / "box" / "new"
        return [message_from_bytes(path.read_bytes()) for path in found.iterdir()] if found.exists() else []

    def _queue(self) -> Iterator[Path]:
        return (self.folder / "spool" / "input").glob("**/*-H")


@contextlib.contextmanager
def running(certificate: Path, key: Path) -> Iterator[Exim]:
    """Exim until the block ends. Where root runs the tests it runs as nobody: it delivers nothing as root."""
    folder, port = Path(tempfile.mkdtemp(prefix="exim-")), free_port()
    owner = "nobody" if os.geteuid() == 0 else os.geteuid()
    group = "nogroup" if os.geteuid() == 0 else os.getegid()
    binary = Path(shutil.copyfile(EXIM, folder / "exim"))  # a copy is not setuid
    binary.chmod(0o755)
    shutil.copyfile(certificate, folder / "cert.pem")
    shutil.copyfile(key, folder / "key.pem")
    (folder / "spool").mkdir()
    configuration = folder / "exim.conf"
    words = {"folder": folder, "port": port, "user": owner, "group": group, "name": USER, "password": PASSWORD}
    configuration.write_text(_CONFIGURATION.format(**words), encoding="utf-8")
    if os.geteuid() == 0:
        for path in (folder, *folder.iterdir()):
            shutil.chown(path, owner, group)
    shown = folder / "shown"
    with shown.open("wb") as out:
        process = subprocess.Popen(
            [binary, "-C", configuration, "-bdf"], stdout=out, stderr=out, cwd=folder,
            **({"user": owner, "group": group, "extra_groups": []} if os.geteuid() == 0 else {}),
        )  # fmt: skip
    try:
        _wait(process, port, shown)
        yield Exim(folder, port)
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(process: subprocess.Popen[bytes], port: int, shown: Path) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, port), 1):
            return
        time.sleep(0.05)
    raise AssertionError(f"Exim did not start: {shown.read_text()}")


@contextlib.asynccontextmanager
async def cutting(port: int) -> AsyncIterator[int]:
    """A way to the server that breaks in the moment before its answer to a letter would arrive."""

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(LOOPBACK, port)
        sent = bytearray()

        async def forth() -> None:
            while part := await reader.read(65536):
                sent.extend(part)
                back.write(part)

        sending = asyncio.create_task(forth())
        while answer := await there.read(65536):
            if sent.endswith(b"\r\n.\r\n"):
                break
            writer.write(answer)
        sending.cancel()
        writer.transport.abort()
        back.close()

    listener = await asyncio.start_server(meet, LOOPBACK, 0)
    try:
        yield listener.sockets[0].getsockname()[1]
    finally:
        listener.close()
