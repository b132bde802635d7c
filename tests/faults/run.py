"""A run: cases live while parts of the service fail, and then everything is counted."""

from __future__ import annotations

import asyncio
import json
import os
import random
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from domain import events as e
from domain.catalogue import kind_of
from domain.fold import fold
from domain.messages import Situation
from register import queries
from register.letter_rows import LetterProgress
from tests.faults.kinds import Kind, drawn
from tests.faults.people import BROKEN, Journal, Stubborn, persisted
from tests.faults.service import Service, at_work
from tests.faults.stories import STORIES, Story, in_a_day, lived
from tests.faults.words import Planted
from tests.support import clock

Say = Callable[[str], None]
_WITHIN = 180.0
_AGAIN = 0.05
MAY_HOLD_WORDS = ("letters",)
"""Beside the register: what lies in a run's folder and may hold what people wrote."""
_REGISTER = ("register.db", "register.db-wal", "register.db-shm", "documents")


@dataclass
class Report:
    """What a run came to. ``troubles`` is what went wrong, a sentence each."""

    register: str
    seed: int
    kills: Counter[Kind] = field(default_factory=Counter)
    seconds: defaultdict[Kind, list[float]] = field(default_factory=lambda: defaultdict(list))
    ways: Counter[str] = field(default_factory=Counter)
    cases: int = 0
    acts: int = 0
    letters: Counter[str] = field(default_factory=Counter)
    words: int = 0
    troubles: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        taken = [second for each in self.seconds.values() for second in each]
        rows = [
            f"{self.register}, seed {self.seed}",
            f"  {self.kills.total():>6} faults, {self.cases} cases, {self.acts} acts, {self.letters.total()} letters "
            f"({', '.join(f'{number} {state}' for state, number in sorted(self.letters.items()))})",
        ]
        for kind, number in sorted(self.kills.items()):
            seconds = self.seconds[kind] or [0.0]
            median, worst = statistics.median(seconds), max(seconds)
            rows.append(f"  {number:>6} × {kind}: {median:.1f} s to progress, {worst:.1f} s at worst")
        if taken:
            rows.append(
                f"  {statistics.median(taken):>6.1f} s from fault to progress, median; {max(taken):.1f} s at worst"
            )
        rows.append(
            f"  {self.ways.total():>6} conversations in which the mail server misbehaved, in {len(self.ways)} ways"
        )
        rows.append(f"  {self.words:>6} planted words looked for")
        return [*rows, *(f"  WRONG  {trouble}" for trouble in self.troubles or ())]


async def run(
    folder: Path, *, kills: int, seed: int, at_once: int, postgres: Path | None, say: Say, share: float = 0.3
) -> Report:
    """Kill so many parts while ``at_once`` cases live, then hold everything against what was answered."""
    report, journal, chance = (
        Report("PostgreSQL" if postgres else "SQLite", seed),
        Journal(Planted(seed)),
        random.Random(seed),
    )
    async with at_work(folder, postgres=postgres, seed=seed, share=share) as service:
        key = await _key(service)
        town = _Town(service, journal, report, key, chance)
        await town.live(drawn(kills, service.kinds, chance), at_once, say)
        service.box.calm.touch()
        say("The faults are over; every case is held against what was answered.")
        await town.reckon(say)
        report.ways = service.box.ways()
        report.troubles += service.troubles
    report.words = len(journal.words.places)
    report.troubles += _words_astray(journal.words, folder)
    return report


@dataclass
class _Lived:
    life: Stubborn
    policy: str
    incidents: int
    story: Story


