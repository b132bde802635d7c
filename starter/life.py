"""Living a scenario on an office that is open: the application, then each step on its day."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from temporalio.client import Client as TemporalClient
from temporalio.client import Interceptor, OutboundInterceptor, StartWorkflowInput, WorkflowHandle

from connection import updates
from connection.updates import Answer, Done, Missing, NotAllowed, Over, Unanswered
from domain.calendar import LONDON, words
from domain.case import Case
from domain.events import Actor, Body, LetterSettled, Role
from domain.fold import fold
from domain.messages import Situation
from domain.policy import Policy
from office import taking_in
from office.connected import NoAnswer, Office
from starter.advance import move_to, opening, settled
from starter.scenario import Scenario, Step
from starter.step import NotAsExpected as NotAsExpected
from starter.step import check, due_day, of_agencies
from starter.timing import After

Say = Callable[[str], None]
APPLICANT = Actor(role=Role.APPLICANT, name="the applicant")
_A_MOMENT = 0.006  # seconds in which a request reaches the server
_KNOCK = LetterSettled(key="none", arrived=False, how="there is no such letter")


@dataclass(frozen=True)
class Lived:
    """Where a scenario ended: ``situation`` is the case's last, ``seconds`` how long living it took."""

    reference: str
    policy: Policy
    situation: Situation
    history_events: int
    seconds: float


async def live(
    scenario: Scenario,
    office: Office,
    *,
    say: Say = lambda _: None,
    now: dt.datetime | None = None,
    stop: bool = False,
) -> Lived:
    """Live a scenario as a demo case of its own; ``stop`` leaves it at the step marked ``demo_stops_here``.

    A worker must run. ``now`` is the real time the case's clock begins at or after. Raises ScenarioRefused,
    NotAsExpected, CannotTravel or NoAnswer.
    """
    return await _Life(scenario, office, say, now or dt.datetime.now(dt.UTC)).live(stop)


