"""When the applicant hears how their case stands, because nothing else was written to them for a while.

It stops while the case is paused, while it waits for the applicant, and when it is over.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from domain import events as e
from domain.calendar import BeyondHorizon, Unit, count, opening_of
from domain.case import Case, Stage, local_date
from domain.catalogue import Audience, kind_of
from domain.letters import letters_for

_THEIR_TURN = frozenset({Stage.AWAITING_DETAILS, Stage.NOT_MET, Stage.CLOSING})


def due(case: Case, now: datetime) -> datetime | None:
    """The instant at which a word is due, as the case stands at ``now``; None where none is, or the policy names no
    period."""
    period, today = case.policy.care.heartbeat, local_date(now)
    if period is None or case.stage.over or case.stage in _THEIR_TURN or case.on_hold(today):
        return None
    last = max(_news(case), default=case.made_on)
    try:
        on = count(case.calendar, last, period.working_days, Unit.WORKING_DAYS, pauses=case.pauses).due
    except BeyondHorizon:
        return None
    return None if on <= today and _on_its_way(case, today) else opening_of(on)


def next_word(case: Case, now: datetime) -> e.ProgressTold | None:
    """The word to the applicant, where its time has come."""
    moment = due(case, now)
    return e.ProgressTold() if moment is not None and moment <= now else None


def told_last(case: Case) -> int:
    """The number of the last event that wrote to the applicant, 0 before any."""
    sent = (case.places.get(letter.posted.event, 0) for letter in case.letters.values() if _to_applicant(letter.posted))
    return max(sent, default=0)


def _news(case: Case) -> Iterator[date]:
    """The days on which the applicant was written to, or a word was on its way to them."""
    for letter in case.letters.values():
        if _to_applicant(letter.posted) and not letter.failed:
            yield letter.on
    yield from (local_date(event.at) for event in case.events if isinstance(event.what, e.ProgressTold))


def _on_its_way(case: Case, today: date) -> bool:
    """Whether something of today that is written to the applicant has not been handed over yet."""
    sent = {(letter.posted.event, letter.posted.letter) for letter in case.letters.values()}
    for event in reversed(case.events):
        if local_date(event.at) < today:
            return False
        for order in letters_for("", case, event):
            if kind_of(order.letter).reader is Audience.APPLICANT and (event.id, order.letter) not in sent:
                return True
    return False


def _to_applicant(posted: e.LetterPosted) -> bool:
    return kind_of(posted.letter).reader is Audience.APPLICANT
