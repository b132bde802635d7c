"""Temporal has lost its database: how long it takes until every open case runs again, and whether each is what it was.

    python -m bench.rebuild [--cases 1000]

The register is filled with open cases at several stages; Temporal and its worker begin empty. Each case is begun again
from its events as `casereview rebuild --all` does it. Then each is asked for its dates, which must equal those planned
from the register before, and its letters are counted: none may be sent. Beside it, in the same run, as many workflows
that do nothing are begun.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
import uuid
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlmodel import select

import policies
import worker
from connection.client import connect
from connection.server import LocalServer
from connection.settings import Settings
from domain import events as e
from domain.case import local_date
from domain.deadlines import Deadline, plan
from domain.messages import Numbered, Turn
from domain.rehearsal import Rehearsal
from office import two_halves
from office.bank_holidays import snapshot
from office.connected import Office, asked
from register import queries, tables
from register.database import Database
from register.entries import record
from register.taking_in import mark_started, take_in
from starter.inbox import Inbox
from tests.register import examples
from workflows.attributes import registration

_AT_ONCE = 6
_COPIED = (tables.Case, tables.Person, tables.Event)
OFFICER = e.Actor(role=e.Role.OFFICER, name="Jo Ward")


async def lives(database: Database, now: datetime) -> list[str]:
    """One open case at each of several stages, in the register; their references."""
    return [await _life(database, now, steps) for steps in range(4)]


async def _life(database: Database, now: datetime, steps: int) -> str:
    calendar, policy, made = snapshot(), policies.load("dover"), now - timedelta(days=3)
    day = timedelta(days=30)
    form = examples.form(
        made_at=made, incidents=tuple(examples.incident(local_date(made - n * day)) for n in range(1, 4))
    )
    start = await take_in(database, form, policy, calendar, by=OFFICER, now=now)
    case = Rehearsal(policy, calendar, start.application, made, reference=start.reference, by=OFFICER)
    if steps > 0:
        _answered(case, e.Purpose.VERIFICATION)
    if steps > 1:
        case.act(e.ThresholdDecided(met=True, decided_by=OFFICER.name), OFFICER)
    if steps > 2:
        _answered(case, e.Purpose.INFORMATION)
    case.live_until(now)
    numbered = tuple(Numbered(seq=seq, event=event) for seq, event in enumerate(case.case.events, start=1))
    await record(database, Turn(reference=start.reference, as_of=now, events=numbered))
    await mark_started(database, start.reference)
    return start.reference


def _answered(case: Rehearsal, purpose: e.Purpose) -> None:
    for enquiry in case.case.of_round(purpose):
        answer = e.EnquiryAnswered(enquiry=enquiry.key, account="We visited twice and wrote once.")
        case.act(answer, e.Actor(role=e.Role.AGENCY, name=enquiry.agency))


async def copy(database: Database, references: list[str], cases: int) -> None:
    """As many cases more as make so many, each a copy of one of these under a reference of its own."""
    for first in range(len(references), cases, 200):
        async with database.writing() as session:
            for table in _COPIED:
                rows = []
                own = {
                    old: (await session.exec(select(table).where(table.reference == old))).all() for old in references
                }
                for number in range(first, min(first + 200, cases)):
                    old, new = references[number % len(references)], f"DOV-2026-{number + 1:05d}"
                    for row in own[old]:
                        values = {
                            name: value.replace(old, new) if isinstance(value, str) else value
                            for name, value in row.model_dump().items()
                        }
                        rows.append(values | ({"intake_key": None} if table is tables.Case else {}))
                await session.exec(insert(table), params=rows)


async def dates(office: Office, reference: str) -> list[tuple[Any, ...]]:
    stored = await queries.case(office.database, reference)
    assert stored is not None
    return shown(plan(stored.policy, stored.calendar, stored.events, datetime.now(UTC)))


def shown(deadlines: tuple[Deadline, ...]) -> list[tuple[Any, ...]]:
    return [(d.key, d.due, d.promised, d.state, d.working) for d in deadlines]


async def measure(cases: int) -> dict[str, Any]:
    async with AsyncExitStack() as opened:
        home = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="casereview-")))
        inbox = await opened.enter_async_context(Inbox(home / "mail", 0, 0))
        host, port = inbox.smtp_address
        settings = Settings(home=home, smtp_host=host, smtp_port=port, temporal_port=0, ui_port=0)
        database = await opened.enter_async_context(Database(settings.register_url))
        await database.upgrade()
        await copy(database, await lives(database, datetime.now(UTC)), cases)
        server = await opened.enter_async_context(LocalServer.of(settings, registration(), headless=True))
        client = await connect(settings, address=server.address)
        office = Office(settings, client, database)
        bare = await _bare(office, cases)
        await opened.enter_async_context(worker.running(client, database, settings))

        began = time.perf_counter()
        found = await two_halves.compared(office)
        looked = time.perf_counter() - began
        assert len(found.without_workflow) == cases, len(found.without_workflow)
        began, done = time.perf_counter(), 0
        at_once = asyncio.Semaphore(_AT_ONCE)

        async def one(reference: str) -> None:
            nonlocal done
            async with at_once:
                plan = await two_halves.plan(office, reference)
                await two_halves.rebuilt(office, plan)
                assert await two_halves.as_planned(office, plan), reference
                done += 1
                if done % 100 == 0:
                    print(f"{done} of {cases} begun again, {time.perf_counter() - began:.0f} s", flush=True)

        await asyncio.gather(*map(one, found.without_workflow))
        begun = time.perf_counter() - began
        differ = sum([await _differs(office, reference) for reference in found.without_workflow])
        asked_all = time.perf_counter() - began - begun
        again = time.perf_counter()
        alike = (await two_halves.compared(office)).alike
        return {
            "cases": cases, "compared_seconds": looked, "begun_seconds": begun, "asked_seconds": asked_all,
            "compared_again_seconds": time.perf_counter() - again, "bare_seconds": bare, "alike": alike,
            "dates_differ": differ, "letters_sent": len(list(inbox.letters.folder.glob("*.eml"))),
        }  # fmt: skip


async def _differs(office: Office, reference: str) -> bool:
    situation = await asked(office.handle(reference))
    return shown(situation.deadlines) != await dates(office, reference)


async def _bare(office: Office, cases: int) -> float:
    """As many workflows begun that nobody works on, at as many at once."""
    at_once, queue = asyncio.Semaphore(_AT_ONCE), uuid.uuid4().hex

    async def one(number: int) -> None:
        async with at_once:
            await office.client.start_workflow("Nothing", id=f"bare-{number}", task_queue=queue)

    began = time.perf_counter()
    await asyncio.gather(*map(one, range(cases)))
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench/rebuild", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    figures = asyncio.run(measure(given.cases))
    if given.json:
        print(json.dumps(figures))
        return
    print(f"{figures['cases']} open cases, none of them in Temporal")
    print(f"  seen to be lost                {figures['compared_seconds']:8.2f} s")
    print(f"  begun again                    {figures['begun_seconds']:8.2f} s")
    print(f"  as many bare workflows begun   {figures['bare_seconds']:8.2f} s")
    print(f"  each asked for its dates       {figures['asked_seconds']:8.2f} s")
    print(f"  compared, all alike: {figures['alike']!s:<9} {figures['compared_again_seconds']:8.2f} s")
    print(f"  cases whose dates differ       {figures['dates_differ']:8d}")
    print(f"  letters sent                   {figures['letters_sent']:8d}")


if __name__ == "__main__":
    main()