class _Life:
    def __init__(self, scenario: Scenario, office: Office, say: Say, now: dt.datetime) -> None:
        self._scenario = scenario
        self._office = office
        self._say = say
        self._policy = scenario.load_policy()
        self._received = scenario.received_at(now)
        self._calendar = scenario.calendar(self._day(self._received))
        self._form = scenario.form(self._received, self._calendar)
        self._delay = self._received - now

    async def live(self, stop: bool) -> Lived:
        began = time.perf_counter()
        reference = await self._begin()
        handle = self._office.handle(reference)
        today = self._day(self._received)
        for number, step in enumerate(self._scenario.steps, start=1):
            where = f"steps.{number}"
            today = await self._step(handle, step, where, today)
            if stop and step.demo_stops_here:
                break
        await settled(self._office, handle)
        situation = await self._office.situation(reference)
        if not stop and self._scenario.expect:
            check(self._scenario.expect, situation.stage, situation.waiting, situation.events, "the end")
        events = (await handle.describe()).history_length
        return Lived(reference, self._policy, situation, events, time.perf_counter() - began)

    async def _begin(self) -> str:
        """Take the application in. A case's clock cannot begin in the future, so its first task waits for that day."""
        office = Office(self._office.settings, _delayed(self._office.client, self._delay), self._office.database)
        start = await taking_in.kept(
            office, self._form, self._policy, by=APPLICANT, calendar=self._calendar, demo=True, now=self._received
        )
        await office.begin(start)
        reference = start.reference
        self._say(f"{words(self._day(self._received))}: application {reference} received")
        await move_to(self._office, self._office.handle(reference), self._received)
        return reference

    async def _step(self, handle: WorkflowHandle[object, object], step: Step, where: str, today: dt.date) -> dt.date:
        day = today
        if step.after:
            day = step.after.day(today, self._calendar, await self._due(handle, step.after, where))
            if day < today:
                raise NotAsExpected(f"{where}.after: {words(day)} is before the case's day, {words(today)}.")
        goes_on = await (move_to(self._office, handle, opening(day)) if day > today else settled(self._office, handle))
        ends_here = step is self._scenario.steps[-1] and not (step.deeds or step.then)
        if not goes_on and (not ends_here or await self._ended_by(handle, today)):
            raise NotAsExpected(f"{where}: the case is over, yet steps remain; take them out of the scenario.")
        await self._together(handle.id, step, where, day)
        if step.expect:
            await settled(self._office, handle)
            now = await self._office.situation(handle.id)
            check(step.expect, now.stage, now.waiting, now.events, where)
        return day

    async def _due(self, handle: WorkflowHandle[object, object], after: After, where: str) -> dt.date | None:
        """The day of the deadline that a step is counted from, if it is."""
        if not after.at_deadline:
            return None
        await settled(self._office, handle)
        return due_day((await self._office.situation(handle.id)).deadlines, after.at_deadline, where)

    async def _ended_by(self, handle: WorkflowHandle[object, object], day: dt.date) -> bool:
        """Whether a case that is over was so on this day."""
        return self._day((await self._office.situation(handle.id)).now) <= day

    async def _together(self, reference: str, step: Step, where: str, today: dt.date) -> None:
        """All of a step's acts at once, so that they share the workflow's tasks."""
        officer = self._scenario.officer
        acts = [(deed.what(today, self._calendar), deed.actor(officer), deed.expect_refusal) for deed in step.deeds]
        if step.agencies_answer or step.recommendations_answered or step.actions_done:
            case = self._case(await self._office.situation(reference))
            acts += [(what, by, None) for what, by in of_agencies(case, step, today)]
        last = [(deed.what(today, self._calendar), deed.actor(officer), deed.expect_refusal) for deed in step.then]
        for what, by, _ in (*acts, *last):
            self._say(f"{words(today)}: {what.act} by {by.name or by.role.value.replace('_', ' ')}")
        many = len(acts) + len(last) > 1
        with self._office.held() if many else contextlib.nullcontext():
            knock = asyncio.ensure_future(self._knock(reference) if many else _nothing())
            await self._arrived(many)
            first = [asyncio.ensure_future(self._act(reference, where, *act)) for act in acts]
            await self._arrived(many)
            then = [asyncio.ensure_future(self._in_its_turn(first, reference, where, *act)) for act in last]
            await self._arrived(bool(last))
        await asyncio.gather(knock, *first, *then)

    async def _arrived(self, many: bool) -> None:
        """What was sent before has reached the server, as far as a later question's answer can tell."""
        if many:
            await asyncio.sleep(_A_MOMENT)
            await self._office.client.service_client.check_health()

    async def _knock(self, reference: str) -> None:
        """An act that is always refused, and so leaves no trace: while the worker answers it, the others gather."""
        await self._send(reference, _KNOCK, Actor(role=Role.OPERATIONS, name="scenario"))

    async def _in_its_turn(
        self,
        first: Sequence[asyncio.Future[None]],
        reference: str,
        where: str,
        what: Body,
        by: Actor,
        refusal: str | None,
    ) -> None:
        """Sent with the rest, and once more after the rest where it came too soon."""
        try:
            await self._act(reference, where, what, by, refusal)
        except NotAsExpected:
            await asyncio.gather(*first)
            await self._act(reference, where, what, by, refusal)

    async def _act(self, reference: str, where: str, what: Body, by: Actor, refusal: str | None) -> None:
        match await self._send(reference, what, by):
            case Done():
                if refusal is not None:
                    raise NotAsExpected(f"{where}: {what.act} should be refused with “{refusal}” and was accepted.")
            case NotAllowed(sentence):
                if refusal is None:
                    raise NotAsExpected(f"{where}: {what.act} was refused: {sentence}")
                if refusal not in sentence:
                    raise NotAsExpected(f"{where}: {what.act} should be refused with “{refusal}”, not: {sentence}")
            case Over(sentence) | Missing(sentence):
                raise NotAsExpected(f"{where}: {what.act} came too late: {sentence}")
            case Unanswered(why):
                raise NoAnswer(f"{reference} did not take {what.act}: {why}. See whether a worker runs.")

    async def _send(self, reference: str, what: Body, by: Actor) -> Answer:
        """Sent at once, and kept nowhere first as what people do is: only what arrives together shares a task."""
        return await updates.send(self._office.client, reference, what, by, id=uuid.uuid4().hex)

    def _case(self, situation: Situation) -> Case:
        return fold(self._policy, self._calendar, situation.events)

    def _day(self, instant: dt.datetime) -> dt.date:
        return instant.astimezone(LONDON).date()


async def _nothing() -> None:
    return


def _delayed(client: TemporalClient, delay: dt.timedelta) -> TemporalClient:
    if delay <= dt.timedelta():
        return client
    config = client.config()
    config["interceptors"] = [*config["interceptors"], _Later(delay)]
    return TemporalClient(**config)


class _Later(Interceptor):
    """Starts workflows whose first task waits ``delay``: skipped with the rest of their time."""

    def __init__(self, delay: dt.timedelta) -> None:
        super().__init__()
        self._delay = delay

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:
        return _LaterOutbound(next, self._delay)


class _LaterOutbound(OutboundInterceptor):
    def __init__(self, next: OutboundInterceptor, delay: dt.timedelta) -> None:
        super().__init__(next)
        self._delay = delay

    async def start_workflow(self, input: StartWorkflowInput) -> WorkflowHandle[object, object]:
        input.start_delay = self._delay
        return await super().start_workflow(input)
