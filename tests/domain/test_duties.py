"""What is owed in which round, by which agency and in which appeal."""

from __future__ import annotations

from datetime import date

import pytest

from domain import events as e
from domain.deadlines import State
from domain.duties import duties, first_route
from domain.policy import Decision, Milestone, StepId, Subject
from tests.domain.history import History, council

KENT = "kent-district"


def met(policy: str = KENT) -> History:
    return History(policy).applied("2026-09-01").acknowledged().passed_on().on("2026-09-07").threshold_met()  # Tue, Mon


def outcome(policy: str = KENT) -> History:
    return met(policy).on("2026-09-14").reviewed().outcome_sent()  # Mon


def appealed(policy: str = KENT) -> History:
    return outcome(policy).on("2026-09-21").appeal_lodged()  # Mon


def remitted(policy: str = KENT) -> History:
    return appealed(policy).bundle_sent().appeal_heard().on("2026-11-02").appeal_decided(Decision.REMITTED)  # Mon


def refused() -> History:
    return History(KENT).applied("2026-09-01").acknowledged().passed_on().on("2026-09-07").threshold_refused()


def states(history: History) -> dict[str, State]:
    return {d.key: d.state for d in history.deadlines}


def running(history: History) -> set[str]:
    return {d.key for d in history.deadlines if d.running}


def test_a_case_has_each_deadline_once() -> None:
    for history in (met(), outcome(), appealed(), remitted(), remitted().reviewed().outcome_sent()):
        keys = [duty.key for duty in duties(history.case)]
        assert len(keys) == len(set(keys))


# Enquiries


def test_each_agency_asked_has_its_own_date_from_the_day_it_was_asked() -> None:
    history = History("dover").applied("2026-09-01").acknowledged().passed_on().asked("police")  # Tue
    history.on("2026-09-03").asked("council")  # Thu
    assert history.due("verification:police") == date(2026, 9, 8)  # Tue
    assert history.due("verification:council") == date(2026, 9, 10)  # Thu
    assert history.deadline("verification:police").agency == "police"


def test_invariant_5_an_agencys_silence_never_pauses_a_clock() -> None:
    asked = met().asked_for_information("police", "council")
    answered = asked.copy().answered()
    before = {d.key: d.due for d in asked.deadlines}
    silent = asked.on("2026-10-30")  # Fri, long after Mon 14 September
    assert {d.key: d.due for d in silent.deadlines} == before
    assert silent.deadline("response").due == answered.deadline("response").due == date(2026, 10, 6)  # Tue
    assert silent.deadline("information:police").state is State.OVERDUE
    gone_on = silent.proceeded_without("information:police").answered("information:council")
    assert gone_on.case.silent == ("police",)
    assert gone_on.deadline("response").due == date(2026, 10, 6)  # Tue


def test_an_enquiry_the_review_went_on_without_stays_overdue_and_asks_nothing_of_anybody() -> None:
    history = met().asked_for_information("police").on("2026-09-17").proceeded_without()  # Thu
    enquiry = history.deadline("information:police")
    assert (enquiry.state, enquiry.running, enquiry.breached) == (State.OVERDUE, False, True)
    assert enquiry.ended_on == date(2026, 9, 17)  # Thu
    held = history.panel_arranged("2026-09-17").panel_held()  # Thu
    assert held.deadline("information:police").state is State.STOPPED


def test_an_answer_after_the_review_went_on_is_met_late() -> None:
    history = met().asked_for_information("police").on("2026-09-17").proceeded_without()  # Thu
    enquiry = history.on("2026-09-21").answered("information:police").deadline("information:police")  # Mon
    assert (enquiry.state, enquiry.ended_on) == (State.MET_LATE, date(2026, 9, 21))  # Mon


def test_an_unanswered_enquiry_ends_with_what_it_was_for() -> None:
    history = History("dover").applied("2026-09-01").acknowledged().passed_on().asked("police")  # Tue
    assert states(history.threshold_met())["verification:police"] is State.STOPPED
    assert states(history.asked_for_information("police"))["information:police"] is State.OPEN
    assert states(history.panel_arranged("2026-09-01").panel_held())["information:police"] is State.STOPPED


