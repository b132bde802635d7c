"""What an act would do, before anybody does it: its dates before and after, its letters, or why it may not be."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from activities.letter_context import Unaddressed
from activities.letterhead import Unrenderable
from activities.rendering import Renderer
from domain.application import Means
from domain.calendar import BeyondHorizon
from domain.case import Case, local_date
from domain.deadlines import Deadline, folded, planned
from domain.events import CLOCK, Actor, Body, Event, LetterPosted, LetterState, What
from domain.letters import letters_for
from domain.rules import refusal
from starter.commands.casefile import CaseView
from starter.preview import Foreseen, foresee


@dataclass(frozen=True)
class Change:
    """One date before and after; None where there is none, ``ended`` where the act does what was due."""

    title: str
    before: date | None
    after: date | None
    ended: bool = False


@dataclass(frozen=True)
class Effect:
    """``trouble`` is why the letters cannot be shown, where they cannot; the act may be possible all the same."""

    stage: str
    changes: tuple[Change, ...]
    letters: tuple[Foreseen, ...]
    trouble: str = ""


def refused(view: CaseView, what: Body, by: Actor) -> str | None:
    """The rules' sentence against an act now; None where it may be done."""
    case, promised = folded(view.policy, view.stored.calendar, view.stored.events)
    return refusal(case, what, by, planned(case, view.today, promised), view.today)


async def effect(view: CaseView, what: Body, by: Actor, renderer: Renderer, ways: Collection[Means]) -> Effect:
    """What would follow, if its letters went out at once. The act must be one the rules allow."""
    return await asyncio.to_thread(_effect, view, what, by, renderer, ways)


def _effect(view: CaseView, what: Body, by: Actor, renderer: Renderer, ways: Collection[Means]) -> Effect:
    letters: tuple[Foreseen, ...] = ()
    trouble = ""
    try:
        letters = foresee(view.stored, what, by, view.now, renderer, ways)
    except (Unaddressed, Unrenderable) as error:
        trouble = str(error)
    case, deadlines = after(view, what, by)
    return Effect(case.stage.value, tuple(_changes(view.deadlines, deadlines)), letters, trouble)


def after(view: CaseView, what: Body, by: Actor) -> tuple[Case, Sequence[Deadline]]:
    """The case and its dates once this had happened and its letters had gone."""
    stored = view.stored
    event = Event(id=uuid.uuid4().hex, at=view.now, by=by, what=cast("What", what))
    events = [*stored.events, event]
    case, _ = folded(stored.policy, stored.calendar, events)
    for order in letters_for(stored.reference, case, event):
        gone = LetterPosted(
            key=order.key, letter=order.letter, to=order.to.words, event=order.event, state=LetterState.ACCEPTED
        )
        events.append(Event(id=uuid.uuid4().hex, at=view.now, by=CLOCK, what=gone))
    case, promised = folded(stored.policy, stored.calendar, events)
    try:
        return case, planned(case, local_date(view.now), promised)
    except BeyondHorizon:
        return case, view.deadlines


def _changes(before: Sequence[Deadline], then: Sequence[Deadline]) -> list[Change]:
    old = {one.key: one for one in before}
    new = {one.key: one for one in then}
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
