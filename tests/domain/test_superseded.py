"""A letter that comes back says what holds on the day it is written again, or does not go."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain import events as e
from domain.calendar import Unit, count
from domain.case import Stage
from domain.messages import LetterOrder
from domain.superseded import superseded
from tests.domain.history import council
from tests.domain.lives import Watched
from tests.domain.service import Service
from tests.domain.stages import MET, all_answer, answer, at, done, held, panel, to_outcome, to_panel, working_days

TAKEN = e.LetterState.ACCEPTED


def came_back(service: Service, kind: str, number: int = 0) -> LetterOrder | None:
    """The letter of that kind comes back, the first or the given one; what is sent again for it, if anything is."""
    keys = [key for key, letter in service.case.letters.items() if letter.posted.letter == kind]
    known = set(service.orders)
    service.must(e.LetterUndelivered(key=keys[number], how=e.Failure.BOUNCED))
    again = [order for key, order in service.orders.items() if key not in known and order.letter == kind]
    assert len(again) <= 1
    return again[0] if again else None


def later(service: Service, days: int = 5) -> Service:
    return service.must(e.Extended(step="response", working_days=days, reason="Late.", approved_by="Sam Reeve"))


def test_a_delay_letter_that_comes_back_after_another_does_not_go_again() -> None:
    service = later(later(Service("dover")))
    assert came_back(service, "L-08", 0) is None
    again = came_back(service, "L-08", 1)
    assert again is not None
    assert again.current


def test_a_delay_letter_that_comes_back_when_the_step_is_done_does_not_go_again() -> None:
    service = later(at(Stage.OUTCOME))
    service.must(e.OutcomeDecided(reasons="The reports were not joined up."))
    assert came_back(service, "L-08") is None


def test_an_invitation_to_a_meeting_that_was_moved_does_not_go_again_and_the_later_one_does() -> None:
    service = to_panel(at(Stage.GATHERING))
    service.must(panel(working_days(service, 4), reason="A larger room."))
    assert came_back(service, "L-05", 0) is None
    assert came_back(service, "L-05", 1) is not None


def test_an_invitation_that_comes_back_when_the_panel_has_met_does_not_go_again() -> None:
    service = to_panel(at(Stage.GATHERING))
    assert service.case.panel
    service.wait_until(service.case.panel.on).must(held(service.today))
    assert came_back(service, "L-05") is None


def test_a_decision_to_review_is_told_again_from_the_case_as_it_stands() -> None:
    service = to_panel(at(Stage.GATHERING))
    again = came_back(service, "L-03")
    assert again is not None
    assert again.current
    assert again.upto > service.case.places[again.event]
    assert service.case.letters[again.key].posted.upto == again.upto


def test_a_decision_to_review_is_not_told_again_once_the_outcome_is() -> None:
    service = to_outcome(to_panel(at(Stage.GATHERING)))
    assert came_back(service, "L-03") is None
    assert came_back(service, "L-11") is not None


@pytest.mark.parametrize("kind", ["L-04", "L-01"])
def test_what_still_holds_is_told_again(kind: str) -> None:
    assert came_back(at(Stage.NOT_MET), kind) is not None


def test_a_pause_that_was_ended_is_not_told_again() -> None:
    service = at(Stage.GATHERING)
    service.must(e.HoldStarted(until=working_days(service, 9), reason="In hospital.", at_victims_request=True))
    service.must(e.HoldEnded())
    assert came_back(service, "L-07h") is None
    assert came_back(service, "L-07") is not None


def test_a_request_to_a_body_that_has_answered_meanwhile_is_not_sent_again() -> None:
    service = Service("dover", post=lambda order: e.LetterState.UNCERTAIN if order.letter == "A-02" else TAKEN)
    lost = [key for key, letter in service.case.letters.items() if letter.needs_somebody]
    assert len(lost) == 2
    service.must(e.EnquiryAnswered(enquiry="verification:police", account="By phone."))
    for key in lost:
        service.must(e.LetterSettled(key=key, arrived=False, how="They never had it."))
    again = [order.to.id for key, order in service.orders.items() if key.endswith("~2")]
    assert again == ["council"]


def test_an_action_overdue_is_not_told_again_when_it_is_done() -> None:
    service = at(Stage.FOLLOW_UP).must(answer("R1"))
    service.wait_until(service.due("action:R1").due + timedelta(days=5))
    service.must(done("R1", service.today))
    assert came_back(service, "L-13", 0) is None
    assert came_back(service, "L-13", 1) is not None


def test_a_date_told_by_a_letter_that_is_written_again_reckons_with_what_moved_it_meanwhile() -> None:
    service = Watched("dover")
    first = service.due("response").due
    later(service, 5)
    moved = service.due("response").due
    assert moved > first
    again = came_back(service, "L-01")
    assert again is not None
    assert service.case.told["response"][-1].on == moved
    assert service.due("response").due == moved
    later(service, 3)
    assert service.due("response").due == count(service.case.calendar, moved, 3, Unit.WORKING_DAYS).due


def test_a_case_of_an_earlier_edition_writes_a_letter_again_as_it_was() -> None:
    before = council("dover").model_copy(update={"edition": 1})
    service = later(later(Service(before)))
    again = came_back(service, "L-08", 0)
    assert again is not None
    assert (again.current, again.upto) == (False, service.case.places[again.event])
    assert all_answer(service).must(MET).stage is Stage.GATHERING


def moved(service: Service) -> Service:
    return service.must(e.CaseEnded(cause=e.Cause.MOVED, council="Canterbury City Council"))


def test_a_farewell_that_comes_back_is_told_again_whatever_the_case_ended_for() -> None:
    assert came_back(moved(at(Stage.GATHERING)), "L-16m") is not None


def test_what_was_written_before_the_end_is_not_told_again() -> None:
    assert came_back(moved(later(at(Stage.GATHERING))), "L-08") is None


def test_a_farewell_does_not_go_again_once_the_case_goes_on() -> None:
    service = moved(at(Stage.GATHERING)).must(e.CaseRestored(reason="They stay after all."))
    assert came_back(service, "L-16m") is None
    assert came_back(service, "L-16r") is not None


def test_a_delay_that_was_undone_is_not_told_again_and_the_first_date_is() -> None:
    service = later(at(Stage.GATHERING)).must(e.ExtensionUndone(step="response", reason="Everything is in."))
    assert came_back(service, "L-08") is None
    assert came_back(service, "L-08u") is not None


def test_a_first_date_that_was_given_up_again_is_not_told_again() -> None:
    service = later(at(Stage.GATHERING)).must(e.ExtensionUndone(step="response", reason="Everything is in."))
    assert came_back(later(service), "L-08u") is None


def test_news_that_later_news_has_overtaken_is_not_told_again() -> None:
    service = at(Stage.GATHERING)
    for _ in range(2):
        service.happened(e.ProgressTold())
    news = {event.id for event in service.case.events if isinstance(event.what, e.ProgressTold)}
    first, last = [order for order in service.orders.values() if order.event in news]
    assert superseded(service.case, first) == "later news has gone"
    assert superseded(service.case, last) == ""


def test_that_somebody_may_be_in_danger_is_told_again_when_the_case_is_over() -> None:
    service = at(Stage.GATHERING).must(e.SafetyReferred(to="police", danger="A fire.", consent=True))
    order = next(order for order in moved(service).orders.values() if order.letter == "A-12")
    assert superseded(service.case, order) == ""
