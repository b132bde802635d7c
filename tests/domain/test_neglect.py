"""A case that nobody touches: the council is chased like any other body, and the applicant is told the truth."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

import policies
from domain import events as e
from domain.calendar import Unit, count, working_days
from domain.chasing import chasers
from domain.deadlines import State
from domain.policy import Rung
from tests.domain.service import Service
from tests.domain.stages import MET, held, panel

AGENCY = e.Role.AGENCY


def neglected(policy: str = "dover", days: int = 0) -> Service:
    """Everything the agencies were asked is answered on the next day, and then nobody does anything."""
    service = Service(policy).wait(1)
    for enquiry in list(service.case.enquiries.values()):
        answer = e.EnquiryAnswered(enquiry=enquiry.key, account="We were called three times.")
        service.must(answer, actor=e.Actor(role=AGENCY, name=enquiry.agency))
    return on(service, days)


def on(service: Service, days: int) -> Service:
    """The case on the working day of that number after its application."""
    return service.wait_until(count(service.case.calendar, service.case.made_on, days, Unit.WORKING_DAYS).due)


def told(service: Service, key: str, to: str, rung: Rung = Rung.ESCALATION) -> list[int]:
    """The working days after its due date on which somebody was told of a deadline."""
    calendar = service.case.calendar
    return [
        working_days(calendar, chased.due, day) or 0
        for chased, day in service.case.chased
        if (chased.deadline, chased.to, chased.rung) == (key, to, rung)
    ]


def letters(service: Service) -> Counter[str]:
    return Counter(f"{one.posted.letter} {one.posted.to}" for one in service.case.letters.values())


def test_a_duty_of_the_councils_own_is_chased_until_it_is_done_and_its_manager_and_deputy_know() -> None:
    service = neglected(days=100)
    assert told(service, "threshold", "officer", Rung.REMINDER) == [1, 5, 10, 20, 40, 60, 80]
    assert told(service, "threshold", "manager") == [1, 5, 10, 20, 40, 60, 80]
    assert told(service, "threshold", "deputy") == [10, 20, 40, 60, 80]
    assert told(service, "panel", "manager") == [1, 5, 10, 20, 40, 60, 80]
    service.must(MET)
    done = len(told(service, "threshold", "manager"))
    assert len(told(on(service, 150), "threshold", "manager")) == done


@pytest.mark.parametrize("id", policies.ids())
def test_the_service_moves_a_promise_as_often_as_is_published_and_then_says_that_it_is_not_kept(id: str) -> None:
    service = neglected(id, 25 + 60)
    first, now = service.due("response").promised, service.due("response")
    assert working_days(service.case.calendar, first, now.due) == 10
    assert now.state is State.OVERDUE
    moved = Counter(what.step for what in (event.what for event in service.case.events) if isinstance(what, e.Extended))
    assert set(moved.values()) == {2}
    assert letters(service)["L-08 applicant"] == sum(moved.values())
    assert letters(service)["L-08p applicant"] == len(moved)


def test_the_applicant_reads_on_the_last_day_that_a_promise_is_not_kept_and_why() -> None:
    service = neglected(days=85)
    (wrote,) = [(told, day) for told, day in service.case.chased if told.to == "applicant"]
    letter, day = wrote
    assert day == letter.due == service.due("response").due == date(2026, 5, 27)  # Wed
    assert letter.reason == "We have not yet decided whether we will hold a review."


def test_a_delay_letter_that_only_a_person_can_write_is_asked_for_on_every_working_day() -> None:
    service = neglected(days=60)
    asked = [day for told, day in service.case.chased if told.rung is Rung.DELAY_LETTER and told.to == "officer"]
    assert asked[0] == date(2026, 5, 26)  # Tue, the day of the delay letter
    calendar, day = service.case.calendar, asked[0]
    every = [day := count(calendar, day, 1, Unit.WORKING_DAYS).due for _ in asked[1:]]
    assert asked[1:] == every
    assert asked[-1] == service.today
    assert told(service, "response", "manager", Rung.DELAY_LETTER) == [0]
    assert told(service, "response", "manager")[:3] == [1, 5, 10]
    assert "Outcome letter to the applicant" in service.waiting.words
    assert "or move the date with a reason" in service.waiting.words
    assert service.waiting.must_act == "officer"


def test_a_new_date_by_a_person_ends_the_asking_and_the_service_moves_it_no_more() -> None:
    service = neglected(days=40)
    more = e.Extended(step="response", working_days=20, reason="The panel meets in July.", approved_by="Sam Reeve")
    service.must(more)
    assert letters(service)["L-08 applicant"] == 3
    assert not [c for c in chasers(service.case, service.deadlines, service.today) if c.on <= service.today]
    promised = service.due("response").due
    service.wait_until(promised + timedelta(days=1))
    assert service.due("response").due == promised
    assert letters(service)["L-08p applicant"] == 2


def test_what_may_be_moved_no_more_by_anybody_is_asked_to_be_done() -> None:
    service = neglected(days=40)
    for _ in range(service.policy.extensions.times):
        service.must(e.Extended(step="response", working_days=20, reason="Not yet.", approved_by="Sam Reeve"))
    service.wait_until(service.due("response").due)
    assert "or move the date" not in service.waiting.words
    assert ": do it; " in service.waiting.words


def test_an_outage_is_told_of_once_and_not_of_every_day_that_went_by() -> None:
    service = neglected(days=11)
    chased = len(service.case.chased)
    calls = chasers(service.case, service.deadlines, date(2026, 9, 1))  # Tue, as if the service had stood still
    late = [(c.to, c.rung) for c in calls if c.deadline == "threshold" and c.on <= date(2026, 9, 1)]  # Tue
    assert sorted(to for to, _ in late) == ["deputy", "manager", "officer"]
    assert len(service.case.chased) == chased


def test_an_undone_action_is_chased_until_it_is_done_and_the_applicant_hears_once_that_it_is_late() -> None:
    service = neglected(days=5)
    service.must(MET)
    for enquiry in list(service.case.enquiries.values()):
        if not enquiry.settled:
            answer = e.EnquiryAnswered(enquiry=enquiry.key, account="As before.")
            service.must(answer, actor=e.Actor(role=AGENCY, name=enquiry.agency))
    meeting = panel(service.today)
    service.must(meeting).wait_until(meeting.on)
    service.must(held(service.today, "police"))
    service.must(e.PlanCommented(comments="Good."), e.OutcomeDecided(reasons="The panel believes you."))
    accepted = e.RecommendationAnswered(recommendation="R1", response=e.Response.ACCEPTED)
    service.must(accepted, actor=e.Actor(role=AGENCY, name="police"))
    due = service.due("action:R1").due
    service.wait_until(due + timedelta(days=130))
    assert told(service, "action:R1", "police", Rung.REMINDER)[-6:] == [5, 10, 20, 40, 60, 80]
    assert told(service, "action:R1", "senior:police") == [1, 5, 10, 20, 40, 60, 80]
    assert told(service, "action:R1", "manager") == [5, 10, 20, 40, 60, 80]
    assert told(service, "action:R1", "deputy") == [10, 20, 40, 60, 80]
    assert letters(service)["L-13 applicant"] == 1


def test_a_case_of_release_0_1_0_goes_on_as_it_began() -> None:
    known = policies.load("dover")
    older = known.model_copy(
        update={
            "management": None,
            "extensions": known.extensions.model_copy(update={"by_the_clock_times": None}),
            "chasing": known.chasing.model_copy(update={"overdue": None}),
        }
    )
    service = on(Service(older), 85)
    assert letters(service)["L-08 applicant"] == 13
    assert letters(service)["L-08p applicant"] == 0
    assert not [one for one in letters(service) if one.startswith("A-20")]
