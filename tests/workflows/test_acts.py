"""How people act on a case: once, by the rules, and never lost."""

import asyncio
from datetime import timedelta

import pytest
from temporalio.client import WorkflowUpdateFailedError, WorkflowUpdateStage

from domain import events as e
from domain.calendar import ClosedDay
from domain.messages import Accepted, Act
from office import acting
from office.acting import Over
from tests.workflows.gate import gate
from tests.workflows.life import APPLICANT, CHAIR, OFFICER, Desk, Life, form, panel, refusal
from tests.workflows.past import at_panel, at_threshold
from workflows import doors
from workflows.case_review import CaseReview

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]


async def test_the_same_update_twice_is_applied_once(desk: Desk) -> None:
    life = await Life.begin(desk)
    note = e.NoteAdded(text="The applicant rang.")
    first = await life.act(note, OFFICER, id="note-1")
    second = await life.act(note, OFFICER, id="note-1")
    assert first == second
    assert (await life.kinds()).count("note.added") == 1


async def test_two_officers_at_once_are_both_heard_and_only_one_decides(desk: Desk) -> None:
    life = await at_threshold(desk)
    decision = e.ThresholdDecided(met=True, decided_by="Sam Officer")
    both = (life.act(decision, OFFICER, id=id) for id in ("one", "two"))
    results = await asyncio.gather(*both, return_exceptions=True)
    assert sum(isinstance(result, Accepted) for result in results) == 1
    assert (await life.letters())["L-03"] == 1


async def test_a_refused_act_says_why_and_leaves_no_trace(desk: Desk) -> None:
    life = await Life.begin(desk)
    before = await life.kinds()
    sentence = await life.refusal(e.OutcomeDecided(reasons="Too early."))
    assert "not possible while the case is at 'verifying reports'" in sentence
    assert "decide-threshold" in sentence
    assert await life.kinds() == before


async def test_invariant_1_three_qualifying_complaints_cannot_be_refused(desk: Desk) -> None:
    life = await at_threshold(desk, "kent-district", form(3))
    assert "section 104(4) is met" in await life.refusal(refusal(), OFFICER)


async def test_invariant_3_a_refusal_needs_a_second_person_and_every_reason(desk: Desk) -> None:
    life = await at_threshold(desk, application=form(2))
    for missing in ("persistence", "harm", "adequacy", "alternative_action", "approved_by"):
        assert missing.replace("_", " ") in (await life.refusal(refusal(**{missing: ""}), OFFICER)).replace("_", " ")
    assert await life.refusal(refusal(approved_by=OFFICER.name), OFFICER)
    await life.act(refusal(), OFFICER)


async def test_a_withdrawal_is_a_signal_and_is_confirmed(desk: Desk) -> None:
    life = await Life.begin(desk)
    await desk.office.signal(life.reference, e.Withdrawn(reason="I have moved."), APPLICANT)
    await life.until(lambda now: now.stage == "withdrawn")
    assert (await life.letters())["L-16"] == 1
    assert (await desk.office.handle(life.reference).result()).stage == "withdrawn"


async def test_a_further_incident_by_signal_counts_once_however_often_it_is_sent(desk: Desk) -> None:
    life = await Life.begin(desk)
    incident = form(1).incidents[0].model_copy(update={"what": "It happened again."})
    added = e.IncidentAdded(incident=incident)
    for _ in range(3):
        await desk.office.signal(life.reference, added, APPLICANT, id="again")
    await life.until(lambda now: any(event.kind == "incident.added" for event in now.events))
    assert (await life.kinds()).count("incident.added") == 1
    assert (await life.letters())["L-17"] == 1


async def test_a_chairs_decision_is_taken_as_a_signal(desk: Desk) -> None:
    life = await at_panel(desk)
    on = (await life.event("panel.arranged")).what.on
    await life.on(on)
    plain = {
        "id": "pat-1",
        "by": {"role": "chair", "name": "Pat Chair"},
        "what": {"on": on.isoformat(), "findings": "Heard.", "recommendations": [{"to": "police", "text": "Visit."}]},
    }
    await desk.office.handle(life.reference).signal("record-panel-decision", plain)
    await life.until(lambda now: now.stage == "plan with the applicant")
    assert (await life.letters())["A-08"] == 1


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (
            {"id": "1", "by": {"role": "chair"}, "what": {"on": "2026-01-05", "findings": "Early."}},
            "not possible while",
        ),
        ({"by": {"role": "chair"}, "what": {"on": "2026-01-05", "findings": "Early."}}, "not possible while"),
        ({"by": {"role": "chair"}, "what": {"findings": "No date."}}, "on"),
        ("not an act at all", "could not be read"),
        (None, "could not be read"),
    ],
)
async def test_a_signal_the_rules_refuse_is_kept_and_shown(desk: Desk, payload: object, words: str) -> None:
    life = await Life.begin(desk)
    await desk.office.handle(life.reference).signal("record-panel-decision", payload)
    now = await life.until(lambda now: any(event.kind == "act.refused" for event in now.events))
    refused = next(event.what for event in now.events if isinstance(event.what, e.ActRefused))
    assert words in refused.sentence
    assert now.stage == "verifying reports"
    assert (await life.letters())["A-18"] == 1


