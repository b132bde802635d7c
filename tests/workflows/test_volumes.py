"""A case on which people act for years: at the size that Temporal suggests it goes on in a new run, unnoticed."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import pytest
from temporalio.client import WorkflowExecution

from connection import server, updates
from domain import events as e
from domain.messages import Accepted
from register import queries
from register.letter_rows import LetterProgress
from tests.workflows.life import OFFICER, Life, desk_in
from workflows import case_review

pytestmark = [pytest.mark.temporal, pytest.mark.long, pytest.mark.timeout(1800)]

SUGGESTED = 4096
AT_ONCE = 8


def said(number: int) -> e.NoteAdded:
    return e.NoteAdded(text=f"Call {number}: the landlord says that the door is mended and that nobody was at home.")


async def acted(life: Life, number: int) -> Accepted:
    """The officer's note of this number, under an id of its own."""
    what, id = said(number), f"note-{number}"
    answer = await updates.send(life.desk.office.client, life.reference, what, OFFICER, id=id)
    assert isinstance(answer, updates.Done), answer
    return answer.accepted


async def without_a_pause(life: Life, numbers: Iterable[int]) -> None:
    """These notes, several people at once, each the next as soon as theirs is taken."""
    left = iter(numbers)

    async def somebody() -> None:
        for number in left:
            await acted(life, number)

    await asyncio.gather(*(somebody() for _ in range(AT_ONCE)))


async def volumes(life: Life) -> list[WorkflowExecution]:
    """The runs of a case, the first first."""
    found = life.desk.office.client.list_workflows(f"WorkflowId = '{life.reference}'")
    return sorted([run async for run in found], key=lambda run: run.start_time)


async def sizes(life: Life) -> AsyncIterator[tuple[int, int, int]]:
    """Events, bytes, and bytes of what it was begun with, of each run."""
    for run in await volumes(life):
        handle = life.desk.office.client.get_workflow_handle(run.id, run_id=run.run_id)
        about = (await handle.describe()).raw_description.workflow_execution_info
        first = await anext(aiter(handle.fetch_history_events(page_size=1)))
        given = first.workflow_execution_started_event_attributes.input
        yield about.history_length, about.history_size_bytes, given.ByteSize()


@pytest.mark.usefixtures("real_time")
@pytest.mark.parametrize(("acts", "suggested"), [(60, 120), pytest.param(3000, SUGGESTED, marks=pytest.mark.thorough)])
async def test_a_case_of_many_acts_goes_on_in_new_runs_and_takes_an_act_it_had_before_for_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], acts: int, suggested: int
) -> None:
    soon = () if suggested == SUGGESTED else (f"limit.historyCount.suggestContinueAsNew={suggested}",)
    monkeypatch.setattr(server, "DYNAMIC_CONFIG", (*server.DYNAMIC_CONFIG, *soon))
    async with desk_in(tmp_path) as (desk, _):
        life = await Life.begin(desk, demo=False)
        first = await acted(life, 1)
        await without_a_pause(life, range(2, acts + 1))
        await life.settled()
        assert await acted(life, 1) == first
        now = await life.settled()

        measured = [size async for size in sizes(life)]
        with capsys.disabled():
            for number, (events, bytes, given) in enumerate(measured, start=1):
                print(
                    f"\nvolume {number}: {events} events, {bytes / 1024:.0f} KB, begun with {given / 1024:.0f} KB",
                    end="",
                )
        assert len(measured) > 1
        assert all(given < 2**20 for _, _, given in measured)

        notes = [event.what.text for event in now.events if isinstance(event.what, e.NoteAdded)]
        assert Counter(notes) == Counter(said(number).text for number in range(1, acts + 1))
        kept = await queries.case(desk.office.database, life.reference)
        assert kept
        assert [event.id for event in kept.events] == [event.id for event in now.events]
        rows = await queries.letters(desk.office.database, life.reference)
        assert {row.state for row in rows} == {LetterProgress.ACCEPTED}
        assert Counter(mail.message_id for mail in life.mails()) == Counter(row.message_id for row in rows)


@pytest.mark.usefixtures("real_time")
async def test_a_case_with_more_to_carry_than_one_message_holds_stays_in_its_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = "limit.historyCount.suggestContinueAsNew=60"
    monkeypatch.setattr(server, "DYNAMIC_CONFIG", (*server.DYNAMIC_CONFIG, soon))
    monkeypatch.setattr(case_review, "_ONE_MESSAGE", 10_000)
    async with desk_in(tmp_path) as (desk, _):
        life = await Life.begin(desk, demo=False)
        await without_a_pause(life, range(1, 30))
        await life.settled()
        assert len(await volumes(life)) == 1
        await life.to_threshold()
