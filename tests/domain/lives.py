"""Lives a case may have: people do whatever the rules let them, days pass, and every moment is looked at."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

import policies
from domain import chasing, meetings, rules
from domain import events as e
from domain.calendar import Unit, count
from domain.deadlines import Deadline, State, plan
from domain.messages import LetterOrder
from domain.policy import Owner, Policy, Rung, StepId
from domain.promises import last_told
from tests.domain.history import ENGLAND
from tests.domain.service import Service
from tests.domain.stages import plausible

IDLE = (
    "withdraw",
    "end-case",
    "undo-extension",
    "add-note",
    "ask-for-call",
    "record-call",
    "add-document",
    "settle-letter",
    "post-letter",
    "report-undelivered",
    "change-representative",
    "correct-contact",
    "renew-link",
    "assign-officer",
    "add-incident",
)
_ASIDE = ("extend", "hold", "resume", "correct-date", "change-calendar", "confirm-receipt", "request-details")
_TOLD = ("L-01", "L-03", "L-05", "L-08", "L-11", "L-18")

Turn = tuple[int, int, int]
"""Days to wait, then which act, then which body of it, each taken modulo what there is."""

turns = st.lists(
    st.tuples(st.sampled_from([0, 1, 3, 8, 20]), st.integers(0, 97), st.integers(0, 97)), min_size=4, max_size=24
)
councils = st.sampled_from(policies.ids())


class Watched(Service):
    """A case whose letters give out every promise that runs, and whose every moment must hold what always holds."""

    def __init__(self, policy: str | Policy, **more: Any) -> None:
        self.first: dict[str, date] = {}
        self._after_a_meeting: list[e.Extended] = []
        super().__init__(policy, **more)

    def posted(self, order: LetterOrder, state: e.LetterState) -> e.LetterPosted:
        return super().posted(order, state).model_copy(update={"told": told(order, self.deadlines)})

    def happened(self, body: e.Body, by: e.Actor = e.CLOCK) -> Watched:
        if isinstance(body, e.Extended) and not body.approved_by:
            late = self.due(body.step)
            met = meetings.not_before(self.case, late.step)
            if met and met > late.due:
                self._after_a_meeting.append(body)
        return super().happened(body, by)

    def replan(self) -> None:
        super().replan()
        for deadline in self.deadlines:
            assert self.first.setdefault(deadline.key, deadline.promised) == deadline.promised, deadline.key

    def settle(self) -> None:
        super().settle()
        self._promises_are_kept_or_explained()
        self._moves_by_itself_no_more_than_published()
        self._told_dates_stand()
        self._time_goes_on()

    def live(self, turns: list[Turn]) -> Watched:
        """Take these turns, each a wait and then something that somebody may do."""
        for days, act, body in turns:
            self.wait(days)
            possible = [name for name in rules.possible(self.case) if name not in IDLE]
            moving = [name for name in possible if name not in _ASIDE]
            acts = moving if moving and act % 3 else possible
            bodies = [body for name in acts[act % len(acts) :][:1] for body in plausible(self, name)] if acts else []
            if allowed := [body for body in bodies if not self.refusal(body)]:
                self.must(allowed[body % len(allowed)])
            if self.stage.over:
                break
        assert plan(self.policy, ENGLAND, self.case.events, self.now) == self.deadlines
        self._ladder_stands()
        return self

    def _ladder_stands(self) -> None:
        """The chasing ladder read twice says the same and changes nothing."""
        events = len(self.case.events)
        first = chasing.chasers(self.case, self.deadlines, self.today)
        assert chasing.chasers(self.case, self.deadlines, self.today) == first
        assert len(self.case.events) == events

    def _promises_are_kept_or_explained(self) -> None:
        chasers = chasing.chasers(self.case, self.deadlines, self.today)
        to_come = [chaser for chaser in chasers if chaser.rung is Rung.DELAY_LETTER]
        letters = {chaser.deadline: chaser for chaser in to_come if chaser.to == "applicant"}
        for deadline in self.deadlines:
            if deadline.public and deadline.running and deadline.owner is not Owner.APPLICANT:
                told = self._told(deadline)
                if "applicant" in told:
                    assert {"officer", "manager"} <= told, f"{deadline.key} is not kept and nobody of the council knows"
                    asked = next(c for c in to_come if c.deadline == deadline.key and c.to == "officer")
                    assert self.today <= asked.on, f"{deadline.key} is not kept and nobody is asked for a letter"
                    continue
                expected = self._expected(deadline)
                assert self.today <= expected, f"{deadline.key} lapsed in silence"
                assert self.today <= letters[deadline.key].on <= expected, f"{deadline.key} is not explained in time"

    def _told(self, deadline: Deadline) -> set[str]:
        """Who was told that a promise is not kept and that the service does not move it any more."""
        wanted = (Rung.DELAY_LETTER, deadline.key, deadline.due)
        return {told.to for told, _ in self.case.chased if (told.rung, told.deadline, told.due) == wanted}

    def _moves_by_itself_no_more_than_published(self) -> None:
        """What is moved to the day that somebody gave a meeting, or to the answer that follows it, is theirs."""
        rules = self.policy.extensions
        assert rules.by_the_clock_times is not None
        most = rules.by_the_clock_times * rules.by_the_clock
        for key, moves in self.case.extensions.items():
            alone = (move for move in moves if not move.approved_by and move not in self._after_a_meeting)
            own = [move.working_days for move in alone]
            assert sum(own) <= most, f"{key} was moved by {own} working days, and {most} are published"

    def _expected(self, deadline: Deadline) -> date:
        """The last day on which the applicant need not know that a date is not kept.

        They wait for the day they were last told. A meeting arranged in time takes place; whether it did is recorded
        within two working days.
        """
        told = last_told(self.case, deadline.key, deadline.extended)
        met = meetings.meeting(self.case, deadline.step)
        recorded = count(self.case.calendar, met, 2, Unit.WORKING_DAYS).due if met else deadline.due
        return max(deadline.due, recorded, told or deadline.due)

    def _told_dates_stand(self) -> None:
        for deadline in self.deadlines:
            for telling in self.case.told.get(deadline.key, ()):
                moved = self.case.extended(deadline.key) != telling.extended or self.case.pauses != telling.pauses
                if moved:
                    continue
                if deadline.owner is Owner.APPLICANT:
                    assert deadline.due >= telling.on, deadline.key
                else:
                    assert deadline.due <= telling.on, deadline.key

    def _time_goes_on(self) -> None:
        moment = chasing.next_moment(self.case, self.deadlines, self.now, self.today)
        waits = any(d.state is State.OPEN for d in self.deadlines) and not self.stage.over
        assert (moment is not None) or not waits
        assert moment is None or moment[0] > self.now


def told(order: LetterOrder, deadlines: tuple[Deadline, ...]) -> dict[str, date]:
    """The dates that a letter gives out, as if every letter that can name one named every promise that runs."""
    if order.letter not in _TOLD:
        return {}
    return {d.key: d.due for d in deadlines if d.running and (d.public or d.step is StepId.APPEAL_WINDOW)}


def dues(deadlines: tuple[Deadline, ...]) -> dict[str, date]:
    """Every date that still matters, by its key."""
    return {d.key: d.due for d in deadlines if d.running}
