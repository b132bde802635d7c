"""Dates that letters gave out, and everything that may or may not move them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from domain import events as e
from domain.deadlines import Deadline
from domain.policy import Decision, Milestone
from tests.domain.history import ENGLAND, History

KENT = "kent-district"
Step = Callable[[History], History]


def applied(day: str = "2026-09-01") -> History:  # Tue: the response is due on Tue 6 October
    return History(KENT).applied(day)


def told(day: str = "2026-09-01") -> History:
    return applied(day).acknowledged(telling=["response"])


def paused(history: History) -> History:
    """Five working days: Mon 7 to Fri 11 September."""
    return history.on("2026-09-07").held("2026-09-14")


def resumed_on_wednesday(history: History) -> History:
    """The pause above took two working days after all."""
    return history.on("2026-09-09").resumed()


def extended(history: History) -> History:
    return history.extended("response", 5)


def received(day: str) -> Step:
    return lambda history: history.corrected(Milestone.RECEIVED, day)


MOVES: list[tuple[str, tuple[Step, ...], date, date]] = [
    # name, what happens, due when nobody was told, due when the first letter gave Tue 6 October
    ("nothing happens", (), date(2026, 10, 6), date(2026, 10, 6)),  # Tue
    ("pause", (paused,), date(2026, 10, 13), date(2026, 10, 13)),  # Tue
    ("extend", (extended,), date(2026, 10, 13), date(2026, 10, 13)),  # Tue
    ("pause then extend", (paused, extended), date(2026, 10, 20), date(2026, 10, 20)),  # Tue
    ("extend then pause", (extended, paused), date(2026, 10, 20), date(2026, 10, 20)),  # Tue
    ("pause and end it early", (paused, resumed_on_wednesday), date(2026, 10, 8), date(2026, 10, 8)),  # Thu
    (
        "pause, extend and end the pause early",
        (paused, extended, resumed_on_wednesday),
        date(2026, 10, 15),
        date(2026, 10, 15),
    ),  # Thu
    ("received later", (received("2026-09-03"),), date(2026, 10, 8), date(2026, 10, 6)),  # Thu, or as told
    ("received earlier", (received("2026-08-28"),), date(2026, 10, 5), date(2026, 10, 5)),  # Mon
    (
        "pause, extend, received later",
        (paused, extended, received("2026-09-03")),
        date(2026, 10, 22),
        date(2026, 10, 20),
    ),  # Thu, or the told date with five days and the pause
    (
        "pause, extend, received earlier",
        (paused, extended, received("2026-08-28")),
        date(2026, 10, 19),
        date(2026, 10, 19),
    ),  # Mon
    (
        "received later, then pause",
        (received("2026-09-03"), paused),
        date(2026, 10, 15),
        date(2026, 10, 13),
    ),  # Thu, or Tue
    (
        "received later and put back again",
        (received("2026-09-03"), received("2026-09-01")),
        date(2026, 10, 6),
        date(2026, 10, 6),
    ),  # Tue
    (
        "a bank holiday is declared",
        (lambda history: history.holiday_declared("2026-09-14"),),
        date(2026, 10, 7),
        date(2026, 10, 6),
    ),  # Wed, or as told
    (
        "a bank holiday is declared, then extend",
        (lambda history: history.holiday_declared("2026-09-14"), extended),
        date(2026, 10, 14),
        date(2026, 10, 13),
    ),  # Wed, or five days on from what was told
]


@pytest.mark.parametrize(("name", "steps", "untold", "as_told"), MOVES, ids=[move[0] for move in MOVES])
def test_a_date_moves_as_the_law_of_moves_has_it(
    name: str, steps: tuple[Step, ...], untold: date, as_told: date
) -> None:
    for history, due in ((applied().acknowledged(), untold), (told(), as_told)):
        for step in steps:
            step(history)
        assert history.due("response") == due, name


def test_a_pause_over_christmas_takes_only_the_days_that_would_have_counted() -> None:
    history = told("2026-12-07").on("2026-12-21").held("2027-01-04")  # Mon, Mon, Mon
    assert history.due("response") == date(2027, 1, 25)  # Mon: seven working days after Thu 14
    assert history.on("2026-12-24").resumed().due("response") == date(2027, 1, 19)  # Thu, Tue: three days
    assert history.extended("response", 1).due("response") == date(2027, 1, 20)  # Wed


def test_a_pause_that_covers_the_due_day_puts_it_after_the_pause() -> None:
    history = told().on("2026-10-06").held("2026-10-08")  # Tue, Thu
    assert history.due("response") == date(2026, 10, 8)  # Thu


def test_a_pause_after_a_date_has_passed_does_not_bring_it_back() -> None:
    history = told().on("2026-10-12").held("2026-10-30")  # Mon, Fri
    assert history.due("response") == date(2026, 10, 6)  # Tue


@pytest.mark.parametrize("to", ["2026-08-28", "2026-09-03"])  # Fri, Thu
def test_invariant_8_the_first_promised_date_is_kept_beside_the_current_one(to: str) -> None:
    history = applied().acknowledged().on("2026-09-04").corrected(Milestone.RECEIVED, to)  # Fri
    history.holiday_declared("2026-09-14").held("2026-09-09").extended("response", 5)  # Mon, Wed
    response = history.deadline("response")
    assert response.promised == date(2026, 10, 6)  # Tue
    assert response.due != response.promised


def test_invariant_8_no_event_of_a_whole_life_changes_a_promised_date() -> None:
    history = told().passed_on().on("2026-09-07").threshold_met(telling=["panel"])  # Mon
    history.asked_for_information().on("2026-09-10").answered("information:police").held("2026-09-17")  # Thu, Thu
    history.on("2026-09-21").proceeded_without().panel_arranged("2026-09-28").papers_sent()  # Mon, Mon
    history.extended("response", 5, telling=["response"]).on("2026-09-28").panel_held("police", "council")
    history.recommendation_answered("R1").held("2026-10-01").plan_put().plan_commented().outcome_sent()  # Thu
    history.on("2026-10-05").corrected(Milestone.PANEL_HELD, "2026-09-25").recommendation_answered("R2")  # Mon, Fri
    history.on("2026-10-07").appeal_lodged().holiday_declared("2026-10-19").appeal_heard()  # Wed, Mon
    history.on("2026-10-14").appeal_decided(Decision.REMITTED).information_gathered()  # Wed
    known: dict[str, date] = {}
    for place in range(1, len(history) + 1):
        shorter = history.copy()
        shorter.events = history.events[:place]
        for deadline in shorter.deadlines:
            assert known.setdefault(deadline.key, deadline.promised) == deadline.promised, deadline.key
    assert {"response", "response#2", "action:R1", "action:R2", "appeal_decision"} <= set(known)


def test_a_date_is_promised_when_it_first_can_be_worked_out_and_not_when_the_next_milestone_comes() -> None:
    history = applied().passed_on().threshold_met().reviewed().recommendation_answered("R1")
    first = history.due("action:R1")
    assert first == date(2026, 12, 1)  # Tue
    history.on("2026-09-07").held("2026-09-14").extended("action:R1", 5)  # Mon, Mon
    assert history.deadline("action:R1").promised == first


@pytest.mark.parametrize("state", [e.LetterState.WAITING, e.LetterState.REFUSED, e.LetterState.UNCERTAIN])
def test_only_a_letter_that_was_accepted_tells(state: e.LetterState) -> None:
    history = applied().acknowledged(telling=["response"], but=state)
    later = history.copy().corrected(Milestone.RECEIVED, "2026-09-03")  # Thu
    assert later.due("response") == date(2026, 10, 8)  # Thu
    arrived = (
        history.settled("L-01", arrived=True) if state is not e.LetterState.WAITING else history.tried_again("L-01")
    )
    assert arrived.corrected(Milestone.RECEIVED, "2026-09-03").due("response") == date(2026, 10, 6)  # Thu, Tue


def test_a_letter_that_never_arrived_tells_nothing() -> None:
    history = applied().acknowledged(telling=["response"], but=e.LetterState.REFUSED).settled("L-01", arrived=False)
    assert history.corrected(Milestone.RECEIVED, "2026-09-03").due("response") == date(2026, 10, 8)  # Thu, Thu


def test_a_letter_known_to_have_arrived_only_later_tells_its_date_with_what_moved_it_since() -> None:
    history = applied().acknowledged(telling=["response"], but=e.LetterState.UNCERTAIN)
    paused(history).on("2026-09-15").extended("response", 5).settled("L-01", arrived=True)  # Tue
    assert history.due("response") == date(2026, 10, 20)  # Tue
    assert history.corrected(Milestone.RECEIVED, "2026-09-03").due("response") == date(2026, 10, 20)  # Thu, Tue


def test_an_older_letter_that_turns_up_does_not_loosen_a_newer_one() -> None:
    history = applied().acknowledged(telling=["response"], but=e.LetterState.UNCERTAIN)  # Tue 6 October
    history.on("2026-09-02").corrected(Milestone.RECEIVED, "2026-08-28").letter("L-22", telling=["response"])  # Mon 5
    history.settled("L-01", arrived=True).corrected(Milestone.RECEIVED, "2026-09-01")  # Tue
    assert history.due("response") == date(2026, 10, 5)  # Mon


def test_a_date_told_earlier_still_binds_after_a_later_one_was_told() -> None:
    history = told().on("2026-09-02").corrected(Milestone.RECEIVED, "2026-08-28")  # Wed, Fri
    history.letter("L-22", telling=["response"])
    assert history.due("response") == date(2026, 10, 5)  # Mon
    assert history.corrected(Milestone.RECEIVED, "2026-09-01").due("response") == date(2026, 10, 5)  # Tue, Mon


def test_an_extended_date_once_told_binds_in_its_turn() -> None:
    history = told().extended("response", 5, telling=["response"])
    assert history.due("response") == date(2026, 10, 13)  # Tue
    assert history.holiday_declared("2026-10-12").due("response") == date(2026, 10, 13)  # Mon, Tue


def test_a_declared_holiday_moves_what_nobody_was_told_and_says_why_the_rest_stands() -> None:
    history = told().holiday_declared("2026-09-14")  # Mon
    assert history.due("threshold") == date(2026, 9, 16)  # Wed, from Tue 15
    working = history.deadline("response").working
    assert ("2026-09-14", False, "skipped: a day of mourning") in [
        (d.date.isoformat(), d.counted, d.why) for d in working
    ]
    assert (working[-1].date, working[-1].why) == (
        date(2026, 10, 6),
        "kept: a letter gave this day, and it stands",
    )  # Tue


def test_a_holiday_declared_does_not_take_back_an_earlier_calendar() -> None:
    history = told().holiday_declared("2026-09-14").holiday_declared("2026-09-15", "another")  # Mon, Tue
    assert history.due("threshold") == date(2026, 9, 17)  # Thu
    assert history.due("response") == date(2026, 10, 6)  # Tue


def outcome(telling: dict[str, str]) -> History:
    history = applied().acknowledged().passed_on().threshold_met().on("2026-09-14").reviewed()  # Mon
    return history.outcome_sent(telling=telling)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-09-14", date(2026, 9, 29)),  # Mon: earlier than deemed, yet the letter gave Tue
        ("2026-09-18", date(2026, 10, 2)),  # Fri: later than deemed, to Fri
    ],
)
def test_the_applicants_time_is_never_shorter_than_a_letter_gave(received: str, due: date) -> None:
    history = outcome({"appeal_window": "2026-09-29"})  # Tue
    assert history.on("2026-09-21").letter_received("outcome", received).due("appeal_window") == due  # Mon


def test_a_holiday_declared_gives_the_applicant_the_day_and_the_council_none() -> None:
    history = outcome({"appeal_window": "2026-09-29"}).holiday_declared("2026-09-22")  # Tue, Tue
    assert history.due("appeal_window") == date(2026, 9, 30)  # Wed


def test_a_clock_started_again_is_a_new_promise() -> None:
    history = History(KENT).applied("2026-09-01", consent=False).acknowledged().details_requested()  # Tue
    history.letter("L-02", telling=["completion"]).on("2026-09-07").details_supplied()  # Mon
    history.on("2026-09-21").details_requested("your address")  # Mon
    assert history.due("completion") == date(2026, 10, 5)  # Mon


def test_a_panel_told_on_one_clock_is_held_to_it_when_another_decides() -> None:
    history = told().passed_on().threshold_met(telling=["panel"])  # Thu 1 October
    history.on("2026-09-18").information_gathered()  # Fri: ten working days on is Fri 2 October
    assert history.corrected(Milestone.RECEIVED, "2026-09-10").due("panel") == date(2026, 10, 1)  # Thu, Thu


def test_planning_twice_gives_the_same_and_changes_nothing() -> None:
    history = paused(told()).extended("response", 5)
    before = [event.model_dump_json() for event in history.events]
    first: tuple[Deadline, ...] = history.deadlines
    assert history.deadlines == first
    assert [event.model_dump_json() for event in history.events] == before
    assert history.calendar == ENGLAND
