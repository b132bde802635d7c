"""The invariants of DESIGN.md, section 3, as far as the rules alone hold them, in a life that goes in any way.

Held here, by their numbers: 1 (the threshold), 2 (passed on to all, and a stated end), 3 (what a refusal says), 4 (no
promise lapses in silence), 5 (an agency's silence pauses no clock), 6 (nothing open is closed over), 7 (the eligibility
date), 8 (first promises and corrected dates), 9 (one event, one letter, as it is ordered), 10 (a policy that loads can
be lived to its end), 12 (a date that was told stands), 14 (a case is the same when it is taken up from its events), 15
(nobody turns away an appeal against their own decision).

Held elsewhere: 9 under kills and 14 where one half is lost (``tests/faults``, ``tests/workflows``), 10 and 12 of what
is published and printed (``tests/policies``, ``tests/letters``), 11 (``tests/connection``), 13
(``tests/test_documents.py``, ``tests/policies``).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from random import Random

from domain import events as e
from domain import rules
from domain.calendar import BeyondHorizon
from domain.case import Case, Stage
from domain.deadlines import plan
from domain.fold import fold
from domain.messages import LetterOrder
from domain.policy import Milestone
from domain.rehearsal import Rehearsal
from tests.domain.any_policy import policy
from tests.domain.lives import IDLE, Watched
from tests.domain.stages import plausible
from tests.domain.walks import finish

_DAYS = (0, 0, 0, 1, 3, 8, 20, 45)
_REACHED = (e.LetterState.ACCEPTED,) * 7
_LOST = (e.LetterState.UNCERTAIN, e.LetterState.REFUSED, e.LetterState.IN_TRAY)
_LONGEST = 14


@dataclass(frozen=True)
class Move:
    """Days to wait, then which act and which body of it, each taken modulo what there is."""

    days: int
    act: int
    body: int

    def __str__(self) -> str:
        return f"({self.days}, {self.act}, {self.body})"


@dataclass(frozen=True)
class Story:
    """A life by its numbers: of the policy, of what becomes of letters, and what is done."""

    policy: int
    post: int
    complaints: int
    moves: tuple[Move, ...]
    ends: bool = True

    @classmethod
    def of(cls, seed: int) -> Story:
        chance = Random(f"life {seed}")
        moves = tuple(
            Move(chance.choice(_DAYS), chance.randrange(10_000), chance.randrange(10_000))
            for _ in range(chance.randint(3, _LONGEST))
        )
        return cls(seed // 3, chance.randrange(10_000), chance.choice((1, 3, 3)), moves, seed % 4 == 0)


class Held(Watched):
    """A case of which every moment is held against the invariants; ``said`` tells how it went."""

    def __init__(self, story: Story) -> None:
        self.story, self.said = story, list[str]()
        self._luck = Random(f"post {story.post}")
        self._handed: Counter[str] = Counter()
        self._before: tuple[e.Event, ...] = ()
        super().__init__(policy(story.policy), complaints=story.complaints, post=self._becomes)

    def _becomes(self, order: LetterOrder) -> e.LetterState:
        self._handed[order.key] += 1
        return self._luck.choice(_REACHED if self._luck.random() < 0.8 else _LOST)

    def settle(self) -> None:
        super().settle()
        self._holds()

    def lived(self) -> Held:
        """The whole story, and then whatever is needed to end it."""
        for move in self.story.moves:
            if self.stage.over:
                break
            self.wait(move.days)
            self._do(move)
        assert plan(self.policy, self.case.calendars[0], self.case.events, self.now) == self.deadlines, "10: the plan"
        self._is_the_same_when_taken_up()
        if self.story.ends:
            self._ends()
        return self

    def _ends(self) -> None:
        try:
            finish(self)
        except BeyondHorizon:
            pass
        except AssertionError as error:
            if not str(error).startswith("stuck"):
                raise
            raise AssertionError(f"10: the case cannot be lived to its end: {error}") from error

    def _do(self, move: Move) -> None:
        possible = [
            act for act in rules.possible(self.case) if act not in ("withdraw", "end-case") or move.act % 23 == 0
        ]
        moving = [act for act in possible if act not in IDLE]
        acts = moving if moving and move.act % 4 else possible
        if not acts:
            return
        bodies = list(plausible(self, acts[move.act // 4 % len(acts)]))
        first = move.body % len(bodies) if bodies else 0
        for body in bodies[first:] + bodies[:first]:
            said = f"{self.today:%a %d %b %Y}: {body.act} {body!r:.150}"
            if self.act(body) is None:
                self.said.append(said)
                return

    def _holds(self) -> None:
        case, events = self.case, tuple(self.case.events)
        assert events[: len(self._before)] == self._before, "8: what was kept has changed"
        for number in range(len(self._before), len(events)):
            self._one(number, events[number])
        self._before = events
        assert case.made_on == events[0].what.made_at.date(), "7: the day of the application"
        assert all(number == 1 for number in self._handed.values()), "9: a letter was handed over twice"
        if case.stage is Stage.CLOSED:
            assert case.open_items == [], "6: closed with something still to be done"
            told = case.has(Milestone.OUTCOME_SENT) or (case.refusal and case.has(Milestone.THRESHOLD_TOLD))
            assert told, "2: closed and nothing was told"

    def _one(self, number: int, event: e.Event) -> None:
        match event.what:
            case e.ThresholdDecided(met=False) as refused:
                before = rules.assessment(self._as_of(number))
                assert not before.met, "1: refused though the threshold is met"
                assert event.by.role is not e.Role.CLOCK, "1: refused by the clock"
                said = (refused.persistence, refused.harm, refused.adequacy, refused.alternative_action)
                assert all(said), "3: a refusal that says nothing"
                assert refused.approved_by.casefold() != refused.decided_by.casefold(), "3: refused by one person"
                assert self._passed_on(number), "2: decided before it was passed on"
            case e.ThresholdDecided():
                assert self._passed_on(number), "2: decided before it was passed on"
            case e.PassedOn():
                told = {letter.posted.to for letter in self.case.letters.values()} | {
                    order.to.words for order in self.orders.values() if order.event == event.id
                }
                bodies = {agency.id for agency in self.policy.relevant_bodies}
                assert bodies <= told, f"2: not passed on to {bodies - told}"
            case e.HoldStarted():
                assert event.by.role is not e.Role.CLOCK, "5: the clock paused a case"
            case e.AppealRefused(decided_by=who):
                assert who.casefold() not in self._deciders(number), "15: the appeal is refused by who decided"

    def _passed_on(self, number: int) -> bool:
        return any(isinstance(event.what, e.PassedOn) for event in self.case.events[:number])

    def _deciders(self, number: int) -> set[str]:
        """Who decided on the threshold or sat on a panel before."""
        names: list[str] = []
        for event in self.case.events[:number]:
            match event.what:
                case e.ThresholdDecided(decided_by=decided, approved_by=approved):
                    names += [decided, approved]
                case e.PanelArranged(chair=chair, members=members):
                    names += [chair.name, *(member.name for member in members)]
        return {name.casefold() for name in names}

    def _as_of(self, number: int) -> Case:
        return fold(self.policy, self.case.calendars[0], self.case.events[:number])

    def _is_the_same_when_taken_up(self) -> None:
        again = Rehearsal.taken_up(self.policy, self.case.calendars[0], self.case.events, self.now, self.reference)
        assert (again.stage, again.deadlines) == (self.stage, self.deadlines), "14: another case when it is taken up"
        assert again.waiting == self.waiting, "14: it waits for something else when it is taken up"


def trouble(story: Story) -> str:
    """What a life breaks, with how it went; empty where everything holds."""
    life: Held | None = None
    try:
        life = Held.__new__(Held)
        life.__init__(story)  # type: ignore[misc]
        life.lived()
    except AssertionError as error:
        said = "\n  ".join(life.said if life else ())
        return f"{str(error) or 'an assertion without words'}\n  {said}"
    return ""


def smallest(story: Story) -> Story:
    """The story without whatever can be left out of it with something still broken."""
    moves, size = list(story.moves), max(1, len(story.moves) // 2)
    while size:
        at = 0
        while at < len(moves):
            fewer = moves[:at] + moves[at + size :]
            if trouble(_with(story, fewer)):
                moves = fewer
            else:
                at += size
        size //= 2
    for place, move in enumerate(moves):
        for days in (0, 1, 3):
            sooner = [*moves[:place], replace(move, days=days), *moves[place + 1 :]]
            if days < move.days and trouble(_with(story, sooner)):
                moves = sooner
                break
    return _with(story, moves)


def _with(story: Story, moves: list[Move]) -> Story:
    return replace(story, moves=tuple(moves))


def broken(seeds: range) -> str:
    """The smallest life among these that breaks something, how it went and how to see it again; empty for none."""
    for seed in seeds:
        if trouble(Story.of(seed)):
            least = smallest(Story.of(seed))
            return f"life {seed}: {trouble(least)}\n{least!r}"
    return ""
