"""Postal addresses: which of them a letter reaches."""

from __future__ import annotations

import re
from collections.abc import Iterable

_POSTCODE = re.compile(r"\b(?:[A-Z]{1,2}[0-9][A-Z0-9]?\s*[0-9][A-Z]{2}|GIR\s*0AA|BFPO\s*[0-9]{1,4})\b", re.IGNORECASE)
_ABROAD = re.compile(
    r"\b(?:[0-9]{2,3}[ -]?[0-9]{2,3}|[0-9]{4,6}|[A-Z][0-9]{2}\s*[A-Z0-9]{4}|[A-Z][0-9][A-Z]\s*[0-9][A-Z][0-9])\b"
)


def postable(address: Iterable[str]) -> bool:
    """Whether an envelope can be posted there: it has a postcode, of the United Kingdom, of a forces post office, or of
    another country in a line after the first."""
    first, *rest = (*address, "")
    return any(_POSTCODE.search(line) for line in (first, *rest)) or any(_ABROAD.search(line) for line in rest)
