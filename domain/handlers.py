"""Through whose hands a case has gone: who may not chair its panel, nor look after an appeal against it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from domain import events as e
from domain.case import Appeal, Case
from domain.complaint import plain
from domain.policy import Rostered


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


def may_not_chair(case: Case) -> set[str]:
    """Who may not chair the case's panel: its handlers and, where the chair is independent, also those who decided that
    there would be a review, as ``plain`` names."""
    return _involved(case) if case.policy.panel.independent_chair else handlers(case)


def chairs_in_turn(case: Case, number: int) -> tuple[Rostered, ...]:
    """Those of the policy's roster who may chair this case, the one ``number``-th of its year, whose turn it is first.

    The case's own council and area are left out, and whoever had a part in it; each case begins one further on.
    """
    identity, barred = case.policy.identity, may_not_chair(case)
    own = {plain(identity.council), plain(identity.area), plain(identity.lead_body)} - {""}
    others = [one for one in case.policy.panel.roster if not own & {plain(one.organisation), plain(one.area)}]
    first = number % len(others) if others else 0
    return tuple(one for one in (*others[first:], *others[:first]) if plain(one.name) not in barred)


def _involved(case: Case) -> set[str]:
    """Everybody who was the case's officer or decided its threshold, either way."""
    names = handlers(case)
    for event in case.events:
        if isinstance(event.what, e.ThresholdDecided):
            names.update(map(plain, (event.what.decided_by, event.what.approved_by, _officer(event))))
    return names - {""}


def had_none(case: Case, seat: e.Seat) -> bool:
    """Whether somebody on the panel has had no part in the case: they did not handle it, decided nothing in it,
    declared nothing, and sat on no earlier panel of it."""
    held = max((case.places[event.id] for event in case.events if isinstance(event.what, e.PanelHeld)), default=0)
    return (
        seat.independent and not seat.conflict.strip()
        and plain(seat.name) not in _involved(case) | _hands(case.events[:held])
    )  # fmt: skip


def deciders(case: Case, appeal: Appeal | None) -> set[str]:
    """Who decided or wrote what an appeal is against, or sat on its panel, as ``plain`` names: nothing of the appeal is
    theirs to arrange, to record or to decide. ``appeal`` is None for one that is handed in now."""
    events = case.events if appeal is None else case.events[: max(appeal.place - 1, 0)]
    ours = (event for event in events if not isinstance(event.what, e.OfficerAssigned))
    return {plain(name) for name in _before(list(ours))} - {""}


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
