"""The case's file, without Temporal: what a turn carries, where letters stand, what a new run is given."""

from __future__ import annotations

import inspect
import re
from datetime import date, datetime, time, timedelta

import pytest

import policies
from domain import events as e
from domain.application import Application, Incident
from domain.calendar import LONDON
from domain.case import Stage
from domain.events import Actor, Event, LetterState, Role
from domain.messages import Accepted, CarriedOver, LetterOrder, Start
from domain.policy import Rung, StepId
from tests.domain.history import ENGLAND
from workflows.case_review import CaseReview
from workflows.file import CaseFile

MONDAY = date(2026, 1, 5)  # Mon
OFFICER = Actor(role=Role.OFFICER, name="Sam Officer")


def at(day: date = MONDAY, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), LONDON)


def start(policy: str = "dover", made: date = MONDAY) -> Start:
    reports = (
        Incident(id=f"I{n}", occurred=date(2025, 12, n), reported=date(2025, 12, n), reported_to="police", what="noise")
        for n in (1, 8, 15)  # Mon
    )
    return Start(
        reference="DOV-2026-0001", policy=policies.load(policy), calendar=ENGLAND, made_at=at(made), by=OFFICER,
        application=Application(applicant="p1", consent_to_share=True, incidents=tuple(reports)),
    )  # fmt: skip


def begun(policy: str = "dover") -> CaseFile:
    """A case that was acknowledged, passed on and has its one enquiry out; nothing of it is kept or sent yet."""
    file = CaseFile(start(policy), at())
    file.happen(e.Acknowledged(), at())
    file.happen(e.PassedOn(), at())
    asked = e.EnquirySent(enquiry="verification:police", purpose=e.Purpose.VERIFICATION, agency="police")
    file.happen(asked, at())
    return file


def posted(order: LetterOrder, now: datetime, state: LetterState = LetterState.ACCEPTED) -> Event:
    what = e.LetterPosted(key=order.key, letter=order.letter, to=order.to.words, event=order.event, state=state)
    return Event(id=f"{order.key}={state}", at=now, by=e.CLOCK, what=what)


def carried_out(file: CaseFile, now: datetime, state: LetterState = LetterState.ACCEPTED) -> CaseFile:
    for order in file.turn(now).letters:
        file.posted(posted(order, now, state), now)
    return file


def again(file: CaseFile, now: datetime, policy: str = "dover") -> CaseFile:
    """The same case in a run of its own, started with what crosses to it as JSON."""
    progress = CarriedOver.model_validate_json(file.progress().model_dump_json())
    return CaseFile(start(policy).model_copy(update={"progress": progress}), now)


def test_a_case_begins_with_its_application_still_to_be_kept() -> None:
    file = CaseFile(start(), at())
    assert file.dirty
    turn = file.turn(at())
    assert [(n.seq, n.event.kind, n.event.id) for n in turn.events] == [(1, "application.made", "001-application.made")]
    assert turn.letters == ()
    assert not file.dirty


def test_one_turn_carries_all_that_happened_since_the_last_in_order() -> None:
    file = begun()
    turn = file.turn(at())
    assert [n.seq for n in turn.events] == [1, 2, 3, 4]
    assert [n.event.kind for n in turn.events] == [
        "application.made", "application.acknowledged", "application.passed_on", "enquiry.sent",
    ]  # fmt: skip
    assert [order.letter for order in turn.letters] == ["L-01", "A-01", "A-01", "A-01", "A-01", "A-02"]
    assert [order.upto for order in turn.letters] == [2, 3, 3, 3, 3, 4]
    assert len({order.key for order in turn.letters}) == 6
    nothing = file.turn(at())
    assert (nothing.events, nothing.letters) == ((), ())


def test_what_became_of_a_letter_asks_for_no_turn_and_has_its_place_in_the_next() -> None:
    file = begun()
    letters = file.turn(at()).letters
    for order in letters:
        file.posted(posted(order, at()), at())
    assert not file.dirty
    file.happen(e.NoteAdded(text="The applicant rang."), at(), by=OFFICER)
    turn = file.turn(at())
    assert [n.seq for n in turn.events] == [5, 6, 7, 8, 9, 10, 11]
    assert [n.event.kind for n in turn.events] == ["letter.posted"] * 6 + ["note.added"]
    assert turn.letters == ()


