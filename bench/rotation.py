"""A new key under load: what acts and pages cost before, during and after a rotation, and that nothing fails.

``casereview up``, a second worker and a second console, each a process of its own, share one register; this process
acts on open cases without a pause while ``casereview keys rotate`` changes the key. Then everything is started anew, so
that each history is read from its beginning, and every case is asked.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import os
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2 as httpx
from temporalio.service import RPCError

import policies
from bench import _command
from bench._child import ROOT
from connection.settings import Settings
from console.api import example
from domain.application import ApplicationForm
from domain.events import Actor, NoteAdded, Role
from office import acting, key_standing
from office.connected import NoAnswer, Office
from office.taking_in import taken_in
from register import queries

CASES, HANDS = 12, 4
_OFFICER = Actor(role=Role.OFFICER, name="Maya Ellis")
_PORTS = ("TEMPORAL", "UI", "CODEC", "INBOX", "INBOX_SMTP", "CONSOLE")


@dataclass
class Load:
    """What was done in each part of the run, in seconds each, and what failed."""

    part: str = "before"
    acts: dict[str, list[float]] = field(default_factory=lambda: {"before": [], "during": [], "after": []})
    looks: dict[str, list[float]] = field(default_factory=lambda: {"before": [], "during": [], "after": []})
    failed: list[str] = field(default_factory=list)
    over: bool = False


@asynccontextmanager
async def process(environment: dict[str, str], *command: str) -> AsyncIterator[str]:
    """A command of ``casereview`` at work, and the first line it prints."""
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "starter.cli", *command, cwd=ROOT, env=environment, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert running.stdout
        line = (await running.stdout.readline()).decode().strip()
        if not line:
            raise RuntimeError(f"casereview {' '.join(command)} ended too early.")
        yield line
    finally:
        running.send_signal(signal.SIGINT)
        await running.wait()


async def act(office: Office, references: list[str], hand: int, load: Load) -> None:
    number = 0
    while not load.over:
        reference, number = references[(hand + number * HANDS) % len(references)], number + 1
        part, began = load.part, time.perf_counter()
        note = NoteAdded(text=f"Note {number} of hand {hand}, {part}.")
        outcome = await acting.act(office, reference, note, _OFFICER)
        load.acts[part].append(time.perf_counter() - began)
        if type(outcome).__name__ != "Done":
            load.failed.append(f"{reference}: {outcome}")


async def look(address: str, load: Load) -> None:
    async with httpx.AsyncClient(base_url=address, timeout=60) as browser:
        while not load.over:
            part, began = load.part, time.perf_counter()
            answer = await browser.get("/health")
            load.looks[part].append(time.perf_counter() - began)
            if answer.status_code != 200:
                load.failed.append(f"{address}/health: {answer.text}")
            await asyncio.sleep(0.2)


async def rotated(environment: dict[str, str]) -> float:
    """How long ``casereview keys rotate`` took, from its start to its end, in seconds."""
    began = time.perf_counter()
    command = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "starter.cli", "keys", "rotate", "--wait", "60", "--json", cwd=ROOT, env=environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    out, _ = await command.communicate()
    if command.returncode:
        raise RuntimeError(f"The rotation did not end: {out.decode()}")
    return time.perf_counter() - began


async def begun(office: Office) -> list[str]:
    policy = policies.load("dover")
    form = ApplicationForm.model_validate_json(json.dumps(example.application(dt.datetime.now(dt.UTC).date())))
    starts = [await taken_in(office, form, policy, by=Actor(role=Role.APPLICANT)) for _ in range(CASES)]
    return [start.start.reference for start in starts]


async def notes(office: Office, references: list[str]) -> int:
    """How many notes the register has of those cases."""
    cases = [await queries.case(office.database, reference) for reference in references]
    return sum(event.kind == "note.added" for case in cases if case for event in case.events)


async def answered(office: Office, references: list[str]) -> int:
    """How many cases a worker reads from the beginning of their histories, and answers for."""
    found = 0
    for reference in references:
        for _ in range(3):
            try:
                await office.situation(reference)
            except (NoAnswer, RPCError):
                continue
            found += 1
            break
    return found


async def measured(seconds: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="casereview-", ignore_cleanup_errors=True) as folder:
        ports = {f"CASEREVIEW_{name}_PORT": "0" for name in _PORTS}
        environment = {**os.environ, **ports, "CASEREVIEW_HOME": folder}
        os.environ["CASEREVIEW_HOME"] = folder
        async with process(environment, "up", "--json") as line:
            address = json.loads(line)["temporal"]
            environment["TEMPORAL_ADDRESS"] = os.environ["TEMPORAL_ADDRESS"] = address
            settings = Settings(home=Path(folder))
            async with (
                process(environment, "worker"),
                process(environment, "console", "--json") as second,
                Office.open(settings, "bench") as office,
            ):
                references, load = await begun(office), Load()
                at_work = [asyncio.create_task(act(office, references, hand, load)) for hand in range(HANDS)]
                at_work += [asyncio.create_task(look(json.loads(one)["console"], load)) for one in (line, second)]
                await asyncio.sleep(seconds)
                load.part = "during"
                took = await rotated(environment)
                await asyncio.sleep(1)
                load.part = "after"
                await asyncio.sleep(seconds)
                load.over = True
                await asyncio.gather(*at_work)
                needs = await key_standing.needs(office.client)
                kept = await notes(office, references)
        environment.pop("TEMPORAL_ADDRESS")
        async with process(environment, "up", "--json") as line:
            os.environ["TEMPORAL_ADDRESS"] = json.loads(line)["temporal"]
            async with Office.open(settings) as office:
                read_again = await answered(office, references)
    done = sum(map(len, load.acts.values()))
    return {
        "cases": CASES,
        "acts": done,
        "kept": kept,
        "failed": load.failed,
        "rotation_seconds": round(took, 2),
        "payloads_by_key": list(needs.payloads.values()),
        "cases_by_key": list(needs.cases.values()),
        "read_again": read_again,
        "act_ms": {part: _spread(times) for part, times in load.acts.items()},
        "health_ms": {part: _spread(times) for part, times in load.looks.items()},
    }


def _spread(seconds: list[float]) -> list[int]:
    """How many, the median and the worst in milliseconds."""
    return (
        [len(seconds), round(statistics.median(seconds) * 1000), round(max(seconds) * 1000)] if seconds else [0, 0, 0]
    )


def show(figures: dict[str, Any]) -> None:
    print(
        f"{figures['acts']} acts on {figures['cases']} open cases, {figures['kept']} of them in the register, "
        f"{len(figures['failed'])} failed; the rotation took {figures['rotation_seconds']} s.\n"
        f"Payloads by key {figures['payloads_by_key']}; started anew, {figures['read_again']} of {figures['cases']} "
        "cases answer.\n"
    )
    for failure in figures["failed"][:5]:
        print(f"  {failure}")
    print(f"{'':<8}{'acts':>6}{'median':>9}{'worst':>9}{'health':>9}{'median':>9}{'worst':>9}   ms")
    for part in ("before", "during", "after"):
        acts, looks = figures["act_ms"][part], figures["health_ms"][part]
        print(f"{part:<8}{acts[0]:>6}{acts[1]:>9}{acts[2]:>9}{looks[0]:>9}{looks[1]:>9}{looks[2]:>9}")


def measure(times: int) -> dict[str, Any]:
    return asyncio.run(measured(times * 10))


if __name__ == "__main__":
    sys.exit(_command.run("rotation", __doc__, "tens of seconds before and after", measure, show))
