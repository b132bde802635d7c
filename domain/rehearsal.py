"""A case with nothing but the rules: people act, days pass, and the service's own part is done at once.

It is the story of ``workflows.case_review`` in one thread and without waiting. Letters are handed to ``posted``, all
those of one turn after the turn, as in real life.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Self

from domain import chasing, routine, rules, waiting
from domain import events as e
from domain.application import Application
from domain.calendar import Calendar, opening_of
from domain.case import Case, Stage, fold, local_date
from domain.deadlines import Deadline, State, planned, promise
from domain.letters import letters_for
from domain.messages import LetterOrder
from domain.policy import Milestone, Policy, StepId
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
        self._verifying = False

    @classmethod
    def taken_up(
        cls, policy: Policy, calendar: Calendar, events: Iterable[e.Event], now: datetime, reference: str
    ) -> Rehearsal:
        """A case that has come as far as these events, all its letters gone; ``calendar`` is the one of its receipt."""
        found = Rehearsal.__new__(Rehearsal)
        found._opened(policy, calendar, now, reference, taken)
        for event in events:
            found._apply(event)
        found._unsent.clear()
        found.replan()
        return found

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
        until = opening_of(day)
        while self.now < until:
            moment = chasing.next_moment(self.case, self.deadlines, self.now, self.today)
            self.now = min(until, moment[0]) if moment else until
            self.replan()
            self.settle()
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
        self._verifying = self._verifying or routine.to_verify(self.case)
        return self

    def _apply(self, event: e.Event) -> None:
        self.case.apply(event)
        promise(self.case, self._promised)
        for order in letters_for(self.reference, self.case, event):
            self._order(order)
        if again := sent_again(self.case, self.orders, event):
            self._order(again)

    def settle(self) -> None:
        """Do all that the service does by itself now, turn by turn, until there is nothing left."""
        while True:
            while body := self._next():
                self.happened(body)
            if not self._unsent:
                return
            turn, self._unsent = self._unsent, []
            self.gathered()
            for order in turn:
                self.happened(self.posted(order, self.post(order)))

    def gathered(self) -> None:
        """The letters of a turn are about to be handed over, all from the case as it stands now."""

    def posted(self, order: LetterOrder, state: e.LetterState) -> e.LetterPosted:
        """What became of a letter, and the dates it printed."""
        return e.LetterPosted(
            key=order.key, letter=order.letter, to=order.to.words, event=order.event, state=state, told={}
        )

    def _order(self, order: LetterOrder) -> None:
        self.orders[order.key] = order
        self._unsent.append(order)

    def _next(self) -> e.Body | None:
        if self.stage.over:
            return None
        return self._chapter() or self._call()

    def _over(self, step: StepId) -> bool:
        return any(d.step is step and d.state is State.SHUT for d in self.deadlines)

    def _chapter(self) -> e.Body | None:
        case = self.case
        match case.stage:
            case Stage.RECEIVED | Stage.AWAITING_DETAILS:
                return self._receive()
            case Stage.VERIFYING | Stage.THRESHOLD if self._verifying:
                body = self._ask(e.Purpose.VERIFICATION)
                self._verifying = body is not None
                return body
            case Stage.GATHERING:
                return self._ask(e.Purpose.INFORMATION)
            case Stage.PLAN:
                if not any(event.kind == "plan.put" for event in self._since("panel.held")):
                    return e.PlanPut()
                return e.PlanWindowShut() if self._over(StepId.PLAN) else None
            case Stage.NOT_MET | Stage.APPEAL_WINDOW if not case.window_shut:
                return e.AppealWindowShut() if self._over(StepId.APPEAL_WINDOW) else None
            case Stage.APPEAL if not case.has(Milestone.BUNDLE_SENT):
                return routine.bundle_sent(case)
            case Stage.NOT_MET | Stage.FOLLOW_UP if routine.closes(case):
                return routine.closure_notified(case)
            case Stage.CLOSING if self._over(StepId.CLOSURE):
                return routine.closed()
        return None

    def _receive(self) -> e.Body | None:
        case = self.case
        if not any(isinstance(event.what, e.Acknowledged) for event in case.events):
            return e.Acknowledged()
        if case.missing and not case.has(Milestone.DETAILS_REQUESTED):
            return routine.details_requested(case)
        if case.missing and not self._over(StepId.COMPLETION):
            return None
        return routine.passed_on(case)

    def _ask(self, purpose: e.Purpose) -> e.Body | None:
        return next((routine.enquiry(self.case, one, purpose) for one in routine.unasked(self.case, purpose)), None)

    def _since(self, kind: str) -> list[e.Event]:
        found: list[e.Event] = []
        for event in reversed(self.case.events):
            if event.kind == kind:
                break
            found.append(event)
        return found

    def _call(self) -> e.Body | None:
        """The lowest rung of the chasing ladder that is due, as the keeper of time answers it."""
        calls = chasing.calls(self.case, self.deadlines, self.today)
        call = next((call for call in calls if call.at <= self.now), None)
        return routine.answered(self.case, call, self.today, self.waiting) if call else None