class _Town:
    def __init__(self, service: Service, journal: Journal, report: Report, key: str, chance: random.Random) -> None:
        self.service, self.journal, self.report, self.key, self.chance = service, journal, report, key, chance
        self.lived: list[_Lived] = []
        self.kept = ""
        """All that the register has of the cases' events, to find the planted words in it."""
        self._over = asyncio.Event()
        self._number = 0

    async def live(self, kinds: Any, at_once: int, say: Say) -> None:
        people = [asyncio.create_task(self._lives()) for _ in range(at_once)]
        try:
            await self._chaos(list(kinds), people, say)
        finally:
            self._over.set()
        for result in await asyncio.gather(*people, return_exceptions=True):
            if isinstance(result, BaseException):
                self.report.troubles.append(f"a life could not be lived: {result!r}")

    async def _lives(self) -> None:
        """One life after the other until the last part was killed."""
        while not self._over.is_set():
            self._number += 1
            number = self._number
            if number % 3 == 0:
                life, policy, incidents, story = (
                    await Stubborn.send_in(self.service, self.journal, self.key, f"{self.report.seed}/{number}"),
                    "dover", 3, in_a_day,
                )  # fmt: skip
            else:
                policy, incidents, story = STORIES[number % len(STORIES)]
                life = await self._applied(policy, incidents, number)
            self.lived.append(_Lived(life, policy, incidents, story))
            await lived(life, story)

    async def _applied(self, policy: str, incidents: int, number: int) -> Stubborn:
        return await Stubborn.apply(self.service, self.journal, policy, incidents, f"{self.report.seed}/{number}")

    async def _chaos(self, kinds: list[Kind], people: list[asyncio.Task[None]], say: Say) -> None:
        for number, kind in enumerate(kinds, start=1):
            rested = self.journal.rested
            while self.journal.rested == rested and not any(one.done() for one in people):  # noqa: ASYNC110
                await asyncio.sleep(_AGAIN)
            await asyncio.sleep(self.chance.uniform(0, 1.5))
            began = time.perf_counter()
            say(f"{number} of {len(kinds)}: {kind}.")
            await self.service.strike(kind)
            self.report.kills[kind] += 1
            try:
                async with asyncio.timeout(_WITHIN):
                    await self._progress(kind)
            except TimeoutError:
                self.report.troubles.append(f"{_WITHIN:.0f} seconds after {kind} nothing went on")
            self.report.seconds[kind].append(time.perf_counter() - began)
            if any(one.done() for one in people):
                return

    async def _progress(self, kind: Kind) -> None:
        """What the part does, it does again: the console answers, the mail server takes a letter, an act that is sent
        now is taken and kept."""
        box, before = self.service.box, self.service.box.number()
        if kind is Kind.CONSOLE:
            await persisted(self.service, self._console_answers, "the console")
        elif kind is Kind.MAIL:
            await persisted(self.service, lambda: _true(box.number() > before), "the mail server")
        else:
            begun = [one.life for one in self.lived]
            rested = self.journal.rested
            await persisted(self.service, lambda: _true(bool(begun) and self.journal.rested > rested), "any case")

    async def _console_answers(self) -> bool | None:
        async with httpx2.AsyncClient(timeout=5) as client:
            return (await client.get(f"{self.service.console}/health")).status_code == 200 or None

    async def reckon(self, say: Say) -> None:
        """Hold the register, the workflows and the mail server against each other and against what was answered."""
        report, known = self.report, Counter(one.life.reference for one in self.lived)
        report.cases, report.acts = len(known), len(self.journal.accepted)
        report.troubles += [f"{ref} was given to {number} applications" for ref, number in known.items() if number > 1]
        rested = [(one, now) for one in self.lived if (now := await self._at_rest(one))]
        taken, ids = self.service.box.taken(), set[str]()
        for one, now in rested:
            ids |= await self._of_a_case(one, now, taken)
        report.troubles += [f"letter {id} was taken and is none of ours" for id in taken.keys() - ids]
        there = {place.partition(".")[0] for word, place in self.journal.words.places.items() if word in self.kept}
        planted = {place.partition(".")[0] for place in self.journal.words.places.values()} - {"application"}
        report.troubles += [f"no word of any {act} stands in the register" for act in planted - there]
        calm: dict[Story, Any] = {}
        for one in self.lived:
            if one.life.travels:
                if one.story not in calm:
                    say(f"A life without faults beside those of “{one.story.__name__}”.")
                    calm[one.story] = await self._without_faults(one)
                now = await one.life.situation()
                if not _told_by_somebody(now) and (was := dates(now)) != calm[one.story]:
                    differ = sorted({*was} ^ {*calm[one.story]})
                    report.troubles.append(f"{one.life.reference}, beside a life without faults: {differ}")

    async def _without_faults(self, one: _Lived) -> list[tuple[str, str, str]]:
        """The dates of the same life when nothing falls."""
        try:
            twin = await self._applied(one.policy, one.incidents, 0)
            return dates(await (await lived(twin, one.story)).situation())
        except AssertionError as error:
            self.report.troubles.append(f"a life without faults could not be lived: {error!r}")
            return []

    async def _at_rest(self, one: _Lived) -> Situation | None:
        """The case once every letter of it has gone, also one that the mail server had put off."""
        try:
            return await one.life.settled()
        except (AssertionError, *BROKEN) as error:
            self.report.troubles.append(f"{one.life.reference} does not come to rest: {error!r}")
            return None

    async def _of_a_case(self, one: _Lived, now: Situation, taken: Counter[str]) -> set[str]:
        """The Message-IDs of its letters; what is wrong with it is reported."""
        life, report = one.life, self.report
        kept = await queries.case(self.service.office.database, life.reference)
        if kept is None:
            report.troubles.append(f"{life.reference} is not in the register")
            return set()
        here, there = [event.id for event in kept.events], [event.id for event in now.events]
        if here != there:
            report.troubles.append(f"{life.reference}: the register has {here}, its workflow {there}")
        report.troubles += [f"{life.reference}: {id} is there {n} times" for id, n in Counter(here).items() if n > 1]
        accepted = [id for id, reference in self.journal.accepted.items() if reference == life.reference]
        report.troubles += [f"{life.reference}: {id} was accepted and is lost" for id in accepted if id not in here]
        refused = [id for id, reference in self.journal.refused.items() if reference == life.reference]
        report.troubles += [f"{life.reference}: {id} was refused and is there" for id in refused if id in here]
        self.kept += "".join(event.model_dump_json() for event in kept.events)
        rows = await queries.letters(self.service.office.database, life.reference)
        ordered = set(fold(kept.policy, life.calendar, kept.events).letters)
        if ordered != {row.key for row in rows}:
            report.troubles.append(f"{life.reference}: letters {ordered ^ {row.key for row in rows}} are not in both")
        for row in rows:
            report.letters[str(row.state)] += 1
            least, most = _COPIES.get(row.state, (0, -1))
            if not least <= taken[row.message_id] <= most:
                copies = taken[row.message_id]
                report.troubles.append(f"letter {row.key} is {row.state} and was taken {copies} times: {row.words}")
        return {row.message_id for row in rows}


