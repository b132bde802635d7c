"""An apology for a date that was missed, and the record of what was shared with somebody."""

from datetime import timedelta

import pytest

from domain import events as e
from domain.breaches import missed, owed
from domain.case import Stage
from tests.domain.service import Service
from tests.domain.stages import at


def apology(deadline: str = "", **changed: object) -> e.Apologised:
    given = {
        "deadline": deadline, "wrong": "Nobody arranged the meeting in time.",
        "remedy": "The panel meets on Friday, and the chair calls you before.", "learning": "Two people now look.",
    }  # fmt: skip
    return e.Apologised.model_validate(given | changed)


def late() -> Service:
    """A case whose threshold was to be decided by a day that has passed."""
    service = at(Stage.THRESHOLD)
    return service.wait_until(service.due("threshold").due + timedelta(days=3))


def test_a_missed_date_is_apologised_for_once() -> None:
    service = late()
    assert "threshold" in {d.key for d in missed(service.case, service.deadlines)}
    service.must(apology("threshold"))
    assert "threshold" not in {d.key for d in missed(service.case, service.deadlines)}
    assert [order.letter for order in service.orders.values()][-1] == "L-22"
    assert "has an apology for threshold already" in (service.refusal(apology("threshold")) or "")


def test_a_date_that_was_kept_is_not_apologised_for() -> None:
    service = late()
    assert service.refusal(apology("response")) == (
        "response was not missed; missed was “Threshold decision told to the applicant” (threshold); leave deadline "
        "empty for something else"
    )


def test_something_else_than_a_date_can_be_apologised_for() -> None:
    service = at(Stage.GATHERING)
    assert owed(service.case, service.deadlines) == ()
    assert service.refusal(apology()) is None


@pytest.mark.parametrize("empty", ["wrong", "remedy", "learning"])
def test_an_apology_says_what_went_wrong_how_it_is_put_right_and_what_is_learnt(empty: str) -> None:
    assert f"{empty} says nothing" in (late().refusal(apology("threshold", **{empty: "n/a"})) or "")


def disclosure(**changed: object) -> e.DisclosureMade:
    given = {"to": "The school", "on": at(Stage.PANEL).today, "what": "That a review is held.", "basis": "Consent."}
    return e.DisclosureMade.model_validate(given | changed)


def test_what_was_shared_is_recorded_with_its_basis_and_never_before_it_happened() -> None:
    service = at(Stage.PANEL)
    assert "lies in the future" in (service.refusal(disclosure(on=service.today + timedelta(days=1))) or "")
    assert "basis says nothing" in (service.refusal(disclosure(basis="-")) or "")
    service.must(disclosure())
    assert [event.what for event in service.case.disclosures] == [disclosure()]
