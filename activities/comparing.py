"""The two halves of every case compared: what Temporal runs, and what the register knows."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from temporalio.client import Client, WorkflowExecution, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from activities.beginning import BegunByAStranger, begun_with, same
from domain.messages import Situation, Start
from register import halves
from register.database import Database
from register.halves import Known
from workflows.attributes import CASE_EVENTS
from workflows.case_review import CaseReview

LOOKING_WITHIN = timedelta(seconds=10)
AT_ONCE = 8
_LOOKED_AT = 20
_RUNNING, _ENDED = WorkflowExecutionStatus.RUNNING, WorkflowExecutionStatus.COMPLETED


@dataclass(frozen=True)
class Lag:
    """A case of which one half lacks so many events that the other has."""

    reference: str
    events: int


@dataclass(frozen=True)
class Comparison:
    """What differs between the register and Temporal; empty where nothing does.

    ``open`` are the cases of the register that need a workflow, ``shared`` the register's cases, open or over, that
    Temporal knows. ``without_workflow`` are open cases that Temporal does not know, ``stopped`` those whose workflow
    was ended from outside. ``without_case`` are workflows of cases that the register does not know, ``behind`` cases
    of which the register lacks events, ``ahead`` those of which the workflow does. ``anothers`` are references under
    which Temporal has somebody else's case, or a workflow that was begun without this service's keys. Where no case of
    the register has its reference, such a workflow is one of the ``strangers``: it is no case, and there is nothing in
    it to mend.
    """

    open: int = 0
    shared: int = 0
    without_workflow: tuple[str, ...] = ()
    stopped: tuple[str, ...] = ()
    without_case: tuple[Lag, ...] = ()
    behind: tuple[Lag, ...] = ()
    ahead: tuple[Lag, ...] = ()
    anothers: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()

    @property
    def alike(self) -> bool:
        """Whether nothing differs."""
        return not (
            self.without_workflow or self.stopped or self.without_case or self.behind or self.ahead or self.anothers
        )

    @property
    def dead(self) -> tuple[str, ...]:
        """The open cases that nothing runs."""
        return (*self.without_workflow, *self.stopped)

    @property
    def another_server(self) -> bool:
        """Whether Temporal knows none of the register's cases: it lost its database, or it is not the one of these
        cases."""
        return bool(self.without_workflow) and not self.shared

    @property
    def register_lacks(self) -> tuple[str, ...]:
        """The cases of which the workflow has something to tell the register."""
        return tuple(lag.reference for lag in (*self.without_case, *self.behind))


@dataclass(frozen=True)
class _Workflow:
    status: WorkflowExecutionStatus
    events: int | None
    begun: datetime


async def compare(client: Client, database: Database, task_queue: str) -> Comparison:
    """Compare every case of a task queue, open and over. Raises RPCError where Temporal does not answer."""
    known = await halves.cases(database)
    running = await _listed(client, f"TaskQueue = '{task_queue}'")
    lost = await _not_there(client, [ref for ref, row in known.items() if row.needs_workflow and ref not in running])
    stopped = [
        ref
        for ref, row in known.items()
        if row.needs_workflow and ref in running and running[ref].status not in (_RUNNING, _ENDED)
    ]
    behind, ahead = await _lags(client, known, running)
    strangers = await _strangers(client, [ref for ref in running if ref not in known])
    return Comparison(
        open=sum(row.needs_workflow for row in known.values()),
        shared=len(known.keys() & running.keys()),
        without_workflow=tuple(sorted(lost)),
        stopped=tuple(sorted(stopped)),
        without_case=tuple(
            Lag(ref, there.events or 0)
            for ref, there in sorted(running.items())
            if ref not in known and ref not in strangers
        ),
        behind=behind,
        ahead=ahead,
        anothers=await _anothers(client, database, known, running),
        strangers=tuple(sorted(strangers)),
    )  # fmt: skip


async def dead(client: Client, database: Database, task_queue: str) -> Comparison:
    """Only which open cases nothing runs: what can be looked at every few seconds. Raises RPCError.

    As many workflows as open cases are taken for theirs; the sweep looks at each.
    """
    known = await halves.open_cases(database)
    where = f"TaskQueue = '{task_queue}' AND ExecutionStatus = 'Running'"
    if (await client.count_workflows(f"WorkflowType = 'CaseReview' AND {where}")).count == len(known):
        return Comparison(open=len(known), shared=len(known))
    running = await _listed(client, where)
    absent = [ref for ref in known if ref not in running]
    found = await asyncio.gather(*(_status(client, ref) for ref in absent[:_LOOKED_AT]))
    lost = [ref for ref, status in zip(absent, found, strict=False) if status is None]
    stopped = [ref for ref, status in zip(absent, found, strict=False) if status not in (None, _RUNNING, _ENDED)]
    if len(absent) > _LOOKED_AT and len(lost) == _LOOKED_AT:
        lost = absent
    return Comparison(
        open=len(known), shared=len(known) - len(lost), without_workflow=tuple(lost), stopped=tuple(stopped)
    )


async def told(client: Client, reference: str) -> Situation:
    """All that a case's newest run knows, whether it runs, ended or was ended. Raises RPCError, TimeoutError."""
    handle = client.get_workflow_handle_for(CaseReview.run, reference)
    described = await handle.describe(rpc_timeout=LOOKING_WITHIN)
    if described.status is _ENDED:
        async with asyncio.timeout(LOOKING_WITHIN.total_seconds()):
            return await handle.result()
    return await handle.query(CaseReview.situation, rpc_timeout=LOOKING_WITHIN)


