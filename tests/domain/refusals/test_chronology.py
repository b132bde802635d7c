"""What the agencies said, put to the applicant and corrected by them; a body that is asked to explain itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain import events as e
from domain.calendar import words
from domain.case import Stage
from domain.messages import LetterOrder
from domain.rules import possible
from tests.domain.service import Service
from tests.domain.stages import MET, all_answer, answer, at, remitted, to_panel, working_days

POLICE = e.Actor(role=e.Role.AGENCY, name="police")


def sent(service: Service, days: int = 2) -> e.ChronologySent:
    return e.ChronologySent(chronology="The police came twice in March.", answer_by=working_days(service, days))


def letters(service: Service, kind: str) -> list[LetterOrder]:
    return [order for order in service.orders.values() if order.letter == kind]


def test_the_applicant_has_the_chronology_before_the_panel_and_corrects_it_until_then() -> None:
    service = to_panel(at(Stage.GATHERING))
    service.must(sent(service))
    assert [order.to.party.value for order in letters(service, "L-09")] == ["applicant"]
    service.must(e.ChronologyCorrected(corrections="They came once."), e.ChronologyCorrected(corrections="In April."))
    assert [said.corrections for said in service.case.chronology_corrected] == ["They came once.", "In April."]
    told = [order for order in letters(service, "A-18") if "chronology.corrected" in order.event]
    assert len(told) == 2


def test_no_clock_waits_for_the_applicants_answer() -> None:
    service = at(Stage.GATHERING)
    before = {d.key: d.due for d in service.deadlines}
    service.must(sent(service))
    assert {d.key: d.due for d in service.deadlines} == before


def test_the_day_to_answer_is_to_come_and_not_after_the_panel() -> None:
    service = to_panel(at(Stage.GATHERING))
    assert service.case.panel
    today, met = service.today, service.case.panel.on
    assert service.refusal(e.ChronologySent(chronology="As it was.", answer_by=today)) == (
        f"{words(today)} leaves the applicant no time to answer; give a day to come"
    )
    late = met + timedelta(days=1)
    assert service.refusal(e.ChronologySent(chronology="As it was.", answer_by=late)) == (
        f"the panel meets on {words(met)}, before the applicant could answer by {words(late)}; give an earlier day"
    )
    assert service.refusal(e.ChronologySent(chronology="As it was.", answer_by=met)) is None


def test_there_is_nothing_to_correct_before_it_was_sent_nor_in_a_new_round() -> None:
    assert service_refuses(at(Stage.GATHERING))
    service = at(Stage.GATHERING)
    service.must(sent(service))
    assert not service_refuses(service)
    assert remitted().case.chronology is None


def service_refuses(service: Service) -> bool:
    return service.refusal(e.ChronologyCorrected(corrections="Nobody came.")) is not None


def declined() -> Service:
    return at(Stage.FOLLOW_UP).must(answer("R1", e.Response.DECLINED))


def asked(service: Service, about: str, days: int = 10) -> e.ExplanationAsked:
    return e.ExplanationAsked(about=about, question="Why not?", answer_by=working_days(service, days))


def test_a_body_that_declined_is_asked_to_explain_itself_and_the_applicant_hears_both() -> None:
    service = declined()
    service.must(asked(service, "R1"))
    (to_body,) = letters(service, "A-22")
    assert to_body.to.id == "police"
    assert len(letters(service, "L-12e")) == 1
    service.must(e.ExplanationGiven(about="R1", explanation="We have too few people."), actor=POLICE)
    assert len(letters(service, "L-12e")) == 2
    given = service.case.explanations["R1"].given
    assert given
    assert given.explanation == "We have too few people."


def test_a_body_that_gave_no_account_is_asked_why() -> None:
    service = at(Stage.GATHERING)
    service.wait_until(service.due("information:police").due + timedelta(days=7))
    assert service.case.enquiries["information:police"].proceeded_on
    service.must(asked(service, "information:police"))
    assert service.case.explanations["information:police"].agency == "police"


@pytest.mark.parametrize("about", ["R2", "R99", "verification:council"])
def test_nobody_explains_what_was_accepted_or_answered(about: str) -> None:
    service = declined().must(answer("R2"))
    assert service.refusal(asked(service, about)) == (
        f"nobody has to explain {about}: it was not declined, nor left without an answer; what can be asked about: R1"
    )


def test_nobody_is_asked_where_all_answered() -> None:
    service = all_answer(Service("dover")).must(MET)
    assert "ask-to-explain" not in possible(service.case)
    assert str(service.refusal(asked(service, "R1"))).endswith("what can be asked about: none")


def test_a_body_is_asked_once_until_it_answers_with_time_to_do_so() -> None:
    service = declined()
    assert service.refusal(asked(service, "R1", 0)) == (
        f"{words(service.today)} leaves the body no time to answer; give a day to come"
    )
    question = asked(service, "R1")
    service.must(question)
    police = service.policy.called("police")
    assert service.refusal(asked(service, "R1")) == (
        f"{police} was asked already, to answer by {words(question.answer_by)}; give-explanation records what it says"
    )
    service.must(e.ExplanationGiven(about="R1", explanation="We have too few people."))
    assert service.refusal(asked(service, "R1")) is None


def test_only_the_body_that_was_asked_explains_itself() -> None:
    service = declined()
    service.must(asked(service, "R1"))
    said = e.ExplanationGiven(about="R1", explanation="We have too few people.")
    council = e.Actor(role=e.Role.AGENCY, name="council")
    assert service.refusal(said, council) == (
        f"{service.policy.called('police')} was asked to explain R1; only they can"
    )
    assert service.refusal(said.model_copy(update={"about": "R2"})) == (
        "nobody is asked to explain R2; what was asked and is not answered: R1"
    )
    service.must(said, actor=POLICE)
    assert "give-explanation" not in possible(service.case)
    assert str(service.refusal(said)).endswith("what was asked and is not answered: none")
