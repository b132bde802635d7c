"""Whose turn it is, who may act, and that no order of acts breaks what must hold."""

import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import policies
from domain import events as e
from domain import refusals, rules
from domain.case import Stage
from domain.events import Role
from domain.policy import Milestone
from tests.domain.service import Service, by
from tests.domain.stages import (
    MET,
    OUTCOME,
    answer,
    at,
    extendable,
    panel,
    plausible,
    remitted,
    to_panel,
)
from tests.domain.walks import Unlucky, assert_one_sentence, finish, holds, walk

ALWAYS = (
    "add-body apologise assess-risk correct-agency record-disclosure refer-safety "
    "add-document add-incident add-note add-person answer-enquiry ask-for-call assign-officer change-calendar "
    "change-representative correct-contact "
    "correct-date correct-report end-case extend hold link-case post-letter renew-link report-undelivered resume "
    "settle-letter withdraw"
)
ITEMS = "answer-recommendation complete-action"
REVIEWING = f"arrange-panel choose-attendance send-chronology confirm-receipt {ALWAYS}"
OVER = (
    "add-document add-note correct-contact post-letter record-disclosure refer-safety renew-link report-undelivered "
    "restore-case settle-letter"
)
SINCE = f"{ITEMS} ask-to-explain {ALWAYS}"
TURNS = {
    Stage.RECEIVED: f"request-details supply-details choose-attendance {ALWAYS}",
    Stage.AWAITING_DETAILS: f"request-details supply-details choose-attendance {ALWAYS}",
    Stage.VERIFYING: f"request-details supply-details choose-attendance decide-threshold {ALWAYS}",
    Stage.THRESHOLD: f"request-details supply-details choose-attendance decide-threshold {ALWAYS}",
    Stage.NOT_MET: f"decide-threshold lodge-appeal refuse-appeal notify-closure confirm-receipt {ALWAYS}",
    Stage.GATHERING: REVIEWING,
    Stage.ARRANGING: REVIEWING,
    Stage.PANEL: f"send-papers adjourn-panel record-panel-decision {REVIEWING}",
    Stage.PLAN: f"comment-on-plan confirm-receipt {SINCE}",
    Stage.OUTCOME: f"send-outcome confirm-receipt {SINCE}",
    Stage.APPEAL_WINDOW: f"lodge-appeal refuse-appeal hold-follow-up confirm-receipt {SINCE}",
    Stage.APPEAL: f"send-bundle arrange-hearing record-hearing decide-appeal confirm-receipt {SINCE}",
    Stage.FOLLOW_UP: f"lodge-appeal refuse-appeal hold-follow-up notify-closure confirm-receipt {SINCE}",
    Stage.CLOSING: f"lodge-appeal refuse-appeal object-to-closure confirm-receipt ask-to-explain {ALWAYS}",
    Stage.CLOSED: OVER,
    Stage.WITHDRAWN: OVER,
    Stage.ENDED: OVER,
}
ACTS = tuple(e.acts())
STAGES = pytest.mark.parametrize("stage", Stage, ids=lambda stage: stage.value.replace(" ", "-"))


def with_a_letter(service: Service, state: e.LetterState) -> Service:
    known = service.case.events[0].id
    return service.happened(
        e.LetterPosted(key="CR-1/001/L-07/applicant", letter="L-07", to="applicant", event=known, state=state)
    )


def open_enquiry(service: Service) -> Service:
    """One of the other purpose than the stage waits for."""
    purpose = e.Purpose.VERIFICATION if service.case.threshold else e.Purpose.INFORMATION
    return service.happened(e.EnquirySent(enquiry=f"{purpose}:icb", purpose=purpose, agency="icb"))


def missing_details(service: Service) -> Service:
    return service.happened(e.DetailsRequested(missing=("your tenancy agreement",)))


def on_hold(service: Service) -> Service:
    until = service.today + timedelta(days=9)
    return service.happened(e.HoldStarted(until=until, reason="In hospital.", at_victims_request=True))


