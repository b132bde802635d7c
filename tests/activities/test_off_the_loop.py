"""A turn's letters are written beside the event loop, which the console and every answer share with the worker."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from post.post_room import KeptLetter
from register.database import Database
from tests.letters.council import Council, council_of
from tests.register import examples
from tests.register.examples import NOW
from tests.register.fresh import with_tables


@pytest_asyncio.fixture
async def council(tmp_path: Path) -> AsyncIterator[Council]:
    async with Database(with_tables(f"sqlite:///{tmp_path / 'register.db'}")) as database:
        yield await council_of(database, examples.form())


@contextlib.asynccontextmanager
async def watched(pieces: list[float]) -> AsyncIterator[None]:
    """The processor that the event loop's own thread takes from one look to the next: no load of the machine counts."""

    async def look() -> None:
        last = time.thread_time()
        while True:
            await asyncio.sleep(0)
            now = time.thread_time()
            pieces.append(now - last)
            last = now

    looking = asyncio.create_task(look())
    try:
        yield
    finally:
        looking.cancel()


async def test_writing_a_turn_s_letters_takes_nothing_of_the_event_loop_that_could_be_noticed(council: Council) -> None:
    order, room, case = await council.order(), council.room(1), await council.case()
    many = [order.model_copy(update={"key": f"{order.key}/{number}"}) for number in range(40)]
    await room.write(case, [order], NOW)
    pieces: list[float] = []
    began, of_all = time.thread_time(), time.process_time()
    async with watched(pieces):
        written = await room.write(case, many, NOW)
    beside = (time.process_time() - of_all) - (time.thread_time() - began)
    assert all(isinstance(one, KeptLetter) for one in written.values())
    assert max(pieces) < beside / 5