async def test_an_act_without_an_id_goes_by_what_it_says_and_counts_once(desk: Desk) -> None:
    life = await Life.begin(desk)
    handle = desk.office.handle(life.reference)
    incident = {
        "occurred": "2026-11-01",
        "reported": "2026-11-02",
        "reported_to": "police",
        "what": "Eggs on the door.",
    }
    for _ in range(2):
        await handle.signal("add-incident", {"by": {"role": "applicant"}, "what": {"incident": incident}})
    note = Act[e.NoteAdded](by=OFFICER, what=e.NoteAdded(text="By another program."))
    first = await handle.execute_update("add-note", note, id="once", result_type=Accepted)
    again = await handle.execute_update("add-note", note, id="once", result_type=Accepted)
    assert first == again
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await handle.execute_update("add-note", note, id="twice")
    assert "the same was sent before" in str(refused.value.cause)
    kinds = await life.kinds()
    assert (kinds.count("incident.added"), kinds.count("note.added")) == (1, 1)


async def test_a_case_replays_under_rules_that_have_become_stricter(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    life = await at_threshold(desk)
    await life.act(e.NoteAdded(text="As the rules then were."), OFFICER)
    history = await desk.office.handle(life.reference).fetch_history()
    monkeypatch.setattr(doors, "refusal", lambda *_: "nothing is allowed any more")
    replayed = await gate(desk.office.client.data_converter, CaseReview).replay_workflow(history)
    assert replayed.replay_failure is None


async def test_an_update_that_cannot_be_read_is_refused_and_the_case_goes_on(desk: Desk) -> None:
    life = await Life.begin(desk)
    with pytest.raises(Exception):  # noqa: B017, PT011
        await desk.office.handle(life.reference).execute_update("arrange-panel", {"by": {"role": "officer"}})
    await life.act(e.NoteAdded(text="Still here."), OFFICER)


async def test_an_update_can_be_left_and_asked_after(desk: Desk) -> None:
    life = await Life.begin(desk)
    handle = desk.office.handle(life.reference)
    act = Act[e.NoteAdded](by=OFFICER, what=e.NoteAdded(text="Later."), id="later")
    update = await handle.start_update(
        "add-note", act, wait_for_stage=WorkflowUpdateStage.ACCEPTED, id="later", result_type=Accepted
    )
    assert (await update.result()).kind == "note.added"


async def test_a_new_officer_and_a_new_representative_are_told(desk: Desk) -> None:
    life = await Life.begin(desk)
    await life.act(e.OfficerAssigned(officer="Jo New", email="jo@example.org"))
    assert (await life.letters())["L-07"] == 1
    text = life.mails("asha@example.org")[0].text
    assert "Jo New" in text


async def test_a_hold_at_the_victims_request_moves_the_dates_by_its_working_days(desk: Desk) -> None:
    life = await Life.begin(desk)
    before = (await life.deadline("response")).due
    until = await life.working_days(10)
    assert "victim" in await life.refusal(e.HoldStarted(until=until, reason="We are busy."))
    await life.act(e.HoldStarted(until=until, reason="I am away.", at_victims_request=True))
    during = await life.deadline("response")
    assert during.due > before
    assert during.promised == before
    await life.after(3)
    await life.act(e.HoldEnded())
    assert before < (await life.deadline("response")).due < during.due
    assert (await life.letters())["L-07h"] == 1


async def test_a_corrected_date_plans_everything_again_and_is_told(desk: Desk) -> None:
    life = await Life.begin(desk)
    before = await life.deadline("response")
    earlier = before.anchored_on - timedelta(days=7)
    await life.act(e.DateCorrected(milestone="received", to=earlier, reason="It came a week before."))
    after = await life.deadline("response")
    assert after.due < before.due
    assert after.promised == before.due
    assert (await life.letters())["L-22"] == 1


async def test_a_declared_holiday_does_not_move_a_promised_date_later(desk: Desk) -> None:
    life = await Life.begin(desk)
    told = await life.deadline("response")
    on = told.due - timedelta(days=1)
    while not life.calendar.is_working(on):
        on -= timedelta(days=1)
    declared = life.calendar.with_holidays(ClosedDay(date=on, name="Day of mourning"))
    await life.act(e.CalendarChanged(calendar=declared, reason="declared"))
    assert (await life.deadline("response")).due == told.due


async def test_nothing_can_be_done_to_a_closed_case(desk: Desk) -> None:
    life = await Life.begin(desk)
    await desk.office.signal(life.reference, e.Withdrawn(), APPLICANT)
    await desk.office.handle(life.reference).result()
    outcome = await acting.act(desk.office, life.reference, e.NoteAdded(text="Too late."), OFFICER)
    assert outcome == Over(f"{life.reference} is closed; nothing more can be done to it.")


async def test_a_chair_who_declared_a_conflict_does_not_chair(desk: Desk) -> None:
    life = await at_threshold(desk)
    await life.act(e.ThresholdDecided(met=True, decided_by="Sam Officer"), OFFICER)
    seat = e.Seat(name="Pat Chair", organisation="Independent", conflict="My cousin lives next door.")
    assert "conflict" in await life.refusal(panel(await life.working_days(3), chair=seat))
    await life.act(panel(await life.working_days(3)))
    await life.on((await life.event("panel.arranged")).what.on)
    stranger = e.Actor(role=CHAIR.role, name="Somebody Else")
    held = e.PanelHeld(on=await life.today(), findings="Heard.")
    assert "does not chair" in await life.refusal(held, stranger)


async def test_queries_answer_after_the_case_is_closed(desk: Desk) -> None:
    life = await Life.begin(desk)
    await desk.office.signal(life.reference, e.Withdrawn(), APPLICANT)
    handle = desk.office.handle(life.reference)
    await handle.result()
    assert await handle.query(CaseReview.stage) == "withdrawn"
    assert await handle.query(CaseReview.waiting) == "withdrawn by the applicant"
    assert {d.state for d in await handle.query(CaseReview.deadlines)} <= {"met", "stopped"}
