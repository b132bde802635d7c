"""Policies by chance: a council's own with other numbers in it, such that it loads."""

from __future__ import annotations

from functools import lru_cache
from random import Random
from typing import Any

from pydantic import ValidationError

import policies
from domain.lint import Severity, lint
from domain.policy import Policy
from tests.domain.history import council

_TRIES = 30
_FACTORS = (0, 0.5, 1, 1, 1, 1.5, 2)
_SMALL = {
    "email": (0, 1, 2), "post": (1, 2, 4), "second_class": (3, 4, 6), "grace": (0, 1, 3), "minimum_gap": (0, 1, 2, 5),
    "working_days": (0, 1, 2, 3, 5, 10), "at_most": (1, 5, 20, 60), "times": (1, 2, 5), "by_the_clock": (1, 5, 10, 20),
    "by_the_clock_times": (0, 1, 2, 5),
    "minimum": (1, 2, 3),
}  # fmt: skip


@lru_cache(maxsize=256)
def policy(seed: int) -> Policy:
    """The policy of that number: one in four is a council's own, word for word."""
    chance = Random(f"policy {seed}")
    own = council(chance.choice(policies.ids()))
    if chance.random() < 0.25:
        return own
    for _ in range(_TRIES):
        try:
            changed = Policy.model_validate(_changed(own.model_dump(), chance))
        except ValidationError:
            continue
        if not any(finding.severity is Severity.ERROR for finding in lint(changed)):
            return changed
    return own


def _changed(value: Any, chance: Random) -> Any:
    if isinstance(value, dict):
        whole = {name: _number(name, one, chance) for name, one in value.items()}
        if "limit" in whole and whole.get("unit") != "meeting" and chance.random() < 0.3:
            whole["limit"] = min(400, round(whole["limit"] * chance.choice(_FACTORS)))
        return whole
    if isinstance(value, list | tuple):
        return [_changed(one, chance) for one in value]
    return value


def _number(name: str, value: Any, chance: Random) -> Any:
    if name in _SMALL and type(value) is int and chance.random() < 0.25:
        return chance.choice(_SMALL[name])
    return _changed(value, chance)
