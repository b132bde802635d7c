import asyncio
import contextlib
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import httpx2
import psutil
import pytest
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest

from connection.client import connect
from connection.keys import KeyRing
from connection.ports import PortTaken, free_port
from connection.server import (
    RETENTION,
    LocalServer,
    ServerFailed,
    StoreInUse,
    TemporalNotFound,
    temporal_command,
)
from connection.settings import Settings
from workflows.attributes import registration

pytestmark = [pytest.mark.temporal, pytest.mark.long]
ROOT = Path(__file__).parents[2]


def answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


async def test_it_answers_inside_the_block_and_is_gone_after_it(tmp_path: Path, ring: KeyRing) -> None:
    db = tmp_path / "home" / "temporal.db"
    async with LocalServer(db, search_attributes=registration(), headless=True) as server:
        client = await connect(Settings(home=tmp_path), ring=ring, address=server.address)
        assert await client.service_client.check_health()
        assert server.ui_address is None
        assert answers(server.port)
    assert not answers(server.port)
    assert server.pid is None
    assert db.stat().st_mode & 0o077 == 0
    with contextlib.closing(sqlite3.connect(db)) as file:
        assert file.execute("pragma integrity_check").fetchone() == ("ok",)
        assert file.execute("pragma journal_mode").fetchone() == ("wal",)


async def test_search_attributes_retention_and_time_skipping_are_set_and_survive_a_restart(
    tmp_path: Path, ring: KeyRing
) -> None:
    settings = Settings(home=tmp_path)
    for wanted in ({"CaseStage": "Keyword"}, registration(), registration()):
        async with LocalServer(tmp_path / "t.db", search_attributes=wanted, headless=True) as server:
            client = await connect(settings, ring=ring, address=server.address)
            known = await client.operator_service.list_search_attributes(
                ListSearchAttributesRequest(namespace="default")
            )
            assert wanted.keys() <= known.custom_attributes.keys()
            described = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace="default"))
            assert described.config.workflow_execution_retention_ttl.ToTimedelta() == RETENTION == timedelta(days=3650)


async def test_the_ui_answers_and_knows_its_codec(tmp_path: Path) -> None:
    async with (
        LocalServer(tmp_path / "t.db", search_attributes={}, codec_endpoint="http://localhost:8234") as server,
        httpx2.AsyncClient() as http,
    ):
        assert server.ui_address == f"http://localhost:{server.ui_port}"
        assert server.ui_origins == (server.ui_address, f"http://127.0.0.1:{server.ui_port}")
        told = (await http.get(f"{server.ui_address}/api/v1/settings")).json()
        assert told["Codec"]["Endpoint"] == "http://localhost:8234"
        evil = {"host": f"evil.example:{server.ui_port}"}
        rebound = await http.get(f"{server.ui_address}/api/v1/settings", headers=evil)
        assert (rebound.status_code, rebound.text) == (421, "Ask for this page as localhost.\n")


async def test_no_web_page_reaches_a_case_by_http(tmp_path: Path) -> None:
    """A simple cross-site request, as any page may send one without asking, to every port the server listens on."""
    path = "/api/v1/namespaces/default/workflows/DOV-2026-0001/signal/withdraw"
    simple = {"content-type": "text/plain", "origin": "http://evil.example"}
    async with (
        LocalServer(tmp_path / "t.db", search_attributes={}, ui_port=0) as server,
        httpx2.AsyncClient(timeout=5) as http,
    ):
        assert server.pid is not None
        [process] = psutil.Process(server.pid).children()
        listening = {place.laddr for place in process.net_connections("tcp") if place.status == psutil.CONN_LISTEN}
        answers = []
        for address, port in (*listening, ("127.0.0.1", server.ui_port)):
            with contextlib.suppress(httpx2.HTTPError):
                answer = await http.post(f"http://{address}:{port}{path}", content="{}", headers=simple)
                answers.append((answer.status_code, answer.text))
    assert (403, '{"code": 7, "message": "Host not allowed"}') in answers
    assert (400, '{"message":"missing csrf token in request header"}\n') in answers
    assert not [code for code, _ in answers if code < 400]


