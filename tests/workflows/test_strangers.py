"""Who reaches Temporal's port is not the council: what a client without the key sends a case, and what comes of it."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from temporalio import activity
from temporalio.api.common.v1 import Payload, Payloads, WorkflowExecution
from temporalio.api.enums.v1 import EventType
from temporalio.api.update.v1 import Input, Meta, Request
from temporalio.api.workflowservice.v1 import (
    RespondActivityTaskCompletedByIdRequest,
    RespondActivityTaskFailedByIdRequest,
    SignalWorkflowExecutionRequest,
    StartWorkflowExecutionRequest,
    UpdateWorkflowExecutionRequest,
)
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowFailureError, WorkflowUpdateFailedError
from temporalio.converter import WorkflowSerializationContext
from temporalio.exceptions import ApplicationError
from temporalio.worker import Worker

import policies
import worker
from domain import events as e
from domain.messages import Situation, Turn, TurnDone
from office import taking_in
from office.bank_holidays import snapshot
from tests.workflows.gate import sandbox
from tests.workflows.life import APPLICANT, CHAIR, OFFICER, Desk, Life, decision, form
from tests.workflows.past import at_panel, at_threshold
from workflows.case_review import CaseReview
from workflows.file import NOT_SEALED

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]

HELD = {"by": {"role": "chair", "name": "Pat Chair"}, "what": {"on": "2026-11-30", "findings": "All lies."}}
ROOT = Path(__file__).parents[2]


async def bare(desk: Desk) -> Client:
    """A client with the port and nothing else."""
    return await Client.connect(address(desk))


def address(desk: Desk) -> str:
    return desk.office.client.service_client.config.target_host


def refused(now: Situation) -> list[str]:
    return [event.what.sentence for event in now.events if isinstance(event.what, e.ActRefused)]


async def sent_to(desk: Desk, reference: str) -> list[tuple[str, str, Payload]]:
    """What was sent to a case, as anybody with the port may read it: an Update's or a Signal's name, id and input."""
    found = []
    async for event in (await bare(desk)).get_workflow_handle(reference).fetch_history_events():
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED:
            request = event.workflow_execution_update_accepted_event_attributes.accepted_request
            found.append((request.input.name, request.meta.update_id, request.input.args.payloads[0]))
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED:
            signal = event.workflow_execution_signaled_event_attributes
            found.append((signal.signal_name, "", signal.input.payloads[0]))
    return found


async def update(desk: Desk, reference: str, name: str, id: str, payload: Payload) -> str:
    """Send an Update as it is; the sentence of its refusal, or "" where it was taken."""
    client = desk.office.client
    answer = await client.workflow_service.update_workflow_execution(
        UpdateWorkflowExecutionRequest(
            namespace="default",
            workflow_execution=WorkflowExecution(workflow_id=reference),
            request=Request(meta=Meta(update_id=id), input=Input(name=name, args=Payloads(payloads=[payload]))),
        )
    )
    if answer.outcome.HasField("success"):
        return ""
    converter = client.data_converter.with_context(WorkflowSerializationContext("default", reference))
    return str(await converter.decode_failure(answer.outcome.failure))


async def signal(desk: Desk, reference: str, name: str, *payloads: Payload) -> None:
    await desk.office.client.workflow_service.signal_workflow_execution(
        SignalWorkflowExecutionRequest(
            namespace="default",
            workflow_execution=WorkflowExecution(workflow_id=reference),
            signal_name=name,
            input=Payloads(payloads=payloads),
        )
    )


async def test_invariant_11_whatever_a_client_without_the_key_sends_a_case_does_nothing_and_is_seen(desk: Desk) -> None:
    life = await at_panel(desk)
    before = await life.kinds()
    stranger = (await bare(desk)).get_workflow_handle(life.reference)
    for name in ("record-panel-decision", "withdraw", "add-incident"):
        await stranger.signal(name, HELD)
    await stranger.signal("withdraw")
    await stranger.signal("withdraw", args=[HELD, HELD])
    for name, what in (("add-note", {"text": "Paid."}), ("decide-threshold", {"met": False, "decided_by": "Sam"})):
        with pytest.raises(WorkflowUpdateFailedError) as refusal:
            await stranger.execute_update(
                name, {"by": {"role": "officer", "name": "Sam"}, "what": what, "id": "1"}, id="1"
            )
        assert isinstance(refusal.value.cause, ApplicationError)
        assert refusal.value.cause.type == "NotTaken"
    for args in ([], [HELD, HELD]):
        with pytest.raises(WorkflowUpdateFailedError):
            await stranger.execute_update("add-note", args=args)
    now = await life.until(lambda now: bool(refused(now)))
    assert refused(now) == [NOT_SEALED]
    assert [kind for kind in await life.kinds() if kind != "letter.posted"] == [
        *(kind for kind in before if kind != "letter.posted"), "act.refused",
    ]  # fmt: skip
    assert now.stage == "panel arranged"
    assert (await life.letters())["A-18"] == 1
    [told] = [mail for mail in life.mails("") if "Something could not be done" in mail.subject]
    assert "tell whoever runs the service" in " ".join(told.text.split())
    await life.hold_panel("police")
    assert await life.stage() == "plan with the applicant"
    await desk.office.signal(life.reference, e.Withdrawn(), APPLICANT)
    assert (await desk.office.handle(life.reference).result()).stage == "withdrawn"


async def test_a_signal_that_there_is_none_of_is_seen_too(desk: Desk) -> None:
    life = await Life.begin(desk)
    await (await bare(desk)).get_workflow_handle(life.reference).signal("decide-threshold", HELD)
    [sentence] = refused(await life.until(lambda now: bool(refused(now))))
    assert sentence.startswith("there is no Signal of that name")


async def test_a_sweep_that_somebody_starts_with_something_sweeps_and_ends(desk: Desk) -> None:
    stranger, queue = await bare(desk), desk.office.settings.task_queue
    begun = await stranger.start_workflow("TakeUpCases", args=[HELD, HELD], id=uuid.uuid4().hex, task_queue=queue)
    status = WorkflowExecutionStatus.RUNNING
    async with asyncio.timeout(20):
        while (status := (await begun.describe()).status) is WorkflowExecutionStatus.RUNNING:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert status is WorkflowExecutionStatus.COMPLETED


@pytest.mark.parametrize("args", [[{"reference": "DOV-2026-9999"}], [], [HELD, HELD]])
async def test_a_case_begun_by_a_client_without_the_key_fails_at_once(desk: Desk, args: list[object]) -> None:
    reference = f"DOV-2026-{uuid.uuid4().hex[:8]}"
    stranger = await bare(desk)
    queue = desk.office.settings.task_queue
    begun = await stranger.start_workflow("CaseReview", args=args, id=reference, task_queue=queue)
    with pytest.raises(WorkflowFailureError) as failure:
        await asyncio.wait_for(begun.result(), 20)
    assert isinstance(failure.value.cause, ApplicationError)
    assert failure.value.cause.type == "NotTaken"


async def test_a_case_is_not_begun_with_what_another_was_begun_with(desk: Desk) -> None:
    life = await Life.begin(desk)
    client, reference = desk.office.client, f"DOV-2026-{uuid.uuid4().hex[:8]}"
    [event] = (await desk.office.handle(life.reference).fetch_history()).events[:1]
    own = event.workflow_execution_started_event_attributes
    request = StartWorkflowExecutionRequest(
        namespace="default", workflow_id=reference, workflow_type=own.workflow_type, task_queue=own.task_queue,
        input=own.input, request_id=uuid.uuid4().hex,
    )  # fmt: skip
    await client.workflow_service.start_workflow_execution(request)
    with pytest.raises(WorkflowFailureError) as failure:
        await client.get_workflow_handle(reference).result()
    assert "copied from there" in str(failure.value.cause)


async def test_what_was_sent_to_one_case_does_nothing_in_another(desk: Desk) -> None:
    victim, source = await Life.begin(desk), await at_threshold(desk)
    for number in range(4):
        await source.act(e.NoteAdded(text=f"Note {number}."), OFFICER)
    await source.act(e.ThresholdDecided(met=True, decided_by=OFFICER.name), OFFICER)
    incident = e.IncidentAdded(incident=form(1).incidents[0].model_copy(update={"what": "It happened again."}))
    await desk.office.signal(source.reference, incident, APPLICANT)
    await source.until(lambda now: any(event.kind == "incident.added" for event in now.events))
    before, copied = await victim.kinds(), await sent_to(desk, source.reference)
    assert len(copied) == 6
    for name, id, payload in copied:
        if id:
            assert "copied from there" in await update(desk, victim.reference, name, id, payload)
        await signal(desk, victim.reference, "withdraw", payload)
    assert refused(await victim.until(lambda now: bool(refused(now)))) == [NOT_SEALED]
    assert set(await victim.kinds()) - set(before) == {"act.refused"}


async def test_what_was_sent_to_a_case_once_does_nothing_when_it_is_sent_again(desk: Desk) -> None:
    life = await Life.begin(desk)
    await life.act(e.NoteAdded(text="She rang."), OFFICER)
    incident = e.IncidentAdded(incident=form(1).incidents[0].model_copy(update={"what": "It happened again."}))
    await desk.office.signal(life.reference, incident, APPLICANT)
    early = decision(await life.today(), "police")
    await desk.office.signal(life.reference, early, CHAIR)
    await life.until(lambda now: len(refused(now)) == 1)
    before, letters = await life.kinds(), await life.letters()
    sent = await sent_to(desk, life.reference)
    assert [name for name, _, _ in sent] == ["add-note", "add-incident", "record-panel-decision"]
    for name, id, payload in sent:
        if id:
            assert await update(desk, life.reference, name, id, payload) == ""
        for another in ("add-note", "withdraw", "decide-threshold"):
            answer = await update(desk, life.reference, another, uuid.uuid4().hex, payload)
            assert answer, f"{name} was taken again as the Update {another}"
        for another in (name, "withdraw", "add-incident", "record-panel-decision"):
            if another in ("withdraw", "add-incident", "record-panel-decision"):
                await signal(desk, life.reference, another, payload)
    await life.act(e.NoteAdded(text="Still here."), OFFICER)
    assert await life.kinds() == [*before, "note.added"]
    assert await life.letters() == letters


async def test_a_decision_refused_as_too_early_is_not_taken_later_from_somebody_elses_hand(desk: Desk) -> None:
    life = await at_panel(desk)
    on = (await life.event("panel.arranged")).what.on
    await desk.office.signal(life.reference, decision(on, "police"), CHAIR)
    await life.until(lambda now: len(refused(now)) == 1)
    [(name, _, payload)] = await sent_to(desk, life.reference)
    await life.on(on)
    await signal(desk, life.reference, name, payload)
    await life.act(e.NoteAdded(text="The panel meets."), OFFICER)
    assert await life.stage() == "panel arranged"


async def test_a_flood_of_plain_signals_is_one_event_and_one_letter_a_day(desk: Desk) -> None:
    life = await Life.begin(desk)
    stranger = (await bare(desk)).get_workflow_handle(life.reference)
    for _ in range(20):
        await asyncio.gather(*(stranger.signal("withdraw", HELD) for _ in range(10)))
    await life.act(e.NoteAdded(text="Still here."), OFFICER)
    assert refused(await life.settled()) == [NOT_SEALED]
    assert (await life.letters())["A-18"] == 1
    await life.after(1)
    for _ in range(10):
        await stranger.signal("withdraw", HELD)
    now = await life.until(lambda now: len(refused(now)) > 1)
    assert refused(now) == [NOT_SEALED, NOT_SEALED]


class Held:
    """The worker's ``carry_out``, which waits for the test the first few times before it does anything."""

    def __init__(self, desk: Desk, times: int) -> None:
        office = desk.office
        self._times, self._real = times, worker.activities(office.client, office.database, office.settings)[0]
        self.at_work = asyncio.Event()

    @activity.defn(name="carry_out")
    async def carry_out(self, turn: Turn) -> TurnDone:
        if self._times:
            self._times -= 1
            self.at_work.set()
            await asyncio.sleep(3600)
        done: TurnDone = await self._real(turn)
        return done


