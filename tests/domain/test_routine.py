"""What the service does by itself, in the words that a letter prints."""

from datetime import date

from domain import events as e
from domain import routine
from domain.case import Stage
from domain.chasing import Chaser
from domain.policy import Rung, StepId
from domain.waiting import Waiting
from tests.domain.stages import at, remitted

DUE = date(2026, 5, 12)  # Tue


def chaser(rung: Rung, step: StepId, key: str = "", to: str = "officer") -> Chaser:
    return Chaser(rung=rung, deadline=key or step.value, step=step, title="", due=DUE, on=DUE, to=to)


def delayed(words: str) -> str:
    case = at(Stage.OUTCOME).case
    letter = chaser(Rung.DELAY_LETTER, StepId.RESPONSE, to="applicant")
    body = routine.answered(case, letter, DUE, Waiting(words, "officer"))
    assert isinstance(body, e.Extended)
    return body.reason


def test_a_delay_letter_says_in_a_sentence_what_the_case_waits_for() -> None:
    assert delayed("waiting for the outcome; next: Outcome letter, due then") == "We are waiting for the outcome."
    assert delayed("the victim asked for a pause") == "The victim asked for a pause."
    assert delayed("").startswith("We are still waiting for a step")


def test_the_ladder_reminds_and_goes_on_without() -> None:
    case, waiting = at(Stage.VERIFYING).case, Waiting("waiting", "police")
    reminded = routine.answered(case, chaser(Rung.REMINDER, StepId.VERIFICATION, "verification:police"), DUE, waiting)
    assert isinstance(reminded, e.Chased)
    silent = routine.answered(case, chaser(Rung.PROCEED, StepId.VERIFICATION, "verification:police"), DUE, waiting)
    assert silent == e.EnquiryClosed(enquiry="verification:police")
    papers = routine.answered(case, chaser(Rung.PROCEED, StepId.PAPERS), DUE, waiting)
    assert papers == e.PapersSent(documents=routine.PAPERS)


def test_a_closure_notice_says_whether_there_was_a_review() -> None:
    assert "not to hold a review" in routine.closure_notified(at(Stage.NOT_MET).case).reason
    assert "everything that was agreed" in routine.closure_notified(at(Stage.CLOSING).case).reason


def test_a_second_round_asks_again_under_a_key_of_its_own() -> None:
    case = remitted().case
    police = case.policy.agency("police")
    assert police
    assert routine.enquiry(case, police, e.Purpose.INFORMATION).enquiry == "information:police#2"
    assert routine.unasked(at(Stage.VERIFYING).case, e.Purpose.VERIFICATION) == ()


def test_a_hearing_on_a_day_past_its_promise_is_explained_by_why_it_was_moved() -> None:
    service = at(Stage.APPEAL)
    late = date(2026, 5, 20)  # Wed
    service.happened(e.HearingArranged(on=late, reason="Two of the three members are ill."))
    hearing = chaser(Rung.DELAY_LETTER, StepId.APPEAL_HEARING, service.due("appeal_hearing").key, "applicant")
    body = routine.answered(service.case, hearing, DUE, Waiting("waiting", "appeal_body"))
    assert isinstance(body, e.Extended)
    assert body.reason == "The hearing of your appeal had to be moved: Two of the three members are ill."


def test_what_the_council_itself_left_undone_is_said_to_be_its_own() -> None:
    assert delayed("waiting for the threshold decision") == "We have not yet decided whether we will hold a review."
    assert delayed("waiting for a panel to be arranged; next: it") == "We have not yet arranged the panel's meeting."
