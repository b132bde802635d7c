"""The ladder of reminders, warnings, delay letters and escalations, day by day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

import policies
from domain import chasing
from domain import events as e
from domain.calendar import LONDON, Direction, opening_of
from domain.chasing import Chaser
from domain.policy import Care, Chase, Chasing, Milestone, Policy, Rung, StepId
from tests.domain.history import CHRISTMAS_CLOSURE, ENGLAND, History, council

KENT = "kent-district"
DELAY = Rung.DELAY_LETTER


def met(policy: str | Policy = KENT) -> History:
    return History(policy).applied("2026-09-01").acknowledged().passed_on().on("2026-09-07").threshold_met()  # Tue, Mon


def asked() -> History:
    """The police's account is due on Mon 14 September."""
    return met().asked_for_information("police")


def outcome() -> History:
    return met().on("2026-09-14").reviewed().outcome_sent()  # Mon


def chasers(history: History) -> tuple[Chaser, ...]:
    return chasing.chasers(history.case, history.deadlines, history.today)


def ladder(history: History, key: str) -> list[tuple[str, str, str]]:
    """The rungs still to be climbed for one deadline: which, on which day, to whom."""
    return [(c.rung.value, c.on.isoformat(), c.to) for c in chasers(history) if c.deadline == key]


def climbed(history: History, *keys: str) -> History:
    """The keeper of time answers what is due now for these deadlines, or for all."""
    for _ in range(50):
        due = [c for c in chasers(history) if c.moment <= history.now and (not keys or c.deadline in keys)]
        if not due:
            return history
        first = due[0]
        told = first.rung is DELAY and first.to == "applicant"
        if told and (days := chasing.more_time(history.case, first, history.today)):
            history.extended(first.deadline, days, approved_by="", telling=[first.deadline])
        elif first.rung is Rung.PROCEED:
            history.happened(e.PapersSent() if first.step is StepId.PAPERS else e.EnquiryClosed(enquiry=first.deadline))
        else:
            history.happened(
                e.Chased(rung=first.rung, deadline=first.deadline, step=first.step, due=first.due, to=first.to)
            )
    raise AssertionError("the ladder has no end")


def with_ladder(*rungs: Chase, gap: int = 2, id: str = KENT) -> Policy:
    policy = council(id)
    rules = Chasing(minimum_gap=gap, ladder=rungs, source=policy.chasing.source)
    return policy.model_copy(update={"chasing": rules})


def rung(rung: Rung, step: StepId, days: int, direction: Direction = Direction.BEFORE) -> Chase:
    return Chase(rung=rung, steps=(step,), working_days=days, direction=direction)


def without_limit() -> Policy:
    """As a case of release 0.1.0 has it: the service moves a promise by itself as often as it takes."""
    rules = council(KENT).extensions.model_copy(update={"by_the_clock_times": None})
    return council(KENT).model_copy(update={"extensions": rules})


# Each rung on its day


def test_a_silent_agency_is_reminded_escalated_to_its_senior_and_gone_on_without() -> None:
    assert ladder(asked(), "information:police") == [
        ("reminder", "2026-09-10", "police"),  # Thu, two working days before Mon 14
        ("escalation", "2026-09-15", "senior:police"),  # Tue, one after
        ("reminder", "2026-09-15", "police"),  # Tue
        ("proceed", "2026-09-16", "officer"),  # Wed, two after
    ]


def test_the_response_is_warned_of_and_explained_before_it_lapses() -> None:
    assert ladder(met(), "response") == [
        ("warning", "2026-10-01", "officer"),  # Thu, three working days before Tue 6
        ("delay_letter", "2026-10-05", "applicant"),  # Mon
        ("escalation", "2026-10-07", "manager"),  # Wed
        ("reminder", "2026-10-07", "officer"),  # Wed
        ("escalation", "2026-10-20", "deputy"),  # Tue, ten after
    ]


def test_the_ladder_is_counted_over_holidays_and_closures() -> None:
    calendar = ENGLAND.with_closures(*CHRISTMAS_CLOSURE)
    history = History(KENT, calendar).applied("2026-12-10").acknowledged().passed_on().threshold_met()  # Thu
    history.on("2026-12-21").asked_for_information("police")  # Mon: due Tue 5 January 2027
    assert ladder(history, "information:police")[0] == ("reminder", "2026-12-24", "police")  # Thu, before Mon 4


