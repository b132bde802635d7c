"""An outcome issue by issue, and a recommendation with its power, as somebody types them."""

import pytest

from domain import events as e
from office.faults import WrongInput
from starter.commands.options import filled, parts


def typed(body: type[e.Body], **given: object) -> e.Body:
    return filled(body, parts(body), {f"in_{name}": value for name, value in given.items()}, {})


def test_an_issue_is_its_reports_and_four_parts() -> None:
    sent = typed(
        e.OutcomeDecided, reasons="As found.", issue=["i1 I3: Noise at night | Two warnings | Too late | A notice"]
    )
    assert isinstance(sent, e.OutcomeDecided)
    assert sent.issues == (
        e.IssueOutcome(
            issue="Noise at night", reports=("I1", "I3"), done="Two warnings", finding="Too late", next="A notice"
        ),
    )


@pytest.mark.parametrize("issue", ["Noise at night", "I1: Noise | Two warnings", "I1: Noise | | Too late | A notice"])
def test_an_issue_without_its_parts_is_refused_with_how_it_is_written(issue: str) -> None:
    with pytest.raises(WrongInput, match="--issue must be the reports it is about"):
        typed(e.OutcomeDecided, reasons="As found.", issue=[issue])


@pytest.mark.parametrize(
    ("recommendation", "power", "due"),
    [
        ("council via noise-abatement by 2027-03-01: serve it", "noise-abatement", "2027-03-01"),  # Mon
        ("council via noise-abatement: serve it", "noise-abatement", "None"),
        ("council: visit by car via the lane", "", "None"),
    ],
)
def test_a_recommendation_names_its_power_before_its_day(recommendation: str, power: str, due: str) -> None:
    sent = typed(e.PanelHeld, on="2027-01-14", finding="x", findings="Nobody looked.", recommend=[recommendation])
    assert isinstance(sent, e.PanelHeld)
    (made,) = sent.recommendations
    assert (made.to, made.power, str(made.due)) == ("council", power, due)
