"""The chasing ladder: which reminder, warning, delay letter or escalation is due when. Pure, so it can be dry-run.

A rung of the ladder for one deadline is a chaser; it is gone once its deadline is met or moved. Reminders and warnings
keep the policy's minimum gap between two of the same addressee; a delay letter and an escalation wait for nothing.

An overdue duty is chased until it is done, whoever it falls on, and whoever the ladder names is told of it each time.
A promise to the applicant that the service may not move by itself any more needs a person: they are asked for a delay
letter on each working day, their manager is told, and the applicant reads on the last day that it is not kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from domain import heartbeat
from domain.application import Carried
from domain.calendar import Direction, Unit, close_of, count, opening_of
from domain.case import Case
from domain.dates import short
from domain.deadlines import Deadline, State, due_if_extended
from domain.edition import TOLD
from domain.keys import DeadlineKey
from domain.meetings import LONGEST, answerable, enough, meeting, not_before
from domain.overdue import next_day
from domain.policy import Owner, Rung, StepId
from domain.promises import last_told
from domain.representation import lapses

_ADDRESSEES = {
    Owner.OFFICER: "officer",
    Owner.CHAIR: "chair",
    Owner.APPLICANT: "applicant",
    Owner.APPEAL_BODY: "appeal_body",
}
_PATIENT = (Rung.REMINDER, Rung.WARNING)
_ENQUIRIES = (StepId.VERIFICATION, StepId.INFORMATION)
Chased = Mapping[tuple[Rung, str, date, str], date]
_TO_RECORD = 2
"""Working days in which somebody says that a meeting was held, before the applicant is told that it is late."""


class Chaser(Carried):
    """One rung for one deadline: ``on`` is the day it goes out, ``to`` an agency's id, ``senior:ID``, or a party."""

    rung: Rung
    deadline: str
    step: StepId
    title: str
    due: date
    on: date
    to: str

    @property
    def moment(self) -> datetime:
        """The instant it goes out: the office's opening hour on its day."""
        return opening_of(self.on)

    @property
    def words(self) -> str:
        if self.rung is Rung.DELAY_LETTER and self.to != "applicant":
            return f"delay letter wanted, to {self.to}: {self.title}"
        return f"{self.rung.value.replace('_', ' ')} to {self.to.replace('_', ' ')}: {self.title}"


def chasers(case: Case, deadlines: Sequence[Deadline], today: date) -> tuple[Chaser, ...]:
    """Every rung still to be climbed, soonest first, those in the past included: they are due now."""
    if case.stage.over:
        return ()
    possible = [_gapped(case, chaser) for deadline in deadlines for chaser in _rungs(case, deadline, today)]
    ladder = sorted(
        (chaser for chaser in possible if chaser), key=lambda chaser: (chaser.on, chaser.deadline, chaser.rung)
    )
    made: Counter[tuple[Rung, str, date]] = Counter(
        (chased.rung, chased.deadline, chased.due)
        for chased, _ in case.chased
        if chased.rung is not Rung.DELAY_LETTER  # one that moves the date leaves none behind
    )
    waiting = []
    for chaser in ladder:
        rung = (chaser.rung, chaser.deadline, chaser.due)
        if made[rung]:
            made[rung] -= 1
        else:
            waiting.append(chaser)
    if case.policy.chasing.overdue is not None:
        last = _last_chased(case)
        waiting += (chaser for deadline in deadlines for chaser in _until_done(case, deadline, today, last))
    return tuple(sorted(waiting, key=lambda chaser: (chaser.on, chaser.deadline, chaser.rung, chaser.to)))


def next_moment(case: Case, deadlines: Sequence[Deadline], now: datetime, today: date) -> tuple[datetime, str] | None:
    """When time next matters to this case, and why: a chaser, the close of a day something is due, or a hold's end."""
    if case.stage.over:
        return None
    moments = [(chaser.moment, chaser.words) for chaser in chasers(case, deadlines, today)]
    moments += [(close_of(d.due), f"{d.title} due {short(d.due)}") for d in deadlines if d.state is State.OPEN]
    if last := lapses(case):
        moments.append((opening_of(last + timedelta(days=1)), "the authority of whoever acts has lapsed"))
    if word := heartbeat.due(case, now):
        moments.append((word, "a word to the applicant"))
    if hold := case.on_hold(today):
        moments.append((close_of(hold.end - timedelta(days=1)), "the hold ends"))
    return min((moment for moment in moments if moment[0] > now), default=None)


