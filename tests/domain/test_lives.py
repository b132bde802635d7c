"""What holds in any life a case may have, at every council."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from domain import events as e
from domain.deadlines import due_if_extended, folded, promise
from domain.fold import apply, fold
from domain.rules import refusal
from tests.domain.history import ENGLAND
from tests.domain.lives import Turn, Watched, councils, dues, turns
from tests.domain.service import Service
from tests.domain.walks import finish

some = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@some
@given(councils, turns)
def test_whatever_people_do_no_promise_lapses_in_silence_and_no_told_date_slips(council: str, life: list[Turn]) -> None:
    Watched(council).live(life).wait(40)


@some
@given(councils, turns, st.integers(1, 30))
@example("dover", [(0, 1, 0), (0, 0, 8), (0, 0, 20), (8, 1, 0)], 11)
def test_a_pause_the_victim_asks_for_never_makes_a_date_earlier(council: str, life: list[Turn], days: int) -> None:
    case = Watched(council).live(life)
    if case.stage.over or case.case.on_hold(case.today):
        return
    before = dues(case.deadlines)
    until: date = case.today + timedelta(days=days)
    case.happened(e.HoldStarted(until=until, reason="In hospital.", at_victims_request=True))
    after = {d.key: d.due for d in case.deadlines}
    assert all(after[key] >= due for key, due in before.items())


_NOTHING, _ACTS, _MORE = (0, 0, 0), (3, 0, 0), (8, 0, 0)
_TO_A_WEEKEND = [
    *(_ACTS, (0, 42, 0), _NOTHING, _ACTS, *[_NOTHING] * 5, (0, 71, 0), _ACTS, _MORE),
    *(_ACTS, _ACTS, _NOTHING, *[_MORE] * 3, _NOTHING, (1, 0, 0), _NOTHING, (8, 44, 0)),
]


@some
@given(councils, turns, st.integers(1, 20))
@example("dover", _TO_A_WEEKEND, 1)
def test_more_time_for_the_council_never_brings_a_date_nearer_and_is_worth_a_letter_or_refused(
    council: str, life: list[Turn], days: int
) -> None:
    case = Watched(council).live(life)
    for key, due in dues(case.deadlines).items():
        extended = due_if_extended(case.case, key, days)
        assert extended >= due
        more = e.Extended(step=key, working_days=days, reason="A body asked for more time.", approved_by="M. Khan")
        refused = refusal(case.case, more, e.Actor(role=e.Role.OFFICER, name="M. Khan"), case.deadlines, case.today)
        assert extended > due or refused


@pytest.mark.parametrize("council", ["dover", "kent-district"])
def test_a_case_read_again_has_the_first_dates_it_had_at_every_event(council: str) -> None:
    life = finish(Service(council))
    events, promised = life.case.events, dict[str, date]()
    case = fold(life.policy, ENGLAND, ())
    for number, event in enumerate(events, start=1):
        apply(case, event)
        promise(case, promised)
        assert folded(life.policy, ENGLAND, events[:number])[1] == promised, event.id
    assert len(promised) > 10
