"""A case begun by one release goes on and ends under the next, with both at work, and what going back costs."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from domain import events as e
from register import queries
from register.letter_rows import LetterProgress
from tests.workflows.life import APPLICANT, OFFICER, Life
from tests.workflows.release import PATCH, Place, noted, tree
from tests.workflows.town import eventually

pytestmark = [pytest.mark.temporal, pytest.mark.long, pytest.mark.timeout(300)]

MET = e.ThresholdDecided(met=True, decided_by=OFFICER.name)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return tree(tmp_path / "old", next=False)


@pytest.fixture
def new(tmp_path: Path) -> Path:
    return tree(tmp_path / "new", next=True)


async def ends(place: Place, life: Life) -> list[e.Event]:
    """The case is withdrawn; its events, each once in the register, each letter sent once."""
    await withdraw(place, life)
    return await ended_well(place, life)


async def withdraw(place: Place, life: Life) -> None:
    await place.desk.office.signal(life.reference, e.Withdrawn(reason="I have moved."), APPLICANT)


async def ended_well(place: Place, life: Life) -> list[e.Event]:
    ended = await asyncio.wait_for(place.desk.office.handle(life.reference).result(), 60)
    assert ended.stage == "withdrawn"
    kept = await queries.case(place.desk.office.database, life.reference)
    assert kept
    assert [event.id for event in kept.events] == [event.id for event in ended.events]
    assert [id for id, number in Counter(event.id for event in kept.events).items() if number > 1] == []
    rows = await queries.letters(place.desk.office.database, life.reference)
    assert {row.state for row in rows} == {LetterProgress.ACCEPTED}
    arrived = Counter(mail.message_id for mail in life.mails())
    assert arrived == Counter(row.message_id for row in rows)
    return list(kept.events)


async def test_a_case_begun_by_the_old_release_ends_under_the_new_and_no_task_fails(
    old: Path, new: Path, tmp_path: Path
) -> None:
    async with Place.open(tmp_path / "home") as place:
        async with place.working(old):
            before, across = await place.begun(), await place.begun()
            await before.act(MET, OFFICER)
            async with place.working(new, CASEREVIEW_HOLD_CHANGES="true"):
                while_both = await place.begun()
                await while_both.act(MET, OFFICER)
        async with place.working(new):
            await across.act(MET, OFFICER)
            events = [await ends(place, life) for life in (before, while_both, across)]
        assert [noted(of_one) for of_one in events] == [0, 0, 1]
        assert [await place.failed_tasks(life) for life in (before, while_both, across)] == [0, 0, 0]


async def test_a_release_whose_changes_are_not_held_back_loses_nothing_beside_the_old_one(
    old: Path, new: Path, tmp_path: Path
) -> None:
    async with Place.open(tmp_path / "home") as place:
        async with place.working(old):
            across = await place.begun()
            async with place.working(new):
                await across.act(MET, OFFICER)
                await across.settled()
        async with place.working(new):
            assert noted(await ends(place, across)) <= 1


async def test_by_versions_a_case_moves_on_with_the_current_one_and_going_back_stops_only_what_took_the_new_way(
    old: Path, new: Path, tmp_path: Path
) -> None:
    async with Place.open(tmp_path / "home") as place:
        office = place.desk.office
        async with place.working(old, CASEREVIEW_WORKER_VERSION="1"):
            await place.make_current("1")
            across, waits = await place.begun(), await place.begun()
            async with place.working(new, CASEREVIEW_WORKER_VERSION="2"):
                await across.act(e.NoteAdded(text="Still the first release."), OFFICER)
                await place.make_current("2")
                await across.act(MET, OFFICER)
                assert noted(list((await across.settled()).events)) == 1
                await place.make_current("1")
                await waits.act(MET, OFFICER)
                assert noted(list((await waits.settled()).events)) == 0
                await withdraw(place, across)
                await eventually(lambda: stopped(place, across))
                taken = [one.id async for one in office.client.list_workflows(f"TemporalChangeVersion = '{PATCH}'")]
                assert taken == [across.reference]
                assert noted(await ends(place, waits)) == 0
                await place.make_current("2")
                assert noted(await ended_well(place, across)) == 1


async def stopped(place: Place, life: Life) -> bool:
    return await place.failed_tasks(life) > 0
