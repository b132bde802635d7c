"""Whether a text says anything: a reason that is a full stop is none (the Ombudsman's reports are full of them)."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

SUBSTANCE = "substance"
"""Marks a field whose text somebody is to be told or a decision rests on."""
_NOTHING = frozenset({"na", "nil", "none", "null", "tbc", "tbd", "tba", "notapplicable", "seeabove", "asabove"})


def says_something(text: str) -> bool:
    """Whether a text has content: more than signs, one letter over and over, or a word that only fills a field.

    A sum or a date is content; “.”, “n/a”, “-”, “xxx” and “None.” are not.
    """
    plain = "".join(sign for sign in text.casefold() if sign.isalnum())
    return len(set(plain)) > 1 and plain not in _NOTHING


def empty_words(body: BaseModel) -> Iterator[tuple[str, str]]:
    """The fields marked SUBSTANCE that are filled in and say nothing, with what stands there; parts included."""
    for name, field in type(body).model_fields.items():
        value = getattr(body, name)
        if isinstance(value, str) and SUBSTANCE in field.metadata and value.strip() and not says_something(value):
            yield name, value.strip()
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, BaseModel):
                yield from empty_words(part)
