"""What stands against an act of an appeal."""

from datetime import date, timedelta

import pytest

import policies
from domain import events as e
from domain.case import Stage
from domain.catalogue import SUBJECTS
from domain.policy import Decision, Policy, Subject
from tests.domain.history import council
from tests.domain.service import Service
from tests.domain.stages import appeal, at, decision, done, remitted, to_outcome, to_panel

POLICIES = pytest.mark.parametrize("policy", policies.ids())


def with_route(**changed: object) -> Policy:
    """Dover's policy with its one route of appeal changed."""
    known = council("dover")
    return known.model_copy(update={"appeals": (known.appeals[0].model_copy(update=changed),)})


def under(policy: Policy, stage: Stage = Stage.APPEAL_WINDOW) -> Service:
    service = at(stage)
    service.case.policy = service.policy = policy
    return service


# Lodging


@pytest.mark.parametrize(
    ("policy", "stage", "open_now"),
    [
        (
            "dover",
            Stage.APPEAL_WINDOW,
            "outcome of the review can be appealed as: the way your application or the review was handled",
        ),
        ("dover", Stage.NOT_MET, "refusal of a review can be appealed as: our decision not to hold a review"),
        (
            "kent-district",
            Stage.APPEAL_WINDOW,
            "outcome of the review can be appealed as: the way your application or the review was handled, "
            "the outcome of the review",
        ),
        ("kent-district", Stage.NOT_MET, "refusal of a review can be appealed as: our decision not to hold a review"),
    ],
)
def test_an_appeal_is_against_the_decision_that_stands(policy: str, stage: Stage, open_now: str) -> None:
    service = at(stage, policy)
    accepted = open_now.rpartition(": ")[2].split(", ")
    for subject in Subject:
        sentence = service.refusal(appeal(service, subject=subject))
        wanted = (
            None if SUBJECTS[subject] in accepted else f"no appeal against {SUBJECTS[subject]} is open; the {open_now}"
        )
        assert sentence == wanted


def test_where_no_route_is_left_the_sentence_says_so() -> None:
    service = under(with_route(until=date(2026, 4, 1)))  # Wed
    assert service.refusal(appeal(service)) == (
        "no appeal against the way your application or the review was handled is open; "
        "the outcome of the review can be appealed as: nothing"
    )


def test_an_appeal_comes_after_its_decision_and_not_in_the_future() -> None:
    service = at(Stage.APPEAL_WINDOW).wait(3)
    assert service.refusal(appeal(service, on=date(2026, 4, 8))) == (  # Wed
        "the decision is of Thursday 9 April 2026; an appeal against it cannot have come before that"
    )
    assert service.refusal(appeal(service, on=date(2026, 4, 13))) == (  # Mon
        "the day of the appeal Monday 13 April 2026 lies in the future; give the day it happened"
    )
    assert service.refusal(appeal(service, on=date(2026, 4, 9))) is None  # Thu


def test_the_papers_go_to_the_appeal_body_with_consent_only() -> None:
    service = at(Stage.APPEAL_WINDOW)
    assert service.refusal(appeal(service, consent_to_transfer=False)) == (
        "the applicant's consent to pass the papers to Independent panel of the Dover District Community Safety "
        "Partnership is needed"
    )
    free = under(with_route(consent_to_transfer=False))
    assert free.refusal(appeal(free, consent_to_transfer=False)) is None


@pytest.mark.parametrize(
    ("made", "heard_by"),
    [
        (date(2028, 5, 31), "Office of the Police and Crime Commissioner for Derbyshire"),  # Wed
        (date(2028, 6, 1), "Local policing body for Derbyshire"),  # Thu
    ],
)
def test_an_appeal_goes_to_the_body_of_its_day(made: date, heard_by: str) -> None:
    service = at(Stage.APPEAL_WINDOW, "south-derbyshire")
    service.must(appeal(service))
    assert service.case.appeal
    route = service.case.appeal.route
    body = route.body_on(made)
    assert body
    assert body.name == heard_by


