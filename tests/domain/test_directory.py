"""Where bodies are reached in a running case: corrected, added, and what is sent again for it."""

from datetime import date

import pytest

from domain import directory, rules
from domain import events as e
from domain.case import Stage
from domain.deadlines import State
from domain.rehearsal import Rehearsal
from tests.domain.service import Service
from tests.domain.stages import MET, all_answer, at, panel, working_days

NEW = "asb-reviews@kent.police.example"


def corrected(agency: str = "police", **changed: object) -> e.AgencyCorrected:
    given = {"agency": agency, "email": NEW, "reason": "The mailbox was closed in March."}
    return e.AgencyCorrected.model_validate(given | changed)


def added(**changed: object) -> e.BodyAdded:
    given = {
        "name": "Moat Homes", "part": "landlord", "email": "asb@moat.example", "reason": "The neighbour is its tenant.",
    }  # fmt: skip
    return e.BodyAdded.model_validate(given | changed)


def orders(service: Rehearsal, event: str) -> list[tuple[str, str]]:
    """The letters that an event of this kind ordered last, and to whom."""
    id = next(happened.id for happened in reversed(service.case.events) if happened.kind == event)
    return [(order.letter, order.to.words) for order in service.orders.values() if order.event == id]


# Corrected


def test_what_was_asked_at_a_dead_address_is_asked_again_and_its_time_runs_from_then() -> None:
    service = Service("dover").wait_until(date(2026, 4, 22))  # Wed
    before = service.due("verification:police")
    service.must(corrected())
    after = service.due("verification:police")
    assert orders(service, "enquiry.sent") == [("A-02", "police")]
    assert after.anchored_on == date(2026, 4, 22)  # Wed
    assert after.due > before.due
    assert after.promised == before.promised
    assert service.due("verification:council") == service.due("verification:council")
    assert service.stage is Stage.VERIFYING


def test_what_never_reached_a_body_is_not_overdue_and_not_late() -> None:
    service = Service("dover")
    overdue = service.due("verification:police").due
    service.wait_until(overdue).wait(1)
    service.must(corrected())
    assert service.due("verification:police").state is State.OPEN
    all_answer(service)
    answered = service.due("verification:police")
    assert (answered.state, answered.late, answered.breached) == (State.MET, False, False)
    assert service.due("verification:council").late


def test_a_body_that_the_review_went_on_without_is_asked_after_all() -> None:
    service = at(Stage.GATHERING)
    key = "information:police"
    due = service.due(key).due
    service.wait_until(due).wait(14)
    assert service.case.enquiries[key].proceeded_on
    assert "police" in service.case.silent
    service.must(corrected())
    assert not service.case.enquiries[key].settled
    assert "police" not in service.case.silent
    assert service.stage is Stage.GATHERING


def test_what_was_sent_there_and_arrived_is_not_sent_again() -> None:
    service = Service("dover").wait(3)
    before = service.due("verification:police")
    service.must(corrected(arrived=True))
    assert service.due("verification:police") == before
    assert service.kinds[-1] == "agency.corrected"
    assert service.case.policy.agency("police").email == NEW  # type: ignore[union-attr]


def test_a_decided_threshold_is_not_asked_about_again() -> None:
    service = Service("dover").must(MET).wait(2)
    service.must(corrected())
    assert service.kinds.count("enquiry.sent") == 5
    assert orders(service, "enquiry.sent") == [("A-03", "police")]


def test_the_application_goes_again_to_a_body_that_has_answered_nothing() -> None:
    service = Service("dover").wait(2).must(corrected())
    again = [key for key, order in service.orders.items() if order.letter == "A-01" and order.to.id == "police"]
    assert len(again) == 2
    assert again[1].endswith("~2")
    heard = all_answer(Service("dover")).must(corrected())
    assert sum(order.letter == "A-01" and order.to.id == "police" for order in heard.orders.values()) == 1


def test_a_recommendation_goes_again_with_the_days_that_hold_now() -> None:
    service = at(Stage.PLAN).wait(5)
    before = service.due("recommendation:R1")
    service.must(corrected())
    after = service.due("recommendation:R1")
    assert orders(service, "agency.corrected") == [("A-08", "police")]
    assert after.anchored_on == service.today
    assert after.due > before.due


