"""What the sweep does where one half of a case is lost: it mends what it can be sure of, and says the rest."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError
from temporalio.client import Client
from temporalio.service import RPCError

from activities.beginning import BegunForAnother
from activities.bringing_back import BringingBack
from activities.comparing import Comparison, compare
from activities.rebuilding import NotRebuilt, begin_again, planned_again
from connection.time_travel import CannotTravel
from register.database import Database

BY_ITSELF = 3
"""How many lost workflows a sweep begins again without being asked: where more are lost, something else is wrong."""
_AT_ONCE = 4
_PATIENCE = timedelta(minutes=3)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Mended:
    """What was done. ``left`` has a sentence for each thing that was not."""

    found: Comparison
    brought_back: tuple[str, ...] = ()
    rebuilt: tuple[str, ...] = ()
    left: tuple[str, ...] = ()

    @property
    def register_whole(self) -> bool:
        """Whether the register lacks nothing that a workflow knows."""
        return not self.found.another_server and set(self.found.register_lacks) <= set(self.brought_back)


class Mending:
    """Gateways: the client that reaches cases, the register, whoever brings a case back into it."""

    def __init__(
        self, client: Client, database: Database, task_queue: str, back: BringingBack, patience: timedelta = _PATIENCE
    ) -> None:
        self._client = client
        self._database = database
        self._task_queue = task_queue
        self._back = back
        self._patience = patience.total_seconds()

    async def mend(self) -> Mended:
        """Bring the register what it lacks, and begin again the workflow of a case that alone is lost.

        Where Temporal knows none of the register's cases it is taken for another server, and nothing is done.
        Raises RPCError where Temporal does not answer.
        """
        found = await compare(self._client, self._database, self._task_queue)
        if found.another_server:
            return Mended(found, left=(lost(found),))
        until = time.monotonic() + self._patience
        back, not_back = await self._each(found.register_lacks, self._bring_back, until)
        few = found.without_workflow if len(found.dead) <= BY_ITSELF else ()
        rebuilt, not_rebuilt = await self._each(few, self._rebuild, until)
        left = [*not_back, *not_rebuilt]
        if set(found.dead) - set(few):
            left.append(lost(found))
        if found.ahead:
            references = ", ".join(lag.reference for lag in found.ahead)
            left.append(f"The workflow knows less than the register of: {references}.")
        if found.anothers:
            left.append(f"Temporal has another person's case under: {', '.join(found.anothers)}.")
        return Mended(found, back, rebuilt, tuple(left))

    async def _bring_back(self, reference: str) -> None:
        await self._back.case(reference)

    async def _rebuild(self, reference: str) -> None:
        await begin_again(self._client, await planned_again(self._database, reference), self._task_queue)
        _log.warning("The workflow of %s was lost and is begun again from the register.", reference)

    async def _each(
        self, references: Sequence[str], do: Callable[[str], Awaitable[None]], until: float
    ) -> tuple[tuple[str, ...], list[str]]:
        """Those that were done, and a sentence for each that was not; what does not fit in is the next sweep's."""
        at_once, done, left = asyncio.Semaphore(_AT_ONCE), [], []

        async def one(reference: str) -> None:
            async with at_once:
                if time.monotonic() > until:
                    return
                try:
                    await do(reference)
                except (RPCError, TimeoutError, SQLAlchemyError) as error:
                    left.append(f"{reference} could not be mended just now ({type(error).__name__}).")
                except (BegunForAnother, NotRebuilt, CannotTravel) as error:
                    left.append(str(error))
                except (LookupError, ValueError) as error:
                    left.append(f"What Temporal has of {reference} cannot be read ({type(error).__name__}).")
                else:
                    done.append(reference)

        await asyncio.gather(*map(one, references))
        return tuple(done), left


class CasesLost(RuntimeError):
    """Open cases have no running workflow; the text says how many and what to do."""


def lost(found: Comparison) -> str:
    """What is wrong and what to do, in two sentences: some, or all, of the open cases have no workflow."""
    if found.another_server and not found.stopped:
        which = f"any of {found.open} open cases" if found.open > 1 else "the one open case"
        return (
            f"Temporal does not know {which}: it lost its database, or this is not the server of these cases. See that "
            "TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE are right, then run casereview rebuild --all."
        )
    one = len(found.dead) == 1
    which = f"{len(found.dead)} of {found.open} open cases" if found.open > 1 else "The one open case"
    return (
        f"{which} {'has' if one else 'have'} no running workflow in Temporal, so nothing is done in "
        f"{'it' if one else 'them'}. Run casereview rebuild --all."
    )