def more_time(case: Case, chaser: Chaser, today: date) -> int:
    """The working days a delay letter adds by itself: the policy's own number, or as many times that as it takes for
    the new date to lie ahead after an outage, and for its own delay letter not to be due at once; where the meeting is
    arranged for a later day, those up to that day. 0 where the policy lets the service move it no further."""
    met, possible = _met(case, chaser.step)
    if met and possible and met > chaser.due:
        return enough(case, chaser.deadline, possible)
    days = step = case.policy.extensions.by_the_clock
    most = min(LONGEST, _left_to_the_clock(case, chaser.deadline))
    if most < step:
        return 0
    while days < most and _delay_day(case, chaser.step, due_if_extended(case, chaser.deadline, days)) <= today:
        days += step
    days = min(days, most)
    limited = case.policy.extensions.by_the_clock_times is not None
    return 0 if limited and due_if_extended(case, chaser.deadline, days) <= today else days


def unexplained(case: Case, deadlines: Sequence[Deadline], today: date) -> Deadline | None:
    """The promise to the applicant, the soonest of those there are, whose delay only a person can explain by now."""
    promises = (d for d in deadlines if d.running and d.public and d.owner is not Owner.APPLICANT)
    for promise in promises:
        letter = _letter(case, promise)
        if letter.on <= today and _needs_a_person(case, letter, today):
            return promise
    return None


def movable(case: Case, key: str) -> bool:
    """Whether a person may still move a date by the policy, which says which ones and how often."""
    named, rules = DeadlineKey.read(key), case.policy.extensions
    approved = sum(1 for move in case.extensions.get(key, ()) if move.approved_by)
    return named is not None and named.step in rules.steps and approved < rules.times


def _left_to_the_clock(case: Case, key: str) -> int:
    """The working days by which the service may still move a promise by itself."""
    rules = case.policy.extensions
    if rules.by_the_clock_times is None:
        return LONGEST
    moved = sum(move.working_days for move in case.extensions.get(key, ()) if not move.approved_by)
    return max(rules.by_the_clock_times * rules.by_the_clock - moved, 0) // rules.by_the_clock * rules.by_the_clock


def _needs_a_person(case: Case, letter: Chaser, today: date) -> bool:
    """Whether the service may not write a delay letter by itself on its day."""
    if case.policy.extensions.by_the_clock_times is None:
        return False
    day = max(letter.on, today)
    if letter.due > day and _left_to_the_clock(case, letter.deadline) >= case.policy.extensions.by_the_clock:
        return False
    return not more_time(case, letter, day)


def _met(case: Case, step: StepId) -> tuple[date | None, date | None]:
    """The day of the meeting that is arranged and before which a step cannot be done, and the first day by which it
    can."""
    if case.policy.edition < TOLD:
        return meeting(case, step), meeting(case, step)
    return not_before(case, step), answerable(case, step)


def _rungs(case: Case, deadline: Deadline, today: date) -> Iterator[Chaser]:
    if not deadline.running:
        return
    if deadline.opens:
        yield _chaser(deadline, Rung.REMINDER, deadline.opens, "officer")
    if deadline.step is StepId.PAPERS:
        yield _chaser(deadline, Rung.PROCEED, deadline.due, "panel")
    if deadline.public and deadline.owner is not Owner.APPLICANT:
        letter = _letter(case, deadline)
        if not _needs_a_person(case, letter, today):
            yield letter
    until_done = case.policy.chasing.overdue is not None
    for chase in case.policy.chasing.ladder:
        if deadline.step not in chase.steps or chase.rung is Rung.DELAY_LETTER:
            continue
        if chase.rung is Rung.PROCEED and deadline.step not in _ENQUIRIES:
            continue
        if chase.rung is Rung.REMINDER and deadline.opens:
            continue
        if chase.rung is Rung.ESCALATION and chase.direction is Direction.AFTER and until_done:
            continue
        if chase.rung in _PATIENT and today > deadline.due:
            continue
        on = count(case.calendar, deadline.due, chase.working_days, Unit.WORKING_DAYS, direction=chase.direction).due
        if deadline.anchored_on <= deadline.due:
            on = max(on, deadline.anchored_on)
        yield _chaser(deadline, chase.rung, on, _addressee(deadline, chase.rung, chase.to))


def _until_done(case: Case, deadline: Deadline, today: date, chased: Chased) -> Iterator[Chaser]:
    """What comes again until a duty is done: to whoever owes it, to whoever the ladder escalates it to, and to whoever
    must explain to the applicant why a promise is not kept."""
    days = case.policy.chasing.overdue
    if days is None or not deadline.running or deadline.owner is Owner.APPLICANT:
        return
    asked = list(_asked_to_explain(case, deadline, today, chased)) if deadline.public else []
    yield from asked
    told = {(Rung.ESCALATION, to): first for to, first in _escalations(case, deadline).items()}
    owes = "officer" if deadline.owner is Owner.CHAIR and case.panel is None else _addressee(deadline, Rung.REMINDER)
    if not any(chaser.to == owes for chaser in asked):
        told[Rung.REMINDER, owes] = days[0]
    for (rung, to), first in told.items():
        last = chased.get((rung, deadline.key, deadline.due, to))
        numbers = (first, *(number for number in days if number > first))
        if on := next_day(case.calendar, deadline.due, numbers, last):
            yield _chaser(deadline, rung, on, to)


