"""A busy morning: 200 applications, 50 at once, beside a bare workflow and beside the same letters alone.

They are handed in to the whole service in one process, as ``casereview up`` has it: worker, console, register in
SQLite, with a local Temporal server and a mail server that takes every letter beside it. In the same run a bare
workflow of as many activities is started as often, and the letters of one case are written and sent over and over
without Temporal and register. An officer in a process of their own looks at the work list meanwhile. Then twice as
many are handed in, each followed by an officer's note: every one of them must be answered. ``--workers 2`` hands them
in once more with a second ``casereview worker`` beside.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import gc
import json
import statistics
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psutil
from sqlalchemy import func
from sqlmodel import col, select
from temporalio.api.enums.v1 import EventType
from temporalio.worker import Worker

import policies
import worker
from bench._child import Child
from bench.bare import NOTHING, Bare, nothing
from connection.client import connect
from connection.ports import LOOPBACK, free_port
from connection.server import LocalServer
from connection.settings import Settings
from console.app import at_work
from domain import events as e
from domain.application import ApplicationForm
from domain.messages import LetterOrder, Recipient
from domain.policy import Policy
from letters.letter_context import LetterDesk
from letters.rendering import Renderer
from letters.sources import COUNCILS, TEMPLATES
from office import acting, passwords, taking_in
from office.connected import Office
from post import gateways
from post.carrier import Mail
from register import queries, tables, users
from register.database import Database
from workflows.attributes import registration

Result = TypeVar("Result")
CASES, LETTERS, WORK_LIST, MEMORY, SECOND = 10.0, 70.0, 250.0, 0.25, 1.6
_COUNCIL, _QUEUE = "dover", "bare"
_APPLICANT = e.Actor(role=e.Role.APPLICANT, name="the applicant")
_OFFICER = e.Actor(role=e.Role.OFFICER, name="Maya Ellis")
_EMAIL, _PASSWORD = "officer@example.org", "measured, not kept"


@dataclass
class Morning:
    """The service at work, and who stands beside it."""

    office: Office
    letterbox: Child
    onlooker: Child
    policy: Policy = field(default_factory=lambda: policies.load(_COUNCIL))
    each: int = 0
    """Letters of one application."""
    cases: list[str] = field(default_factory=list)

    async def apply(self, number: int) -> str:
        taken = await taking_in.taken_in(self.office, form(number), self.policy, by=_APPLICANT)
        self.cases.append(taken.reference)
        return taken.reference

    async def all_sent(self) -> None:
        """Every letter of every application handed in is accepted."""
        wanted, letter = self.each * len(self.cases), tables.Letter
        while True:
            async with self.office.database.session() as session:
                accepted = select(func.count()).select_from(letter).where(col(letter.state) == "accepted")
                if (await session.exec(accepted)).one() >= wanted:
                    return
            await asyncio.sleep(0.1)

    async def settled(self, reference: str) -> None:
        while not (await self.office.situation(reference)).settled:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


def form(number: int) -> ApplicationForm:
    """An application that names police and council, its reports the last two months'."""
    today = dt.datetime.now(dt.UTC).date()
    reports = [
        {
            "occurred": today - dt.timedelta(days=20 * nth - 4), "reported": today - dt.timedelta(days=20 * nth - 6),
            "reported_to": "police" if nth % 2 else "council", "what": f"Shouting and banging on the door, time {nth}.",
        }
        for nth in (1, 2, 3)
    ]  # fmt: skip
    applicant = {"name": f"Person {number}", "email": f"person{number}@example.org"}
    return ApplicationForm.model_validate({"applicant": applicant, "consent_to_share": True, "incidents": reports})


async def at_once(number: int, width: int, work: Callable[[int], Awaitable[Result]]) -> list[Result | BaseException]:
    """Each of the works, so many at a time; what it came to, or its error."""
    doors = asyncio.Semaphore(width)

    async def when_there_is_room(place: int) -> Result:
        async with doors:
            return await work(place)

    return await asyncio.gather(*(when_there_is_room(place) for place in range(number)), return_exceptions=True)


