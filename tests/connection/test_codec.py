import pytest
from hypothesis import given
from hypothesis import strategies as st
from temporalio.api.common.v1 import Payload

from connection.codec import ENCODING, KEY_ID, EncryptionCodec, UnreadablePayload
from connection.keys import KeyRing, UnknownKey

RING = KeyRing.fresh()
PLAIN = Payload(metadata={"encoding": b"json/plain"}, data=b'"HESTERLOW-11"')


@given(
    st.lists(
        st.builds(
            lambda metadata, data: Payload(metadata=metadata, data=data),
            st.dictionaries(st.text(max_size=8), st.binary(max_size=8), max_size=3),
            st.binary(max_size=200),
        ),
        max_size=4,
    )
)
async def test_what_goes_in_comes_out(payloads: list[Payload]) -> None:
    codec = EncryptionCodec(RING)
    assert await codec.decode(await codec.encode(payloads)) == payloads


async def test_an_encoded_payload_names_its_key_and_hides_the_rest() -> None:
    [sealed] = await EncryptionCodec(RING).encode([PLAIN])
    assert dict(sealed.metadata) == {"encoding": ENCODING, KEY_ID: RING.active.encode()}
    assert b"HESTERLOW" not in sealed.SerializeToString()
    assert b"json/plain" not in sealed.SerializeToString()


async def test_the_same_payload_never_looks_the_same_twice() -> None:
    first, second = await EncryptionCodec(RING).encode([PLAIN, PLAIN])
    assert first.data[:12] != second.data[:12]
    assert first.data != second.data


async def test_a_payload_that_is_not_encrypted_passes_through() -> None:
    assert await EncryptionCodec(RING).decode([PLAIN, Payload()]) == [PLAIN, Payload()]


async def test_what_an_old_key_encrypted_is_readable_after_rotation() -> None:
    old = await EncryptionCodec(RING).encode([PLAIN])
    rotated = RING.rotate()
    codec = EncryptionCodec(rotated)
    new = await codec.encode([PLAIN])
    assert new[0].metadata[KEY_ID] == rotated.active.encode()
    assert await codec.decode([*old, *new]) == [PLAIN, PLAIN]


async def test_a_key_that_is_not_in_the_ring_is_named() -> None:
    sealed = await EncryptionCodec(RING).encode([PLAIN])
    with pytest.raises(UnknownKey, match=f"Key '{RING.active}' is not in the key ring"):
        await EncryptionCodec(KeyRing.fresh()).decode(sealed)


async def test_another_key_under_the_same_id_is_noticed() -> None:
    sealed = await EncryptionCodec(RING).encode([PLAIN])
    impostor = KeyRing(active=RING.active, keys={RING.active: b"x" * 32})
    with pytest.raises(UnreadablePayload, match=f"names key '{RING.active}' does not open with it"):
        await EncryptionCodec(impostor).decode(sealed)


async def test_every_changed_byte_is_noticed() -> None:
    codec = EncryptionCodec(RING)
    [sealed] = await codec.encode([PLAIN])
    for place in range(len(sealed.data)):
        changed = bytearray(sealed.data)
        changed[place] ^= 1
        with pytest.raises(UnreadablePayload):
            await codec.decode([Payload(metadata=sealed.metadata, data=bytes(changed))])


async def test_a_shortened_payload_is_noticed() -> None:
    codec = EncryptionCodec(RING)
    [sealed] = await codec.encode([PLAIN])
    for length in range(len(sealed.data)):
        with pytest.raises(UnreadablePayload):
            await codec.decode([Payload(metadata=sealed.metadata, data=sealed.data[:length])])


async def test_a_payload_cannot_be_moved_to_another_key_id() -> None:
    key = RING.key(RING.active)
    codec = EncryptionCodec(KeyRing(active="a", keys={"a": key, "b": key}))
    [sealed] = await codec.encode([PLAIN])
    with pytest.raises(UnreadablePayload):
        await codec.decode([Payload(metadata={**sealed.metadata, KEY_ID: b"b"}, data=sealed.data)])


async def test_a_payload_that_names_no_key_is_said_to_be_damaged() -> None:
    with pytest.raises(UnreadablePayload, match="names no key"):
        await EncryptionCodec(RING).decode([Payload(metadata={"encoding": ENCODING}, data=b"x" * 40)])
