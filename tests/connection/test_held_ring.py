import logging
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connection.held_ring import HeldRing
from connection.keys import KeyRing, KeyRingError, UnknownKey
from connection.logs import facts
from register.ring import KeyState, KnownKey, Standing

AT = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)  # Mon


def known(ring: KeyRing, active: str) -> Standing:
    """As the register would have the keys of a ring, all in use."""

    def key(id: str, fingerprint: str) -> KnownKey:
        state = KeyState.ACTIVE if id == active else KeyState.READING
        return KnownKey(id, fingerprint, state, AT, AT, None if id == active else AT)

    return Standing(tuple(key(id, fingerprint) for id, fingerprint in ring.fingerprints.items()))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys.json"


@pytest.fixture
def held(path: Path, ring: KeyRing) -> HeldRing:
    ring.save(path)
    held = HeldRing(path)
    assert held.read()
    held.learn(known(ring, ring.active))
    return held


def test_a_new_key_in_the_file_is_held_and_not_active(held: HeldRing, path: Path, ring: KeyRing) -> None:
    fuller = ring.offering().rotate()
    fuller.save(path)
    assert held.look()
    assert held.fault == ""
    assert held.ring.keys == fuller.keys
    assert held.active == ring.active


def test_it_encrypts_with_what_the_register_has_active(held: HeldRing, path: Path, ring: KeyRing) -> None:
    rotated = ring.rotate()
    rotated.activated(ring.active).save(path)
    held.look()
    held.learn(known(rotated, rotated.active))
    assert (held.active, held.fault) == (rotated.active, "")


def test_a_key_that_is_asked_for_is_looked_for_in_the_file_at_once(held: HeldRing, path: Path, ring: KeyRing) -> None:
    rotated = ring.rotate()
    rotated.save(path)
    assert held.key(rotated.active) == rotated.key(rotated.active)
    with pytest.raises(UnknownKey):
        held.key("k-none")


@pytest.mark.parametrize("what", ["another", "other key", "gone", "no JSON", "open to all"])
def test_a_file_that_does_not_fit_changes_nothing_and_is_said_once(
    held: HeldRing, path: Path, ring: KeyRing, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    match what:
        case "another":
            KeyRing.fresh().save(path)
        case "other key":
            KeyRing(active=ring.active, keys={ring.active: b"x" * 32}).save(path)
        case "gone":
            path.unlink()
        case "no JSON":
            path.write_text("{")
        case _:
            fuller = ring.offering()
            fuller.save(path)
            path.chmod(0o644)
            os.utime(path, ns=(1, 1))
    with caplog.at_level(logging.ERROR, "casereview.keys"):
        assert held.look()
        held.look()
        held.learn(known(ring, ring.active))
    assert held.ring == ring
    assert held.fault.endswith(".")
    assert [record.getMessage() for record in caplog.records] == [
        f"{held.fault} This process goes on with the keys it has."
    ]
    assert facts(caplog.records[0])["message"] == caplog.records[0].getMessage()
    ring.save(path)
    held.look()
    assert held.fault == ""


def test_a_process_loses_no_key_and_says_which_it_would_find_again(held: HeldRing, path: Path, ring: KeyRing) -> None:
    ring.offering().save(path)
    held.look()
    ring.save(path)
    held.look()
    assert held.fault == ""
    assert len(held.ring.keys) == 2
    assert held.fingerprints == ring.fingerprints


def test_a_start_forgets_what_the_process_held(held: HeldRing, path: Path) -> None:
    path.unlink()
    assert not held.read()
    with pytest.raises(KeyRingError, match="There is no key file"):
        held.active  # noqa: B018


def test_a_ring_in_the_environment_is_held_and_cannot_be_changed(ring: KeyRing) -> None:
    held = HeldRing(ring.to_json())
    assert held.read()
    assert held.ring == ring
    assert not held.look()
    with pytest.raises(KeyRingError, match="CASEREVIEW_KEYS cannot be changed from here"):
        held.save(ring.rotate())


def test_a_fingerprint_tells_keys_apart_and_is_not_the_key(ring: KeyRing) -> None:
    other = KeyRing(active=ring.active, keys={ring.active: b"x" * 32})
    assert ring.fingerprints.keys() == other.fingerprints.keys()
    assert ring.fingerprints != other.fingerprints
    assert ring.fingerprints == KeyRing.from_env(ring.to_json()).fingerprints
    assert ring.key(ring.active).hex() not in ring.fingerprints[ring.active]
