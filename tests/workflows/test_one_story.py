"""The same people do the same things to the same case twice: once on Temporal, once rehearsed.

Whatever they do, both must have the same events with the same content and the same letters in the same order.
"""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from itertools import zip_longest
from pathlib import Path
from typing import Any, Self
from zlib import crc32

import pytest
from temporalio import activity
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ApplicationError
from temporalio.worker import Worker

from connection import server
from connection.client import connect
from connection.server import LocalServer
from connection.settings import Settings
from connection.time_travel import CannotTravel, fast_forward, now_of, travelling
from domain import events as e
from domain import rules
from domain.calendar import LONDON, Unit, count
from domain.case import local_date
from domain.deadlines import Deadline, plan
from domain.messages import Accepted, LetterOrder, Situation, Start, Turn, TurnDone, act_of
from office.bank_holidays import snapshot
from office.connected import asked
from tests.domain.lives import told
from tests.domain.service import Service, by
from tests.domain.stages import plausible
from tests.domain.walks import forward
from tests.support import clock
from tests.workflows.gate import sandbox
from workflows.attributes import registration
from workflows.case_review import CaseReview
from workflows.effects import CARRY_OUT

pytestmark = [pytest.mark.temporal, pytest.mark.long, pytest.mark.timeout(600)]

QUEUE = "one-story"
TEN = time(10)
AT_ONCE = 6
COUNCILS = ("dover", "kent-district", "folkestone-and-hythe", "medway", "south-derbyshire")


def state_of(order: LetterOrder) -> e.LetterState:
    """What becomes of a letter: most arrive, one in sixteen did not certainly, one in sixteen lies in the tray."""
    lots = {0: e.LetterState.UNCERTAIN, 1: e.LetterState.IN_TRAY}
    return lots.get(crc32(order.key.encode()) % 16, e.LetterState.ACCEPTED)


def became(order: LetterOrder, deadlines: tuple[Deadline, ...]) -> e.LetterPosted:
    return e.LetterPosted(
        key=order.key, letter=order.letter, to=order.to.words, event=order.event, state=state_of(order),
        told=told(order, deadlines),
    )  # fmt: skip


class Rehearsed(Service):
    """The case as the rules alone have it."""

    def __init__(self, council: str, complaints: int, consent: bool, made: datetime) -> None:
        self.handed: list[LetterOrder] = []
        self.tried: list[e.Body | date] = []
        super().__init__(council, complaints=complaints, consent=consent, calendar=snapshot(), made=made)

    def act(self, body: e.Body, actor: e.Actor | None = None) -> str | None:
        self.tried.append(body)
        return super().act(body, actor)

    def wait_until(self, day: date) -> Self:
        self.tried.append(day)
        return super().wait_until(day)

    def sensible(self) -> e.Body | date:
        """What whoever's turn it is would do next, or the day on which somebody can."""
        then, before = self.copy(), len(self.tried)
        assert isinstance(then, Rehearsed)
        forward(then)
        return next(one for one in then.tried[before:] if isinstance(one, e.Body) or one > self.today)

    def gathered(self) -> None:
        self._told = self.deadlines

    def posted(self, order: LetterOrder, state: e.LetterState) -> e.LetterPosted:
        self.handed.append(order)
        return became(order, self._told)


class Post:
    """Takes what the cases on Temporal hand over, each by its workflow's id, and says what became of each letter."""

    def __init__(self) -> None:
        self.starts: dict[str, Start] = {}
        self.events: defaultdict[str, dict[int, e.Event]] = defaultdict(dict)
        self.handed: defaultdict[str, list[LetterOrder]] = defaultdict(list)

    @activity.defn(name=CARRY_OUT)
    async def carry_out(self, turn: Turn) -> TurnDone:
        case = activity.info().workflow_id or ""
        start, events = self.starts[case], self.events[case]
        events.update({numbered.seq: numbered.event for numbered in turn.events})
        deadlines = plan(start.policy, start.calendar, [events[seq] for seq in sorted(events)], turn.as_of)
        self.handed[case] += turn.letters
        posted = []
        for number, order in enumerate(turn.letters, start=len(events) + 1):
            what = became(order, deadlines)
            posted.append(e.Event(id=f"{number:03d}-{what.kind}", at=turn.as_of, by=e.CLOCK, what=what))
        return TurnDone(posted=tuple(posted))


