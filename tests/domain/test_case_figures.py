"""What a case adds to the figures: its decisions and their grounds, its reviews, its working days."""

from datetime import date, timedelta

import pytest

from domain import events as e
from domain.application import Incident
from domain.calendar import working_days
from domain.case import Stage
from domain.case_figures import Ground, ReviewHeld, ThresholdDecision, decisions, reviews
from domain.policy import Decision as Result
from domain.policy import Milestone
from tests.domain.history import ENGLAND
from tests.domain.service import Service
from tests.domain.stages import MET, REFUSED, all_answer, appeal, at, decision, held, remitted, to_panel


def refused_with(*extra: Incident) -> Service:
    """Two reports in time and these, refused."""
    service = all_answer(Service("dover", complaints=2))
    for one in extra:
        service.happened(e.IncidentAdded(incident=one))
    service.happened(REFUSED)
    return service


def incident(occurred: date, reported: date) -> Incident:
    return Incident(occurred=occurred, reported=reported, reported_to="police", what="Shouting in the yard.")


@pytest.mark.parametrize(
    ("occurred", "reported", "ground"),
    [
        (date(2025, 12, 1), date(2026, 3, 2), Ground.LATE),  # Mon, Mon: more than a month
        (date(2025, 9, 1), date(2025, 9, 2), Ground.OLD),  # Mon, Tue: more than six months before Thu 2 Apr 2026
        (date(2026, 4, 3), date(2026, 4, 3), Ground.AFTER),  # Fri
    ],
)
def test_the_ground_is_what_kept_reports_from_counting(occurred: date, reported: date, ground: Ground) -> None:
    (found,) = decisions(refused_with(incident(occurred, reported)).case)
    assert (found.met, found.ground) == (False, ground)


def test_where_every_report_counts_they_are_too_few_and_the_commonest_reason_is_named() -> None:
    assert decisions(refused_with().case)[0].ground is Ground.TOO_FEW
    late, old = (date(2025, 12, 1), date(2026, 3, 2)), (date(2025, 9, 1), date(2025, 9, 2))
    assert decisions(refused_with(incident(*late), incident(*old), incident(*late)).case)[0].ground is Ground.LATE


def test_the_ground_is_that_of_the_day_it_was_decided_and_not_of_what_was_added_since() -> None:
    service = refused_with()
    service.happened(e.IncidentAdded(incident=incident(date(2025, 9, 1), date(2025, 9, 2))))
    assert decisions(service.case)[0].ground is Ground.TOO_FEW


def test_a_decision_that_was_replaced_counts_as_what_it_became() -> None:
    service = at(Stage.NOT_MET)
    met = MET.model_copy(update={"discretion": "The harm is great."})
    service.wait(1).happened(met)
    assert decisions(service.case) == (ThresholdDecision(service.today, True),)


def test_a_threshold_that_an_appeal_sent_back_is_decided_again_and_counts_again() -> None:
    service = at(Stage.NOT_MET)
    service.must(appeal(service))
    service.must(decision(service.today, Result.REMITTED))
    all_answer(service).must(REFUSED)
    assert [one.met for one in decisions(service.case)] == [False, False]


def test_a_review_is_a_panel_that_met_and_each_round_has_its_own() -> None:
    assert reviews(at(Stage.PANEL).case) == ()
    service = remitted()
    first = reviews(service.case)
    assert [one.recommendations for one in first] == [2]
    to_panel(service)
    assert service.case.panel
    service.wait_until(service.case.panel.on)
    service.must(held(service.today))
    assert reviews(service.case) == (*first, ReviewHeld(service.today, 0))


def test_a_review_counts_on_its_corrected_day() -> None:
    service = at(Stage.PLAN)
    (before,) = reviews(service.case)
    day = before.on - timedelta(days=1)
    service.happened(e.DateCorrected(milestone=Milestone.PANEL_HELD, to=day, reason="Misread."))
    assert reviews(service.case) == (ReviewHeld(day, before.recommendations),)


@pytest.mark.parametrize(
    ("after", "until", "days"),
    [
        (date(2026, 4, 2), date(2026, 4, 2), 0),  # Thu
        (date(2026, 4, 2), date(2026, 4, 6), 0),  # Thu to Easter Monday
        (date(2026, 4, 2), date(2026, 4, 7), 1),  # Thu to Tue
        (date(2026, 4, 7), date(2026, 4, 10), 3),  # Tue to Fri
    ],
)
def test_working_days_leave_out_the_first_day_weekends_and_bank_holidays(after: date, until: date, days: int) -> None:
    assert working_days(ENGLAND, after, until) == days


def test_past_the_known_holidays_nothing_is_counted() -> None:
    assert working_days(ENGLAND, ENGLAND.horizon, ENGLAND.horizon + timedelta(days=3)) is None
