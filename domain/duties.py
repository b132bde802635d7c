"""What is owed in a case: every step of its policy, each for the round, the body or the appeal it falls on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from domain.appeal_layers import against_this, is_the_applicants
from domain.case import Appeal, Case, Deferral, Item, Reached
from domain.events import Purpose
from domain.keys import DeadlineKey
from domain.parts import Round
from domain.policy import AppealRoute, Clock, Combine, Milestone, Owner, Policy, Source, Step, StepId, Subject

_CASE_LONG = (StepId.ACKNOWLEDGEMENT, StepId.COMPLETION)
_PER_ENQUIRY = {
    StepId.VERIFICATION: (Purpose.VERIFICATION, Milestone.VERIFICATION_ASKED),
    StepId.INFORMATION: (Purpose.INFORMATION, Milestone.INFORMATION_ASKED),
}
_OF_THE_REVIEW = (
    StepId.INFORMATION, StepId.PAPERS, StepId.PANEL, StepId.PLAN, StepId.FOLLOW_UP, StepId.RECOMMENDATION,
    StepId.ACTION,
)  # fmt: skip
_AFTER_PANEL = (Subject.OUTCOME, Subject.HANDLING)


@dataclass(frozen=True)
class Duty:
    """A step as it applies to one case, one round of it, or one item.

    ``settled`` is False where the case went on without what was owed; ``needless`` where nothing is owed any more.
    ``anew`` is the place of the event by which it was asked again, because it went to a wrong address before.
    """

    key: str
    step: Step
    anchors: Mapping[Milestone, Reached]
    ended: date | None = None
    item: str = ""
    title: str = ""
    agency: str = ""
    named: date | None = None
    settled: bool = True
    needless: bool = False
    past: bool = False
    anew: int = 0

    @property
    def anchored(self) -> bool:
        """Whether its date can be counted by now."""
        known = [clock.anchor in self.anchors for clock in self.step.clocks]
        return all(known) if self.step.combine is Combine.LATEST else any(known)


def duties(case: Case) -> Iterator[Duty]:
    """Every step that has an anchor by now, item by item where it falls on several bodies."""
    return (duty for duty in _of_every_step(case) if duty.anchored)


def _of_every_step(case: Case) -> Iterator[Duty]:
    rounds = (*case.rounds, Round(case.reached, case.refusal))
    for step in case.policy.steps:
        if step.id in _PER_ENQUIRY:
            yield from _of_enquiries(case, step, rounds)
        elif step.id is StepId.RECOMMENDATION:
            yield from (_answer(case, step, item, rounds[item.round - 1]) for item in case.items.values())
        elif step.id is StepId.ACTION:
            accepted = (item for item in case.items.values() if item.accepted)
            yield from (_action(step, item, rounds[item.round - 1]) for item in accepted)
        elif step.id in _CASE_LONG:
            yield _of_the_case(case, step, rounds[0])
        else:
            yield from _of_rounds(case, step, rounds)
            if step.id is StepId.FOLLOW_UP:
                yield from _looked_at_again(case, step)
    yield from map(_deferral, (case.policy for _ in case.deferrals), case.deferrals)
    for number, reached in enumerate(rounds, start=1):
        yield from _window(case, reached, number)
    for number, appeal in enumerate(case.appeals, start=1):
        yield from _of_appeal(case, appeal, number)
    yield from _further(case)


def appeal_steps(route: AppealRoute, on: date) -> tuple[Step, ...]:
    """The steps that one layer's clocks make of an appeal lodged on ``on``; the first is its window."""
    body = route.body_on(on)
    name = body.name if body else route.title
    clocks = (
        (StepId.APPEAL_WINDOW, "Appeal by", Owner.APPLICANT, Milestone.APPEAL_LODGED, route.window),
        (
            StepId.APPEAL_BUNDLE,
            "Papers to the appeal body",
            Owner.OFFICER,
            Milestone.BUNDLE_SENT,
            route.bundle,
        ),
        (
            StepId.APPEAL_HEARING,
            f"Hearing by {name}",
            Owner.APPEAL_BODY,
            Milestone.APPEAL_HEARD,
            route.hearing,
        ),
        (StepId.APPEAL_DECISION, "Appeal decision", Owner.APPEAL_BODY, Milestone.APPEAL_TOLD, route.decision),
    )
    promised = (StepId.APPEAL_HEARING, StepId.APPEAL_DECISION)
    return tuple(
        Step.model_construct(id=id, title=title, owner=owner, done_by=done_by, clocks=(clock,), public=id in promised)
        for id, title, owner, done_by, clock in clocks
        if clock
    )