class Both:
    """One case lived twice, step by step; ``said`` tells how it went, to be read where the two differ."""

    def __init__(self, client: Client, post: Post, seed: int) -> None:
        self.client, self.post, self.random, self.said = client, post, random.Random(seed), [f"seed {seed}"]
        self.handle: WorkflowHandle[Any, Any] = client.get_workflow_handle_for(CaseReview.run, f"walk-{seed}")
        self.acts = 0
        self.first: tuple[e.Body, str] | None = None

    async def begin(self, made: datetime, *, demo: bool = True) -> None:
        """A case applied for at ``made``, now or, where its clock can be moved, later."""
        calendar, chance = snapshot(), self.random
        council, complaints, consent = chance.choice(COUNCILS), chance.choice((1, 3)), chance.random() < 0.8
        made = made.astimezone(UTC)  # in the hour that comes twice, two zones' instants never compare as equal
        self.said.append(f"{council}, {complaints} complaints, consent {consent}, {made}")
        case = self.rehearsed = Rehearsed(council, complaints, consent, made)
        start = Start(
            reference=case.reference, policy=case.policy, calendar=calendar, made_at=made, by=e.CLOCK, demo=demo,
            application=next(event.what.application for event in case.case.events if event.kind == "application.made"),
        )  # fmt: skip
        self.post.starts[self.handle.id] = start
        if demo:
            later = made - clock.now().astimezone(LONDON)
            able = travelling(self.client)
            await able.start_workflow(CaseReview.run, start, id=self.handle.id, task_queue=QUEUE, start_delay=later)
            await fast_forward(self.client, self.handle, later + timedelta(seconds=1))
        else:
            await self.client.start_workflow(CaseReview.run, start, id=self.handle.id, task_queue=QUEUE)
        await self._same()

    async def walk(self, acts: int) -> None:
        """What is sensible, or whatever people may think of, until so many acts were done or the case is over."""
        await self.begin(self._a_morning())
        while self.acts < acts and not self.rehearsed.stage.over:
            chosen = self.random.choice((self._days, self.rehearsed.sensible, self._whatever))()
            if isinstance(chosen, date):
                await self._wait(datetime.combine(chosen, TEN, LONDON))
            else:
                await self._act(chosen)
            await self._same()

    async def stay(self, acts: int) -> None:
        """The same in real time, all in a few seconds."""
        await self.begin(clock.now().astimezone(LONDON), demo=False)
        while self.acts < acts and not self.rehearsed.stage.over:
            self.rehearsed.live_until(clock.now().astimezone(LONDON))
            sensible = self.rehearsed.sensible() if self.random.random() < 0.5 else None
            await self._act(sensible if isinstance(sensible, e.Body) else self._whatever())
            await self._same()

    async def again(self) -> None:
        """The first act that was taken, sent once more under its id, changes nothing."""
        assert self.first
        assert await self._refusal(*self.first) is None
        await self._same()

    async def runs(self) -> int:
        return len([run async for run in self.client.list_workflows(f'WorkflowId = "{self.handle.id}"')])

    def _a_morning(self) -> datetime:
        """Ten o'clock on a working day to come, whatever the time is now."""
        day = count(snapshot(), clock.today(), self.random.randint(1, 5), Unit.WORKING_DAYS).due
        return datetime.combine(day, TEN, LONDON)

    def _days(self) -> date:
        return self.rehearsed.today + timedelta(days=self.random.choice((1, 2, 5, 9)))

    def _whatever(self) -> e.Body:
        case, chance = self.rehearsed, self.random
        act = chance.choice(
            [act for act in rules.possible(case.case) if act not in ("withdraw", "end-case") or chance.random() < 0.1]
        )
        bodies = list(plausible(case, act))
        allowed = [body for body in bodies if case.refusal(body) is None]
        return chance.choice(allowed if allowed and chance.random() < 0.9 else bodies)

    async def _wait(self, until: datetime) -> None:
        self.said.append(f"until {until:%a %d %b %Y}")
        self.rehearsed.live_until(until)
        try:
            await fast_forward(self.client, self.handle, until - await now_of(self.client, self.handle))
        except CannotTravel:
            assert self.rehearsed.stage.over, self.said

    async def _act(self, body: e.Body) -> None:
        case = self.rehearsed
        id = f"{len(case.case.events) + 1:03d}-{type(body).model_fields['kind'].default}"
        self.said.append(f"{body.act}: {body!r:.200}")
        refused = case.act(body)
        assert await self._refusal(body, id) == refused, self.said
        if refused is None:
            self.acts, self.first = self.acts + 1, self.first or (body, id)

    async def _refusal(self, body: e.Body, id: str) -> str | None:
        """Do it on Temporal; the sentence with which it was refused, if it was."""
        try:
            await self.handle.execute_update(body.act or "", act_of(by(body), body, id), id=id, result_type=Accepted)
        except WorkflowUpdateFailedError as error:
            return str(error.cause.message if isinstance(error.cause, ApplicationError) else error.cause)
        return None

    async def _situation(self) -> Situation:
        if (await self.handle.describe()).status is WorkflowExecutionStatus.COMPLETED:
            ended: Situation = await self.handle.result()
            return ended
        async with asyncio.timeout(60):
            while not (now := await asked(self.handle)).settled:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        return now

    async def _same(self) -> None:
        """What both have come to is the same: every event and letter, every date, and what is waited for."""
        lived, case = await self._situation(), self.rehearsed
        one, other = list(map(content, lived.events)), list(map(content, case.case.events))
        for number, (real, foreseen) in enumerate(zip_longest(one, other), start=1):
            assert real == foreseen, f"event {number}: {real} instead of {foreseen}, after {self.said}"
        assert self.post.handed[self.handle.id] == case.handed, self.said
        assert [(d.key, d.due, d.promised) for d in lived.deadlines] == [
            (d.key, d.due, d.promised) for d in case.deadlines
        ], self.said
        assert (lived.stage, lived.must_act) == (case.stage, case.waiting.must_act), self.said


