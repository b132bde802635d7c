import logging
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from temporalio.api.common.v1 import Payload
from temporalio.converter import (
    ActivitySerializationContext,
    NexusSerializationContext,
    PayloadConverter,
    SerializationContext,
    WorkflowSerializationContext,
)
from temporalio.exceptions import ApplicationError

from connection.codec import BOUND_TO, ENCODING, KEY_ID, EncryptionCodec, Seal, UnreadablePayload, bound_to
from connection.converter import MessageConverter
from connection.keys import KeyRing, UnknownKey
from domain.messages import NotTaken

RING = KeyRing.fresh()
PLAIN = Payload(metadata={"encoding": b"json/plain"}, data=b'"HESTERLOW-11"')
CASE = WorkflowSerializationContext("default", "DOV-2026-0001")
ANOTHER = WorkflowSerializationContext("default", "DOV-2026-0002")
BOUND = bound_to("default", "DOV-2026-0001")
PAYLOADS = st.builds(
    lambda metadata, data: Payload(metadata=metadata, data=data),
    st.dictionaries(st.text(max_size=8), st.binary(max_size=8), max_size=3),
    st.binary(max_size=200),
)


def activity(workflow: str | None = "DOV-2026-0001", kind: str = "carry_out", id: str | None = None) -> object:
    return ActivitySerializationContext(
        namespace="default", activity_id=id, activity_type=kind, activity_task_queue=None, workflow_id=workflow,
        workflow_type=None, is_local=False,
    )  # fmt: skip


def codec(context: object = CASE, ring: KeyRing = RING) -> EncryptionCodec:
    assert isinstance(context, SerializationContext)
    return EncryptionCodec(ring).with_context(context)


async def why_not(reader: EncryptionCodec, *payloads: Payload) -> str:
    """Why nothing of these was taken."""
    [marker] = await reader.decode(payloads)
    assert (marker.metadata["encoding"], marker.data) == (b"json/plain", b"{}")
    return marker.metadata["not-taken"].decode()


@given(st.lists(PAYLOADS, max_size=4))
async def test_what_goes_in_comes_out(payloads: list[Payload]) -> None:
    assert await codec().decode(await codec().encode(payloads)) == payloads


async def test_a_sealed_payload_names_its_key_and_what_it_is_for_and_hides_the_rest() -> None:
    [sealed] = await codec().encode([PLAIN])
    assert dict(sealed.metadata) == {
        "encoding": ENCODING,
        KEY_ID: RING.active.encode(),
        BOUND_TO: b'["default","DOV-2026-0001","workflow"]',
    }
    assert b"HESTERLOW" not in sealed.SerializeToString()
    assert b"json/plain" not in sealed.SerializeToString()


async def test_the_same_payload_never_looks_the_same_twice() -> None:
    first, second = await codec().encode([PLAIN, PLAIN])
    assert first.data[:12] != second.data[:12]
    assert first.data != second.data


@given(PAYLOADS)
async def test_a_payload_that_is_not_sealed_is_never_taken(payload: Payload) -> None:
    assert "not sealed" in await why_not(codec(), payload)


async def test_of_several_payloads_one_that_is_not_sealed_is_enough_for_nothing_to_be_taken() -> None:
    [sealed] = await codec().encode([PLAIN])
    assert "not sealed" in await why_not(codec(), sealed, PLAIN, sealed)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(ANOTHER, id="another case"),
        pytest.param(WorkflowSerializationContext("elsewhere", "DOV-2026-0001"), id="another namespace"),
        pytest.param(activity(), id="an activity of the case"),
        pytest.param(activity(workflow=None), id="an activity of no case"),
        pytest.param(NexusSerializationContext("default", "DOV-2026-0001", "workflow"), id="no workflow at all"),
    ],
)
async def test_what_was_sealed_for_one_use_is_taken_for_no_other(other: object) -> None:
    sealed = await codec().encode([PLAIN])
    assert "copied from there" in await why_not(codec(other), *sealed)


async def test_an_activitys_payloads_are_for_its_kind_whatever_its_number() -> None:
    sealed = await codec(activity()).encode([PLAIN])
    assert await codec(activity(id="7")).decode(sealed) == [PLAIN]
    assert "copied from there" in await why_not(codec(activity(kind="send_letter")), *sealed)


@pytest.mark.parametrize("reader", [EncryptionCodec(RING), codec(NexusSerializationContext("an", "other", "use"))])
async def test_without_a_context_nothing_is_taken_that_is_for_a_workflow(reader: EncryptionCodec) -> None:
    sealed = await codec().encode([PLAIN])
    assert "copied from there" in await why_not(reader, *sealed)


async def test_what_was_sealed_as_a_header_is_a_header_to_every_workflow_and_never_a_message() -> None:
    [header] = await EncryptionCodec(RING).encode(MessageConverter().to_payloads([{"traceparent": "00-1"}]))
    opened = await codec().decode([header])
    read = MessageConverter().from_payloads
    assert read(opened) == [{"traceparent": "00-1"}]
    assert [type(value) for value in read(opened, [Any])] == [NotTaken]
    with pytest.raises(ApplicationError, match="holds a header"):
        read(opened, [dict])


