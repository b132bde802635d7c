"""What follows where an end was near: a further follow-up with a date, and what an appeal directs."""

from datetime import date, timedelta

from domain import events as e
from domain.case import Stage
from domain.policy import Decision, Subject
from tests.domain.service import Service
from tests.domain.stages import answer, appeal, at, decision, done, working_days

AGAIN = date(2026, 10, 19)  # Mon


def followed_up() -> Service:
    service = at(Stage.FOLLOW_UP).must(answer("R1", e.Response.DECLINED), answer("R2", e.Response.DECLINED))
    service.wait_until(date(2026, 7, 20))  # Mon
    goes_on = e.FollowUpHeld(on=service.today, behaviour_stopped=False, findings="Every night.")
    assert str(service.refusal(goes_on)).startswith("the behaviour goes on; say in again by which day")
    early = goes_on.model_copy(update={"again": service.today})
    assert str(service.refusal(early)).startswith("the further follow-up does not lie ahead")
    return service.must(goes_on.model_copy(update={"again": AGAIN}))


def test_behaviour_that_goes_on_is_looked_at_once_more_by_a_day_that_is_a_date_of_the_case() -> None:
    service = followed_up()
    further = service.due("follow_up:2")
    assert (further.due, further.running) == (AGAIN, True)
    assert service.waiting.words.startswith("the behaviour goes on; waiting for the further follow-up by Monday 19 Oct")
    first = service.due("follow_up")
    service.wait_until(AGAIN).must(e.FollowUpHeld(on=AGAIN, behaviour_stopped=True, findings="Quiet now."))
    assert service.due("follow_up:2").ended_on == AGAIN
    assert service.due("follow_up").ended_on == first.ended_on
    assert service.stage is Stage.CLOSING


def test_a_further_follow_up_is_needless_once_the_case_is_about_to_close_all_the_same() -> None:
    service = followed_up().must(e.ClosureNotified(reason="A warden walks by each night."))
    assert not service.due("follow_up:2").running


def test_an_appeal_upheld_against_the_outcome_says_who_does_what_by_when_and_it_is_chased() -> None:
    service = at(Stage.APPEAL_WINDOW, "kent-district").must(
        answer("R1", e.Response.DECLINED), answer("R2", e.Response.DECLINED)
    )
    service.must(appeal(service, subject=Subject.OUTCOME))
    upheld = decision(service.today, Decision.UPHELD)
    assert str(service.refusal(upheld)).startswith(
        "the appeal against the outcome succeeds; say in recommendations who"
    )
    dismissed = decision(service.today).model_copy(update={"recommendations": _to(service, "police")})
    assert str(service.refusal(dismissed)).startswith("recommendations go with an appeal that succeeds")
    nobody = upheld.model_copy(update={"recommendations": _to(service, "nobody")})
    assert str(service.refusal(nobody)).startswith("no body nobody is in the directory")
    service.must(upheld.model_copy(update={"recommendations": _to(service, "police")}))
    assert [item.id for item in service.case.open_items] == ["R3"]
    assert service.due("recommendation:R3").running
    service.must(answer("R3"))
    action = service.due("action:R3")
    service.wait_until(action.due + timedelta(days=15))
    assert {"A-04", "A-04e"} <= {letter.posted.letter for letter in service.case.letters.values()}
    assert "cannot close while R3 (Kent Police) is open" in str(service.refusal(e.ClosureNotified()))
    service.must(done("R3", service.today))


def _to(service: Service, body: str) -> tuple[e.Recommendation, ...]:
    return (e.Recommendation(to=body, text="Visit every evening.", due=working_days(service, 20)),)
