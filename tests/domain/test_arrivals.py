"""What a letter's arrival, by e-mail or by post, brings about, and what it undoes that one came back."""

from datetime import date

import pytest

from domain import events as e
from domain.application import Means, Person
from domain.case import Stage
from domain.letters import letters_for
from domain.messages import LetterOrder, Party, Recipient
from domain.policy import Milestone
from domain.rules import refusal
from domain.ways import sent_again
from tests.domain.history import REFERENCE, History, day
from tests.domain.stages import at

IN_TRAY, ACCEPTED, REFUSED = e.LetterState.IN_TRAY, e.LetterState.ACCEPTED, e.LetterState.REFUSED
OFFICER = e.Actor(role=e.Role.OFFICER, name="Sam Price")


def decided(policy: str = "kent-district") -> History:
    """The outcome is decided; its letter is not written yet."""
    history = History(policy).applied("2026-09-07").acknowledged().passed_on().threshold_met()  # Mon
    history.on("2026-09-14").information_gathered().panel_arranged("2026-09-21").on("2026-09-21")  # Mon, Mon
    history.panel_held("police").plan_put().plan_commented()
    return history.on("2026-09-28").happened(e.OutcomeDecided(summary="The panel met.", reasons="Why."))  # Mon


def again(history: History, order: LetterOrder) -> LetterOrder | None:
    return sent_again(history.case, {order.key: order}, history.events[-1])


def ordered(history: History, letter: str = "L-11") -> LetterOrder:
    key = history._posted(letter).key
    return LetterOrder(key=key, letter=letter, to=Recipient(party=Party.APPLICANT), event="e", upto=1)


@pytest.mark.parametrize(
    ("post_class", "received", "appeal_by"),
    [
        (e.PostClass.FIRST, "2026-10-02", "2026-10-16"),  # Fri: two working days and one of grace after Tue 29 Sep
        (e.PostClass.SECOND, "2026-10-06", "2026-10-20"),  # Tue: four working days and one of grace
    ],
)
def test_a_posted_letter_counts_as_received_by_its_class_of_post_and_the_window_runs_from_then(
    post_class: e.PostClass, received: str, appeal_by: str
) -> None:
    history = decided().letter("L-11", but=IN_TRAY)
    assert history.case.stage is Stage.OUTCOME
    assert "appeal_window" not in history.by_key
    history.on("2026-09-30").dispatched("L-11", "2026-09-29", post_class)  # Wed, Tue
    case = history.case
    assert (case.reached[Milestone.OUTCOME_SENT].on, case.reached[Milestone.OUTCOME_RECEIVED].on) == (
        day("2026-09-29"),
        day(received),
    )
    assert (case.stage, history.due("appeal_window")) == (Stage.APPEAL_WINDOW, day(appeal_by))


def test_the_time_to_appeal_runs_from_the_letter_that_got_through() -> None:
    history = decided().letter("L-11")
    first = history.due("appeal_window")
    history.on("2026-09-30").came_back("L-11")  # Wed
    assert "appeal_window" not in history.by_key
    assert history.case.stage is Stage.APPEAL_WINDOW
    assert history.deadline("response").ended_on == day("2026-09-28")  # Mon: the council did write in time
    history.letter("L-11", but=IN_TRAY).on("2026-10-05").dispatched("L-11", "2026-10-05")  # Mon
    assert history.due("appeal_window") > first


def test_a_window_that_shut_behind_a_letter_nobody_had_opens_again() -> None:
    history = decided().letter("L-11").on("2026-10-19").appeal_window_shut()  # Mon
    assert history.case.stage is Stage.FOLLOW_UP
    history.on("2026-10-20").came_back("L-11")  # Tue
    assert history.case.stage is Stage.APPEAL_WINDOW


def test_somebody_who_appealed_has_read_the_letter_that_came_back() -> None:
    history = decided().letter("L-11").on("2026-10-01").appeal_lodged()  # Thu
    known = history.case.reached[Milestone.OUTCOME_RECEIVED]
    history.came_back("L-11")
    assert history.case.reached[Milestone.OUTCOME_RECEIVED] == known
    assert history.case.stage is Stage.APPEAL


def test_the_dates_of_a_letter_that_came_back_are_not_told_and_those_before_it_stand() -> None:
    history = History().applied("2026-09-07").acknowledged(telling={"response": "2026-10-12"})  # Mon, Mon
    history.extended("response", 5).letter("L-08", telling={"response": "2026-10-19"})  # Mon
    assert [telling.on for telling in history.case.told["response"]] == [day("2026-10-19")]
    history.came_back("L-08")
    assert [telling.on for telling in history.case.told["response"]] == [day("2026-10-12")]


