"""policy + calendar + events -> deadlines, each with its working.

``plan`` is the one source of every date: the workflow's timers, the console, the what-if, the letters, the calendar
file and the statistics read its result. Pauses and extensions are events, replayed here and rolled once at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.application import Carried
from domain.calendar import Calendar, Day, Direction, Unit, count
from domain.case import Case, Item, Reached, fold, key, local_date, words
from domain.events import Event, Purpose
from domain.policy import (
    Clock,
    Combine,
    Limit,
    Milestone,
    Owner,
    Policy,
    Source,
    Step,
    StepId,
    Subject,
)


class State(StrEnum):
    """What became of a deadline. ``overdue`` is a state, not an error; a ``shut`` window is one nobody used in time."""

    OPEN = "open"
    OVERDUE = "overdue"
    MET = "met"
    MET_LATE = "met late"
    SHUT = "shut"
    STOPPED = "stopped"


class Deadline(Carried):
    """One dated duty: what, whose, by when, counted how, and whether it was kept.

    ``due`` is the current date and ``promised`` the first one, kept for ever; ``opens`` and ``target`` make a range.
    ``working`` has each day counted or skipped and why. ``agency`` is the body it falls on, if one does.
    """

    key: str
    step: StepId
    item: str = ""
    title: str
    owner: Owner
    agency: str = ""
    anchor: Milestone
    anchored_on: date
    anchored_by: str
    limit: str
    source: Source
    due: date
    promised: date
    opens: date | None = None
    target: date | None = None
    public: bool = False
    state: State = State.OPEN
    ended_on: date | None = None
    extended: int = 0
    working: tuple[Day, ...] = ()

    @property
    def running(self) -> bool:
        return self.state in (State.OPEN, State.OVERDUE)

    @property
    def breached(self) -> bool:
        """The first promised date passed before the duty was done, by the council's or an agency's doing."""
        if self.owner is Owner.APPLICANT:
            return False
        late = self.ended_on is not None and self.ended_on > self.promised
        return late or self.state in (State.OVERDUE, State.MET_LATE)


@dataclass(frozen=True)
class _Duty:
    """A step of the policy as it applies to one case or one item of it."""

    key: str
    step: Step
    anchors: Mapping[Milestone, Reached]
    ended: date | None = None
    item: str = ""
    title: str = ""
    agency: str = ""
    named: date | None = None
    settled: bool = True


_CASE_LONG = (StepId.ACKNOWLEDGEMENT, StepId.COMPLETION)
_PER_ENQUIRY = {StepId.VERIFICATION: Purpose.VERIFICATION, StepId.INFORMATION: Purpose.INFORMATION}
_OF_THE_REVIEW = (
    StepId.INFORMATION, StepId.PAPERS, StepId.PANEL, StepId.PLAN, StepId.FOLLOW_UP, StepId.RECOMMENDATION, StepId.ACTION,
)  # fmt: skip
_WINDOWS = (StepId.APPEAL_WINDOW, StepId.COMPLETION, StepId.PLAN, StepId.CLOSURE)


def plan(policy: Policy, calendar: Calendar, events: Iterable[Event], now: datetime) -> tuple[Deadline, ...]:
    """Every deadline of the case, in order of date. ``now`` decides only which are overdue or shut.

    Raises BeyondHorizon where a date lies past the end of the known holidays.
    """
    promised: dict[str, date] = {}
    case = fold(policy, calendar, ())
    reached: dict[Milestone, Reached] = {}
    for event in events:
        case.apply(event)
        if case.reached != reached:
            reached = dict(case.reached)
            promise(case, promised)
    promise(case, promised)
    return planned(case, local_date(now), promised)


def planned(case: Case, today: date, promised: Mapping[str, date]) -> tuple[Deadline, ...]:
    """The deadlines of a folded case; ``promised`` holds each key's first date."""
    deadlines = (_deadline(case, duty, today, promised) for duty in _duties(case))
    return tuple(sorted(deadlines, key=lambda d: (d.due, d.key)))


def promise(case: Case, promised: dict[str, date]) -> None:
    """Keep the first date of every deadline that has one by now."""
    for duty in _duties(case):
        if duty.key not in promised:
            promised[duty.key] = _count(case, duty)[0]


