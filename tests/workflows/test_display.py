"""What operations staff see of a case in the Temporal UI: lists, details, summaries, all in words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.converter import WorkflowSerializationContext

from domain import events as e
from domain.calendar import LONDON, Unit, count
from domain.dates import short
from domain.policy import Subject
from tests.workflows.life import APPEAL_BODY, OFFICER, Desk, Life
from tests.workflows.past import at_panel, at_refusal

pytestmark = [pytest.mark.long, pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]

PERSONAL = ("Asha", "example.org", "banging", "Sam Officer", "Pat Chair", "A. Police", "Joanna", "diary", "Town Hall")
SUMMARY_BYTES = 200


async def found(desk: Desk, query: str) -> set[str]:
    return {one.id async for one in desk.office.client.list_workflows(query)}


async def listed(life: Life, query: str) -> bool:
    """Whether the case comes up for what staff typed; the list may be a moment behind."""
    for _ in range(20):
        if life.reference in await found(life.desk, query):
            return True
        await asyncio.sleep(0.05)
    return False


async def details(life: Life) -> str:
    """The case's page in the Temporal UI, as its codec shows it."""
    await life.settled()
    metadata = await life.desk.office.handle(life.reference).query(
        "__temporal_workflow_metadata", result_type=WorkflowMetadata
    )
    return str(metadata.current_details).replace("\u00a0", " ")


@dataclass(frozen=True)
class Summary:
    kind: int
    text: str
    bytes: int


async def summaries(life: Life) -> AsyncIterator[Summary]:
    """The summary of each timer and activity; one without any fails the test."""
    client = life.desk.office.client
    mine = client.data_converter.with_context(WorkflowSerializationContext(client.namespace, life.reference))
    wanted = (EventType.EVENT_TYPE_TIMER_STARTED, EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED)
    async for event in client.get_workflow_handle(life.reference).fetch_history_events():
        if event.event_type in wanted:
            assert event.user_metadata.HasField("summary"), f"event {event.event_id} says nothing"
            [text] = await mine.decode([event.user_metadata.summary], [str])
            yield Summary(event.event_type, text, len(text.encode()))


