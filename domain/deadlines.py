"""policy + calendar + events -> deadlines, each with its working.

``plan`` is the one source of every date: the workflow's timers, the console, the what-if, the letters, the calendar
file and the statistics read its result. Pauses and extensions are events, replayed here and rolled once at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum

from domain import events as e
from domain.application import Carried
from domain.calendar import Calendar, Day, Direction, Unit, count, opening_of
from domain.case import Case, Reached, local_date, words
from domain.catalogue import kind_of
from domain.duties import Duty, appeal_steps, duties, first_route
from domain.events import Event
from domain.fold import apply, fold
from domain.keys import DeadlineKey
from domain.parts import deemed
from domain.policy import Clock, Combine, Limit, Milestone, Owner, Policy, Source, Step, StepId
from domain.promises import keep, shifted

_ROLLED = "; rolled "


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
    ``late``: the first date passed before the duty was done, whatever moved it since but the victim's own holds.
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
    late: bool = False
    working: tuple[Day, ...] = ()

    @property
    def running(self) -> bool:
        """Whether somebody still has to act: an enquiry the review went on without may stay overdue, and is not."""
        return self.state in (State.OPEN, State.OVERDUE) and self.ended_on is None

    @property
    def first(self) -> date | None:
        """The first promised date where it is another; a day of the council's own that came nearer promised nothing."""
        nearer = self.due < self.promised and not self.public
        return None if nearer or self.due == self.promised else self.promised

    @property
    def breached(self) -> bool:
        """The first promised date, or the present one, passed before the council or a body did its duty."""
        return self.owner is not Owner.APPLICANT and (self.late or self.state in (State.OVERDUE, State.MET_LATE))


_WINDOWS = (StepId.APPEAL_WINDOW, StepId.COMPLETION, StepId.PLAN, StepId.CLOSURE, StepId.DEFERRAL)


def plan(policy: Policy, calendar: Calendar, events: Iterable[Event], now: datetime) -> tuple[Deadline, ...]:
    """Every deadline of the case, in order of date. ``now`` decides only which are overdue or shut.

    Raises BeyondHorizon where a date lies past the end of the known holidays.
    """
    case, promised = folded(policy, calendar, events)
    return planned(case, local_date(now), promised)


def folded(policy: Policy, calendar: Calendar, events: Iterable[Event]) -> tuple[Case, dict[str, date]]:
    """The case its events make, with the first date of every deadline that ever had one, by its key."""
    promised: dict[str, date] = {}
    case = fold(policy, calendar, ())
    for event in events:
        apply(case, event)
        if not _moves_nothing(event):
            promise(case, promised)
    return case, promised


_STILL = (
    e.Chased, e.NoteAdded, e.DocumentAdded, e.LinkRenewed, e.ActRefused, e.SafetyReferred, e.RiskAssessed,
    e.ProgressTold, e.Apologised, e.DisclosureMade,
)  # fmt: skip


def _moves_nothing(event: Event) -> bool:
    """Whether no deadline can begin with it: most of a case's events are letters that are no milestone."""
    if isinstance(event.what, e.LetterPosted):
        return kind_of(event.what.letter).milestone is None
    return isinstance(event.what, _STILL)


def planned(case: Case, today: date, promised: Mapping[str, date]) -> tuple[Deadline, ...]:
    """The deadlines of a folded case; ``promised`` holds each key's first date."""
    deadlines = (_deadline(case, duty, today, promised) for duty in duties(case))
    return tuple(sorted(deadlines, key=lambda d: (d.due, d.key)))


def promise(case: Case, promised: dict[str, date]) -> None:
    """Keep the first date of every deadline that has one by now."""
    for duty in duties(case):
        if duty.key not in promised:
            promised[duty.key] = _count(case, duty, case.extended(duty.key))[0]


def due_if_extended(case: Case, key: str, working_days: int) -> date:
    """The date a deadline of the case would have after so many more working days. Raises KeyError if it has none."""
    for duty in duties(case):
        if duty.key == key:
            extended = case.extended(key) + working_days
            return keep(case, duty, _count(case, duty, extended)[0], extended)
    raise KeyError(f"the case has no deadline {key}: give one that its plan lists")


