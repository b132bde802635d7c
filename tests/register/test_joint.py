"""Steps of many in one transaction: nobody is told before all is kept, and nobody's failure is another's."""

import asyncio
import contextlib
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.events import LetterState
from domain.messages import LetterOrder, Party, Recipient, Start
from register import letter_rows, queries, taking_in
from register.database import Database, RegisterError
from register.letter_rows import LetterError, LetterProgress
from tests.register import examples
from tests.register.examples import DRAFT, NOW
from tests.register.fresh import with_tables

ROOT = Path(__file__).parents[2]


def order(number: int) -> LetterOrder:
    return LetterOrder(
        key=f"letter-{number:03d}", letter="L-01", to=Recipient(party=Party.APPLICANT), event="e1", upto=1
    )


async def kept(database: Database, number: int) -> Start:
    """A case with that many letters, rendered and not handed over."""
    start = await taking_in.take_in(
        database, examples.form(), examples.policy(), examples.CALENDAR, by=examples.APPLICANT, now=NOW
    )
    await letter_rows.reserve_all(database, start.reference, [(order(n), DRAFT) for n in range(number)], now=NOW)
    return start


@pytest_asyncio.fixture
async def start(database: Database) -> Start:
    return await kept(database, 20)


async def test_what_waits_is_committed_together_and_everybody_sees_it(
    database: Database, url: str, start: Start
) -> None:
    commits: list[object] = []
    event.listen(database.engine.sync_engine, "commit", commits.append)
    keys = [order(number).key for number in range(20)]
    found = await asyncio.gather(*(letter_rows.handing_over(database, key, now=NOW) for key in keys))
    assert [row.key for row in found] == keys
    assert len(commits) == 1
    async with Database(url) as other:
        assert {row.state for row in await queries.letters(other, start.reference)} == {LetterProgress.HANDING_OVER}


async def test_nobody_is_told_of_a_step_before_it_is_kept(database: Database, url: str, start: Start) -> None:
    async def handed_over(key: str) -> LetterProgress:
        await letter_rows.handing_over(database, key, now=NOW)
        async with Database(url) as other:
            row = await queries.letter(other, key)
        assert row is not None
        return row.state

    found = await asyncio.gather(*(handed_over(order(number).key) for number in range(5)))
    assert set(found) == {LetterProgress.HANDING_OVER}


async def test_a_letter_that_may_not_be_handed_over_holds_up_none_of_the_others(
    database: Database, start: Start
) -> None:
    await letter_rows.settle(database, order(1).key, LetterState.REFUSED, None, "no address", now=NOW)
    steps = [letter_rows.handing_over(database, order(number).key, now=NOW) for number in range(3)]
    first, refused, third = await asyncio.gather(*steps, return_exceptions=True)
    assert isinstance(first, letter_rows.LetterRow)
    assert isinstance(third, letter_rows.LetterRow)
    assert isinstance(refused, LetterError)
    states = [row.state for row in await queries.letters(database, start.reference)][:3]
    assert states == [LetterProgress.HANDING_OVER, LetterProgress.REFUSED, LetterProgress.HANDING_OVER]


async def test_where_the_database_fails_all_of_a_transaction_fail_and_the_next_is_done(
    database: Database, start: Start
) -> None:
    async def broken(connection: AsyncConnection) -> None:
        await connection.execute(text("SELECT * FROM nowhere"))

    both = (letter_rows.handing_over(database, order(0).key, now=NOW), database.joint.do("letter-001", broken))
    found = await asyncio.gather(*both, return_exceptions=True)
    assert all(isinstance(one, RegisterError) for one in found)
    assert {row.state for row in await queries.letters(database, start.reference)} == {LetterProgress.RENDERED}
    assert (await letter_rows.handing_over(database, order(0).key, now=NOW)).attempts == 1


async def test_a_step_given_up_before_its_turn_is_not_done(database: Database, start: Start) -> None:
    going = asyncio.create_task(letter_rows.handing_over(database, order(0).key, now=NOW))
    given_up = asyncio.create_task(letter_rows.handing_over(database, order(1).key, now=NOW))
    await asyncio.sleep(0)
    given_up.cancel()
    await going
    await asyncio.wait([given_up])
    states = [row.state for row in await queries.letters(database, start.reference)][:2]
    assert states == [LetterProgress.HANDING_OVER, LetterProgress.RENDERED]


_HANDS_OVER = """
import asyncio, sys
from datetime import UTC, datetime
from register import letter_rows
from register.database import Database

NOW = datetime(2026, 4, 2, 9, tzinfo=UTC)  # Thu

async def main(url):
    async with Database(url) as database:
        async def one(key):
            await letter_rows.handing_over(database, key, now=NOW)
            print(key, flush=True)
        await asyncio.gather(*(one(f"letter-{number:03d}") for number in range(200)))

asyncio.run(main(sys.argv[1]))
"""


@pytest.mark.parametrize("told", [1, 40])
async def test_whatever_somebody_was_told_is_kept_when_the_process_is_killed(tmp_path: Path, told: int) -> None:
    url = with_tables(f"sqlite:///{tmp_path / 'register.db'}")
    async with Database(url) as database:
        start = await kept(database, 200)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", _HANDS_OVER, url, cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout
        heard = [(await process.stdout.readline()).decode().strip() for _ in range(told)]
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
        heard += (await process.stdout.read()).decode().split()
        await process.wait()
        rows = await queries.letters(database, start.reference)
        over = {row.key for row in rows if row.state is LetterProgress.HANDING_OVER}
        assert len(heard) >= told
        assert set(heard) <= over
        for row in rows:
            later = NOW + timedelta(hours=1)
            if row.key in over:
                with pytest.raises(LetterError, match="not handed over again"):
                    await letter_rows.handing_over(database, row.key, now=later)
