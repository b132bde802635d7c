"""The cases that stand still, found by what Temporal lists and by what the register has not heard."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta

from temporalio.client import Client
from temporalio.service import RPCError

from activities import comparing
from activities.comparing import Lag
from office.operations import standstill
from office.operations.finding import Finding, Kind
from office.operations.ground import Ground
from office.operations.standstill import Standstill
from register import backlog, halves, queries
from register.cases import Unreadable
from workflows.attributes import STUCK

MOST = 60
"""How many are told one by one; the rest are counted."""
LISTED = (
    "WorkflowType = 'CaseReview' AND ExecutionStatus = 'Running' "
    f"AND ({STUCK.name} = true OR TemporalReportedProblems IS NOT NULL)"
)
"""Also for people: this query lists them in the Temporal UI."""
_WITHIN = timedelta(seconds=3)
_GRACE = timedelta(minutes=1)
MOMENT = 1.5


async def look(ground: Ground) -> Sequence[Finding]:
    """Each case that stands still with what is tried in vain; beyond MOST one finding with their number."""
    listed = [one.id async for one in ground.client.list_workflows(LISTED, limit=MOST, rpc_timeout=_WITHIN)]
    silent = await backlog.silent(ground.database, _GRACE, ground.now)
    waited_for = [left.reference for left in await backlog.acts_left(ground.database, _GRACE, ground.now)]
    references = list(dict.fromkeys((*listed, *silent, *waited_for)))[:MOST]
    still = await standstill.of_cases(ground.client, references)
    known = await backlog.councils(ground.database, list(still))
    findings = [_finding(reference, known.get(reference), one) for reference, one in still.items()]
    for reference in still:
        findings += await _unreadable(ground, reference, known.get(reference, ""))
    total = await _number(ground.client, LISTED) if len(listed) == MOST else 0
    if total > MOST:
        more = total - MOST
        findings.append(Finding(Kind.TURN_FAILS, f"{more} more cases are listed as stuck in Temporal.", number=more))
    return findings


def _finding(reference: str, council: str | None, still: Standstill) -> Finding:
    if council is None:
        return Finding(Kind.WORKFLOW_WITHOUT_CASE, still.words, reference, since=still.since)
    kind = Kind.CASE_HALTED if still.halted else Kind.TURN_FAILS
    return Finding(kind, still.words, reference, council, still.since)


async def _unreadable(ground: Ground, reference: str, council: str) -> list[Finding]:
    try:
        await queries.case(ground.database, reference)
    except Unreadable as error:
        return [Finding(Kind.CASE_UNREADABLE, f"{error.where}.", reference, council)]
    return []


async def not_run(ground: Ground) -> Sequence[Finding]:
    """Open cases that nothing runs in Temporal."""
    found = await comparing.dead(ground.client, ground.database, ground.settings.task_queue)
    lost = dict.fromkeys(found.without_workflow, "Temporal does not know it.")
    ended = dict.fromkeys(found.stopped, "Its workflow was ended from outside.")
    return await _told(ground, Kind.CASE_WITHOUT_WORKFLOW, {**lost, **ended})


async def differences(ground: Ground) -> Sequence[Finding]:
    """Where the register and Temporal know different things of a case. While a turn is being kept the register is
    behind for as long: a case of which it gets events meanwhile is not told."""
    before = await halves.cases(ground.database)
    found = await comparing.compare(ground.client, ground.database, ground.settings.task_queue)
    behind = found.behind
    if behind:
        await asyncio.sleep(MOMENT)
        now = await halves.cases(ground.database)
        behind = tuple(lag for lag in behind if now.get(lag.reference) == before.get(lag.reference))
    anothers = dict.fromkeys(found.anothers, "Temporal has another person’s case under its reference.")
    return [
        *await _told(ground, Kind.CASE_WITHOUT_WORKFLOW, anothers),
        *await _told(ground, Kind.REGISTER_BEHIND, {lag.reference: f"{_events(lag)} missing." for lag in behind}),
        *await _told(ground, Kind.TEMPORAL_BEHIND, {lag.reference: f"{_events(lag)} missing." for lag in found.ahead}),
    ]


def _events(lag: Lag) -> str:
    return f"{lag.events} {'event is' if lag.events == 1 else 'events are'}"


async def _told(ground: Ground, kind: Kind, said: Mapping[str, str]) -> list[Finding]:
    """A finding for each case; beyond MOST one with their number."""
    shown = sorted(said)[:MOST]
    councils = await backlog.councils(ground.database, shown) if shown else {}
    told = [Finding(kind, said[reference], reference, councils.get(reference, "")) for reference in shown]
    if more := len(said) - len(shown):
        told.append(Finding(kind, f"The same holds for {more} more cases.", number=more))
    return told


async def _number(client: Client, query: str) -> int:
    try:
        return (await client.count_workflows(query, rpc_timeout=_WITHIN)).count
    except RPCError:
        return 0