def test_a_closure_notice_that_came_back_closes_nothing() -> None:
    history = decided().letter("L-11").on("2026-10-19").appeal_window_shut()  # Mon
    history.recommendation_answered("R1").action_done("R1").on("2027-01-11").follow_up_held()  # Mon
    history.closure_notified()
    assert history.case.stage is Stage.CLOSING
    history.came_back("L-15")
    assert history.case.stage is Stage.FOLLOW_UP
    assert "closure" not in history.by_key


def test_a_refused_letter_goes_the_next_way_and_one_that_came_back_too() -> None:
    refused = decided().letter("L-11", but=REFUSED)
    posted = refused._posted("L-11").model_copy(update={"then": Means.POST})
    refused.happened(posted)
    order = ordered(refused)
    second = again(refused, order)
    assert second is not None
    assert (second.key, second.failed) == (f"{order.key}~2", (Means.EMAIL,))
    bounced = decided().letter("L-11").came_back("L-11")
    other = again(bounced, ordered(bounced))
    assert other is not None
    assert other.failed == (Means.EMAIL,)


def test_a_letter_refused_for_good_or_lost_on_its_way_to_a_body_is_not_sent_again() -> None:
    refused = decided().letter("L-11", but=REFUSED)
    assert again(refused, ordered(refused)) is None
    body = decided().letter("A-05", to="police").came_back("A-05")
    assert again(body, ordered(body, "A-05")) is None


def test_a_way_that_failed_is_the_last_to_be_tried_with_later_letters() -> None:
    history = decided().letter("L-11").came_back("L-11").on("2026-10-01")  # Thu
    history.happened(e.OfficerAssigned(officer="Kit Lane"))
    (order,) = letters_for(REFERENCE, history.case, history.events[-1])
    assert (order.letter, order.failed, order.avoid) == ("L-07", (), (Means.EMAIL,))


@pytest.mark.parametrize(
    ("prefers", "unsafe", "ways"),
    [
        ("email", (), (Means.EMAIL, Means.POST)),
        ("post", (), (Means.POST, Means.EMAIL)),
        ("post", ("post",), (Means.EMAIL,)),
        ("email", ("email",), (Means.POST,)),
        ("email", ("email", "post"), ()),
    ],
)
def test_a_person_is_written_to_as_they_want_and_never_by_what_is_unsafe(
    prefers: str, unsafe: tuple[str, ...], ways: tuple[Means, ...]
) -> None:
    person = Person(
        name="Ann",
        email="ann@example.org",
        address=("1 High Street, Dover CT16 1AA",),
        prefers=Means(prefers),
        unsafe=frozenset(unsafe),
    )
    assert person.ways == ways


def test_somebody_without_an_address_for_a_way_is_not_written_to_by_it() -> None:
    assert Person(name="Ann", email="ann@example.org", prefers=Means.POST).ways == (Means.EMAIL,)
    assert Person(name="Ann", address=("1 High Street, Dover CT16 1AA",)).ways == (Means.POST,)
    assert Person(name="Ann").ways == ()


@pytest.mark.parametrize(
    ("state", "on", "sentence"),
    [
        (ACCEPTED, "2026-09-29", "is not in the print tray; those that are: none"),
        (
            IN_TRAY,
            "2026-09-25",
            "was written on Monday 28 September 2026 and cannot have been posted before; mend the day",
        ),
        (IN_TRAY, "2026-10-02", "in the future"),
        (IN_TRAY, "2026-09-29", None),
    ],
)
def test_a_letter_is_posted_from_the_tray_on_a_day_that_was(
    state: e.LetterState, on: str, sentence: str | None
) -> None:
    history = decided().letter("L-11", but=state).on("2026-09-30")  # Wed
    body = e.LetterDispatched(key=history._posted("L-11").key, on=date.fromisoformat(on))
    found = refusal(history.case, body, OFFICER, history.deadlines, history.today)
    assert (found is None) if sentence is None else (found is not None and sentence in found)


def test_a_notice_that_could_not_be_read_changes_nothing_and_asks_the_officer_to_look() -> None:
    service = at(Stage.APPEAL_WINDOW)
    key = next(key for key, order in service.orders.items() if order.letter == "L-11")
    before = service.due("appeal_window")
    service.must(e.LetterUndelivered(key=key, how=e.Failure.UNCLEAR))
    assert service.due("appeal_window") == before
    assert service.case.letters[key].arrived
    assert [order.letter for order in service.orders.values() if order.event == service.case.events[-2].id] == ["A-18"]
    service.must(e.LetterUndelivered(key=key, how=e.Failure.BOUNCED))
    assert not service.case.letters[key].arrived