def test_whoever_sits_for_a_body_is_invited_again() -> None:
    service = at(Stage.PANEL).must(e.PapersSent(), corrected())
    again = [order.letter for key, order in service.orders.items() if key.endswith("~2")]
    assert again == ["A-06", "A-07"]
    moved = at(Stage.PANEL)
    moved.must(panel(working_days(moved, 4), reason="A larger room."), corrected())
    assert len([key for key in moved.orders if key.endswith("~2")]) == 1


def test_a_senior_post_has_what_came_back_again() -> None:
    service = Service("dover")
    service.wait_until(service.due("verification:police").due).wait(7)
    key = next(key for key, order in service.orders.items() if order.letter == "A-04e" and order.to.id == "police")
    service.must(e.LetterUndelivered(key=key, how=e.Failure.BOUNCED))
    service.must(corrected(email=None, senior_email="chief@kent.police.example", senior_title="Chief Superintendent"))
    assert f"{key}~2" in service.orders
    senior = service.case.policy.agency("police").senior  # type: ignore[union-attr]
    assert (senior.title, senior.email) == ("Chief Superintendent", "chief@kent.police.example")


def test_an_appeal_body_has_its_papers_again() -> None:
    service = at(Stage.APPEAL)
    assert service.case.appeal
    assert service.case.appeal.body
    name = service.case.appeal.body.name
    hearing = e.HearingArranged(on=working_days(service, 3))
    service.must(hearing).must(corrected(name))
    assert [order.letter for key, order in service.orders.items() if key.endswith("~2")] == ["A-10", "A-10h"]
    assert service.case.appeal.body.email == NEW
    assert service.due("appeal_hearing").due == at(Stage.APPEAL).due("appeal_hearing").due


def test_the_councils_own_address_is_on_every_letter_from_then_on() -> None:
    service = at(Stage.GATHERING).must(
        corrected("team", phone="01304 111222", address_lines=("1 High Street", "Dover"))
    )
    contact = service.case.policy.contact
    assert contact
    assert (contact.email, contact.phone, contact.address) == (NEW, "01304 111222", ("1 High Street", "Dover"))


def test_the_councils_own_manager_is_told_at_the_corrected_address() -> None:
    service = at(Stage.GATHERING)
    assert service.policy.management
    post = service.policy.management.manager
    assert (service.refusal(corrected("manager", senior_title="Head")) or "").startswith(f"{post.title} has no senior")
    service.must(corrected("manager"))
    management = service.case.policy.management
    assert management
    assert (management.manager.title, management.manager.email) == (post.title, NEW)
    assert management.deputy == service.policy.management.deputy
    assert service.refusal(corrected("manager")) == f"{post.title} is reached there already; give what is new"


def test_the_policy_a_case_was_given_stays_as_it_was() -> None:
    service = at(Stage.GATHERING).must(corrected(), added())
    assert service.case.published is service.policy
    assert service.policy.agency("police").email != NEW  # type: ignore[union-attr]
    known = directory.as_corrected(service.policy, service.case.events)
    assert known == service.case.policy
    assert directory.as_corrected(known, service.case.events) == known


@pytest.mark.parametrize("stage", [stage for stage in Stage if not stage.over])
def test_at_every_stage_both_can_be_done_and_the_case_goes_on(stage: Stage) -> None:
    service = at(stage)
    service.must(corrected(), added(), corrected("moat-homes", email="new@moat.example"))
    service.left_alone()
    assert service.case.policy.agency("moat-homes").email == "new@moat.example"  # type: ignore[union-attr]


# Added


def test_an_added_body_has_the_application_and_is_asked_for_its_account() -> None:
    service = at(Stage.ARRANGING).must(added())
    assert orders(service, "body.added") == [("A-01", "moat-homes")]
    assert orders(service, "enquiry.sent") == [("A-03", "moat-homes")]
    assert service.stage is Stage.GATHERING
    assert service.due("information:moat-homes").anchored_on == service.today
    all_answer(service)
    assert service.stage is Stage.ARRANGING


