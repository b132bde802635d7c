"""What a refusal of the threshold has to say before it can be recorded."""

from dataclasses import dataclass, replace

import pytest

from domain.threshold import assess, refusal_gaps
from tests.domain.threshold import MADE, MARCH, policy, route


@dataclass(frozen=True)
class Refused:
    persistence: str = "Two nights in four months."
    harm: str = "Lost sleep; no one else at risk."
    adequacy: str = "The police spoke to the household both times."
    alternative_action: str = "The housing officer visits on Monday."
    decided_by: str = "Officer One"
    approved_by: str = "Officer Two"


BELOW = assess(policy(), MARCH[:2], MADE)


def test_a_refusal_with_all_its_reasons_has_no_gap() -> None:
    assert refusal_gaps(BELOW, Refused()) == ()


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        (
            "persistence",
            "The refusal does not say how persistent the behaviour is (s.104(5)(a)): give it in persistence.",
        ),
        (
            "harm",
            "The refusal does not say what harm the behaviour causes or could cause (s.104(5)(b)): give it in harm.",
        ),
        (
            "adequacy",
            "The refusal does not say how adequate the response to the reports was (s.104(5)(c)): give it in adequacy.",
        ),
        (
            "alternative_action",
            "The refusal does not say what will be done instead (DOV-23): give it in alternative_action.",
        ),
        ("decided_by", "The refusal does not say who decided it: give it in decided_by."),
        ("approved_by", "The refusal does not say which second person agreed to it: give it in approved_by."),
    ],
)
def test_each_missing_reason_of_a_refusal_is_one_sentence(field: str, sentence: str) -> None:
    assert refusal_gaps(BELOW, replace(Refused(), **{field: " "})) == (sentence,)


def test_nobody_approves_their_own_refusal() -> None:
    assert refusal_gaps(BELOW, replace(Refused(), approved_by=" officer  one")) == (
        "The officer who decided the refusal also approved it: name another in approved_by.",
    )


def test_a_threshold_that_is_met_cannot_be_refused_whatever_is_recorded() -> None:
    sentence = (
        "Three reports count and three are needed: section 104(4) is met and cannot be recorded as not met; "
        "record that the threshold is met."
    )
    assert refusal_gaps(assess(policy(), MARCH, MADE), Refused()) == (sentence,)


def test_a_council_s_own_route_that_is_met_cannot_be_refused_either() -> None:
    found = assess(policy(route(2, id="two", title="Two reports")), MARCH[:2], MADE)
    assert refusal_gaps(found, Refused()) == (
        "Two reports count and two are needed: the council's own route “Two reports” is met and cannot be "
        "recorded as not met; record that the threshold is met.",
    )
