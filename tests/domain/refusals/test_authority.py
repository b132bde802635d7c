"""A representative's authority: asked for anew, and over with its last day."""

from datetime import date, timedelta

import pytest

from domain import events as e
from domain.application import Authority, Representative
from domain.case import Stage
from domain.messages import Party
from domain.representation import acting, applicants_side
from tests.domain.stages import at

ASKED = e.ConsentAsked(why="The appeal.")


def until(service_day: date, days: int = 10) -> e.RepresentativeChanged:
    last = service_day + timedelta(days=days)
    return e.RepresentativeChanged(representative="P2", victim_consents=True, until=last)


def test_fresh_consent_is_asked_of_whoever_acts_once_and_answered_by_the_victim() -> None:
    service = at(Stage.GATHERING)
    assert "ask-consent is not possible" in (service.refusal(ASKED) or "")
    service.must(e.RepresentativeChanged(representative="P2", victim_consents=True))
    service.must(ASKED)
    order = next(order for order in reversed(list(service.orders.values())) if order.letter == "R-01")
    assert order.to.party is Party.REPRESENTATIVE
    assert applicants_side(service.case).party is Party.REPRESENTATIVE
    assert "asked for already" in (service.refusal(ASKED) or "")
    service.must(e.DetailsReceived(victim_consents=True))
    assert service.case.consent_asked is None


def test_an_authority_ends_with_its_last_day_and_not_before() -> None:
    service = at(Stage.GATHERING)
    change = until(service.today)
    service.must(change)
    assert change.until is not None
    service.wait_until(change.until)
    assert acting(service.case.events) == "P2"
    service.wait_until(change.until + timedelta(days=1))
    assert acting(service.case.events) == ""
    assert applicants_side(service.case).party is Party.APPLICANT
    (lapsed,) = (event for event in service.case.events if event.kind == "representative.lapsed")
    assert lapsed.by == e.CLOCK
    told = [
        (order.letter, order.to.id or order.to.party.value)
        for order in service.orders.values()
        if order.event == lapsed.id
    ]
    assert told == [("R-03", "P2"), ("R-03", "applicant")]


def test_an_authority_that_is_renewed_in_time_does_not_lapse() -> None:
    service = at(Stage.GATHERING)
    first = until(service.today)
    service.must(first)
    service.must(until(service.today, 60))
    assert first.until is not None
    service.wait_until(first.until + timedelta(days=3))
    assert acting(service.case.events) == "P2"


def test_a_day_that_has_passed_is_no_end_of_an_authority() -> None:
    service = at(Stage.GATHERING)
    assert "their authority would have ended on" in (service.refusal(until(service.today, -1)) or "")
    assert service.refusal(until(service.today, 0)) is None


@pytest.mark.parametrize(
    ("authority", "consents", "may"),
    [
        (Authority.CONSENT, False, False),
        (Authority.CONSENT, True, True),
        (Authority.PARENT, False, True),
        (Authority.COURT, False, True),
        (Authority.BEST_INTERESTS, False, True),
    ],
)
def test_who_acts_for_a_child_or_for_somebody_who_cannot_decide_needs_no_consent(
    authority: Authority, consents: bool, may: bool
) -> None:
    given = {"name": "Jo Example", "relation": "mother", "authority": authority, "victim_consents": consents}
    assert Representative.model_validate(given).may_act is may