@asynccontextmanager
async def busy_office() -> AsyncIterator[Morning]:
    with tempfile.TemporaryDirectory(prefix="casereview-", ignore_cleanup_errors=True) as folder:
        async with AsyncExitStack() as started:
            letterbox = await started.enter_async_context(Child.running("-m", "bench._letterbox"))
            console = free_port()
            settings = Settings(
                home=Path(folder), temporal_port=0, ui_port=0, console_port=console, smtp_host=LOOPBACK,
                smtp_port=int(await letterbox.hear()), public_url=f"http://{LOOPBACK}:{console}",
            )  # fmt: skip
            server = await started.enter_async_context(LocalServer.of(settings, registration(), headless=True))
            database = await started.enter_async_context(Database(settings.register_url))
            await database.upgrade()
            settings.key_ring().make()
            client = await connect(settings, address=server.address)
            settings = settings.model_copy(update={"temporal_port": server.port})
            await started.enter_async_context(worker.running(client, database, settings))
            bare = Worker(client, task_queue=_QUEUE, workflows=[Bare], activities=[nothing])
            await started.enter_async_context(bare)
            office = Office(settings, client, database)
            address = await started.enter_async_context(at_work(office))
            await users.add(
                database, name="Maya Ellis", email=_EMAIL, role=users.StaffRole.OFFICER, council=_COUNCIL,
                hash=await passwords.hashed(_PASSWORD), now=dt.datetime.now(dt.UTC),
            )  # fmt: skip
            looking = Child.running("-m", "bench._onlooker", address, _EMAIL, _PASSWORD)
            onlooker = await started.enter_async_context(looking)
            await onlooker.hear()
            worker.leave_alone_what_stays()
            yield Morning(office, letterbox, onlooker)


@asynccontextmanager
async def second(morning: Morning) -> AsyncIterator[None]:
    """A second ``casereview worker`` on the same register and server."""
    settings = morning.office.settings
    env = {
        "CASEREVIEW_HOME": str(settings.home), "CASEREVIEW_SMTP_HOST": settings.smtp_host,
        "CASEREVIEW_SMTP_PORT": str(settings.smtp_port), "CASEREVIEW_PUBLIC_URL": settings.public_url,
        "TEMPORAL_ADDRESS": f"{LOOPBACK}:{settings.temporal_port}",
    }  # fmt: skip
    async with Child.running("worker.py", env=env) as other:
        await other.hear()
        yield


async def warm(morning: Morning, number: int) -> int:
    """The first applications, not measured, and with them how many letters one has; the activities of one."""
    for place in range(number):
        await morning.settled(await morning.apply(place))
    sent = {len(await queries.letters(morning.office.database, reference)) for reference in morning.cases}
    morning.each = sent.pop()
    assert not sent
    history = morning.office.handle(morning.cases[0]).fetch_history_events()
    return len([event async for event in history if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED])


async def letters_alone(morning: Morning, number: int) -> tuple[float, float]:
    """One case's letters, written and sent as the post room does, ``number`` times: letters a second, and the
    milliseconds of processor that one case's take."""
    kept = await queries.case(morning.office.database, morning.cases[0])
    assert kept
    rows = await queries.letters(morning.office.database, morning.cases[0])
    renderer, mailer = Renderer(TEMPLATES, COUNCILS), gateways.mailer(morning.office.settings)
    sender = str(kept.policy.contact.email) if kept.policy.contact else ""

    async def about_to_send() -> None: ...

    began, busy = time.perf_counter(), time.process_time()
    for _ in range(number):
        desk = LetterDesk(kept.policy, kept.calendar, kept.events, dt.datetime.now(dt.UTC), kept.readers)
        async with mailer.line() as line:
            for row in rows:
                upto = next(
                    numbered_event.seq for numbered_event in kept.numbered if numbered_event.event.id == row.event_id
                )
                to = Recipient(party=row.to_party, id=row.to_id)
                order = LetterOrder(key=row.key, letter=row.kind, to=to, event=row.event_id, upto=upto)
                context = desk.context(order, "https://example.org/l/1")
                written = renderer.render(row.kind, context.context)
                mail = Mail(
                    row.message_id, row.address, row.to_name, written.subject, written.text, written.html, sender,
                    context.files,
                )  # fmt: skip
                await line.send(mail, about_to_send=about_to_send)
    busy = (time.process_time() - busy) * 1000 / number
    return number * len(rows) / (time.perf_counter() - began), busy


