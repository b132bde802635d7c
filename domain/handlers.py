"""Through whose hands a case has gone: who may not chair its panel, nor look after an appeal against it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from domain import events as e
from domain.case import Appeal, Case
from domain.complaint import plain


def handlers(case: Case) -> set[str]:
    """Everybody who was the case's officer or decided that there would be no review, as ``plain`` names."""
    names: set[str] = set()
    for event in case.events:
        match event.what:
            case e.OfficerAssigned(officer=officer):
                names.add(plain(officer))
            case e.ThresholdDecided(met=False, decided_by=decided, approved_by=approved):
                names.update((plain(decided), plain(approved)))
    return names - {""}


def had_part(case: Case, appeal: Appeal) -> set[str]:
    """Everybody who had a part in what an appeal is against, as ``plain`` names.

    They were its officer, decided or agreed to its threshold, sat on its panel or wrote its outcome, before the appeal.
    """
    return _hands(case.events[: max(appeal.place - 1, 0)])


def had_part_so_far(case: Case) -> set[str]:
    """The same of an appeal that is handed in now."""
    return _hands(case.events)


def _hands(events: Sequence[e.Event]) -> set[str]:
    return {plain(name) for name in _before(events)} - {""}


def _before(events: Sequence[e.Event]) -> Iterator[str]:
    for event in events:
        match event.what:
            case e.OfficerAssigned(officer=officer):
                yield officer
            case e.ThresholdDecided(decided_by=decided, approved_by=approved):
                yield from (decided, approved, _officer(event))
            case e.PanelArranged(chair=chair, members=members):
                yield from (chair.name, *(member.name for member in members))
            case e.PanelHeld() | e.OutcomeDecided():
                yield _officer(event)


def _officer(event: e.Event) -> str:
    return event.by.name if event.by.role is e.Role.OFFICER else ""
