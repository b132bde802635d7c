"""The console with many cases in the register: how long the work list and a case page take, and how many queries.

    python -m bench.console [--cases 10000] [--looks 200]

Requests go to a console served on loopback, one after another, as one officer's browser sends them; beside them, in the
same run, what the same machine needs to answer a page without a query. ``processor`` is the time that console and
browser used together, whatever else the machine does. Nothing is changed but who looked at what.
"""

from __future__ import annotations

import argparse
import asyncio
import functools
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2 as httpx
from sqlalchemy import event, insert
from sqlmodel import select

from connection.client import connect
from connection.server import LocalServer
from connection.settings import Settings
from console.app import at_work
from domain.case import Stage
from office import passwords
from office.connected import Office
from register import tables, taking_in, users
from register.database import Database
from register.entries import record
from tests.register import examples
from workflows.attributes import registration

PASSWORD = "measured, not kept"
LIMIT = 100.0
"""Milliseconds within which the pages that officers have open all day answer, at the 95th percentile."""
_ALL_DAY = ("the work list", "a search", "a whole case")
_OWN = {"Sec-Fetch-Site": "same-origin"}
_FOLLOW = (tables.Deadline, tables.Enquiry, tables.Decision, tables.Review, tables.Appeal)
"""What the figures are made of."""


async def fill(database: Database, cases: int) -> str:
    """One whole case as the register keeps it, and as many copies of it; the whole case's reference."""
    start = await taking_in.take_in(
        database, examples.form(), examples.policy(), examples.CALENDAR, by=examples.APPLICANT, now=examples.NOW
    )
    await record(database, examples.long(start, 60).turn())
    dice = random.Random(104)
    stages = [stage.value for stage in Stage]
    today = datetime.now(UTC).date()
    for first in range(2, cases + 1, 500):
        async with database.writing() as session:
            numbers = range(first, min(first + 500, cases + 1))
            for table in (tables.Case, tables.Person, tables.Event, *_FOLLOW):
                own = (await session.exec(select(table).where(table.reference == start.reference))).all()
                rows = []
                for number in numbers:
                    reference = f"DOV-2026-{number:05d}"
                    for row in own if table is not tables.Event else own[:12]:
                        values = row.model_dump() | {"reference": reference}
                        if table is tables.Case:
                            values |= {
                                "stage": dice.choice(stages), "officer": f"Officer {dice.randrange(12)}",
                                "next_due": today + timedelta(days=dice.randrange(-30, 200)), "intake_key": None,
                            }  # fmt: skip
                        elif table is tables.Deadline:
                            values |= {"due": today + timedelta(days=dice.randrange(-30, 200))}
                        elif table is tables.Person:
                            values |= {"id": f"{reference}-{values['id'][-2:]}", "name": f"Person {number}"}
                        rows.append(values)
                await session.exec(insert(table), params=rows)
    return start.reference


async def measured(looks: int, look: Callable[[], Awaitable[httpx.Response]]) -> list[float]:
    """Milliseconds of each look, the first few left out."""
    milliseconds = []
    for number in range(looks + 5):
        began = time.perf_counter()
        answer = await look()
        if answer.status_code != 200:
            raise SystemExit(f"the console answered {answer.status_code}")
        if number >= 5:
            milliseconds.append((time.perf_counter() - began) * 1000)
    return milliseconds


async def main(cases: int, looks: int) -> None:
    with tempfile.TemporaryDirectory(prefix="casereview-") as folder:
        async with AsyncExitStack() as started:
            home = Path(folder)
            quiet = Settings(home=home, temporal_port=0, ui_port=0, console_port=0)
            server = await started.enter_async_context(LocalServer.of(quiet, registration(), headless=True))
            database = await started.enter_async_context(Database(quiet.register_url))
            await database.upgrade()
            began = time.perf_counter()
            reference = await fill(database, cases)
            print(f"{cases} cases in the register, written in {time.perf_counter() - began:.0f} s")
            await users.add(
                database, name="Maya Ellis", email="officer@example.org", role=users.StaffRole.OFFICER,
                council="dover", hash=await passwords.hashed(PASSWORD), now=datetime.now(UTC),
            )  # fmt: skip
            await users.add(
                database, name="Priya Nair", email="manager@example.org", role=users.StaffRole.MANAGER,
                council=users.EVERY_COUNCIL, hash=await passwords.hashed(PASSWORD), now=datetime.now(UTC),
            )  # fmt: skip
            quiet.key_ring().make()
            office = Office(quiet, await connect(quiet, address=server.address), database)
            address = await started.enter_async_context(at_work(office))
            client = await started.enter_async_context(httpx.AsyncClient(base_url=address, headers=_OWN, timeout=60))
            await client.post("/sign-in", data={"email": "officer@example.org", "password": PASSWORD, "next": ""})
            manager = await started.enter_async_context(httpx.AsyncClient(base_url=address, headers=_OWN, timeout=60))
            await manager.post("/sign-in", data={"email": "manager@example.org", "password": PASSWORD, "next": ""})
            await client.post("/cases/search", data={"words": "Person 77"})
            asked = [0]

            def count(*said: object) -> None:
                asked[0] += str(said[2]).lstrip()[:6].upper() in ("SELECT", "INSERT", "UPDATE", "DELETE")

            event.listen(database.engine.sync_engine, "before_cursor_execute", count)
            pages = {
                "a page without the register (sign-in)": "/sign-in",
                "the work list": "/cases",
                "the work list, overdue, one officer": "/cases?due=overdue&officer=-",
                "the work list, page 200": f"/cases?stage=all&page={max(cases // 50, 1)}",
                "a search by name": "/cases?found=1&stage=all",
                "a whole case of 60 events": f"/cases/{reference}",
                "the management page": "/management",
                "the yearly figures, for anybody": "/figures/dover",
            }
            nobody = await started.enter_async_context(httpx.AsyncClient(base_url=address, timeout=60))
            good = True
            print(f"\n{'':<40}{'median':>10}{'p95':>10}{'processor':>12}{'queries':>10}")
            for name, path in pages.items():
                asked[0], busy = 0, time.process_time()
                browser = {"/sign-in": nobody, "/management": manager, "/figures/dover": nobody}.get(path, client)
                times = await measured(looks, functools.partial(browser.get, path))
                p95 = statistics.quantiles(times, n=20)[-1]
                good &= p95 < LIMIT or not name.startswith(_ALL_DAY)
                each, busy = asked[0] / (looks + 5), (time.process_time() - busy) * 1000 / (looks + 5)
                print(f"{name:<40}{statistics.median(times):>7.1f} ms{p95:>7.1f} ms{busy:>9.1f} ms{each:>10.1f}")
            print(
                f"\nWork list, searches and case page are {'all' if good else 'NOT all'} under {LIMIT:.0f} ms "
                f"at the 95th percentile of {looks} looks each."
            )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--looks", type=int, default=200)
    given = parser.parse_args()
    asyncio.run(main(given.cases, given.looks))