async def bare(morning: Morning, number: int, width: int, activities: int) -> float:
    """Bare workflows a second."""
    turns = [[0.0, 0, 0, 0, activities]]

    async def run_bare(_: int) -> None:
        id = f"bare-{uuid.uuid4().hex}"
        await morning.office.client.execute_workflow(Bare.run, args=[turns, NOTHING], id=id, task_queue=_QUEUE)

    began = time.perf_counter()
    for result in await at_once(number, width, run_bare):
        if isinstance(result, BaseException):
            raise result
    return number / (time.perf_counter() - began)


async def pieces(taken: list[float]) -> None:
    """Seconds of processor that the event loop's own thread took in one piece, whatever else the machine does."""
    while True:
        began = time.thread_time()
        await asyncio.sleep(0.001)
        taken.append(time.thread_time() - began)


async def burst(morning: Morning, number: int, width: int) -> dict[str, float]:
    """One burst, from the first application to the last letter."""
    process, taken = psutil.Process(), list[float]()
    gc.collect()
    before, busy, first = process.memory_info().rss, time.process_time(), len(morning.cases)
    morning.onlooker.say()
    watching = asyncio.create_task(pieces(taken))
    began = time.perf_counter()
    for result in await at_once(number, width, lambda place: morning.apply(first + place)):
        if isinstance(result, BaseException):
            raise result
    handed_in = time.perf_counter() - began
    await morning.all_sent()
    seconds = time.perf_counter() - began
    watching.cancel()
    morning.onlooker.say()
    looks = json.loads(await morning.onlooker.hear())
    busy = time.process_time() - busy
    for reference in morning.cases[first:]:
        await morning.settled(reference)
    gc.collect()
    return {
        "seconds": round(seconds, 1),
        "handed_in_seconds": round(handed_in, 1),
        "cases_a_second": round(number / seconds, 1),
        "letters_a_second": round(number * morning.each / seconds, 1),
        "processor_share": round(busy / seconds, 2),
        "processor_ms_a_case": round(busy * 1000 / number),
        "megabytes_a_case": round((process.memory_info().rss - before) / number / 2**20, 2),
        "work_list_median_ms": round(statistics.median(looks)),
        "work_list_p95_ms": round(statistics.quantiles(looks, n=20)[-1]),
        "longest_piece_ms": round(max(taken) * 1000),
    }


async def answers(morning: Morning, number: int, width: int) -> dict[str, Any]:
    """Applications and a note on each, by how they ended."""

    async def apply_and_note(place: int) -> None:
        reference = await morning.apply(place)
        note = e.NoteAdded(text="Rang them; they are in on Tuesday.")
        acting.certain(await acting.act(morning.office, reference, note, _OFFICER))

    began = time.perf_counter()
    results = await at_once(number, width, apply_and_note)
    seconds = time.perf_counter() - began
    lost = Counter(type(result).__name__ for result in results if isinstance(result, BaseException))
    await morning.all_sent()
    return {"asked": 2 * number, "seconds": round(seconds, 1), "lost": lost.total(), "errors": dict(lost)}


async def once(morning: Morning) -> dict[str, int]:
    """What the mail server took, beside what the register says it did."""
    morning.letterbox.say()
    async with morning.office.database.session() as session:
        letter = tables.Letter
        ids = (await session.exec(select(letter.message_id, letter.state))).all()
    return {
        **json.loads(await morning.letterbox.hear()),
        "kept": len(ids),
        "not_accepted": sum(s != "accepted" for _, s in ids),
    }


