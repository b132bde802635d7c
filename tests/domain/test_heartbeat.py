"""A word to the applicant after working days in which nothing else was written to them, by the policy and no other."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from domain import events as e
from domain.calendar import Unit, count
from domain.case import Stage
from domain.chasing import next_moment
from domain.heartbeat import due
from domain.policy import Care
from letters.news import news
from tests.domain.history import council
from tests.domain.service import Service
from tests.domain.stages import MET, all_answer, at

SILENT = council("dover").model_copy(update={"care": Care()})


def words(service: Service) -> list[date]:
    """The days on which the applicant had a word because nothing else was written."""
    return [event.at.date() for event in service.case.events if event.kind == "progress.told"]


def written(service: Service) -> list[date]:
    """The days on which anything was written to the applicant."""
    return sorted({letter.on for letter in service.case.letters.values() if letter.posted.to == "applicant"})


def test_a_word_goes_on_the_tenth_working_day_and_again_after_ten_more() -> None:
    service = at(Stage.APPEAL_WINDOW)
    last = max(written(service))
    first = count(service.case.calendar, last, 10, Unit.WORKING_DAYS).due
    service.wait_until(first - timedelta(days=1))
    assert words(service) == []
    service.wait_until(first)
    assert words(service) == [first]
    days = written(service.wait(60))
    for earlier, later in pairwise(days):
        assert later <= count(service.case.calendar, earlier, 10, Unit.WORKING_DAYS).due
    assert len(words(service)) > 1


def test_it_is_not_sent_where_something_else_was_written_in_those_days() -> None:
    service = at(Stage.APPEAL_WINDOW).wait(60)
    for day in words(service):
        letters = [letter for letter in service.case.letters.values() if letter.on == day]
        assert [x.posted.letter for x in letters if x.posted.to == "applicant"] == ["L-07"]


def test_a_policy_without_it_sends_none() -> None:
    service = Service(SILENT).wait(120)
    assert words(service) == []


def test_it_keeps_still_while_the_case_is_paused() -> None:
    service = at(Stage.GATHERING)
    until = service.today + timedelta(days=40)
    service.must(e.HoldStarted(until=until, reason="In hospital.", at_victims_request=True))
    service.wait_until(until - timedelta(days=1))
    assert words(service) == []
    assert due(service.case, service.now) is None


@pytest.mark.parametrize("stage", [Stage.AWAITING_DETAILS, Stage.NOT_MET, Stage.CLOSING, Stage.CLOSED, Stage.WITHDRAWN])
def test_it_keeps_still_while_it_is_the_applicants_turn_and_after_the_end(stage: Stage) -> None:
    service = at(stage)
    assert due(service.case, service.now) is None


def test_the_time_of_a_word_wakes_the_case() -> None:
    service = at(Stage.FOLLOW_UP)
    moment = due(service.case, service.now)
    assert moment is not None
    following = next_moment(service.case, [], service.now, service.today)
    assert following is not None
    assert following == (moment, "a word to the applicant")


def test_it_says_what_was_done_since_the_last_letter_and_what_comes_next() -> None:
    service = all_answer(at(Stage.VERIFYING)).must(MET)
    service.happened(e.EnquiryAnswered(enquiry="information:police", account="We patrol."))
    told = news(service.case)
    assert told.done[-1] == "Kent Police answered us."
    assert "a panel will meet" in told.coming


def test_it_says_nothing_of_a_safety_referral_or_a_risk() -> None:
    service = at(Stage.GATHERING)
    before = news(service.case)
    service.must(
        e.SafetyReferred(to="marac", danger="A threat of fire.", basis="To protect a child."),
        e.RiskAssessed(level=e.RiskLevel.HIGH, reasons="A threat of fire."),
    )
    assert news(service.case) == before
