"""One trace from a web request to the letter, where an endpoint is set; without one OpenTelemetry is not imported."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

import worker
from connection import traces
from connection.client import connect
from connection.ports import free_port
from connection.server import LocalServer
from connection.settings import Settings
from console.app import at_work
from office.connected import Office
from register.database import Database
from starter.inbox import Inbox
from tests.console.office import House, everybody
from tests.register.fresh import with_tables
from tests.workflows.life import Desk, Life
from workflows.attributes import registration

PERSONAL = (b"Asha", b"example.org", b"banging", b"Maya Ellis", b"Quarry Lane", b"correct horse")


@dataclass
class Collector:
    """What arrived at a small OTLP endpoint."""

    raw: list[bytes] = field(default_factory=list)

    @property
    def spans(self) -> list[Any]:
        from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

        found = []
        for body in self.raw:
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                found += [span for scope in resource.scope_spans for span in scope.spans]
        return found

    def line(self, span: Any) -> list[str]:
        """The names from the first span of a trace down to this one."""
        by_id = {one.span_id: one for one in self.spans}
        names = [span.name]
        while span.parent_span_id in by_id:
            span = by_id[span.parent_span_id]
            names.append(span.name)
        return names[::-1]


@contextmanager
def collecting() -> Iterator[tuple[Collector, str]]:
    collector = Collector()

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            collector.raw.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield collector, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.long
@pytest.mark.temporal
async def test_a_request_its_update_the_workflow_the_activity_and_the_letter_are_one_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with collecting() as (collector, endpoint):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
        traces.begin("casereview-test")
        try:
            await _assigned(tmp_path)
        finally:
            await asyncio.to_thread(traces.end)
    letters = [span for span in collector.spans if span.name == "letter handed over"]
    lines = [collector.line(span) for span in letters]
    assert [
        "POST /cases/{reference}/acts/{act}/check",
        "ask for assign-officer",
        "workflow takes assign-officer",
        "activity carry_out",
        "letter handed over",
    ] in lines
    whole = next(span for span, line in zip(letters, lines, strict=True) if line[0].startswith("POST"))
    assert {one.trace_id for one in collector.spans if one.name == "ask for assign-officer"} == {whole.trace_id}
    facts = {one.key: one.value.string_value for one in whole.attributes}
    assert facts["casereview.letter"][:2] in ("L-", "A-", "O-")
    assert facts["casereview.case"].startswith("DOV-2026-")
    assert not [word for word in PERSONAL for body in collector.raw if word in body]


async def _assigned(home: Path) -> None:
    """A case is taken on by its officer in the console, which tells the applicant by a letter."""
    async with (
        LocalServer.of(Settings(home=home, temporal_port=0, ui_port=0), registration(), headless=True) as server,
        Inbox(home / "mail", 0, 0) as inbox,
    ):
        host, port = inbox.smtp_address
        settings = Settings(home=home, smtp_host=host, smtp_port=port, console_port=free_port())
        settings.key_ring().make()
        client = await connect(settings, address=server.address, interceptors=traces.interceptors())
        async with Database(with_tables(settings.register_url)) as database:
            desk = Desk(Office(settings, client, database), inbox)
            await everybody(desk.office)
            async with worker.running(client, database, settings), at_work(desk.office) as address:
                life = await Life.begin(desk)
                visitor = await House(address, desk).visitor("officer")
                async with asyncio.timeout(60):  # until then an act may be left, and is sent by whoever takes it up
                    while (await visitor.client.get("/health")).status_code != 200:  # noqa: ASYNC110
                        await asyncio.sleep(0.1)
                await visitor.get(f"/cases/{life.reference}/acts/assign-officer")
                await visitor.send("check", officer="Maya Ellis")
                found = await visitor.send("confirm")
                assert found.status_code == 303, visitor.page.text
                await life.settled()


def test_an_endpoint_without_the_package_is_said_in_a_sentence_and_no_endpoint_imports_nothing() -> None:
    code = (
        "import sys; from connection import traces; traces.begin('x'); "
        "assert not traces.interceptors(); "
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert run.stdout.strip() == "[]"
    missing = (
        "import os, sys; os.environ['OTEL_EXPORTER_OTLP_ENDPOINT'] = 'http://127.0.0.1:1'; "
        "sys.modules['opentelemetry'] = None; from connection import traces; traces.begin('x')"
    )
    run = subprocess.run([sys.executable, "-c", missing], capture_output=True, text=True, timeout=60)
    assert run.returncode == 1
    assert "OpenTelemetry is not installed; install requirements/otel.txt, or unset it." in run.stderr
