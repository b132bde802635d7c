"""What a case waits for, in words, at every stage."""

from datetime import date, timedelta

import pytest

import policies
from domain import events as e
from domain.case import Stage
from domain.events import Role
from tests.domain.service import Service
from tests.domain.stages import MET, REFUSED, all_answer, answer, appeal, at, decision, done, follow_up, held

COUNCIL_AND_POLICE = "waiting for Dover District Council, Environmental Protection and Kent Police"


def first(service: Service) -> tuple[str, str]:
    """What is waited for, without the date that comes next."""
    waiting = service.waiting
    return waiting.words.split("; next: ")[0], waiting.must_act


@pytest.mark.parametrize(
    ("stage", "words", "must_act"),
    [
        (Stage.RECEIVED, "the receipt letter is on its way", "service"),
        (
            Stage.AWAITING_DETAILS,
            "waiting for the applicant: consent to share your details with the agencies who must take part",
            "applicant",
        ),
        (Stage.VERIFYING, COUNCIL_AND_POLICE + " to confirm the reports", "council"),
        (Stage.THRESHOLD, "waiting for the threshold decision", "officer"),
        (Stage.NOT_MET, "threshold not met; the applicant may appeal", "applicant"),
        (Stage.GATHERING, COUNCIL_AND_POLICE + " for their account of the case", "council"),
        (Stage.ARRANGING, "waiting for a panel to be arranged", "officer"),
        (Stage.PANEL, "waiting for the panel of Thursday 9 April 2026", "chair"),
        (Stage.PLAN, "waiting for the applicant's answer on the draft plan", "applicant"),
        (Stage.OUTCOME, "waiting for the outcome to be written and sent", "officer"),
        (Stage.APPEAL_WINDOW, "outcome sent; the applicant may appeal", "applicant"),
        (Stage.APPEAL, "waiting for the appeal to be heard", "appeal_body"),
        (
            Stage.FOLLOW_UP,
            "waiting for R1 (Kent Police), R2 (Dover District Council, Environmental Protection) to answer",
            "police",
        ),
        (Stage.CLOSING, "closure notice sent; the applicant may object", "applicant"),
        (Stage.CLOSED, "closed", ""),
        (Stage.WITHDRAWN, "withdrawn by the applicant", ""),
    ],
)
def test_each_stage_waits_for_something_and_somebody(stage: Stage, words: str, must_act: str) -> None:
    assert first(at(stage)) == (words, must_act)


@pytest.mark.parametrize("policy", policies.ids())
@pytest.mark.parametrize("stage", [s for s in Stage if s is not Stage.VERIFYING], ids=str)
def test_who_must_act_is_a_role_an_agency_or_the_service(policy: str, stage: Stage) -> None:
    service = at(stage, policy)
    known = {*Role, *(agency.id for agency in service.policy.agencies), "service", "agencies"}
    assert service.waiting.must_act in (known if not stage.over else {""})
    assert "\n" not in service.waiting.words


def test_the_next_date_follows_and_says_when_it_has_passed() -> None:
    service = at(Stage.THRESHOLD)
    assert service.waiting.words.endswith("; next: Threshold decision told to the applicant, due Monday 20 April 2026")
    service.wait_until(date(2026, 4, 21))  # Tue
    assert service.waiting.words.endswith(
        "; next: Threshold decision told to the applicant, was due Monday 20 April 2026"
    )


def test_an_officers_own_words_for_what_is_missing_are_not_repeated() -> None:
    service = at(Stage.AWAITING_DETAILS).must(e.DetailsRequested(missing=("the diary of Ann Reed",)))
    words, must_act = first(service)
    assert "Ann Reed" not in words
    assert words.endswith("who must take part, the further details asked for")
    assert must_act == "applicant"


def test_agencies_that_answered_are_waited_for_no_more() -> None:
    service = at(Stage.VERIFYING).must(e.EnquiryAnswered(enquiry="verification:council"))
    assert first(service) == ("waiting for Kent Police to confirm the reports", "police")


def test_three_agencies_are_told_apart() -> None:
    service = at(Stage.VERIFYING)
    service.happened(e.EnquirySent(enquiry="verification:icb", purpose=e.Purpose.VERIFICATION, agency="icb"))
    names = (
        "Dover District Council, Environmental Protection, Kent Police and NHS Kent and Medway Integrated Care Board"
    )
    assert first(service)[0] == f"waiting for {names} to confirm the reports"


def test_a_panel_whose_day_is_over_waits_for_its_decision() -> None:
    service = at(Stage.PANEL).wait_until(date(2026, 4, 10))  # Fri
    assert first(service) == (
        "the panel was to meet on Thursday 9 April 2026; its decision is to be recorded",
        "chair",
    )