async def measure(number: int, width: int, workers: int, lost: bool = True) -> dict[str, Any]:
    figures: dict[str, Any] = {"applications": number, "at_once": width}
    async with busy_office() as morning:
        activities = await warm(morning, 10)
        figures |= {"letters_each": morning.each, "activities_each": activities}
        await letters_alone(morning, 1)
        morning.letterbox.say()
        before = json.loads(await morning.letterbox.hear())["taken"]
        alone_a_second, alone_ms = await letters_alone(morning, 200 // morning.each)
        figures |= {"letters_alone_a_second": round(alone_a_second, 1), "letters_alone_ms_a_case": round(alone_ms)}
        morning.letterbox.say()
        alone = json.loads(await morning.letterbox.hear())["taken"] - before
        figures["bare_a_second"] = round(await bare(morning, number, width, activities), 1)
        figures["burst"] = await burst(morning, number, width)
        if workers > 1:
            async with second(morning):
                figures["two"] = await burst(morning, number, width)
            figures["two"]["times"] = round(figures["two"]["cases_a_second"] / figures["burst"]["cases_a_second"], 2)
        if lost:
            figures["answers"] = await answers(morning, 2 * number, width)
        figures["once"] = await once(morning)
        figures["once"]["taken"] -= alone + morning.each
    return figures


def show(figures: dict[str, Any]) -> None:
    """Print what was measured, at most 80 columns wide."""
    number, width = figures["applications"], figures["at_once"]
    print(f"{number} applications, {width} at once, each {figures['letters_each']} letters")
    for words, name in (("one process", "burst"), ("and a second worker", "two")):
        if name not in figures:
            continue
        run = figures[name]
        memory = f"{run['megabytes_a_case']:>8g}  MB an open case" + (f"  < {MEMORY:g}" if name == "burst" else "")
        print(f"\n  {words}, settled after {run['seconds']} s, handed in within {run['handed_in_seconds']} s")
        print(f"  {run['cases_a_second']:>8g}  cases a second{f'    > {CASES:g}' if name == 'burst' else ''}")
        print(f"  {run['letters_a_second']:>8g}  letters a second{f'  > {LETTERS:g}' if name == 'burst' else ''}")
        print(f"  {memory}")
        print(f"  {run['work_list_p95_ms']:>8g}  ms the work list, at the 95th percentile  < {WORK_LIST:g}")
        print(f"  {run['work_list_median_ms']:>8g}  ms the work list, median")
        print(f"  {run['longest_piece_ms']:>8g}  ms of processor the event loop took in one piece, at the longest")
        beside = f"{run['processor_ms_a_case'] / figures['letters_alone_ms_a_case']:.2f} times its letters alone"
        print(
            f"  {run['processor_ms_a_case']:>8g}  ms of processor a case, {beside}; {run['processor_share']:g} in use"
        )
        if name == "two":
            print(f"  {run['times']:>8g}  times one process  > {SECOND:g}")
    print("\n  beside it, in the same run")
    print(f"  {figures['bare_a_second']:>8g}  bare workflows a second, of {figures['activities_each']} activities each")
    print(f"  {figures['letters_alone_a_second']:>8g}  letters a second, written and sent and nothing else")
    print(f"  {figures['letters_alone_ms_a_case']:>8g}  ms of processor that takes for those of one case")
    if "answers" in figures:
        given = figures["answers"]
        errors = f" {given['errors']}" if given["lost"] else ""
        print(f"\n  {given['asked']} answers asked for within {given['seconds']} s, {given['lost']} lost{errors}")
    kept = figures["once"]
    print(
        f"  {kept['kept']} letters kept, {kept['not_accepted']} of them not accepted; the mail server took "
        f"{kept['taken']}, {kept['different']} different ones"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="bench/burst", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--applications", type=int, default=200)
    parser.add_argument("--at-once", type=int, default=50)
    parser.add_argument("--workers", type=int, default=1, choices=(1, 2), help="2: once more with a second worker")
    parser.add_argument("--no-answers", action="store_true", help="leave out the 400 that must all be answered")
    parser.add_argument("--json", action="store_true", help="print JSON")
    given = parser.parse_args()
    print_ = (lambda figures: print(json.dumps(figures))) if given.json else show
    print_(asyncio.run(measure(given.applications, given.at_once, given.workers, not given.no_answers)))