def test_a_body_that_is_gone_by_the_day_hears_nothing() -> None:
    ended = council("dover").appeals[0].bodies[0].model_copy(update={"until": date(2026, 4, 9)})  # Thu
    service = under(with_route(bodies=(ended,)))
    assert service.refusal(appeal(service)) is None
    assert service.wait(1).refusal(appeal(service)) == (
        "no body hears appeals by Secondary review by an independent panel on Friday 10 April 2026; "
        "its successor must be named first"
    )


@POLICIES
@pytest.mark.parametrize("stage", [Stage.APPEAL_WINDOW, Stage.NOT_MET])
def test_the_last_day_is_in_time_and_the_next_needs_good_cause(policy: str, stage: Stage) -> None:
    service = at(stage, policy)
    due = service.due("appeal_window").due
    assert service.wait_until(due).refusal(appeal(service)) is None
    service.wait_until(due + timedelta(days=1))
    assert service.stage is (Stage.FOLLOW_UP if stage is Stage.APPEAL_WINDOW else Stage.CLOSING)
    sentence = service.refusal(appeal(service))
    assert sentence is not None
    assert sentence.startswith("the appeal window ended on ")
    assert sentence.endswith("; give the good cause for accepting it late")
    assert service.refusal(appeal(service, on=due)) is None
    assert service.refusal(appeal(service, good_cause="  ")) == sentence
    assert service.refusal(appeal(service, good_cause="I was in hospital.")) is None


def test_a_decision_received_late_keeps_the_window_open() -> None:
    service = at(Stage.FOLLOW_UP)
    assert "window ended" in str(service.refusal(appeal(service)))
    received = e.ReceiptConfirmed(letter="outcome", on=service.today - timedelta(days=5))
    assert service.must(received).refusal(appeal(service)) is None


def test_a_late_appeal_stops_the_closing_and_notice_is_given_again() -> None:
    service = at(Stage.CLOSING)
    service.must(appeal(service, good_cause="I was in hospital."))
    assert service.stage is Stage.APPEAL
    assert service.wait(40).stage is Stage.APPEAL
    service.must(decision(service.today))
    assert service.case.stage is Stage.CLOSING
    assert service.kinds.count("closure.notified") == 2
    assert service.wait(30).stage is Stage.CLOSED


def test_an_appeal_while_actions_are_open_leaves_them_to_be_done() -> None:
    service = at(Stage.APPEAL)
    service.must(e.RecommendationAnswered(recommendation="R1", response=e.Response.ACCEPTED))
    service.must(done("R1", service.today), decision(service.today))
    assert service.stage is Stage.FOLLOW_UP
    assert [item.id for item in service.case.open_items] == ["R2"]


@POLICIES
def test_a_final_decision_is_not_appealed_again(policy: str) -> None:
    service = at(Stage.APPEAL, policy)
    subject = service.case.appeals[-1].lodged.subject
    service.must(decision(service.today))
    assert service.refusal(appeal(service, good_cause="I disagree.")) == (
        f"an appeal against {SUBJECTS[subject]} has been decided and that is the last step of this procedure; "
        "the letter about it names the ombudsman"
    )


def test_where_the_route_is_not_the_last_step_it_may_be_taken_again() -> None:
    service = under(with_route(final=False), Stage.APPEAL_WINDOW)
    service.must(appeal(service), decision(service.today))
    assert service.refusal(appeal(service, good_cause="I disagree.")) is None


def test_a_new_outcome_after_a_remit_can_be_appealed_against() -> None:
    service = remitted()
    to_outcome(to_panel(service))
    assert service.stage is Stage.APPEAL_WINDOW
    service.must(appeal(service))
    assert service.case.stage is Stage.APPEAL


