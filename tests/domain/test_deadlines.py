"""Every date of a case against a table of real dates, with its working and its state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest

from domain import events as e
from domain.calendar import LONDON, BeyondHorizon, Calendar, Unit
from domain.deadlines import State, due_if_extended, next_due, plan
from domain.policy import Clock, Combine, Milestone, Owner, Policy, Source, Step, StepId
from tests.domain.history import CHRISTMAS_CLOSURE, ENGLAND, History, council

KENT = "kent-district"


def applied(policy: str = KENT, day: str = "2026-09-01", calendar: Calendar = ENGLAND) -> History:  # Tue
    return History(policy, calendar).applied(day)


def met(policy: str = KENT) -> History:
    return applied(policy).acknowledged().passed_on().on("2026-09-07").threshold_met()  # Mon


def reviewed(policy: str = KENT) -> History:
    return met(policy).on("2026-09-14").reviewed()  # Mon


def outcome(policy: str = KENT, at: str = "10:00") -> History:
    return reviewed(policy).outcome_sent(at=at if at != "10:00" else "")


def with_steps(policy: Policy, *steps: Step) -> Policy:
    """A policy in which these steps stand instead of its own of the same name."""
    known = {step.id: step for step in (*policy.steps, *steps)}
    return policy.model_copy(update={"steps": tuple(known.values())})


def test_a_response_is_due_25_working_days_from_monday_7_december_2026_over_christmas() -> None:
    assert applied(day="2026-12-07").due("response") == date(2027, 1, 14)  # Thu


def test_a_published_closure_of_29_to_31_december_moves_the_response_three_working_days_on() -> None:
    closed = ENGLAND.with_closures(*CHRISTMAS_CLOSURE)
    history = applied(day="2026-12-07", calendar=closed)  # Mon
    response = history.deadline("response")
    assert response.due == date(2027, 1, 19)  # Tue
    skipped = [day.date for day in response.working if "Christmas closure" in day.why]
    assert skipped == [day.date for day in CHRISTMAS_CLOSURE]


@pytest.mark.parametrize(
    ("policy", "received", "key", "due"),
    [
        ("south-derbyshire", "2026-04-02", "acknowledgement", date(2026, 4, 13)),  # Thu over Easter to Mon
        (KENT, "2026-09-01", "response", date(2026, 10, 6)),  # Tue to Tue
        (KENT, "2026-12-07", "panel", date(2027, 1, 11)),  # Mon, 22 working days on to Mon
        (KENT, "2026-09-05", "threshold", date(2026, 9, 18)),  # Sat is day 0, to Fri
        ("dover", "2026-09-01", "response", date(2026, 10, 6)),  # Tue to Tue
    ],
)
def test_a_promise_counts_from_the_day_the_application_was_received(
    policy: str, received: str, key: str, due: date
) -> None:
    assert applied(policy, received).due(key) == due


def test_a_working_shows_day_0_each_day_counted_and_why_others_were_not() -> None:
    acknowledgement = applied("south-derbyshire", "2026-04-02").deadline("acknowledgement")  # Thu
    shown = [(day.date.isoformat(), day.counted, day.why) for day in acknowledgement.working]
    assert shown[0] == ("2026-04-02", False, "day 0: application received")
    assert ("2026-04-03", False, "skipped: Good Friday") in shown
    assert ("2026-04-06", False, "skipped: Easter Monday") in shown
    assert shown[-1] == ("2026-04-13", True, "working day 5")
    assert acknowledgement.limit == "5 working days after application received"
    assert acknowledgement.source.promise == ("SDB-13",)
    assert acknowledgement.anchored_by == "001-application.made"


def test_the_panel_meets_by_the_earlier_of_its_two_clocks() -> None:
    history = met()
    assert (history.due("panel"), history.deadline("panel").anchor) == (date(2026, 10, 1), Milestone.RECEIVED)  # Thu
    history.on("2026-09-08").information_gathered()  # Tue
    panel = history.deadline("panel")
    assert (panel.due, panel.anchor) == (date(2026, 9, 22), Milestone.COLLATED)  # Tue, 10 working days on
    late = met().on("2026-09-28").information_gathered()  # Mon: ten working days would be Mon 12 October
    assert late.due("panel") == date(2026, 10, 1)  # Thu


def test_information_collated_on_the_day_of_receipt_puts_the_panel_ten_working_days_on() -> None:
    history = applied().acknowledged().passed_on().threshold_met().information_gathered()
    assert history.due("panel") == date(2026, 9, 15)  # Tue


def test_the_later_of_two_clocks_waits_until_both_have_started() -> None:
    clock = {"limit": 5, "source": Source(choice="a test")}
    clocks = tuple(Clock.model_validate({**clock, "anchor": a}) for a in ("received", "acknowledged"))
    step = Step(
        id=StepId.THRESHOLD,
        title="Decide",
        owner=Owner.OFFICER,
        done_by=Milestone.THRESHOLD_TOLD,
        clocks=clocks,
        combine=Combine.LATEST,
    )
    history = History(with_steps(council(KENT), step)).applied("2026-09-01")  # Tue
    assert "threshold" not in history.by_key
    history.on("2026-09-03").acknowledged()  # Thu
    assert history.due("threshold") == date(2026, 9, 10)  # Thu


@pytest.mark.parametrize(
    ("meets", "papers"),
    [
        ("2026-09-15", date(2026, 9, 11)),  # Tue back to Fri
        ("2026-09-14", date(2026, 9, 10)),  # Mon back to Thu
        ("2026-09-18", date(2026, 9, 16)),  # Fri back to Wed
    ],
)
def test_papers_are_due_two_working_days_before_the_panel(meets: str, papers: date) -> None:
    history = met().information_gathered().panel_arranged(meets)
    assert history.due("papers") == papers


def test_papers_before_a_panel_after_easter_are_counted_back_over_the_bank_holidays() -> None:
    history = applied(day="2026-03-23").passed_on().threshold_met().information_gathered()  # Mon
    assert history.panel_arranged("2026-04-07").due("papers") == date(2026, 4, 1)  # Tue back to Wed


def test_the_papers_date_moves_with_the_panel_although_a_letter_gave_it() -> None:
    history = met().information_gathered().panel_arranged("2026-09-15").letter("A-06", telling=["papers"])  # Tue
    assert history.panel_arranged("2026-09-21", reason="A larger room.").due("papers") == date(2026, 9, 17)  # Mon, Thu
    assert history.adjourned("2026-09-23").due("papers") == date(2026, 9, 21)  # Wed, Mon


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("10:00", date(2026, 9, 29)),  # deemed received Tue 15, ten working days on to Tue
        ("17:00", date(2026, 9, 30)),  # deemed received Wed 16, to Wed
    ],
)
def test_the_appeal_window_runs_from_deemed_receipt(at: str, due: date) -> None:
    assert outcome(at=at).due("appeal_window") == due


@pytest.mark.parametrize(
    ("received", "due"),
    [("2026-09-14", date(2026, 9, 28)), ("2026-09-18", date(2026, 10, 2))],  # Mon to Mon, Fri to Fri
)
def test_the_appeal_window_runs_from_the_day_the_letter_was_really_received(received: str, due: date) -> None:
    assert outcome().on("2026-09-21").letter_received("outcome", received).due("appeal_window") == due  # Mon


def test_a_refusal_opens_its_own_appeal_window_and_stops_what_only_a_review_needs() -> None:
    history = applied().passed_on().on("2026-09-07").threshold_refused()  # Mon
    deadlines = history.by_key
    assert deadlines["appeal_window"].due == date(2026, 9, 22)  # Tue: deemed received Tue 8
    assert deadlines["appeal_window"].limit == "10 working days after threshold decision received"
    assert deadlines["panel"].state is State.STOPPED
    assert deadlines["response"].state is State.MET
    assert deadlines["response"].ended_on == date(2026, 9, 7)  # Mon
    assert {d.key for d in history.deadlines if d.running} == {"appeal_window", "acknowledgement"}


def test_a_refusal_that_was_not_told_leaves_the_response_running() -> None:
    history = applied().passed_on().on("2026-09-07").threshold_refused(told=False)  # Mon
    assert history.deadline("response").running
    assert history.deadline("threshold").running
    assert not history.deadline("panel").running


@pytest.mark.parametrize(
    ("held", "opens", "target", "latest"),
    [
        ("2027-01-14", date(2027, 4, 14), date(2027, 5, 14), date(2027, 7, 14)),  # Thu: Wed, Fri, Wed
        ("2026-11-27", date(2027, 3, 1), date(2027, 3, 30), date(2027, 5, 27)),  # Fri: Sat rolls to Mon, Easter to Tue
        ("2026-11-30", date(2027, 3, 1), date(2027, 3, 30), date(2027, 6, 1)),  # Mon: Sun and a bank holiday to Tue
    ],
)
def test_the_follow_up_opens_after_three_months_and_is_due_within_six(
    held: str, opens: date, target: date, latest: date
) -> None:
    history = met().on(held).reviewed()
    follow_up = history.deadline("follow_up")
    assert (follow_up.opens, follow_up.target, follow_up.due) == (opens, target, latest)


def test_an_extension_of_months_is_counted_from_the_date_before_it_was_rolled() -> None:
    history = met().on("2026-11-30").reviewed()  # Mon: six months end on Sun 30 May, rolled to Tue 1 June 2027
    history.extended("follow_up", 5)
    follow_up = history.deadline("follow_up")
    assert follow_up.due == date(2027, 6, 7)  # Mon, five working days after the Sunday
    assert (follow_up.promised, follow_up.extended) == (date(2027, 6, 1), 5)  # Tue
    assert [day.date for day in follow_up.working] == sorted({day.date for day in follow_up.working})
    assert follow_up.working[-1].why == "extended: working day 5"


def test_an_extension_of_months_does_not_count_days_on_hold() -> None:
    history = met().on("2026-11-30").reviewed()  # Mon
    history.on("2027-05-24").extended("follow_up", 5).held("2027-06-14")  # Mon, Mon
    follow_up = history.deadline("follow_up")
    assert follow_up.due == date(2027, 6, 25)  # Fri: Sun 30 May is now Sun 20 June, and five working days on


def test_days_on_hold_inside_an_extension_of_months_are_not_counted_either() -> None:
    history = met().on("2026-11-30").reviewed().extended("follow_up", 5)  # Mon
    assert history.due("follow_up") == date(2027, 6, 7)  # Mon
    assert history.on("2027-06-02").held("2027-06-04").due("follow_up") == date(2027, 6, 9)  # Wed, Fri, Wed


def test_an_action_named_for_a_day_is_due_that_day_and_extended_from_it() -> None:
    history = reviewed().recommendation_answered("R1", due="2026-10-16")  # Fri
    assert history.due("action:R1") == date(2026, 10, 16)  # Fri
    assert history.extended("action:R1", 3).due("action:R1") == date(2026, 10, 21)  # Wed
    assert history.deadline("action:R1").promised == date(2026, 10, 16)  # Fri


def test_a_panel_that_meets_on_set_days_is_extended_to_the_next_of_them() -> None:
    source = Source(choice="a test")
    clock = Clock(limit=10, unit=Unit.MEETING, anchor=Milestone.RECEIVED, source=source)
    step = Step(
        id=StepId.PANEL, title="Panel", owner=Owner.CHAIR, done_by=Milestone.PANEL_HELD, clocks=(clock,), public=True
    )
    kent = council(KENT)
    meetings = (date(2026, 9, 16), date(2026, 9, 30), date(2026, 10, 14))  # Wed, Wed, Wed
    rules = kent.calendar.model_copy(update={"meetings": meetings})
    policy = with_steps(kent, step).model_copy(update={"calendar": rules})
    history = History(policy).applied("2026-09-01")  # Tue: ten working days on is Tue 15
    assert history.due("panel") == date(2026, 9, 16)  # Wed
    history.acknowledged(telling=["panel"])
    assert history.copy().extended("panel", 3).due("panel") == date(2026, 9, 30)  # Wed
    assert history.copy().held("2026-09-08").due("panel") == date(2026, 9, 30)  # Tue, Wed
    assert history.extended("panel", 30).due("panel") == date(2026, 10, 27)  # Tue: 40 working days, no meeting later


def test_a_date_past_the_known_holidays_is_never_guessed() -> None:
    short = ENGLAND.model_copy(update={"horizon": date(2026, 12, 31)})  # Thu
    with pytest.raises(BeyondHorizon, match="take a newer snapshot"):
        _ = applied(day="2026-12-07", calendar=short).deadlines  # Mon


@pytest.mark.parametrize(
    ("ended", "state", "breached"),
    [
        (lambda h: h.on("2026-10-06").outcome_sent(), State.MET, False),  # Tue, the due day
        (lambda h: h.on("2026-10-07").outcome_sent(), State.MET_LATE, True),  # Wed
        (lambda h: h.on("2026-10-06"), State.OPEN, False),  # Tue
        (lambda h: h.on("2026-10-07"), State.OVERDUE, True),  # Wed
        (lambda h: h.on("2026-10-05").withdrawn(), State.STOPPED, False),  # Mon
        (lambda h: h.on("2026-10-05").extended("response", 5).on("2026-10-12").outcome_sent(), State.MET, True),
        (lambda h: h.on("2026-10-05").extended("response", 5).on("2026-10-06"), State.OPEN, False),  # Mon, Tue
        (lambda h: h.on("2026-10-05").extended("response", 5).on("2026-10-07"), State.OPEN, True),  # Mon, Wed
        (lambda h: h.on("2026-10-05").held("2026-10-12").on("2026-10-13").outcome_sent(), State.MET, False),  # Tue
    ],
)
def test_a_promise_is_breached_when_its_first_date_passed_and_no_hold_of_the_victims_moved_it(
    ended: Callable[[History], History], state: State, breached: bool
) -> None:
    response = ended(reviewed()).deadline("response")
    assert (response.state, response.breached) == (state, breached)


def test_the_day_is_over_at_midnight_in_london() -> None:
    history = reviewed()
    last = datetime.combine(date(2026, 10, 6), time(23, 59), tzinfo=LONDON)  # Tue
    states = [
        next(d.state for d in plan(history.policy, ENGLAND, history.events, now) if d.key == "response")
        for now in (last, last + timedelta(minutes=1))
    ]
    assert states == [State.OPEN, State.OVERDUE]


def test_windows_that_nobody_used_are_shut_and_not_overdue() -> None:
    history = reviewed().outcome_sent().on("2026-09-30").appeal_window_shut()  # Wed
    assert history.deadline("appeal_window").state is State.SHUT
    quiet = met().information_gathered().panel_arranged("2026-09-07").panel_held().plan_put()  # Mon
    quiet.on("2026-09-10", at="00:00").happened(e.PlanWindowShut())  # Thu
    assert (quiet.deadline("plan").due, quiet.deadline("plan").state) == (date(2026, 9, 9), State.SHUT)  # Wed
    notice = reviewed().outcome_sent().on("2027-02-01").follow_up_held().closure_notified()  # Mon
    closed = notice.copy().on("2027-02-16", at="00:00").closed()  # Tue
    assert (closed.deadline("closure").due, closed.deadline("closure").state) == (date(2027, 2, 15), State.SHUT)  # Mon
    assert notice.closure_objected().by_key.get("closure") is None


def test_an_appeal_lodged_late_is_late_but_no_breach() -> None:
    history = outcome().on("2026-10-12").appeal_lodged(good_cause="In hospital.")  # Mon
    window = history.deadline("appeal_window")
    assert (window.state, window.breached) == (State.MET_LATE, False)


def test_a_completion_window_ends_with_the_threshold_decision() -> None:
    history = History(KENT).applied("2026-09-01", consent=False).acknowledged().details_requested()  # Tue
    assert history.due("completion") == date(2026, 9, 15)  # Tue
    history.on("2026-09-16")  # Wed
    assert history.deadline("completion").state is State.SHUT
    assert history.passed_on().threshold_met().deadline("completion").state is State.STOPPED


@pytest.mark.parametrize("end", [History.withdrawn, lambda h: h.on("2027-03-01").closure_notified().closed()])
def test_nothing_runs_once_a_case_is_over(end: Callable[[History], History]) -> None:
    history = end(outcome().asked("police"))
    assert [d.key for d in history.deadlines if d.running] == []
    assert next_due(history.deadlines) is None


def test_deadlines_come_in_the_order_of_their_dates_and_the_next_due_is_a_duty_before_a_window() -> None:
    history = outcome()
    assert [d.due for d in history.deadlines] == sorted(d.due for d in history.deadlines)
    following = next_due(history.deadlines)
    assert following is not None
    assert following.key == "recommendation:R1"


def test_a_date_can_be_asked_for_as_if_it_were_extended() -> None:
    history = applied()
    assert due_if_extended(history.case, "response", 5) == date(2026, 10, 13)  # Tue
    assert history.due("response") == date(2026, 10, 6)  # Tue
    with pytest.raises(KeyError, match="no deadline panel#7"):
        due_if_extended(history.case, "panel#7", 1)
