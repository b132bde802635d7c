"""Every step, counted from everything a policy can name: the linter refuses it, or the case lives what was planned."""

from __future__ import annotations

from datetime import date

import pytest

from domain.deadlines import look_ahead
from domain.lint import Severity, lint
from domain.policy import Milestone, Policy, StepId
from tests.domain.history import ENGLAND, council
from tests.domain.service import Service
from tests.domain.test_look_ahead import ended_on_last_days
from tests.domain.walks import finish

DOVER = council("dover")
RECEIVED = date(2026, 9, 1)  # Tue


def counted(policy: Policy, step: StepId, anchor: Milestone, limit: int) -> Policy:
    """A policy whose step has one clock: so many working days from a milestone."""
    at = next(number for number, known in enumerate(policy.steps) if known.id is step)
    clock = policy.steps[at].clocks[0].model_copy(update={"anchor": anchor, "limit": limit, "unit": "working_days"})
    changed = policy.steps[at].model_copy(update={"clocks": (clock,), "opens": None, "target": None})
    return policy.model_copy(update={"steps": (*policy.steps[:at], changed, *policy.steps[at + 1 :])})


def loads(policy: Policy) -> bool:
    return not any(fault.severity is Severity.ERROR for fault in lint(policy))


@pytest.mark.parametrize("limit", [3, 40])
@pytest.mark.parametrize("step", [step.id for step in DOVER.steps])
def test_a_step_counted_from_anything_is_refused_or_lived_as_planned(step: StepId, limit: int) -> None:
    for policy in (counted(DOVER, step, anchor, limit) for anchor in Milestone):
        if not loads(policy):
            continue
        ahead = {deadline.key: deadline for deadline in look_ahead(policy, ENGLAND, RECEIVED)}
        lived = ended_on_last_days(policy, RECEIVED, ahead).deadlines
        for deadline in ahead.values():
            first = next(other for other in lived if other.step is deadline.step)
            assert first.promised == deadline.due, (step, policy.step(step), deadline.key)
        assert finish(Service(policy)).stage.over


@pytest.mark.parametrize("step", [step.id for step in DOVER.steps])
def test_every_step_can_be_counted_from_something(step: StepId) -> None:
    assert any(loads(counted(DOVER, step, anchor, limit)) for anchor in Milestone for limit in (3, 40)) or (
        step is StepId.PAPERS  # counted back from the meeting
    )
