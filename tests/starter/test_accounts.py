"""``casereview user``: accounts for the console, their passwords printed once and kept as hashes."""

import asyncio
import json
from pathlib import Path

import pytest

from console.staff import first_accounts
from office import passwords
from register import users
from register.database import Database
from starter.cli import run
from tests.register.fresh import with_tables


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CASEREVIEW_HOME", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path


def add(email: str = "jo@example.org", role: str = "officer", council: str = "dover") -> int:
    return run(["user", "add", email, "--name", "Jo Ward", "--role", role, "--council", council, "--json"])


def printed(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


async def signs_in(home: Path, email: str, password: str) -> bool:
    async with Database(f"sqlite:///{home}/register.db") as database:
        found = await users.by_email(database, email)
        return found is not None and await passwords.right(found[1], password)


def test_an_account_is_made_listed_closed_and_opened_again(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert add("Jo@Example.org") == 0
    made = printed(capsys)
    first = str(made.pop("password"))
    kept = {"email": "jo@example.org", "name": "Jo Ward", "role": "officer", "council": "dover", "active": True}
    assert made == kept
    assert asyncio.run(signs_in(home, "jo@example.org", first))
    assert first.encode() not in (home / "register.db").read_bytes()

    assert run(["user", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [kept | {"invited": False, "second_factor": False}]

    assert run(["user", "disable", "jo@example.org"]) == 0
    assert not asyncio.run(signs_in(home, "jo@example.org", first))
    assert run(["user", "list"]) == 0
    assert "closed" in capsys.readouterr().out

    assert run(["user", "open", "jo@example.org"]) == 0
    assert asyncio.run(signs_in(home, "jo@example.org", first))
    capsys.readouterr()

    assert run(["user", "password", "jo@example.org", "--json"]) == 0
    second = str(printed(capsys)["password"])
    assert second != first
    assert asyncio.run(signs_in(home, "jo@example.org", second))
    assert not asyncio.run(signs_in(home, "jo@example.org", first))


@pytest.mark.parametrize(
    ("email", "role", "council", "sentence"),
    [
        ("jo", "officer", "dover", "Enter one e-mail address"),
        ("jo@example.org", "boss", "dover", "There is no role “boss”"),
        ("jo@example.org", "officer", "atlantis", "There is no council “atlantis”"),
    ],
)
def test_what_cannot_be_an_account_is_one_sentence_and_nothing_is_kept(
    home: Path, capsys: pytest.CaptureFixture[str], email: str, role: str, council: str, sentence: str
) -> None:
    assert add(email, role, council) == 2
    assert sentence in capsys.readouterr().err
    assert run(["user", "list"]) == 0
    assert "Nobody has an account yet" in capsys.readouterr().out


def test_one_address_has_one_account(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert add() == 0
    assert add(role="manager", council="medway") == 2
    assert "jo@example.org has an account already" in capsys.readouterr().err
    for command in ("disable", "password", "open", "join"):
        assert run(["user", command, "nobody@example.org"]) == 2
        assert "Nobody has an account as nobody@example.org" in capsys.readouterr().err


def test_a_joined_account_has_no_password_any_more(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert add() == 0
    first = str(printed(capsys)["password"])
    assert run(["user", "join", "jo@example.org"]) == 0
    assert "password is gone" in capsys.readouterr().out
    assert not asyncio.run(signs_in(home, "jo@example.org", first))
    for command in ("join", "password"):
        assert run(["user", command, "jo@example.org"]) == 2
        assert "has no password here" in capsys.readouterr().err


def test_the_first_accounts_are_made_once(home: Path) -> None:
    async def twice() -> tuple[tuple[first_accounts.FirstAccount, ...], ...]:
        async with Database(with_tables(f"sqlite:///{home}/register.db")) as database:
            return await first_accounts.make(database), await first_accounts.make(database)

    first, second = asyncio.run(twice())
    assert [account.email for account in first] == [
        "officer@example.org", "approver@example.org", "manager@example.org",
    ]  # fmt: skip
    assert second == ()
    assert all(asyncio.run(signs_in(home, account.email, account.password)) for account in first)
