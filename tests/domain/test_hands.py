"""Who may get a case: not somebody who had a part in what an appeal is against, and of two only one."""

import pytest

from domain import events as e
from domain.case import Stage
from tests.domain.stages import at, remitted

KIT = "Kit Lane"


def to(officer: str, taken_from: str | None = None) -> e.OfficerAssigned:
    return e.OfficerAssigned(officer=officer, taken_from=taken_from)


@pytest.mark.parametrize("name", ["Jo Ward", "  jo   WARD "])
def test_nobody_who_decided_the_threshold_gets_the_appeal(name: str) -> None:
    service = at(Stage.APPEAL)
    assert any(
        isinstance(one.what, e.ThresholdDecided) and one.what.decided_by == "Jo Ward" for one in service.case.events
    )
    assert service.refusal(to(name)) == (
        f"{to(name).officer} had a part in what the appeal is against; give the case to somebody who had none"
    )
    assert service.refusal(to(KIT)) is None


def test_whoever_chaired_or_sat_on_the_panel_does_not_get_the_appeal_either() -> None:
    service = at(Stage.APPEAL)
    arranged = next(one.what for one in service.case.events if isinstance(one.what, e.PanelArranged))
    for seat in (arranged.chair, *arranged.members):
        assert service.refusal(to(seat.name)) is not None, seat.name


def test_whoever_was_the_officer_before_the_appeal_does_not_get_it_and_whoever_came_after_does() -> None:
    service = at(Stage.APPEAL_WINDOW).must(to(KIT)).wait(2)
    service.happened(e.AppealLodged(subject=service.case.policy.appeals[0].subjects[0], grounds="Unheard."))
    assert service.refusal(to(KIT)) is not None
    service.must(to("Sam Reeve"))
    assert service.refusal(to("Ash Gray")) is None
    service.must(to("Ash Gray"))
    assert service.refusal(to("Sam Reeve")) is None


@pytest.mark.parametrize("stage", [Stage.NOT_MET, Stage.APPEAL_WINDOW, Stage.GATHERING])
def test_where_no_appeal_is_open_whoever_handled_the_case_may_have_it(stage: Stage) -> None:
    assert at(stage).refusal(to("Jo Ward")) is None


def test_a_review_that_an_appeal_sent_back_is_anybody_s_again() -> None:
    assert remitted().refusal(to("Jo Ward")) is None


def test_of_two_who_take_a_case_one_gets_it() -> None:
    service = at(Stage.GATHERING)
    assert service.refusal(to("Ash Gray", "")) is None
    service.must(to(KIT, ""))
    assert service.refusal(to("Ash Gray", "")) == "Kit Lane has the case by now; take another one"
    assert service.refusal(to("Ash Gray", "kit lane")) is None
    assert service.refusal(to("Ash Gray")) is None


def test_a_case_taken_from_somebody_who_does_not_have_it_is_not_given() -> None:
    assert at(Stage.GATHERING).refusal(to("Ash Gray", KIT)) == "nobody has the case by now; take another one"
