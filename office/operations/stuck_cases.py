"""The cases that stand still, found by what Temporal lists and by what the register has not heard."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from temporalio.client import Client
from temporalio.service import RPCError

from office.operations import standstill
from office.operations.finding import Finding, Kind
from office.operations.ground import Ground
from office.operations.standstill import Standstill
from register import backlog, queries
from register.cases import Unreadable
from workflows.attributes import STUCK

MOST = 60
"""How many are told one by one; the rest are counted."""
_OPEN = "WorkflowType = 'CaseReview' AND ExecutionStatus = 'Running'"
LISTED = f"{_OPEN} AND ({STUCK.name} = true OR TemporalReportedProblems IS NOT NULL)"
"""Also for people: this query lists them in the Temporal UI."""
_WITHIN = timedelta(seconds=3)
_GRACE = timedelta(minutes=1)


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


async def halves(ground: Ground) -> Sequence[Finding]:
    """Open cases that Temporal does not run; all are compared only where Temporal runs fewer than there should be."""
    if await _number(ground.client, _OPEN) >= await backlog.open_cases(ground.database):
        return ()
    running = {one.id async for one in ground.client.list_workflows(_OPEN, page_size=1000, rpc_timeout=_WITHIN)}
    missing = {
        reference: council
        for reference, council in (await backlog.open_references(ground.database)).items()
        if reference not in running
    }
    told = [
        Finding(Kind.CASE_WITHOUT_WORKFLOW, "Temporal has no running workflow of it.", reference, council)
        for reference, council in sorted(missing.items())[:MOST]
    ]
    if (more := len(missing) - MOST) > 0:
        words = f"{more} more open cases have no running workflow."
        told.append(Finding(Kind.CASE_WITHOUT_WORKFLOW, words, number=more))
    return told


async def _number(client: Client, query: str) -> int:
    try:
        return (await client.count_workflows(query, rpc_timeout=_WITHIN)).count
    except RPCError:
        return 0