def test_the_follow_up_is_called_for_when_it_opens() -> None:
    found = ladder(outcome(), "follow_up")
    assert found[0] == ("reminder", "2026-12-14", "officer")  # Mon, three months after the panel
    assert ("delay_letter", "2027-03-12", "applicant") in found  # Fri, before Mon 15 March


def test_papers_go_out_by_themselves_on_their_day() -> None:
    history = met().information_gathered().panel_arranged("2026-09-16")  # Wed
    assert ladder(history, "papers") == [
        ("warning", "2026-09-09", "officer"),  # Wed
        ("proceed", "2026-09-14", "panel"),  # Mon
        ("escalation", "2026-09-15", "manager"),  # Tue, where they did not go
        ("reminder", "2026-09-15", "officer"),  # Tue
        ("escalation", "2026-09-28", "deputy"),  # Mon
    ]
    sent = climbed(history.on("2026-09-14"), "papers")  # Mon
    assert sent.case.has(Milestone.PAPERS_SENT)
    assert ladder(sent, "papers") == []


def test_papers_of_a_panel_arranged_at_short_notice_are_due_at_once() -> None:
    history = met().information_gathered().panel_arranged("2026-09-08")  # Tue: due on Fri 4 September
    assert ("proceed", "2026-09-04", "panel") in ladder(history, "papers")


def test_the_appeals_steps_have_rungs_of_their_own() -> None:
    history = outcome().on("2026-09-21").appeal_lodged()  # Mon
    assert ladder(history, "appeal_hearing") == [
        ("delay_letter", "2026-10-02", "applicant"),  # Fri, before Mon 5 October
        ("escalation", "2026-10-06", "manager"),  # Tue
        ("reminder", "2026-10-06", "appeal_body"),  # Tue
        ("escalation", "2026-10-19", "deputy"),  # Mon
    ]
    assert ladder(history, "appeal_bundle")[0] == ("escalation", "2026-09-25", "manager")  # Fri
    decided = ladder(history.bundle_sent().appeal_heard(), "appeal_decision")
    assert decided[0] == ("delay_letter", "2026-09-25", "applicant")  # Fri, before Mon 28


def test_a_chaser_goes_out_when_the_office_opens() -> None:
    chaser = chasers(asked())[0]
    assert chaser.moment == opening_of(chaser.on)
    assert chaser.words == "reminder to police: Agencies give their full account: Kent Police"


# What ends a rung


def test_an_answer_ends_the_ladder() -> None:
    assert ladder(asked().answered(), "information:police") == []


def test_a_moved_date_has_a_ladder_of_its_own() -> None:
    history = climbed(met().on("2026-10-01"), "response")  # Thu: the warning went out
    assert [r for r, _, _ in ladder(history, "response")][:2] == ["delay_letter", "escalation"]
    assert ladder(history.extended("response", 5), "response")[:2] == [
        ("warning", "2026-10-08", "officer"),  # Thu
        ("delay_letter", "2026-10-12", "applicant"),  # Mon
    ]


def test_a_rung_is_climbed_once() -> None:
    history = asked()
    climbed(history.on("2026-09-10"), "information:police")  # Thu
    assert [r for r, _, _ in ladder(history, "information:police")] == ["escalation", "reminder", "proceed"]
    climbed(history.on("2026-09-15"), "information:police")  # Tue
    assert ladder(history, "information:police") == [
        ("proceed", "2026-09-16", "officer"),  # Wed
        ("escalation", "2026-09-21", "senior:police"),  # Mon, five after: what is overdue is chased until it is done
        ("reminder", "2026-09-21", "police"),  # Mon
    ]


def test_two_reminders_of_one_deadline_are_two_rungs() -> None:
    rungs = [rung(Rung.REMINDER, StepId.INFORMATION, days) for days in (4, 1)]
    history = met(with_ladder(*rungs)).asked_for_information("police")  # Mon: due Mon 14
    assert [on for _, on, _ in ladder(history, "information:police")] == ["2026-09-08", "2026-09-11"]  # Tue, Fri
    climbed(history.on("2026-09-08"))  # Tue
    assert [on for _, on, _ in ladder(history, "information:police")] == ["2026-09-11"]  # Fri


def test_an_agency_gone_on_without_is_chased_no_more() -> None:
    history = climbed(asked().on("2026-09-16"), "information:police")  # Wed
    assert [q.proceeded_on for q in history.case.enquiries.values()] == [date(2026, 9, 16)]  # Wed
    assert ladder(history, "information:police") == []
    assert ladder(history.on("2026-12-01"), "information:police") == []  # Tue


