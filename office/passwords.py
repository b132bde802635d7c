"""Passwords of local accounts: made here, kept only as argon2id hashes, and none that is easily guessed."""

from __future__ import annotations

import asyncio
import re
import secrets
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST = 12
MOST = 200
_PARTS = 6
"""What is left of a password must be as long as this, when each word that is tried first counts as one character."""
_AT_ONCE = 2
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_HASHING = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="passwords")
"""However many sign in at once, hashing takes so many threads and no others, each with 19 MiB."""
_COMMON = Path(__file__).with_name("common_passwords.txt")
_ROWS = (
    "qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "0987654321", "abcdefghijklmnopqrstuvwxyz", "qazwsxedcrfvtgb",
    "1q2w3e4r5t6y7u8i9o0p", "qwertzuiop", "azertyuiop", "9876543210", "zyxwvutsrqponmlkjihgfedcba", "poiuytrewq",
    "lkjhgfdsa", "mnbvcxz", "!@#$%^&*()", "!\"£$%^&*()",
)  # fmt: skip
_LEET = str.maketrans("013457@$!", "oleastasi")
_WORD = re.compile(r"[^\W_]{3,}")
_SEPARATE = "\0"


def fresh() -> str:
    """A new password of about 79 bits that can be read out: ``h4kq-9tzw-mm3v-xc7d``."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def weakness(password: str, *about: str) -> str | None:
    """What is wrong with a new password, in one sentence that says what to do; None where nothing is.

    ``about`` is what anybody would try first of this account: its name, its address, its council. What is common is
    held to be worth no more than one character, wherever it stands and however it is spelt (NIST SP 800-63B, 3.1.1.2).
    """
    plain = unicodedata.normalize("NFKC", password)
    if len(plain.strip()) < LEAST:
        return f"The new password must have at least {LEAST} characters, spaces around it not counted"
    if len(plain) > MOST:
        return f"The new password must have at most {MOST} characters"
    own = {word.casefold() for text in about for word in (text, *_WORD.findall(text)) if word}
    if min(_worth(plain.casefold(), own), _worth(plain.casefold().translate(_LEET), own)) < _PARTS:
        return (
            "The new password is too easily guessed: it is mostly a common word, a row of keys, one thing repeated, "
            "or your name or your council’s; take three or four words that have nothing to do with each other"
        )
    return None


async def hashed(password: str) -> str:
    return await asyncio.get_running_loop().run_in_executor(_HASHING, _HASHER.hash, password)


async def right(hash: str | None, password: str) -> bool:
    """Whether the password is that of ``hash``; it takes as long where there is no account."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_HASHING, _verify, hash, password) and hash is not None


def _worth(password: str, own: set[str]) -> int:
    """How many characters are left, when what is common is one each and what is said again is nothing."""
    known = sorted(own | _common(), key=len, reverse=True)
    left = password
    for word in known:
        left = left.replace(word, _SEPARATE)
    for row in _ROWS:
        for length in range(len(row), 3, -1):
            for start in range(len(row) - length + 1):
                left = left.replace(row[start : start + length], _SEPARATE)
    left = re.sub(r"(?:19|20)\d\d", _SEPARATE, left)
    left = re.sub(r"(.+?)\1+", r"\1", re.sub(r"\s+", "", left))
    letters = [character for character in left if character != _SEPARATE]
    return len(set(letters)) + left.count(_SEPARATE)


@cache
def _common() -> frozenset[str]:
    return frozenset(_COMMON.read_text(encoding="utf-8").split())


@cache
def _nobody() -> str:
    return _HASHER.hash(secrets.token_hex(16))


def _verify(hash: str | None, password: str) -> bool:
    try:
        return _HASHER.verify(hash or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
