"""``casereview source``: the systems that send applications; a key is printed once and kept as a hash."""

import json
import re
from pathlib import Path

import pytest

from starter.cli import run


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CASEREVIEW_HOME", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path


def test_a_source_is_made_listed_and_revoked(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["source", "add", " Web forms ", "--council", "dover"]) == 0
    key = re.search(r"casereview_[\w-]{43}", capsys.readouterr().out)
    assert key
    assert key[0].encode() not in b"".join(path.read_bytes() for path in home.glob("register.db*"))
    assert run(["source", "add", "Web forms 2", "--council", "medway", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made.pop("key").startswith("casereview_")
    assert (made["name"], made["council"], made["used_at"], made["revoked_at"]) == (
        "Web forms 2", "medway", None, None,
    )  # fmt: skip
    assert run(["source", "list"]) == 0
    listed = capsys.readouterr().out
    assert "never" in listed
    assert "revoked" not in listed
    assert run(["source", "revoke", "Web forms"]) == 0
    assert "refused from now on" in capsys.readouterr().out
    assert run(["source", "list", "--json"]) == 0
    first, second = json.loads(capsys.readouterr().out)
    assert first["revoked_at"]
    assert second == made


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["add", "Web forms", "--council", "atlantis"], "There is no council “atlantis”"),
        (["add", "  ", "--council", "dover"], "NAME must be one line of at most 80 characters."),
        (["add", "two\nlines", "--council", "dover"], "NAME must be one line of at most 80 characters."),
        (["revoke", "Web forms"], "There is no source “Web forms”"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    home: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert run(["source", *arguments]) == 2
    assert sentence in capsys.readouterr().err
    assert run(["source", "list"]) == 0
    assert "No system sends applications yet" in capsys.readouterr().out


def test_a_name_is_used_once_so_that_the_record_stays_clear(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["source", "add", "Web forms", "--council", "dover"]) == 0
    assert run(["source", "revoke", "Web forms"]) == 0
    assert run(["source", "add", "Web forms", "--council", "dover"]) == 2
    assert "There is a source “Web forms” already" in capsys.readouterr().err
