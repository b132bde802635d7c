"""The dates of one letter: which lie ahead, which it promises by printing them, and the first ever promised."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from domain import events as e
from domain.application import Means
from domain.calendar import Unit, count
from domain.case import Case, local_date
from domain.catalogue import NOUNS, kind_of
from domain.chasing import movable
from domain.deadlines import Deadline
from domain.keys import DeadlineKey
from domain.meetings import not_before
from domain.messages import LetterOrder
from domain.policy import Milestone, Owner, Rung, StepId
from letters.addressees import Readers, Unaddressed
from letters.case_at_event import CaseAtEvent

_OF_AN_APPEAL = (StepId.APPEAL_BUNDLE, StepId.APPEAL_HEARING, StepId.APPEAL_DECISION)
"""Deadlines that are numbered by the appeal; the others are by the round."""


@dataclass
class Dates:
    """The dates a letter may ask for; those it prints by ``due`` are told to the renderer, which returns them."""

    at_event: CaseAtEvent
    order: LetterOrder
    readers: Readers

    @property
    def today(self) -> date:
        return self.at_event.today

    @cached_property
    def _after(self) -> CaseAtEvent:
        """The case once this letter is accepted; a letter that is no milestone changes no date."""
        if kind_of(self.order.letter).milestone is None:
            return self.at_event
        return self.at_event.and_then(self._accepted)

    @property
    def after(self) -> Case:
        return self._after.case

    @property
    def _accepted(self) -> e.Event:
        posted = e.LetterPosted(
            key=self.order.key,
            letter=self.order.letter,
            to=self.order.to.words,
            event=self.order.event,
            state=e.LetterState.ACCEPTED,
        )
        return e.Event(id=f"{self.order.event}/posted", at=self._on_its_way, by=e.CLOCK, what=posted)

    @property
    def _on_its_way(self) -> datetime:
        """When the letter is handed over; one that must be printed has a day for it and those of the post before it."""
        as_of, service = self.at_event.as_of, self.at_event.policy.service
        if self.readers.by in (Means.EMAIL, Means.TEXT):
            return as_of
        days = max(service.second_class + 1 - service.email, 0)
        later = count(self.at_event.case.calendar, self.today, days, Unit.WORKING_DAYS).due
        return as_of + (later - self.today)

    @cached_property
    def deadlines(self) -> dict[str, Deadline]:
        return {d.key: d for d in self._after.deadlines}

    def deadline(self, key: str) -> Deadline | None:
        """The deadline ``key`` of the round the case is in, or of its last appeal; None where there is none."""
        named = DeadlineKey.read(key)
        if named is None:
            return None
        latest = len(self.after.appeals) if named.step in _OF_AN_APPEAL else self.after.round
        wanted = replace(named, round=latest) if named.round == 1 else named
        return self.deadlines.get(str(wanted)) or self.deadlines.get(key)

    def ahead(self, key: str) -> bool:
        """Whether a date for ``key`` is running and not yet past."""
        deadline = self.deadline(key)
        return deadline is not None and deadline.running and deadline.due >= self.today

    def running(self, key: str) -> Deadline:
        """A deadline that still runs, whose date the letter promises by printing it. Raises Unaddressed."""
        deadline = self.deadline(key)
        if deadline is None or not deadline.running:
            raise Unaddressed(
                f"Letter {self.order.letter} prints a date for {key!r}, and none is running: "
                "ask ahead(key) first, or leave the sentence out."
            )
        return deadline

    def promised(self, key: str) -> date:
        """The first date ever promised for ``key``; it is never moved."""
        deadline = self.deadline(key)
        first = self.at_event.first_promised.get(deadline.key) if deadline else None
        if first is None:
            raise Unaddressed(f"Letter {self.order.letter} prints a first date for {key!r}, and there is none.")
        return first

    def coming(self, but: str = "") -> list[Deadline]:
        """The promises to the applicant still to come, soonest first; what is not promised is not told.

        ``but`` is a step that the letter tells of already. A day that cannot be kept, because a meeting is arranged
        after it, is never told.
        """
        public = (d for d in self.deadlines.values() if d.public and d.running and d.due >= self.today)
        public = (d for d in public if (not_before(self.after, d.step) or d.due) <= d.due)
        return sorted((d for d in public if d.step != but), key=lambda d: d.due)

    def noun(self, step: str) -> str:
        """A step in words that fit into a sentence: "our full answer to you"."""
        return NOUNS[StepId(step)]

    @property
    def duty_title(self) -> str:
        """What the deadline that the event moves or chases is called in the policy."""
        what = self.readers.event.what
        key = getattr(what, "deadline", "") or getattr(what, "step", "")
        named = DeadlineKey.read(key)
        if named is None:
            return ""
        if deadline := self.deadlines.get(key):
            return deadline.title
        listed = self.at_event.policy.step(named.step)
        return listed.title if listed else NOUNS[named.step]

    @property
    def movable(self) -> bool:
        """Whether a person may still move the date that the event chases."""
        return movable(self.at_event.case, getattr(self.readers.event.what, "deadline", ""))

    @property
    def reminded(self) -> bool:
        """Whether a reminder of the deadline that the event chases went out."""
        key = getattr(self.readers.event.what, "deadline", "")
        return any(sent.rung is Rung.REMINDER and sent.deadline == key for sent, _ in self.at_event.case.chased)

    @property
    def received_on(self) -> date:
        """When the decision letter that stands counts as received, once this one is accepted."""
        reached = self.after.reached
        milestones = (Milestone.OUTCOME_RECEIVED, Milestone.THRESHOLD_RECEIVED)
        return next((reached[m].on for m in milestones if m in reached), self.today)

    @property
    def moved_from(self) -> date | None:
        """The day the panel, or the appeal's hearing, was to be before this event, if it is another day now."""
        act = self.readers.event.what.does
        if act is None or act.meeting is None:
            return None
        was, now = (_meeting(case, act.meeting) for case in self._around)
        return was.on if was and now and was.on != now.on else None

    @property
    def _around(self) -> tuple[Case, Case]:
        """The case before the event and as it stands."""
        return self.at_event.before(self.readers.event), self.at_event.case

    @property
    def restore_by(self) -> date | None:
        """The last day on which the withdrawal that the event is can be taken back, where the policy says so."""
        rule, event = self.at_event.policy.restoring, self.readers.event
        if rule is None or not isinstance(event.what, e.Withdrawn):
            return None
        return count(self.at_event.case.calendar, local_date(event.at), rule.working_days, Unit.WORKING_DAYS).due

    @property
    def taken_back(self) -> bool:
        """Whether the event takes back a withdrawal."""
        ended = self.at_event.before(self.readers.event).ended
        return ended is not None and isinstance(ended.what, e.Withdrawn)

    @property
    def counts_from_completion(self) -> bool:
        """Whether any of the council's own dates counts from a complete application."""
        return any(
            clock.anchor is Milestone.COMPLETED
            for step in self.at_event.policy.steps
            for clock in step.clocks
            if step.owner is not Owner.APPLICANT
        )


def _meeting(case: Case, step: StepId) -> e.PanelArranged | e.HearingArranged | None:
    """The panel, or the hearing of the latest appeal, as it stands in ``case``."""
    return case.panel if step is StepId.PANEL else case.appeals[-1].hearing
