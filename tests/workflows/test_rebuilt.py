"""A case begun again from its events is the case it was: wherever it was cut, as it then stood and as it goes on.

Without Temporal: the lives of the rehearsal, cut after any event, against the file that a lost workflow is begun with.
"""

from __future__ import annotations

import os
import random
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from domain import events as e
from domain import rules
from domain.calendar import LONDON
from domain.case import Case, local_date
from domain.deadlines import Deadline
from domain.messages import CarriedOver, LetterOrder, Start
from tests.domain.history import ENGLAND
from tests.domain.lives import told
from tests.domain.service import Service
from tests.domain.stages import plausible
from workflows.file import CaseFile

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
SEEDS = range(150 if THOROUGH else 3)
COUNCILS = ("dover", "kent-district", "folkestone-and-hythe", "medway", "south-derbyshire")
APRIL = datetime(2026, 4, 2, 9, 30, tzinfo=LONDON)  # Thu
_STATES = {0: e.LetterState.UNCERTAIN, 1: e.LetterState.IN_TRAY, 2: e.LetterState.WAITING}


@dataclass(frozen=True)
class Stood:
    """How a case stood once so many events had happened. ``unsent`` are letters nobody has handed over for good."""

    events: int
    now: datetime
    deadlines: tuple[Deadline, ...]
    stage: str
    waiting: object
    settled: dict[str, str]
    unsent: frozenset[str]


class Uninterrupted(Service):
    """A case that goes through its life in one piece, and says how it stood after every event."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.stood: list[Stood] = []
        council = self.random.choice(COUNCILS)
        super().__init__(council, complaints=self.random.choice((1, 3)), consent=self.random.random() < 0.8, made=APRIL)

    def replan(self) -> None:
        super().replan()
        self.stood.append(
            Stood(
                len(self.case.events), self.now, self.deadlines, str(self.stage), self.waiting, settled(self.case),
                frozenset(key for key in self.orders if open_(self.case, key)),
            )
        )  # fmt: skip

    def gathered(self) -> None:
        self.at_turn = self.deadlines

    def posted(self, order: LetterOrder, state: e.LetterState) -> e.LetterPosted:
        return became(order, self.at_turn)

    def live(self, moves: int) -> Uninterrupted:
        """People do whatever they may, with days between, and then nobody does anything for a season."""
        for _ in range(moves):
            if self.stage.over:
                break
            if self.random.random() < 0.4:
                self.wait(self.random.choice((1, 3, 8)))
                continue
            act = self.random.choice([one for one in rules.possible(self.case) if one not in ("withdraw", "end-case")])
            allowed = [body for body in plausible(self, act) if self.refusal(body) is None]
            if allowed:
                self.act(self.random.choice(allowed))
        if not self.stage.over:
            self.wait(100)
        return self


def became(order: LetterOrder, deadlines: tuple[Deadline, ...]) -> e.LetterPosted:
    """Most letters arrive; some did not certainly, some lie in the tray, some are to be tried again."""
    lot = sum(map(ord, order.key)) % 16
    return e.LetterPosted(
        key=order.key, letter=order.letter, to=order.to.words, event=order.event,
        state=_STATES.get(lot, e.LetterState.ACCEPTED), told=told(order, deadlines),
    )  # fmt: skip


def settled(case: Case) -> dict[str, str]:
    return {key: f"{letter.posted.state} {letter.arrived} {letter.received}" for key, letter in case.letters.items()}


def open_(case: Case, key: str) -> bool:
    letter = case.letters.get(key)
    return letter is None or letter.posted.state is e.LetterState.WAITING


def start_of(case: Service) -> Start:
    (application,) = [event.what.application for event in case.case.events if isinstance(event.what, e.ApplicationMade)]
    return Start(
        reference=case.reference,
        policy=case.policy,
        calendar=ENGLAND,
        application=application,
        made_at=APRIL,
        by=e.CLOCK,
    )


def begun_again(case: Service, events: int, now: datetime) -> CaseFile:
    """The case from its first events alone, as they travel: what a lost workflow is begun with, read by its new run."""
    start, kept = start_of(case), case.case.events[:events]
    progress = CaseFile.brought_back(start, kept, now).progress()
    travelled = CarriedOver.model_validate_json(progress.model_dump_json())
    return CaseFile(start.model_copy(update={"progress": travelled}), now)


@pytest.mark.parametrize("seed", SEEDS)
def test_wherever_a_life_is_cut_the_case_stands_as_it_stood(seed: int) -> None:
    lived = Uninterrupted(seed).live(14)
    for stood in lived.stood if THOROUGH else lived.random.sample(lived.stood, 25):
        file = begun_again(lived, stood.events, stood.now)
        assert file.deadlines == stood.deadlines, stood.events
        assert str(file.case.stage) == stood.stage
        assert file.waiting(stood.now) == stood.waiting
        assert settled(file.case) == stood.settled
        assert {order.key for order in file.progress().unsent} == stood.unsent


@pytest.mark.parametrize("seed", SEEDS)
def test_what_happens_after_a_cut_is_what_would_have_happened(seed: int) -> None:
    """The same people act at the same instants; the rest, every event and every letter, is the service's own."""
    lived = Uninterrupted(seed).live(14)
    for stood in lived.random.sample(lived.stood, 4):
        if any(order for order in stood.unsent if _waits(lived, order, stood.events)):
            continue
        file = begun_again(lived, stood.events, stood.now)
        now = goes_on(file, stood.now, lived.case.events[stood.events :], lived.now)
        assert list(map(content, file.case.events)) == list(map(content, lived.case.events)), (seed, stood.events)
        file.replan(now)
        assert file.deadlines == lived.deadlines


def _waits(lived: Service, key: str, events: int) -> bool:
    """A letter that a mail server puts off is handed over again at once by a new run, and not in the rehearsal."""
    return any(isinstance(event.what, e.LetterPosted) and event.what.key == key for event in lived.case.events[:events])


def goes_on(file: CaseFile, now: datetime, later: list[e.Event], until: datetime) -> datetime:
    """The workflow's own loop, without Temporal: turn by turn, moment by moment, with what people do when they did."""
    acts = [event for event in later if event.what.act and event.by != e.CLOCK]
    now = rests(file, now)
    for event in [*acts, None]:
        end = event.at if event else until
        while (moment := file.moment) and moment[0] < end:
            now = max(now, moment[0])
            file.replan(now)
            now = rests(file, now)
        if event:
            now = max(now, event.at)
            file.replan(now)
            file.happen(event.what, now, by=event.by)
            now = rests(file, now)
    return max(now, until)


def rests(file: CaseFile, now: datetime) -> datetime:
    """Everything is done, kept and sent, as far as it will go now."""
    while True:
        while step := file.step:
            now += timedelta(milliseconds=1)
            file.happen(step, now)
        at_turn = file.deadlines
        letters = file.turn(now).letters
        if not letters:
            return now
        for order in letters:
            now += timedelta(milliseconds=1)
            number = len(file.case.events) + 1
            what = became(order, at_turn)
            file.posted(e.Event(id=f"{number:03d}-{what.kind}", at=now, by=e.CLOCK, what=what), now)


def content(event: e.Event) -> tuple[object, ...]:
    return event.id, event.what, event.by, local_date(event.at)
