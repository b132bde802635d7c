"""How people are reached as their details stand now, and which failures to reach them that leaves behind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from domain.application import Means
from domain.case import Case
from domain.events import ContactCorrected, Detail, Event
from domain.keys import LetterKey
from domain.messages import LetterOrder, Party, Recipient

_WAYS = {Detail.EMAIL: Means.EMAIL, Detail.ADDRESS: Means.POST, Detail.PHONE: Means.TEXT}
_Kept = TypeVar("_Kept")


def as_corrected(kept: Mapping[str, _Kept], events: Iterable[Event]) -> dict[str, _Kept]:
    """What is kept of each person by the id the case knows them by, as the last correction left it.

    Somebody whose corrected details are not there is left out: nothing may go to where they were reached before.
    """
    found = dict(kept)
    for event in events:
        if isinstance(event.what, ContactCorrected):
            found.pop(event.what.person, None)
            if event.what.details in kept:
                found[event.what.person] = kept[event.what.details]
    return found


def mended(case: Case, to: Recipient) -> dict[Means, int]:
    """The ways to a reader that have another address by now, each with the number of the event that gave it."""
    person = _person(case, to)
    found: dict[Means, int] = {}
    for event in case.events if person else ():
        if isinstance(event.what, ContactCorrected) and event.what.person == person:
            ways = (_WAYS[detail] for detail in event.what.changed if detail in _WAYS)
            found.update(dict.fromkeys(ways, case.places[event.id]))
    return found


def afresh(case: Case, order: LetterOrder) -> LetterOrder:
    """The order without the ways that failed only before their address was corrected."""
    new = mended(case, order.to)
    if not new:
        return order
    first = LetterKey.read(order.key).first
    tries = [letter for key, letter in case.letters.items() if LetterKey.read(key).first == first]
    last = {way: max((letter.left for letter in tries if letter.posted.by is way), default=0) for way in order.failed}
    failed = tuple(way for way in order.failed if last[way] > new.get(way, -1))
    avoid = tuple(way for way in order.avoid if case.places.get(order.event, 0) > new.get(way, -1))
    return order.model_copy(update={"failed": failed, "avoid": avoid})


def _person(case: Case, to: Recipient) -> str:
    """The person id of a reader; empty for everybody but the applicant's side."""
    if to.party is Party.APPLICANT:
        return case.application.applicant
    return (to.id or case.application.representative) if to.party is Party.REPRESENTATIVE else ""
