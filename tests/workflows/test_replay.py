"""The replay gate: what cases lived through replays under the code as it is, and not under code that does otherwise."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from temporalio import workflow
from temporalio.client import WorkflowHistory

from connection.time_travel import travelling
from domain import events as e
from domain.messages import CarriedOver
from domain.policy import Decision, Subject
from register import queries
from tests.workflows.gate import Chattier, Sleepier, Unchanged, gate
from tests.workflows.life import APPEAL_BODY, APPLICANT, OFFICER, Desk, Life, form
from workflows.case_review import CaseReview

pytestmark = [pytest.mark.temporal, pytest.mark.long, pytest.mark.asyncio(loop_scope="session")]


async def appealed(life: Life, decision: Decision) -> None:
    await life.to_outcome("police")
    await life.answer("R1", "police")
    lodged = e.AppealLodged(subject=Subject.OUTCOME, grounds="You left out my diary.", consent_to_transfer=True)
    await life.act(lodged)
    await life.after(3)
    decided = e.AppealDecided(decision=decision, reasons="We read the diary.", heard_on=await life.today())
    await life.act(decided, APPEAL_BODY)


async def happy(life: Life) -> None:
    await appealed(life, Decision.DISMISSED)
    await life.done("R1", "police")
    await life.follow_up()
    await life.to_the_end(30)


async def refused(life: Life) -> None:
    await life.refused_threshold()
    await life.to_the_end(40)


async def remitted(life: Life) -> None:
    await appealed(life, Decision.REMITTED)
    await life.collated_panel()


async def delayed(life: Life) -> None:
    """Nobody acts but out of turn: one act and one signal are refused."""
    await life.after(24)
    await life.refusal(e.OutcomeDecided(reasons="Too early."))
    await life.desk.office.handle(life.reference).signal("record-panel-decision", "not an act")
    await life.until(lambda now: any(event.kind == "act.refused" for event in now.events))


async def withdrawn(life: Life) -> None:
    await life.after(2)
    await life.desk.office.signal(life.reference, e.Withdrawn(reason="I have moved."), APPLICANT)
    await life.desk.office.handle(life.reference).result()


LIVES: dict[str, tuple[Callable[[Life], Awaitable[None]], int]] = {
    "happy": (happy, 3),
    "refused": (refused, 2),
    "remitted": (remitted, 3),
    "delayed": (delayed, 3),
    "withdrawn": (withdrawn, 3),
}
WHOLE, SHORT = pytest.param("happy", marks=pytest.mark.thorough), ("delayed", "withdrawn")
"""A life from end to end takes seconds; four of them are kept in ``tests/histories`` and replayed with every run."""
ENDS = {
    "happy": "closed",
    "refused": "closed",
    "remitted": "panel arranged",
    "delayed": "deciding the threshold",
    "withdrawn": "withdrawn",
}


@dataclass
class Histories:
    """What each case lived through, as stored, encrypted; lived when it is first asked for."""

    desk: Desk
    known: dict[str, WorkflowHistory] = field(default_factory=dict)

    async def of(self, name: str) -> WorkflowHistory:
        if name not in self.known:
            live, incidents = LIVES[name]
            life = await Life.begin(self.desk, "kent-district", form(incidents))
            await live(life)
            assert await life.stage() == ENDS[name]
            handle = self.desk.office.client.get_workflow_handle(life.reference)
            self.known[name] = await handle.fetch_history()
        return self.known[name]


@pytest.fixture(scope="session")
def histories(desk: Desk) -> Histories:
    return Histories(desk)


@pytest.mark.parametrize("name", [WHOLE, "refused", pytest.param("remitted", marks=pytest.mark.thorough), *SHORT])
async def test_a_life_replays_under_the_code_as_it_is(desk: Desk, histories: Histories, name: str) -> None:
    history = await histories.of(name)
    assert len(history.events) > 20
    result = await gate(desk.office.client.data_converter).replay_workflow(history)
    assert result.replay_failure is None


async def test_a_life_still_replays_after_it_was_written_to_a_file_and_read_back(
    desk: Desk, histories: Histories
) -> None:
    history = await histories.of("delayed")
    written = history.to_json()
    assert "Asha" not in written
    await gate(desk.office.client.data_converter).replay_workflow(
        WorkflowHistory.from_json(history.workflow_id, written)
    )


@pytest.mark.parametrize("name", [WHOLE, "delayed"])
@pytest.mark.parametrize("changed", [Chattier, Sleepier])
async def test_the_gate_fails_a_workflow_that_does_something_more(
    desk: Desk, histories: Histories, name: str, changed: type
) -> None:
    history = await histories.of(name)
    with pytest.raises(workflow.NondeterminismError, match="TMPRL1100"):
        await gate(desk.office.client.data_converter, changed).replay_workflow(history)


@pytest.mark.parametrize("name", [WHOLE, "delayed"])
async def test_the_gate_passes_the_same_workflow_by_another_class(desk: Desk, histories: Histories, name: str) -> None:
    await gate(desk.office.client.data_converter, Unchanged).replay_workflow(await histories.of(name))


async def test_a_case_goes_on_in_a_new_run_with_all_it_had_come_to(desk: Desk) -> None:
    life = await Life.begin(desk, "kent-district")
    await life.act(e.ThresholdDecided(met=True, decided_by=OFFICER.name), OFFICER)
    note = e.NoteAdded(text="She rang.")
    noted = await life.act(note, OFFICER, id="6f0c2d")
    extended = e.Extended(step="response", working_days=3, reason="Leave.", approved_by="Head of Safety")
    await life.act(extended, OFFICER)
    before, letters = await life.settled(), await life.letters()
    handle = desk.office.handle(life.reference)
    await handle.terminate()
    stored = await queries.case(desk.office.database, life.reference)
    assert stored is not None
    progress = CarriedOver(events=before.events, seen={"6f0c2d": noted})
    await travelling(desk.office.client).start_workflow(
        CaseReview.run,
        stored.start.model_copy(update={"progress": progress}),
        id=life.reference,
        task_queue=desk.office.settings.task_queue,
    )
    after = await life.settled()
    assert (after.stage, after.waiting, after.deadlines) == (before.stage, before.waiting, before.deadlines)
    assert after.events == before.events
    assert await life.letters() == letters
    assert await life.act(note, OFFICER, id="6f0c2d") == noted
    assert (await life.kinds()).count("note.added") == 1
    await life.everybody_answers(e.Purpose.INFORMATION)
    assert await life.stage() == "arranging the panel"
    again = await queries.case(desk.office.database, life.reference)
    assert again is not None
    assert [event.id for event in again.events] == [event.id for event in (await life.settled()).events]
    assert await life.letters() == letters
