"""The signature that makes a link work: HMAC-SHA256 under keys derived from the payload key ring.

A link's address ends in its token: the link's id and 80 bits of its signature, in groups of four that can be typed from
paper. The token can be made again at any time from the link's row and the ring, so no row has it.
"""

import hashlib
import hmac
from typing import Protocol

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from connection.keys import KEY_BYTES, Keys, UnknownKey
from register.links import ALPHABET, ID_LENGTH

SIGNATURE_BITS = 80
_LENGTH = ID_LENGTH + SIGNATURE_BITS // 5
_GROUP = 4
_USE = b"casereview signed links v1"
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None, "\u2013": None, "\u2010": None})


class Signed(Protocol):
    """What a signature covers, and the key that makes it."""

    @property
    def id(self) -> str: ...
    @property
    def key_id(self) -> str: ...
    @property
    def purpose(self) -> str: ...
    @property
    def reference(self) -> str: ...
    @property
    def holder(self) -> str: ...
    @property
    def about(self) -> str: ...


class Signer:
    """Signs links with keys derived (HKDF-SHA256) from the ring's: a new link by the active one's.

    A key that was rotated away still signs its own links, as long as it is in the ring.
    """

    def __init__(self, ring: Keys) -> None:
        self._ring = ring
        self._derived: dict[str, bytes] = {}

    @property
    def key_id(self) -> str:
        """The key for a new link."""
        return self._ring.active

    def token(self, link: Signed) -> str:
        """ "K3F9-2MXT-…", six groups of four. Raises UnknownKey where the link's key is gone from the ring."""
        whole = link.id + self._signature(link)
        return "-".join(whole[start : start + _GROUP] for start in range(0, len(whole), _GROUP))

    def right(self, link: Signed, signature: str) -> bool:
        """Whether a signature, as ``read`` gave it, is this link's; compared in constant time."""
        try:
            return hmac.compare_digest(self._signature(link), signature)
        except UnknownKey:
            return False

    def _signature(self, link: Signed) -> str:
        covered = (link.id, str(link.purpose), link.reference, link.holder, link.about)
        made = hmac.digest(self._key(link.key_id), "\0".join(covered).encode(), hashlib.sha256)
        number = int.from_bytes(made[: SIGNATURE_BITS // 8])
        return "".join(ALPHABET[number >> shift & 31] for shift in range(SIGNATURE_BITS - 5, -1, -5))

    def _key(self, key_id: str) -> bytes:
        if key_id not in self._derived:
            derive = HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=_USE)
            self._derived[key_id] = derive.derive(self._ring.key(key_id))
        return self._derived[key_id]


def read(token: str) -> tuple[str, str] | None:
    """The id and the signature of a token as somebody typed it; None for what cannot be one."""
    whole = token.strip().upper().translate(_READ_AS)
    if len(whole) != _LENGTH or not set(whole) <= set(ALPHABET):
        return None
    return whole[:ID_LENGTH], whole[ID_LENGTH:]