def test_a_letter_posted_after_something_else_happened_comes_after_it() -> None:
    file = begun()
    order = file.turn(at()).letters[0]
    file.happen(e.NoteAdded(text="While it was being posted."), at(), by=OFFICER)
    file.posted(posted(order, at()), at())
    assert [n.event.kind for n in file.turn(at()).events] == ["note.added", "letter.posted"]


def test_a_letter_that_never_arrived_goes_again_under_a_key_of_its_own_saying_what_holds_by_then() -> None:
    file = begun()
    first = file.turn(at()).letters[0]
    keys: list[str] = []
    for day in (6, 7, 8):  # Tue, Wed, Thu
        now = at(date(2026, 1, day))
        latest = file.orders[keys[-1]] if keys else first
        file.posted(posted(latest, now, LetterState.REFUSED), now)
        settled = e.LetterSettled(key=latest.key, arrived=False, how="She rang: it never came.")
        file.happen(settled, now, by=OFFICER)
        turn = file.turn(now)
        [order] = [order for order in turn.letters if order.letter == "L-01"]
        keys.append(order.key)
        assert (order.event, order.to) == (first.event, first.to)
        assert order.upto == order.written_from == len(file.case.events)
    assert keys == [f"{first.key}~2", f"{first.key}~3", f"{first.key}~4"]


def test_a_letter_that_did_arrive_is_not_sent_again() -> None:
    file = begun()
    order = file.turn(at()).letters[0]
    file.posted(posted(order, at(), LetterState.UNCERTAIN), at())
    file.turn(at())
    file.happen(e.LetterSettled(key=order.key, arrived=True, how="She has it."), at(), by=OFFICER)
    assert file.turn(at()).letters == ()
    assert file.case.letters[order.key].arrived


def test_every_event_has_an_id_of_its_own_and_an_acts_is_its_updates() -> None:
    file = begun()
    event = file.happen(e.NoteAdded(text="Rang."), at(), by=OFFICER, id="6f0c")
    assert event.id == "6f0c"
    ids = [event.id for event in file.case.events]
    assert len(set(ids)) == len(ids)


def test_time_matters_next_when_the_ladder_or_a_due_day_says() -> None:
    file = carried_out(begun(), at())
    assert file.moment is not None
    assert file.moment[0] == at(date(2026, 1, 8), 9)  # Thu
    assert "reminder to police" in file.moment[1]
    file.replan(at(date(2026, 1, 8), 9))
    step = file.step
    assert isinstance(step, e.Chased)
    assert (step.rung, step.step, step.due) == (Rung.REMINDER, StepId.VERIFICATION, date(2026, 1, 12))  # Mon


def test_a_date_that_passed_asks_for_a_turn_once_though_nothing_happened() -> None:
    file = carried_out(begun(), at())
    decide = next(d for d in file.deadlines if d.step is StepId.THRESHOLD)
    file.replan(at(decide.due))
    file.turn(at(decide.due))
    assert not file.dirty
    late = at(decide.due + timedelta(days=1))
    file.replan(late)
    assert file.dirty
    assert file.turn(late).events == ()
    file.replan(late)
    assert not file.dirty


def test_an_enquiry_is_gone_on_without_once() -> None:
    file = carried_out(begun(), at())
    late = at(date(2026, 1, 15))  # Thu
    file.replan(late)
    done = []
    while step := file.step:
        done.append(step)
        file.happen(step, late)
    assert [step for step in done if isinstance(step, e.EnquiryClosed)] == [
        e.EnquiryClosed(enquiry="verification:police")
    ]
    assert file.case.stage == "deciding the threshold"


def test_a_new_run_has_the_same_events_dates_letters_and_acts_seen() -> None:
    file = carried_out(begun(), at())
    file.happen(e.NoteAdded(text="Rang."), at(), by=OFFICER, id="6f0c")
    file.seen["6f0c"] = Accepted(event="6f0c", kind="note.added", stage="verifying reports", waiting="")
    now = at(date(2026, 1, 6))  # Tue
    file.happen(e.Extended(step="response", working_days=3, reason="Leave.", approved_by="Head"), now, by=OFFICER)
    carried_out(file, now)
    file.replan(now)
    new = again(file, now)
    assert new.case.events == file.case.events
    assert new.deadlines == file.deadlines
    assert new.moment == file.moment
    assert new.seen == file.seen
    assert new.orders == file.orders
    assert new.case.stage == file.case.stage
    response = next(d for d in new.deadlines if d.key == "response")
    assert (response.promised, response.due) == (date(2026, 2, 9), date(2026, 2, 12))  # Mon, Thu


