"""The outcome issue by issue, and the menu of powers a recommendation is picked from."""

import pytest

from domain import events as e
from domain.case import Stage
from domain.powers import POWERS
from tests.domain.service import Service
from tests.domain.stages import at


def outcome(*of: tuple[str, ...]) -> e.OutcomeDecided:
    issues = tuple(
        e.IssueOutcome(issue="Noise", reports=reports, done="Two warnings.", finding="Too late.", next="A notice.")
        for reports in of
    )
    return e.OutcomeDecided(reasons="The reports were not joined up.", issues=issues)


def reports(service: Service) -> list[str]:
    return [incident.id for incident in service.case.incidents]


def test_every_report_belongs_to_an_issue_whose_outcome_is_told() -> None:
    service = at(Stage.OUTCOME)
    assert reports(service) == ["I1", "I2", "I3"]
    assert service.refusal(outcome(("I1",), ("I2", "I3"))) is None
    assert service.refusal(outcome(("I1",))) == (
        "say of I2, I3 too what was found, or to which issue it belongs: the applicant raised it"
    )
    assert service.refusal(outcome(("I1", "I2", "I3"), ("I9",))) == (
        "there is no report I9 in this case; its reports are I1, I2, I3"
    )


@pytest.mark.parametrize("part", ["done", "finding", "next"])
def test_each_part_of_an_issue_says_something(part: str) -> None:
    service = at(Stage.OUTCOME)
    whole = outcome(("I1", "I2", "I3"))
    empty = whole.model_copy(update={"issues": (whole.issues[0].model_copy(update={part: "n/a"}),)})
    assert f"{part} says nothing" in (service.refusal(empty) or "")


def test_a_recommendation_picks_a_power_of_the_menu_or_none() -> None:
    service = at(Stage.PANEL)
    panel = service.case.panel
    assert panel is not None
    service.wait_until(panel.on)

    def held(power: str) -> e.PanelHeld:
        advice = e.Recommendation(to="police", text="Visit weekly.", power=power)
        return e.PanelHeld(on=panel.on, findings="Nobody joined the reports up.", recommendations=(advice,))

    assert service.refusal(held("")) is None
    assert service.refusal(held("community-protection-notice")) is None
    assert (service.refusal(held("curfew")) or "").startswith("curfew is no power of the menu; leave it empty, or give")


def test_the_menu_has_what_the_guidance_names_each_with_who_holds_it() -> None:
    wanted = {
        "civil-injunction", "community-protection-notice", "closure", "criminal-behaviour-order",
        "public-spaces-protection-order", "tenancy-measures", "mediation", "acceptable-behaviour-contract",
    }  # fmt: skip
    assert wanted <= set(POWERS)
    assert all(power.id == id and power.title and power.holders and power.does for id, power in POWERS.items())
