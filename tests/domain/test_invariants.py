"""Lives by chance hold every invariant, and one that does not is told by its smallest version."""

from __future__ import annotations

import pytest

from domain import story
from tests.domain import any_policy
from tests.domain.invariants import Move, Story, broken, smallest, trouble

SOME = [range(20)]
MORE = [pytest.param(range(first, first + 70), marks=pytest.mark.long) for first in range(20, 300, 70)]
ALL = [
    pytest.param(range(first, first + 485), marks=[pytest.mark.thorough, pytest.mark.timeout(3600)])
    for first in range(300, 10_000, 485)
]


@pytest.mark.parametrize("lives", [*SOME, *MORE, *ALL], ids=str)
def test_whatever_people_do_under_whatever_policy_every_invariant_holds(lives: range) -> None:
    assert broken(lives) == ""


def test_a_life_that_breaks_something_is_told_by_its_smallest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is reminded, warned or told of a delay."""
    monkeypatch.setattr(story, "_of_the_ladder", lambda *known: None)
    seed = next(seed for seed in range(30) if trouble(Story.of(seed)))
    least = smallest(Story.of(seed))
    assert "lapsed in silence" in trouble(least) or "is not explained in time" in trouble(least)
    assert len(least.moves) <= 3
    assert len(least.moves) < len(Story.of(seed).moves)


def test_the_same_number_is_the_same_life() -> None:
    assert Story.of(7) == Story.of(7) != Story.of(8)
    assert Story.of(7).moves[0] == Move(Story.of(7).moves[0].days, Story.of(7).moves[0].act, Story.of(7).moves[0].body)


def test_most_policies_by_chance_differ_from_every_councils_own() -> None:
    own = {any_policy.council(id).model_dump_json() for id in any_policy.policies.ids()}
    drawn = {any_policy.policy(seed).model_dump_json() for seed in range(20)}
    assert len(drawn - own) > 8