@asynccontextmanager
async def held(desk: Desk, times: int = 1) -> AsyncIterator[tuple[Desk, Held]]:
    """A desk with a task queue of its own, whose first activity is at work until somebody else ends it."""
    settings = desk.office.settings.model_copy(update={"task_queue": uuid.uuid4().hex})
    own, work = replace(desk, office=replace(desk.office, settings=settings)), Held(desk, times)
    async with Worker(
        own.office.client, task_queue=settings.task_queue, workflows=worker.WORKFLOWS, activities=[work.carry_out],
        workflow_runner=sandbox(),
    ):  # fmt: skip
        yield own, work


async def begun(desk: Desk, work: Held) -> tuple[Life, Payload]:
    """A case whose first activity is at work, and what that was given."""
    office, calendar = desk.office, snapshot()
    start = await taking_in.kept(office, form(), policies.load("dover"), by=OFFICER, calendar=calendar, demo=True)
    await office.begin(start)
    await asyncio.wait_for(work.at_work.wait(), 20)
    history = await office.handle(start.reference).fetch_history()
    [scheduled] = [event for event in history.events if event.HasField("activity_task_scheduled_event_attributes")]
    given = scheduled.activity_task_scheduled_event_attributes.input.payloads[0]
    return Life(desk, start.reference, calendar), given