def late_outcome() -> Service:
    """The outcome goes out when the time for the follow-up is open already."""
    service = at(Stage.OUTCOME)
    return service.wait_until(service.due("follow_up").opens or service.today).must(OUTCOME)


def second_round(stage: Stage) -> Service:
    service = remitted().must(answer("R1"))
    if stage is Stage.GATHERING:
        return service
    if stage is Stage.PANEL:
        return to_panel(service)
    for key in [key for key, enquiry in service.case.enquiries.items() if not enquiry.settled]:
        service.must(e.EnquiryAnswered(enquiry=key, account="As before."))
    return service


def objected() -> Service:
    service = at(Stage.NOT_MET)
    service.wait_until(service.due("appeal_window").due + timedelta(days=1))
    return service.must(e.ClosureObjected(reason="It goes on."))


def states(stage: Stage) -> Iterator[Service]:
    """The states a case may be in while it is at this stage."""
    yield at(stage)
    for state in (e.LetterState.UNCERTAIN, e.LetterState.IN_TRAY, e.LetterState.ACCEPTED):
        yield with_a_letter(at(stage), state)
    if stage.over:
        return
    yield on_hold(at(stage))
    yield open_enquiry(at(stage))
    if stage is not Stage.RECEIVED:
        yield missing_details(at(stage))
    generous = at(stage)
    generous.case.policy = generous.policy = extendable("dover")
    yield generous
    if stage in (Stage.GATHERING, Stage.ARRANGING, Stage.PANEL):
        yield second_round(stage)
    if stage is Stage.NOT_MET:
        yield objected()
    if stage is Stage.APPEAL_WINDOW:
        yield late_outcome()
    if stage is Stage.APPEAL:
        service = at(stage)
        service.case.reached.pop(Milestone.BUNDLE_SENT)
        yield service
    if stage is Stage.PANEL:
        service = at(stage)
        yield service.wait_until(service.case.panel.on if service.case.panel else service.today)
    if stage in (Stage.PLAN, Stage.OUTCOME, Stage.APPEAL_WINDOW, Stage.APPEAL, Stage.FOLLOW_UP):
        yield at(stage).must(answer("R1"))
    if stage is Stage.FOLLOW_UP:
        service = at(stage).must(answer("R1", e.Response.DECLINED), answer("R2", e.Response.DECLINED))
        yield service.wait_until(service.due("follow_up").opens or service.today)
        service.case.reached[Milestone.FOLLOWED_UP] = service.case.reached[Milestone.PANEL_HELD]
        yield service


@STAGES
def test_each_stage_has_its_acts_and_no_others(stage: Stage) -> None:
    assert at(stage).stage is stage
    assert set(rules.possible(at(stage).case)) == set(TURNS[stage].split())
    if stage in (Stage.GATHERING, Stage.ARRANGING, Stage.PANEL):
        again = second_round(stage).case
        assert set(rules.possible(again)) == {*TURNS[stage].split(), "ask-to-explain", *ITEMS.split()}


@STAGES
@pytest.mark.parametrize("act", ACTS)
def test_an_act_out_of_turn_is_refused_with_what_is_possible(stage: Stage, act: str) -> None:
    service = at(stage)
    if act in rules.possible(service.case):
        return
    for body in plausible(service, act):
        sentence = service.refusal(body)
        assert sentence is not None
        assert_one_sentence(sentence)
        if (stage, act) == (Stage.PLAN, "send-outcome"):
            assert sentence.startswith("the applicant may comment on the draft plan until ")
            continue
        if act in ITEMS.split() and stage in (Stage.GATHERING, Stage.ARRANGING, Stage.PANEL):
            assert sentence.endswith("; this case has none yet")
            continue
        if (stage, act) == (Stage.APPEAL, "adjourn-hearing"):
            assert sentence.startswith("no hearing is arranged that could be put off; ")
            continue
        if act in ("defer-threshold", "insist") and stage in (Stage.VERIFYING, Stage.THRESHOLD):
            assert sentence.startswith(("the reports meet the threshold, so", "the decision is not put off, so"))
            continue
        if act in ("ask-to-explain", "give-explanation") and stage in e.kinds()[act].turn:
            assert sentence.startswith(("nobody has to explain ", "nobody is asked to explain "))
            continue
        if act == "undo-extension" and not stage.over:
            assert sentence.endswith("has no extension to undo; what has: nothing")
            continue
        assert sentence.startswith(f"{act} is not possible while the case is at '{stage}'; what is possible now: ")
        for possible in rules.possible(service.case)[:1]:
            assert stage.over or possible in sentence


