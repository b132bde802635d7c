"""What happens late, early or twice: receipts corrected, letters that come back, meetings moved, later consent."""

from datetime import date, timedelta

import pytest

from domain import chasing
from domain import events as e
from domain.application import Means
from domain.assessment import assessment
from domain.calendar import words
from domain.case import Stage
from domain.deadlines import State
from domain.fold import fold
from domain.letters import letters_for
from domain.messages import Party
from domain.policy import Decision, Milestone, Rung, StepId, Subject
from domain.representation import acting
from domain.threshold import assess
from domain.ways import reads_no_more, sent_again
from tests.domain.history import OFFICER, History, council
from tests.domain.service import Service
from tests.domain.stages import (
    REFUSED,
    all_answer,
    answer,
    appeal,
    at,
    done,
    panel,
    remitted,
    to_outcome,
    to_panel,
    working_days,
)
from tests.domain.threshold import incident, policy


def refused(council: str = "dover") -> Service:
    return all_answer(Service(council, complaints=2)).must(REFUSED)


def letter(service: Service, kind: str) -> str:
    return next(key for key, known in service.case.letters.items() if known.posted.letter == kind)


# The time to appeal


@pytest.mark.parametrize("council", ["dover", "kent-district"])
def test_a_decision_that_arrived_later_than_was_thought_opens_the_time_to_appeal_again(council: str) -> None:
    service = refused(council)
    window = service.due("appeal_window").due
    service.wait_until(window + timedelta(days=3))
    assert service.stage is Stage.CLOSING
    service.must(e.ReceiptConfirmed(letter="threshold", on=window - timedelta(days=1)))
    assert service.stage is Stage.NOT_MET
    later = service.due("appeal_window").due
    assert later > window
    service.wait_until(later)
    assert (service.stage, service.due("appeal_window").state) == (Stage.NOT_MET, State.OPEN)
    service.wait_until(later + timedelta(days=4))
    assert service.stage is Stage.CLOSING
    assert service.kinds.count("closure.notified") == 2
    service.wait_until(service.due("closure").due + timedelta(days=3))
    assert service.stage is Stage.CLOSED


def test_a_decision_that_came_back_after_the_closure_notice_opens_the_time_to_appeal_again() -> None:
    service = refused()
    service.wait_until(service.due("appeal_window").due + timedelta(days=3))
    assert service.stage is Stage.CLOSING
    service.must(e.LetterUndelivered(key=letter(service, "L-04"), how=e.Failure.BOUNCED))
    assert (service.stage, service.due("appeal_window").state) == (Stage.NOT_MET, State.OPEN)


def test_an_outcome_that_arrived_later_keeps_the_follow_up_and_lets_the_applicant_appeal() -> None:
    service = at(Stage.FOLLOW_UP)
    received = service.today - timedelta(days=1)
    service.must(e.ReceiptConfirmed(letter="outcome", on=received))
    assert service.stage is Stage.APPEAL_WINDOW
    assert service.refusal(appeal(service)) is None
    service.wait_until(service.due("appeal_window").due + timedelta(days=4))
    assert service.stage is Stage.FOLLOW_UP


def test_a_receipt_said_to_be_earlier_leaves_the_closing_as_it_is() -> None:
    service = refused()
    service.wait_until(service.due("appeal_window").due + timedelta(days=3))
    told = service.case.reached[Milestone.THRESHOLD_TOLD].on
    service.must(e.ReceiptConfirmed(letter="threshold", on=told))
    assert service.stage is Stage.CLOSING


def test_a_closure_notice_posted_after_an_appeal_closes_nothing() -> None:
    history = History().applied("2026-06-01").acknowledged().passed_on()  # Mon
    history.on("2026-06-05").threshold_refused().on("2026-06-25").appeal_window_shut()  # Fri, Thu
    history.closure_notified().letter("L-15", but=e.LetterState.IN_TRAY)
    history.on("2026-06-26").appeal_lodged(Subject.THRESHOLD, good_cause="ill").dispatched("L-15", "2026-06-26")  # Fri
    history.on("2026-07-10").bundle_sent().appeal_heard().on("2026-07-13").appeal_decided(Decision.DISMISSED)
    assert history.case.stage is Stage.NOT_MET
    assert "closure" not in {d.key for d in history.deadlines if d.state is State.SHUT}


