"""Dates that letters gave out: they bind the council, keep the applicant's own time open, and move only by what may
lawfully move them, an extension or a hold at the victim's request."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from domain.calendar import Direction, Pause, Unit, count
from domain.case import Case
from domain.duties import Duty
from domain.edition import TOLD
from domain.parts import Telling
from domain.policy import Owner

_BY_DAYS = (Unit.DAYS, Unit.WEEKS, Unit.MONTHS)


def keep(case: Case, duty: Duty, due: date, extended: int) -> date:
    """The date of a duty, extended by so many working days in all, once every date told of it is held against it.

    A duty of the council or a body is never later than it was told; the applicant's time to act is never shorter.
    A clock that something new has started again is a new promise. Nor is it due before the day it was told for because
    another of its clocks started after the letter and comes out sooner; it is where a date was found to be wrong.
    """
    tellings = _standing(case, duty.key, extended)
    if duty.step.owner is Owner.APPLICANT:
        return max((due, *(_told(case, duty, telling, extended) for telling in tellings)))
    binding = [telling for telling in tellings if telling.place > duty.anew and not _anew(case, duty, telling)]
    told = [_told(case, duty, telling, extended) for telling in binding]
    if told and _stands(case, duty, binding):
        return min(told)
    return min((due, *told))


def last_told(case: Case, key: str, extended: int) -> date | None:
    """The date of a duty that was told last, with the extensions and holds since; None where none was told."""
    tellings = _standing(case, key, extended)
    if not tellings:
        return None
    day = shifted(case, tellings[-1].on, held=case.pauses, known=tellings[-1].pauses, unit=Unit.WORKING_DAYS)
    more = extended - tellings[-1].extended
    return count(case.calendar, day, more, Unit.WORKING_DAYS, pauses=case.pauses).due if more > 0 else day


def _standing(case: Case, key: str, extended: int) -> list[Telling]:
    """What was told of a deadline, but for dates that an extension gave and that were taken back with it."""
    return [telling for telling in case.told.get(key, ()) if telling.extended <= extended]


def _anew(case: Case, duty: Duty, telling: Telling) -> bool:
    """Whether a clock that ran when the letter went was started again since, by something other than a correction."""
    for clock in duty.step.clocks:
        anchor = duty.anchors.get(clock.anchor)
        started = case.places.get(anchor.event, 0) if anchor else 0
        if clock.anchor in telling.known and started > telling.place:
            return case.events[started - 1].kind != "date.corrected"
    return False


def _stands(case: Case, duty: Duty, binding: Sequence[Telling]) -> bool:
    """Whether the day that was told holds against a clock that comes out sooner."""
    if case.policy.edition < TOLD or len(duty.step.clocks) == 1:
        return False
    since = max(telling.place for telling in binding)
    anchors = (duty.anchors.get(clock.anchor) for clock in duty.step.clocks)
    places = [case.places.get(anchor.event, 0) for anchor in anchors if anchor]
    return not any(place > since and case.events[place - 1].kind == "date.corrected" for place in places)


def shifted(case: Case, day: date, *, held: Sequence[Pause], known: Sequence[Pause] = (), unit: Unit) -> date:
    """``day`` moved by the days that ``held`` takes out of it and ``known`` did not."""
    more = _days_held(case, day, held, unit) - _days_held(case, day, known, unit)
    unit = Unit.DAYS if unit in _BY_DAYS else Unit.WORKING_DAYS
    if more > 0:
        return count(case.calendar, day, more, unit, pauses=held).due
    return count(case.calendar, day, -more, unit, direction=Direction.BEFORE).due if more else day


def _told(case: Case, duty: Duty, telling: Telling, extended: int) -> date:
    """A told date with the extensions and holds that came after the letter."""
    clock = duty.step.clocks[0]
    day = shifted(case, telling.on, held=case.pauses, known=telling.pauses, unit=clock.unit)
    if more := extended - telling.extended:
        day = count(case.calendar, day, more, Unit.WORKING_DAYS, pauses=case.pauses).due
    if clock.unit is Unit.MEETING and day != telling.on:
        day = count(case.calendar, day, 0, Unit.MEETING, meetings=case.policy.calendar.meetings).due
    return day


def _days_held(case: Case, day: date, pauses: Sequence[Pause], unit: Unit) -> int:
    """How many days up to ``day`` are held that the unit would have counted."""
    days = {
        pause.start + timedelta(days=n)
        for pause in pauses
        for n in range((min(pause.end, day + timedelta(days=1)) - pause.start).days)
    }
    return len(days) if unit in _BY_DAYS else sum(1 for held in days if case.calendar.is_working(held))
