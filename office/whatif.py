"""What an act would do, before anybody does it: its dates before and after, its letters, or why it may not be."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from domain.application import Means
from domain.calendar import BeyondHorizon
from domain.case import Case
from domain.deadlines import Deadline, folded, planned
from domain.events import Actor, Body
from domain.letters import CATALOGUE
from domain.messages import LetterOrder, Party
from domain.rehearsal import Rehearsal
from domain.rules import refusal
from letters.letter_context import Unaddressed
from letters.letterhead import Unrenderable
from letters.rendering import Renderer
from office.case_view import CaseView
from office.preview import Foreseen, foresee
from office.timeline import party


@dataclass(frozen=True)
class Change:
    """One date before and after; None where there is none, ``ended`` where the act does what was due."""

    title: str
    before: date | None
    after: date | None
    ended: bool = False


@dataclass(frozen=True)
class ActEffect:
    """``also`` are the letters that the service sends at once because of it, by what they are called and to whom.

    ``trouble`` is why the letters cannot be shown, where they cannot; the act may be possible all the same.
    """

    stage: str
    changes: tuple[Change, ...]
    letters: tuple[Foreseen, ...]
    also: tuple[str, ...] = ()
    trouble: str = ""


def refused(view: CaseView, what: Body, by: Actor) -> str | None:
    """The rules' sentence against an act now; None where it may be done."""
    case, promised = folded(view.policy, view.stored.calendar, view.stored.events)
    return refusal(case, what, by, planned(case, view.today, promised), view.today)


async def effect(view: CaseView, what: Body, by: Actor, renderer: Renderer, ways: Collection[Means]) -> ActEffect:
    """What would follow, if its letters went out at once. The act must be one the rules allow."""
    return await asyncio.to_thread(_effect, view, what, by, renderer, ways)


def _effect(view: CaseView, what: Body, by: Actor, renderer: Renderer, ways: Collection[Means]) -> ActEffect:
    letters: tuple[Foreseen, ...] = ()
    trouble = ""
    try:
        letters = foresee(view.stored, what, by, view.now, renderer, ways)
    except (Unaddressed, Unrenderable) as error:
        trouble = str(error)
    case, deadlines, also = after(view, what, by)
    return ActEffect(case.stage.value, tuple(_changes(view.deadlines, deadlines)), letters, also, trouble)


def after(view: CaseView, what: Body, by: Actor) -> tuple[Case, Sequence[Deadline], tuple[str, ...]]:
    """The case and its dates once this had happened, the service had done what follows at once, and all letters had
    gone; with the letters that are not of the act itself."""
    stored = view.stored
    then = Rehearsal.taken_up(stored.policy, stored.calendar, stored.events, view.now, stored.reference)
    try:
        then.happened(what, by)
        of_the_act = set(then.orders)
        then.settle()
    except BeyondHorizon:
        return then.case, view.deadlines, ()
    also = [order for key, order in then.orders.items() if key not in of_the_act]
    return then.case, then.deadlines, tuple(f"{_called(order)}, to {_reader(view, order)}" for order in also)


def _called(order: LetterOrder) -> str:
    kind = CATALOGUE.get(order.letter)
    return f"“{kind.title}”" if kind else order.letter


def _reader(view: CaseView, order: LetterOrder) -> str:
    to = order.to
    if to.party in (Party.AGENCY, Party.SENIOR, Party.SAFETY):
        return party(to.id, view.policy)
    return f"the {to.words}"


def _changes(before: Sequence[Deadline], then: Sequence[Deadline]) -> list[Change]:
    old = {deadline.key: deadline for deadline in before}
    new = {deadline.key: deadline for deadline in then}
    changes = []
    for key in dict.fromkeys([*old, *new]):
        was, will = old.get(key), new.get(key)
        if was and will and was.running and not will.running:
            changes.append(Change(was.title, was.due, None, ended=True))
        elif will and will.running and (was is None or not was.running):
            changes.append(Change(will.title, None, will.due))
        elif was and will and was.due != will.due:
            changes.append(Change(will.title, was.due, will.due))
        elif was and will is None and was.running:
            changes.append(Change(was.title, was.due, None))
    return sorted(changes, key=lambda change: change.after or change.before or date.max)
