"""What acts are called on a page: what heads a form, what is said when it is done, and what comes of it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from domain.events import ActKind, kinds
from office.wording import TABLE

ACTS: Mapping[str, ActKind] = kinds()
"""Every act, with its title, what is said when it was taken, and what comes of it."""


def plainly(sentence: str) -> str:
    """A rule's sentence with the acts and the fields it names called as this console calls them."""
    named = _NAMED.sub(lambda match: f"“{ACTS[match.group()].title}”", sentence)
    asked = _ASKED.sub(lambda match: f"“{_FIELDS[match.group()]}”", named)
    return f"{asked[:1].upper()}{asked[1:]}"


def _fields() -> Mapping[str, str]:
    """What each field of an act that has a name of several words is called, where it is called one thing."""
    found: dict[str, set[str]] = {}
    for path, row in TABLE.items():
        name, caption = path.rpartition(".")[2], row.staff or row.party
        if "_" in name and caption:
            found.setdefault(name, set()).add(caption.label.removesuffix(" (optional)"))
    return {name: labels.pop() for name, labels in found.items() if len(labels) == 1}


_FIELDS = _fields()
_ASKED = re.compile(r"\b(?:" + "|".join(sorted(_FIELDS, key=len, reverse=True)) + r")\b")
_NAMED = re.compile(r"\b(?:" + "|".join(sorted((act for act in ACTS if "-" in act), key=len, reverse=True)) + r")\b")
