"""A workflow that Temporal has lost is begun again from the register: at its stage, with its dates, no letter twice."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

import worker
from activities.mending import BY_ITSELF
from connection.settings import Settings
from domain import events as e
from domain.messages import Situation
from office import acting, two_halves
from office.acting import Left
from office.health_watch import COMPARED_EVERY, EVERY, Pulse
from office.two_halves import NotRebuilt
from register import pending_acts
from starter.cli import run
from tests.workflows.halves import Council, council_in, dates, real
from tests.workflows.life import OFFICER, Desk, Life
from tests.workflows.town import eventually

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def council(desk: Desk, tmp_path: Path) -> AsyncIterator[Council]:
    async with council_in(desk, tmp_path) as council:
        yield council


async def test_a_lost_case_is_seen_and_said_within_a_minute(council: Council) -> None:
    await real(council)
    life = await real(council)
    pulse = Pulse(council.office)
    assert (await pulse.now()).cases is None
    await council.forgotten(life)
    assert COMPARED_EVERY + EVERY < 60
    beat = await Pulse(council.office).now()
    assert not beat.well
    assert beat.as_json()["temporal"] == {
        "ok": False,
        "why": "1 of 2 open cases has no running workflow in Temporal, so nothing is done in it. "
        "Run casereview rebuild --all.",
    }
    assert life.reference not in str(beat.as_json())


async def test_the_command_says_what_differs_what_it_would_do_and_does_it(
    council: Council, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    other, life = await real(council), await real(council)
    settings = council.office.settings
    monkeypatch.setenv("CASEREVIEW_HOME", str(settings.home))
    monkeypatch.setenv("CASEREVIEW_KEYS", council.desk.office.settings.key_ring().ring.to_json())
    monkeypatch.setenv("CASEREVIEW_TASK_QUEUE", settings.task_queue)
    monkeypatch.setenv("TEMPORAL_ADDRESS", council.office.client.service_client.config.target_host)

    async def said(*arguments: str) -> tuple[int, str]:
        code = await asyncio.to_thread(run, ["rebuild", *arguments])
        return code, " ".join(capsys.readouterr().out.split())

    assert await said() == (0, "Register and Temporal agree on every case; 2 are open.")
    assert await said("--all") == (0, "No case has lost a half: nothing is to be done.")
    await council.forgotten(life)
    assert f"{life.reference} Temporal does not know it" in (await said())[1]
    with pytest.raises(RuntimeError, match="1 of 2 open cases has no running workflow"):
        await worker.healthy(Settings.load())
    assert await asyncio.to_thread(run, ["worker", "--health"]) == 2
    assert capsys.readouterr().err.startswith("1 of 2 open cases has no running workflow in Temporal, so")
    code, would = await said("--all", "--dry-run")
    assert (code, "would be" in would, "verifying reports" in would) == (0, True, True)
    assert life.reference in (await council.compared()).without_workflow
    assert (await said(life.reference.lower()))[0] == 0
    await worker.healthy(Settings.load())
    assert (await council.compared()).alike
    for reference in (life.reference, other.reference):
        code, refused = await said(reference)
        assert (code, "is in Temporal" in refused) == (2, True)
    assert (await said("DOV-1999-0001"))[0] == 2


async def test_a_lost_workflow_is_begun_again_at_its_stage_with_its_dates_and_no_letter_twice(
    council: Council,
) -> None:
    other, life = await real(council), await real(council)
    await life.to_threshold()
    before, mails = await life.settled(), len(life.mails())
    await council.forgotten(life)
    assert (await council.compared()).without_workflow == (life.reference,)
    await council.sweep()
    after = await life.settled()
    assert (after.stage, after.waiting, after.events, dates(after)) == (
        before.stage, before.waiting, before.events, dates(before),
    )  # fmt: skip
    await life.act(e.ThresholdDecided(met=True, decided_by=OFFICER.name), OFFICER)
    assert (await life.letters())["L-03"] == 1
    assert len(life.mails()) == mails + len(_since(await life.settled(), before))
    assert (await council.compared()).alike
    assert (await other.settled()).stage == "verifying reports"


def _since(now: Situation, before: Situation) -> list[e.Event]:
    return [event for event in now.events[len(before.events) :] if event.kind == "letter.posted"]


async def test_an_act_typed_again_after_a_rebuild_is_done_once(council: Council) -> None:
    await real(council)
    life = await real(council)
    note = e.NoteAdded(text="Rang the applicant.")
    await life.act(note, OFFICER, id="typed-once")
    await council.forgotten(life)
    await council.rebuilt(life)
    await life.act(note, OFFICER, id="typed-once")
    assert (await life.kinds()).count("note.added") == 1


async def test_what_is_done_to_a_lost_case_is_kept_and_done_once_it_runs(council: Council) -> None:
    await real(council)
    life = await real(council)
    await council.forgotten(life)
    outcome = await acting.act(council.office, life.reference, e.NoteAdded(text="Rang again."), OFFICER)
    assert isinstance(outcome, Left)
    assert "not in Temporal just now" in outcome.sentence
    await council.sweep()
    assert (await life.kinds()).count("note.added") == 1
    assert await pending_acts.of_case(council.office.database, life.reference) == []


async def test_a_workflow_that_runs_or_has_ended_is_never_begun_again(council: Council) -> None:
    life = await real(council)
    plan = await two_halves.plan(council.office, life.reference)
    with pytest.raises(NotRebuilt, match="is in Temporal"):
        await two_halves.rebuilt(council.office, plan)
    await life.act(e.Withdrawn(reason="It has stopped."))
    await eventually(lambda: council.has_ended(life))
    with pytest.raises(NotRebuilt, match="is in Temporal"):
        await two_halves.rebuilt(council.office, plan)


async def test_two_who_rebuild_at_once_begin_one_workflow(council: Council) -> None:
    life = await real(council)
    before = await life.settled()
    await council.forgotten(life)
    plan = await two_halves.plan(council.office, life.reference)
    done = await asyncio.gather(*(two_halves.rebuilt(council.office, plan) for _ in range(4)), return_exceptions=True)
    assert sum(result is None for result in done) == 1
    assert {type(result) for result in done if result} == {NotRebuilt}
    assert (await life.settled()).events == before.events


async def test_a_workflow_that_was_ended_from_outside_is_said_and_begun_again_when_asked(council: Council) -> None:
    life = await real(council)
    await council.office.handle(life.reference).terminate("by mistake")
    assert (await council.compared()).stopped == (life.reference,)
    with pytest.raises(Exception, match="execution failed"):
        await council.sweep()
    await council.rebuilt(life)
    assert (await life.settled()).stage == "verifying reports"
    assert (await council.compared()).alike


async def test_where_temporal_knows_no_case_nothing_is_begun_before_somebody_says_so(council: Council) -> None:
    lives = [await real(council) for _ in range(2)]
    for life in lives:
        await council.forgotten(life)
    found = await council.compared()
    assert found.another_server
    with pytest.raises(Exception, match="execution failed"):
        await council.sweep()
    assert (await council.compared()).without_workflow == tuple(sorted(life.reference for life in lives))
    for life in lives:
        await council.rebuilt(life)
    assert (await council.compared()).alike


async def test_a_sweep_begins_no_more_than_a_few_again_by_itself(council: Council) -> None:
    await real(council)
    lives = [await real(council) for _ in range(BY_ITSELF + 1)]
    for life in lives:
        await council.forgotten(life)
    with pytest.raises(Exception, match="execution failed"):
        await council.sweep()
    assert len((await council.compared()).without_workflow) == BY_ITSELF + 1


@pytest.mark.usefixtures("real_time")
async def test_a_demonstration_case_goes_on_from_its_own_day(council: Council) -> None:
    await real(council)
    life = await Life.begin(council.desk)
    await life.to_threshold()
    await life.after(3)
    await life.act(e.NoteAdded(text="Three days later."), OFFICER)
    before, day = await life.settled(), await life.today()
    await council.forgotten(life)
    plan = await two_halves.plan(council.office, life.reference)
    assert plan.moved
    await two_halves.rebuilt(council.office, plan)
    after = await life.settled()
    assert await life.today() == day
    assert (after.stage, after.events, dates(after)) == (before.stage, before.events, dates(before))
    assert await life.after(2) == await life.today() > day
