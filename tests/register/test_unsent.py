"""Applications begun on the web: kept page by page, opened by a code, with files, the case's when sent, deleted."""

import asyncio
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from domain.events import Actor, Role
from register import documents, tables, taking_in, unsent
from register.database import Database
from register.media import NotTaken
from register.shelf import Shelf
from tests.register import examples
from tests.register.test_links import case

NOW = examples.NOW
APPLICANT = Actor(role=Role.APPLICANT)
IDLE = timedelta(hours=4)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "documents")


async def begun(database: Database, browser: str = "b1") -> unsent.Unsent:
    return await unsent.begin(database, "dover", browser, NOW)


async def add(database: Database, shelf: Shelf, content: bytes, **whose: str) -> documents.Document:
    return await documents.add(database, shelf, content, "diary.txt", by=APPLICANT, now=NOW, **whose)  # type: ignore[arg-type]


async def grown(database: Database, size: int) -> None:
    """Every document is so large from now on, as the register has it."""
    async with database.writing() as session:
        await session.exec(update(tables.Document).values(size=size))


async def test_pages_sent_at_once_all_count_and_each_replaces_its_own(database: Database) -> None:
    one = await begun(database)
    pages = [{f"incidents.{n}.what": f"time {n}"} for n in range(6)]
    await asyncio.gather(*(unsent.keep(database, one.id, page, NOW, under=page) for page in pages))
    await unsent.keep(database, one.id, {"incidents.1.reference": "x"}, NOW, under=["incidents.1"])
    kept = await unsent.of_browser(database, "b1", NOW, IDLE)
    assert kept
    assert kept.values == {f"incidents.{n}.what": f"time {n}" for n in range(6) if n != 1} | {
        "incidents.1.reference": "x"
    }
    with pytest.raises(unsent.TooMuch):
        await unsent.keep(database, one.id, {"impact": "a" * unsent.LONGEST}, NOW)
    again = await unsent.of_browser(database, "b1", NOW, IDLE)
    assert again
    assert again.values == kept.values


async def test_a_code_moves_it_to_another_browser(database: Database) -> None:
    one = await begun(database)
    await unsent.give_code(database, one.id, "c1", NOW)
    await unsent.give_code(database, one.id, "c2", NOW)
    assert await unsent.of_code(database, "c1", NOW) is None
    found = await unsent.of_code(database, "c2", NOW)
    assert found
    assert found.has_code
    await unsent.move(database, one.id, "b2", NOW)
    assert await unsent.of_browser(database, "b1", NOW, IDLE) is None
    assert await unsent.of_browser(database, "b2", NOW, IDLE)


async def test_its_documents_are_the_case_s_in_the_moment_it_is_taken_in(database: Database, shelf: Shelf) -> None:
    one = await begun(database)
    first = await add(database, shelf, b"Monday: shouting.", unsent=one.id)
    assert await add(database, shelf, b"Monday: shouting.", unsent=one.id) == first
    given = {"by": APPLICANT, "now": NOW, "intake_key": one.id}
    form, policy = examples.form(), examples.policy()
    start = await taking_in.take_in(database, form, policy, examples.CALENDAR, **given)  # type: ignore[arg-type]
    assert [kept.id for kept in await documents.of_case(database, start.reference)] == [first.id]
    late = await add(database, shelf, b"Tuesday: music.", unsent=one.id)
    await unsent.sent(database, one.id, start.reference, NOW)
    assert {kept.id for kept in await documents.of_case(database, start.reference)} == {first.id, late.id}
    assert {kept.id for kept in await documents.untold(database)} == {first.id, late.id}
    with pytest.raises(NotTaken, match="is sent already"):
        await add(database, shelf, b"Wednesday.", unsent=one.id)
    assert await unsent.keep(database, one.id, {"impact": "later"}, NOW) is None
    assert await documents.with_id(database, start.reference, first.id)
    assert await documents.with_id(database, "DOV-2026-9999", first.id) is None


async def test_there_is_room_for_twenty_and_one_more_is_refused(database: Database, shelf: Shelf) -> None:
    one = await begun(database)
    for number in range(20):
        await add(database, shelf, f"Day {number}.".encode(), unsent=one.id)
    with pytest.raises(NotTaken, match="An application holds at most 20 documents"):
        await add(database, shelf, b"Day 21.", unsent=one.id)


async def test_all_documents_together_have_three_hundred_megabytes_and_no_more(
    database: Database, shelf: Shelf
) -> None:
    one = await begun(database)
    await add(database, shelf, b"Day 1.", unsent=one.id)
    await grown(database, documents.OF_FORM.largest - len(b"Day 2."))
    with pytest.raises(NotTaken, match="An application holds at most 300 MB of documents; send a smaller one"):
        await add(database, shelf, b"Day 10.", unsent=one.id)
    await add(database, shelf, b"Day 2.", unsent=one.id)


async def test_by_a_link_come_twenty_at_most_so_that_the_council_always_has_room(
    database: Database, shelf: Shelf
) -> None:
    reference = await case(database)
    for number in range(20):
        await add(database, shelf, f"Day {number}.".encode(), reference=reference, holder="P1")
    with pytest.raises(NotTaken, match="You can send at most 20 files here"):
        await add(database, shelf, b"Day 21.", reference=reference, holder="P1")
    await add(database, shelf, b"Day 1.", reference=reference, holder="P1")
    await add(database, shelf, b"Day 1.", reference=reference, holder="police")
    await add(database, shelf, b"Day 1.", reference=reference)
    assert len(await documents.of_case(database, reference)) == 22
    await grown(database, documents.OF_FORM.largest)
    with pytest.raises(NotTaken, match="You can send at most 300 MB here"):
        await add(database, shelf, b"Day 21.", reference=reference, holder="police")


async def test_what_lay_untouched_for_28_days_is_deleted_with_its_files(database: Database, shelf: Shelf) -> None:
    old, young = await begun(database), await begun(database, "b2")
    gone = await add(database, shelf, b"Nobody sent this.", unsent=old.id)
    both = await add(database, shelf, b"Two have this.", unsent=old.id)
    await add(database, shelf, b"Two have this.", unsent=young.id)
    later = NOW + timedelta(days=28)
    await unsent.keep(database, young.id, {}, NOW + timedelta(days=1))
    assert await unsent.forget(database, later) == 1
    assert await unsent.forget(database, later) == 0
    assert await shelf.sweep(await documents.contents(database)) == 0
    assert await shelf.sweep(await documents.contents(database), timedelta(seconds=-1)) == 1
    assert documents.file(shelf, gone) is None
    assert documents.file(shelf, both)


BREAKS_OFF = """
import asyncio, resource, sys
from pathlib import Path
from register.shelf import Shelf, ShelfError
resource.setrlimit(resource.RLIMIT_FSIZE, (4, 4))
try:
    asyncio.run(Shelf(Path(sys.argv[1])).put(b"half a diary"))
except ShelfError as error:
    print(error)
"""
"""A process whose files may have four bytes, as on a disk that is full then."""


def test_what_breaks_off_in_the_middle_leaves_no_half_file(shelf: Shelf) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BREAKS_OFF, str(shelf.folder)], check=True, capture_output=True, text=True
    )
    assert "Documents cannot be kept in" in done.stdout
    assert "File too large" in done.stdout
    assert [path for path in shelf.folder.rglob("*") if path.is_file()] == []
    with pytest.raises(ValueError, match="SHA-256"):
        shelf.path("../../etc/passwd")
