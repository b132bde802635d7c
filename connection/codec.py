"""AES-256-GCM over every payload before it leaves the process, bound to the workflow and the use it is for."""

import json
import logging
import os
import re
import time
import zlib
from collections.abc import Sequence
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from google.protobuf.message import DecodeError
from temporalio.api.common.v1 import Payload
from temporalio.converter import (
    ActivitySerializationContext,
    PayloadCodec,
    SerializationContext,
    WithSerializationContext,
    WorkflowSerializationContext,
)

from connection.converter import not_taken, of_a_header
from connection.keys import Keys, UnknownKey
from connection.logs import Ours

ENCODING = b"binary/encrypted"
KEY_ID = "encryption-key-id"
BOUND_TO = "bound-to"
HEADER = b'["","","header"]'
"""What the headers of a message are bound to: the SDK seals them before it says for which workflow."""
NONCE_BYTES = 12
TAG_BYTES = 16
_PLAIN, _ZLIB = b"\x00", b"\x01"
SAID_AGAIN_AFTER = 60.0
_KEPT = 1_000
_SCHEDULED = re.compile(rb"-\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ(?=\")")
"""What a schedule puts behind the id of each of its workflows."""
_log = logging.getLogger(__name__)


class UnreadablePayload(ValueError):
    """A payload that is no sealed one, or that its named key does not open: changed, or sealed with another key."""


def bound_to(namespace: str, workflow: str, activity: str = "") -> bytes:
    """What a payload is sealed for, as its metadata has it: ``["default","DOV-2026-0001","workflow"]``, or of an
    activity's input, result and failure ``["default","DOV-2026-0001","activity carry_out"]``."""
    use = f"activity {activity}" if activity else "workflow"
    return json.dumps([namespace, workflow, use], separators=(",", ":")).encode()


def workflow_of(payload: Payload) -> str:
    """The workflow that a payload says it is sealed for; empty where it says none. Nothing vouches for it before the
    payload is opened."""
    try:
        _, workflow, _ = json.loads(payload.metadata.get(BOUND_TO, b""))
    except (ValueError, TypeError):
        return ""
    return str(workflow)


class Seal:
    """Seals with the ring's active key, opens with the key each payload names.

    A sealed payload has metadata `encoding: binary/encrypted`, `encryption-key-id` and `bound-to`, and as data a
    12-byte random nonce followed by the ciphertext and tag of the serialised payload, packed. Key id and `bound-to` are
    associated data: nobody changes them unnoticed.
    """

    def __init__(self, ring: Keys) -> None:
        self._ring = ring
        self._ciphers: dict[str, AESGCM] = {}

    def close(self, payload: Payload, bound: bytes) -> Payload:
        """The payload, sealed for what ``bound_to`` says."""
        nonce, active = os.urandom(NONCE_BYTES), self._ring.active
        key_id = active.encode("ascii")
        sealed = self._cipher(active).encrypt(nonce, _packed(payload), _associated(key_id, bound))
        return Payload(metadata={"encoding": ENCODING, KEY_ID: key_id, BOUND_TO: bound}, data=nonce + sealed)

    def open(self, payload: Payload) -> Payload:
        """What was sealed, for whatever it was. Raises `UnknownKey` or `UnreadablePayload`."""
        metadata = payload.metadata
        if metadata.get("encoding") != ENCODING:
            raise UnreadablePayload("A payload is not sealed: whoever sent it has no key of this service.")
        key_id, bound = metadata.get(KEY_ID), metadata.get(BOUND_TO)
        if not key_id or not bound:
            missing = "no workflow that it is for" if key_id else "no key"
            raise UnreadablePayload(f"A sealed payload names {missing}; it is damaged, read it from a backup instead.")
        name = key_id.decode("ascii", "backslashreplace")
        cipher = self._cipher(name)
        if len(payload.data) < NONCE_BYTES + TAG_BYTES:
            raise _unreadable(name)
        nonce, sealed = payload.data[:NONCE_BYTES], payload.data[NONCE_BYTES:]
        try:
            return _unpacked(cipher.decrypt(nonce, sealed, _associated(key_id, bound)))
        except (InvalidTag, DecodeError, zlib.error):
            raise _unreadable(name) from None

    def _cipher(self, key_id: str) -> AESGCM:
        if key_id not in self._ciphers:
            self._ciphers[key_id] = AESGCM(self._ring.key(key_id))
        return self._ciphers[key_id]


