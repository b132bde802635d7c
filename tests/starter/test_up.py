import asyncio
import json
import os
import re
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from connection.client import connect
from connection.ports import free_port
from connection.settings import Settings
from starter.cli import run
from starter.up import sweep
from tests.support import clock
from workflows.reconcile import SCHEDULE_ID

pytestmark = [pytest.mark.temporal, pytest.mark.long]
ROOT = Path(__file__).parents[2]
PORTS = ("TEMPORAL_PORT", "UI_PORT", "CODEC_PORT", "INBOX_PORT", "INBOX_SMTP_PORT", "CONSOLE_PORT")
PATIENCE = 60

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def start(home: Path) -> Iterator[Start]:
    running: list[subprocess.Popen[str]] = []

    def launch(*arguments: str, **variables: str) -> subprocess.Popen[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("CASEREVIEW_", "TEMPORAL_"))}
        ports = {f"CASEREVIEW_{name}": "0" for name in PORTS}
        process = subprocess.Popen(
            clock.argv("starter.cli", "up", *arguments),
            cwd=ROOT, env={**kept, **ports, "CASEREVIEW_HOME": str(home), **variables},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        running.append(process)
        return process

    yield launch
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()


def addresses(process: subprocess.Popen[str]) -> dict[str, str]:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, process.stderr and process.stderr.read()
    found: dict[str, str] = json.loads(line)
    return found


def stop(process: subprocess.Popen[str], how: signal.Signals = signal.SIGINT) -> tuple[str, str]:
    process.send_signal(how)
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    return out, err


def listens(address: str) -> bool:
    host, _, port = address.removeprefix("http://").partition(":")
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
    except OSError:
        return False
    return True


async def test_everything_is_up_ends_with_ctrl_c_and_a_second_up_says_so(start: Start, home: Path) -> None:
    (home / "documents").mkdir(parents=True, mode=0o755)
    first = start("--json")
    where = addresses(first)
    assert where.keys() == {"temporal", "ui", "late", "codec", "inbox", "smtp", "console", "home", "database"}
    assert where["home"] == str(home)
    assert where["database"] == str(home / "register.db")
    open_to_others = [path for path in (home, *home.rglob("*")) if path.lstat().st_mode & 0o077]
    assert open_to_others == []
    assert all(listens(where[name]) for name in ("temporal", "ui", "codec", "inbox", "smtp", "console"))
    page = await asyncio.to_thread(urlopen, where["inbox"], timeout=5)
    assert page.status == 200
    page.close()
    health = await asyncio.to_thread(urlopen, f"{where['console']}/health", timeout=10)
    assert json.load(health)["ok"] is True
    health.close()

    client = await connect(Settings(home=home), address=where["temporal"])
    assert await sweep(client, clock.now()) >= 0
    schedule = await client.get_schedule_handle(SCHEDULE_ID).describe()
    assert schedule.schedule.spec.intervals[0].every.total_seconds() == 900

    second = start()
    out, err = second.communicate(timeout=PATIENCE)
    assert second.returncode == 2
    assert out == ""
    assert err.startswith(f"The service is up already on {home} (process {first.pid})")
    assert len(err.strip().splitlines()) == 1

    _, told = stop(first)
    assert told.index("Opening the register.") < told.index("Starting Temporal and its UI.") < told.index("console.")
    passwords = re.findall(r"To sign in as (\w+) of .*: (\S+@example.org), password (\S+)", told)
    assert [(role, address) for role, address, _ in passwords] == [
        ("officer", "officer@example.org"), ("approver", "approver@example.org"), ("manager", "manager@example.org")
    ]  # fmt: skip
    assert len({password for *_, password in passwords}) == 3
    assert not any(listens(where[name]) for name in ("temporal", "ui", "codec", "inbox", "smtp", "console"))


@pytest.mark.parametrize("name", ["TEMPORAL_PORT", "INBOX_SMTP_PORT", "CONSOLE_PORT"])
def test_a_port_that_is_taken_is_one_sentence_and_nothing_is_left_running(
    name: str, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CASEREVIEW_HOME", str(home))
    for each in PORTS:
        monkeypatch.setenv(f"CASEREVIEW_{each}", "0")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv(f"CASEREVIEW_{name}", str(port))
        code = run(["up"])
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert err.startswith(f"Port {port} for ")
    assert f"give another port with --{name.lower().replace('_', '-')}, or 0 for any free one." in err
    assert len(err.strip().splitlines()) == 1
    assert not (home / "temporal.db").exists()


def test_every_port_that_is_taken_is_named_with_its_option(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CASEREVIEW_HOME", str(home))
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        ui, console = one.getsockname()[1], other.getsockname()[1]
        own = free_port()
        ports = {"ui": ui, "console": console, "inbox": own, "inbox-smtp": own, "codec": 0, "temporal": 0}
        code = run(["up", *(f"--{name}-port={port}" for name, port in ports.items())])
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    taken = "is taken by another program; stop it, or give another port with"
    assert err.splitlines() == [
        "3 ports cannot be had; stop what holds them, or give other ports (0 takes any free one):",
        f"  Port {console} for the console {taken} --console-port",
        f"  Port {ui} for the Temporal UI {taken} --ui-port",
        f"  Port {own} is asked for by the inbox page and the inbox's mail server; give another with --inbox-smtp-port",
    ]
    assert not (home / "temporal.db").exists()


def test_a_home_that_is_no_folder_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("CASEREVIEW_HOME", str(tmp_path / "file"))
    assert run(["up"]) == 2
    assert "set CASEREVIEW_HOME to a folder that may be written" in capsys.readouterr().err


@pytest.mark.thorough
def test_the_demo_s_cases_survive_a_restart_and_are_not_started_twice(start: Start) -> None:
    process = start("--demo")
    assert process.stdout is not None
    told: list[str] = []
    while not any(line.startswith("Demonstration case 1 of ") for line in told):
        line = process.stdout.readline()
        assert line, process.stderr and process.stderr.read()
        told.append(line)
    assert any("Press Ctrl-C to stop" in line for line in told)
    out, _ = stop(process)
    assert out.endswith("Stopped. Every case is kept.\n")

    again = start("--demo", "--json")
    where = addresses(again)
    assert again.stderr is not None
    assert any("not started again" in again.stderr.readline() for _ in range(8))
    cases = _casereview(where, "cases", "--json")
    assert len(cases) >= 1
    shown = _casereview(where, "show", cases[0]["reference"], "--json")
    assert shown
    before = _casereview(where, "advance", cases[0]["reference"], "--days", "1", "--json")
    assert before["reference"] == cases[0]["reference"]
    stop(again, signal.SIGTERM)


def _casereview(where: dict[str, str], *arguments: str) -> Any:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CASEREVIEW_", "TEMPORAL_"))}
    variables = {"CASEREVIEW_HOME": where["home"], "TEMPORAL_ADDRESS": where["temporal"]}
    done = subprocess.run(
        clock.argv("starter.cli", *arguments),
        cwd=ROOT, env={**kept, **variables}, capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