def content(event: e.Event) -> tuple[object, ...]:
    """All of an event but its instant, of which the day is told."""
    return event.id, event.what, event.by, local_date(event.at)


@asynccontextmanager
async def town_hall(home: Path) -> AsyncIterator[tuple[Client, Post]]:
    """Temporal's own server and a worker for it, with nothing behind it but ``Post``."""
    async with LocalServer.of(Settings(home=home, temporal_port=0, ui_port=0), registration(), headless=True) as own:
        connected = await connect(Settings(home=home), address=own.address)
        client = Client(**connected.config() | {"data_converter": pydantic_data_converter})
        post = Post()
        async with Worker(
            client, task_queue=QUEUE, workflows=[CaseReview], activities=[post.carry_out], workflow_runner=sandbox()
        ):
            yield client, post


async def test_a_case_whose_history_is_long_goes_on_in_a_new_run_as_if_nothing_had_been(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = (*server.DYNAMIC_CONFIG, "limit.historyCount.suggestContinueAsNew=60")
    monkeypatch.setattr(server, "DYNAMIC_CONFIG", soon)
    async with town_hall(tmp_path) as (client, post):
        walks = [Both(client, post, seed) for seed in range(3)]
        await asyncio.gather(*(walk.stay(16) for walk in walks))
        for walk in walks:
            if not walk.rehearsed.stage.over:
                assert await walk.runs() > 1
                await walk.again()
        assert sum(walk.acts for walk in walks) > 30


@pytest.mark.parametrize(
    ("first", "cases", "acts"),
    [(0, 8, 20), pytest.param(1000, 120, 40, marks=[pytest.mark.thorough, pytest.mark.timeout(1800)])],
)
async def test_whatever_people_do_a_case_lives_on_temporal_as_it_was_rehearsed(
    tmp_path: Path, first: int, cases: int, acts: int
) -> None:
    async with town_hall(tmp_path) as (client, post):
        walks = [Both(client, post, seed) for seed in range(first, first + cases)]
        for some in range(0, cases, AT_ONCE):
            await asyncio.gather(*(walk.walk(acts) for walk in walks[some : some + AT_ONCE]))
    assert sum(walk.acts for walk in walks) > cases * acts // 2
