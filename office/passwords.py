"""Passwords of local accounts: made here, kept only as argon2id hashes."""

from __future__ import annotations

import asyncio
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST = 12
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def fresh() -> str:
    """A new password of about 79 bits that can be read out: ``h4kq-9tzw-mm3v-xc7d``."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


async def hashed(password: str) -> str:
    return await asyncio.to_thread(_HASHER.hash, password)


async def right(hash: str | None, password: str) -> bool:
    """Whether the password is that of ``hash``; it takes as long where there is no account."""
    return await asyncio.to_thread(_verify, hash or _nobody(), password) and hash is not None


@cache
def _nobody() -> str:
    return _HASHER.hash(secrets.token_hex(16))


def _verify(hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(hash, password)
    except (VerificationError, InvalidHashError):
        return False
