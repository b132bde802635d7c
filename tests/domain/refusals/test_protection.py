"""What stands against a safety referral, and that nothing else does: no stage, no clock, no hour."""

import pytest

from domain import events as e
from domain.case import Stage
from domain.letters import letters_for
from domain.messages import Party
from domain.risk import NOT_JUDGED, rank, wanted
from tests.domain.history import CHAIR, OFFICER, OPERATIONS
from tests.domain.service import Service
from tests.domain.stages import MET, all_answer, at

DANGER = "He said that he will burn the door tonight, and the two children sleep behind it."
POLICE = e.Actor(role=e.Role.AGENCY, name="police")


def referral(**changed: object) -> e.SafetyReferred:
    given = {"to": "child-safeguarding", "danger": DANGER, "basis": "To protect two children at risk."}
    return e.SafetyReferred.model_validate(given | changed)


@pytest.mark.parametrize("stage", Stage)
def test_somebody_is_referred_at_any_stage_and_no_date_moves(stage: Stage) -> None:
    service = at(stage)
    before = [(d.key, d.due, d.state) for d in service.deadlines]
    assert service.refusal(referral()) is None
    service.happened(referral(), OFFICER)
    assert service.stage is stage
    assert [(d.key, d.due, d.state) for d in service.deadlines] == before
    assert [event.what for event in service.case.referrals] == [referral()]


def test_an_application_that_nobody_has_acknowledged_yet_is_referred() -> None:
    service = Service(idle=True)
    assert service.kinds == ["application.made"]
    assert service.refusal(referral()) is None


@pytest.mark.parametrize("by", [OFFICER, CHAIR, POLICE])
def test_an_officer_the_chair_and_an_agency_may_refer(by: e.Actor) -> None:
    assert at(Stage.PANEL).refusal(referral(), by) is None


@pytest.mark.parametrize("by", [OPERATIONS, e.Actor(role=e.Role.APPLICANT), e.Actor(role=e.Role.APPEAL_BODY)])
def test_nobody_else_may_refer(by: e.Actor) -> None:
    assert "refer-safety is for an officer or the panel's chair or an agency" in (
        at(Stage.PANEL).refusal(referral(), by) or ""
    )


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (referral(to="nobody"), "no body nobody is known; a safety referral goes to one of police-safety, adult-"),
        (referral(basis=""), "without consent say in basis why it is shared all the same"),
        (referral(basis="n/a"), "without consent say in basis why it is shared all the same"),
        (referral(danger="."), "danger says nothing"),
        (referral(to="victim-support"), "Victim Support is given what it needs to help only with consent"),
    ],
)
def test_it_is_refused_without_an_address_a_danger_or_a_ground_to_share(body: e.SafetyReferred, sentence: str) -> None:
    assert sentence in (at(Stage.VERIFYING).refusal(body) or "")


@pytest.mark.parametrize("body", [referral(consent=True, basis=""), referral(to="victim-support", consent=True)])
def test_consent_is_ground_enough(body: e.SafetyReferred) -> None:
    assert at(Stage.VERIFYING).refusal(body) is None


def test_where_the_policy_names_nobody_an_agency_can_be_told() -> None:
    service = at(Stage.VERIFYING)
    old = service.policy.model_copy(update={"care": type(service.policy.care)()})
    service.case.policy = old
    assert service.refusal(referral(to="police")) is None
    assert "goes to one of council, " in (service.refusal(referral()) or "")


@pytest.mark.parametrize(
    ("to", "by", "kinds"),
    [
        ("police-safety", OFFICER, ["A-12 to police-safety"]),
        ("police", OFFICER, ["A-12 to police"]),
        ("victim-support", OFFICER, ["A-13 to victim-support"]),
        ("marac", POLICE, ["A-12 to marac", "A-18 to officer"]),
        ("marac", CHAIR, ["A-12 to marac", "A-18 to officer"]),
    ],
)
def test_who_can_protect_is_told_and_the_officer_and_never_the_applicant(
    to: str, by: e.Actor, kinds: list[str]
) -> None:
    service = at(Stage.APPEAL)
    service.happened(referral(to=to, consent=True), by)
    event = next(event for event in reversed(service.case.events) if event.kind == "safety.referred")
    then = at(Stage.APPEAL).case
    then.events.append(event)
    orders = letters_for("CR-1", then, event)
    assert [order.summary for order in orders] == kinds
    assert not {order.to.party for order in orders} & {Party.APPLICANT, Party.REPRESENTATIVE}


def risk(level: str = "high", reasons: str = "He lives alone, and they know it.") -> e.RiskAssessed:
    return e.RiskAssessed.model_validate({"level": level, "reasons": reasons})


def test_the_risk_is_judged_at_intake_and_again_before_the_panel() -> None:
    service = at(Stage.VERIFYING)
    assert wanted(service.case) == "The risk to the victim has not been assessed yet."
    assert rank(service.case) == NOT_JUDGED
    service.must(risk("medium"))
    assert wanted(service.case) == ""
    service = all_answer(service).must(MET)
    assert wanted(service.case) == "The risk to the victim has to be assessed again before the panel meets."
    service.must(risk("very_high"))
    assert wanted(service.case) == ""
    assert service.case.risk == risk("very_high")


def test_the_greater_a_risk_the_higher_its_case_stands_and_what_nobody_judged_is_not_low() -> None:
    ranks = []
    for level in ("low", "medium", None, "high", "very_high"):
        service = at(Stage.VERIFYING)
        ranks.append(rank((service.must(risk(level)) if level else service).case))
    assert ranks == sorted(set(ranks))


def test_a_risk_needs_reasons_and_one_who_knows_the_case() -> None:
    service = at(Stage.PANEL)
    assert "reasons says nothing" in (service.refusal(risk(reasons="tbc")) or "")
    assert service.refusal(risk(), CHAIR) is None
    assert "assess-risk is for an officer or the panel's chair" in (service.refusal(risk(), POLICE) or "")
