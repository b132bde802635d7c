"""Twelve acts that the Ombudsman found fault with, each tried here: it is refused, or it is caught.

They are the commonest findings in the reports on ASB case reviews (domain.md, what goes wrong in practice).
"""

import pytest
from pydantic import ValidationError

import policies
from domain import events as e
from domain.application import Tenure
from domain.case import Stage
from domain.lint import lint
from domain.messages import LetterOrder
from tests.domain.service import Service
from tests.domain.stages import OUTCOME, REFUSED, all_answer, at, decision, held, working_days
from tests.letters.stories import ONE_OF_TWO, application, to_refusal

COUNCILS = sorted(policies.ids())
PARTS = ("persistence", "harm", "adequacy", "alternative_action")


def letters(service: Service, kind: str) -> list[LetterOrder]:
    return [order for order in service.orders.values() if order.letter == kind]


# Refused


@pytest.mark.parametrize("council", COUNCILS)
def test_a_review_is_refused_to_somebody_with_three_reports(council: str) -> None:
    sentence = all_answer(Service(council, complaints=3)).refusal(REFUSED) or ""
    assert "104(4)" in sentence, sentence


def test_an_appeal_is_decided_without_a_hearing() -> None:
    service = at(Stage.APPEAL)
    unheard = decision(service.today).model_copy(update={"heard_on": None})
    assert service.refusal(unheard) == (
        "the appeal is decided after its hearing; record-hearing is possible now, or give heard_on"
    )


@pytest.mark.parametrize("part", PARTS)
def test_a_review_is_refused_without_reasons(part: str) -> None:
    service = all_answer(Service("dover", complaints=2))
    assert part.split("_")[0] in (service.refusal(REFUSED.model_copy(update={part: ""})) or "")
    with pytest.raises(ValidationError):
        e.AppealDecided.model_validate({"decision": "dismissed", "reasons": "  "})


@pytest.mark.parametrize("empty", [".", "n/a", "-", "None"])
def test_the_reasons_say_nothing(empty: str) -> None:
    service = all_answer(Service("dover", complaints=2))
    assert "give it in harm" in (service.refusal(REFUSED.model_copy(update={"harm": empty})) or "")
    outcome = e.OutcomeDecided(reasons=empty)
    assert "says nothing" in (at(Stage.OUTCOME).refusal(outcome) or "")


def test_a_case_is_closed_while_an_action_is_open() -> None:
    service = at(Stage.FOLLOW_UP)
    assert [item.id for item in service.case.open_items] == ["R1", "R2"]
    assert "R1" in (service.refusal(e.ClosureNotified(reason="All is done.")) or "")
    service.left_alone()
    assert not service.stage.over


@pytest.mark.parametrize("role", [e.Role.OFFICER, e.Role.APPEAL_BODY])
def test_whoever_made_the_decision_hears_the_appeal_against_it(role: e.Role) -> None:
    service = at(Stage.APPEAL)
    jo = e.Actor(role=role, name="Jo Ward")
    for body in (e.HearingArranged(on=service.today), e.AppealHeard(on=service.today), decision(service.today)):
        assert "had a part in what the appeal is against" in (service.refusal(body, jo) or ""), body.act


@pytest.mark.parametrize("council", COUNCILS)
def test_an_owner_is_sent_to_the_housing_ombudsman(council: str) -> None:
    policy = policies.load(council)
    letter = to_refusal(policy, application(ONE_OF_TWO, tenure=Tenure.OWNER)).last("L-04").flat
    assert "Housing Ombudsman" not in letter
    wrong = policy.redress[0].model_copy(update={"ombudsman": "Housing Ombudsman Service", "tenures": (Tenure.OWNER,)})
    loaded = policy.model_copy(update={"redress": (wrong,)})
    assert "redress-tenure" in {finding.code for finding in lint(loaded)}


def test_the_procedure_is_not_published_anywhere() -> None:
    policy = policies.load("dover")
    unpublished = policy.model_copy(update={"identity": policy.identity.model_copy(update={"url": ""})})
    found = next(finding for finding in lint(unpublished) if finding.code == "address-missing")
    assert found.severity == "error"


def test_the_plan_is_not_put_to_the_victim() -> None:
    service = at(Stage.PANEL)
    service.wait_until(working_days(service, 3))
    service.happened(held(service.today, "police"))
    assert "the draft plan must be put to the applicant" in (service.refusal(OUTCOME) or "")
    service.settle()
    assert "the applicant may comment on the draft plan until" in (service.refusal(OUTCOME) or "")


# Caught


@pytest.mark.parametrize("council", COUNCILS)
def test_a_promised_date_passes_in_silence(council: str) -> None:
    service = Service(council)
    promised = {d.key: d.due for d in service.deadlines if d.public and d.running}
    service.wait_until(max(promised.values()))
    for key, due in promised.items():
        told = [event.at.date() for event in service.case.events if isinstance(event.what, e.Extended)
                and event.what.step == key]  # fmt: skip
        deadline = next((d for d in service.deadlines if d.key == key), None)
        assert deadline is None or deadline.ended_on or min(told) < due, key
    assert letters(service, "L-08")


def test_a_decision_is_made_and_not_told() -> None:
    def lost(order: LetterOrder) -> e.LetterState:
        return e.LetterState.REFUSED if order.letter == "L-04" else e.LetterState.ACCEPTED

    service = all_answer(Service("dover", complaints=2, post=lost)).must(REFUSED)
    assert service.waiting.must_act == "officer"
    assert "letter L-04 did not certainly arrive" in service.waiting.words
    assert letters(service, "A-18")
    service.left_alone()
    assert not service.stage.over


def test_nobody_answers_a_recommendation() -> None:
    service = at(Stage.APPEAL_WINDOW)
    due = service.due("recommendation:R1").due
    service.wait_until(due).wait(21)
    asked = [order.to.words for kind in ("A-04", "A-04e") for order in letters(service, kind)]
    assert "police" in asked
    assert service.due("recommendation:R1").breached
    assert "R1" in (service.refusal(e.ClosureNotified(reason="All is done.")) or service.waiting.words)
