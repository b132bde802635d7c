"""What is sent again because it went to an address that was not its reader's, or was no longer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from domain import events as e
from domain.case import Case, Letter
from domain.complaint import plain
from domain.keys import LetterKey
from domain.messages import LetterOrder, Party
from domain.seats import seat_id

_ASKED_ANEW = frozenset({"A-02", "A-03", "A-08"})
"""They are ordered afresh, with the days that hold now."""
_OF_THEIR_DAY = frozenset({"A-04", "A-18", "A-19"})
"""Reminders and news: what they told of has passed, or has another letter."""
_TO_A_SEAT = frozenset({"A-06", "A-07"})
_TO_THE_APPEAL_BODY = frozenset({"A-10", "A-10h"})
_PANELS = (e.PanelArranged, e.PanelAdjourned)
_HEARINGS = (e.HearingArranged, e.HearingAdjourned)


def readdressed(case: Case, orders: Mapping[str, LetterOrder], event: e.Event) -> tuple[LetterOrder, ...]:
    """The letters that ``event``, the case's last, has sent again to another address, each under a key of its own.

    ``orders`` are all that were ordered so far, by their keys.
    """
    what = event.what
    if not isinstance(what, e.AgencyCorrected | e.OfficerAssigned | e.LetterUndelivered):
        return ()
    latest = {LetterKey.read(order.key).first: order for order in orders.values() if order.event != event.id}
    tries = [LetterKey.read(key).first for key in orders]
    again = []
    for first, order in latest.items():
        letter = case.letters.get(order.key)
        if letter and _goes_again(case, what, event, order, letter):
            key = str(replace(first, attempt=tries.count(first) + 1))
            again.append(order.model_copy(update={"key": key, "failed": (), "avoid": ()}))
    return tuple(again)


def _goes_again(
    case: Case,
    what: e.AgencyCorrected | e.OfficerAssigned | e.LetterUndelivered,
    event: e.Event,
    order: LetterOrder,
    letter: Letter,
) -> bool:
    if isinstance(what, e.OfficerAssigned):
        to_them = order.to.party is Party.OFFICER and event.by.role is e.Role.CLOCK
        return to_them and letter.undelivered is not None and bool(letter.undelivered.address)
    if isinstance(what, e.LetterUndelivered):
        now = case.officer.email.casefold() if case.officer else ""
        to_them = order.to.party is Party.OFFICER and what.key == order.key
        return to_them and what.address.casefold() not in ("", now)
    if case.policy.agency(what.agency) is None:
        return _of_the_appeal(case, what, order, letter)
    match order.to.party:
        case Party.AGENCY if order.to.id == what.agency and what.email:
            return _of_a_body(case, what, order, letter)
        case Party.SENIOR if order.to.id == what.agency and what.senior_email:
            return _came_back(letter) and _still_owed(case, order)
        case Party.CHAIR | Party.MEMBER if what.email:
            return _of_a_seat(case, what, order, letter)
        case _:
            return False


def _came_back(letter: Letter) -> bool:
    refused = letter.posted.state is e.LetterState.REFUSED and letter.settled is None
    return letter.undelivered is not None or refused


def _of_a_body(case: Case, what: e.AgencyCorrected, order: LetterOrder, letter: Letter) -> bool:
    if order.letter in _ASKED_ANEW | _OF_THEIR_DAY:
        return False
    heard = any(enquiry.agency == what.agency and enquiry.answer for enquiry in case.enquiries.values())
    return _came_back(letter) or (order.letter == "A-01" and not heard and not what.arrived)


def _still_owed(case: Case, order: LetterOrder) -> bool:
    """Whether what an escalation is about has not come."""
    told = next((event.what for event in case.events if event.id == order.event), None)
    enquiry = case.enquiries.get(told.deadline) if isinstance(told, e.Chased) else None
    return enquiry is None or enquiry.answer is None


def _of_a_seat(case: Case, what: e.AgencyCorrected, order: LetterOrder, letter: Letter) -> bool:
    """An invitation or the papers, to somebody who is reached through their body."""
    if case.panel is None or case.held or order.letter not in _TO_A_SEAT:
        return False
    seats = (case.panel.chair,) if order.to.party is Party.CHAIR else case.panel.members
    theirs = any(seat.agency == what.agency and not seat.email and order.to.id in ("", seat_id(seat)) for seat in seats)
    return theirs and (_came_back(letter) or not what.arrived) and _stands(case, order, _PANELS)


def _stands(case: Case, order: LetterOrder, arranging: tuple[type[e.Body], ...]) -> bool:
    """Whether it tells of a meeting as it stands: nothing has arranged that otherwise since."""
    arranged = (case.places[event.id] for event in case.events if isinstance(event.what, arranging))
    return case.places[order.event] >= max(arranged, default=0)


def _of_the_appeal(case: Case, what: e.AgencyCorrected, order: LetterOrder, letter: Letter) -> bool:
    appeal = case.appeal
    if appeal is None or appeal.body is None or appeal.decided or order.to.party is not Party.APPEAL_BODY:
        return False
    theirs = plain(appeal.body.name) == plain(what.agency) and case.places[order.event] >= appeal.place
    if not theirs or order.letter not in _TO_THE_APPEAL_BODY or not (_came_back(letter) or not what.arrived):
        return False
    return order.letter == "A-10" or (appeal.heard_on is None and _stands(case, order, _HEARINGS))
