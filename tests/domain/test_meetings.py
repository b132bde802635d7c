"""A meeting after a day that the applicant was promised: what moves with it, and what the letters then say."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from domain import events as e
from domain.calendar import LONDON
from domain.case import Stage
from domain.deadlines import State
from domain.policy import StepId
from tests.domain.history import council
from tests.domain.lives import Watched
from tests.domain.service import Service
from tests.domain.stages import MET, all_answer, at, panel, working_days

KENT = "kent-district"
AGREED = {"reason": "Nobody was free.", "approved_by": "Sam Reeve"}


def gathering(policy: str, on: datetime = datetime(2026, 11, 30, 9, 30, tzinfo=LONDON)) -> Watched:  # Mon
    service = Watched(policy, made=on)
    all_answer(service).must(MET)
    return service


def extensions(service: Service) -> list[e.Extended]:
    return [event.what for event in service.case.events if isinstance(event.what, e.Extended)]


def test_a_day_within_the_one_told_needs_no_letter_and_no_permission() -> None:
    service = gathering(KENT)
    told = date(2027, 1, 4)  # Mon
    assert service.due("panel").due == told
    all_answer(service)
    assert service.due("panel").due == told
    assert service.due("panel").limit == "22 working days after application received"
    assert service.due("panel").working[-1].date == told
    service.must(panel(date(2026, 12, 18)))  # Fri
    service.wait_until(date(2026, 12, 18))
    assert extensions(service) == []
    assert service.due("panel").state is State.OPEN


def test_who_was_told_no_date_is_held_to_the_clock_that_comes_out_soonest() -> None:
    service = Service(KENT, made=datetime(2026, 11, 30, 9, 30, tzinfo=LONDON))  # Mon
    all_answer(service).must(MET)
    all_answer(service)
    assert service.due("panel").due == date(2026, 12, 14)  # Mon


def test_a_told_date_is_extended_from_the_day_that_was_told() -> None:
    service = all_answer(gathering(KENT))
    service.must(e.Extended(step="panel", working_days=3, reason="Nobody is free.", approved_by="Sam Reeve"))
    assert service.due("panel").due == date(2027, 1, 7)  # Thu


def test_a_case_of_an_earlier_edition_keeps_its_sooner_date() -> None:
    before = council(KENT).model_copy(update={"edition": 1})
    service = Watched(before, made=datetime(2026, 11, 30, 9, 30, tzinfo=LONDON))  # Mon
    all_answer(service).must(MET)
    assert all_answer(service).due("panel").due == date(2026, 12, 14)  # Mon


def test_a_panel_after_the_promised_answer_says_the_new_day_of_the_answer_and_why() -> None:
    service = all_answer(gathering("dover"))
    promised = service.due("response").due
    late = promised + timedelta(days=4)
    assert service.refusal(panel(late)) == (
        "Monday 11 January 2027 is after Thursday 7 January 2027, promised for “Outcome letter to the applicant”; "
        "choose an earlier day, or give answer_by (the new day of the answer), reason (why it is later), approved_by "
        "(the name of the Head of Community Safety, who agrees), so that the applicant is told at once"
    )
    day = date(2027, 1, 18)  # Mon
    service.must(panel(late, **AGREED, answer_by=day))
    (moved,) = extensions(service)
    assert (moved.step, moved.reason, moved.approved_by) == ("response", "Nobody was free.", "Sam Reeve")
    assert service.due("response").due == day
    orders = [order for order in service.orders.values() if order.letter in ("L-05", "L-08")]
    assert [order.letter for order in orders] == ["L-05", "L-08"]
    assert orders[0].current
    assert orders[0].upto > service.case.places[orders[0].event]
    assert orders[1].upto == orders[0].upto


def test_a_panel_after_its_own_promise_and_the_answers_moves_both() -> None:
    service = all_answer(gathering(KENT))
    on, answer = date(2027, 1, 11), date(2027, 1, 15)  # Mon, Fri
    service.must(panel(on, **AGREED, answer_by=answer))
    assert [move.step for move in extensions(service)] == ["panel", "response"]
    assert (service.due("panel").due, service.due("response").due) == (on, answer)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (
            date(2027, 1, 8),  # Fri
            "the answer cannot come on Friday 8 January 2027, before the meeting of Monday 11 January 2027; give a "
            "later day in answer_by",
        ),
        (
            date(2027, 3, 31),  # Wed
            "“Outcome letter to the applicant” may be moved by 20 working days at a time, and Wednesday 31 March 2027 "
            "is further; choose an earlier day",
        ),
    ],
)
def test_the_answers_new_day_is_after_the_meeting_and_as_near_as_the_policy_says(answer: date, sentence: str) -> None:
    service = all_answer(gathering("dover"))
    assert service.refusal(panel(date(2027, 1, 11), **AGREED, answer_by=answer)) == sentence  # Mon


def test_an_answers_day_that_moves_nothing_is_left_out() -> None:
    service = all_answer(gathering("dover"))
    due = service.due("response").due
    assert service.refusal(panel(date(2026, 12, 18), answer_by=due)) == (  # Fri
        "the answer is promised by Thursday 7 January 2027; leave answer_by out"
    )


def test_the_chair_asks_the_council_to_move_what_was_promised() -> None:
    service = all_answer(gathering("dover"))
    late = panel(date(2027, 1, 11), **AGREED, answer_by=date(2027, 1, 18))  # Mon, Mon
    sentence = service.refusal(late, e.Actor(role=e.Role.CHAIR, name="Lee Hart"))
    assert sentence is not None
    assert sentence.endswith("or ask the council to move it, so that the applicant is told why")


def test_an_adjournment_past_the_promised_answer_moves_the_answer_at_once_and_says_why() -> None:
    service = all_answer(gathering("dover"))
    service.must(panel(date(2026, 12, 18)))  # Fri
    service.wait_until(date(2026, 12, 18))
    service.must(e.PanelAdjourned(until=date(2027, 1, 12), reason="The chair is ill."))  # Tue
    (moved,) = extensions(service)
    assert (moved.step, moved.reason) == ("response", "The panel's meeting had to be moved: The chair is ill.")
    assert service.due("response").due == date(2027, 1, 18)  # Mon: three days for the plan, and one
    invited = next(order for order in reversed(service.orders.values()) if order.letter == "L-05")
    assert invited.upto > service.case.places[invited.event]


@pytest.mark.parametrize("at_most", [1, 20])
@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("policy", ["dover", KENT])
def test_a_panel_whose_day_has_passed_can_always_be_arranged(policy: str, at_most: int, times: int) -> None:
    known = council(policy)
    rules = known.extensions.model_copy(update={"at_most": at_most, "times": times})
    service = all_answer(all_answer(Service(known.model_copy(update={"extensions": rules}))).must(MET))
    for _ in range(times):
        key = next(d.key for d in service.deadlines if d.step is StepId.PANEL)
        service.must(e.Extended(step=key, working_days=1, reason="Nobody is free.", approved_by="Sam Reeve"))
    service.wait_until(service.due("panel").due + timedelta(days=90))
    answer = service.due("response")
    late = answer.due < service.today
    body = panel(service.today, **AGREED, answer_by=working_days(service, 5) if late else None)
    service.must(body)
    assert service.stage is Stage.PANEL


def test_a_hearing_after_the_promised_day_is_arranged_in_one_step_by_the_council() -> None:
    service = at(Stage.APPEAL, KENT)
    late = service.due("appeal_hearing").due + timedelta(days=4)
    officer = e.Actor(role=e.Role.OFFICER, name="Kit Lane")
    service.must(e.HearingArranged(on=late, **AGREED), actor=officer)  # type: ignore[arg-type]
    assert [move.step for move in extensions(service)] == ["appeal_hearing"]
    assert service.due("appeal_hearing").due >= late
