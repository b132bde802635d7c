"""What stands against somebody joining an application, and what their being part of it changes."""

import pytest

from domain import events as e
from domain.application import Part
from domain.case import Stage
from domain.letters import letters_for
from domain.messages import Party
from domain.refusals.victims import AT_MOST
from tests.domain.stages import MET, REFUSED, at

IDA = e.PersonJoined(person="P4")


def told(stage: Stage, *bodies: e.Body) -> list[tuple[str, str]]:
    """The letters to further people that the last of these causes."""
    service = at(stage)
    for body in bodies:
        service.happened(body)
    orders = letters_for("DOV-2026-0001", service.case, service.case.events[-1])
    return [(order.letter, order.to.id) for order in orders if order.to.party is Party.FURTHER]


def test_who_applies_already_or_acts_is_not_added_and_nobody_twice() -> None:
    service = at(Stage.VERIFYING)
    applicant = service.case.application.applicant
    assert service.refusal(e.PersonJoined(person=applicant)) == (
        "they apply already, or act for the victim; add somebody else"
    )
    assert service.refusal(IDA) is None
    service.happened(IDA)
    assert "part of the application already" in (service.refusal(IDA) or "")
    assert service.refusal(IDA.model_copy(update={"consents": True})) is None


def test_there_is_an_end_to_how_many_one_application_can_have() -> None:
    service = at(Stage.VERIFYING)
    for number in range(AT_MOST):
        service.happened(e.PersonJoined(person=f"P{number + 10}"))
    assert "at most 30 others" in (service.refusal(IDA) or "")


def test_only_somebody_s_part_that_there_is_can_end() -> None:
    service = at(Stage.VERIFYING)
    left = e.PersonLeft(person="P4", reason="She has moved.")
    assert "end-person is not possible" in (service.refusal(left) or "")
    service.happened(IDA)
    assert (
        service.refusal(left.model_copy(update={"person": "P9"})) == "P9 is no part of the application; these are: P4"
    )
    assert service.refusal(left) is None
    service.happened(left)
    assert service.case.others == {}


def test_everybody_who_is_part_of_it_is_told_what_is_decided_and_nobody_who_left() -> None:
    assert told(Stage.VERIFYING, IDA) == [("L-02a", "P4")]
    assert told(Stage.VERIFYING, IDA, MET) == [("L-02a", "P4")]
    assert told(Stage.THRESHOLD, IDA, e.PersonJoined(person="P5", part=Part.SUPPORTER), REFUSED) == [
        ("L-02a", "P4"), ("L-02a", "P5")
    ]  # fmt: skip
    left = e.PersonLeft(person="P4", reason="She has moved.")
    assert told(Stage.VERIFYING, IDA, left) == [("L-02a", "P4")]
    assert told(Stage.VERIFYING, IDA, left, MET) == []
    assert told(Stage.VERIFYING, IDA, e.Withdrawn()) == [("L-02a", "P4")]


@pytest.mark.parametrize("cause", e.Cause)
def test_they_hear_that_the_case_ended_for_whatever_cause_and_that_it_goes_on_after_all(cause: e.Cause) -> None:
    ended = e.CaseEnded(cause=cause)
    assert told(Stage.VERIFYING, IDA, ended) == [("L-02a", "P4")]
    assert told(Stage.VERIFYING, IDA, ended, e.CaseRestored(reason="A mistake.")) == [("L-02a", "P4")]


def test_joining_starts_no_clock_and_is_no_milestone() -> None:
    service = at(Stage.THRESHOLD)
    before = [(d.key, d.due) for d in service.deadlines]
    reached = dict(service.case.reached)
    service.happened(IDA)
    assert [(d.key, d.due) for d in service.deadlines] == before
    assert service.case.reached == reached
