"""A case with nothing but the rules: people act, days pass, and the service's own part is done at once.

It lives the same story as ``workflows.case_review``, in one thread and without waiting. Letters are handed to
``posted``, all those of one turn after the turn, as in real life.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Self

from domain import chasing, rules, story, waiting
from domain import events as e
from domain.application import Application
from domain.calendar import BeyondHorizon, Calendar, opening_of
from domain.case import Case, Stage, local_date
from domain.deadlines import Deadline, planned, promise
from domain.fold import apply, fold
from domain.letters import letters_for
from domain.messages import LetterOrder
from domain.policy import Policy
from domain.readdressed import readdressed
from domain.ways import sent_again

Post = Callable[[LetterOrder], e.LetterState]
_A_MOMENT = timedelta(milliseconds=1)


def taken(order: LetterOrder) -> e.LetterState:
    """The mail server takes every letter."""
    return e.LetterState.ACCEPTED


class Rehearsal:
    """One case, applied for at the aware instant ``made_at``. ``post`` says what becomes of each letter."""

    def __init__(
        self,
        policy: Policy,
        calendar: Calendar,
        application: Application,
        made_at: datetime,
        *,
        reference: str = "CR-1",
        by: e.Actor = e.CLOCK,
        post: Post = taken,
        idle: bool = False,
    ) -> None:
        self._opened(policy, calendar, made_at, reference, post)
        self.happened(e.ApplicationMade(application=application, made_at=made_at), by)
        if not idle:
            self.settle()

    def _opened(self, policy: Policy, calendar: Calendar, now: datetime, reference: str, post: Post) -> None:
        self.policy = policy
        self.reference = reference
        self.case: Case = fold(policy, calendar, ())
        self.now = now
        self.post = post
        self.deadlines: tuple[Deadline, ...] = ()
        self.orders: dict[str, LetterOrder] = {}
        self._unsent: list[LetterOrder] = []
        self._promised: dict[str, date] = {}

    @classmethod
    def taken_up(
        cls, policy: Policy, calendar: Calendar, events: Iterable[e.Event], now: datetime, reference: str
    ) -> Rehearsal:
        """A case that has come as far as these events, all its letters gone; ``calendar`` is the one of its receipt."""
        rehearsal = Rehearsal.__new__(Rehearsal)
        rehearsal._opened(policy, calendar, now, reference, taken)
        for event in events:
            rehearsal._apply(event)
        rehearsal._unsent.clear()
        rehearsal.replan()
        return rehearsal

    @property
    def today(self) -> date:
        return local_date(self.now)

    @property
    def stage(self) -> Stage:
        return self.case.stage

    @property
    def waiting(self) -> waiting.Waiting:
        return waiting.describe(self.case, self.deadlines, self.today)

    # People

    def refusal(self, body: e.Body, by: e.Actor) -> str | None:
        """Why this may not be done now, or None."""
        return rules.refusal(self.case, body, by, self.deadlines, self.today)

    def act(self, body: e.Body, by: e.Actor) -> str | None:
        """Do it, and what follows from it; or the sentence that stands against it."""
        sentence = self.refusal(body, by)
        if sentence is None:
            self.happened(body, by)
            self.settle()
        return sentence

    # Time

    def wait_until(self, day: date) -> Self:
        """Time passes until the office opens on ``day``, and whatever falls in between is done when it falls."""
        return self.live_until(opening_of(day))

    def live_until(self, until: datetime) -> Self:
        """The same up to an aware instant."""
        while self.now < until:
            moment = chasing.next_moment(self.case, self.deadlines, self.now, self.today)
            self.now = min(until, moment[0]) if moment else until
            self.replan()
            self.settle()
        return self

    def left_alone(self) -> Self:
        """Nobody does anything until the last date that is planned now has passed, or as far as days can be counted."""
        chasers = chasing.chasers(self.case, self.deadlines, self.today)
        last = max(
            (*(d.due for d in self.deadlines if d.running), *(chaser.on for chaser in chasers)), default=self.today
        )
        with suppress(BeyondHorizon):
            self.settle()
            self.wait_until(last + timedelta(days=1))
        return self

    def replan(self) -> None:
        promise(self.case, self._promised)
        self.deadlines = planned(self.case, self.today, self._promised)

    # The service's own part

    def happened(self, body: e.Body, by: e.Actor = e.CLOCK) -> Self:
        """It happened, whatever the rules say; its letters go out when the turn ends."""
        self.now += _A_MOMENT
        number = len(self.case.events) + 1
        kind = type(body).model_fields["kind"].default
        event = e.Event.model_validate({"id": f"{number:03d}-{kind}", "at": self.now, "by": by, "what": body})
        self._apply(event)
        self.replan()
        return self

    def _apply(self, event: e.Event) -> None:
        apply(self.case, event)
        promise(self.case, self._promised)
        for order in letters_for(self.reference, self.case, event):
            self._order(order)
        again = sent_again(self.case, self.orders, event)
        for order in (*readdressed(self.case, self.orders, event), *([again] if again else [])):
            self._order(order)

    def settle(self) -> None:
        """Do all that the service does by itself now, turn by turn, until there is nothing left."""
        while True:
            while body := story.next_step(self.case, self.deadlines, self.now):
                self.happened(body)
            if not self._unsent:
                return
            turn = [order.in_turn(len(self.case.events)) for order in self._unsent]
            self.orders |= {order.key: order for order in turn}
            self._unsent = []
            self.gathered()
            for order in turn:
                self.happened(self.posted(order, self.post(order)))

    def gathered(self) -> None:
        """The letters of a turn are about to be handed over, all from the case as it stands now."""

    def posted(self, order: LetterOrder, state: e.LetterState) -> e.LetterPosted:
        """What became of a letter, and the dates it printed."""
        return e.LetterPosted(
            key=order.key, letter=order.letter, to=order.to.words, event=order.event, state=state, told={},
            upto=order.written_from,
        )  # fmt: skip

    def _order(self, order: LetterOrder) -> None:
        self.orders[order.key] = order
        self._unsent.append(order)
