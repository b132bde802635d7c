"""What stands against an act of keeping the case."""

from datetime import date, timedelta

import pytest

from domain import events as e
from domain.calendar import Calendar, ClosedDay, working_days
from domain.case import Stage
from domain.policy import Milestone
from domain.refusals.record import CORRECTABLE
from domain.rules import refusal
from tests.domain.history import ENGLAND, History, council
from tests.domain.service import Service
from tests.domain.stages import MET, all_answer, at, document, extendable, panel
from tests.domain.test_lint import put

CAN = (
    "“Threshold decision told to the applicant” (threshold); “Panel meets” (panel); "
    "“Outcome letter to the applicant” (response)"
)


def extend(step: str = "response", days: int = 5, approved_by: str = "Sam Reeve") -> e.Extended:
    return e.Extended(step=step, working_days=days, reason="An account is late.", approved_by=approved_by)


def hold(until: date, **changed: object) -> e.HoldStarted:
    given = {"until": until, "reason": "In hospital.", "at_victims_request": True}
    return e.HoldStarted.model_validate(given | changed)


# Documents


def test_a_document_is_added_once() -> None:
    service = at(Stage.GATHERING)
    assert service.refusal(document("d1")) is None
    service.happened(document("d1"))
    assert service.refusal(document("d1")) == (
        "the case has this document already; add another, or a note about this one"
    )
    assert service.refusal(document("d2")) is None


# Extensions


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (extend("papers"), f"papers cannot be extended now; what can: {CAN}"),
        (extend("no-such-step"), f"no-such-step cannot be extended now; what can: {CAN}"),
        (
            extend(days=21),
            "“Outcome letter to the applicant” may be extended by 20 working days at a time, not by 21; give fewer",
        ),
        (
            extend(approved_by="  "),
            "an extension is approved by the Head of Community Safety; give their name",
        ),
        (extend(days=20), None),
    ],
)
def test_an_extension_keeps_to_the_policy(body: e.Extended, sentence: str | None) -> None:
    assert at(Stage.THRESHOLD).refusal(body) == sentence


def test_where_nothing_runs_nothing_can_be_extended() -> None:
    assert (
        at(Stage.NOT_MET).refusal(extend())
        == "“Outcome letter to the applicant” cannot be extended now; what can: nothing"
    )


def test_a_promise_is_extended_by_people_so_often_and_no_more() -> None:
    service = at(Stage.THRESHOLD).must(*[extend(days=20)] * 3)
    assert (
        service.refusal(extend(days=1))
        == "“Outcome letter to the applicant” was extended 3 times, the most this policy allows"
    )
    assert service.refusal(extend("panel")) is None


def test_what_the_clock_extends_does_not_use_up_what_people_may() -> None:
    service = at(Stage.GATHERING)
    service.wait_until(service.due("response").due + timedelta(days=9))
    assert len(service.case.extensions["response"]) == 2
    service.must(*[extend(days=20)] * 3)
    assert service.refusal(extend(days=1)) is not None


def test_the_new_date_lies_ahead() -> None:
    service = at(Stage.GATHERING)
    service.wait_until(service.due("panel").due + timedelta(days=10))
    assert service.due("panel").due == date(2026, 4, 29)  # Wed
    assert service.refusal(extend("panel", 11)) == (
        "the new date Friday 15 May 2026 does not lie ahead; extend by more working days"
    )
    assert service.refusal(extend("panel", 12)) is None


def test_an_extension_that_would_move_nothing_is_refused() -> None:
    """Six months end on Sun 30 May, rolled over a bank holiday; one working day more is that same Tuesday."""
    history = History().applied("2026-09-07").acknowledged().passed_on().threshold_met()  # Mon
    history.on("2026-11-30").reviewed()  # Mon
    officer = e.Actor(role=e.Role.OFFICER, name="Sam Price")
    refused = [refusal(history.case, extend("follow_up", n), officer, history.deadlines, history.today) for n in (1, 2)]
    assert refused == ["the date would stay Tuesday 1 June 2027; extend by more working days", None]


def test_the_applicants_own_time_can_be_given_back_although_it_has_passed() -> None:
    service = Service(extendable("dover"), consent=False)
    service.wait_until(service.due("completion").due)
    assert service.refusal(extend("completion", 1)) is None


# Holds


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (
            hold(date(2026, 4, 20), at_victims_request=False),  # Mon
            "a case is held only at the victim's request; an agency's silence never stops a clock",
        ),
        (
            hold(date(2026, 4, 2)),  # Thu
            "the hold's end Thursday 2 April 2026 is not ahead; give the day the case goes on",
        ),
        (hold(date(2026, 4, 3)), None),  # Fri
    ],
)
def test_invariant_5_a_case_is_held_for_the_victim_only_and_to_a_day_to_come(
    body: e.HoldStarted, sentence: str | None
) -> None:
    assert at(Stage.GATHERING).refusal(body) == sentence


def test_one_hold_at_a_time_and_it_ends_by_itself_or_sooner() -> None:
    service = at(Stage.GATHERING)
    assert service.refusal(e.HoldEnded()) == "the case is not on hold, so nothing can be resumed"
    service.must(hold(date(2026, 4, 20)))  # Mon
    assert service.refusal(hold(date(2026, 5, 1))) == (  # Fri
        "the case is on hold until Monday 20 April 2026 already; resume ends it sooner"
    )
    service.wait(3).must(e.HoldEnded())
    service.must(hold(date(2026, 4, 20))).wait_until(date(2026, 4, 20))  # Mon
    assert "not on hold" in str(service.refusal(e.HoldEnded()))


# Corrections


