"""A decision that is put off: on a published ground, for an agency's promised time, never where three reports count."""

from datetime import timedelta

import pytest

from domain import events as e
from domain.application import Incident
from domain.case import Stage
from domain.deadlines import State
from domain.rules import possible
from tests.domain.service import Service
from tests.domain.stages import MET, REFUSED, all_answer, working_days


def deciding(complaints: int = 2, policy: str = "kent-district") -> Service:
    service = all_answer(Service(policy, complaints=complaints))
    assert service.stage is Stage.THRESHOLD
    return service


def deferred(service: Service, days: int = 3, **changed: object) -> e.ThresholdDeferred:
    given = {
        "agency": "police", "until": working_days(service, days), "reason": "It said that it visits by then.",
        "ground": "still-open", "decided_by": "Jo Ward",
    }  # fmt: skip
    return e.ThresholdDeferred.model_validate(given | changed)


def test_three_reports_that_count_are_decided_and_never_put_off() -> None:
    service = deciding(3)
    assert "defer-threshold" not in possible(service.case)
    assert service.refusal(deferred(service)) == (
        "the reports meet the threshold, so a review must be held (s.104(4)); decide-threshold is possible now"
    )


def test_a_procedure_that_publishes_no_ground_puts_nothing_off() -> None:
    service = deciding(policy="dover")
    assert "defer-threshold" not in possible(service.case)
    assert "has no ground on which the decision could be put off" in (service.refusal(deferred(service)) or "")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            {"ground": "vexatious"},
            "vexatious is no published ground to put the decision off; give still-open",
        ),
        ({"agency": "nobody"}, "no body nobody is in the directory"),
        ({"reason": "tbc"}, "reason says nothing"),
    ],
)
def test_it_names_a_published_ground_an_agency_and_a_reason(changed: dict[str, object], sentence: str) -> None:
    service = deciding()
    assert sentence in (service.refusal(deferred(service, **changed)) or "")


def test_it_ends_on_a_day_to_come_and_not_after_the_day_of_the_decision() -> None:
    service = deciding()
    due = service.due("threshold").due
    assert "must end on a day to come" in (service.refusal(deferred(service, until=service.today)) or "")
    assert service.refusal(deferred(service, until=due)) is None
    late = service.refusal(deferred(service, until=due + timedelta(days=1))) or ""
    assert "extend “Threshold decision told to the applicant” first, so that the applicant is told why" in late


def test_no_clock_stops_and_no_told_date_moves() -> None:
    service = deciding()
    before = {d.key: d.due for d in service.deadlines}
    service.must(deferred(service))
    after = {d.key: d.due for d in service.deadlines}
    assert {key: after[key] for key in before} == before
    assert after["deferral:police"] == working_days(service, 3)


def test_it_is_looked_at_again_by_itself_when_the_time_is_over() -> None:
    service = deciding()
    service.must(deferred(service))
    until = service.due("deferral:police").due
    service.wait_until(until)
    assert service.case.deferral is not None
    service.wait_until(until + timedelta(days=1))
    assert service.case.deferral is None
    assert service.due("deferral:police").state is State.MET
    sent = [order.letter for order in service.orders.values()]
    assert {"L-04b", "L-07", "A-18"} <= set(sent)
    assert service.stage is Stage.THRESHOLD


def test_meanwhile_it_can_be_met_and_is_not_refused() -> None:
    service = deciding()
    service.must(deferred(service))
    assert "the decision is put off until" in (service.refusal(REFUSED) or "")
    assert "already" in (service.refusal(deferred(service, agency="council")) or "")
    service.must(MET.model_copy(update={"discretion": "The harm is great."}))
    assert service.case.deferral is None


def test_a_third_report_ends_it_at_once() -> None:
    service = deciding()
    service.must(deferred(service))
    today = service.today
    again = Incident(occurred=today, reported=today, reported_to="police", what="It happened again.")
    made_on = service.case.made_on
    counted = again.model_copy(update={"occurred": made_on, "reported": made_on})
    service.must(e.IncidentAdded(incident=counted))
    assert service.case.deferral is None
    assert "deferral.ended" in service.kinds


def test_the_applicant_may_insist_and_it_is_not_put_off_for_the_same_agency_again() -> None:
    service = deciding()
    assert "insist" not in possible(service.case)
    service.must(deferred(service))
    assert "insist" in possible(service.case)
    service.must(e.DecisionInsisted())
    assert service.case.deferral is None
    assert "the decision waited for Kent Police once" in (service.refusal(deferred(service)) or "")
    assert service.refusal(deferred(service, agency="landlord")) is None
    assert service.refusal(REFUSED) is None
