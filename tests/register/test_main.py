import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from register.__main__ import main
from tests.support import clock

VARIABLES = ("CASEREVIEW_DATABASE_URL", "DATABASE_URL", "CASEREVIEW_HOME")


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def test_upgrade_makes_the_tables_in_the_home_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CASEREVIEW_HOME", str(tmp_path))
    assert main(["current"]) == 0
    assert "no tables yet" in capsys.readouterr().out
    assert main(["upgrade"]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'register.db'}: 0018_same_as\n"
    with sqlite3.connect(tmp_path / "register.db") as connection:
        assert connection.execute("SELECT count(*) FROM cases").fetchone() == (0,)


def test_the_casereview_variable_comes_before_the_common_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'other.db'}")
    monkeypatch.setenv("CASEREVIEW_DATABASE_URL", f"sqlite:///{tmp_path / 'mine.db'}")
    assert main(["upgrade"]) == 0
    assert (tmp_path / "mine.db").exists()
    assert not (tmp_path / "other.db").exists()


def test_check_passes_when_the_migrations_lead_to_the_tables(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert "lead to the tables as they are" in capsys.readouterr().out


def test_without_an_address_it_asks_for_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["upgrade"]) == 2
    error = capsys.readouterr().err
    assert error == "No register is named; set DATABASE_URL or CASEREVIEW_HOME, or give --database URL.\n"


def test_after_a_backup_came_back_references_leave_a_gap(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    address, year = f"sqlite:///{tmp_path / 'register.db'}", clock.today().year
    assert main(["--database", address, "upgrade"]) == 0
    with closing(sqlite3.connect(tmp_path / "register.db")) as register, register:
        register.execute("INSERT INTO counters VALUES (?, 17)", [f"DOV-{year}"])
    capsys.readouterr()
    assert main(["--database", address, "restored", "--since", clock.now().isoformat()]) == 0
    assert capsys.readouterr().out == f"DOV-{year} goes on after 1000.\n"
    assert main(["--database", address, "restored", "--since", "yesterday"]) == 2
    assert "--since yesterday is no instant" in capsys.readouterr().err
