"""What people write appears nowhere in what Temporal stores."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from pydantic import BaseModel
from temporalio import activity, workflow
from temporalio.client import (
    Client,
    Interceptor,
    OutboundInterceptor,
    StartWorkflowInput,
    WorkflowFailureError,
    WorkflowHandle,
    WorkflowUpdateFailedError,
)
from temporalio.common import RetryPolicy
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import DataConverter
from temporalio.exceptions import ApplicationError
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from connection.client import connect
from connection.keys import KeyRing
from connection.server import LocalServer
from connection.settings import Settings
from workflows.attributes import registration

pytestmark = pytest.mark.temporal
QUEUE = "secrecy"
PLACES = (
    "input",
    "result",
    "update-argument",
    "update-result",
    "update-refusal",
    "signal",
    "query-argument",
    "query-result",
    "memo",
    "upserted-memo",
    "summary",
    "details",
    "current-details",
    "timer-summary",
    "activity-argument",
    "activity-result",
    "activity-summary",
    "failure-message",
    "failure-details",
    "heartbeat",
    "header",
)


def planted(place: str) -> str:
    return f"HESTERLOW-{place}-9Q7Z"


class Words(BaseModel):
    text: str


@activity.defn
async def write(words: Words) -> Words:
    activity.heartbeat(planted("heartbeat"))
    if activity.info().attempt == 1:
        await asyncio.sleep(0.2)
        raise ApplicationError(planted("failure-message"), planted("failure-details"), type="PostRefused")
    return Words(text=planted("activity-result"))


@workflow.defn(name="AsbStory")
class Story:
    def __init__(self) -> None:
        self.heard: list[str] = []

    @workflow.run
    async def run(self, words: Words) -> Words:
        workflow.set_current_details(planted("current-details"))
        workflow.upsert_memo({"note": planted("upserted-memo")})
        await workflow.sleep(0.01, summary=planted("timer-summary"))
        await workflow.execute_activity(
            write,
            Words(text=planted("activity-argument")),
            summary=planted("activity-summary"),
            start_to_close_timeout=timedelta(seconds=5),
            retry_policy=RetryPolicy(initial_interval=timedelta(seconds=1)),
        )
        await workflow.wait_condition(lambda: len(self.heard) == 2)
        if words.text == "fail":
            raise ApplicationError(planted("failure-message"), planted("failure-details"))
        return Words(text=planted("result"))

    @workflow.signal
    def tell(self, words: Words) -> None:
        self.heard.append(words.text)

    @workflow.update
    async def ask(self, words: Words) -> Words:
        self.heard.append(words.text)
        if words.text == "refuse":
            raise ApplicationError(planted("update-refusal"), planted("failure-details"), type="Refused")
        return Words(text=planted("update-result"))

    @workflow.query
    def recall(self, words: Words) -> Words:
        return Words(text=planted("query-result"))


class Stamp(Interceptor):
    """Adds a header to every workflow it starts."""

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:
        return Stamping(next)


class Stamping(OutboundInterceptor):
    async def start_workflow(self, input: StartWorkflowInput) -> WorkflowHandle[Any, Any]:
        [payload] = DataConverter.default.payload_converter.to_payloads([planted("header")])
        input.headers = {**input.headers, "officer": payload}
        return await super().start_workflow(input)


@dataclass
class Installation:
    """A server of its own, so that its files hold only what this test wrote."""

    server: LocalServer
    settings: Settings

    async def client(self, ring: KeyRing, **options: Any) -> Client:
        return await connect(self.settings, ring=ring, address=self.server.address, **options)

    def stored(self) -> bytes:
        files = [self.settings.temporal_db, *self.settings.home.glob("temporal.db-*")]
        assert len(files) == 3
        return b"".join(file.read_bytes() for file in files)


@pytest_asyncio.fixture
async def installation(settings: Settings) -> AsyncIterator[Installation]:
    async with LocalServer(
        settings.temporal_db, search_attributes=registration(), headless=True, log=settings.temporal_log
    ) as server:
        yield Installation(server, settings)


def worker(client: Client) -> Worker:
    return Worker(
        client,
        task_queue=QUEUE,
        workflows=[Story],
        activities=[write],
        workflow_runner=UnsandboxedWorkflowRunner(),
    )


async def start(client: Client, text: str) -> WorkflowHandle[Story, Words]:
    return await client.start_workflow(
        Story.run,
        Words(text=text),
        id=f"asb/{uuid.uuid4()}",
        task_queue=QUEUE,
        memo={"note": planted("memo")},
        static_summary=planted("summary"),
        static_details=planted("details"),
    )


async def live(client: Client) -> bytes:
    """Two cases through every place words can go; their histories and descriptions as stored."""
    good, bad = await start(client, planted("input")), await start(client, "fail")
    async with worker(client):
        raw = [await between_attempts(good)]
        recalled = await good.query(Story.recall, Words(text=planted("query-argument")))
        assert recalled.text == planted("query-result")
        answered = await good.execute_update(Story.ask, Words(text=planted("update-argument")))
        assert answered.text == planted("update-result")
        with pytest.raises(WorkflowUpdateFailedError) as refusal:
            await bad.execute_update(Story.ask, Words(text="refuse"))
        assert str(refusal.value.cause) == f"Refused: {planted('update-refusal')}"
        for handle in (good, bad):
            await handle.signal(Story.tell, Words(text=planted("signal")))
        assert (await good.result()).text == planted("result")
        with pytest.raises(WorkflowFailureError) as failure:
            await bad.result()
        assert isinstance(failure.value.cause, ApplicationError)
        assert failure.value.cause.message == planted("failure-message")
        assert failure.value.cause.details == (planted("failure-details"),)
    described = await good.describe()
    assert await described.memo() == {"note": planted("upserted-memo")}
    assert await described.static_summary() == planted("summary")
    raw.append(described.raw_description.SerializeToString())
    for handle in (good, bad):
        raw += [event.SerializeToString() async for event in handle.fetch_history_events()]
    return b"".join(raw)


async def between_attempts(handle: WorkflowHandle[Story, Words]) -> bytes:
    """The description while an activity waits for its second attempt."""
    while True:
        description = (await handle.describe()).raw_description
        if any(pending.HasField("last_failure") for pending in description.pending_activities):
            return description.SerializeToString()
        await asyncio.sleep(0.02)


def readable(stored: bytes) -> set[str]:
    return {place for place in PLACES if planted(place).encode() in stored}


async def test_nothing_people_write_is_readable_in_the_history_or_the_database(
    installation: Installation, ring: KeyRing
) -> None:
    history = await live(await installation.client(ring, interceptors=[Stamp()]))
    assert b"AsbStory" in history
    assert b"AsbStory" in installation.stored()
    assert readable(history) == set()
    assert readable(installation.stored()) == set()
    assert b"HESTERLOW" not in history + installation.stored()


async def test_the_same_search_finds_everything_without_the_codec(installation: Installation) -> None:
    plain = await Client.connect(
        installation.server.address, data_converter=pydantic_data_converter, interceptors=[Stamp()]
    )
    history = await live(plain)
    asked_and_answered = {"query-argument", "query-result", "current-details"}
    assert set(PLACES) - readable(history) == asked_and_answered
    assert set(PLACES) - readable(installation.stored()) == asked_and_answered


@pytest.mark.long
async def test_an_old_history_is_read_after_rotation_and_not_without_its_key(
    installation: Installation, ring: KeyRing
) -> None:
    before = await installation.client(ring)
    handle = await start(before, planted("input"))
    async with worker(before):
        await handle.query(Story.recall, Words(text=""))
    rotated = ring.rotate()
    after = await installation.client(rotated)
    moved = after.get_workflow_handle_for(Story.run, handle.id)
    async with worker(after):
        await moved.execute_update(Story.ask, Words(text="one"))
        await moved.execute_update(Story.ask, Words(text="two"))
        assert (await moved.result()).text == planted("result")
    assert await (await moved.describe()).static_summary() == planted("summary")

    only_new = await installation.client(
        KeyRing(active=rotated.active, keys={rotated.active: rotated.key(rotated.active)})
    )
    late = only_new.get_workflow_handle_for(Story.run, handle.id)
    assert (await late.result()).text == planted("result")
    assert f"Key {ring.active!r} is not in the key ring" in str(await (await late.describe()).static_summary())

    impostor = await installation.client(
        KeyRing(active=rotated.active, keys={ring.active: b"x" * 32, rotated.active: b"x" * 32})
    )
    with pytest.raises(ApplicationError, match=f"names key '{rotated.active}' does not open with it"):
        await impostor.get_workflow_handle_for(Story.run, handle.id).result()
