"""A case with nothing but the domain: people act through the rules, and the service's own part is done at once.

    Service("dover").until(Stage.THRESHOLD).must(e.ThresholdDecided(met=True))

What the workflow does by itself (acknowledge, pass on, ask, put the plan, keep the dates, close) happens here in one
thread and without waiting; ``post`` says what becomes of each letter.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date, datetime, timedelta

from domain import chasing, rules, waiting
from domain import events as e
from domain.application import Application, Incident
from domain.calendar import LONDON, Calendar, Unit, count, opening_of
from domain.case import Case, Stage, fold, local_date
from domain.deadlines import Deadline, State, planned, promise
from domain.letters import letters_for
from domain.messages import LetterOrder
from domain.policy import Milestone, Policy, Rung, StepId, Verification
from domain.refusals.closure import closing
from tests.domain.history import ENGLAND, OFFICER, council

MADE = datetime(2026, 4, 2, 9, 30, tzinfo=LONDON)  # Thu

Post = Callable[[LetterOrder], e.LetterState]


def taken(order: LetterOrder) -> e.LetterState:
    """The mail server takes every letter."""
    return e.LetterState.ACCEPTED


def by(body: e.Body) -> e.Actor:
    """Whoever usually does this; an agency is named by its id and so needs naming."""
    return OFFICER if body.who is e.Role.AGENCY else e.Actor(role=body.who)


class Service:
    """One case; ``made`` is the day of the application, with ``complaints`` that qualify."""

    def __init__(
        self,
        policy: Policy | str = "dover",
        *,
        complaints: int = 3,
        consent: bool = True,
        calendar: Calendar = ENGLAND,
        post: Post = taken,
        made: datetime = MADE,
        idle: bool = False,
    ) -> None:
        self.policy = council(policy) if isinstance(policy, str) else policy
        self.case: Case = fold(self.policy, calendar, ())
        self.now = made
        self.post = post
        self.deadlines: tuple[Deadline, ...] = ()
        self._promised: dict[str, date] = {}
        self._verifying = False
        incidents = tuple(
            Incident(
                id=f"I{number}",
                occurred=self.today - timedelta(days=10 * number),
                reported=self.today - timedelta(days=10 * number),
                reported_to=("police", "council")[number % 2],
                what=f"Shouting at night, the {number}. time.",
            )
            for number in range(1, complaints + 1)
        )
        application = Application(applicant="P1", consent_to_share=consent, incidents=incidents)
        self.happened(e.ApplicationMade(application=application, made_at=made))
        if not idle:
            self.settle()

    def copy(self) -> Service:
        """The same case, to go on from in another way; what cannot change is shared."""
        lasting = (self.policy, self.case.policy, *self.case.calendars, *self.case.events, *self.deadlines)
        return copy.deepcopy(self, {id(one): one for one in lasting})

    @property
    def today(self) -> date:
        return local_date(self.now)

    @property
    def stage(self) -> Stage:
        return self.case.stage

    @property
    def waiting(self) -> waiting.Waiting:
        return waiting.describe(self.case, self.deadlines, self.today)

    @property
    def kinds(self) -> list[str]:
        return [event.kind for event in self.case.events]

    def due(self, key: str) -> Deadline:
        return next(d for d in self.deadlines if d.key == key)

    # People

    def refusal(self, body: e.Body, actor: e.Actor | None = None) -> str | None:
        return rules.refusal(self.case, body, actor or by(body), self.deadlines, self.today)

    def act(self, body: e.Body, actor: e.Actor | None = None) -> str | None:
        """Do it, and what follows from it; or the sentence that stands against it."""
        sentence = self.refusal(body, actor)
        if sentence is None:
            self.happened(body, actor or by(body))
            self.settle()
        return sentence

    def must(self, *bodies: e.Body, actor: e.Actor | None = None) -> Service:
        """Do it; nothing may stand against it."""
        for body in bodies:
            assert self.act(body, actor) is None, f"{body.act} at {self.stage}: {self.refusal(body, actor)}"
        return self

    # Time

    def wait_until(self, day: date) -> Service:
        """Time passes until the office opens on ``day``, and whatever falls in between is done when it falls."""
        until = opening_of(day)
        while self.now < until:
            moment = chasing.next_moment(self.case, self.deadlines, self.now, self.today)
            self.now = min(until, moment[0]) if moment else until
            self.replan()
            self.settle()
        return self

    def wait(self, days: int) -> Service:
        return self.wait_until(self.today + timedelta(days=days))

    def replan(self) -> None:
        promise(self.case, self._promised)
        self.deadlines = planned(self.case, self.today, self._promised)

    # The service's own part

    def happened(self, body: e.Body, actor: e.Actor = e.CLOCK) -> Service:
        """It happened, whatever the rules say, and its letters went out."""
        self.now += timedelta(milliseconds=1)
        number = len(self.case.events) + 1
        kind = type(body).model_fields["kind"].default
        event = e.Event.model_validate({"id": f"{number:03d}-{kind}", "at": self.now, "by": actor, "what": body})
        self.case.apply(event)
        self.replan()
        for order in letters_for("CR-1", self.case, event):
            if not isinstance(body, e.LetterPosted):
                self.posted(order, self.post(order))
        if isinstance(body, e.PassedOn):
            self._verifying = self.policy.verification is Verification.AGENCIES and not self.case.missing
        if isinstance(body, e.LetterSettled) and not body.arrived:
            self._again(body.key)
        return self

    def posted(self, order: LetterOrder, state: e.LetterState) -> Service:
        """What became of a letter."""
        return self.happened(
            e.LetterPosted(key=order.key, letter=order.letter, to=order.to.words, event=order.event, state=state)
        )

    def _again(self, key: str) -> None:
        lost = self.case.letters[key].posted
        again = lost.model_copy(update={"key": f"{key}~", "state": e.LetterState.ACCEPTED})
        self.happened(again)

    def settle(self) -> None:
        """Do all that the service does by itself now, until there is nothing left."""
        while body := self._next():
            self.happened(body)

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
            case Stage.NOT_MET:
                return self._notice("the threshold was not met")
            case Stage.APPEAL if not case.has(Milestone.BUNDLE_SENT):
                return e.BundleSent()
            case Stage.FOLLOW_UP if case.has(Milestone.FOLLOWED_UP) and not case.open_items:
                return self._notice("all is done")
            case Stage.CLOSING if self._over(StepId.CLOSURE):
                return e.Closed()
        return None

    def _receive(self) -> e.Body | None:
        case = self.case
        if "application.acknowledged" not in self.kinds:
            return e.Acknowledged()
        if case.missing and not case.has(Milestone.DETAILS_REQUESTED):
            return e.DetailsRequested(missing=case.missing)
        if case.missing and not self._over(StepId.COMPLETION):
            return None
        return e.PassedOn(bodies=tuple(agency.id for agency in self.policy.relevant_bodies))

    def _ask(self, purpose: e.Purpose) -> e.Body | None:
        asked = {enquiry.agency for enquiry in self.case.of_round(purpose)}
        round = f"#{self.case.round}" if self.case.round > 1 else ""
        for agency in self.case.involved:
            if agency.id not in asked:
                key = f"{purpose}:{agency.id}{round}"
                return e.EnquirySent(enquiry=key, purpose=purpose, agency=agency.id)
        return None

    def _notice(self, reason: str) -> e.Body | None:
        given = closing(self.case) or self.case.objection is not None
        return None if given else e.ClosureNotified(reason=reason)

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
        if call is None:
            return None
        if call.rung is Rung.DELAY_LETTER:
            days = chasing.more_time(self.case, call, self._eve)
            return e.Extended(step=call.deadline, working_days=days, reason="a step of others is late")
        if call.rung is Rung.PROCEED and call.step is StepId.PAPERS:
            return e.PapersSent()
        if call.rung is Rung.PROCEED:
            return e.EnquiryClosed(enquiry=call.deadline)
        return e.Chased(rung=call.rung, deadline=call.deadline, step=call.step, due=call.due, to=call.to)

    @property
    def _eve(self) -> date:
        """The last day whose own delay letter would be due by now, as the keeper of time counts it."""
        ladder = self.policy.chasing.ladder
        notice = max((chase.working_days for chase in ladder if chase.rung is Rung.DELAY_LETTER), default=1)
        return count(self.case.calendar, self.today, notice, Unit.WORKING_DAYS).due
