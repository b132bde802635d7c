"""The chasing ladder: which reminder, warning, delay letter or escalation is due when. Pure, so it can be dry-run.

A rung of the ladder for one deadline is a chaser; it is gone once its deadline is met or moved. Reminders and warnings
keep the policy's minimum gap between two of the same addressee; a delay letter and an escalation wait for nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from domain import heartbeat
from domain.application import Carried
from domain.calendar import Direction, Unit, close_of, count, opening_of
from domain.case import Case
from domain.dates import short
from domain.deadlines import Deadline, State, due_if_extended
from domain.edition import TOLD
from domain.meetings import LONGEST, answerable, enough, meeting, not_before
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
        return f"{self.rung.value.replace('_', ' ')} to {self.to.replace('_', ' ')}: {self.title}"


def chasers(case: Case, deadlines: Sequence[Deadline], today: date) -> tuple[Chaser, ...]:
    """Every rung still to be climbed, soonest first, those in the past included: they are due now."""
    if case.stage.over:
        return ()
    possible = [_gapped(case, chaser) for deadline in deadlines for chaser in _rungs(case, deadline, today)]
    ladder = sorted(
        (chaser for chaser in possible if chaser), key=lambda chaser: (chaser.on, chaser.deadline, chaser.rung)
    )
    made = Counter((chased.rung, chased.deadline, chased.due) for chased, _ in case.chased)
    waiting = []
    for chaser in ladder:
        rung = (chaser.rung, chaser.deadline, chaser.due)
        if made[rung]:
            made[rung] -= 1
        else:
            waiting.append(chaser)
    return tuple(waiting)


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
    arranged for a later day, those up to that day."""
    met, possible = _met(case, chaser.step)
    if met and possible and met > chaser.due:
        return enough(case, chaser.deadline, possible)
    days = step = case.policy.extensions.by_the_clock
    while days < LONGEST and _delay_day(case, chaser.step, due_if_extended(case, chaser.deadline, days)) <= today:
        days += step
    return min(days, LONGEST)


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
        yield _chaser(deadline, Rung.DELAY_LETTER, _delay_letter(case, deadline), "applicant")
    for chase in case.policy.chasing.ladder:
        if deadline.step not in chase.steps or chase.rung is Rung.DELAY_LETTER:
            continue
        if chase.rung is Rung.PROCEED and deadline.step not in _ENQUIRIES:
            continue
        if chase.rung is Rung.REMINDER and deadline.opens:
            continue
        if chase.rung in _PATIENT and today > deadline.due:
            continue
        on = count(case.calendar, deadline.due, chase.working_days, Unit.WORKING_DAYS, direction=chase.direction).due
        if deadline.anchored_on <= deadline.due:
            on = max(on, deadline.anchored_on)
        yield _chaser(deadline, chase.rung, on, _addressee(deadline, chase.rung))


def _delay_letter(case: Case, deadline: Deadline) -> date:
    """The day a delay letter goes out. A meeting that is arranged in time is no delay, one that is not is one now, also
    of the answer that follows it."""
    after, _ = _met(case, deadline.step)
    if after and after > deadline.due:
        return deadline.anchored_on
    met = meeting(case, deadline.step)
    expected = max(deadline.due, last_told(case, deadline.key, deadline.extended) or deadline.due)
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


def _addressee(deadline: Deadline, rung: Rung) -> str:
    if rung is Rung.ESCALATION:
        return f"senior:{deadline.agency}" if deadline.agency else "manager"
    if rung in (Rung.WARNING, Rung.PROCEED):
        return "officer"
    return deadline.agency or _ADDRESSEES.get(deadline.owner, "officer")


def _gapped(case: Case, chaser: Chaser) -> Chaser | None:
    """A reminder or warning moved on to keep the gap; None where it would then come after the due day."""
    if chaser.rung not in _PATIENT:
        return chaser
    last = max((on for chased, on in case.chased if chased.to == chaser.to), default=None)
    if last is None:
        return chaser
    free = count(case.calendar, last, case.policy.chasing.minimum_gap, Unit.WORKING_DAYS).due
    on = max(chaser.on, free)
    if on > chaser.due:
        return None
    return chaser.model_copy(update={"on": on})