@pytest.mark.parametrize("end", [History.withdrawn, History.closed])
def test_nobody_is_chased_once_a_case_is_over(end: Callable[[History], History]) -> None:
    history = end(asked())
    assert chasers(history) == ()
    assert chasing.next_moment(history.case, history.deadlines, history.now, history.today) is None


def test_a_refusal_ends_the_chasing_for_a_review() -> None:
    history = History(KENT).applied("2026-09-01").acknowledged().passed_on().threshold_refused()  # Tue
    assert {chaser.step for chaser in chasers(history)} == set()


# The gap


def test_two_chases_of_one_body_keep_the_minimum_gap() -> None:
    history = outcome_for("police", "police", "police")
    assert [r for r, _, _ in ladder(history, "recommendation:R1")][:2] == ["reminder", "escalation"]
    climbed(history.on("2026-09-24"), "recommendation:R1")  # Thu: the answers are due on Mon 28
    assert ladder(history, "recommendation:R2")[0] == ("reminder", "2026-09-28", "police")  # Mon, the due day
    climbed(history.on("2026-09-28"), "recommendation:R2")  # Mon
    assert [r for r, on, _ in ladder(history, "recommendation:R3") if on <= "2026-09-28"] == []  # Mon


def test_the_gap_of_one_body_does_not_hold_up_another() -> None:
    history = outcome_for("police", "council")
    climbed(history.on("2026-09-24"), "recommendation:R1")  # Thu
    assert ladder(history, "recommendation:R2")[0] == ("reminder", "2026-09-24", "council")  # Thu


def test_an_escalation_waits_for_nothing() -> None:
    history = outcome_for("police", "police")
    climbed(history.on("2026-09-29"))  # Tue, the day after: both are escalated at once
    escalated = [c.deadline for c, _ in history.case.chased if c.rung is Rung.ESCALATION]
    assert escalated == ["recommendation:R1", "recommendation:R2"]


def outcome_for(*bodies: str) -> History:
    history = met().on("2026-09-14").information_gathered().panel_arranged("2026-09-14").papers_sent()  # Mon
    return history.panel_held(*bodies).plan_put().plan_commented().outcome_sent()


# Who is told


def test_an_escalation_names_the_agencys_senior() -> None:
    for policy in policies.ids():
        history = met(policy).on("2026-09-14").reviewed()  # Mon
        to, *others = [to for r, _, to in ladder(history, "recommendation:R1") if r == "escalation"]
        agency = history.policy.agency(to.removeprefix("senior:"))
        assert to.startswith("senior:")
        assert others == ["manager", "deputy"]
        assert agency is not None
        assert agency.senior.email


@pytest.mark.parametrize("step", [StepId.RECOMMENDATION, StepId.RESPONSE, StepId.PANEL, StepId.PAPERS])
def test_only_an_enquiry_is_gone_on_without_whatever_the_ladder_lists(step: StepId) -> None:
    history = met(with_ladder(rung(Rung.PROCEED, step, 1, Direction.AFTER))).on("2026-09-14").reviewed()  # Mon
    assert [c for c in chasers(history) if c.rung is Rung.PROCEED] == []


def test_papers_go_once_although_the_ladder_lists_them_too() -> None:
    history = met(with_ladder(rung(Rung.PROCEED, StepId.PAPERS, 1, Direction.AFTER)))
    history.information_gathered().panel_arranged("2026-09-16")  # Wed
    assert ladder(history, "papers") == [("proceed", "2026-09-14", "panel")]  # Mon


# Delay letters


LADDERS: list[tuple[str, tuple[Chase, ...]]] = [
    ("an empty ladder", ()),
    ("a letter after the date", (rung(DELAY, StepId.RESPONSE, 1, Direction.AFTER),)),
    ("a letter on the date", (rung(DELAY, StepId.RESPONSE, 0),)),
    ("a letter for another step", (rung(DELAY, StepId.THRESHOLD, 5),)),
    ("a reminder only", (rung(Rung.REMINDER, StepId.RESPONSE, 2),)),
]