def look_ahead(
    policy: Policy, calendar: Calendar, received: date, *, extend: Mapping[str, int] | None = None
) -> tuple[Deadline, ...]:
    """What-if: every date of a review whose day 0 is ``received``, if each step ends on its last day.

    A range (the follow-up) ends on its target. ``extend`` adds working days to a step by its key. The threshold is
    met, nothing is missing, the panel is arranged when all information is in, and an appeal is lodged on its last day
    with the first layer against the outcome. What the service does by itself, it does at once.
    """
    case = Case(policy, [calendar])
    at_once = (
        Milestone.RECEIVED, Milestone.ACKNOWLEDGED, Milestone.COMPLETED, Milestone.PASSED_ON,
        Milestone.VERIFICATION_ASKED,
    )  # fmt: skip
    given = {milestone: Reached(received, "", words(milestone)) for milestone in at_once}
    case.reached = dict(given)
    route = first_route(policy, received)
    steps = (
        *(step for step in policy.steps if step.id is not StepId.COMPLETION),
        *(appeal_steps(route, received) if route else ()),
    )
    assumed: dict[str, Deadline] = {}
    for _ in range(len(steps) + 1):
        known = {duty.key: duty for duty in (Duty(str(DeadlineKey(step.id)), step, case.reached) for step in steps)}
        counted = {
            duty.key: _counted(case, duty, (extend or {}).get(duty.key, 0)) for duty in known.values() if duty.anchored
        }
        if counted == assumed:
            break
        assumed, case.reached = counted, dict(given)
        for name, deadline in assumed.items():
            _assume(case, known[name].step, deadline.target or deadline.due)
    return tuple(sorted(assumed.values(), key=lambda d: (d.due, d.key)))


def _assume(case: Case, step: Step, on: date) -> None:
    """A step ends on ``on``, and what follows from it at once happens."""
    received = deemed(case.policy, case.calendar, opening_of(on))
    decided = {
        Milestone.THRESHOLD_DECIDED: on,
        Milestone.THRESHOLD_TOLD: on,
        Milestone.THRESHOLD_RECEIVED: received,
        Milestone.INFORMATION_ASKED: on,
    }
    follows = {
        Milestone.THRESHOLD_DECIDED: decided,
        Milestone.THRESHOLD_TOLD: decided,
        Milestone.COLLATED: {Milestone.PANEL_ARRANGED: on},
        Milestone.PANEL_HELD: {
            Milestone.PANEL_DATE: on,
            Milestone.RECOMMENDED: on,
            Milestone.FIRST_PANEL_HELD: on,
            Milestone.PLAN_PUT: on,
        },
        Milestone.OUTCOME_SENT: {Milestone.OUTCOME_RECEIVED: received},
        Milestone.FOLLOWED_UP: {Milestone.CLOSURE_NOTIFIED: on},
    }
    for milestone, day in {step.done_by: on, **follows.get(step.done_by, {})}.items():
        case.reached.setdefault(milestone, Reached(day, "", f"{words(milestone)}, if on its last day"))


def _count(case: Case, duty: Duty, extended: int, told: date | None = None) -> tuple[date, Clock, tuple[Day, ...]]:
    """The date, the clock that decided it and its working, before any promise already told is held against it.

    Where one of several clocks comes to the day that was ``told``, it is the one that decides.
    """
    if duty.named:
        named = Day(date=duty.named, counted=True, why="the day named for this")
        due, working = _move_on(case, duty.named, (named,), extended)
        return due, duty.step.clocks[0], working
    candidates = [
        (*_run(case, clock, duty.anchors[clock.anchor], extended), clock)
        for clock in duty.step.clocks
        if clock.anchor in duty.anchors
    ]
    candidates = [candidate for candidate in candidates if candidate[0] == told] or candidates
    choose = max if duty.step.combine is Combine.LATEST else min
    due, working, clock = choose(candidates, key=lambda candidate: candidate[0])
    return due, clock, working


def _run(case: Case, clock: Clock, start: Reached, extended: int) -> tuple[date, tuple[Day, ...]]:
    """One clock from its anchor. An extension is counted on from the date before rolling, so nothing rolls twice.

    A hold gives more time to act; it never brings a day that counts back from a meeting nearer.
    """
    in_working_days = clock.unit in (Unit.WORKING_DAYS, Unit.MEETING) and clock.direction is Direction.AFTER
    counted = count(
        case.calendar,
        start.on,
        clock.limit + extended if in_working_days else clock.limit,
        clock.unit,
        direction=clock.direction,
        pauses=case.pauses if clock.direction is Direction.AFTER else (),
        day_zero=f"day 0: {start.words}",
        meetings=case.policy.calendar.meetings,
    )
    if not extended or in_working_days:
        return counted.due, counted.working
    return _move_on(case, counted.due, counted.working, extended)