_COPIES = {LetterProgress.ACCEPTED: (1, 1), LetterProgress.UNCERTAIN: (0, 1), LetterProgress.REFUSED: (0, 0)}
"""How many copies the mail server may have of a letter in each state that a letter can end in."""


def dates(now: Situation) -> list[tuple[str, str, str]]:
    """Every date of a case, and how it was first promised."""
    return [(d.key, d.due.isoformat(), d.promised.isoformat()) for d in now.deadlines]


def _told_by_somebody(now: Situation) -> bool:
    """Whether a letter whose receipt counts was settled by a person: it is received then, and not when it is deemed."""
    kinds = {event.what.key: event.what.letter for event in now.events if isinstance(event.what, e.LetterPosted)}
    settled = [event.what.key for event in now.events if isinstance(event.what, e.LetterSettled)]
    return any(kind_of(kinds[key]).received for key in settled)


async def _true(said: bool) -> bool | None:
    return said or None


async def _key(service: Service) -> str:
    """A key for another system, as the command line gives it."""
    settings = service.office.settings
    process = await asyncio.create_subprocess_exec(
        *clock.argv("starter.cli", "source", "add", "Web forms", "--council", "dover", "--json"),
        stdout=asyncio.subprocess.PIPE,
        env={**_plain(), "CASEREVIEW_HOME": str(settings.home), "DATABASE_URL": settings.database_url},
    )
    out, _ = await process.communicate()
    key: str = json.loads(out)["key"]
    return key


def _plain() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("CASEREVIEW_")}


def _words_astray(words: Planted, folder: Path) -> list[str]:
    home = [f"home/{found}" for found in words.found(folder / "home", but=_REGISTER)]
    return [*words.found(folder, but=(*MAY_HOLD_WORDS, "home")), *home]
