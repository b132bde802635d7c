"""Secrets that the register keeps: sealed under the key ring, bound to what they belong to."""

import pytest

from connection.keys import KeyRing
from connection.seal import SecretSeal, Unopened

SECRET = b"twenty secret bytes."


def test_a_secret_opens_again_under_its_own_key_and_for_what_it_belongs_to() -> None:
    ring = KeyRing.fresh()
    sealed = SecretSeal(ring, "second factors").close(SECRET, "jo")
    assert SecretSeal(ring, "second factors").open(sealed, "jo") == SECRET
    assert SECRET.decode() not in sealed
    for seal, whose in ((SecretSeal(ring, "second factors"), "kim"), (SecretSeal(ring, "other"), "jo")):
        with pytest.raises(Unopened, match="belongs to something else"):
            seal.open(sealed, whose)


def test_no_two_sealed_texts_are_the_same() -> None:
    seal = SecretSeal(KeyRing.fresh(), "second factors")
    assert seal.close(SECRET, "jo") != seal.close(SECRET, "jo")


def test_after_a_rotation_it_still_opens_and_is_known_to_be_old() -> None:
    ring = KeyRing.fresh()
    sealed = SecretSeal(ring, "second factors").close(SECRET, "jo")
    rotated = SecretSeal(ring.rotate(), "second factors")
    assert rotated.open(sealed, "jo") == SECRET
    assert not rotated.is_newest(sealed)
    assert rotated.is_newest(rotated.close(SECRET, "jo"))


@pytest.mark.parametrize("damage", [lambda text: text[:-4], lambda text: "", lambda text: text.replace(":", ":!")])
def test_what_was_changed_or_has_lost_its_key_does_not_open(damage) -> None:  # type: ignore[no-untyped-def]
    ring = KeyRing.fresh()
    seal = SecretSeal(ring, "second factors")
    with pytest.raises(Unopened):
        seal.open(damage(seal.close(SECRET, "jo")), "jo")
    with pytest.raises(Unopened, match="not in the key ring"):
        SecretSeal(KeyRing.fresh(), "second factors").open(seal.close(SECRET, "jo"), "jo")
