"""How a case shows itself in the Temporal UI: search attributes to list by, and its details in Markdown.

Neither carries personal data; the details are encrypted all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes

from workflows import attributes
from workflows.file import CaseFile

with workflow.unsafe.imports_passed_through():
    from domain.calendar import close_of
    from domain.case import local_date
    from domain.dates import bound, short
    from domain.deadlines import Deadline, State, next_due
    from domain.policy import Policy


_A_MINUTE = timedelta(minutes=1)  # so that the list shows the due day itself, not the midnight after it


def at_start(policy: Policy, demo: bool, events: int = 0) -> TypedSearchAttributes:
    """The search attributes a case is started with; ``events`` are those that it begins with."""
    return TypedSearchAttributes(
        [
            SearchAttributePair(attributes.CASE_COUNCIL, policy.id),
            SearchAttributePair(attributes.CASE_STAGE, "received"),
            SearchAttributePair(attributes.DEMO, demo),
            SearchAttributePair(attributes.BREACHED, False),
            SearchAttributePair(attributes.CASE_EVENTS, events),
            SearchAttributePair(attributes.STUCK, False),
        ]
    )


def listed(file: CaseFile, now: datetime) -> Mapping[SearchAttributeKey[Any], Any]:
    """What operations staff list cases by, as it stands."""
    due = next_due(file.deadlines)
    return {
        attributes.CASE_STAGE: str(file.case.stage),
        attributes.MUST_ACT: file.waiting(now).must_act or None,
        attributes.NEXT_DEADLINE: close_of(due.due) - _A_MINUTE if due else None,
        attributes.NEXT_DEADLINE_KIND: due.key if due else None,
        attributes.BREACHED: any(d.breached for d in file.deadlines),
    }


def overdue(file: CaseFile) -> Mapping[SearchAttributeKey[Any], Any]:
    """The deadline whose day is over longest and whose duty is not done."""
    late = [d for d in file.deadlines if d.state is State.OVERDUE]
    return {attributes.OVERDUE: min(late, key=lambda d: (d.due, d.key)).key if late else None}


def details(file: CaseFile, now: datetime) -> str:
    """The case in Markdown: what it waits for, who must act, every deadline."""
    waiting = file.waiting(now)
    case = file.case
    rows = [_row(d) for d in sorted(file.deadlines, key=lambda d: not d.running)]
    lines = [
        f"### {file.reference}: {case.stage}",
        "",
        f"**{case.policy.identity.council}**, policy {case.policy.id} {case.policy.version}",
        "",
        f"**Now:** {waiting.words}  ",
        f"**Must act:** {waiting.must_act.replace('_', ' ') or 'nobody'}  ",
        f"**As of:** {short(local_date(now))}",
        "",
        "| Deadline | Due | First promised | State |",
        "| --- | --- | --- | --- |",
        *rows,
    ]
    lost = [letter.posted for letter in case.letters.values() if letter.needs_somebody]
    lines += ["", *(f"- Letter {p.letter}: {p.state}. {p.words}" for p in lost)] if lost else []
    lines += ["", *(f"- Refused: {r.refused}: {r.sentence}" for r in case.refused)] if case.refused else []
    return bound("\n".join(lines))


def _row(deadline: Deadline) -> str:
    moved = short(deadline.first) if deadline.first else "the same"
    return f"| {deadline.title} ({deadline.limit}) | {short(deadline.due)} | {moved} | {deadline.state} |"