def _move_on(case: Case, due: date, working: tuple[Day, ...], extended: int) -> tuple[date, tuple[Day, ...]]:
    """``extended`` working days on from a date, taken as it was before it was rolled to a working day."""
    if not extended:
        return due, working
    rolled = next((n for n, day in enumerate(working) if _ROLLED in day.why), None)
    if rolled is not None:
        why = working[rolled].why.partition(_ROLLED)[0]
        working = (*working[:rolled], working[rolled].model_copy(update={"why": why}))
        due = working[-1].date
    more = count(case.calendar, due, extended, Unit.WORKING_DAYS, pauses=case.pauses)
    days = (day.model_copy(update={"why": f"extended: {day.why}"}) for day in more.working[1:])
    return more.due, (*working, *days)


def _counted(case: Case, duty: Duty, extra: int = 0, told: date | None = None) -> Deadline:
    due, clock, working = _count(case, duty, extra, told)
    step, anchor = duty.step, duty.anchors[clock.anchor]
    opens, target = (
        _run(case, limit, duty.anchors[limit.anchor], 0)[0] if limit and limit.anchor in duty.anchors else None
        for limit in (step.opens, step.target)
    )
    return Deadline(
        key=duty.key, step=step.id, item=duty.item, title=duty.title or step.title, owner=step.owner,
        agency=duty.agency, anchor=clock.anchor, anchored_on=anchor.on, anchored_by=anchor.event,
        limit=_limit_words(clock, anchor), source=clock.source, due=due, promised=due, opens=opens, target=target,
        public=step.public, extended=extra, working=working,
    )  # fmt: skip


def _limit_words(clock: Clock, anchor: Reached) -> str:
    relation = "before" if clock.direction is Direction.BEFORE else "after"
    return f"{Limit(limit=clock.limit, unit=clock.unit).words} {relation} {anchor.words.partition(',')[0]}"


def _deadline(case: Case, duty: Duty, today: date, promised: Mapping[str, date]) -> Deadline:
    deadline = _counted(case, duty, case.extended(duty.key))
    due = keep(case, duty, deadline.due, deadline.extended)
    if due > deadline.due:
        deadline = _counted(case, duty, deadline.extended, due)
    first = promised.get(duty.key, due)
    expected = _count(case, duty, 0)[0] if duty.anew else first
    state = _state(case, duty, due, today)
    until = duty.ended or (today if state in (State.OPEN, State.OVERDUE) else None)
    return deadline.model_copy(
        update={
            "due": due,
            "promised": first,
            "state": state,
            "ended_on": duty.ended,
            "late": until is not None and until > _with_holds(case, duty, expected),
            "working": _as_kept(deadline.working, due),
        }
    )


def _with_holds(case: Case, duty: Duty, first: date) -> date:
    """The first promised date, moved on by what the victim's own holds moved it and by nothing else."""
    if not case.pauses:
        return first
    plain = _count(case, duty, 0)[0]
    if plain <= first:
        return first
    return min(plain, shifted(case, first, held=case.pauses, unit=Unit.DAYS))


def _as_kept(working: tuple[Day, ...], due: date) -> tuple[Day, ...]:
    """A working that ends on the day a letter gave out, where the count alone would come to another."""
    if working[-1].date == due:
        return working
    days = tuple(day for day in working if day.date < due)
    return (*days, Day(date=due, counted=False, why="kept: a letter gave this day, and it stands"))


def _state(case: Case, duty: Duty, due: date, today: date) -> State:
    step = duty.step.id
    if duty.ended is not None and duty.settled:
        if duty.ended <= due:
            return State.MET
        if step in (StepId.PLAN, StepId.CLOSURE):
            return State.STOPPED if duty.past else State.SHUT
        return State.MET_LATE
    if duty.past or duty.needless or case.stage.over:
        return State.STOPPED
    if duty.ended is None and today <= due:
        return State.OPEN
    return State.SHUT if step in _WINDOWS else State.OVERDUE


def next_due(deadlines: Sequence[Deadline]) -> Deadline | None:
    """The running deadline that falls first; a closed window or the applicant's own time counts after the duties."""
    running = [d for d in deadlines if d.running]
    return min(running, key=lambda d: (d.due, d.owner is Owner.APPLICANT, d.key), default=None)
