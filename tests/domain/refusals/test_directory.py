"""What stands against correcting an address and adding a body."""

import pytest

from domain import events as e
from domain.case import Stage
from tests.domain.stages import at
from tests.domain.test_directory import NEW, added, corrected


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (corrected("fire-service"), "fire-service is in nobody's directory here; whose address can be corrected: "),
        (corrected(phone="01304 111222"), "a telephone number and a postal address are the council's own team's"),
        (corrected(email=None), "say what is new of Kent Police"),
        (corrected("team", senior_title="Head"), "the council's team has no senior post here"),
        (corrected("team", email=None), "give what is new of "),
    ],
)
def test_a_correction_says_whose_and_what(body: e.AgencyCorrected, sentence: str) -> None:
    assert sentence in (at(Stage.GATHERING).refusal(body) or "")


def test_an_address_that_is_known_already_is_none() -> None:
    service = at(Stage.GATHERING).must(corrected())
    assert service.refusal(corrected()) == "Kent Police is reached there already; give what is new"


def test_an_appeal_body_has_an_address_and_nothing_else() -> None:
    service = at(Stage.APPEAL)
    assert service.case.appeal
    assert service.case.appeal.body
    name = service.case.appeal.body.name
    assert service.refusal(corrected(name, senior_title="Head")) == (
        f"{name} has no senior post here; give its e-mail address alone"
    )
    assert service.refusal(corrected(name, email=None)) == f"give the new e-mail address of {name}"
    service.must(corrected(name.upper(), email=NEW))
    assert service.refusal(corrected(name)) == f"{name} is reached there already; give what is new"


@pytest.mark.parametrize("name", ["Kent Police", "kent  police", "Moat homes"])
def test_a_body_takes_part_once(name: str) -> None:
    service = at(Stage.GATHERING).must(added())
    known = "moat-homes" if "oat" in name else "police"
    assert f"takes part in this case already, as {known}" in (service.refusal(added(name=name)) or "")
    assert service.refusal(added(name="Probation", role="probation")) is None
