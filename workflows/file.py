"""A case's file: its events, what follows from them, and what is still to be kept and sent. State only, no waiting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Self, cast

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain import chasing, story, waiting
    from domain.case import local_date
    from domain.deadlines import Deadline, State, planned, promise
    from domain.events import CLOCK, Actor, ActRefused, ApplicationMade, Body, Event, LetterState, Role, What
    from domain.fold import apply, fold
    from domain.letters import letters_for
    from domain.messages import Accepted, CarriedOver, LetterOrder, Numbered, Start, Turn
    from domain.readdressed import readdressed
    from domain.ways import sent_again

NOT_SEALED = (
    "it was not sealed by this service for this case, so it did not come from here: somebody or something else reaches "
    "Temporal; tell whoever runs the service"
)


class CaseFile:
    """Everything one workflow knows. ``happen`` is the only way it changes."""

    def __init__(self, start: Start, now: datetime) -> None:
        self.reference = start.reference
        self.case = fold(start.policy, start.calendar, ())
        self.seen: dict[str, Accepted] = {}
        self.orders: dict[str, LetterOrder] = {}
        self._promised: dict[str, date] = {}
        self._unrecorded: list[Numbered] = []
        self._unplaced: list[Numbered] = []
        self._unsent: list[LetterOrder] = []
        self._shown: frozenset[str] = frozenset()
        self._plan: tuple[Deadline, ...] | None = None
        self._next: tuple[tuple[datetime, str] | None] | None = None
        self._step: tuple[Body | None] | None = None
        self._now = now
        self.busy = False
        if start.progress is None:
            made = ApplicationMade(application=start.application, made_at=start.made_at)
            self.happen(made, now, by=start.by)
        else:
            self._resume(start.progress, now)

    def happen(self, what: Body, now: datetime, by: Actor = CLOCK, id: str = "") -> Event:
        """Something happened: keep it, and order the letters it causes."""
        number, kind = len(self.case.events) + 1, type(what).model_fields["kind"].default
        event = Event(id=id or f"{number:03d}-{kind}", at=now, by=by, what=cast("What", what))
        self._take(event)
        self._unrecorded.append(Numbered(seq=len(self.case.events), event=event))
        self.replan(now)
        return event

    def refuse(self, name: str, sentence: str, now: datetime, by: Actor, id: str = "") -> None:
        """Something that was sent is not done: keep why. ``id`` is its sender's, which is never taken afterwards."""
        self.happen(ActRefused(refused=name, sentence=sentence, id=id), now, by=by)

    def turn_away(self, name: str, now: datetime, why: str = NOT_SEALED) -> None:
        """Something came that nobody here could have sent: kept once a day for each reason, however much comes."""
        today = local_date(now)
        for event in reversed(self.case.events):
            if local_date(event.at) < today:
                break
            if isinstance(event.what, ActRefused) and event.what.sentence == why:
                return
        self.refuse(name, why, now, Actor(role=Role.CLOCK, name="unreadable"))

    def knows(self, id: str) -> bool:
        """Whether an act of this id was taken or refused before."""
        return id in self.seen or (bool(id) and any(refused.id == id for refused in self.case.refused))

    def posted(self, event: Event, now: datetime) -> None:
        """What became of a letter; the register has it already, and learns its place with the next turn."""
        self._take(event)
        self._unplaced.append(Numbered(seq=len(self.case.events), event=event))
        self.replan(now)

    def replan(self, now: datetime) -> None:
        """Something happened, or a day went by: every date is worked out again when it is next asked for."""
        promise(self.case, self._promised)
        self._now, self._plan, self._next, self._step = now, None, None, None

    @property
    def deadlines(self) -> tuple[Deadline, ...]:
        """Every deadline, as of the last time anything happened or was asked."""
        if self._plan is None:
            self._plan = planned(self.case, local_date(self._now), self._promised)
        return self._plan

    def planned(self, now: datetime) -> tuple[Deadline, ...]:
        """Every deadline as it stands now, without taking note of the time."""
        if local_date(now) == local_date(self._now):
            return self.deadlines
        return planned(self.case, local_date(now), self._promised)

    @property
    def moment(self) -> tuple[datetime, str] | None:
        """When time next matters, and why."""
        if self._next is None:
            today = local_date(self._now)
            self._next = (chasing.next_moment(self.case, self.deadlines, self._now, today),)
        return self._next[0]

    @property
    def step(self) -> Body | None:
        """What the service does next by itself, as of the last time anything happened or was asked."""
        if self._step is None:
            self._step = (story.next_step(self.case, self.deadlines, self._now),)
        return self._step[0]

    def waiting(self, now: datetime) -> waiting.Waiting:
        return waiting.describe(self.case, self.deadlines, local_date(now))

    @property
    def dirty(self) -> bool:
        """Whether anything is still to be kept, sent or shown: a date that passed is shown though nothing happened."""
        return bool(self._unrecorded or self._unsent or self._lapsed != self._shown)

    @property
    def told_of_the_end(self) -> bool:
        """The case is over, and no letter that says so still waits for somebody to post or settle it."""
        return self.case.stage.over and self.case.lost is None

    @property
    def settled(self) -> bool:
        """Whether everything is done, kept, sent and shown, as far as it will go now."""
        return not (self.busy or self.dirty or self.step)

    @property
    def _lapsed(self) -> frozenset[str]:
        return frozenset(d.key for d in self.deadlines if d.state is State.OVERDUE)

    def turn(self, now: datetime) -> Turn:
        """Take what is to be kept and sent, all of it, as one turn."""
        events = sorted((*self._unplaced, *self._unrecorded), key=lambda numbered: numbered.seq)
        letters = tuple(self._handed_over(order) for order in self._unsent)
        turn = Turn(reference=self.reference, as_of=now, events=tuple(events), letters=letters)
        self._unplaced, self._unrecorded, self._unsent = [], [], []
        self._shown = self._lapsed
        return turn

    def _handed_over(self, order: LetterOrder) -> LetterOrder:
        """An order as its turn has it; one that was in a turn before, and was written then, as it was."""
        if order.key not in self.case.letters:
            order = order.in_turn(len(self.case.events))
            self.orders[order.key] = order
        return order

    def progress(self, *, packed: bool = False) -> CarriedOver:
        """All of it, for a run that continues as new."""
        return CarriedOver(
            events=tuple(self.case.events),
            unrecorded=tuple(numbered.seq for numbered in (*self._unplaced, *self._unrecorded)),
            unsent=(*self._unsent, *self._tried_in_vain()),
            seen=self.seen,
            packed=packed,
        )

    @classmethod
    def brought_back(cls, start: Start, events: Sequence[Event], now: datetime) -> Self:
        """The file of a case whose workflow is lost, from the events that the register has: all of them are kept, what
        became of its letters is known, and an act taken before is not taken again. ``start`` is the case's first."""
        file = cls(start.model_copy(update={"progress": CarriedOver(events=tuple(events))}), now)
        file._unsent = [order for key, order in file.orders.items() if key not in file.case.letters]
        stage, waiting = file.case.stage, file.waiting(now).words
        file.seen = {
            event.id: Accepted(event=event.id, kind=event.kind, stage=stage, waiting=waiting)
            for event in events
            if event.what.act
        }
        return file

    def _tried_in_vain(self) -> Iterator[LetterOrder]:
        """Letters the mail server asked to have later: whoever tried them again ends with the run."""
        for key, letter in self.case.letters.items():
            if letter.posted.state is LetterState.WAITING:
                order = self.orders[key]
                yield order.in_turn(letter.posted.upto or order.upto)

    def _resume(self, progress: CarriedOver, now: datetime) -> None:
        for event in progress.events:
            self._take(event)
            promise(self.case, self._promised)
        events = self.case.events
        self._unrecorded = [Numbered(seq=seq, event=events[seq - 1]) for seq in progress.unrecorded]
        self._unsent, self.seen = list(progress.unsent), dict(progress.seen)
        self.replan(now)

    def _take(self, event: Event) -> None:
        apply(self.case, event)
        for order in letters_for(self.reference, self.case, event):
            self.orders[order.key] = order
            self._unsent.append(order)
        again = sent_again(self.case, self.orders, event)
        for order in (*readdressed(self.case, self.orders, event), *([again] if again else [])):
            self.orders[order.key] = order
            self._unsent.append(order)
