"""What the service does next by itself, above all whom it asks when a further incident names somebody new."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain import chasing, story
from domain import events as e
from domain.application import Incident
from domain.case import Stage
from domain.deadlines import planned
from domain.events import Purpose
from domain.policy import Decision, Milestone
from tests.domain.service import Service
from tests.domain.stages import MET, REFUSED, all_answer, appeal, at, decision, panel, working_days

NEWCOMER = "icb"


def told(service: Service, to: str = NEWCOMER) -> list[str]:
    """A further incident that went to ``to`` is told; what the service then does, and to whom, in order."""
    before, today = len(service.case.events), service.today
    incident = Incident(occurred=today, reported=today, reported_to=to, what="It happened again.")
    service.must(e.IncidentAdded(incident=incident))
    new = [event.what for event in service.case.events[before:]]
    assert isinstance(new[0], e.IncidentAdded)
    return [what.enquiry for what in new if isinstance(what, e.EnquirySent)]


def answered(service: Service, key: str) -> Service:
    return service.must(e.EnquiryAnswered(enquiry=key, account="We knew of it."))


def test_a_case_at_the_threshold_goes_back_to_verifying_for_a_new_body_and_a_refusal_waits_for_it() -> None:
    service = all_answer(Service(complaints=1))
    assert service.stage is Stage.THRESHOLD
    assert told(service) == ["verification:icb"]
    assert service.stage is Stage.VERIFYING
    assert "a refusal waits until the agencies were heard: NHS Kent and Medway Integrated Care Board" in str(
        service.refusal(REFUSED)
    )
    assert answered(service, "verification:icb").stage is Stage.THRESHOLD


def test_a_case_that_verifies_goes_on_only_when_the_new_body_was_heard_too() -> None:
    service = at(Stage.VERIFYING)
    assert told(service) == ["verification:icb"]
    for key in [key for key in service.case.enquiries if not key.endswith(NEWCOMER)]:
        answered(service, key)
    assert service.stage is Stage.VERIFYING
    assert service.waiting.must_act == NEWCOMER
    assert answered(service, "verification:icb").stage is Stage.THRESHOLD


@pytest.mark.parametrize("stage", [Stage.GATHERING, Stage.ARRANGING])
def test_until_a_panel_is_arranged_a_new_body_is_asked_for_its_account_and_gathering_waits_for_it(stage: Stage) -> None:
    service = at(stage)
    assert told(service) == ["information:icb"]
    assert any(letter.posted.letter == "A-03" and letter.posted.to == "icb" for letter in service.case.letters.values())
    for key in [key for key, enquiry in service.case.enquiries.items() if not enquiry.settled and NEWCOMER not in key]:
        answered(service, key)
    assert service.stage is Stage.GATHERING
    assert service.waiting.must_act == NEWCOMER
    assert answered(service, "information:icb").stage is Stage.ARRANGING


def test_the_panels_clock_does_not_begin_again_for_a_body_that_was_asked_later() -> None:
    service = at(Stage.ARRANGING)
    due, asked = service.due("panel").due, service.case.reached[Milestone.INFORMATION_ASKED]
    service.wait(2)
    told(service)
    answered(service, "information:icb")
    assert service.due("panel").due == due
    assert service.case.reached[Milestone.INFORMATION_ASKED] == asked


def test_a_silent_new_body_is_gone_on_without_like_any_other() -> None:
    service = at(Stage.ARRANGING)
    told(service)
    service.wait_until(working_days(service, 10))
    assert service.stage is Stage.ARRANGING
    assert service.case.silent == (NEWCOMER,)


def test_a_meeting_that_is_arranged_stands_and_the_new_body_is_asked_all_the_same() -> None:
    service = at(Stage.PANEL)
    assert told(service) == ["information:icb"]
    assert service.stage is Stage.PANEL


@pytest.mark.parametrize(
    "stage",
    [Stage.AWAITING_DETAILS, Stage.NOT_MET, Stage.PLAN, Stage.OUTCOME, Stage.APPEAL_WINDOW, Stage.APPEAL,
     Stage.FOLLOW_UP, Stage.CLOSING],
)  # fmt: skip
def test_where_an_answer_could_not_bear_on_anything_nobody_is_asked(stage: Stage) -> None:
    service = at(stage)
    assert told(service) == []
    assert service.stage is stage


def test_who_was_named_before_the_application_is_complete_is_asked_with_all_others() -> None:
    service = at(Stage.AWAITING_DETAILS)
    told(service)
    service.must(e.DetailsReceived(consent_to_share=True))
    assert set(service.case.enquiries) == {"verification:police", "verification:council", "verification:icb"}


def test_details_that_an_officer_asked_for_do_not_keep_a_new_body_waiting() -> None:
    service = at(Stage.VERIFYING).must(e.DetailsRequested(missing=("your tenancy agreement",)))
    assert told(service) == ["verification:icb"]


def test_a_report_to_nobody_in_the_directory_has_all_relevant_bodies_asked() -> None:
    service = at(Stage.GATHERING)
    relevant = {agency.id for agency in service.policy.relevant_bodies}
    assert set(told(service, "a warden")) == {f"information:{id}" for id in relevant - {"police", "council"}}


def test_a_body_that_was_asked_is_not_asked_again_for_a_further_report() -> None:
    service = at(Stage.GATHERING)
    assert told(service, "police") == []


def test_after_a_refusal_whoever_is_new_is_asked_once_it_is_replaced_or_sent_back() -> None:
    replaced = at(Stage.NOT_MET)
    told(replaced)
    replaced.must(MET.model_copy(update={"discretion": "The harm is great."}))
    assert "information:icb" in replaced.case.enquiries
    remitted = at(Stage.NOT_MET)
    told(remitted)
    remitted.must(appeal(remitted), decision(remitted.today, Decision.REMITTED))
    assert [q.key for q in remitted.case.of_round(Purpose.VERIFICATION)] == ["verification:icb#2"]
    assert remitted.stage is Stage.VERIFYING


def test_nothing_is_left_to_do_at_a_stage_once_it_is_done() -> None:
    for stage in Stage:
        if stage is Stage.RECEIVED:
            continue
        service = at(stage)
        assert story.next_step(service.case, service.deadlines, service.now) is None, stage


def test_a_rung_is_climbed_when_the_office_opens_on_its_day_and_not_before() -> None:
    service = at(Stage.VERIFYING)
    first = chasing.chasers(service.case, service.deadlines, service.today)[0]
    deadlines = planned(service.case, first.on, {})
    assert story.next_step(service.case, deadlines, first.moment - timedelta(seconds=1)) is None
    step = story.next_step(service.case, deadlines, first.moment)
    assert isinstance(step, e.Chased)
    assert (step.deadline, step.to) == (first.deadline, first.to)


def test_a_panel_of_the_next_day_has_its_papers_at_once() -> None:
    service = all_answer(at(Stage.GATHERING))
    service.must(panel(service.today + timedelta(days=1)))
    assert "papers.sent" in service.kinds


@pytest.mark.parametrize(
    ("stage", "kind"),
    [
        (Stage.AWAITING_DETAILS, "application.passed_on"),
        (Stage.VERIFYING, "enquiry.proceeded"),
        (Stage.THRESHOLD, "deadline.extended"),
        (Stage.PANEL, "papers.sent"),
        (Stage.PLAN, "plan.window_shut"),
        (Stage.APPEAL_WINDOW, "appeal.window_shut"),
        (Stage.CLOSING, "case.closed"),
    ],
)
def test_a_case_that_is_left_alone_goes_as_far_as_its_dates_take_it(stage: Stage, kind: str) -> None:
    service = at(stage)
    before = len(service.case.events)
    after = service.left_alone().case.events[before:]
    assert kind in [event.kind for event in after]
    assert all(event.by == e.CLOCK for event in after)
