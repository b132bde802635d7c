"""Whether the dates that a policy gives can be kept: what each clock counts from, and the order in which they fall."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise

from domain.calendar import BeyondHorizon, Calendar, Direction, Unit, words
from domain.deadlines import look_ahead
from domain.findings import Finding, finding
from domain.policy import Clock, Limit, Milestone, Policy, Step, StepId, Verification

_ENDS = {
    StepId.ACKNOWLEDGEMENT: (Milestone.ACKNOWLEDGED,),
    StepId.COMPLETION: (Milestone.COMPLETED,),
    StepId.VERIFICATION: (Milestone.VERIFIED,),
    StepId.THRESHOLD: (Milestone.THRESHOLD_TOLD, Milestone.THRESHOLD_DECIDED),
    StepId.INFORMATION: (Milestone.COLLATED,),
    StepId.PAPERS: (Milestone.PAPERS_SENT,),
    StepId.PANEL: (Milestone.PANEL_HELD,),
    StepId.PLAN: (Milestone.PLAN_SETTLED,),
    StepId.RESPONSE: (Milestone.OUTCOME_SENT,),
    StepId.RECOMMENDATION: (Milestone.ANSWERED,),
    StepId.ACTION: (Milestone.DONE,),
    StepId.FOLLOW_UP: (Milestone.FOLLOWED_UP,),
    StepId.CLOSURE: (Milestone.CLOSED,),
}
_OWN: Mapping[StepId, frozenset[Milestone]] = {
    StepId.THRESHOLD: frozenset({Milestone.THRESHOLD_DECIDED}),
    StepId.PANEL: frozenset(
        {Milestone.PANEL_ARRANGED, Milestone.PANEL_DATE, Milestone.PAPERS_SENT, Milestone.FIRST_PANEL_HELD}
    ),
    StepId.FOLLOW_UP: frozenset({Milestone.CLOSURE_NOTIFIED}),
}
"""What a step brings about itself before it ends: nothing of it can say by when it must begin."""
_EVERY_STEP = frozenset(StepId)
_SOMETIMES: dict[Milestone, frozenset[StepId]] = {
    Milestone.DETAILS_REQUESTED: frozenset({StepId.COMPLETION}),
    Milestone.RECOMMENDED: frozenset({StepId.RECOMMENDATION, StepId.ACTION}),
    Milestone.ANSWERED: frozenset({StepId.ACTION}),
    Milestone.DONE: frozenset(),
    Milestone.APPEAL_LODGED: frozenset(),
    Milestone.BUNDLE_SENT: frozenset(),
    Milestone.APPEAL_HEARD: frozenset(),
    Milestone.APPEAL_DECIDED: frozenset(),
    Milestone.APPEAL_TOLD: frozenset(),
}
_ORDER = {milestone: place for place, milestone in enumerate(Milestone)}
_RANK = {
    **_ORDER,
    Milestone.ACKNOWLEDGED: _ORDER[Milestone.PASSED_ON],
    Milestone.DETAILS_REQUESTED: _ORDER[Milestone.PASSED_ON],
    Milestone.COMPLETED: _ORDER[Milestone.PASSED_ON],
    Milestone.FIRST_PANEL_HELD: _ORDER[Milestone.PANEL_HELD],
    Milestone.RECOMMENDED: _ORDER[Milestone.PANEL_HELD],
}
_MEETINGS_AHEAD = timedelta(days=365)
_IN_TURN = (
    (StepId.VERIFICATION, StepId.THRESHOLD, StepId.INFORMATION, StepId.PANEL, StepId.PLAN, StepId.RESPONSE),
    (StepId.PANEL, StepId.RECOMMENDATION, StepId.ACTION),
    (StepId.INFORMATION, StepId.PAPERS, StepId.PANEL),
    (StepId.RESPONSE, StepId.APPEAL_WINDOW, StepId.FOLLOW_UP),
    (StepId.APPEAL_BUNDLE, StepId.APPEAL_HEARING, StepId.APPEAL_DECISION),
)
_KNOWN = timedelta(days=3 * 365)


def months(limit: Limit) -> float:
    """A limit in months, every month at its longest: 30 days are less than one."""
    in_a_month = {Unit.MONTHS: 1.0, Unit.WEEKS: 31 / 7, Unit.DAYS: 31.0}
    return limit.limit / in_a_month.get(limit.unit, 23.0)


def clocks(policy: Policy, day: date) -> Iterator[Finding]:
    """What is wrong with the steps of a policy and what each of their clocks counts from."""
    given = {step.id for step in policy.steps}
    unneeded = {StepId.VERIFICATION} if policy.verification is Verification.FORM_ONLY else set()
    for id, (end, *_) in _ENDS.items():
        if id not in given | unneeded:
            yield finding("step-missing", "steps", step=id, end=end)
    for number, step in enumerate(policy.steps):
        where = f"steps[{number}]"
        ends = _ENDS.get(step.id)
        if ends is None:
            yield finding("step-misplaced", where, step=step.id)
            continue
        if step.done_by not in ends:
            yield finding("step-ends-elsewhere", f"{where}.done_by", step=step.id, done_by=step.done_by, end=ends[0])
        clocks = {f"{where}.clocks[{place}]": clock for place, clock in enumerate(step.clocks)}
        clocks |= {f"{where}.{name}": clock for name, clock in _range(step)}
        for path, clock in clocks.items():
            yield from _clock(policy, step, clock, path)
        yield from _out_of_order(step, where)
        if step.id is StepId.RESPONSE and not step.public:
            yield finding("response-not-public", f"{where}.public")
    waits = any(clock.unit is Unit.MEETING for step in policy.steps for clock in step.clocks)
    last = max(policy.calendar.meetings, default=None)
    if waits and last and last < day + _MEETINGS_AHEAD:
        yield finding("meetings-end", "calendar.meetings", last=words(last))


def _clock(policy: Policy, step: Step, clock: Clock, where: str) -> Iterator[Finding]:
    asked = policy.verification is Verification.AGENCIES
    unreached = not asked and clock.anchor in (Milestone.VERIFICATION_ASKED, Milestone.VERIFIED)
    between = {"step": step.id, "anchor": clock.anchor}
    if clock.anchor is step.done_by or clock.anchor in _OWN.get(step.id, ()):
        yield finding("clock-own-end", f"{where}.anchor", **between)
    elif unreached or step.id not in _SOMETIMES.get(clock.anchor, _EVERY_STEP):
        yield finding("clock-never-starts", f"{where}.anchor", **between)
    elif _RANK[clock.anchor] > _RANK[step.done_by]:
        yield finding("clock-after-end", f"{where}.anchor", **between)
    meeting, ahead = clock.unit is Unit.MEETING, clock.anchor is Milestone.PANEL_DATE
    if clock.direction is Direction.BEFORE and (meeting or not ahead):
        yield finding("clock-before", f"{where}.direction")
    if meeting and not policy.calendar.meetings:
        yield finding("meetings-missing", f"{where}.unit")


def _range(step: Step) -> list[tuple[str, Clock]]:
    return [(name, clock) for name, clock in (("opens", step.opens), ("target", step.target)) if clock]


def _out_of_order(step: Step, where: str) -> Iterator[Finding]:
    for latest in step.clocks:
        earlier = [(name, clock) for name, clock in _range(step) if clock.anchor is latest.anchor]
        for (name, first), (_, then) in pairwise([*earlier, ("clocks", latest)]):
            if months(first) > months(then):
                yield finding("range-order", f"{where}.{name}", first=first.words, then=then.words)


def in_turn(policy: Policy, day: date) -> Iterator[Finding]:
    """Steps that would still be running when one that follows from them must have ended, weekends alone counted.

    Asked of a policy that has no other error.
    """
    weekdays = Calendar(source="weekdays", first=day - _KNOWN, horizon=day + _KNOWN, holidays=())
    try:
        ahead = {deadline.step: deadline for deadline in look_ahead(policy, weekdays, weekdays.next_working_day(day))}
    except BeyondHorizon:
        yield finding("limit-too-long", "steps")
        return
    where = {step.id: f"steps[{number}].clocks" for number, step in enumerate(policy.steps)}
    for turn in _IN_TURN:
        for first, then in pairwise(ahead[step] for step in turn if step in ahead):
            if first.due > then.due:
                path = where.get(first.step, "appeals")
                yield finding("steps-overlap", path, first=f"“{first.title}”", then=f"“{then.title}”")
