"""A victim who is not invited to the panel: only with the chair's reasons, in time, and heard in another way."""

from datetime import date

import pytest

from domain import events as e
from domain.case import Stage
from domain.policy import Care
from tests.domain.service import Service
from tests.domain.stages import at, panel

WHY = "Two members of staff who were threatened take part, and the meeting is about their evidence too."
HOW = "The chair calls you the day before and reads out what you say."
UNINVITED = {"invited": False, "reasons_not_invited": WHY, "heard_instead": HOW}


def arranging() -> tuple[Service, date]:
    """A case whose panel can be arranged, on Wednesday 22 April 2026."""
    service = at(Stage.ARRANGING, "dover").wait_until(date(2026, 4, 20))  # Mon
    return service, date(2026, 4, 22)  # Wed


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"reasons_not_invited": ""}, "the victim is invited unless there are reasons why not"),
        ({"reasons_not_invited": "-"}, "the victim is invited unless there are reasons why not"),
        ({"heard_instead": "n/a"}, "say in heard_instead how a victim who is not invited is heard"),
    ],
)
def test_nobody_is_left_out_without_reasons_and_another_way_to_be_heard(
    changed: dict[str, object], sentence: str
) -> None:
    service, day = arranging()
    assert sentence in (service.refusal(panel(day, **UNINVITED | changed)) or "")


def test_the_reasons_come_two_working_days_before_the_panel_or_the_victim_is_invited() -> None:
    service, day = arranging()
    assert service.refusal(panel(day, **UNINVITED)) is None
    service.wait_until(date(2026, 4, 21))  # Tue
    assert service.refusal(panel(day, **UNINVITED)) == (
        "a victim who is not invited has the reasons 2 working days before the panel, for Wednesday 22 April 2026 by "
        "Monday 20 April 2026; invite them, or choose a later day"
    )
    assert service.refusal(panel(day)) is None


def test_a_weekend_before_the_panel_does_not_count() -> None:
    service = at(Stage.ARRANGING, "dover").wait_until(date(2026, 4, 23))  # Thu
    assert service.refusal(panel(date(2026, 4, 27), **UNINVITED)) is None  # Mon
    service.wait_until(date(2026, 4, 24))  # Fri
    assert "by Thursday 23 April 2026" in (service.refusal(panel(date(2026, 4, 27), **UNINVITED)) or "")  # Mon


def test_a_policy_that_names_no_day_still_wants_the_reasons() -> None:
    service, day = arranging()
    service.wait_until(day)
    service.case.policy = service.policy.model_copy(update={"care": Care()})
    assert service.refusal(panel(day, **UNINVITED)) is None
    assert service.refusal(panel(day, invited=False)) is not None


def letters(service: Service) -> list[str]:
    last = service.case.events[-1].what
    assert isinstance(last, e.LetterPosted)
    return [order.letter for order in service.orders.values() if order.to.party.value == "applicant"]


def test_they_have_the_reasons_by_letter_and_an_invitation_once_they_are_invited_after_all() -> None:
    service, day = arranging()
    service.must(panel(day, **UNINVITED))
    assert letters(service)[-1] == "L-06"
    service.must(panel(day, reason="The victim is invited after all."))
    assert letters(service)[-1] == "L-05"


def test_a_panel_that_is_adjourned_leaves_them_as_they_were() -> None:
    service, day = arranging()
    service.must(panel(day, **UNINVITED)).must(e.PanelAdjourned(until=date(2026, 4, 24), reason="The chair is ill."))
    assert letters(service)[-1] == "L-06"
