"""AES-256-GCM over every payload before it leaves the process."""

import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from google.protobuf.message import DecodeError
from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec

from connection.keys import Keys

ENCODING = b"binary/encrypted"
KEY_ID = "encryption-key-id"
NONCE_BYTES = 12
TAG_BYTES = 16


class UnreadablePayload(ValueError):
    """An encrypted payload that its named key does not open: changed, or encrypted with another key."""


class EncryptionCodec(PayloadCodec):
    """Encrypts with the key that is active in the ring just then, decrypts with the key each payload names.

    An encoded payload has metadata `encoding: binary/encrypted` and `encryption-key-id`, and as data a
    12-byte random nonce followed by the ciphertext and tag of the serialised payload. The key id is bound as
    associated data.
    """

    def __init__(self, ring: Keys) -> None:
        self._ring = ring
        self._ciphers: dict[str, AESGCM] = {}

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Each payload encrypted, in the same order."""
        return [self._encrypt(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Each payload decrypted, in the same order; one that is not encrypted is returned as it is.

        Raises `UnknownKey` or `UnreadablePayload`.
        """
        return [
            self._decrypt(payload) if payload.metadata.get("encoding") == ENCODING else payload for payload in payloads
        ]

    def _encrypt(self, payload: Payload) -> Payload:
        nonce = os.urandom(NONCE_BYTES)
        active = self._ring.active
        key_id = active.encode("ascii")
        sealed = self._cipher(active).encrypt(nonce, payload.SerializeToString(), _associated(key_id))
        return Payload(metadata={"encoding": ENCODING, KEY_ID: key_id}, data=nonce + sealed)

    def _decrypt(self, payload: Payload) -> Payload:
        key_id = payload.metadata.get(KEY_ID)
        if not key_id:
            raise UnreadablePayload("An encrypted payload names no key; it is damaged, read it from a backup instead.")
        name = key_id.decode("ascii", "backslashreplace")
        cipher = self._cipher(name)
        if len(payload.data) < NONCE_BYTES + TAG_BYTES:
            raise _unreadable(name)
        nonce, sealed = payload.data[:NONCE_BYTES], payload.data[NONCE_BYTES:]
        try:
            return Payload.FromString(cipher.decrypt(nonce, sealed, _associated(key_id)))
        except (InvalidTag, DecodeError):
            raise _unreadable(name) from None

    def _cipher(self, key_id: str) -> AESGCM:
        if key_id not in self._ciphers:
            self._ciphers[key_id] = AESGCM(self._ring.key(key_id))
        return self._ciphers[key_id]


def _associated(key_id: bytes) -> bytes:
    return ENCODING + b"\x00" + key_id


def _unreadable(name: str) -> UnreadablePayload:
    return UnreadablePayload(
        f"A payload that names key {name!r} does not open with it; check that the key ring holds "
        "the original key of that id, otherwise the payload was changed in storage."
    )
