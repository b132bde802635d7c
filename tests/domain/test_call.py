"""A call the applicant asks for: the case waits for it first, until somebody has spoken with them."""

import pytest

from domain import events as e
from domain.case import Stage
from domain.policy import Subject
from domain.refusals.appeal import open_subjects
from tests.domain.stages import appeal, at, decision

ASKED = e.CallRequested(phone="01632 960111", when="Before three.")


@pytest.mark.parametrize("stage", [stage for stage in Stage if not stage.over and stage is not Stage.RECEIVED], ids=str)
def test_a_call_can_be_asked_for_until_the_case_is_over_and_recorded_once_it_is_asked_for(stage: Stage) -> None:
    service = at(stage)
    assert service.refusal(e.CallMade(spoke=True)) is not None
    waiting = service.waiting
    service.must(ASKED)
    words = service.waiting.words
    assert words.startswith("the applicant asked for a call on ")
    assert words.endswith(waiting.words)
    assert service.waiting.must_act == "officer"
    assert "01632" not in words
    service.must(e.CallMade(spoke=False, note="Nobody answered."))
    assert service.waiting.words == words
    service.must(e.CallMade(spoke=True))
    assert service.waiting == waiting
    assert service.refusal(e.CallMade(spoke=True)) is not None


@pytest.mark.parametrize("stage", [Stage.CLOSED, Stage.WITHDRAWN], ids=str)
def test_a_case_that_is_over_takes_no_call(stage: Stage) -> None:
    assert at(stage).refusal(ASKED) is not None


def test_only_what_a_route_leads_to_is_open_to_appeal() -> None:
    service = at(Stage.NOT_MET)
    assert open_subjects(service.case, service.today) == (Subject.THRESHOLD,)
    service = at(Stage.APPEAL_WINDOW)
    assert Subject.THRESHOLD not in open_subjects(service.case, service.today)
    assert open_subjects(service.case, service.today)


def test_what_was_decided_for_good_is_not_open_to_appeal_again() -> None:
    service = at(Stage.APPEAL_WINDOW).wait(2)
    lodged = appeal(service)
    assert lodged.subject in open_subjects(service.case, service.today)
    service.must(lodged)
    service.must(decision(service.today))
    assert lodged.subject not in open_subjects(service.case, service.today)