@STAGES
def test_every_act_that_is_possible_can_be_done_in_some_state_of_the_stage(stage: Stage) -> None:
    never = set(TURNS[stage].split())
    for service in states(stage):
        assert service.stage is stage
        for act in sorted(never & set(rules.possible(service.case))):
            if any(service.refusal(body) is None for body in plausible(service, act)):
                never.discard(act)
    assert never == set()


@STAGES
def test_every_refusal_is_one_sentence(stage: Stage) -> None:
    for service in states(stage):
        for act in ACTS:
            for body in plausible(service, act):
                for actor in (by(body), e.Actor(role=Role.AGENCY, name="icb")):
                    if sentence := service.refusal(body, actor):
                        assert_one_sentence(sentence)


@pytest.mark.parametrize("kind", [kind for kind, body in e.bodies().items() if body.act is None])
def test_what_the_service_records_is_no_persons_act(kind: str) -> None:
    body = e.bodies()[kind].model_construct()
    sentence = at(Stage.THRESHOLD).refusal(body, e.Actor(role=Role.OFFICER))
    assert sentence == f"{kind} is recorded by the service itself, not by a person"


MAY = {
    "request-details": "officer",
    "supply-details": "applicant officer",
    "answer-enquiry": "agency officer",
    "decide-threshold": "officer",
    "arrange-panel": "officer chair",
    "choose-attendance": "applicant officer",
    "send-papers": "officer chair",
    "adjourn-panel": "chair officer",
    "record-panel-decision": "chair officer",
    "comment-on-plan": "applicant officer",
    "send-outcome": "officer",
    "confirm-receipt": "applicant officer",
    "answer-recommendation": "agency officer",
    "complete-action": "agency officer",
    "lodge-appeal": "applicant officer",
    "refuse-appeal": "officer appeal_body",
    "send-bundle": "officer",
    "arrange-hearing": "appeal_body officer",
    "adjourn-hearing": "appeal_body officer",
    "record-hearing": "appeal_body officer",
    "decide-appeal": "appeal_body officer",
    "hold-follow-up": "officer",
    "notify-closure": "officer",
    "object-to-closure": "applicant officer",
    "add-incident": "applicant officer agency",
    "withdraw": "applicant officer",
    "extend": "officer",
    "undo-extension": "officer",
    "end-case": "officer",
    "restore-case": "officer",
    "hold": "officer applicant",
    "resume": "officer applicant",
    "assign-officer": "officer operations",
    "change-representative": "officer applicant",
    "ask-for-call": "applicant officer",
    "record-call": "officer",
    "correct-contact": "officer",
    "refer-safety": "officer chair agency",
    "assess-risk": "officer chair",
    "apologise": "officer",
    "record-disclosure": "officer",
    "defer-threshold": "officer",
    "insist": "applicant officer",
    "add-note": "applicant officer chair agency appeal_body operations",
    "add-document": "applicant officer chair agency appeal_body operations",
    "correct-date": "officer operations",
    "correct-report": "officer",
    "change-calendar": "operations officer",
    "ask-consent": "officer",
    "send-chronology": "officer",
    "correct-chronology": "applicant officer",
    "ask-to-explain": "officer",
    "give-explanation": "officer agency",
    "add-person": "officer",
    "end-person": "officer",
    "correct-agency": "officer",
    "add-body": "officer",
    "link-case": "officer",
    "unlink-case": "officer",
    "renew-link": "officer",
    "settle-letter": "officer operations",
    "post-letter": "officer operations",
    "report-undelivered": "officer operations",
}