async def test_settings_place_it(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", temporal_port=free_port(), ui_port=free_port())
    async with LocalServer.of(settings, registration()) as server:
        assert (server.port, server.ui_port) == (settings.temporal_port, settings.ui_port)
        assert settings.temporal_db.exists()
        assert settings.temporal_log.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("what", "variable"),
    [("Temporal", "CASEREVIEW_TEMPORAL_PORT"), ("the Temporal UI", "CASEREVIEW_UI_PORT")],
)
async def test_a_taken_port_is_said_before_anything_starts(tmp_path: Path, what: str, variable: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        settings = Settings(
            home=tmp_path / "home",
            temporal_port=taken if what == "Temporal" else free_port(),
            ui_port=taken if what != "Temporal" else free_port(),
        )
        with pytest.raises(PortTaken) as refusal:
            await LocalServer.of(settings, registration()).start()
    assert str(refusal.value).startswith(f"Port {taken} for {what} is taken by another program; stop")
    assert variable in str(refusal.value)
    assert not settings.home.exists()


async def test_two_servers_do_not_share_one_file(tmp_path: Path) -> None:
    db = tmp_path / "t.db"
    async with LocalServer(db, search_attributes={}, headless=True):
        with pytest.raises(StoreInUse, match=r"Another Temporal server is using .*t\.db; stop it"):
            await LocalServer(db, search_attributes={}, headless=True).start()
    async with LocalServer(db, search_attributes={}, headless=True):
        pass


async def test_it_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    program = """
import asyncio, pathlib, sys
from connection.server import LocalServer
async def main():
    async with LocalServer(pathlib.Path(sys.argv[1]), search_attributes={}, headless=True) as server:
        print(server.port, flush=True)
        await asyncio.sleep(600)
asyncio.run(main())
"""
    parent = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "t.db")], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout
    port = int(await asyncio.to_thread(parent.stdout.readline))
    assert answers(port)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    for _ in range(100):
        if not answers(port):
            break
        await asyncio.sleep(0.1)
    assert not answers(port)
    async with LocalServer(tmp_path / "t.db", search_attributes={}, headless=True):
        pass


async def test_a_server_that_will_not_start_points_to_its_log(tmp_path: Path) -> None:
    server = LocalServer(
        tmp_path / "t.db", search_attributes={"CaseStage": "Colour"}, headless=True, log=tmp_path / "t.log"
    )
    with pytest.raises(ServerFailed, match=r"^Temporal stopped while starting; its log is .*t\.log\.$"):
        await server.start()
    assert "Colour" in (tmp_path / "t.log").read_text()
    assert server.pid is None


async def test_stopping_twice_is_stopping_once(tmp_path: Path) -> None:
    server = LocalServer(None, search_attributes={}, headless=True)
    await server.stop()
    await server.start()
    await server.stop()
    await server.stop()


def test_the_command_may_be_named(tmp_path: Path) -> None:
    assert temporal_command(Path(sys.executable)) == Path(sys.executable)
    with pytest.raises(TemporalNotFound, match=r"CASEREVIEW_TEMPORAL_BIN names .*, which cannot be run"):
        temporal_command(tmp_path)


def test_the_command_on_the_path_wins_over_the_one_beside_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = tmp_path / "temporal"
    command.write_text("#!/bin/sh\n")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert temporal_command() == command
    monkeypatch.setenv("PATH", "/usr/bin")
    assert temporal_command() != command


async def test_a_start_that_is_given_up_leaves_no_server_behind() -> None:
    server = LocalServer(None, search_attributes={}, headless=True)
    start = asyncio.create_task(server.start())
    async with asyncio.timeout(30):
        while server.pid is None:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    pid = server.pid
    start.cancel()
    with pytest.raises(asyncio.CancelledError):
        await start
    assert server.pid is None
    assert not psutil.pid_exists(pid)
