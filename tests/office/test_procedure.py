"""The published procedure says the numbers that the rules keep."""

from __future__ import annotations

import pytest

import policies
from domain.policy import Policy
from office.procedure import Paragraph, page


def more_time(policy: Policy) -> str:
    """What the page says of dates that move."""
    said = (block.text for block in page(policy) if isinstance(block, Paragraph))
    return next(text for text in said if text.startswith("If we need more time"))


def moving(**rules: int | None) -> Policy:
    dover = policies.load("dover")
    return dover.model_copy(update={"extensions": dover.extensions.model_copy(update=rules)})


@pytest.mark.parametrize("id", policies.ids())
def test_the_page_says_by_how_much_a_date_moves_by_itself_and_by_whose_hand_after_that(id: str) -> None:
    said = more_time(policies.load(id))
    assert "at most 20 working days at a time" in said
    assert "and 3 times" in said
    assert "moves by itself by 5 working days at a time, and by at most 10 working days in all" in said
    assert "After that only a person can move it" in said


def test_the_page_says_other_numbers_where_the_policy_has_them() -> None:
    said = more_time(moving(by_the_clock=1, by_the_clock_times=1, times=1))
    assert "by 1 working day at a time, and by at most 1 working day in all" in said
    assert "already, and once." in said
    assert "No date moves by itself." in more_time(moving(by_the_clock_times=0))


def test_a_page_of_an_older_case_promises_nothing_of_it() -> None:
    assert "by itself" not in more_time(moving(by_the_clock_times=None))