@pytest.mark.parametrize(("name", "rungs"), LADDERS, ids=[name for name, _ in LADDERS])
def test_a_delay_letter_comes_before_the_promise_lapses_whatever_the_ladder_says(
    name: str, rungs: tuple[Chase, ...]
) -> None:
    history = met(with_ladder(*rungs))
    [letter] = [chaser for chaser in chasers(history) if chaser.rung is DELAY and chaser.deadline == "response"]
    assert letter.on == date(2026, 10, 5), name  # Mon, before Tue 6


@pytest.mark.parametrize("id", policies.ids())
def test_invariant_4_no_promise_lapses_in_silence(id: str) -> None:
    """With nobody doing anything at all, for three months, every promise is explained before it passes: by a new date
    as often as the policy has it, and then by a letter that it is not kept."""
    history = met(id)
    day = history.today
    while day < date(2026, 12, 7):  # Mon
        history = climbed(history.on(day, at="09:00") if day > history.today else history)
        not_kept = {(told.deadline, told.due) for told, _ in history.case.chased if told.to == "applicant"}
        for deadline in history.deadlines:
            if deadline.public and deadline.running and (deadline.key, deadline.due) not in not_kept:
                assert deadline.due > day, f"{deadline.key} lapses on {day} and nobody was told"
        upcoming = chasing.next_moment(history.case, history.deadlines, history.now, history.today)
        assert upcoming is not None
        day = max(upcoming[0].astimezone(LONDON).date(), day + timedelta(days=1))
    told = [event for event in history.events if event.kind == "deadline.extended"]
    keys = Counter(event.what.step for event in told if isinstance(event.what, e.Extended))
    assert keys
    assert set(keys.values()) == {2}
    assert {key for key, _ in not_kept} == set(keys)
    for event in told:
        assert isinstance(event.what, e.Extended)
        letters = [x.what for x in history.events if isinstance(x.what, e.LetterPosted) and x.what.event == event.id]
        assert [letter.told[event.what.step] > event.at.date() for letter in letters] == [True]


@pytest.mark.parametrize("step", ["appeal_hearing", "appeal_decision"])
def test_invariant_4_holds_for_the_appeal_too(step: str) -> None:
    history = outcome().on("2026-09-21").appeal_lodged()  # Mon
    if step == "appeal_decision":
        history.bundle_sent().appeal_heard()
    due = history.due(step)
    letter = next(chaser for chaser in chasers(history) if chaser.deadline == step and chaser.rung is DELAY)
    assert letter.on < due
    climbed(history.on(letter.on, at="09:00"), step)
    assert history.due(step) > due
    assert history.deadline(step).promised == due


def test_a_promise_only_a_day_long_is_explained_on_the_day_it_starts() -> None:
    kent = council(KENT)
    response = kent.step(StepId.RESPONSE)
    assert response is not None
    short = response.model_copy(update={"clocks": (response.clocks[0].model_copy(update={"limit": 1}),)})
    policy = kent.model_copy(update={"steps": (short,)})
    history = History(policy).applied("2026-09-01")  # Tue
    assert ladder(history, "response")[0] == ("delay_letter", "2026-09-01", "applicant")  # Tue


def test_what_is_no_promise_to_the_applicant_has_no_delay_letter() -> None:
    policy = with_ladder(rung(DELAY, StepId.THRESHOLD, 1), rung(DELAY, StepId.PLAN, 1))
    history = met(policy).on("2026-09-14").reviewed().plan_put()  # Mon
    assert {chaser.deadline for chaser in chasers(history) if chaser.rung is DELAY} == {"response", "follow_up"}


@pytest.mark.parametrize(
    ("today", "due"),
    [
        ("2026-10-05", date(2026, 10, 13)),  # Mon, in time: five working days on, Tue
        ("2026-10-06", date(2026, 10, 13)),  # Tue, the last day
        ("2026-10-13", date(2026, 10, 20)),  # Tue, a week late: five would be today
        ("2026-10-20", date(2026, 10, 27)),  # Tue
        ("2026-12-23", date(2026, 12, 31)),  # Wed, after months without the service: Thu
    ],
)
def test_after_an_outage_the_new_date_lies_ahead_and_one_letter_is_enough(today: str, due: date) -> None:
    history = met(without_limit()).on("2026-09-14").reviewed().on(today, at="09:00")  # Mon
    climbed(history, "response")
    assert history.due("response") == due
    assert len(history.case.extensions["response"]) == 1