def test_a_second_refusal_after_a_remit_can_be_appealed_against() -> None:
    service = at(Stage.NOT_MET)
    service.must(appeal(service), decision(service.today, Decision.REMITTED))
    assert service.stage is Stage.THRESHOLD
    assert service.case.threshold is None
    refusal = at(Stage.NOT_MET).case.threshold
    assert refusal
    service.must(refusal)
    assert service.case.stage is Stage.NOT_MET
    assert service.refusal(appeal(service)) is None
    shut = service.due("appeal_window#2").due + timedelta(days=1)
    assert service.wait_until(shut).stage is Stage.CLOSING
    assert service.wait(40).stage is Stage.CLOSED


# Papers, hearing, decision


def test_the_papers_are_sent_once() -> None:
    assert at(Stage.APPEAL).refusal(e.BundleSent()) == "the appeal body has its papers already"


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        (
            date(2026, 4, 10),  # Fri
            "the appeal came on Saturday 11 April 2026; its hearing cannot have been before that",
        ),
        (
            date(2026, 4, 12),  # Sun
            "the hearing of Sunday 12 April 2026 lies in the future; give the day it happened",
        ),
        (date(2026, 4, 11), None),  # Sat
    ],
)
def test_a_hearing_is_after_the_appeal_and_not_in_the_future(on: date, sentence: str | None) -> None:
    assert at(Stage.APPEAL).refusal(e.AppealHeard(on=on)) == sentence
    assert at(Stage.APPEAL).refusal(decision(on)) == sentence


def test_an_appeal_with_a_hearing_is_decided_after_it() -> None:
    service = at(Stage.APPEAL)
    body = e.AppealDecided(decision=Decision.DISMISSED, reasons="We read the papers.")
    assert service.refusal(body) == (
        "the appeal is decided after its hearing; record-hearing is possible now, or give heard_on"
    )
    heard = service.today
    service.must(e.AppealHeard(on=heard))
    assert service.refusal(e.AppealHeard(on=heard)) == "the hearing is recorded already; correct-date mends its day"
    assert service.wait(1).refusal(decision(service.today)) == (
        "the hearing is recorded as Saturday 11 April 2026; leave heard_on empty, correct-date mends its day"
    )
    assert service.refusal(decision(heard)) is None
    assert service.refusal(body) is None


def test_an_appeal_without_a_hearing_is_decided_on_its_papers() -> None:
    service = under(with_route(hearing=None))
    service.must(appeal(service))
    body = e.AppealDecided(decision=Decision.DISMISSED, reasons="We read the papers.")
    assert service.refusal(body) is None


def test_an_appeal_body_decides_what_the_policy_lets_it() -> None:
    service = under(with_route(outcomes=(Decision.DISMISSED, Decision.REMITTED)))
    service.must(appeal(service))
    assert service.refusal(decision(service.today, Decision.UPHELD)) == (
        "this appeal body may decide dismissed, remitted, not upheld"
    )


def test_an_appeal_is_decided_once() -> None:
    service = at(Stage.APPEAL)
    service.post = lambda order: e.LetterState.WAITING
    service.must(decision(service.today))
    assert service.stage is Stage.APPEAL
    sentence = "this appeal is decided already and its letter is on its way"
    assert service.refusal(decision(service.today)) == sentence
    assert service.waiting.words.startswith("appeal decided; the letter is on its way")


def test_an_appeal_decision_takes_effect_once_its_lost_letter_is_settled() -> None:
    service = at(Stage.APPEAL)
    service.post = lambda order: e.LetterState.REFUSED if order.letter == "L-21" else e.LetterState.ACCEPTED
    service.must(decision(service.today, Decision.REMITTED))
    assert service.stage is Stage.APPEAL
    lost = next(key for key, letter in service.case.letters.items() if letter.needs_somebody)
    service.must(e.LetterSettled(key=lost, arrived=True, how="Handed over."))
    assert service.case.stage is Stage.GATHERING
