import base64
from dataclasses import dataclass, replace

import pytest

from connection.keys import KeyRing, UnknownKey
from connection.signature import Signer, read

RING = KeyRing(active="k1", keys={"k1": b"k" * 32})


@dataclass(frozen=True)
class Link:
    id: str = "7KQ29MXT"
    key_id: str = "k1"
    purpose: str = "progress"
    reference: str = "DOV-2026-0001"
    holder: str = "DOV-2026-0001-P1"
    about: str = ""


def test_a_token_is_the_same_each_time_it_is_printed() -> None:
    assert Signer(RING).token(Link()) == Signer(RING).token(Link()) == "7KQ2-9MXT-DDKA-WZR4-C059-XE4J"


@pytest.mark.parametrize(
    "change",
    [
        {"id": "7KQ29MXV"},
        {"purpose": "chair"},
        {"reference": "DOV-2026-0002"},
        {"holder": "DOV-2026-0001-P2"},
        {"about": "verification:police"},
    ],
)
def test_a_signature_is_of_one_link_only(change: dict[str, str]) -> None:
    signer = Signer(RING)
    parts = read(signer.token(Link()))
    assert parts is not None
    assert signer.right(Link(), parts[1])
    assert not signer.right(replace(Link(), **change), parts[1])


def test_every_character_of_a_signature_counts() -> None:
    signer = Signer(RING)
    id, signature = read(signer.token(Link())) or ("", "")
    assert (id, len(signature) * 5) == ("7KQ29MXT", 80)
    for at, one in enumerate(signature):
        wrong = signature[:at] + ("0" if one != "0" else "1") + signature[at + 1 :]
        assert not signer.right(Link(), wrong)


@pytest.mark.parametrize(
    "typed", ["7kq2-9mxt-0123-4567-89ab-cdef", "7KQ29MXT O123 4567 89AB CDEF", "7KQ29MXTOI23456789ABCDEF"]
)
def test_a_token_is_read_however_it_is_typed(typed: str) -> None:
    assert read(typed) == ("7KQ29MXT", "0123456789ABCDEF")


@pytest.mark.parametrize(
    "typed", ["", "7KQ2", "7KQ2-9MXT-0123-4567-89AB-CDEU", "7KQ2-9MXT-0123-4567-89AB-CDEF-0", "٣" * 24]
)
def test_what_cannot_be_a_token_is_none(typed: str) -> None:
    assert read(typed) is None


def test_a_link_outlives_a_new_key_but_not_the_loss_of_its_own() -> None:
    rotated = RING.rotate()
    assert Signer(rotated).key_id != "k1"
    assert Signer(rotated).token(Link()) == Signer(RING).token(Link())
    lost = Signer(KeyRing.fresh())
    with pytest.raises(UnknownKey):
        lost.token(Link())
    assert not lost.right(Link(), "0" * 16)


def test_the_key_that_encrypts_is_not_the_key_that_signs() -> None:
    signer = Signer(RING)
    signer.token(Link())
    assert base64.b64encode(b"k" * 32).decode() not in repr(vars(signer))
    assert signer._key("k1") != b"k" * 32