def in_the_table(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"


def end_of(day: date) -> str:
    return datetime.combine(day + timedelta(days=1), time(), LONDON).isoformat()


async def test_cases_are_listed_by_council_stage_who_must_act_and_what_is_due(desk: Desk) -> None:
    life = await Life.begin(desk, "dover")
    assert await listed(life, "CaseCouncil = 'dover' AND CaseStage = 'verifying reports' AND Demo = true")
    assert await listed(life, "MustAct = 'council'")
    await life.everybody_answers(e.Purpose.VERIFICATION, but=("police",))
    assert await listed(life, "MustAct = 'police'")
    due = (await life.deadline("verification:police")).due
    assert await listed(life, f"NextDeadline < '{end_of(due)}' AND NextDeadlineKind = 'verification:police'")
    assert life.reference not in await found(desk, f"NextDeadline < '{end_of(due - timedelta(days=1))}'")
    assert life.reference not in await found(desk, "Breached = true")
    await desk.office.signal(life.reference, e.Withdrawn(), e.Actor(role=e.Role.APPLICANT))
    await desk.office.handle(life.reference).result()
    assert await listed(life, "CaseStage = 'withdrawn' AND MustAct IS NULL AND NextDeadline IS NULL")
    assert life.reference not in await found(desk, "MustAct = 'police'")


async def test_a_case_is_listed_as_breached_from_the_moment_a_duty_is_overdue(desk: Desk) -> None:
    life = await Life.begin(desk, "kent-district")
    decide = await life.deadline("threshold")
    await life.on(decide.due)
    assert life.reference not in await found(desk, "Breached = true OR Overdue IS NOT NULL")
    await life.on(count(life.calendar, decide.due, 1, Unit.WORKING_DAYS).due)
    assert await listed(life, "Breached = true AND CaseCouncil = 'kent-district' AND MustAct = 'officer'")
    page = await details(life)
    [row] = [line for line in page.splitlines() if line.startswith(f"| {decide.title} ")]
    assert "overdue" in row
    assert await listed(life, "Overdue = 'threshold' AND Stuck = false")
    await life.to_threshold()
    await life.act(e.ThresholdDecided(met=True, decided_by=OFFICER.name), OFFICER)
    assert await listed(life, "Breached = true AND Overdue IS NULL AND CaseStage = 'gathering information'")


async def test_an_appeal_is_listed_by_its_stage_and_by_the_body_that_must_hear_it(desk: Desk) -> None:
    life = await at_refusal(desk, "kent-district")
    lodged = e.AppealLodged(subject=Subject.THRESHOLD, grounds="The diary.", consent_to_transfer=True)
    await life.act(lodged)
    assert await listed(life, "CaseStage = 'appeal' AND MustAct = 'appeal_body'")
    page = await details(life)
    assert "waiting for the appeal to be heard" in page
    hearing = await life.deadline("appeal_hearing")
    assert f"| {hearing.title} ({hearing.limit}) | {short(hearing.due)} |" in page
    await life.act(e.AppealHeard(on=await life.today()), APPEAL_BODY)
    assert "waiting for the appeal decision" in await details(life)


async def test_the_details_name_what_a_case_waits_for_who_must_act_and_every_deadline(desk: Desk) -> None:
    life = await Life.begin(desk, "dover")
    await life.everybody_answers(e.Purpose.VERIFICATION, but=("police",))
    page = await details(life)
    now = await life.settled()
    assert page.startswith(f"### {life.reference}: verifying reports")
    assert f"**As of:** {in_the_table(now.now.astimezone(LONDON).date())}" in page
    assert "**Now:** waiting for Kent Police to confirm the reports" in page
    assert "**Must act:** police" in page
    assert len(now.deadlines) > 5
    for deadline in now.deadlines:
        assert f"| {deadline.title} ({deadline.limit}) | {short(deadline.due)} | the same | {deadline.state} |" in page
    extend = e.Extended(step="response", working_days=3, reason="Joanna is ill.", approved_by="Joanna Head")
    await life.act(extend, OFFICER)
    moved = await life.deadline("response")
    assert f"| {moved.title} ({moved.limit}) | {short(moved.due)} | {short(moved.promised)} | open |" in await details(
        life
    )
    payload = {"id": "early", "by": {"role": "chair"}, "what": {"on": "2026-01-05", "findings": "The diary."}}
    await desk.office.handle(life.reference).signal("record-panel-decision", payload)
    await life.until(lambda now: any(event.kind == "act.refused" for event in now.events))
    page = await details(life)
    assert "- Refused: record-panel-decision:" in page
    assert not [word for word in PERSONAL if word in page]


async def test_a_case_has_a_summary_of_its_own_and_so_has_every_timer_and_activity(desk: Desk) -> None:
    life = await at_panel(desk, "kent-district", ahead=4)
    await life.act(e.OfficerAssigned(officer="Joanna New", email="joanna@example.org"))
    await life.hold_panel("police", "council")
    await life.outcome()
    described = await desk.office.handle(life.reference).describe()
    summary = await described.static_summary()
    assert summary == f"ASB Case Review {life.reference}, Kent District Council (sample)"
    static = await described.static_details()
    assert static is not None
    assert "kent-district" in static
    found = [one async for one in summaries(life)]
    assert {one.kind for one in found} == {
        EventType.EVENT_TYPE_TIMER_STARTED, EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
    }  # fmt: skip
    for one in found:
        assert one.text.strip()
        assert "\n" not in one.text
        assert len(one.text.split()) >= 2 or one.kind == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED, one.text
        assert one.bytes <= SUMMARY_BYTES, one.text
    whole = "\n".join([summary, static, *(one.text for one in found)])
    assert not [word for word in PERSONAL if word in whole]
    assert any("L-11 to applicant" in one.text for one in found)
    assert any(" due " in one.text for one in found if one.kind == EventType.EVENT_TYPE_TIMER_STARTED)