def _asked_to_explain(case: Case, deadline: Deadline, today: date, chased: Chased) -> Iterator[Chaser]:
    """A promise that only a person may move now: the officer is asked on each working day from that of the delay
    letter on, the manager is told once, and the applicant on the last day that it is not kept."""
    letter = _letter(case, deadline)
    if not _needs_a_person(case, letter, today):
        return
    last_day = max(letter.on, _expected(case, deadline))
    for to, first in (("officer", letter.on), ("manager", letter.on), ("applicant", last_day)):
        last = chased.get((Rung.DELAY_LETTER, deadline.key, deadline.due, to))
        if last is None:
            yield _chaser(deadline, Rung.DELAY_LETTER, first, to)
        elif to == "officer" and (on := next_day(case.calendar, last, (1,), None)):
            yield _chaser(deadline, Rung.DELAY_LETTER, on, to)


def _escalations(case: Case, deadline: Deadline) -> dict[str, int]:
    """Who is told that a duty is overdue, each with the working days after which they first are."""
    management = case.policy.management
    first: dict[str, int] = {}
    for chase in case.policy.chasing.ladder:
        if chase.rung is not Rung.ESCALATION or deadline.step not in chase.steps:
            continue
        to = _addressee(deadline, chase.rung, chase.to)
        if to == "deputy" and not (management and management.deputy):
            continue
        days = chase.working_days if chase.direction is Direction.AFTER else 1
        first[to] = min(days, first.get(to, days))
    return first


def _last_chased(case: Case) -> Chased:
    """The day each was last told of a deadline as it then stood."""
    return {(chased.rung, chased.deadline, chased.due, chased.to): on for chased, on in case.chased}


def _letter(case: Case, deadline: Deadline) -> Chaser:
    return _chaser(deadline, Rung.DELAY_LETTER, _delay_letter(case, deadline), "applicant")


def _expected(case: Case, deadline: Deadline) -> date:
    """The day for which the applicant expects what was promised: the one they were told last."""
    return max(deadline.due, last_told(case, deadline.key, deadline.extended) or deadline.due)


def _delay_letter(case: Case, deadline: Deadline) -> date:
    """The day a delay letter goes out. A meeting that is arranged in time is no delay, one that is not is one now, also
    of the answer that follows it."""
    after, _ = _met(case, deadline.step)
    if after and after > deadline.due:
        return deadline.anchored_on
    met = meeting(case, deadline.step)
    expected = _expected(case, deadline)
    last, latest = _delay_day(case, deadline.step, expected), _before(case, expected, 1)
    on = min(max(last, deadline.anchored_on), latest)
    return max(on, count(case.calendar, met, _TO_RECORD, Unit.WORKING_DAYS).due) if met else on


def _delay_day(case: Case, step: StepId, due: date) -> date:
    """The day a delay letter goes out unless the duty is done: as the ladder has it, and before the due day always."""
    listed = (
        chase.working_days
        for chase in case.policy.chasing.ladder
        if chase.rung is Rung.DELAY_LETTER and step in chase.steps and chase.direction is Direction.BEFORE
    )
    return _before(case, due, max(1, next(listed, 1)))


def _before(case: Case, day: date, working_days: int) -> date:
    return count(case.calendar, day, working_days, Unit.WORKING_DAYS, direction=Direction.BEFORE).due


def _chaser(deadline: Deadline, rung: Rung, on: date, to: str) -> Chaser:
    return Chaser(
        rung=rung, deadline=deadline.key, step=deadline.step, title=deadline.title, due=deadline.due, on=on, to=to
    )


def _addressee(deadline: Deadline, rung: Rung, to: str | None = None) -> str:
    if rung is Rung.ESCALATION:
        return to or (f"senior:{deadline.agency}" if deadline.agency else "manager")
    if rung in (Rung.WARNING, Rung.PROCEED):
        return "officer"
    return deadline.agency or _ADDRESSEES.get(deadline.owner, "officer")


def _gapped(case: Case, chaser: Chaser) -> Chaser | None:
    """A reminder or warning moved on to keep the gap; None where it would then come after the due day."""
    if chaser.rung not in _PATIENT:
        return chaser
    alike = ((chased, on) for chased, on in case.chased if chased.to == chaser.to and chased.rung in _PATIENT)
    last = max((on for chased, on in alike if on <= chased.due), default=None)
    if last is None:
        return chaser
    free = count(case.calendar, last, case.policy.chasing.minimum_gap, Unit.WORKING_DAYS).due
    on = max(chaser.on, free)
    if on > chaser.due:
        return None
    return chaser.model_copy(update={"on": on})
