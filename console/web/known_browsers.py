"""Browsers in which somebody signed in before: what others try for their account does not hold these up.

A cookie for each account, which opens nothing: it only has tries of its own. Its name and its value are made with a
key derived from the ring, so that it names nobody and cannot be made elsewhere; a key that was rotated away still
makes its own out.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta
from functools import cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from starlette.requests import Request
from starlette.responses import Response

from connection.held_ring import HeldRing
from connection.keys import KEY_BYTES

KEPT_FOR = timedelta(days=365)
_USE = b"casereview known browsers v1"


class KnownBrowsers:
    """Remembers and recognises them; ``secure`` where they come over https."""

    def __init__(self, ring: HeldRing, secure: bool) -> None:
        self._ring = ring
        self._secure = secure

    def name(self, request: Request, email: str) -> str:
        """What this browser is counted as for an account; empty where nobody signed in to it here."""
        for key in (_derived(known) for known in self._ring.ring.keys.values()):
            nonce, _, mark = request.cookies.get(self._cookie(key, email), "").partition(".")
            if nonce and hmac.compare_digest(mark.encode(), _mark(key, email, nonce).encode()):
                return nonce
        return ""

    def remember(self, answer: Response, email: str) -> None:
        """Somebody signed in to the account in this browser."""
        nonce, key = secrets.token_urlsafe(18), _derived(self._ring.key(self._ring.active))
        answer.set_cookie(
            self._cookie(key, email), f"{nonce}.{_mark(key, email, nonce)}", max_age=int(KEPT_FOR.total_seconds()),
            path="/", secure=self._secure, httponly=True, samesite="lax",
        )  # fmt: skip

    def _cookie(self, key: bytes, email: str) -> str:
        return f"{'__Host-' if self._secure else ''}casereview-known-{_mark(key, email, '')[:12]}"


@cache
def _derived(key: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=_USE).derive(key)


def _mark(key: bytes, email: str, nonce: str) -> str:
    covered = f"{nonce}\0{email.strip().casefold()}".encode(errors="replace")
    return hmac.digest(key, covered, hashlib.sha256).hex()