class EncryptionCodec(PayloadCodec, WithSerializationContext):
    """Seals what goes out for the workflow that it is for, and takes nothing in but what was sealed for that.

    In the place of anything else stands a payload that says why it was not taken (`connection.converter`): it never
    fails a task by itself. Without a context everything counts as a header, which is taken for nothing else.
    """

    def __init__(self, ring: Keys) -> None:
        self._seal = Seal(ring)
        self._said = Said()
        self._bound = HEADER

    def with_context(self, context: SerializationContext) -> Self:
        """The same codec for one workflow, or one activity of it."""
        bound = type(self).__new__(type(self))
        bound._seal, bound._said, bound._bound = self._seal, self._said, _bound(context)
        return bound

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Each payload sealed, in the same order."""
        return [self._seal.close(payload, self._bound) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Each payload opened, in the same order; where one of them is not taken, one alone that says why."""
        try:
            return [self._taken(payload) for payload in payloads]
        except (UnknownKey, UnreadablePayload) as error:
            why = str(error)
        if not all(_of_the_run_before(payload.metadata.get(BOUND_TO, b""), self._bound) for payload in payloads):
            self._said.once(self._bound.decode(), why)
        return [not_taken(why)]

    def opened(self, payload: Payload) -> Payload:
        """What was sealed, for whatever it was: to be shown, and acted on by nobody. Raises as `Seal.open`."""
        return self._seal.open(payload)

    def _taken(self, payload: Payload) -> Payload:
        opened, bound = self._seal.open(payload), payload.metadata[BOUND_TO]
        if bound == HEADER:
            return of_a_header(opened)
        if bound != self._bound:
            raise UnreadablePayload("A payload was sealed for something else: it was copied from there.")
        return opened


class Said:
    """Has each refusal in the log once a minute, however often it comes."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, str], float] = {}

    def once(self, whose: str, why: str) -> None:
        now, said = time.monotonic(), (whose, why)
        if now - self._last.get(said, -SAID_AGAIN_AFTER) < SAID_AGAIN_AFTER:
            return
        if len(self._last) >= _KEPT:
            self._last.clear()
        self._last[said] = now
        _log.warning("Something sent to %s was not taken: %s", Ours(whose), Ours(why))


def _bound(context: SerializationContext) -> bytes:
    match context:
        case WorkflowSerializationContext(namespace=namespace, workflow_id=workflow):
            return bound_to(namespace, workflow)
        case ActivitySerializationContext(namespace=namespace, workflow_id=workflow, activity_type=activity):
            return bound_to(namespace, workflow or "", activity or "")
        case _:
            return HEADER


def _of_the_run_before(bound: bytes, own: bytes) -> bool:
    """Whether it is what another run of the same schedule came to: Temporal hands that on, and nobody asks for it."""
    return _SCHEDULED.search(own) is not None and _SCHEDULED.sub(b"", bound) == _SCHEDULED.sub(b"", own)


def _associated(key_id: bytes, bound: bytes) -> bytes:
    return b"\x00".join((ENCODING, key_id, bound))


def _packed(payload: Payload) -> bytes:
    """A payload in as few bytes as it takes: Temporal's core keeps several copies of what a case began with for as long
    as the case is open."""
    whole = payload.SerializeToString()
    small = zlib.compress(whole)
    return _ZLIB + small if len(small) < len(whole) else _PLAIN + whole


def _unpacked(packed: bytes) -> Payload:
    form, whole = packed[:1], packed[1:]
    return Payload.FromString(zlib.decompress(whole) if form == _ZLIB else whole)


def _unreadable(name: str) -> UnreadablePayload:
    return UnreadablePayload(
        f"A payload that names key {name!r} does not open with it; check that the key ring holds "
        "the original key of that id, otherwise the payload was changed in storage."
    )
