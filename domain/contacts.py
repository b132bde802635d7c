"""How people are reached as their details stand now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from domain.events import ContactCorrected, Event

_Kept = TypeVar("_Kept")


def as_corrected(kept: Mapping[str, _Kept], events: Iterable[Event]) -> dict[str, _Kept]:
    """What is kept of each person by the id the case knows them by, as the last correction left it.

    Somebody whose corrected details are not there is left out: nothing may go to where they were reached before.
    """
    details = dict(kept)
    for event in events:
        if isinstance(event.what, ContactCorrected):
            details.pop(event.what.person, None)
            if event.what.details in kept:
                details[event.what.person] = kept[event.what.details]
    return details
