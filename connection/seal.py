"""Secrets that the register keeps and must read again: sealed with AES-256-GCM under keys derived from the key ring.

A sealed text is the id of the ring's key, a colon, and base64 of a 12-byte nonce with ciphertext and tag. Its use and
what it belongs to are bound to it: moved to another row it does not open.
"""

import base64
import binascii
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from connection.keys import KEY_BYTES, Keys, UnknownKey

_NONCE_BYTES = 12
_USE = b"casereview sealed secrets v1"


class Unopened(ValueError):
    """A sealed secret that does not open: its key is gone from the ring, or it was changed or moved."""


class SecretSeal:
    """Seals under the ring's active key, opens under the one that sealed. ``use`` is what the secrets are for."""

    def __init__(self, ring: Keys, use: str) -> None:
        self._ring = ring
        self._use = use.encode()

    def close(self, secret: bytes, belongs_to: str) -> str:
        """The secret as the register may keep it."""
        key_id, nonce = self._ring.active, os.urandom(_NONCE_BYTES)
        sealed = self._cipher(key_id).encrypt(nonce, secret, belongs_to.encode())
        return f"{key_id}:{base64.b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, belongs_to: str) -> bytes:
        """The secret again. Raises Unopened."""
        key_id, _, encoded = sealed.rpartition(":")
        try:
            whole = base64.b64decode(encoded, validate=True)
            return self._cipher(key_id).decrypt(whole[:_NONCE_BYTES], whole[_NONCE_BYTES:], belongs_to.encode())
        except UnknownKey as error:
            raise Unopened(str(error)) from None
        except (InvalidTag, binascii.Error, ValueError):
            raise Unopened("A sealed secret does not open; it was changed, or belongs to something else.") from None

    def is_newest(self, sealed: str) -> bool:
        """Whether the ring's active key sealed it."""
        return sealed.rpartition(":")[0] == self._ring.active

    def _cipher(self, key_id: str) -> AESGCM:
        derive = HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=_USE + b"\0" + self._use)
        return AESGCM(derive.derive(self._ring.key(key_id)))