def test_a_new_run_sends_no_letter_that_went_and_every_one_that_had_not() -> None:
    file = begun()
    assert [o.key for o in again(file, at()).turn(at()).letters] == [o.key for o in begun().turn(at()).letters]
    carried_out(file, at())
    assert again(file, at()).turn(at()).letters == ()
    file.happen(e.OfficerAssigned(officer="Jo New"), at(), by=OFFICER)
    assert [o.letter for o in again(file, at()).turn(at()).letters] == ["L-07"]


def test_a_new_run_keeps_what_was_not_kept_and_places_the_letters_that_had_no_place() -> None:
    file = carried_out(begun(), at())
    file.happen(e.NoteAdded(text="Rang."), at(), by=OFFICER)
    there, here = again(file, at()).turn(at()).events, file.turn(at()).events
    assert sorted(there, key=lambda n: n.seq) == list(here)
    assert len(here) == 7
    assert again(file, at()).turn(at()).events == ()


def test_a_new_run_tries_again_the_letter_the_mail_server_asked_to_have_later() -> None:
    file = begun()
    first, *rest = file.turn(at()).letters
    file.posted(posted(first, at(), LetterState.WAITING), at())
    for order in rest:
        file.posted(posted(order, at()), at())
    new = again(file, at())
    assert new.dirty
    assert new.turn(at()).letters == (first,)
    new.posted(posted(first, at()), at())
    assert again(new, at()).turn(at()).letters == ()


def test_a_letter_sent_again_keeps_its_number_in_a_new_run() -> None:
    file = begun()
    first = file.turn(at()).letters[0]
    file.posted(posted(first, at(), LetterState.REFUSED), at())
    file.happen(e.LetterSettled(key=first.key, arrived=False, how="No."), at(), by=OFFICER)
    second = next(order for order in file.turn(at()).letters if order.letter == "L-01")
    file.posted(posted(second, at(), LetterState.REFUSED), at())
    file.turn(at())
    new = again(file, at())
    new.turn(at())
    new.happen(e.LetterSettled(key=second.key, arrived=False, how="No."), at(), by=OFFICER)
    assert [order.key for order in new.turn(at()).letters if order.letter == "L-01"] == [f"{first.key}~3"]


@pytest.mark.parametrize("length", range(1, 6))
def test_a_run_may_end_after_any_event_and_nothing_is_doubled_or_lost(length: int) -> None:
    bodies: tuple[e.Body, ...] = (
        e.Acknowledged(),
        e.PassedOn(),
        e.EnquirySent(enquiry="verification:police", purpose=e.Purpose.VERIFICATION, agency="police"),
        e.EnquiryAnswered(enquiry="verification:police", account="Two visits."),
        e.ThresholdDecided(met=True, decided_by="Sam Officer"),
    )
    file, whole = CaseFile(start(), at()), CaseFile(start(), at())
    sent: list[str] = []
    for number, body in enumerate(bodies, start=1):
        now = at(MONDAY + timedelta(days=number - 1))
        if number == length:
            file = again(file, now)
        for one in (file, whole):
            one.happen(body, now)
        turn, expected = file.turn(now), whole.turn(now)
        assert [n.event.id for n in turn.events if n in expected.events] == [n.event.id for n in expected.events]
        sent += [order.key for order in turn.letters]
        for one, letters in ((file, turn.letters), (whole, expected.letters)):
            for order in letters:
                one.posted(posted(order, now), now)
    assert len(sent) == len(set(sent))
    assert set(sent) == set(whole.orders)
    assert file.case.events == whole.case.events
    assert file.deadlines == whole.deadlines


@pytest.mark.parametrize("policy", ["dover", "kent-district", "medway", "folkestone-and-hythe", "south-derbyshire"])
def test_every_council_gives_a_case_its_next_moment(policy: str) -> None:
    file = begun(policy)
    assert file.moment is not None
    assert at() < file.moment[0] < at(MONDAY + timedelta(days=14))


def test_every_stage_of_a_case_has_its_one_chapter() -> None:
    """A stage without one would turn the story in a circle."""
    told = re.findall(r"Stage\.([A-Z_]+)", inspect.getsource(CaseReview))
    assert sorted(told) == sorted(stage.name for stage in Stage if not stage.over)