def test_silence_in_one_round_is_not_asked_about_again_in_the_next() -> None:
    history = met().asked_for_information("police").proceeded_without().panel_arranged("2026-09-07").panel_held()
    history.plan_put().plan_commented().outcome_sent().appeal_lodged()
    history.on("2026-11-02").appeal_decided(Decision.REMITTED)  # Mon
    assert states(history)["information:police"] is State.STOPPED
    history.asked_for_information("police")
    assert history.due("information:police#2") == date(2026, 11, 9)  # Mon


# Recommendations and actions


def test_a_recommendation_is_owed_by_its_addressee_and_becomes_an_action_when_accepted() -> None:
    history = outcome()
    assert history.deadline("recommendation:R1").agency == "police"
    assert "action:R1" not in history.by_key
    history.on("2026-09-16").recommendation_answered("R1")  # Wed
    assert history.deadline("recommendation:R1").state is State.MET
    assert history.due("action:R1") == date(2026, 12, 14)  # Mon, three months after the panel
    assert history.on("2026-12-01").action_done("R1").deadline("action:R1").state is State.MET  # Tue


def test_a_declined_recommendation_owes_no_action() -> None:
    history = outcome().recommendation_answered("R1", e.Response.DECLINED)
    assert "action:R1" not in history.by_key


def test_actions_go_on_through_an_appeal_and_into_the_next_round() -> None:
    history = outcome().recommendation_answered("R1").on("2026-09-21").appeal_lodged()  # Mon
    assert "action:R1" in running(history)
    assert "action:R1" in running(history.appeal_decided(Decision.REMITTED))


# Rounds


def test_a_remitted_review_starts_its_clocks_again_under_keys_of_its_own() -> None:
    history = remitted()
    assert history.due("response#2") == date(2026, 12, 7)  # Mon, 25 working days from Mon 2 November
    assert history.due("panel#2") == date(2026, 12, 2)  # Wed, 22 working days
    assert history.deadline("response#2").working[0].why == "day 0: sent back by the appeal"
    assert "threshold#2" not in history.by_key
    assert "acknowledgement#2" not in history.by_key


def test_the_first_rounds_deadlines_stay_as_they_were() -> None:
    before, after = appealed().by_key, remitted().by_key
    for key in ("acknowledgement", "threshold", "panel", "response", "appeal_window"):
        assert (after[key].due, after[key].promised) == (before[key].due, before[key].promised)
        assert after[key].state is State.MET
        assert after[key].anchored_on == before[key].anchored_on
    assert after["follow_up"].state is State.STOPPED
    assert after["follow_up#2"].running


def test_the_second_rounds_appeal_window_is_open_although_the_first_was_used() -> None:
    history = remitted().on("2026-11-09").reviewed().outcome_sent()  # Mon
    assert states(history)["appeal_window"] is State.MET
    assert states(history)["appeal_window#2"] is State.OPEN
    assert history.due("appeal_window#2") == date(2026, 11, 24)  # Tue, ten working days from Tue 10


def test_a_remitted_refusal_has_a_threshold_decision_of_its_own() -> None:
    history = refused().on("2026-09-14").appeal_lodged(Subject.THRESHOLD)  # Mon
    history.on("2026-11-02").appeal_decided(Decision.REMITTED)  # Mon
    assert history.due("threshold#2") == date(2026, 11, 16)  # Mon, ten working days
    assert states(history)["threshold"] is State.MET
    again = history.on("2026-11-09").threshold_refused()  # Mon
    assert states(again)["threshold#2"] is State.MET
    assert states(again)["response#2"] is State.MET
    assert states(again)["appeal_window#2"] is State.OPEN


def test_an_appeal_upheld_against_a_refusal_starts_the_review_without_another_decision() -> None:
    history = refused().on("2026-09-14").appeal_lodged(Subject.THRESHOLD)  # Mon
    history.on("2026-11-02").appeal_decided(Decision.UPHELD)  # Mon
    assert states(history)["response"] is State.MET
    assert history.due("response#2") == date(2026, 12, 7)  # Mon
    assert "threshold#2" not in history.by_key
    assert "appeal_window#2" not in history.by_key


# Appeals