def first_route(policy: Policy, on: date, *, refusal: bool = False) -> AppealRoute | None:
    """The first layer open on ``on`` against a refusal, or against what a review came to."""
    subjects = (Subject.THRESHOLD,) if refusal else _AFTER_PANEL
    return next(iter(policy.appeals_on(on, subjects)), None)


def _of_the_case(case: Case, step: Step, first: Round) -> Duty:
    anchors = {**case.reached, **_only(first.reached, Milestone.RECEIVED)}
    ended = case.reached.get(step.done_by)
    needless = step.id is StepId.COMPLETION and case.threshold is not None
    return Duty(str(DeadlineKey(step.id)), step, anchors, ended.on if ended else None, needless=needless)


def _of_rounds(case: Case, step: Step, rounds: tuple[Round, ...]) -> Iterator[Duty]:
    """One duty a round; a step that an appeal left standing belongs to the round that ended it."""
    stood: Reached | None = None
    for number, round in enumerate(rounds, start=1):
        ended = round.reached.get(step.done_by)
        if step.id is StepId.RESPONSE and ended is None and round.refusal:
            ended = round.reached.get(Milestone.THRESHOLD_TOLD)
        duty = Duty(
            str(DeadlineKey(step.id, round=number)),
            step,
            round.reached,
            ended.on if ended else None,
            needless=_needless(case, step.id),
            past=number < case.round,
        )
        if duty.anchored and (ended is None or ended != stood):
            yield duty
        stood = ended or stood


def _looked_at_again(case: Case, step: Step) -> Iterator[Duty]:
    """Each further follow-up, by the day that was named for it; it is held once, and nobody waits for it to open."""
    further = step.model_copy(update={"opens": None, "target": None})
    for number, held in enumerate(case.followed):
        if held.held.again:
            then = case.followed[number + 1].reached.on if number + 1 < len(case.followed) else None
            anchors = dict.fromkeys((clock.anchor for clock in step.clocks), held.reached)
            title = f"{step.title}, once more"
            item = str(number + 2)
            needless = case.notice > 0
            yield Duty(held.further, further, anchors, then, item, title, named=held.held.again, needless=needless)


def _needless(case: Case, step: StepId) -> bool:
    """The case has passed a step by: a refusal needs no panel, and an objection stops the closing."""
    if step is StepId.PAPERS:
        return case.held is not None or case.refusal
    if step is StepId.CLOSURE:
        return case.objection is not None
    return case.refusal and step in _OF_THE_REVIEW


def _of_enquiries(case: Case, step: Step, rounds: tuple[Round, ...]) -> Iterator[Duty]:
    """One duty a body. A body that is asked after the others has its time from the day it was asked itself, whatever
    the clock counts from for them."""
    purpose, asked = _PER_ENQUIRY[step.id]
    for enquiry in case.enquiries.values():
        if enquiry.purpose is not purpose:
            continue
        agency = case.policy.agency(enquiry.agency)
        verification = purpose is Purpose.VERIFICATION
        decided = case.threshold is not None if verification else case.held is not None or case.refusal
        reached = rounds[enquiry.round - 1].reached
        first = reached.get(asked, enquiry.asked)
        later = {} if enquiry.asked.on == first.on else dict.fromkeys(reached, enquiry.asked)
        yield Duty(
            enquiry.key,
            step,
            {**reached, **later, asked: enquiry.asked},
            enquiry.answered_on or enquiry.proceeded_on,
            enquiry.agency,
            f"{step.title}: {agency.name if agency else enquiry.agency}",
            enquiry.agency,
            settled=enquiry.answer is not None,
            needless=decided,
            past=enquiry.round < case.round,
            anew=case.places[enquiry.asked.event] if enquiry.anew else 0,
        )


