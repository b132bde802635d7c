"""The chasing ladder: which reminder, warning, delay letter or escalation is due when. Pure, so it can be dry-run.

A rung is a call; it is gone once its deadline is met or moved. Reminders and warnings keep the policy's minimum gap
between two of the same addressee; a delay letter and an escalation wait for nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from domain.application import Carried
from domain.calendar import Direction, Unit, close_of, count, opening_of
from domain.case import Case
from domain.deadlines import Deadline, State
from domain.policy import Chase, Owner, Rung, StepId

_ADDRESSEES = {
    Owner.OFFICER: "officer",
    Owner.CHAIR: "chair",
    Owner.APPLICANT: "applicant",
    Owner.APPEAL_BODY: "appeal_body",
}
_PATIENT = (Rung.REMINDER, Rung.WARNING)


class Call(Carried):
    """One rung for one deadline: ``on`` is the day it goes out, ``to`` an agency's id, ``senior:ID``, or a party."""

    rung: Rung
    deadline: str
    step: StepId
    title: str
    due: date
    on: date
    to: str

    @property
    def at(self) -> datetime:
        """The instant it goes out: the office's opening hour on its day."""
        return opening_of(self.on)

    @property
    def words(self) -> str:
        return f"{self.rung.value.replace('_', ' ')} to {self.to.replace('_', ' ')}: {self.title}"


def calls(case: Case, deadlines: Sequence[Deadline], today: date) -> tuple[Call, ...]:
    """Every rung still to be climbed, soonest first, those in the past included: they are due now."""
    if case.stage.over:
        return ()
    found = (_gapped(case, call) for deadline in deadlines for call in _rungs(case, deadline, today))
    made = {(chased.rung, chased.deadline, chased.due) for chased, _ in case.chased}
    waiting = (call for call in found if call and (call.rung, call.deadline, call.due) not in made)
    return tuple(sorted(waiting, key=lambda call: (call.on, call.deadline, call.rung)))


def next_moment(case: Case, deadlines: Sequence[Deadline], now: datetime, today: date) -> tuple[datetime, str] | None:
    """When time next matters to this case, and why: the next call, or the close of the next day something is due."""
    moments = [(call.at, call.words) for call in calls(case, deadlines, today)]
    moments += [
        (close_of(d.due), f"{d.title} due {d.due:%a} {d.due.day} {d.due:%b %Y}")
        for d in deadlines
        if d.state is State.OPEN and not case.stage.over
    ]
    return min((moment for moment in moments if moment[0] > now), default=None)


def more_time(case: Case, call: Call, today: date) -> int:
    """The working days a delay letter adds by itself: the policy's own number past whichever is later, the due day or
    today, so that the new date lies ahead even after an outage."""
    days = case.policy.extensions.by_the_clock
    while today > call.due and count(case.calendar, call.due, days, Unit.WORKING_DAYS).due <= today:
        days += case.policy.extensions.by_the_clock
    return days


def _rungs(case: Case, deadline: Deadline, today: date) -> Iterator[Call]:
    if deadline.opens and deadline.running:
        yield _call(deadline, Rung.REMINDER, deadline.opens, "officer")
    if not deadline.running:
        return
    if deadline.step is StepId.PAPERS:
        yield _call(deadline, Rung.PROCEED, deadline.due, "panel")
    ladder = [chase for chase in case.policy.chasing.ladder if deadline.step in chase.steps]
    if deadline.public and all(chase.rung is not Rung.DELAY_LETTER for chase in ladder):
        step = Chase(rung=Rung.DELAY_LETTER, steps=(deadline.step,), working_days=1, direction=Direction.BEFORE)
        ladder.append(step)
    for chase in ladder:
        if chase.rung is Rung.DELAY_LETTER and not deadline.public:
            continue
        if chase.rung is Rung.REMINDER and deadline.opens:
            continue
        on = count(case.calendar, deadline.due, chase.working_days, Unit.WORKING_DAYS, direction=chase.direction).due
        late = chase.rung in _PATIENT and today > deadline.due
        if not late:
            yield _call(deadline, chase.rung, max(on, min(deadline.anchored_on, deadline.due)), _addressee(deadline, chase.rung))


def _call(deadline: Deadline, rung: Rung, on: date, to: str) -> Call:
    return Call(
        rung=rung, deadline=deadline.key, step=deadline.step, title=deadline.title, due=deadline.due, on=on, to=to
    )


def _addressee(deadline: Deadline, rung: Rung) -> str:
    if rung is Rung.DELAY_LETTER:
        return "applicant"
    if rung is Rung.ESCALATION:
        return f"senior:{deadline.agency}" if deadline.agency else "manager"
    if rung in (Rung.WARNING, Rung.PROCEED):
        return "officer"
    return deadline.agency or _ADDRESSEES.get(deadline.owner, "officer")


def _gapped(case: Case, call: Call) -> Call | None:
    """A reminder or warning moved on to keep the gap; None where it would then come after the due day."""
    if call.rung not in _PATIENT:
        return call
    last = max((on for chased, on in case.chased if chased.to == call.to), default=None)
    if last is None:
        return call
    free = count(case.calendar, last, case.policy.chasing.minimum_gap, Unit.WORKING_DAYS).due
    on = max(call.on, free)
    if on > call.due:
        return None
    return call.model_copy(update={"on": on})