def test_an_objection_of_the_first_round_does_not_keep_the_second_from_its_end() -> None:
    service = remitted()
    assert service.case.objection is None
    assert service.case.notice == 0


# Dates put right


@pytest.mark.parametrize(
    ("reported", "corrected", "met"),
    [
        ((date(2026, 3, 5), date(2026, 6, 1), date(2026, 7, 1)), None, False),
        ((date(2026, 3, 5), date(2026, 6, 1), date(2026, 7, 1)), "2026-09-01", True),
        ((date(2026, 3, 5), date(2026, 6, 1), date(2026, 7, 1)), "2026-09-08", False),
        ((date(2026, 8, 1), date(2026, 8, 20), date(2026, 9, 4)), None, True),
        ((date(2026, 8, 1), date(2026, 8, 20), date(2026, 9, 4)), "2026-09-01", True),
    ],
)
def test_a_receipt_found_to_be_earlier_adds_complaints_and_takes_none_away(
    reported: tuple[date, ...], corrected: str | None, met: bool
) -> None:
    history = History("dover").applied("2026-09-10").acknowledged().passed_on()  # Thu
    if corrected:
        history.on("2026-09-11").corrected(Milestone.RECEIVED, corrected)  # Fri
    case = history.case
    case.incidents[:] = [incident(f"I{n}", on, on, reported_to="police") for n, on in enumerate(reported, 1)]
    assert assessment(case).met is met
    assert case.made_on == date(2026, 9, 10)  # Thu


def test_the_second_rounds_beginning_is_not_a_receipt_to_correct() -> None:
    service = remitted()
    sentence = service.refusal(e.DateCorrected(milestone=Milestone.RECEIVED, to=service.today, reason="Misread."))
    assert "add-note" in str(sentence) or "recorded as" in str(sentence)
    before = service.case.made_on
    sentence = service.refusal(e.DateCorrected(milestone=Milestone.RECEIVED, to=before, reason="Misread."))
    began = service.case.reached[Milestone.RECEIVED].on
    assert sentence == f"an appeal began the review again on {words(began)}; add-note keeps what is known now"


def test_a_date_is_never_corrected_past_what_followed_from_it() -> None:
    service = to_outcome(to_panel(at(Stage.GATHERING)))
    service.wait(6)
    put = service.case.reached[Milestone.PLAN_PUT].on
    sentence = service.refusal(e.DateCorrected(milestone=Milestone.PANEL_HELD, to=service.today, reason="Misread."))
    assert sentence == f"“panel held” cannot have been after {words(put)}, when what followed from it happened"


# Agencies


def test_agencies_are_asked_to_confirm_the_reports_when_consent_comes_after_the_time_for_it() -> None:
    service = Service("dover", consent=False)
    service.wait_until(service.due("completion").due + timedelta(days=1))
    assert service.stage is Stage.THRESHOLD
    assert service.case.enquiries == {}
    service.must(e.DetailsReceived(consent_to_share=True))
    assert service.stage is Stage.VERIFYING
    assert {one.agency for one in service.case.enquiries.values()} == {"police", "council"}
    all_answer(service).wait(3)
    assert service.stage is Stage.THRESHOLD
    assert len(service.case.enquiries) == 2


def test_an_agency_that_only_failed_to_confirm_the_reports_gave_its_account() -> None:
    history = (
        History("dover").applied("2026-09-01").acknowledged().passed_on().asked("police").proceeded_without()
    )  # Tue
    history.threshold_met().asked_for_information("police", "council").answered("information:police")
    assert history.case.silent == ()
    assert history.proceeded_without().case.silent == ("council",)


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        (("police", "council"), {"police", "council"}),
        (("Kent Police", "the council"), {"council", "police"}),
        (("101", "the civic centre"), {"council", "police", "icb", "landlord"}),
        (("the polis", "my landlord"), {"council", "police", "icb", "landlord"}),
    ],
)
def test_nobody_is_left_out_where_a_report_went_to_a_name_the_directory_does_not_have(
    told: tuple[str, ...], asked: set[str]
) -> None:
    case = History("dover").applied("2026-09-01").case  # Tue
    case.incidents[:] = [
        incident(f"I{n}", date(2026, 8, n), date(2026, 8, n), reported_to=name) for n, name in enumerate(told, 3)
    ]
    assert {agency.id for agency in case.involved} == asked