async def test_whoever_reads_a_header_that_was_not_taken_as_plain_json_finds_it_empty() -> None:
    marker = await codec().decode([PLAIN])
    assert PayloadConverter.default.from_payloads(marker) == [{}]


async def test_what_an_old_key_sealed_is_readable_after_rotation() -> None:
    old = await codec().encode([PLAIN])
    rotated = RING.rotate()
    after = codec(ring=rotated)
    new = await after.encode([PLAIN])
    assert new[0].metadata[KEY_ID] == rotated.active.encode()
    assert await after.decode([*old, *new]) == [PLAIN, PLAIN]


async def test_a_key_that_is_not_in_the_ring_is_named() -> None:
    sealed = await codec().encode([PLAIN])
    stranger = KeyRing.fresh()
    assert f"Key {RING.active!r} is not in the key ring" in await why_not(codec(ring=stranger), *sealed)
    with pytest.raises(UnknownKey, match=f"Key '{RING.active}' is not in the key ring"):
        Seal(stranger).open(sealed[0])


async def test_another_key_under_the_same_id_is_noticed() -> None:
    sealed = await codec().encode([PLAIN])
    impostor = KeyRing(active=RING.active, keys={RING.active: b"x" * 32})
    assert f"names key {RING.active!r} does not open with it" in await why_not(codec(ring=impostor), *sealed)


@given(PAYLOADS, st.data())
def test_whatever_is_changed_in_a_sealed_payload_it_does_not_open(payload: Payload, data: st.DataObject) -> None:
    seal = Seal(RING)
    sealed = seal.close(payload, BOUND)
    changed = Payload()
    changed.CopyFrom(sealed)
    match data.draw(st.sampled_from(("data", "length", "encoding", KEY_ID, BOUND_TO, "without"))):
        case "data":
            place = data.draw(st.integers(0, len(sealed.data) - 1))
            bytes_ = bytearray(sealed.data)
            bytes_[place] ^= data.draw(st.integers(1, 255))
            changed.data = bytes(bytes_)
        case "length":
            changed.data = sealed.data[: data.draw(st.integers(0, len(sealed.data) - 1))]
        case "without":
            del changed.metadata[data.draw(st.sampled_from(("encoding", KEY_ID, BOUND_TO)))]
        case name:
            changed.metadata[name] = data.draw(st.binary(max_size=60).filter(lambda b: b != sealed.metadata[name]))
    with pytest.raises((UnreadablePayload, UnknownKey)):
        seal.open(changed)
    assert seal.open(sealed) == payload


def test_a_payload_cannot_be_moved_to_another_key_id_nor_to_another_case() -> None:
    key = RING.key(RING.active)
    seal = Seal(KeyRing(active="a", keys={"a": key, "b": key}))
    sealed = seal.close(PLAIN, BOUND)
    for name, value in ((KEY_ID, b"b"), (BOUND_TO, bound_to("default", "DOV-2026-0002"))):
        with pytest.raises(UnreadablePayload):
            seal.open(Payload(metadata={**sealed.metadata, name: value}, data=sealed.data))


@pytest.mark.parametrize(("lacks", "words"), [(KEY_ID, "names no key"), (BOUND_TO, "names no workflow")])
def test_a_payload_that_names_no_key_or_no_workflow_is_said_to_be_damaged(lacks: str, words: str) -> None:
    sealed = Seal(RING).close(PLAIN, BOUND)
    del sealed.metadata[lacks]
    with pytest.raises(UnreadablePayload, match=words):
        Seal(RING).open(sealed)


async def test_a_thousand_refusals_are_one_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    reader = codec()
    with caplog.at_level(logging.WARNING, "connection.codec"):
        for _ in range(1_000):
            await why_not(reader, PLAIN)
        await why_not(codec(ANOTHER), PLAIN)
    assert [record.getMessage().partition(" was")[0] for record in caplog.records] == [
        'Something sent to ["default","DOV-2026-0001","workflow"]',
        'Something sent to ["default","DOV-2026-0002","workflow"]',
    ]


async def test_what_an_earlier_run_of_a_schedule_came_to_is_not_taken_and_nothing_to_tell(
    caplog: pytest.LogCaptureFixture,
) -> None:
    earlier, later, other = (
        codec(WorkflowSerializationContext(namespace="default", workflow_id=id))
        for id in ("sweep-2026-11-30T12:00:00Z", "sweep-2026-11-30T12:15:00Z", "other-2026-11-30T12:15:00Z")
    )
    result = await earlier.encode([Payload(metadata={"encoding": b"json/plain"}, data=b"3")])
    assert b"copied from there" in (await later.decode(result))[0].metadata["not-taken"]
    assert not caplog.text
    await other.decode(result)
    assert "other-2026-11-30T12:15:00Z" in caplog.text