def test_an_appeal_has_its_bundle_hearing_and_decision() -> None:
    history = appealed()
    assert history.due("appeal_bundle") == date(2026, 9, 24)  # Thu
    assert history.due("appeal_hearing") == date(2026, 10, 5)  # Mon, K04-34
    assert "appeal_decision" not in history.by_key
    history.on("2026-10-01").bundle_sent().appeal_heard()  # Thu
    assert history.due("appeal_decision") == date(2026, 10, 8)  # Thu, K04-35
    assert history.deadline("appeal_hearing").public
    assert history.deadline("appeal_decision").public


@pytest.mark.parametrize("decision", [Decision.DISMISSED, Decision.UPHELD, Decision.REMITTED])
def test_nothing_of_an_appeal_runs_once_the_applicant_was_told_its_result(decision: Decision) -> None:
    history = appealed().on("2026-09-28").appeal_decided(decision)  # Mon
    appeal = ("appeal_bundle", "appeal_hearing", "appeal_decision")
    assert not running(history) & set(appeal)
    assert states(history)["appeal_bundle"] is State.STOPPED


def test_a_decided_appeal_needs_no_hearing_but_still_has_to_be_told() -> None:
    history = appealed().appeal_heard().appeal_decided(Decision.DISMISSED, told=False)
    assert running(history) >= {"appeal_decision"}
    assert not running(history) & {"appeal_bundle", "appeal_hearing"}


def test_an_appeal_is_heard_within_the_time_of_the_layer_it_was_lodged_with() -> None:
    policy = council("south-derbyshire")
    outcome_route, handling = policy.appeals
    slow = handling.model_copy(
        update={"hearing": handling.hearing.model_copy(update={"limit": 30}) if handling.hearing else None}
    )
    both = policy.model_copy(update={"appeals": (outcome_route, slow)})
    history = History(both).applied("2026-09-01").acknowledged().passed_on().threshold_met()  # Tue
    history.on("2026-09-14").reviewed().outcome_sent()  # Mon
    quick, slower = (
        history.copy().on("2026-09-21").appeal_lodged(subject)  # Mon
        for subject in (Subject.OUTCOME, Subject.HANDLING)
    )
    assert quick.due("appeal_hearing") == date(2026, 10, 5)  # Mon
    assert slower.due("appeal_hearing") == date(2026, 11, 2)  # Mon


def test_a_second_appeal_has_dates_of_its_own() -> None:
    history = appealed().on("2026-09-28").appeal_decided(Decision.DISMISSED)  # Mon
    history.on("2026-12-01").appeal_lodged(good_cause="A neighbour wrote.")  # Tue
    assert history.due("appeal_hearing#2") == date(2026, 12, 15)  # Tue
    assert states(history)["appeal_hearing#2"] is State.OPEN
    window = history.deadline("appeal_window")
    assert (window.state, window.ended_on) == (State.MET, date(2026, 9, 21))  # Mon, the first appeal
    assert not history.deadline("appeal_bundle").running


def test_a_corrected_day_of_lodging_moves_the_hearing() -> None:
    history = appealed().on("2026-09-23").corrected(Milestone.APPEAL_LODGED, "2026-09-18")  # Wed, Fri
    assert history.due("appeal_hearing") == date(2026, 10, 2)  # Fri
    assert history.deadline("appeal_window").ended_on == date(2026, 9, 18)  # Fri


def test_the_first_layer_is_the_one_open_on_the_day_against_what_was_decided() -> None:
    kent = council(KENT)
    review, refusal = first_route(kent, date(2026, 9, 1)), first_route(kent, date(2026, 9, 1), refusal=True)  # Tue
    assert review is not None
    assert refusal is not None
    assert (review.id, refusal.id) == ("neighbouring-council", "statutory-minimum")


def test_every_step_that_was_ever_owed_stays_in_the_plan() -> None:
    history = remitted().on("2026-11-09").reviewed().outcome_sent()  # Mon
    steps = {d.step for d in history.deadlines}
    assert {StepId.ACKNOWLEDGEMENT, StepId.PANEL, StepId.APPEAL_HEARING, StepId.FOLLOW_UP} <= steps
    assert {"panel", "panel#2", "response", "response#2", "follow_up", "follow_up#2"} <= set(history.by_key)