@pytest.mark.parametrize(
    ("today", "due"),
    [
        ("2026-10-05", date(2026, 10, 13)),  # Mon, in time: five working days on, Tue
        ("2026-10-13", date(2026, 10, 20)),  # Tue, a week late: both fives at once
        ("2026-10-20", date(2026, 10, 6)),  # Tue, two weeks late: ten would be today, so nothing moves
        ("2026-12-23", date(2026, 10, 6)),  # Wed
    ],
)
def test_after_an_outage_the_service_moves_a_date_no_further_than_is_published(today: str, due: date) -> None:
    history = met().on("2026-09-14").reviewed().on(today, at="09:00")  # Mon
    climbed(history, "response")
    assert history.due("response") == due
    told = [told.to for told, _ in history.case.chased if told.rung is DELAY]
    assert told == ([] if due > date(2026, 10, 6) else ["manager", "officer", "applicant"])  # Tue


def test_more_time_for_months_is_reckoned_as_the_extension_will_be() -> None:
    history = met().on("2026-11-30").reviewed().outcome_sent().on("2027-06-07", at="09:00")  # Mon, Mon
    assert history.due("follow_up") == date(2027, 6, 1)  # Tue, rolled from Sun 30 May: five days on is Mon 7 June
    climbed(history, "follow_up")
    assert history.due("follow_up") == date(2027, 6, 14)  # Mon
    assert [x.working_days for x in history.case.extensions["follow_up"]] == [10]


def test_an_outage_of_a_year_is_caught_up_in_more_than_one_letter_of_the_longest_there_is() -> None:
    history = met(without_limit()).on("2026-09-14").reviewed().on("2027-11-01", at="09:00")  # Mon, Mon
    climbed(history, "response")
    given = [x.working_days for x in history.case.extensions["response"]]
    assert max(given) <= 120
    assert history.due("response") > date(2027, 11, 1)  # Mon


# The next moment


def moment(history: History) -> tuple[datetime, str] | None:
    return chasing.next_moment(history.case, history.deadlines, history.now, history.today)


def test_the_next_moment_is_the_next_chaser_or_the_end_of_the_next_due_day() -> None:
    history = asked()
    assert moment(history) == (
        opening_of(date(2026, 9, 10)),  # Thu
        "reminder to police: Agencies give their full account: Kent Police",
    )
    history = climbed(history.on("2026-09-14"))  # Mon
    found = moment(history)
    assert found is not None
    assert found[0] == datetime(2026, 9, 15, tzinfo=LONDON)  # Tue, midnight: Monday is over
    assert found[1] == "Agencies give their full account: Kent Police due Mon 14 Sep 2026"


def test_the_next_moment_is_never_past_although_chasers_are() -> None:
    history = asked().on("2026-09-30", at="12:00")  # Wed
    assert chasers(history)[0].moment < history.now
    found = moment(history)
    assert found is not None
    assert found[0] > history.now


def test_the_end_of_a_hold_is_a_moment() -> None:
    history = History("dover").applied("2026-09-01").acknowledged().held("2026-09-03")  # Tue, Thu
    assert moment(history) == (datetime(2026, 9, 3, tzinfo=LONDON), "the hold ends")  # Thu, midnight


def test_an_applicants_window_is_a_moment_although_nobody_is_chased_for_it() -> None:
    history = outcome().recommendation_answered("R1", e.Response.DECLINED)
    history.policy = history.policy.model_copy(update={"care": Care()})
    found = moment(history)
    assert found == (datetime(2026, 9, 30, tzinfo=LONDON), "Appeal by due Tue 29 Sep 2026")  # Wed, midnight


def test_the_ladder_is_a_dry_run_that_says_the_same_twice_and_changes_nothing() -> None:
    history = outcome().on("2026-09-30")  # Wed
    case, deadlines = history.case, history.deadlines
    first = chasing.chasers(case, deadlines, history.today)
    assert chasing.chasers(case, deadlines, history.today) == first
    assert case == history.case
    assert [chaser.on for chaser in first] == sorted(chaser.on for chaser in first)


@pytest.mark.parametrize("id", policies.ids())
def test_every_rung_of_every_councils_ladder_has_somebody_to_go_to(id: str) -> None:
    history = met(id).asked_for_information().on("2026-09-14").answered().panel_arranged("2026-09-18")  # Mon, Fri
    posts = {"officer", "chair", "applicant", "appeal_body", "manager", "deputy", "panel"}
    for chaser in chasers(history):
        assert chaser.to in posts or history.policy.agency(chaser.to.removeprefix("senior:")), chaser.words
