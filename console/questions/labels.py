"""What acts are called on a page: what heads a form, what is said when it is done, and what comes of it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from domain.events import ActKind, kinds

ACTS: Mapping[str, ActKind] = kinds()
"""Every act, with its title, what is said when it was taken, and what comes of it."""


def plainly(sentence: str) -> str:
    """A rule's sentence with the acts it names called as this console calls them."""
    named = _NAMED.sub(lambda match: f"“{ACTS[match.group()].title}”", sentence)
    return f"{named[:1].upper()}{named[1:]}"


_NAMED = re.compile(r"\b(?:" + "|".join(sorted((act for act in ACTS if "-" in act), key=len, reverse=True)) + r")\b")