@pytest.mark.parametrize(
    ("stage", "body", "words"),
    [
        (Stage.THRESHOLD, REFUSED, "threshold not met; the letter with the reasons is on its way"),
        (Stage.PANEL, held(date(2026, 4, 9)), "the draft plan is on its way to the applicant"),  # Thu
        (Stage.OUTCOME, e.OutcomeDecided(reasons="So it is."), "the outcome letter is on its way"),
    ],
)
def test_a_letter_that_decides_is_waited_for(stage: Stage, body: e.Body, words: str) -> None:
    service = all_answer(Service(complaints=2)) if stage is Stage.THRESHOLD else at(stage)
    if stage is Stage.PANEL:
        service.wait_until(date(2026, 4, 9))  # Thu
    service.post = lambda order: e.LetterState.WAITING
    assert first(service.must(body)) == (words, "service")


@pytest.mark.parametrize("state", [e.LetterState.REFUSED, e.LetterState.UNCERTAIN])
def test_a_lost_letter_comes_before_everything_until_the_case_is_over(state: e.LetterState) -> None:
    service = at(Stage.GATHERING)
    service.happened(
        e.LetterPosted(key="CR-1/001/L-01/applicant", letter="L-03", to="applicant", event="001", state=state)
    )
    assert service.waiting.words == "letter L-03 did not certainly arrive: somebody must settle it"
    assert service.waiting.must_act == "officer"
    assert service.must(e.Withdrawn()).waiting.words == "withdrawn by the applicant"


def test_a_hold_says_until_when() -> None:
    pause = e.HoldStarted(until=date(2026, 4, 20), reason="In hospital.", at_victims_request=True)  # Mon
    assert at(Stage.GATHERING).must(pause).waiting.words == (
        "on hold at the victim's request until Monday 20 April 2026"
    )


def test_a_hold_across_the_panels_day_says_that_the_panel_must_move() -> None:
    pause = e.HoldStarted(until=date(2026, 4, 20), reason="In hospital.", at_victims_request=True)  # Mon
    service = at(Stage.PANEL).must(pause)
    assert service.waiting.words == (
        "on hold at the victim's request until Monday 20 April 2026; "
        "the panel of Thursday 9 April 2026 must be moved to a later day"
    )
    service.must(e.PanelAdjourned(until=date(2026, 4, 20), reason="The victim is in hospital."))  # Mon
    assert "must be moved" not in service.waiting.words


def test_an_appeal_waits_for_papers_hearing_decision_and_letter_in_turn() -> None:
    service = at(Stage.APPEAL)
    service.must(e.AppealHeard(on=service.today))
    assert first(service) == ("waiting for the appeal decision", "appeal_body")
    service.post = lambda order: e.LetterState.WAITING
    service.must(decision(service.today))
    assert first(service) == ("appeal decided; the letter is on its way", "service")


def test_after_the_window_a_refusal_waits_for_its_closure_or_for_an_objection_to_be_met() -> None:
    service = at(Stage.NOT_MET)
    service.post = lambda order: e.LetterState.WAITING
    service.wait_until(service.due("appeal_window").due + timedelta(days=1))
    assert service.stage is Stage.NOT_MET
    assert first(service) == (
        "threshold not met and the time to appeal has ended; the closure notice is on its way",
        "service",
    )
    service = at(Stage.NOT_MET)
    service.wait_until(service.due("appeal_window").due + timedelta(days=1))
    service.must(e.ClosureObjected(reason="It goes on."))
    assert first(service) == (
        "the applicant objects to closing the case; deal with it, then give notice again",
        "officer",
    )


def test_a_follow_up_waits_for_answers_then_actions_then_itself_then_the_closure() -> None:
    service = at(Stage.FOLLOW_UP).must(answer("R1"), answer("R2", e.Response.DECLINED))
    assert first(service) == ("waiting for R1 (Kent Police) to be done", "police")
    service.must(done("R1", service.today))
    assert first(service) == ("waiting for the follow-up, open from Thursday 9 July 2026", "officer")
    service.wait_until(date(2026, 7, 9))  # Thu
    assert first(service) == ("waiting for the follow-up", "officer")
    service.post = lambda order: e.LetterState.WAITING
    service.must(follow_up(service.today))
    assert first(service) == ("all is done; the closure notice is on its way", "service")


def test_an_objection_is_for_the_officer() -> None:
    service = at(Stage.CLOSING).must(e.ClosureObjected(reason="It goes on."))
    assert first(service)[1] == "officer"


def test_a_refusal_overtaken_by_a_forgotten_report_is_for_the_officer() -> None:
    service = at(Stage.NOT_MET)
    known = service.case.incidents[0]
    more = known.model_copy(update={"id": "", "occurred": known.reported - timedelta(days=3), "what": "Earlier."})
    service.must(e.IncidentAdded(incident=more))
    assert first(service) == (
        "threshold refused, and what was added since meets it: decide-threshold can replace the refusal",
        "officer",
    )
    assert first(service.must(MET))[0].startswith(COUNCIL_AND_POLICE)


def test_a_declined_recommendation_is_not_waited_for() -> None:
    service = at(Stage.FOLLOW_UP).must(answer("R1", e.Response.DECLINED), answer("R2", e.Response.DECLINED))
    assert "follow-up" in first(service)[0]


def test_an_appeal_lodged_late_in_the_closing_is_waited_for() -> None:
    service = at(Stage.CLOSING)
    service.must(appeal(service, good_cause="I was ill."))
    assert first(service) == ("waiting for the appeal to be heard", "appeal_body")