def test_an_added_body_confirms_reports_only_where_one_was_made_to_it() -> None:
    service = at(Stage.THRESHOLD).must(added())
    assert service.stage is Stage.THRESHOLD
    said = service.case.incidents[0].model_copy(update={"id": "", "reported_to": "Moat Homes"})
    service.must(e.IncidentAdded(incident=said))
    assert orders(service, "enquiry.sent") == [("A-02", "moat-homes")]


def test_a_body_added_before_the_application_is_passed_on_has_it_with_the_others() -> None:
    service = at(Stage.AWAITING_DETAILS).must(added())
    assert orders(service, "body.added") == []
    service.must(e.DetailsReceived(consent_to_share=True))
    assert ("A-01", "moat-homes") in orders(service, "application.passed_on")


def test_an_added_body_is_told_the_decision_and_asked_for_its_account() -> None:
    told = Service("dover").must(added(), MET)
    assert ("A-05", "moat-homes") in orders(told, "threshold.decided")
    assert told.case.enquiries["information:moat-homes"]


def test_the_panel_can_recommend_to_an_added_body() -> None:
    service = at(Stage.ARRANGING).must(added())
    all_answer(service).must(panel(working_days(service, 2)))
    service.wait_until(working_days(service, 2))
    asked = e.Recommendation(to="moat-homes", text="Fit a second lock.")
    service.must(e.PanelHeld(on=service.today, findings="The lock is weak.", recommendations=(asked,)))
    assert ("A-08", "moat-homes") in orders(service, "panel.held")


# The officer


def assigned(service: Service) -> Service:
    return service.must(e.OfficerAssigned(officer="Ann Hill", email="ann.hill@dover.example"))


def test_an_officer_whose_mail_comes_back_is_replaced_by_the_team_which_has_the_news() -> None:
    service = assigned(at(Stage.PLAN)).must(e.PlanCommented(comments="Good."), actor=e.Actor(role=e.Role.APPLICANT))
    key = next(key for key, order in service.orders.items() if order.letter == "A-18")
    service.must(e.LetterUndelivered(key=key, how=e.Failure.BOUNCED, address="Ann.Hill@dover.example"))
    contact = service.case.policy.contact
    assert service.case.officer
    assert contact
    assert (service.case.officer.officer, service.case.officer.email) == (contact.team, contact.email)
    assert f"{key}~2" in service.orders
    assert orders(service, "officer.assigned") == [("L-07", "applicant")]


def test_what_comes_back_later_goes_to_the_team_too_and_nothing_is_replaced_twice() -> None:
    service = assigned(at(Stage.PLAN)).must(
        e.CallRequested(phone="07700 900123", when="Mornings."),
        e.PlanCommented(comments="Good."),
        actor=e.Actor(role=e.Role.APPLICANT),
    )
    first, second = [key for key, order in service.orders.items() if order.letter == "A-18"][-2:]
    for key in (first, second):
        service.must(e.LetterUndelivered(key=key, how=e.Failure.BOUNCED, address="ann.hill@dover.example"))
    assert service.kinds.count("officer.assigned") == 2
    assert {f"{first}~2", f"{second}~2"} <= service.orders.keys()


def test_mail_that_came_back_from_the_teams_own_mailbox_replaces_nobody() -> None:
    service = assigned(at(Stage.PLAN))
    contact = service.case.policy.contact
    assert contact
    service.must(e.OfficerAssigned(officer="Bo Day", email=contact.email))
    service.must(e.PlanCommented(comments="Good."), actor=e.Actor(role=e.Role.APPLICANT))
    key = next(key for key, order in service.orders.items() if order.letter == "A-18")
    service.must(e.LetterUndelivered(key=key, how=e.Failure.BOUNCED, address=contact.email))
    assert service.case.officer
    assert service.case.officer.officer == "Bo Day"
    assert rules.possible(service.case)


def test_an_applicants_letter_that_comes_back_is_sent_again_once() -> None:
    service = at(Stage.GATHERING)
    key = next(key for key, letter in service.case.letters.items() if letter.posted.letter == "L-01")
    service.must(e.LetterUndelivered(key=key, how=e.Failure.BOUNCED, address="asha@example.org"))
    sent = [event.what.key for event in service.case.events if isinstance(event.what, e.LetterPosted)]
    assert sent.count(f"{key}~2") == 1