@pytest.mark.parametrize("milestone", [m for m in Milestone if m not in CORRECTABLE])
def test_a_date_that_a_letter_or_a_count_made_is_not_corrected(milestone: Milestone) -> None:
    body = e.DateCorrected(milestone=milestone, to=date(2026, 4, 1), reason="Misread.")  # Wed
    assert at(Stage.CLOSING).refusal(body) == (
        f"{milestone} is not a date to correct; these are: received, threshold_received, panel_held, "
        "outcome_received, appeal_lodged, appeal_heard, followed_up"
    )


@pytest.mark.parametrize(
    ("milestone", "to", "sentence"),
    [
        (
            Milestone.PANEL_HELD,
            date(2026, 4, 1),  # Wed
            "“panel held” cannot have been before Thursday 2 April 2026, when what led to it happened",
        ),
        (
            Milestone.OUTCOME_RECEIVED,
            date(2026, 4, 8),  # Wed
            "“outcome letter received” cannot have been before Thursday 9 April 2026, when what led to it happened",
        ),
        (
            Milestone.FOLLOWED_UP,
            date(2026, 4, 8),  # Wed
            "“follow-up held” cannot have been before Thursday 9 April 2026, when what led to it happened",
        ),
        (
            Milestone.FOLLOWED_UP,
            date(2026, 7, 10),  # Fri
            "the corrected date Friday 10 July 2026 lies in the future; give the day it happened",
        ),
        (
            Milestone.APPEAL_LODGED,
            date(2026, 4, 10),  # Fri
            "“appeal received” has not happened yet, so its date cannot be wrong",
        ),
        (
            Milestone.PANEL_HELD,
            date(2026, 4, 9),  # Thu
            "“panel held” is recorded as Thursday 9 April 2026 already; give the day it should be",
        ),
        (Milestone.RECEIVED, date(2026, 3, 26), None),  # Thu
    ],
)
def test_a_correction_keeps_what_happened_in_order(milestone: Milestone, to: date, sentence: str | None) -> None:
    body = e.DateCorrected(milestone=milestone, to=to, reason="Misread.")
    assert at(Stage.CLOSING).refusal(body) == sentence


def test_invariant_7_a_corrected_receipt_leaves_the_day_that_complaints_are_counted_from() -> None:
    service = at(Stage.THRESHOLD).wait(6)
    made = service.case.made_on
    service.must(e.DateCorrected(milestone=Milestone.RECEIVED, to=service.today, reason="Misread."))
    assert service.case.made_on == made


# Letters


def test_a_letter_that_went_needs_nobody() -> None:
    service = at(Stage.GATHERING)
    key, letter = next(iter(service.case.letters.items()))
    body = e.LetterSettled(key=key, arrived=True, how="We rang.")
    assert service.refusal(body) == f"letter {letter.posted.letter} is accepted already; there is nothing to settle"


@pytest.mark.parametrize("state", [e.LetterState.REFUSED, e.LetterState.UNCERTAIN])
def test_a_lost_letter_is_settled_once(state: e.LetterState) -> None:
    service = at(Stage.GATHERING)
    posted = e.LetterPosted(key="CR-1/001/L-03/applicant", letter="L-03", to="applicant", event="001", state=state)
    service.happened(posted)
    assert service.refusal(e.LetterSettled(key="other", arrived=True, how="We rang.")) == (
        "there is no letter other; letters that need somebody: CR-1/001/L-03/applicant"
    )
    body = e.LetterSettled(key="CR-1/001/L-03/applicant", arrived=True, how="We rang.")
    assert service.must(body).refusal(body) == "letter L-03 was settled already; there is nothing to settle"


# The calendar


def test_the_same_calendar_and_a_shorter_one_are_refused() -> None:
    service = at(Stage.GATHERING)
    assert service.refusal(e.CalendarChanged(calendar=ENGLAND, reason="Again.")) == "the case has this calendar already"
    shorter = Calendar.model_validate({**dict(ENGLAND), "horizon": date(2027, 12, 31)})  # Fri
    assert service.refusal(e.CalendarChanged(calendar=shorter, reason="Typed.")) == (
        "the new calendar ends on Friday 31 December 2027, before the one in use; take a newer snapshot"
    )


def test_a_calendar_that_starts_too_late_for_the_case_is_refused() -> None:
    late = Calendar.model_validate({**dict(ENGLAND), "first": date(2026, 4, 9)})  # Thu
    sentence = at(Stage.GATHERING).refusal(e.CalendarChanged(calendar=late, reason="Typed."))
    assert sentence is not None
    assert sentence.startswith("change-calendar would need a date that cannot be counted: ")


def test_a_declared_holiday_is_taken() -> None:
    more = ENGLAND.with_holidays(ClosedDay(date=date(2026, 4, 15), name="a day of mourning"))  # Wed
    assert at(Stage.GATHERING).refusal(e.CalendarChanged(calendar=more, reason="Declared.")) is None


def test_a_date_that_has_passed_is_extended_from_today_however_little_the_policy_allows() -> None:
    service = all_answer(all_answer(Service(put(council("dover"), "extensions.at_most", 1))).must(MET))
    due = service.due("panel").due
    service.wait_until(due + timedelta(days=20))
    passed = working_days(service.case.calendar, due, service.today)
    assert passed is not None
    more = e.Extended(step="panel", working_days=passed + 1, reason="Nobody arranged it.", approved_by="Sam Reeve")
    assert service.refusal(more.model_copy(update={"working_days": passed})) is not None
    assert "give fewer" in (service.refusal(more.model_copy(update={"working_days": passed + 2})) or "")
    service.must(more)
    assert service.due("panel").due > service.today
    service.must(panel(service.due("panel").due))
