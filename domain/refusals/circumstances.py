"""Where a case stands when somebody wants to act on it: who, on which day, under which deadlines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar, cast

from domain import calendar, chasing
from domain import events as e
from domain.calendar import opening_of
from domain.case import Case
from domain.deadlines import Deadline, planned
from domain.fold import apply, fold
from domain.policy import StepId


@dataclass(frozen=True)
class Circumstances:
    """A case, the actor who asks, its deadlines as planned for ``today``."""

    case: Case
    by: e.Actor
    deadlines: Sequence[Deadline]
    today: date

    def running(self, step: StepId) -> Deadline | None:
        """The step's deadline that still runs; the latest where there are several."""
        return next((d for d in reversed(self.deadlines) if d.step is step and d.running), None)

    def latest(self, step: StepId) -> Deadline | None:
        """The step's deadline, whatever became of it; the latest where there are several."""
        return next((d for d in reversed(self.deadlines) if d.step is step), None)

    def after(self, body: e.Body) -> tuple[Deadline, ...]:
        """The deadlines as they would be once this had happened.

        Raises BeyondHorizon where a date of the case could then not be counted.
        """
        trial = fold(self.case.published, self.case.calendars[0], self.case.events)
        what = cast("e.What", body)
        apply(trial, e.Event(id="trial", at=opening_of(self.today), by=self.by, what=what))
        deadlines = planned(trial, self.today, {})
        chasing.chasers(trial, deadlines, self.today)
        return deadlines

    def in_a_hold(self, on: date) -> str | None:
        """The sentence against a day in a pause: a victim who asked for one is not met behind their back."""
        hold = self.case.on_hold(on)
        if hold is None:
            return None
        until = calendar.words(hold.end)
        return f"the case is on hold at the victim's request until {until}; choose a day from then on, or resume"

    def in_the_future(self, name: str, day: date) -> str | None:
        """The sentence against a day that has not come yet."""
        if day <= self.today:
            return None
        return f"{name} {calendar.words(day)} lies in the future; give the day it happened"


_Kind = TypeVar("_Kind", bound=e.Body)
_Rule = Callable[[Circumstances, _Kind], str | None]
RULES: dict[type[e.Body], Callable[[Circumstances, Any], str | None]] = {}


IDLE: dict[type[e.Body], Callable[[Case], bool]] = {}
_Idle = TypeVar("_Idle", bound=Callable[[Case], bool])


def idle(*bodies: type[e.Body]) -> Callable[[_Idle], _Idle]:
    """Makes a function say when nothing can come of these acts, although the stage is right: they are not offered."""

    def kept(rule: _Idle) -> _Idle:
        IDLE.update(dict.fromkeys(bodies, rule))
        return rule

    return kept


def against(body: type[_Kind]) -> Callable[[_Rule[_Kind]], _Rule[_Kind]]:
    """Makes a function the rule of an act: the sentence against this body now, None where nothing stands against it."""

    def kept(rule: _Rule[_Kind]) -> _Rule[_Kind]:
        RULES[body] = rule
        return rule

    return kept


def listed(names: Iterable[str], none: str = "none") -> str:
    """Names in a row, or the word for there being none."""
    return ", ".join(names) or none


def one_sentence(sentences: Iterable[str]) -> str:
    """Several whole sentences as one, in the way refusals are worded."""
    return "; ".join(s[:1].lower() + s[1:].rstrip(".") for s in sentences)
