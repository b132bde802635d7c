"""Whether what is left undone in a case under a policy is told to somebody who can have it done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from domain.findings import Finding, finding
from domain.policy import Owner, Policy, Rung, StepId

_OF_AN_APPEAL = (StepId.APPEAL_HEARING, StepId.APPEAL_DECISION)


def escalations(policy: Policy, day: date) -> Iterator[Finding]:
    """What is wrong with whom a policy has told of an overdue duty."""
    management = policy.management
    if management is None:
        yield finding("manager-missing", "management")
    else:
        if not management.source.says:
            yield finding("manager-chosen", "management")
        team = policy.contact.email.casefold() if policy.contact else ""
        posts = {"manager": management.manager, "deputy": management.deputy}
        shared = (name for name, post in posts.items() if post and post.email.casefold() == team)
        if same := next(shared, None):
            yield finding("manager-is-the-team", f"management.{same}.email", email=team)
    for number, chase in enumerate(policy.chasing.ladder):
        named = management is not None and management.post(chase.to or "manager") is not None
        if chase.rung is Rung.ESCALATION and chase.to and not named:
            where = {"steps": ", ".join(chase.steps), "post": chase.to}
            yield finding("escalation-to-nobody", f"chasing.ladder[{number}].to", **where)
    told = {id for chase in policy.chasing.ladder if chase.rung is Rung.ESCALATION for id in chase.steps}
    owed = {step.id for step in policy.steps if step.owner is not Owner.APPLICANT}
    owed |= {id for route in policy.appeals for id in _OF_AN_APPEAL if id is not StepId.APPEAL_HEARING or route.hearing}
    if missing := sorted(owed - told):
        yield finding("escalation-missing", "chasing.ladder", steps=", ".join(missing))
