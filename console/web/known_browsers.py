"""Browsers in which somebody signed in before: what others try for their account does not hold these up.

A cookie for each account, which opens nothing: it only has tries of its own. Its name and its value are made with a
key derived from the ring, so that it names nobody and cannot be made elsewhere.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from starlette.requests import Request
from starlette.responses import Response

from connection.keys import KEY_BYTES, KeyRing

KEPT_FOR = timedelta(days=365)
_USE = b"casereview known browsers v1"


class KnownBrowsers:
    """Remembers and recognises them; ``secure`` where they come over https."""

    def __init__(self, ring: KeyRing, secure: bool) -> None:
        self._secure = secure
        derive = HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=_USE)
        self._key = derive.derive(ring.key(ring.active))

    def name(self, request: Request, email: str) -> str:
        """What this browser is counted as for an account; empty where nobody signed in to it here."""
        nonce, _, mark = request.cookies.get(self._cookie(email), "").partition(".")
        return nonce if nonce and hmac.compare_digest(mark.encode(), self._mark(email, nonce).encode()) else ""

    def remember(self, answer: Response, email: str) -> None:
        """Somebody signed in to the account in this browser."""
        nonce = secrets.token_urlsafe(18)
        answer.set_cookie(
            self._cookie(email), f"{nonce}.{self._mark(email, nonce)}", max_age=int(KEPT_FOR.total_seconds()), path="/",
            secure=self._secure, httponly=True, samesite="lax",
        )  # fmt: skip

    def _cookie(self, email: str) -> str:
        return f"{'__Host-' if self._secure else ''}casereview-known-{self._mark(email, '')[:12]}"

    def _mark(self, email: str, nonce: str) -> str:
        covered = f"{nonce}\0{email.strip().casefold()}".encode(errors="replace")
        return hmac.digest(self._key, covered, hashlib.sha256).hex()
