"""What a list of events makes of a case: its stage, its milestones, its letters, its rounds."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from domain import events as e
from domain.case import Stage, local_date, words
from domain.fold import fold
from domain.policy import Decision, Milestone, Subject
from tests.domain.history import ENGLAND, History

MONDAY = "2026-09-07"  # Mon
LATER = e.LetterState.WAITING
REFUSED = e.LetterState.REFUSED
UNCERTAIN = e.LetterState.UNCERTAIN


def applied(policy: str = "dover") -> History:
    return History(policy).applied("2026-09-01")  # Tue


def passed_on(policy: str = "dover") -> History:
    return applied(policy).acknowledged().passed_on()


def met(policy: str = "dover") -> History:
    return passed_on(policy).asked().answered().on(MONDAY).threshold_met()


def outcome(policy: str = "dover") -> History:
    return met(policy).on("2026-09-14").reviewed().outcome_sent()  # Mon


def refused(policy: str = "dover") -> History:
    return passed_on(policy).asked().answered().on(MONDAY).threshold_refused()


def remitted(policy: str = "dover", subject: Subject = Subject.HANDLING) -> History:
    appealed = outcome(policy).on("2026-09-21").appeal_lodged(subject).bundle_sent().appeal_heard()  # Mon
    return appealed.on("2026-09-28").appeal_decided(Decision.REMITTED)  # Mon


def reached(history: History, milestone: Milestone) -> date:
    return history.case.reached[milestone].on


STAGES: list[tuple[Stage, Callable[[], History]]] = [
    (Stage.RECEIVED, applied),
    (Stage.AWAITING_DETAILS, lambda: History("dover").applied("2026-09-01", consent=False)),
    (Stage.AWAITING_DETAILS, lambda: applied().details_requested("your address")),
    (Stage.RECEIVED, lambda: applied().details_requested("your address").details_supplied()),
    (Stage.VERIFYING, lambda: passed_on().asked()),
    (Stage.THRESHOLD, lambda: passed_on().asked().answered()),
    (Stage.THRESHOLD, lambda: passed_on().asked().proceeded_without()),
    (Stage.THRESHOLD, lambda: passed_on("kent-district")),
    (Stage.NOT_MET, refused),
    (Stage.GATHERING, met),
    (Stage.GATHERING, lambda: met().asked_for_information()),
    (Stage.ARRANGING, lambda: met().information_gathered()),
    (Stage.PANEL, lambda: met().information_gathered().panel_arranged("2026-09-15")),
    (Stage.PLAN, lambda: met().information_gathered().panel_arranged(MONDAY).panel_held("police")),
    (Stage.OUTCOME, lambda: met().reviewed()),
    (Stage.OUTCOME, lambda: met().reviewed().outcome_sent(but=LATER)),
    (Stage.APPEAL_WINDOW, outcome),
    (Stage.FOLLOW_UP, lambda: outcome().appeal_window_shut()),
    (Stage.APPEAL, lambda: outcome().appeal_lodged(Subject.HANDLING)),
    (Stage.APPEAL, lambda: outcome().appeal_lodged(Subject.HANDLING).appeal_decided(Decision.DISMISSED, told=False)),
    (Stage.FOLLOW_UP, lambda: outcome().appeal_lodged(Subject.HANDLING).appeal_decided(Decision.DISMISSED)),
    (Stage.FOLLOW_UP, lambda: outcome().appeal_lodged(Subject.HANDLING).appeal_decided(Decision.UPHELD)),
    (Stage.GATHERING, remitted),
    (Stage.GATHERING, lambda: refused().appeal_lodged(Subject.THRESHOLD).appeal_decided(Decision.UPHELD)),
    (Stage.THRESHOLD, lambda: refused().appeal_lodged(Subject.THRESHOLD).appeal_decided(Decision.REMITTED)),
    (Stage.NOT_MET, lambda: refused().appeal_lodged(Subject.THRESHOLD).appeal_decided(Decision.DISMISSED)),
    (Stage.CLOSING, lambda: outcome().appeal_window_shut().follow_up_held().closure_notified()),
    (Stage.FOLLOW_UP, lambda: outcome().appeal_window_shut().follow_up_held().closure_notified().closure_objected()),
    (Stage.CLOSING, lambda: refused().appeal_window_shut().closure_notified()),
    (Stage.CLOSED, lambda: refused().appeal_window_shut().closure_notified().closed()),
    (Stage.WITHDRAWN, lambda: met().withdrawn()),
    (Stage.GATHERING, lambda: met().withdrawn().happened(e.CaseRestored(reason="They think otherwise."))),
    (Stage.ENDED, lambda: met().happened(e.CaseEnded(cause=e.Cause.DIED))),
]


@pytest.mark.parametrize(("stage", "history"), STAGES, ids=[f"{n}-{stage.name}" for n, (stage, _) in enumerate(STAGES)])
def test_a_case_stands_where_its_events_have_brought_it(stage: Stage, history: Callable[[], History]) -> None:
    assert history().case.stage is stage


def test_the_same_events_make_the_same_case_and_none_of_them_is_changed() -> None:
    history = remitted()
    before = [event.model_dump_json() for event in history.events]
    assert history.case == history.case
    assert [event.model_dump_json() for event in history.events] == before


def test_a_summer_night_in_london_belongs_to_its_own_day() -> None:
    history = History("dover").applied("2027-06-01", at="00:30")  # Tue, 31 May in UTC
    assert history.case.made_on == date(2027, 6, 1)  # Tue
    assert local_date(history.events[0].at) == date(2027, 6, 1)  # Tue


def test_invariant_7_nothing_done_later_moves_the_eligibility_date() -> None:
    history = History("dover").applied("2026-09-05", consent=False)  # Sat
    history.acknowledged().details_requested().on("2026-09-14").details_supplied().passed_on()  # Mon
    history.held("2026-09-21").on("2026-09-21").corrected(Milestone.RECEIVED, "2026-09-07")  # Mon, Mon
    history.holiday_declared("2026-09-22").asked().answered().threshold_met().reviewed().outcome_sent()  # Tue
    history.appeal_lodged(Subject.HANDLING).appeal_decided(Decision.REMITTED)
    for place in range(1, len(history) + 1):
        assert fold(history.policy, ENGLAND, history.events[:place]).made_on == date(2026, 9, 5)  # Sat


def test_missing_details_are_asked_for_and_completed_once_all_are_there() -> None:
    history = History("dover").applied("2026-09-01", consent=False)  # Tue
    assert not history.case.has(Milestone.COMPLETED)
    assert "consent" in history.case.missing[0]
    history.on("2026-09-03").details_supplied()  # Thu
    assert history.case.missing == ()
    assert reached(history, Milestone.COMPLETED) == date(2026, 9, 3)  # Thu


@pytest.mark.parametrize(
    ("letter", "milestone", "send"),
    [
        ("L-01", Milestone.ACKNOWLEDGED, lambda but: applied().acknowledged(but=but)),
        ("L-11", Milestone.OUTCOME_SENT, lambda but: met().reviewed().outcome_sent(but=but)),
    ],
)
@pytest.mark.parametrize("state", [LATER, REFUSED, UNCERTAIN])
def test_a_letter_is_a_milestone_only_once_it_was_accepted(
    letter: str, milestone: Milestone, send: Callable[[e.LetterState], History], state: e.LetterState
) -> None:
    history = send(state)
    assert not history.case.has(milestone)
    history.on("2026-10-01").tried_again(letter)  # Thu
    assert reached(history, milestone) == date(2026, 10, 1)  # Thu


def test_the_first_copy_of_a_letter_that_arrives_is_the_milestone() -> None:
    history = (
        met().reviewed().on("2026-09-14").outcome_sent().on("2026-09-16").letter("L-11", to="representative")
    )  # Wed
    assert reached(history, Milestone.OUTCOME_SENT) == date(2026, 9, 14)  # Mon


@pytest.mark.parametrize(
    ("state", "sent"),
    [(UNCERTAIN, date(2026, 9, 14)), (REFUSED, date(2026, 9, 18))],  # Mon, Fri
)
def test_an_uncertain_letter_that_arrived_went_when_it_was_handed_over(state: e.LetterState, sent: date) -> None:
    history = met().reviewed().on("2026-09-14").outcome_sent(but=state).on("2026-09-18")  # Mon, Fri
    history.settled("L-11", arrived=True)
    assert reached(history, Milestone.OUTCOME_SENT) == sent
    assert reached(history, Milestone.OUTCOME_RECEIVED) == date(2026, 9, 21)  # Mon, one working day of grace
    assert not history.case.letters[f"CR-1/{history.last('outcome.decided').id}/L-11/applicant"].needs_somebody


def test_a_letter_that_never_arrived_is_no_milestone() -> None:
    history = met().reviewed().outcome_sent(but=REFUSED).settled("L-11", arrived=False)
    assert not history.case.has(Milestone.OUTCOME_SENT)


@pytest.mark.parametrize(
    ("day", "at", "received"),
    [
        ("2026-09-14", "10:00", date(2026, 9, 15)),  # Mon: the same day, and one of grace
        ("2026-09-14", "16:29", date(2026, 9, 15)),  # Mon: accepted at half past four
        ("2026-09-14", "16:30", date(2026, 9, 16)),  # Mon: accepted a minute later, counts from Tue
        ("2026-09-18", "17:00", date(2026, 9, 22)),  # Fri: counts from Mon
        ("2026-09-19", "10:00", date(2026, 9, 22)),  # Sat: counts from Mon
        ("2026-12-24", "17:00", date(2026, 12, 30)),  # Thu: Fri 25 and Mon 28 are bank holidays
    ],
)
def test_a_letter_counts_as_received_with_service_and_grace(day: str, at: str, received: date) -> None:
    history = met().reviewed().on(day, at).outcome_sent()
    assert reached(history, Milestone.OUTCOME_RECEIVED) == received


def test_the_day_the_applicant_gives_replaces_the_deemed_day() -> None:
    history = outcome().on("2026-09-21").letter_received("outcome", "2026-09-18")  # Mon, Fri
    assert reached(history, Milestone.OUTCOME_RECEIVED) == date(2026, 9, 18)  # Fri


def test_an_agency_that_answers_late_is_no_longer_silent() -> None:
    history = met().asked_for_information("police", "council").answered("information:police").proceeded_without()
    silent, collated = history.case, history.case.reached[Milestone.COLLATED]
    assert (silent.silent, silent.stage) == (("council",), Stage.ARRANGING)
    answered = history.on("2026-09-10").answered("information:council").case  # Thu
    assert answered.silent == ()
    assert answered.reached[Milestone.COLLATED] == collated


def test_recommendations_are_numbered_through_the_whole_case() -> None:
    history = remitted().information_gathered().panel_arranged("2026-09-28").panel_held("council", "police")  # Mon
    assert list(history.case.items) == ["R1", "R2", "R3"]
    assert [item.round for item in history.case.items.values()] == [1, 2, 2]


def test_a_recommendation_changed_later_was_answered_when_it_first_was() -> None:
    history = outcome().on("2026-09-16").recommendation_answered("R1").on("2026-10-30")  # Wed, Fri
    history.recommendation_answered("R1", e.Response.DECLINED)
    item = history.case.items["R1"]
    assert item.answered is not None
    assert (item.answered.on, item.accepted, item.open) == (date(2026, 9, 16), False, False)  # Wed


def test_an_accepted_recommendation_is_open_until_it_is_done() -> None:
    history = outcome()
    assert [item.id for item in history.case.open_items] == ["R1"]
    history.recommendation_answered("R1")
    assert [item.id for item in history.case.open_items] == ["R1"]
    history.action_done("R1")
    assert history.case.open_items == []


def test_a_corrected_panel_date_corrects_the_first_panel_and_the_record() -> None:
    history = outcome().corrected(Milestone.PANEL_HELD, "2026-09-11")  # Fri
    for milestone in (Milestone.PANEL_HELD, Milestone.FIRST_PANEL_HELD):
        assert reached(history, milestone) == date(2026, 9, 11)  # Fri
    assert history.case.held is not None
    assert history.case.held.on == date(2026, 9, 11)  # Fri


def test_a_later_panel_does_not_become_the_first_when_its_date_is_corrected() -> None:
    history = remitted().on("2026-10-12").reviewed().corrected(Milestone.PANEL_HELD, "2026-10-09")  # Mon, Fri
    assert reached(history, Milestone.PANEL_HELD) == date(2026, 10, 9)  # Fri
    assert reached(history, Milestone.FIRST_PANEL_HELD) == date(2026, 9, 14)  # Mon


def test_a_corrected_receipt_moves_completeness_with_it_unless_something_was_missing() -> None:
    whole = applied().on("2026-09-03").corrected(Milestone.RECEIVED, "2026-08-28")  # Thu, Fri
    assert reached(whole, Milestone.COMPLETED) == date(2026, 8, 28)  # Fri
    short = History("dover").applied("2026-09-01", consent=False).on("2026-09-03").details_supplied()  # Tue, Thu
    short.corrected(Milestone.RECEIVED, "2026-08-28")  # Fri
    assert reached(short, Milestone.COMPLETED) == date(2026, 9, 3)  # Thu


@pytest.mark.parametrize("milestone", [Milestone.APPEAL_LODGED, Milestone.APPEAL_HEARD])
def test_a_corrected_appeal_date_is_the_appeals_own_date(milestone: Milestone) -> None:
    history = outcome().on("2026-09-22").appeal_lodged(Subject.HANDLING).appeal_heard()  # Tue
    history.corrected(milestone, "2026-09-21")  # Mon
    [appeal] = history.case.appeals
    found = appeal.lodged_on.on if milestone is Milestone.APPEAL_LODGED else appeal.heard_on
    assert found == appeal.marks[milestone].on == date(2026, 9, 21)  # Mon


def test_a_hold_ended_early_or_on_its_first_day_leaves_only_the_days_it_took() -> None:
    history = applied().on("2026-09-07").held("2026-09-14")  # Mon, Mon
    assert [(p.start, p.end) for p in history.case.pauses] == [(date(2026, 9, 7), date(2026, 9, 14))]  # Mon, Mon
    assert history.case.on_hold(date(2026, 9, 13)) is not None  # Sun
    assert history.case.on_hold(date(2026, 9, 14)) is None  # Mon
    assert history.copy().resumed().case.pauses == ()
    [pause] = history.on("2026-09-09").resumed().case.pauses  # Wed
    assert (pause.start, pause.end) == (date(2026, 9, 7), date(2026, 9, 9))  # Mon, Wed


def test_a_remitted_review_starts_again_and_its_first_round_is_kept() -> None:
    history = remitted()
    case = history.case
    assert (case.round, len(case.rounds)) == (2, 1)
    assert case.reached[Milestone.RECEIVED].on == date(2026, 9, 28)  # Mon
    assert case.rounds[0].reached[Milestone.RECEIVED].on == date(2026, 9, 1)  # Tue
    assert not any(case.has(m) for m in (Milestone.COLLATED, Milestone.PANEL_HELD, Milestone.OUTCOME_SENT))
    assert case.has(Milestone.THRESHOLD_TOLD)
    assert case.made_on == date(2026, 9, 1)  # Tue


def test_a_remitted_refusal_is_decided_again() -> None:
    history = refused().appeal_lodged(Subject.THRESHOLD).appeal_decided(Decision.REMITTED)
    assert history.case.threshold is None
    assert not history.case.has(Milestone.THRESHOLD_TOLD)
    assert history.case.rounds[0].refusal


def test_an_appeals_decision_takes_effect_when_the_applicant_is_told_and_only_once() -> None:
    history = outcome().appeal_lodged(Subject.HANDLING).appeal_decided(Decision.REMITTED, told=False)
    history.letter("L-21", but=UNCERTAIN)
    assert (history.case.round, history.case.stage) == (1, Stage.APPEAL)
    history.settled("L-21", arrived=True)
    assert history.case.round == 2
    event = history.last("appeal.decided").id
    copy = e.LetterPosted(
        key="CR-1/001/L-21/representative",
        letter="L-21",
        to="representative",
        event=event,
        state=e.LetterState.ACCEPTED,
    )
    assert history.happened(copy).case.round == 2


def test_a_late_copy_of_one_appeals_result_does_not_end_the_next_appeal() -> None:
    history = outcome().appeal_lodged(Subject.HANDLING).appeal_decided(Decision.DISMISSED)
    event = history.last("appeal.decided").id
    history.appeal_lodged(Subject.HANDLING, good_cause="A neighbour wrote.")
    late = e.LetterPosted(
        key="CR-1/001/L-21/representative",
        letter="L-21",
        to="representative",
        event=event,
        state=e.LetterState.ACCEPTED,
    )
    assert history.happened(late).case.stage is Stage.APPEAL


def test_an_outcome_letter_of_the_first_round_does_not_end_the_second() -> None:
    history = remitted()
    event = history.last("outcome.decided").id
    late = e.LetterPosted(
        key="CR-1/001/L-11/applicant", letter="L-11", to="applicant", event=event, state=e.LetterState.ACCEPTED
    )
    assert not history.happened(late).case.has(Milestone.OUTCOME_SENT)


def test_an_objection_stands_although_another_copy_of_the_notice_arrives() -> None:
    history = outcome().appeal_window_shut().follow_up_held().closure_notified().closure_objected()
    event = history.last("closure.notified").id
    copy = e.LetterPosted(
        key="CR-1/001/L-21/representative", letter="L-15", to="x", event=event, state=e.LetterState.ACCEPTED
    )
    assert history.happened(copy).case.stage is Stage.FOLLOW_UP


def test_the_appeal_keeps_the_layer_and_the_body_of_the_day_it_was_lodged() -> None:
    late = met("south-derbyshire").on("2028-05-22").reviewed().outcome_sent()  # Mon
    before = late.copy().on("2028-05-31").appeal_lodged(on="2028-05-31").case.appeals[0]  # Wed
    after = late.on("2028-06-01").appeal_lodged().case.appeals[0]  # Thu
    assert before.body is not None
    assert after.body is not None
    assert "Commissioner" in before.body.name
    assert "Commissioner" not in after.body.name


def test_those_involved_are_the_bodies_the_incidents_were_reported_to_or_all_relevant_bodies() -> None:
    assert [agency.id for agency in applied().case.involved] == ["council", "police"]
    elsewhere = History("dover").applied("2026-09-01", to=("a councillor",))  # Tue
    assert elsewhere.case.involved == elsewhere.policy.relevant_bodies


def test_every_milestone_has_words() -> None:
    assert all(words(milestone) for milestone in Milestone)


def test_an_incident_added_later_gets_the_next_number() -> None:
    history = applied()
    incident = history.case.incidents[0].model_copy(update={"id": "", "reported": history.today})
    added = history.on(history.today + timedelta(days=2)).happened(e.IncidentAdded(incident=incident))
    assert [known.id for known in added.case.incidents] == ["I1", "I2", "I3", "I4"]