def look_ahead(policy: Policy, calendar: Calendar, received: date, *, extend: Mapping[str, int] | None = None) -> tuple[
    Deadline, ...
]:
    """What-if: every date of a review received on ``received`` if each step ends on its last day.

    ``extend`` adds working days to a step by its key. The appeal's steps assume an appeal on the window's last day.
    """
    case = Case(policy, [calendar])
    case.reached[Milestone.RECEIVED] = Reached(received, "", words(Milestone.RECEIVED))
    for milestone in (Milestone.COMPLETED, Milestone.ACKNOWLEDGED, Milestone.PASSED_ON, Milestone.VERIFICATION_ASKED):
        case.reached[milestone] = Reached(received, "", words(milestone))
    steps = (*(s for s in policy.steps if s.id is not StepId.COMPLETION), *_appeal_steps(policy, received, None))
    extend = extend or {}
    found: dict[str, Deadline] = {}
    for _ in steps:
        for step in steps:
            duty = _Duty(key(step.id), step, case.reached)
            if not _anchored(duty) or (step.clocks[0].direction is Direction.BEFORE and duty.key in found):
                continue
            deadline = _counted(case, duty, extend.get(duty.key, 0))
            found[duty.key] = deadline
            _assume(case, step, deadline.target or deadline.due)
    return tuple(sorted(found.values(), key=lambda d: (d.due, d.key)))


def _assume(case: Case, step: Step, on: date) -> None:
    follows = {
        Milestone.THRESHOLD_TOLD: (Milestone.THRESHOLD_DECIDED, Milestone.INFORMATION_ASKED),
        Milestone.PANEL_HELD: (
            Milestone.PANEL_DATE, Milestone.PANEL_ARRANGED, Milestone.RECOMMENDED, Milestone.FIRST_PANEL_HELD,
            Milestone.PLAN_PUT,
        ),
        Milestone.OUTCOME_SENT: (Milestone.OUTCOME_RECEIVED,),
        Milestone.FOLLOWED_UP: (Milestone.CLOSURE_NOTIFIED,),
    }  # fmt: skip
    for milestone in (step.done_by, *follows.get(step.done_by, ())):
        case.reached.setdefault(milestone, Reached(on, "", f"{words(milestone)}, if on its last day"))


def _duties(case: Case) -> Iterator[_Duty]:
    """Every step that has an anchor by now, item by item where it falls on several bodies."""
    for step in case.policy.steps:
        if step.id in _PER_ENQUIRY:
            yield from _enquiry_duties(case, step)
        elif step.id is StepId.RECOMMENDATION:
            yield from (_answer_duty(step, item) for item in case.items.values())
        elif step.id is StepId.ACTION:
            yield from (_action_duty(step, item) for item in case.items.values() if item.accepted)
        else:
            round = 1 if step.id in _CASE_LONG else case.round
            ended = case.reached.get(step.done_by)
            if step.id is StepId.RESPONSE and ended is None and case.refusal:
                ended = case.reached.get(Milestone.THRESHOLD_TOLD)
            duty = _Duty(key(step.id, round=round), step, case.reached, ended.on if ended else None)
            if _anchored(duty):
                yield duty
    for step, anchors, ended_on in _appeal_duties(case):
        duty = _Duty(key(step.id, round=case.round), step, anchors, ended_on)
        if _anchored(duty):
            yield duty


def _enquiry_duties(case: Case, step: Step) -> Iterator[_Duty]:
    for enquiry in case.enquiries.values():
        if enquiry.purpose is not _PER_ENQUIRY[step.id]:
            continue
        agency = case.policy.agency(enquiry.agency)
        title = f"{step.title}: {agency.name if agency else enquiry.agency}"
        anchors = {**case.reached, step.clocks[0].anchor: enquiry.asked}
        ended = enquiry.answered_on or enquiry.proceeded_on
        yield _Duty(
            enquiry.key, step, anchors, ended, enquiry.agency, title, enquiry.agency, settled=enquiry.answer is not None
        )