async def _listed(client: Client, where: str) -> dict[str, _Workflow]:
    """The newest run of every case's workflow, by its reference."""
    newest: dict[str, _Workflow] = {}
    query = f"WorkflowType = 'CaseReview' AND ExecutionStatus != 'ContinuedAsNew' AND {where}"
    async for one in client.list_workflows(query):
        before = newest.get(one.id)
        if one.status is not None and (before is None or one.start_time > before.begun):
            newest[one.id] = _Workflow(one.status, _events(one), one.start_time)
    return newest


def _events(one: WorkflowExecution) -> int | None:
    return one.typed_search_attributes.get(CASE_EVENTS)


async def _not_there(client: Client, absent: Sequence[str]) -> list[str]:
    """Those that Temporal does not know: a list may be a moment behind, and a case run on another task queue."""
    at_once = asyncio.Semaphore(AT_ONCE)

    async def gone(reference: str) -> bool:
        async with at_once:
            return await _status(client, reference) is None

    first = await asyncio.gather(*map(gone, absent[:_LOOKED_AT]))
    if all(first):
        return list(absent)
    rest = await asyncio.gather(*map(gone, absent[_LOOKED_AT:]))
    return [ref for ref, lost in zip(absent, (*first, *rest), strict=True) if lost]


async def _status(client: Client, reference: str) -> WorkflowExecutionStatus | None:
    try:
        return (await client.get_workflow_handle(reference).describe(rpc_timeout=LOOKING_WITHIN)).status
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise


async def _lags(
    client: Client, known: Mapping[str, Known], running: Mapping[str, _Workflow]
) -> tuple[tuple[Lag, ...], tuple[Lag, ...]]:
    """The cases of which the register lacks events, and those of which the workflow does.

    What a workflow shows is what it had when it last came to rest; where the register has more it is asked itself.
    """
    both = [(ref, row.events, running[ref].events) for ref, row in sorted(known.items()) if ref in running]
    behind = [Lag(ref, shown - kept) for ref, kept, shown in both if shown is not None and shown > kept]
    doubtful = [(ref, kept) for ref, kept, shown in both if shown is None or shown < kept]
    counts = await _counted(client, [ref for ref, _ in doubtful if running[ref].status is _RUNNING])
    ahead = []
    for ref, kept in doubtful:
        has = counts.get(ref)
        if has is not None and has > kept:
            behind.append(Lag(ref, has - kept))
        elif has is not None and has < kept:
            ahead.append(Lag(ref, kept - has))
    return tuple(behind), tuple(ahead)


async def _counted(client: Client, references: Collection[str]) -> dict[str, int]:
    """How many events the workflows have that are at rest and answer."""
    at_once = asyncio.Semaphore(AT_ONCE)

    async def count(reference: str) -> tuple[str, int] | None:
        async with at_once:
            try:
                situation = await told(client, reference)
            except (RPCError, TimeoutError):
                return None
        return (reference, len(situation.events)) if situation.settled else None

    return dict(filter(None, await asyncio.gather(*map(count, references))))


async def _anothers(
    client: Client, database: Database, known: Mapping[str, Known], running: Mapping[str, _Workflow]
) -> tuple[str, ...]:
    found = []
    for reference in sorted(ref for ref, row in known.items() if not row.started and ref in running):
        start = await halves.start(database, reference)
        if start is not None and not await _begun_for(client, reference, start):
            found.append(reference)
    return tuple(found)


async def _begun_for(client: Client, reference: str, start: Start) -> bool:
    try:
        return same(await begun_with(client, reference), start)
    except BegunByAStranger:
        return False


async def _strangers(client: Client, references: Collection[str]) -> frozenset[str]:
    """Those of the workflows that were begun without this service's keys."""
    at_once = asyncio.Semaphore(AT_ONCE)

    async def strange(reference: str) -> bool:
        async with at_once:
            try:
                await begun_with(client, reference)
            except BegunByAStranger:
                return True
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise
            return False

    asked = await asyncio.gather(*map(strange, references))
    return frozenset(ref for ref, stranger in zip(references, asked, strict=True) if stranger)
