"""People who do not give up: each says the same thing, under the same id, until they are answered."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

import httpx2
from sqlalchemy.exc import SQLAlchemyError
from temporalio.service import RPCError

import policies
from connection.time_travel import CannotTravel, fast_forward
from domain import events as e
from domain.application import ApplicationForm
from domain.calendar import LONDON
from domain.case import Case
from domain.events import Actor, Body, LetterState, Role
from domain.fold import fold
from domain.messages import Accepted, Situation
from office import acting, taking_in
from office.acting import Done, Left, NotAllowed, Over, Word
from office.bank_holidays import snapshot
from office.connected import NoAnswer, NoSuchCase
from register import queries
from register.database import RegisterError
from starter.inbox import Inbox
from tests.faults.service import Service
from tests.faults.words import Planted
from tests.workflows.life import OFFICER, Desk, Life, form

Result = TypeVar("Result")
BROKEN = (
    SQLAlchemyError, RegisterError, RPCError, RuntimeError, OSError, TimeoutError, NoAnswer, NoSuchCase, CannotTravel,
    httpx2.HTTPError,
)  # fmt: skip
"""What somebody meets while a part is down."""
_SIGNALS = ("withdraw", "add-incident", "record-panel-decision")
_A_TRY, _AGAIN, _PATIENCE = timedelta(seconds=20), 0.2, 240.0
_LATER = timedelta(minutes=5)
"""For a letter to be tried again; one that goes after half past four counts from the next day, as it should."""


class GaveUp(AssertionError):
    """Nobody answered for four minutes, or not as the rules say."""


@dataclass
class Journal:
    """What was answered: the acts taken and refused by their ids, and how often anything came to rest."""

    words: Planted
    accepted: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    rested: int = 0


@dataclass
class Stubborn(Life):
    """A case among parts that fall: whatever is not answered is said again."""

    service: Service = None  # type: ignore[assignment]
    journal: Journal = None  # type: ignore[assignment]
    chance: random.Random = field(default_factory=random.Random)
    travels: bool = True

    @classmethod
    async def apply(cls, service: Service, journal: Journal, policy: str, incidents: int, seed: str) -> Stubborn:
        """A demonstration case, whose clock its people move."""
        office, key = service.office, f"key-{uuid.uuid4().hex}"
        made = ApplicationForm.model_validate(written(journal.words, incidents))

        async def apply() -> str | None:
            taken = await taking_in.taken_in(office, made, policies.load(policy), by=OFFICER, key=key, demo=True)
            return taken.reference if taken.begun else None

        reference = await persisted(service, apply, "an application")
        return cls._of(service, journal, reference, seed, travels=True)

    @classmethod
    async def send_in(cls, service: Service, journal: Journal, key: str, seed: str) -> Stubborn:
        """A case in real time, by the console's way in for other systems."""
        headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": uuid.uuid4().hex}
        body = ApplicationForm.model_validate(written(journal.words, 3)).model_dump(mode="json", exclude_defaults=True)

        async def send() -> str | None:
            async with httpx2.AsyncClient(timeout=10) as client:
                answer = await client.post(f"{service.console}/api/applications", headers=headers, json=body)
            if answer.status_code in (200, 201, 202):
                return str(answer.json()["reference"])
            if answer.status_code < 500 and answer.status_code != 429:
                raise GaveUp(f"an application was answered {answer.status_code}: {answer.text}")
            return None

        reference = await persisted(service, send, "an application by the API")
        return cls._of(service, journal, reference, seed, travels=False)

    @classmethod
    def _of(cls, service: Service, journal: Journal, reference: str, seed: str, *, travels: bool) -> Stubborn:
        desk = Desk(service.office, Inbox(service.home / "nobody", 0, 0))
        return cls(desk, reference, snapshot(), service, journal, random.Random(seed), travels)

    async def situation(self) -> Situation:
        return await self._until_answered(lambda: self.desk.office.situation(self.reference), "its situation")

    async def today(self) -> date:
        now = await self._until_answered(lambda: self.desk.office.today(self.reference), "its day")
        return now.astimezone(LONDON).date()

    async def settled(self) -> Situation:
        """Everything is kept and every letter has gone; what somebody has to settle is settled."""
        now: Situation | None = None
        try:
            async with asyncio.timeout(_PATIENCE):
                while True:
                    now = await self.situation()
                    if now.settled and await self._letters_are_settled(now):
                        self.journal.rested += 1
                        return now
                    await asyncio.sleep(0.05)
        except TimeoutError:
            posted = [letter.posted for letter in self._case(now).letters.values()] if now else []
            states = [f"{one.key}: {one.state}" for one in posted if one.state is not LetterState.ACCEPTED]
            raise GaveUp(f"{self.reference} does not come to rest: {now and now.waiting}, {states}") from None

    async def on(self, day: date) -> date:
        """Ten o'clock on a day to come, or the case's end before it."""
        then = datetime.combine(day, time(10), LONDON)
        await self._move_to(lambda now: then)
        await self.settled()
        return day

    async def to_the_end(self, working_days: int) -> None:
        await self.after(working_days)

    async def act(self, what: Body, by: Actor | None = None, id: str | None = None) -> Accepted:
        """Do it, by the case's Update or, of what may be left as word, sometimes by its Signal."""
        said, actor, id = self.journal.words.into(what), by or Actor(role=what.who), id or uuid.uuid4().hex
        way = self._leave_word if what.act in _SIGNALS and self.chance.random() < 0.5 else self._do
        await way(said, actor, id)
        now = await self.settled()
        self.journal.accepted[id] = self.reference
        return Accepted(event=id, kind=type(what).model_fields["kind"].default, stage=now.stage, waiting=now.waiting)

    async def refusal(self, what: Body, by: Actor | None = None) -> str:
        id = uuid.uuid4().hex

        async def ask() -> str | None:
            outcome = await acting.act(self.desk.office, self.reference, what, by or Actor(role=what.who), id=id)
            if isinstance(outcome, NotAllowed):
                return outcome.sentence
            if isinstance(outcome, Done):
                raise GaveUp(f"{self.reference}: {what.act} was accepted")
            return None

        sentence = await persisted(self.service, ask, f"{self.reference}: {what.act}")
        self.journal.refused[id] = self.reference
        return sentence

    async def everybody_answers(self, purpose: e.Purpose, but: tuple[str, ...] = ()) -> None:
        case = self._case(await self.settled())
        for key, enquiry in list(case.enquiries.items()):
            if enquiry.purpose is purpose and not enquiry.settled and enquiry.agency not in but:
                agency = Actor(role=Role.AGENCY, name=enquiry.agency)
                await self.act(e.EnquiryAnswered(enquiry=key, account="We visited twice and wrote once."), agency)

    async def _do(self, what: Body, by: Actor, id: str) -> None:
        async def send() -> bool | None:
            outcome = await acting.act(self.desk.office, self.reference, what, by, id=id)
            match outcome:
                case Done():
                    return True
                case NotAllowed(sentence):
                    raise GaveUp(f"{self.reference}: {what.act} was refused: {sentence}")
                case Over(sentence):
                    if id in {event.id for event in (await self.situation()).events}:
                        return True
                    raise GaveUp(f"{self.reference}: {what.act}: {sentence}")
                case Left():
                    return None

        await persisted(self.service, send, f"{self.reference}: {what.act}")

    async def _leave_word(self, what: Body, by: Actor, id: str) -> None:
        async def send() -> bool | None:
            if id in {event.id for event in (await self.situation()).events}:
                return True
            outcome = await acting.leave_word(self.desk.office, self.reference, what, by, id=id)
            if isinstance(outcome, NotAllowed):
                raise GaveUp(f"{self.reference}: word of {what.act} was refused: {outcome.sentence}")
            return True if isinstance(outcome, Word) else None

        await persisted(self.service, send, f"{self.reference}: word of {what.act}")

        async def read() -> bool | None:
            return id in {event.id for event in (await self.situation()).events} or None

        await persisted(self.service, read, f"{self.reference}: word of {what.act} to be read")

    async def _until_answered(self, ask: Callable[[], Awaitable[Result]], what: str) -> Result:
        return await persisted(self.service, ask, f"{self.reference}: {what}")

    async def _move_to(self, target: Callable[[datetime], datetime]) -> None:
        """Move the case's clock, however often that is broken off; one that is over is left where it is."""
        office, then = self.desk.office, None

        async def move() -> bool | None:
            nonlocal then
            now = await office.today(self.reference)
            then = then or target(now)
            if now >= then or (await self.situation()).stage in ("closed", "withdrawn"):
                return True
            await fast_forward(office.client, office.handle(self.reference), then - now, patience=_A_TRY)
            return None

        await persisted(self.service, move, f"{self.reference}: its clock")

    def _case(self, now: Situation) -> Case:
        return fold(policies.load(now.council), self.calendar, now.events)

    async def _letters_are_settled(self, now: Situation) -> bool:
        """Whether no letter waits any more; one that somebody has to settle is settled by what the mail server has.

        In real time nobody waits for a letter to be tried again before the faults are over.
        """
        case = self._case(now)
        if lost := case.lost:
            await self._settle(lost.posted.key)
            return False
        if any(letter.posted.state is LetterState.WAITING for letter in case.letters.values()):
            if self.travels:
                await self._move_to(lambda now: now + _LATER)
            return not self.travels and not self.service.box.calm.exists()
        return True

    async def _settle(self, key: str) -> None:
        """Ask whether it arrived. One that did not is put right by telephone, so that no date depends on luck."""
        row = await self._until_answered(lambda: queries.letter(self.desk.office.database, key), "a letter")
        arrived = row is not None and self.service.box.taken()[row.message_id] > 0
        how = "They have it." if arrived else "It was read out to them."
        what = e.LetterSettled(key=key, arrived=True, how=how)
        await self._do(self.journal.words.into(what), OFFICER, f"settled-{key}")


async def persisted(service: Service, ask: Callable[[], Awaitable[Result | None]], what: str) -> Result:
    """Ask until there is an answer that is not None. Raises GaveUp."""
    last: BaseException | None = None
    try:
        async with asyncio.timeout(_PATIENCE):
            while True:
                try:
                    if (answer := await ask()) is not None:
                        return answer
                except BROKEN as error:
                    last = error
                    if isinstance(error, SQLAlchemyError | RegisterError):
                        await service.office.database.close()
                await asyncio.sleep(_AGAIN)
    except TimeoutError:
        raise GaveUp(f"nobody answered about {what} for {_PATIENCE:.0f} seconds; the last was {last!r}") from None


def written(words: Planted, incidents: int) -> dict[str, Any]:
    """An application with words of its own in everything that somebody writes into it."""
    whole: dict[str, Any] = form(incidents).model_dump(mode="json", exclude_defaults=True)
    whole["applicant"] = {
        "name": f"Asha {words.word('application.name')}",
        "email": f"{words.word('application.email')}@example.org",
    }
    whole["impact"] = f"We do not sleep. {words.word('application.impact')}"
    for incident in whole["incidents"]:
        incident["what"] += f" {words.word('application.what')}"
    return whole