def _answer_duty(step: Step, item: Item) -> _Duty:
    title = f"{step.title}: {item.id}"
    ended = item.answered.on if item.answered else None
    to = item.recommendation.to
    return _Duty(key(step.id, item.id), step, {Milestone.RECOMMENDED: item.made}, ended, item.id, title, to)


def _action_duty(step: Step, item: Item) -> _Duty:
    anchors = {Milestone.RECOMMENDED: item.made, Milestone.ANSWERED: item.answered or item.made}
    ended = item.done.on if item.done else None
    to = item.recommendation.to
    return _Duty(
        key(step.id, item.id), step, anchors, ended, item.id, f"{step.title}: {item.id}", to, named=item.due
    )


def _appeal_duties(case: Case) -> Iterator[tuple[Step, Mapping[Milestone, Reached], date | None]]:
    """The appeal's steps: the window of the decision that stands, and the layer that was lodged."""
    refused = case.refusal or any(a.lodged.subject is Subject.THRESHOLD and not a.told for a in case.appeals)
    received = case.reached.get(Milestone.THRESHOLD_RECEIVED if refused else Milestone.OUTCOME_RECEIVED)
    if received is None:
        return
    subject = Subject.THRESHOLD if refused else None
    anchors = {**case.reached, Milestone.OUTCOME_RECEIVED: received}
    for step in _appeal_steps(case.policy, received.on, subject):
        ended = case.reached.get(step.done_by)
        yield step, anchors, ended.on if ended else None


def _appeal_steps(policy: Policy, on: date, subject: Subject | None) -> Iterator[Step]:
    """The steps that the first open appeal layer's clocks make."""
    subjects = (subject,) if subject else (Subject.OUTCOME, Subject.HANDLING)
    route = next(iter(policy.appeals_on(on, subjects)), None)
    if route is None:
        return
    body = route.body_on(on)
    name = body.name if body else route.title
    clocks = (
        (StepId.APPEAL_WINDOW, "Appeal by", Owner.APPLICANT, Milestone.APPEAL_LODGED, route.window),
        (StepId.APPEAL_BUNDLE, "Papers to the appeal body", Owner.OFFICER, Milestone.BUNDLE_SENT, route.bundle),
        (StepId.APPEAL_HEARING, f"Hearing by {name}", Owner.APPEAL_BODY, Milestone.APPEAL_HEARD, route.hearing),
        (StepId.APPEAL_DECISION, "Appeal decision", Owner.APPEAL_BODY, Milestone.APPEAL_TOLD, route.decision),
    )
    for id, title, owner, done_by, clock in clocks:
        if clock:
            public = id in (StepId.APPEAL_HEARING, StepId.APPEAL_DECISION)
            yield Step(id=id, title=title, owner=owner, done_by=done_by, clocks=(clock,), public=public)


def _anchored(duty: _Duty) -> bool:
    known = [clock.anchor in duty.anchors for clock in duty.step.clocks]
    return all(known) if duty.step.combine is Combine.LATEST else any(known)


def _count(case: Case, duty: _Duty, extra: int | None = None) -> tuple[date, Clock, tuple[Day, ...]]:
    """The date, the clock that decided it and its working, before any promise already told is held against it."""
    extended = case.moved(duty.key)[0] if extra is None else extra
    if duty.named and not extended:
        clock = duty.step.clocks[0]
        return duty.named, clock, (Day(date=duty.named, counted=True, why="the day named for this action"),)
    candidates = [
        (*_run(case, clock, duty.anchors[clock.anchor], extended), clock)
        for clock in duty.step.clocks
        if clock.anchor in duty.anchors
    ]
    choose = max if duty.step.combine is Combine.LATEST else min
    due, working, clock = choose(candidates, key=lambda candidate: candidate[0])
    return due, clock, working


