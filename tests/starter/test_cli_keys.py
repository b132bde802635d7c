"""`casereview keys`, as somebody at a terminal uses it; and what every command says of keys and registers that fail."""

import asyncio
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.pool import Pool

from connection.keys import KeyRing
from register import ring as ring_rows
from register.database import Database
from starter.cli import run
from tests.register.fresh import with_tables


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation that was started once, with no Temporal at its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        monkeypatch.setenv("TEMPORAL_ADDRESS", f"127.0.0.1:{probe.getsockname()[1]}")
    monkeypatch.setenv("CASEREVIEW_HOME", str(tmp_path))
    for name in ("CASEREVIEW_DATABASE_URL", "DATABASE_URL", "CASEREVIEW_KEYS"):
        monkeypatch.delenv(name, raising=False)
    with_tables(f"sqlite:///{tmp_path / 'register.db'}")
    asyncio.run(begun(tmp_path, KeyRing.make(tmp_path / "keys.json")))
    return tmp_path


async def begun(home: Path, ring: KeyRing) -> None:
    async with Database(f"sqlite:///{home / 'register.db'}") as database, ring_rows.ledger(database) as ledger:
        await ledger.begin(ring.fingerprints, ring.active)


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join(capsys.readouterr().out.split())


def test_keys_are_listed_checked_and_rotated_and_never_shown(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = KeyRing.load(home / "keys.json")
    assert run(["keys", "check"]) == 0
    assert f"fits the register (1 key, {old.active} active); Temporal does not answer" in said(capsys)
    assert run(["keys", "rotate"]) == 0
    shown = said(capsys)
    new = KeyRing.load(home / "keys.json")
    assert f"The key {new.active} is active; older ones are kept for reading." in shown
    assert run(["keys", "list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [(key["id"], key["state"], key["here"]) for key in listed["keys"]] == [
        (old.active, "reading", True), (new.active, "active", True)
    ]  # fmt: skip
    assert run(["keys", "list"]) == 0
    shown += said(capsys)
    assert "No process that holds them runs now." in shown
    assert run(["keys", "rotate", "--undo"]) == 0
    assert "nothing was taken back" in said(capsys)
    assert not any(secret in shown + json.dumps(listed) for secret in encoded(new))


def encoded(ring: KeyRing) -> Iterator[str]:
    yield from json.loads(ring.to_json())["keys"].values()


@pytest.mark.parametrize("what", ["gone", "another", "open to all"])
@pytest.mark.parametrize("command", ["worker", "console", "worker --health", "keys check", "keys rotate", "bounces"])
def test_keys_that_do_not_fit_end_a_command_with_one_sentence(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: str, what: str
) -> None:
    monkeypatch.setenv("CASEREVIEW_BOUNCES", str(home / "bounces"))
    path = home / "keys.json"
    match what:
        case "gone":
            path.unlink()
        case "another":
            KeyRing.fresh().save(path)
        case _:
            path.chmod(0o644)
    assert run(command.split()) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    expected = {"gone": "There is no key file at", "another": "lacks the key", "open to all": "chmod 600"}
    assert expected[what] in error or ("--health" in command and "No Temporal server answers" in error)


def test_keys_are_given_up_only_by_somebody_who_says_they_are_lost(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["keys", "start-again"]) == 2
    assert "say --lost if they are in no backup" in capsys.readouterr().err


@pytest.fixture
def unwritable() -> Iterator[None]:
    """No register of this process can be written: SQLite says so itself."""

    def refuse(connection: Any, entry: object) -> None:
        if type(connection).__module__.startswith("sqlalchemy.dialects.sqlite"):
            connection.cursor().execute("PRAGMA query_only = ON")

    event.listen(Pool, "connect", refuse)
    yield
    event.remove(Pool, "connect", refuse)


@pytest.mark.parametrize(
    "command",
    [
        "worker --health",
        "user add jo@example.org --name Jo --role officer --council dover",
        "source add forms --council dover",
        "keys rotate",
    ],
)
def test_a_register_that_cannot_be_written_is_one_sentence(
    home: Path, unwritable: None, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    code = run(command.split())
    error = capsys.readouterr().err.splitlines()
    assert code == 2
    if "--health" not in command:
        assert error[-1].startswith(f"The register {home}/register.db cannot be written: it may only be read; ")
    assert len(error) <= 1 + ("rotate" in command)


def test_what_only_reads_still_reads_a_register_that_cannot_be_written(
    home: Path, unwritable: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["cases"]) == 0
    assert run(["keys", "list"]) == 0
