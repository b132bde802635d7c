"""What stands against the follow-up and the closure."""

from datetime import date

from domain import events as e
from domain.case import Stage
from domain.policy import Milestone
from tests.domain.service import Service
from tests.domain.stages import (
    REFUSED,
    all_answer,
    answer,
    at,
    done,
    follow_up,
    remitted,
    to_outcome,
    to_panel,
)


def test_a_follow_up_is_held_once_it_is_open_and_never_in_the_future() -> None:
    service = at(Stage.FOLLOW_UP)
    assert service.refusal(follow_up(service.today)) == (
        "the follow-up opens on Thursday 9 July 2026; before then add-note keeps what you learnt"
    )
    assert "lies in the future" in str(service.refusal(follow_up(date(2026, 7, 9))))  # Thu


def test_a_second_rounds_follow_up_is_after_its_own_panel() -> None:
    service = remitted().wait_until(date(2026, 7, 13))  # Mon
    to_outcome(to_panel(service))
    sentence = service.refusal(follow_up(date(2026, 7, 13)))  # Mon
    assert sentence == "the panel met on Thursday 16 July 2026; the follow-up cannot have been before that"


def test_invariant_6_a_case_with_open_items_gets_no_closure_notice() -> None:
    service = at(Stage.FOLLOW_UP)
    assert service.refusal(e.ClosureNotified()) == (
        "the case cannot close while R1 (Kent Police), R2 (Dover District Council, Environmental Protection) are open; "
        "answer-recommendation or complete-action comes first"
    )
    service.must(answer("R1"), answer("R2", e.Response.DECLINED))
    assert "while R1 (Kent Police) is open" in str(service.refusal(e.ClosureNotified()))
    service.must(done("R1", service.today))
    assert service.refusal(e.ClosureNotified()) == "the case closes after its follow-up; hold-follow-up comes first"


def test_invariant_6_nothing_is_opened_again_once_the_closure_is_announced() -> None:
    service = at(Stage.FOLLOW_UP).must(answer("R1", e.Response.DECLINED), answer("R2", e.Response.DECLINED))
    service.wait_until(date(2026, 7, 9))  # Thu
    service.post = lambda order: e.LetterState.WAITING
    service.must(follow_up(service.today))
    assert service.kinds.count("closure.notified") == 1
    assert service.stage is Stage.FOLLOW_UP
    assert service.refusal(answer("R1")) == (
        "the applicant has been told that the case will close, and R1 was answered; "
        "it can be taken up again after an objection to the closure"
    )
    assert service.refusal(e.ClosureNotified(reason="All done.")) == (
        "the applicant's notice of closure is on its way; settle-letter helps where it is lost"
    )


def test_invariant_6_at_closing_no_recommendation_can_be_taken_up() -> None:
    assert "not possible while the case is at 'closing'" in str(at(Stage.CLOSING).refusal(answer("R2")))


def test_an_objection_opens_the_case_to_everything_again_and_is_answered_in_the_next_notice() -> None:
    service = at(Stage.CLOSING).must(e.ClosureObjected(reason="The noise is back."))
    assert service.stage is Stage.FOLLOW_UP
    assert service.wait(40).stage is Stage.FOLLOW_UP
    assert service.refusal(e.ClosureNotified()) == (
        "the applicant objected to the closure; say in reason how their objection was dealt with"
    )
    service.must(answer("R2"))
    sentence = service.refusal(e.ClosureNotified(reason="We visited."))
    assert "R2 (Dover District Council, Environmental Protection) is open" in str(sentence)
    service.must(done("R2", service.today), e.ClosureNotified(reason="We visited and it has stopped."))
    assert service.case.stage is Stage.CLOSING
    assert service.wait(30).stage is Stage.CLOSED


def test_a_refused_application_is_not_closed_while_its_appeal_is_open() -> None:
    assert at(Stage.NOT_MET).refusal(e.ClosureNotified(reason="Over.")) == (
        "the applicant may still appeal; the closure notice goes by itself when the window has ended"
    )


def test_invariant_2_a_refusal_whose_letter_is_lost_does_not_close() -> None:
    service = all_answer(Service(complaints=2))
    service.post = lambda order: e.LetterState.REFUSED if order.letter == "L-04" else e.LetterState.ACCEPTED
    service.must(REFUSED).wait(200)
    assert service.stage is Stage.NOT_MET
    assert not service.case.has(Milestone.THRESHOLD_TOLD)
    assert service.waiting.must_act == "officer"
