import base64
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from connection.keys import KeyRing, KeyRingError, UnknownKey

ROOT = Path(__file__).parents[2]


def one_key(key: bytes = b"k" * 32) -> str:
    return json.dumps({"active": "k1", "keys": {"k1": base64.b64encode(key).decode()}})


def test_a_ring_is_made_once_and_then_the_same(tmp_path: Path) -> None:
    path = tmp_path / "home" / "keys.json"
    made = KeyRing.make(path)
    assert KeyRing.make(path) == made == KeyRing.load(path)


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "home" / "keys.json"
    KeyRing.make(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path]


def test_processes_that_start_at_once_share_one_ring(tmp_path: Path) -> None:
    path = tmp_path / "home" / "keys.json"
    program = (
        "import pathlib, sys; from connection.keys import KeyRing; sys.stdin.read();"
        "print(KeyRing.make(pathlib.Path(sys.argv[1])).active)"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(path)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(8)
    ]
    for process in started:
        assert process.stdin
        process.stdin.close()
    answers = set()
    for process in started:
        assert process.stdout
        answers.add(process.stdout.read())
        process.stdout.close()
        assert process.wait() == 0
    assert answers == {f"{KeyRing.load(path).active}\n"}


def test_rotation_makes_a_new_key_active_and_keeps_the_old(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    old = KeyRing.make(path)
    new = old.rotate()
    new.save(path)
    assert new.active != old.active
    assert new.key(old.active) == old.key(old.active)
    assert KeyRing.load(path) == new
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_environment_holds_what_the_file_holds(ring: KeyRing) -> None:
    assert KeyRing.from_env(ring.to_json()) == ring


def test_a_ring_shows_no_key_when_printed() -> None:
    shown = repr(KeyRing(active="k1", keys={"k1": b"SECRETSECRETSECRETSECRETSECRET32"}))
    assert "k1" in shown
    assert "SECRET" not in shown


def test_a_ring_cannot_be_changed(ring: KeyRing) -> None:
    with pytest.raises(TypeError):
        ring.keys["other"] = b"k" * 32  # type: ignore[index]


def test_an_unknown_key_is_named(ring: KeyRing) -> None:
    with pytest.raises(UnknownKey, match=r"^Key 'k-2019' is not in the key ring; add"):
        ring.key("k-2019")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "CASEREVIEW_KEYS is not JSON; write"),
        ("[]", 'CASEREVIEW_KEYS must hold exactly "active"'),
        ('{"active": "k1"}', 'CASEREVIEW_KEYS must hold exactly "active"'),
        ('{"active": "k1", "keys": {"k1": "!"}}', "CASEREVIEW_KEYS has a key 'k1' that is not base64"),
        ('{"active": "k1", "keys": {"k1": 7}}', "CASEREVIEW_KEYS has a key 'k1' that is not base64"),
        ('{"active": "k1", "keys": {}}', "The active key 'k1' is not among the keys"),
        ('{"active": "é", "keys": {"é": ""}}', "Key id 'é' is not usable"),
        (one_key(b"short"), "Key 'k1' has 5 bytes; give it exactly 32."),
    ],
)
def test_a_malformed_ring_is_refused_with_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(KeyRingError) as refusal:
        KeyRing.from_env(text)
    assert str(refusal.value).startswith(sentence)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620])
def test_a_file_other_accounts_can_reach_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "keys.json"
    path.write_text(one_key())
    path.chmod(mode)
    with pytest.raises(KeyRingError, match="can be read by other accounts; run `chmod 600"):
        KeyRing.load(path)


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(KeyRingError, match="There is no key file at"):
        KeyRing.load(tmp_path / "keys.json")


def test_a_file_that_cannot_be_read_or_written_is_said_to_be_so(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(KeyRingError, match=r"cannot be read \(Not a directory\)"):
        KeyRing.load(blocked / "keys.json")
    with pytest.raises(KeyRingError, match=r"cannot be written \(Not a directory\)"):
        KeyRing.fresh().save(blocked / "keys.json")


def test_a_damaged_file_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
    os.write(descriptor, b"{")
    os.close(descriptor)
    with pytest.raises(KeyRingError, match="is not JSON"):
        KeyRing.make(path)
    assert path.read_text() == "{"
