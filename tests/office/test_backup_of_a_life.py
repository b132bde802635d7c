"""A life goes on after everything was lost but its backup, made in the middle of it while somebody was at work."""

import asyncio
import shutil
from collections import Counter
from contextlib import suppress
from email import message_from_bytes
from pathlib import Path

import pytest

from domain import events as e
from office import acting, backups, two_halves
from register import queries
from tests.workflows.life import OFFICER, Desk, Life, desk_in

pytestmark = [pytest.mark.temporal, pytest.mark.long, pytest.mark.asyncio(loop_scope="session")]


def silent(sentence: str) -> None:
    return


async def noted(life: Life, many: int) -> None:
    """An officer writes one note after the other, until the service is gone."""
    for number in range(many):
        with suppress(Exception):
            await acting.act(life.desk.office, life.reference, e.NoteAdded(text=f"Note {number}."), OFFICER)


def mails(desk: Desk) -> Counter[str]:
    """How often each letter arrived in the inbox, by its Message-ID."""
    files = desk.inbox.letters.folder.glob("*.eml")
    return Counter(message_from_bytes(file.read_bytes())["Message-ID"] for file in files)


@pytest.mark.usefixtures("real_time")
async def test_a_life_ends_with_no_letter_lost_and_none_twice(tmp_path: Path) -> None:
    home, kept = tmp_path / "home", tmp_path / "set"
    async with desk_in(home) as (desk, _):
        life = await Life.begin(desk)
        await life.to_threshold()
        writing = asyncio.create_task(noted(life, 12))
        while "note.added" not in await life.kinds():  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        await asyncio.to_thread(backups.make, desk.office.settings, kept, silent)
        await writing
        before = await life.settled()
    shutil.move(home / "mail", tmp_path / "mail")
    shutil.rmtree(home)
    backups.restore(desk.office.settings, kept, silent)
    shutil.move(tmp_path / "mail", home / "mail")

    async with desk_in(home) as (desk, _):
        life = Life(desk, life.reference, life.calendar)
        now = await life.settled()
        assert now.events == before.events[: len(now.events)]
        assert "note.added" in [event.kind for event in now.events]
        assert (await two_halves.compared(desk.office)).alike
        await life.act(e.ThresholdDecided(met=True, decided_by=OFFICER.name), OFFICER)
        await life.act(e.Withdrawn(reason="It has stopped."))
        rows = await queries.letters(desk.office.database, life.reference)
        assert mails(desk) == Counter(row.message_id for row in rows)
        assert {row.kind for row in rows} >= {"L-01", "L-03", "L-16"}
