"""What many do at once to the register, in one transaction: each goes on when all of it is committed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeVar

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

Done = TypeVar("Done")
Step = Callable[[AsyncConnection], Awaitable[Done]]
Work = tuple[str, Step[Any], "asyncio.Future[Any]"]


class Joint:
    """Steps that wait while another transaction runs are done together in the next one.

    Nobody is told that a step is done before it is committed, so a process that dies has promised nothing that is
    lost. A step that raises an error of its own must have changed nothing; the others are kept all the same. Where
    the database fails, all of a transaction fail.
    """

    def __init__(self, transaction: Callable[[], AbstractAsyncContextManager[AsyncConnection]]) -> None:
        self._transaction = transaction
        self._waiting: list[Work] = []
        self._at_work: asyncio.Task[None] | None = None

    async def do(self, key: str, step: Step[Done]) -> Done:
        """Do a step and commit it; two processes take the rows of their steps in the order of ``key``."""
        done: asyncio.Future[Done] = asyncio.get_running_loop().create_future()
        self._waiting.append((key, step, done))
        if self._at_work is None or self._at_work.done():
            self._at_work = asyncio.create_task(self._work())
        return await done

    async def _work(self) -> None:
        while self._waiting:
            together, self._waiting = self._waiting, []
            try:
                await self._commit(sorted(together, key=lambda work: work[0]))
            except BaseException as error:
                for _, _, done in together:
                    if not done.done():
                        done.set_exception(error)
                if not isinstance(error, Exception):
                    raise

    async def _commit(self, together: list[Work]) -> None:
        results: list[tuple[asyncio.Future[Any], Any]] = []
        async with self._transaction() as connection:
            for _, step, done in together:
                if done.cancelled():
                    continue
                try:
                    results.append((done, await step(connection)))
                except SQLAlchemyError:
                    raise
                except Exception as error:
                    results.append((done, error))
        for done, result in results:
            if done.done():
                continue
            if isinstance(result, Exception):
                done.set_exception(result)
            else:
                done.set_result(result)
