"""The code that leads back to an application: short enough to write down, too long to guess."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Iterable

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, which people read and hear as something else."""
_LETTERS, _GROUP = 16, 4
_MEANT = str.maketrans("ILO", "110")


def new() -> str:
    """Eighty random bits in four groups: ``7K3M-Q9TX-04HB-ZN5C``."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_LETTERS))
    return "-".join(letters[start : start + _GROUP] for start in range(0, _LETTERS, _GROUP))


def hashed(typed: str) -> str:
    """The SHA-256 of a code as somebody typed it: in any case, with or without spaces and hyphens, O for 0."""
    plain = "".join(character for character in typed.upper().translate(_MEANT) if character in _ALPHABET)
    return hashlib.sha256(plain.encode()).hexdigest()


def same_name(typed: str, names: Iterable[str]) -> bool:
    """Whether somebody typed one of those names, or its last word, whatever the accents, spaces and capitals."""
    wanted = _plain(typed)
    known = {_plain(part) for name in names for part in (name, *name.split()[-1:])}
    return bool(wanted) and any(secrets.compare_digest(wanted.encode(), name.encode()) for name in known)


_WHOLE = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
"""Letters that Unicode does not take apart, as people type them without their own keyboard."""


def _plain(name: str) -> str:
    parts = unicodedata.normalize("NFKD", name.casefold().translate(_WHOLE))
    return "".join(character for character in parts if character.isalnum())
