"""What a review would come to if each of its steps ended on its last day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

import policies
from domain.calendar import BeyondHorizon
from domain.deadlines import Deadline, look_ahead
from domain.policy import Decision, Policy, StepId, Subject
from tests.domain.history import ENGLAND, History, council

KENT = "kent-district"


def ended_on_last_days(policy: Policy, received: date, ahead: dict[str, Deadline]) -> History:
    """A real history in which each step ends on the day that looking ahead gave for it."""

    def on(step: str) -> str:
        return (ahead[step].target or ahead[step].due).isoformat()

    history = History(policy).applied(received.isoformat()).acknowledged().passed_on()
    verified = "verification" in ahead
    if verified:
        history.asked()
    acts: list[tuple[str, Callable[[], object]]] = [
        *([(on("verification"), history.answered)] if verified else []),
        (on("threshold"), lambda: history.threshold_met().asked_for_information()),
        (on("information"), lambda: history.answered().panel_arranged(on("panel"))),
        (on("papers"), history.papers_sent),
        (on("panel"), lambda: history.panel_held("police").plan_put()),
        (on("plan"), history.plan_commented),
        (on("response"), history.outcome_sent),
        (on("recommendation"), lambda: history.recommendation_answered("R1")),
        (on("action"), lambda: history.action_done("R1")),
        (on("follow_up"), lambda: history.follow_up_held().closure_notified()),
        (on("appeal_window"), lambda: history.appeal_lodged(first_subject(policy))),
        (on("appeal_bundle"), history.bundle_sent),
        *([(on("appeal_hearing"), history.appeal_heard)] if "appeal_hearing" in ahead else []),
        (on("appeal_decision"), lambda: history.appeal_decided(Decision.DISMISSED)),
    ]
    for minute, (day, act) in enumerate(sorted(acts, key=lambda pair: pair[0])):
        history.on(max(day, history.today.isoformat()), at=f"09:{minute:02}")
        act()
    return history


def first_subject(policy: Policy) -> Subject:
    return next(s for route in policy.appeals for s in route.subjects if s is not Subject.THRESHOLD)


@pytest.mark.parametrize("id", policies.ids())
@pytest.mark.parametrize("received", [date(2026, 9, 1), date(2026, 12, 7), date(2027, 3, 20)])  # Tue, Mon, Sat
def test_looking_ahead_gives_the_dates_a_case_has_whose_steps_end_on_their_last_day(id: str, received: date) -> None:
    policy = council(id)
    ahead = {d.key: d for d in look_ahead(policy, ENGLAND, received)}
    found = {d.step: d for d in ended_on_last_days(policy, received, ahead).deadlines}
    expected = {d.step: d.due for d in ahead.values() if d.step is not StepId.CLOSURE}
    assert {step: found[step].due for step in expected} == expected


@pytest.mark.parametrize("id", policies.ids())
def test_looking_ahead_has_every_step_of_the_policy_and_of_its_first_appeal(id: str) -> None:
    policy = council(id)
    ahead = {d.step for d in look_ahead(policy, ENGLAND, date(2026, 9, 1))}  # Tue
    appeal = {StepId.APPEAL_WINDOW, StepId.APPEAL_BUNDLE, StepId.APPEAL_HEARING, StepId.APPEAL_DECISION}
    assert ahead == {step.id for step in policy.steps} - {StepId.COMPLETION} | appeal


@pytest.mark.parametrize("id", policies.ids())
def test_looking_ahead_from_a_later_day_never_gives_an_earlier_date(id: str) -> None:
    policy = council(id)
    before: dict[str, date] = {}
    for days in range(0, 120, 3):
        found = {d.key: d.due for d in look_ahead(policy, ENGLAND, date(2026, 11, 2) + timedelta(days=days))}
        assert all(found[key] >= due for key, due in before.items())
        before = found


def test_looking_ahead_does_not_depend_on_the_order_of_the_steps() -> None:
    kent = council(KENT)
    backwards = kent.model_copy(update={"steps": tuple(reversed(kent.steps))})
    received = date(2026, 9, 1)  # Tue
    assert look_ahead(backwards, ENGLAND, received) == look_ahead(kent, ENGLAND, received)


def test_looking_ahead_with_an_extension_moves_that_step_and_what_follows_it() -> None:
    kent, received = council(KENT), date(2026, 9, 1)  # Tue
    plain = {d.key: d.due for d in look_ahead(kent, ENGLAND, received)}
    moved = {d.key: d.due for d in look_ahead(kent, ENGLAND, received, extend={"panel": 5})}
    assert moved["panel"] == date(2026, 10, 8)  # Thu, from Thu 1 October
    assert {key for key in plain if moved[key] != plain[key]} >= {"panel", "papers", "plan", "follow_up"}
    assert moved["response"] == plain["response"]


def test_looking_ahead_past_the_known_holidays_is_refused() -> None:
    short = ENGLAND.model_copy(update={"horizon": date(2026, 12, 31)})  # Thu
    with pytest.raises(BeyondHorizon, match="take a newer snapshot"):
        look_ahead(council(KENT), short, date(2026, 9, 1))  # Tue
