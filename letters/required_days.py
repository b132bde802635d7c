"""The days that a letter must print whatever its wording: `domain/catalogue.py` says which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from domain.catalogue import Promised, kind_of
from letters.languages import Language


def untold(kind: str, context: Mapping[str, Any], text: str, language: Language) -> Iterator[str]:
    """What a letter written from ``context`` should have told and ``text`` does not, in words with its day."""
    flat = " ".join(text.split())
    for what, day in _days(kind, context):
        if language.words(day) not in flat:
            yield f"{what}, {language.words(day)}"


def _days(kind: str, context: Mapping[str, Any]) -> Iterator[tuple[str, date]]:
    what = kind_of(kind).day
    if what is None or "deadline" not in context:
        return
    if what is Promised.NEW_DATE:
        key = context["event"].step
    else:
        key = "appeal_window"
        if not context["appeals"] or not context["ahead"](key):
            return
    if deadline := context["deadline"](key):
        yield what, deadline.due