PLAIN = Payload(metadata={"encoding": b"json/plain"}, data=b'{"posted": []}')


@pytest.mark.parametrize("copied", [False, True], ids=["in plain JSON", "with what the activity was given"])
async def test_a_result_that_is_not_the_workers_is_asked_for_again(desk: Desk, copied: bool) -> None:
    async with held(desk) as (own, work):
        life, given = await begun(own, work)
        await desk.office.client.workflow_service.respond_activity_task_completed_by_id(
            RespondActivityTaskCompletedByIdRequest(
                namespace="default", workflow_id=life.reference, activity_id="1",
                result=Payloads(payloads=[given if copied else PLAIN]),
            )
        )  # fmt: skip
        now = await life.until(lambda now: bool(refused(now)))
        assert refused(now) == [NOT_SEALED]
        assert (await life.letters())["L-01"] == 1
        await life.act(e.NoteAdded(text="Still here."), OFFICER)


async def test_an_activity_that_somebody_else_says_failed_for_good_is_begun_anew(desk: Desk) -> None:
    async with held(desk) as (own, work):
        life, _ = await begun(own, work)
        request = RespondActivityTaskFailedByIdRequest(namespace="default", workflow_id=life.reference, activity_id="1")
        request.failure.message = "It is over."
        request.failure.application_failure_info.non_retryable = True
        await desk.office.client.workflow_service.respond_activity_task_failed_by_id(request)
        await life.settled()
        assert (await life.letters())["L-01"] == 1
        await life.act(e.NoteAdded(text="Still here."), OFFICER)


async def test_a_case_that_ended_is_not_begun_again_with_another_of_its_own_messages(desk: Desk) -> None:
    life = await Life.begin(desk)
    await life.act(e.NoteAdded(text="She rang."), OFFICER)
    [(_, _, payload)] = await sent_to(desk, life.reference)
    await desk.office.signal(life.reference, e.Withdrawn(), APPLICANT)
    await desk.office.handle(life.reference).result()
    stranger = await bare(desk)
    request = StartWorkflowExecutionRequest(
        namespace="default", workflow_id=life.reference, request_id=uuid.uuid4().hex,
        input=Payloads(payloads=[payload]),
    )  # fmt: skip
    request.workflow_type.name, request.task_queue.name = "CaseReview", desk.office.settings.task_queue
    await stranger.workflow_service.start_workflow_execution(request)
    handle = desk.office.client.get_workflow_handle_for(CaseReview.run, life.reference)
    with pytest.raises(WorkflowFailureError) as failure:
        await handle.result()
    assert "holds Act, which is not what is read here" in str(failure.value.cause)
    assert (await handle.describe()).status is WorkflowExecutionStatus.FAILED
