"""Who sits on a case's panel, and how a letter names them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from domain import events as e
from domain.case import Case
from domain.messages import Party, Recipient


def seat_id(seat: e.Seat) -> str:
    """How an order names a panel member: by a digest, because an order's key is seen in logs."""
    return "seat-" + hashlib.sha256((seat.email or seat.name).casefold().encode()).hexdigest()[:10]


def seats(case: Case) -> Iterator[e.Seat]:
    """Everybody who sits, or ever sat, on the case's panel; the latest panel first, its members before its chair."""
    for event in reversed(case.events):
        if isinstance(event.what, e.PanelArranged):
            yield from (*event.what.members, event.what.chair)


def left_the_panel(case: Case) -> Iterator[e.Seat]:
    """Who was on the panel that the case's last event arranged anew, and is not any more."""
    if not isinstance(case.events[-1].what, e.PanelArranged) or case.panel is None:
        return
    stay = {seat_id(seat) for seat in (case.panel.chair, *case.panel.members)}
    for event in reversed(case.events[:-1]):
        if isinstance(event.what, e.PanelHeld):
            return
        if isinstance(event.what, e.PanelArranged):
            yield from (s for s in (event.what.chair, *event.what.members) if seat_id(s) not in stay)
            return


def member(seat: e.Seat) -> Recipient:
    """A member of the panel as the reader of a letter."""
    return Recipient(party=Party.MEMBER, id=seat_id(seat))


def to_panel(kind: str, case: Case) -> Iterator[tuple[str, Recipient]]:
    """A letter of that kind to the panel's chair, and to each member who is somebody else."""
    if case.panel is None:
        return
    yield kind, Recipient(party=Party.CHAIR)
    for seat in case.panel.members:
        if seat_id(seat) != seat_id(case.panel.chair):
            yield kind, member(seat)