@pytest.mark.parametrize("act", ACTS)
def test_an_act_is_for_whose_part_it_is_and_for_an_officer(act: str) -> None:
    assert {role.value for role in e.kinds()[act].may} == set(MAY[act].split())


def test_somebody_elses_act_is_refused_by_name() -> None:
    agency = e.Actor(role=Role.AGENCY, name="police")
    assert at(Stage.THRESHOLD).refusal(MET, agency) == (
        "decide-threshold is for an officer, not for an agency; ask them to do it"
    )
    assert at(Stage.GATHERING).refusal(e.Withdrawn(), agency) == (
        "withdraw is for the applicant or an officer, not for an agency; ask them to do it"
    )


@pytest.mark.parametrize("act", ACTS)
def test_the_clock_does_no_persons_act(act: str) -> None:
    assert Role.CLOCK not in e.kinds()[act].may


@pytest.mark.parametrize(
    ("stage", "body"),
    [
        (
            Stage.GATHERING,
            panel(
                date(2031, 3, 3),  # Mon
                reason="Nobody is free.",
                approved_by="Sam Reeve",
                answer_by=date(2031, 3, 4),  # Tue
            ),
        ),
        (Stage.PANEL, e.PanelAdjourned(until=date(2031, 3, 3), reason="Nobody is free.")),  # Mon
        (Stage.GATHERING, e.HoldStarted(until=date(2030, 1, 7), reason="Away.", at_victims_request=True)),  # Mon
        (Stage.THRESHOLD, e.DateCorrected(milestone=Milestone.RECEIVED, to=date(1926, 4, 1), reason="Typed.")),  # Thu
    ],
)
def test_an_act_that_needs_a_date_past_the_calendar_is_refused(stage: Stage, body: e.Body) -> None:
    sentence = at(stage).refusal(body)
    assert sentence is not None
    assert sentence.startswith(f"{body.act} would need a date that cannot be counted: ")
    assert "is outside this calendar" in sentence
    assert_one_sentence(sentence)


WALKS = st.lists(st.integers(min_value=0, max_value=5000), min_size=4, max_size=30)


STARTS = st.sampled_from(
    [stage for stage in Stage if not stage.over and stage not in (Stage.RECEIVED, Stage.VERIFYING)]
)
WITH_TIME = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@given(moves=WALKS, policy=st.sampled_from(policies.ids()), stage=STARTS)
@WITH_TIME
def test_invariant_6_whatever_people_do_a_case_ends_told_and_with_nothing_open(
    moves: list[int], policy: str, stage: Stage
) -> None:
    holds(finish(walk(at(stage, policy), moves)))


@given(moves=WALKS, policy=st.sampled_from(policies.ids()), complaints=st.integers(1, 3), consent=st.booleans())
@WITH_TIME
def test_invariant_2_every_application_is_passed_on_and_ends_in_a_decision_that_is_told(
    moves: list[int], policy: str, complaints: int, consent: bool
) -> None:
    holds(finish(walk(Service(policy, complaints=complaints, consent=consent), moves)))


@given(moves=WALKS)
@WITH_TIME
def test_a_review_that_an_appeal_sent_back_comes_to_an_end_too(moves: list[int]) -> None:
    holds(finish(walk(remitted(), moves)))


@given(moves=WALKS, every=st.integers(2, 6), stage=STARTS)
@WITH_TIME
def test_lost_letters_do_not_leave_a_case_stuck(moves: list[int], every: int, stage: Stage) -> None:
    service = at(stage)
    service.post = Unlucky(every)
    holds(finish(walk(service, moves)))


def test_every_room_of_rules_is_read_with_the_rules() -> None:
    script = "import sys, domain.rules; print(*(name for name in sys.modules if name.startswith('domain.refusals.')))"
    read = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    rooms = {f"domain.refusals.{room.name}" for room in pkgutil.iter_modules(refusals.__path__)}
    assert rooms - set(read) == set()
