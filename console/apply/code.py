"""The code that leads back to an application: short enough to write down, too long to guess."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Iterable, Sequence

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
    """Whether somebody typed one of those names or its surname: in any order, with or without its particles, whatever
    the accents, hyphens, spaces and capitals. A first name alone, or a "van" alone, is none."""
    wanted = _words(typed)
    return any(_means(wanted, name) for name in names if wanted)


def _means(wanted: Sequence[str], name: str) -> bool:
    known = _words(name)
    before, comma, _ = name.partition(",")
    surname = set(_words(before) if comma else known[1:] or known) - _PARTICLES
    whole = "".join(wanted)
    written_together = (known[start:end] for start in range(len(known)) for end in range(start + 1, len(known) + 1))
    for run in written_together:
        if "".join(run) == whole and surname & set(run):
            return True
    return set(wanted) <= set(known) and bool(surname & set(wanted))


_PARTICLES = frozenset(
    (
        *("af", "al", "ap", "ben", "bin", "da", "dal", "de", "del", "della", "den", "der", "di", "do", "dos", "du"),
        *("el", "la", "las", "le", "los", "lo", "mac", "mc", "o", "op", "san", "st", "ten", "ter", "van", "von"),
        *("y", "zu", "zum", "zur"),
    )
)
"""Words of a surname that say nothing alone: "van der" of van der Walt."""
_WHOLE = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
"""Letters that Unicode does not take apart, as people type them without their own keyboard."""


def _words(name: str) -> list[str]:
    parts = unicodedata.normalize("NFKD", name.casefold().translate(_WHOLE))
    plain = "".join(part for part in parts if not unicodedata.combining(part) and part not in _APOSTROPHES)
    return "".join(part if part.isalnum() else " " for part in plain).split()


_APOSTROPHES = "'’‘`ʼ"
