"""The worker knows every workflow and activity there is, and its command begins, answers and ends as it should."""

import asyncio
import importlib
import inspect
import os
import pkgutil
import signal
import sys
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner

import activities
import worker
import workflows
from connection.ports import free_port
from connection.server import LocalServer
from connection.settings import Settings
from domain.messages import NotTaken
from register.database import Database
from tests.workflows import gate
from workflows import effects
from workflows.attributes import registration
from workflows.reconcile import SCHEDULE_ID

WORKER = Path(worker.__file__)


def modules(package: ModuleType) -> Iterator[ModuleType]:
    yield package
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(found.name)


def defined_workflows() -> set[type]:
    return {
        found
        for module in modules(workflows)
        for _, found in inspect.getmembers(module, inspect.isclass)
        if "__temporal_workflow_definition" in vars(found)
    }


def defined_activities() -> set[str]:
    """Every activity's name, of functions and of methods."""
    found: set[str] = set()
    for module in modules(activities):
        for _, owner in [("", module), *inspect.getmembers(module, inspect.isclass)]:
            for member in vars(owner).values():
                if definition := getattr(member, "__temporal_activity_definition", None):
                    found.add(definition.name)
    return found


async def registered(tmp_path: Path) -> dict[str, activity._Definition]:
    settings = Settings(home=tmp_path)
    client = await Client.connect("127.0.0.1:1", lazy=True)
    bound = worker.activities(client, Database(settings.register_url), settings)
    definitions = [activity._Definition.must_from_callable(one) for one in bound]
    return {str(definition.name): definition for definition in definitions}


def test_every_workflow_is_registered() -> None:
    assert defined_workflows() == set(worker.WORKFLOWS)
    assert len(worker.WORKFLOWS) == len({workflow._Definition.must_from_class(one).name for one in worker.WORKFLOWS})


async def test_every_activity_is_registered_once(tmp_path: Path) -> None:
    assert defined_activities() == set(await registered(tmp_path))


def without_refusal(kind: Any) -> Any:
    """What an activity is given, but for what stands in its place where it was not sealed."""
    own = [part for part in typing.get_args(kind) if part is not NotTaken]
    return own[0] if own else kind


async def test_every_effect_a_workflow_names_has_an_activity_of_its_types(tmp_path: Path) -> None:
    names = {value for name, value in vars(effects).items() if name.isupper() and not name.startswith("_")}
    found = await registered(tmp_path)
    assert names == set(found)
    for name in names:
        asked = dict(typing.get_type_hints(getattr(effects, name)))
        answered = found[name]
        assert answered.ret_type is asked.pop("return"), name
        given = [kind for kind in asked.values() if kind != effects.TurnAway]
        assert answered.arg_types is not None
        assert [without_refusal(kind) for kind in answered.arg_types] == given, name


@dataclass
class Ended:
    """How a worker's process ended, and what it said."""

    code: int
    out: str
    err: str


class Process:
    """``python worker.py`` with an installation of its own."""

    def __init__(self, home: Path, address: str, **variables: str) -> None:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("CASEREVIEW_", "TEMPORAL_", "DATABASE_"))}
        self._environment = inherited | {"CASEREVIEW_HOME": str(home), "TEMPORAL_ADDRESS": address} | variables

    async def start(self, *arguments: str) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        return await asyncio.create_subprocess_exec(
            sys.executable, str(WORKER), *arguments, stdout=pipe, stderr=pipe, env=self._environment
        )

    async def run(self, *arguments: str) -> Ended:
        return await ended(await self.start(*arguments))


async def ended(process: asyncio.subprocess.Process) -> Ended:
    try:
        out, err = await asyncio.wait_for(process.communicate(), 60)
    except TimeoutError:
        process.kill()
        raise
    return Ended(process.returncode or 0, out.decode(), err.decode())


def is_one_sentence(text: str) -> bool:
    return text.count("\n") == 1 and text.endswith(".\n") and "Traceback" not in text


@pytest.mark.long
async def test_without_a_server_its_health_is_one_sentence(tmp_path: Path) -> None:
    nobody = f"127.0.0.1:{free_port()}"
    answers = await asyncio.gather(
        Process(tmp_path, nobody).run("--health"),
        Process(tmp_path, nobody, CASEREVIEW_SMTP_PORT="many").run("--health"),
    )
    assert [answer.code for answer in answers] == [2, 2]
    assert all(is_one_sentence(answer.err) for answer in answers), answers
    assert f"No Temporal server answers at {nobody}" in answers[0].err
    assert "CASEREVIEW_SMTP_PORT" in answers[1].err


@pytest.mark.long
@pytest.mark.temporal
async def test_it_serves_until_it_is_told_to_end(tmp_path: Path) -> None:
    async with LocalServer(None, search_attributes=registration(), headless=True) as server:
        unprotected = {"CASEREVIEW_SMTP_USERNAME": "csu", "CASEREVIEW_SMTP_HOST": "mail.example.org"}
        serving = await Process(tmp_path / "a", server.address).start()
        healthy, insecure = await asyncio.gather(
            Process(tmp_path / "b", server.address).run("--health"),
            Process(tmp_path / "c", server.address, **unprotected).run(),
        )
        assert (healthy.code, healthy.err) == (0, "")
        assert insecure.code == 2
        assert is_one_sentence(insecure.err), insecure
        assert "CASEREVIEW_SMTP_STARTTLS" in insecure.err
        assert serving.stdout is not None
        assert (
            await asyncio.wait_for(serving.stdout.readline(), 30)
        ).decode() == "Working on task queue case-review.\n"
        client = await Client.connect(server.address)
        assert (await client.get_schedule_handle(SCHEDULE_ID).describe()).schedule.spec.intervals
        serving.send_signal(signal.SIGTERM)
        last = await ended(serving)
    assert (last.code, last.err) == (0, "")


def test_the_gate_holds_workflows_in_the_sandbox_that_the_worker_does_without() -> None:
    assert isinstance(worker.RUNNER, UnsandboxedWorkflowRunner)
    assert "workflows" not in gate.sandbox().restrictions.passthrough_modules