def test_two_references_of_one_body_are_two_complaints_and_one_reference_is_one() -> None:
    may = (date(2026, 5, 1), date(2026, 5, 1))  # Fri
    third = incident("I3", date(2026, 5, 20), date(2026, 5, 20), what="A brick")  # Wed
    for references, met in ((("KP/101", "KP/177"), True), (("KP/101", "kp/101"), False), (("KP/101", ""), False)):
        pair = (incident(f"I{n}", *may, reference=given) for n, given in enumerate(references, start=1))
        assert assess(policy(), [*pair, third], date(2026, 6, 1)).met is met, references  # Mon


# Meetings


def test_a_panel_arranged_for_its_last_day_is_no_delay() -> None:
    service = all_answer(at(Stage.GATHERING, "kent-district"))
    due = service.due("panel").due
    service.must(panel(due)).wait_until(due)
    assert "deadline.extended" not in service.kinds
    service.wait_until(due + timedelta(days=1))
    assert [one.words for one in delays(service)] != []
    service.wait_until(working_days(service, 2))
    assert service.kinds.count("deadline.extended") == 1


def delays(service: Service) -> list[chasing.Chaser]:
    chasers = chasing.chasers(service.case, service.deadlines, service.today)
    return [chaser for chaser in chasers if (chaser.rung, chaser.step) == (Rung.DELAY_LETTER, StepId.PANEL)]


def test_an_adjournment_past_the_promise_is_explained_at_once_and_once() -> None:
    service = to_panel(at(Stage.GATHERING, "kent-district"))
    assert service.case.panel
    promised = service.due("panel").due
    service.wait_until(service.case.panel.on)
    until = promised + timedelta(days=20)
    while not service.case.calendar.is_working(until):
        until += timedelta(days=1)
    service.must(e.PanelAdjourned(until=until, reason="The chair is ill."))
    (moved,) = [one.what for one in service.case.events if one.kind == "deadline.extended"]
    assert isinstance(moved, e.Extended)
    assert moved.reason == "The panel's meeting had to be moved: The chair is ill."
    assert service.due("panel").due == until
    service.wait_until(until)
    extended = [one.what for one in service.case.events if isinstance(one.what, e.Extended)]
    assert [one.step for one in extended].count("panel") == 1


def test_a_case_of_before_whose_told_date_is_later_than_its_plan_explains_it_when_it_comes() -> None:
    before = council("kent-district").model_copy(update={"edition": 1})
    history = History(before).applied("2026-06-01").acknowledged().passed_on().on("2026-06-02")  # Mon, Tue
    history.threshold_met(telling=["panel", "response"]).information_gathered()
    found = history.deadline("panel")
    assert found.due < found.promised
    chasers = chasing.chasers(history.case, history.deadlines, history.today)
    on = next(chaser.on for chaser in chasers if (chaser.rung, chaser.step) == (Rung.DELAY_LETTER, StepId.PANEL))
    assert found.due <= on < found.promised


@pytest.mark.parametrize(("time", "possible"), [("25:99", False), ("9.75", False), ("14:00", True), ("midday", True)])
def test_a_time_that_no_clock_shows_is_a_slip(time: str, possible: bool) -> None:
    service = all_answer(at(Stage.GATHERING))
    sentence = service.refusal(panel(working_days(service, 3), time=time))
    assert sentence == (None if possible else f"{time!r} is no time of day; give one such as 14:00")


# The end


def test_a_case_in_which_the_behaviour_goes_on_is_closed_by_a_person_or_not_at_all() -> None:
    service = at(Stage.FOLLOW_UP)
    service.must(*(answer(id) for id in service.case.items), *(done(id, service.today) for id in service.case.items))
    service.wait_until(date(2026, 7, 20))  # Mon
    going_on, over = service.copy(), service.copy()
    over.must(e.FollowUpHeld(on=service.today, behaviour_stopped=True, findings="Quiet."))
    assert over.stage is Stage.CLOSING
    going_on.must(
        e.FollowUpHeld(
            on=service.today, behaviour_stopped=False, findings="Every night.", again=service.today + timedelta(days=90)
        )
    ).wait(60)
    assert (going_on.stage, going_on.waiting.must_act) == (Stage.FOLLOW_UP, "officer")
    assert "the behaviour goes on; waiting for the further follow-up by" in going_on.waiting.words
    assert going_on.refusal(e.ClosureNotified()) == (
        "the behaviour had not stopped at the follow-up; say in reason why the case closes all the same"
    )
    again = going_on.copy().must(e.FollowUpHeld(on=going_on.today, behaviour_stopped=True, findings="Quiet now."))
    assert again.stage is Stage.CLOSING
    assert going_on.must(e.ClosureNotified(reason="A warden walks by each night.")).stage is Stage.CLOSING