def _run(case: Case, clock: Clock, start: Reached, extended: int) -> tuple[date, tuple[Day, ...]]:
    """One clock from its anchor. An extension is counted on from the date before rolling, so nothing rolls twice."""
    working_days = clock.unit is Unit.WORKING_DAYS and clock.direction is Direction.AFTER
    limit = clock.limit + extended if working_days else clock.limit
    rules = case.policy.calendar
    counted = count(
        case.calendar,
        start.on,
        limit,
        clock.unit,
        direction=clock.direction,
        pauses=case.pauses,
        day_zero=f"day 0: {start.words}",
        meetings=rules.meetings,
    )
    if not extended or working_days:
        return counted.due, counted.working
    unrolled = next((day.date for day in counted.working if "rolled" in day.why), counted.due)
    more = count(case.calendar, unrolled, extended, Unit.WORKING_DAYS, day_zero="extended from here")
    return more.due, (*counted.working, *more.working[1:])


def _counted(case: Case, duty: _Duty, extra: int = 0) -> Deadline:
    due, clock, working = _count(case, duty, extra)
    step, anchor = duty.step, duty.anchors[clock.anchor]
    opens, target = (
        _run(case, limit, duty.anchors[limit.anchor], 0)[0] if limit and limit.anchor in duty.anchors else None
        for limit in (step.opens, step.target)
    )
    return Deadline(
        key=duty.key, step=step.id, item=duty.item, title=duty.title or step.title, owner=step.owner, agency=duty.agency,
        anchor=clock.anchor, anchored_on=anchor.on, anchored_by=anchor.event, limit=_limit_words(clock),
        source=clock.source, due=due, promised=due, opens=opens, target=target, public=step.public, extended=extra,
        working=working,
    )  # fmt: skip


def _limit_words(clock: Clock) -> str:
    relation = "before" if clock.direction is Direction.BEFORE else "after"
    return f"{Limit(limit=clock.limit, unit=clock.unit).words} {relation} {words(clock.anchor)}"


def _deadline(case: Case, duty: _Duty, today: date, promised: Mapping[str, date]) -> Deadline:
    deadline = _counted(case, duty, case.moved(duty.key)[0])
    due = deadline.due
    if told := _told(case, duty, deadline.anchored_by):
        due = max(due, told) if duty.step.owner is Owner.APPLICANT else min(due, told)
    return deadline.model_copy(
        update={
            "due": due,
            "promised": promised.get(duty.key, due),
            "state": _state(case, duty, due, today),
            "ended_on": duty.ended,
        }
    )


def _told(case: Case, duty: _Duty, anchor: str) -> date | None:
    """The date a letter last told, where nothing has lawfully moved it since: no extension, no hold, and the clock was
    not started anew. It holds the council to a duty, and keeps the applicant's own time open."""
    if duty.key not in case.told:
        return None
    told, moved, at = case.told[duty.key]
    started = next((n for n, event in enumerate(case.events, start=1) if event.id == anchor), 0)
    anew = started > at and case.events[started - 1].kind != "date.corrected"
    return None if anew or moved != case.moved(duty.key) else told


def _state(case: Case, duty: _Duty, due: date, today: date) -> State:
    if duty.ended is not None:
        if not duty.settled:
            return State.OVERDUE if not case.stage.over and case.held is None else State.STOPPED
        return State.MET if duty.ended <= due else State.MET_LATE
    if case.stage.over or _needless(case, duty.step.id):
        return State.STOPPED
    if today <= due:
        return State.OPEN
    return State.SHUT if duty.step.id in _WINDOWS else State.OVERDUE


def _needless(case: Case, step: StepId) -> bool:
    """The case has passed a step by: a refusal needs no panel, and what was decided needs no further answers."""
    if step is StepId.APPEAL_WINDOW:
        return case.window_shut and not case.has(Milestone.APPEAL_LODGED)
    if step is StepId.VERIFICATION:
        return case.threshold is not None
    if step in (StepId.INFORMATION, StepId.PAPERS):
        return case.held is not None or case.refusal
    if step is StepId.CLOSURE:
        return case.objection is not None
    return case.refusal and step in _OF_THE_REVIEW


def next_due(deadlines: Sequence[Deadline]) -> Deadline | None:
    """The running deadline that falls first; a closed window or the applicant's own time counts after the duties."""
    running = [d for d in deadlines if d.running]
    return min(running, key=lambda d: (d.due, d.owner is Owner.APPLICANT, d.key), default=None)
