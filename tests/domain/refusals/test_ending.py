"""What stands against ending a case for another cause, and against taking one up again."""

from datetime import date, timedelta

import pytest

from domain import events as e
from domain.case import Stage
from domain.events import Cause
from tests.domain.service import Service
from tests.domain.stages import (
    REFUSED,
    all_answer,
    answer,
    at,
    done,
    to_outcome,
    to_panel,
    working_days,
)

DIED = e.CaseEnded(cause=Cause.DIED)
MOVED = e.CaseEnded(cause=Cause.MOVED, council="Northbank Borough Council")
OTHER = e.CaseEnded(cause=Cause.OTHER, reason="The path is closed.")
BACK = e.CaseRestored(reason="They think otherwise.")
FOUND = e.CaseRestored(reason="Nobody asked the landlord.", found_by="the Ombudsman")


def below_the_number() -> Service:
    return all_answer(Service("dover", complaints=2))


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (MOVED.model_copy(update={"council": ""}), "name in council whose area it is, so that the applicant is told"),
        (
            MOVED.model_copy(update={"on": date(2026, 4, 2)}),
            "a case is passed on with the applicant’s consent only",
        ),  # Thu
        (MOVED.model_copy(update={"consent": "By phone."}), "say in on which day the case was passed on"),
        (e.CaseEnded(cause=Cause.DUPLICATE), "name in same_as the case that goes on"),
        (e.CaseEnded(cause=Cause.OUTSIDE_AREA), "name in council whose area it is"),
        (e.CaseEnded(cause=Cause.OTHER, reason="n/a"), "say in reason why the case ends; the applicant reads it"),
        (DIED.model_copy(update={"reason": "He died."}), "reason says nothing of a case that ends as died"),
        (OTHER.model_copy(update={"same_as": "CR-2"}), "same_as says nothing of a case that ends as other"),
        (DIED.model_copy(update={"on": date(2027, 1, 4)}), "the day Monday 4 January 2027 lies in the future"),
    ],
)
def test_a_cause_is_stated_whole_and_nothing_is_said_that_is_not_of_it(body: e.CaseEnded, sentence: str) -> None:
    assert str(below_the_number().refusal(body)).startswith(sentence)


def test_a_case_that_was_passed_on_says_when_to_whom_and_how_the_applicant_agreed() -> None:
    service = below_the_number()
    whole = {"on": service.today, "consent": "By phone.", "council_address": "Northbank House, NB1 2ZZ"}
    assert service.refusal(MOVED.model_copy(update=whole)) is None


def test_invariant_1_nobody_alone_ends_a_review_that_is_owed() -> None:
    service = all_answer(Service("dover"))
    assert "section 104(4)" in str(service.refusal(OTHER))
    alone = OTHER.model_copy(update={"approved_by": "Jo Ward"})
    assert "section 104(4)" in str(service.refusal(alone, e.Actor(role=e.Role.OFFICER, name="jo  ward")))
    assert service.refusal(OTHER.model_copy(update={"approved_by": "Kit Lane"})) is None
    assert below_the_number().refusal(OTHER) is None


def test_invariant_6_only_a_death_ends_a_case_with_something_open_and_somebody_sees_to_it() -> None:
    service = at(Stage.FOLLOW_UP)
    assert str(service.refusal(MOVED)).startswith("the case cannot end while R1 (Kent Police), R2 (")
    assert str(service.refusal(DIED)).endswith("name in sees_to who sees that it is done")
    service.must(DIED.model_copy(update={"sees_to": "Kit Lane"}))
    assert (service.stage, service.waiting.words) == (Stage.ENDED, "ended: the applicant has died")
    assert [item.id for item in service.case.open_items] == ["R1", "R2"]


def test_a_right_to_appeal_and_an_appeal_are_not_ended_away() -> None:
    refused = below_the_number().must(REFUSED)
    assert str(refused.refusal(MOVED)).startswith("the applicant may still appeal against our decision, until ")
    appealed = at(Stage.APPEAL)
    for id in ("R1", "R2"):
        appealed.must(answer(id, e.Response.DECLINED))
    assert str(appealed.refusal(MOVED)).startswith("an appeal is under way and is decided first")
    assert appealed.refusal(DIED) is None


def test_a_withdrawal_is_taken_back_within_the_policys_days_and_the_dates_told_stand() -> None:
    service = to_panel(at(Stage.GATHERING))
    dates = {d.key: d.due for d in service.deadlines if d.running and d.public}
    service.must(e.Withdrawn())
    service.wait_until(working_days(service, 2))
    service.must(BACK)
    assert service.stage is Stage.PANEL
    assert {d.key: d.due for d in service.deadlines if d.running and d.public} == dates
    sent = [letter.posted.letter for letter in service.case.letters.values()]
    assert (sent.count("L-16r"), sent.count("A-06r")) == (1, 3)


def test_a_panel_whose_day_passed_meanwhile_is_arranged_anew() -> None:
    service = to_panel(at(Stage.GATHERING)).must(e.Withdrawn())
    service.wait_until(working_days(service, 6))
    service.must(BACK)
    assert (service.stage, service.case.panel) == (Stage.ARRANGING, None)


def test_a_withdrawal_is_not_taken_back_for_ever() -> None:
    service = at(Stage.WITHDRAWN)
    last = working_days(service, 10)
    assert service.wait_until(last).refusal(BACK) is None
    service.wait_until(last + timedelta(days=1))
    assert str(service.refusal(BACK)).endswith("; the applicant can apply again")
    assert service.refusal(BACK.model_copy(update={"on": last})) is None
    assert service.refusal(FOUND) is None


def test_a_policy_that_does_not_say_how_long_lets_nobody_take_a_withdrawal_back() -> None:
    service = at(Stage.WITHDRAWN)
    service.policy = service.case.policy = service.policy.model_copy(update={"restoring": None})
    assert str(service.refusal(BACK)).startswith("this policy does not say that a withdrawal can be taken back")


def test_an_end_that_was_a_mistake_is_undone_whenever_it_is_found() -> None:
    service = at(Stage.ENDED).wait(40).must(BACK)
    assert service.stage is Stage.ARRANGING
    assert "L-16r" in {letter.posted.letter for letter in service.case.letters.values()}


def test_a_closed_case_is_opened_again_by_a_finding_in_a_new_round() -> None:
    service = at(Stage.CLOSED)
    assert str(service.refusal(BACK)).startswith("a closed case is opened again after a finding")
    service.must(FOUND)
    assert (service.stage, service.case.round) == (Stage.GATHERING, 2)
    assert service.due("response#2").running
    assert "L-15r" in {letter.posted.letter for letter in service.case.letters.values()}
    to_outcome(to_panel(service)).must(answer("R3", e.Response.DECLINED), answer("R4"), done("R4", service.today))


def test_a_refusal_that_was_closed_is_decided_again_after_a_finding() -> None:
    service = at(Stage.NOT_MET)
    service.wait_until(service.due("appeal_window").due + timedelta(days=1))
    service.wait_until(service.due("closure").due + timedelta(days=1)).must(FOUND)
    assert (service.stage, service.case.threshold) == (Stage.THRESHOLD, None)


def test_a_case_that_goes_on_is_not_restored() -> None:
    assert "restore-case is not possible while the case is at" in str(at(Stage.GATHERING).refusal(BACK))