def _answer(case: Case, step: Step, item: Item, round: Round) -> Duty:
    ended = item.answered.on if item.answered else None
    anchors = {**round.reached, Milestone.RECOMMENDED: item.made}
    return Duty(
        str(DeadlineKey(step.id, item.id)),
        step,
        dict.fromkeys(anchors, item.sent) if item.sent else anchors,
        ended,
        item.id,
        f"{step.title}: {item.id}",
        item.recommendation.to,
        anew=case.places[item.sent.event] if item.sent else 0,
    )


def _action(step: Step, item: Item, round: Round) -> Duty:
    """An action that is accepted. A day that was named for it stands, whether or not its clock has started."""
    named = dict.fromkeys((clock.anchor for clock in step.clocks), item.made) if item.due else {}
    return Duty(
        str(DeadlineKey(step.id, item.id)),
        step,
        {**named, **round.reached, Milestone.RECOMMENDED: item.made, Milestone.ANSWERED: item.answered or item.made},
        item.done.on if item.done else None,
        item.id,
        f"{step.title}: {item.id}",
        item.recommendation.to,
        named=item.due,
    )


def _deferral(policy: Policy, deferral: Deferral) -> Duty:
    """The day to which a decision was put off: it is looked at again by itself when that day is over."""
    source = Source(choice=f"{policy.called(deferral.body.agency)} has time until then by its own promise.")
    clock = Clock(limit=0, anchor=Milestone.PASSED_ON, source=source)
    title = f"Look again at the decision: {policy.called(deferral.body.agency)}"
    step = Step.model_construct(
        id=StepId.DEFERRAL, title=title, owner=Owner.OFFICER, done_by=Milestone.THRESHOLD_DECIDED, clocks=(clock,)
    )
    ended = deferral.ended
    anchors = {Milestone.PASSED_ON: deferral.on}
    return Duty(
        deferral.key, step, anchors, min(ended, deferral.until) if ended else None, deferral.body.agency, title,
        named=deferral.until,
    )  # fmt: skip


def _window(case: Case, round: Round, number: int) -> Iterator[Duty]:
    """The applicant's time to appeal against what this round decided, from the day its letter was received."""
    received = round.reached.get(Milestone.THRESHOLD_RECEIVED if round.refusal else Milestone.OUTCOME_RECEIVED)
    route = first_route(case.policy, received.on, refusal=round.refusal) if received else None
    if received is None or route is None:
        return
    step = appeal_steps(route, received.on)[0]
    anchors = {**round.reached, Milestone.OUTCOME_RECEIVED: received}
    lodged = next((appeal.lodged_on.on for appeal in case.appeals if appeal.round == number), None)
    yield Duty(str(DeadlineKey(step.id, round=number)), step, anchors, lodged, past=number < case.round)


def _further(case: Case) -> Iterator[Duty]:
    """The applicant's time to take an appeal that was decided to the layer after it, from the day they were told."""
    appeals = against_this(case)
    for appeal in appeals:
        told = appeal.marks.get(Milestone.APPEAL_TOLD)
        if told is None:
            continue
        for layer in case.policy.layers_after(appeal.route, told.on, appeal.lodged.subject):
            if is_the_applicants(layer):
                step = appeal_steps(layer, told.on)[0]
                lodged = next((other.lodged_on.on for other in appeals if other.route.id == layer.id), None)
                key, title = str(DeadlineKey(step.id, layer.id)), f"{step.title}: {layer.title}"
                yield Duty(key, step, appeal.marks, lodged, layer.id, title)


def _of_appeal(case: Case, appeal: Appeal, number: int) -> Iterator[Duty]:
    """The steps of one appeal, by the layer it was lodged with; they end when the applicant is told."""
    for step in appeal_steps(appeal.route, appeal.lodged_on.on)[1:]:
        ended = appeal.marks.get(step.done_by)
        yield Duty(
            str(DeadlineKey(step.id, round=number)),
            step,
            {**_only(case.reached, Milestone.OUTCOME_RECEIVED), **appeal.marks},
            ended.on if ended else None,
            needless=appeal.decided is not None and step.id is not StepId.APPEAL_DECISION,
            past=appeal.told,
        )


def _only(reached: Mapping[Milestone, Reached], milestone: Milestone) -> dict[Milestone, Reached]:
    return {milestone: reached[milestone]} if milestone in reached else {}
