"""Seven more councils, each a TOML file and no line of code: their published figures, and a case lived under each."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import policies
from domain.application import Category
from domain.deadlines import look_ahead
from domain.policy import Policy, StepId
from domain.threshold import assess
from tests.domain.history import ENGLAND
from tests.domain.service import Service
from tests.domain.test_look_ahead import ended_on_last_days
from tests.domain.threshold import MADE, incident
from tests.domain.walks import finish

FILES = sorted((Path(__file__).parent / "councils").glob("*.toml"))
RECEIVED = date(2026, 9, 1)  # Tue
DATES = {
    "stockton-on-tees": {
        StepId.ACKNOWLEDGEMENT: date(2026, 9, 3),  # Thu: 2 working days
        StepId.VERIFICATION: date(2026, 9, 15),  # Tue: asked at once, 10
        StepId.THRESHOLD: date(2026, 9, 18),  # Fri: 3 after all information is in
        StepId.PANEL: date(2026, 9, 25),  # Fri: 5 after the decision
        StepId.RESPONSE: date(2026, 10, 6),  # Tue: 2 and 5 after the panel
        StepId.APPEAL_WINDOW: date(2026, 10, 21),  # Wed: 10 after Wed 7 Oct, a day of grace
    },
    "east-herts": {
        StepId.ACKNOWLEDGEMENT: date(2026, 9, 4),  # Fri: 3
        StepId.THRESHOLD: date(2026, 9, 21),  # Mon: 14
        StepId.PANEL: date(2026, 10, 12),  # Mon: 21 days on
        StepId.APPEAL_HEARING: date(2026, 12, 1),  # Tue: 15 from Tue 10 Nov
    },
    "birmingham": {
        StepId.ACKNOWLEDGEMENT: date(2026, 9, 15),  # Tue: 10
        StepId.PANEL: date(2026, 10, 6),  # Tue
        StepId.RESPONSE: date(2026, 10, 20),  # Tue: 10 after the panel
        StepId.APPEAL_WINDOW: date(2026, 11, 18),  # Wed: 20 after Wed 21 Oct
    },
    "greenwich": {
        StepId.ACKNOWLEDGEMENT: date(2026, 9, 8),  # Tue: 5
        StepId.THRESHOLD: date(2026, 9, 8),  # Tue: 5
        StepId.PANEL: date(2026, 9, 22),  # Tue: 15
    },
    "eden": {
        StepId.ACKNOWLEDGEMENT: date(2026, 9, 3),  # Thu: 2
        StepId.THRESHOLD: date(2026, 9, 15),  # Tue: 10
        StepId.PANEL: date(2026, 10, 6),  # Tue: 10 after Tue 22 Sep, when all was collated
        StepId.RESPONSE: date(2026, 10, 13),  # Tue: 5
        StepId.APPEAL_HEARING: date(2026, 11, 11),  # Wed: 10 from Wed 28 Oct
    },
    "chelmsford": {
        StepId.ACKNOWLEDGEMENT: date(2026, 9, 4),  # Fri: 3 days
        StepId.RESPONSE: date(2026, 10, 20),  # Tue: 10 after Tue 6 Oct
        StepId.APPEAL_WINDOW: date(2026, 11, 11),  # Wed: 21 days after Wed 21 Oct
    },
    "hyndburn": {
        StepId.VERIFICATION: date(2026, 9, 15),  # Tue: 10
        StepId.PANEL: date(2026, 10, 13),  # Tue: the meeting after Fri 2 Oct
        StepId.RESPONSE: date(2026, 10, 27),  # Tue: 10 after the panel
        StepId.APPEAL_DECISION: date(2026, 11, 25),  # Wed: 10 from Wed 11 Nov
    },
}
ONE_HATE = {"birmingham", "chelmsford"}


@pytest.fixture(params=FILES, ids=lambda file: file.stem)
def policy(request: pytest.FixtureRequest) -> Policy:
    return policies.load(request.param)


def test_there_are_seven_of_them_and_each_has_its_published_dates() -> None:
    assert {file.stem for file in FILES} == set(DATES)
    assert len(DATES) == 7


def test_the_figures_it_published_are_the_dates_that_it_promises(policy: Policy) -> None:
    ahead = {deadline.step: deadline.due for deadline in look_ahead(policy, ENGLAND, RECEIVED)}

    assert {step: ahead[step] for step in DATES[policy.id]} == DATES[policy.id]


def test_a_case_lives_what_was_planned_and_comes_to_its_end(policy: Policy) -> None:
    ahead = {deadline.key: deadline for deadline in look_ahead(policy, ENGLAND, RECEIVED)}
    lived = ended_on_last_days(policy, RECEIVED, ahead).deadlines

    for deadline in ahead.values():
        assert next(other for other in lived if other.step is deadline.step).promised == deadline.due, deadline.key
    assert finish(Service(policy)).stage.over


def test_one_report_of_hate_is_enough_only_where_the_council_says_so(policy: Policy) -> None:
    hate = incident("I1", date(2026, 4, 16), category=Category.HATE)  # Thu

    assert assess(policy, (hate,), MADE).met is (policy.id in ONE_HATE)
    assert not assess(policy, (incident("I1", date(2026, 4, 16)),), MADE).met  # Thu


def test_three_reports_are_enough_whatever_else_the_council_asks(policy: Policy) -> None:
    old = tuple(incident(f"I{n}", date(2026, 1, n)) for n in (5, 6, 7))  # Mon, Tue, Wed

    assert assess(policy, old, MADE).statutory