# Who reads


def test_a_letter_sent_again_goes_to_whoever_acts_now() -> None:
    sam = e.RepresentativeChanged(representative="P2", victim_consents=True)
    service = Service("dover").must(sam)
    all_answer(service).must(e.ThresholdDecided(met=True), e.RepresentativeChanged())
    back = e.LetterUndelivered(key=letter(service, "L-03"), how=e.Failure.BOUNCED)
    service.must(back)
    again = next(order for key, order in service.orders.items() if "/L-03/" in key and key.endswith("~2"))
    assert (again.to.party, again.failed) == (Party.APPLICANT, ())
    assert not reads_no_more(service.case.events, again)


def test_a_letter_in_the_tray_for_somebody_who_acts_no_more_is_not_to_be_posted() -> None:
    service = Service("dover").must(e.RepresentativeChanged(representative="P2", victim_consents=True))
    service.post = lambda order: e.LetterState.IN_TRAY if order.letter == "L-03" else e.LetterState.ACCEPTED
    all_answer(service).must(e.ThresholdDecided(met=True))
    assert "somebody must print and post it" in service.waiting.words
    service.must(e.RepresentativeChanged())
    assert "do not post it" in service.waiting.words
    service.post = lambda order: e.LetterState.ACCEPTED
    service.must(e.LetterSettled(key=letter(service, "L-03"), arrived=False, how="Not posted."))
    assert acting(service.case.events) == ""
    assert any(key.endswith("~2") and order.to.party is Party.APPLICANT for key, order in service.orders.items())


def test_a_letter_that_waits_for_a_mail_server_is_given_up_by_name_and_goes_to_the_applicant() -> None:
    service = Service("dover").must(e.RepresentativeChanged(representative="P2", victim_consents=True))
    all_answer(service).must(e.ThresholdDecided(met=True), e.RepresentativeChanged())
    order = next(order for key, order in service.orders.items() if "/L-03/" in key)
    assert reads_no_more(service.case.events, order)
    posted = e.LetterPosted(
        key=order.key,
        letter="L-03",
        to="representative",
        event=order.event,
        state=e.LetterState.REFUSED,
        by=Means.EMAIL,
    )
    event = e.Event(id="late", at=service.now, by=e.CLOCK, what=posted)
    case = fold(service.policy, service.case.calendar, [*service.case.events, event])
    again = sent_again(case, service.orders, event)
    assert again is not None
    assert again.to.party is Party.APPLICANT


def test_consent_that_comes_later_is_answered_as_the_representative_was_promised() -> None:
    history = History("dover").applied("2026-09-01")  # Tue
    made = history.events[0].what
    assert isinstance(made, e.ApplicationMade)
    application = made.application.model_copy(update={"representative": "P2", "victim_consents": False})
    given = e.DetailsReceived(victim_consents=True)
    events = [
        history.events[0].model_copy(update={"what": made.model_copy(update={"application": application})}),
        e.Event(id="given", at=history.events[0].at, by=OFFICER, what=given),
    ]
    case = fold(history.policy, history.case.calendar, events)
    assert [(one.letter, one.to.party) for one in letters_for("R", case, events[-1])] == [
        ("R-02", Party.REPRESENTATIVE)
    ]


# Withdrawal


def test_whoever_was_asked_for_something_hears_of_a_withdrawal() -> None:
    gathering, appealed = at(Stage.GATHERING), at(Stage.APPEAL)
    for service, expected in ((gathering, {"agency"}), (appealed, {"appeal_body"})):
        known = set(service.orders)
        service.must(e.Withdrawn())
        told = {order.to.party.value for key, order in service.orders.items() if key not in known and "/A-06c/" in key}
        assert told == expected
