"""Acts in the console: a form, what would follow, then the same Update as the command line; once, and never lost."""

import asyncio
from datetime import date, timedelta

import pytest

from domain import events as e
from register import queries
from tests.console.office import House, Visitor
from tests.workflows.life import Life, form, panel, refusal
from tests.workflows.past import at_panel, at_threshold

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]


async def case_for(house: House, who: str = "officer") -> tuple[Life, Visitor]:
    return await Life.begin(house.desk), await house.visitor(who)


async def panel_for(house: House) -> tuple[Life, Visitor]:
    return await at_panel(house.desk), await house.visitor("officer")


def dated(name: str, on: date) -> dict[str, str]:
    return {f"{name}__day": str(on.day), f"{name}__month": str(on.month), f"{name}__year": str(on.year)}


async def kinds(life: Life, kind: str) -> int:
    return sum(event.kind == kind for event in (await life.settled()).events)


async def test_an_act_shows_what_will_follow_and_is_done_only_when_confirmed(house: House) -> None:
    life, visitor = await at_threshold(house.desk), await house.visitor("officer")
    await visitor.get(f"/cases/{life.reference}/acts/decide-threshold")
    assert visitor.page.values["decided_by"] == "Maya Ellis"
    for known in ("What is known of the case", "Counted: you reported it on", "Answered"):
        assert known in visitor.page.text
    await visitor.send("check", met="yes")
    page = visitor.page.text
    assert "Nothing has been done and nothing has been sent yet" in page
    assert "The case goes from “deciding the threshold” to “gathering information”" in page
    assert "Threshold decision told to the applicant" in page
    assert "We will hold a review" in page
    assert "“Please give your full account”, to Kent Police" in page.partition("sends then by itself")[2]
    assert await kinds(life, "threshold.decided") == 0
    done = await visitor.send("confirm")
    await visitor.follow(done)
    assert "The threshold decision is recorded." in visitor.page.text
    decided = (await life.event("threshold.decided")).what
    assert isinstance(decided, e.ThresholdDecided)
    assert (decided.met, decided.decided_by) == (True, "Maya Ellis")
    assert (await life.event("threshold.decided")).by == e.Actor(role=e.Role.OFFICER, name="Maya Ellis")


async def test_a_double_click_the_back_button_and_a_reload_do_it_once(house: House) -> None:
    life, visitor = await case_for(house)
    await visitor.get(f"/cases/{life.reference}/acts/add-note")
    await visitor.send("check", text="Rang the applicant.")
    before = visitor.page
    both = await asyncio.gather(*(visitor.client.post(before.action, data={**before.values, "_press": "confirm"})
                                  for _ in range(3)))  # fmt: skip
    assert {one.status_code for one in both} == {303}
    assert len({one.headers["location"] for one in both}) == 1
    visitor.page = before
    await visitor.send("confirm")
    assert await kinds(life, "note.added") == 1
    await visitor.get(f"/cases/{life.reference}/acts/add-note")
    assert visitor.page.values["text"] == ""
    await visitor.send("check", text="Another note.")
    await visitor.send("confirm")
    assert await kinds(life, "note.added") == 2


async def test_what_an_officer_typed_waits_for_them_until_it_is_sent_or_deleted(house: House) -> None:
    life, visitor = await case_for(house)
    path = f"/cases/{life.reference}/acts/hold"
    await visitor.get(path)
    await visitor.follow(await visitor.send("save", reason="She is in hospital."))
    assert "What you typed is kept. Nothing has been done yet." in visitor.page.text
    assert "You typed something here that is not sent yet. Go on with it: Put the case on hold" in visitor.page.text
    colleague = await house.visitor("manager")
    await colleague.get(path)
    assert colleague.page.values["reason"] == ""
    again = await house.visitor("officer")
    await again.get(path)
    assert again.page.values["reason"] == "She is in hospital."
    await again.follow(await again.send("discard"))
    await again.get(path)
    assert again.page.values["reason"] == ""


async def test_what_was_changed_in_another_window_is_shown_before_it_is_sent(house: House) -> None:
    life, visitor = await case_for(house)
    path = f"/cases/{life.reference}/acts/add-note"
    await visitor.get(path)
    await visitor.send("check", text="One")
    before = visitor.page
    await visitor.get(path)
    await visitor.send("check", text="Two")
    visitor.page = before
    assert (await visitor.send("confirm")).status_code == 422
    assert "What was typed has changed since this page was opened" in visitor.page.problems
    await visitor.send("confirm")
    assert await kinds(life, "note.added") == 1


async def test_every_fault_is_told_at_once_in_the_order_of_the_page_and_names_its_row(house: House) -> None:
    life, visitor = await panel_for(house)
    await visitor.get(f"/cases/{life.reference}/acts/arrange-panel")
    await visitor.send(
        "check", on__day="31", on__month="2", chair__name="", members__0__name="", members__1__name="x" * 201,
    )  # fmt: skip
    faults = (
        "The day of the panel must be a real date, such as 27 3 2026", "Enter the chair’s name",
        "Member 1: enter the name", "Member 2: the name must be 200 characters or fewer",
    )  # fmt: skip
    assert visitor.page.problems.startswith(" ".join(faults))
    await visitor.get(f"/cases/{life.reference}/acts/hold")
    await visitor.send("check", reason="She is in hospital.")
    assert "Tick the box: the victim asked for it" in visitor.page.problems


async def test_a_new_representative_is_kept_once_however_often_the_form_is_sent(house: House) -> None:
    life, visitor = await case_for(house)
    await visitor.get(f"/cases/{life.reference}/acts/change-representative")
    await visitor.send(
        "check", person__name="Ravi Example", person__relation="brother", person__email="ravi@example.org",
        person__victim_consents="yes", person__unsafe__phone="yes",
    )  # fmt: skip
    assert "You now act" in visitor.page.text
    before = visitor.page
    await asyncio.gather(*(visitor.client.post(before.action, data={**before.values, "_press": "confirm"})
                           for _ in range(3)))  # fmt: skip
    assert await kinds(life, "representative.changed") == 1
    stored = await queries.case(house.office.database, life.reference)
    assert stored
    assert [one.details.name for one in stored.persons] == ["Asha Example", "Ravi Example"]
    assert stored.persons[1].details.unsafe == {"phone"}


async def test_what_is_wrong_is_said_at_the_top_and_at_the_field_and_nothing_typed_is_lost(house: House) -> None:
    life, visitor = await panel_for(house)
    await visitor.get(f"/cases/{life.reference}/acts/record-panel-decision")
    found = await visitor.send(
        "check", on__day="31", on__month="2", on__year="2027", recommendations__0__text="Visit weekly.",
        recommendations__0__due__day="5",
    )  # fmt: skip
    assert found.status_code == 422
    for words in (
        "There is a problem", "The day of the panel must be a real date, such as 27 3 2026",
        "Enter what the panel found",
        "Recommendation 1: select to whom the recommendation is made",
        "Recommendation 1: the day it should be done must include a month and year",
    ):  # fmt: skip
        assert words in visitor.page.text, words
    assert 'href="#recommendations-0-to"' in found.text
    assert 'href="#on"' in found.text
    assert 'id="recommendations-0-to"' in found.text
    assert visitor.page.values["recommendations.0.text"] == "Visit weekly."
    assert visitor.page.values["on.day"] == "31"


async def test_a_refusal_is_the_rule_s_own_sentence_and_the_form_is_kept(house: House) -> None:
    life, visitor = await panel_for(house)
    await visitor.get(f"/cases/{life.reference}/acts/adjourn-panel")
    found = await visitor.send("check", **dated("until", date(2026, 1, 5)), reason="The chair is ill.")
    assert found.status_code == 422
    assert "The panel cannot go on on Monday 5 January 2026, which has passed; give a day to come" in visitor.page.text
    assert visitor.page.values["reason"] == "The chair is ill."
    assert await kinds(life, "panel.adjourned") == 0


async def test_two_officers_at_once_the_second_is_told_what_stands_now(house: House) -> None:
    life, first = await panel_for(house)
    second = await house.visitor("manager")
    until = await life.working_days(2)
    for visitor in (first, second):
        await visitor.get(f"/cases/{life.reference}/acts/adjourn-panel")
        await visitor.send("check", **dated("until", until), reason="The chair is ill.")
    assert (await first.send("confirm")).status_code == 303
    late = await second.send("confirm")
    assert late.status_code == 422
    assert "already" in second.page.text
    assert second.page.values["reason"] == "The chair is ill."
    assert await kinds(life, "panel.adjourned") == 1


async def test_rows_are_added_and_taken_out_by_the_server_and_keep_what_was_typed(house: House) -> None:
    life, visitor = await panel_for(house)
    await life.on(
        next(event.what.on for event in (await life.settled()).events if isinstance(event.what, e.PanelArranged))
    )
    await visitor.get(f"/cases/{life.reference}/acts/record-panel-decision")
    await visitor.send("more:recommendations", findings="Heard.", recommendations__0__text="First")
    await visitor.send("more:recommendations", recommendations__1__to="police", recommendations__1__text="Second")
    await visitor.send("less:recommendations.0")
    assert "recommendations.0.text" not in visitor.page.values
    assert visitor.page.values["recommendations.1.text"] == "Second"
    await visitor.send("check", recommendations__1__to="police")
    await visitor.follow(await visitor.send("confirm"))
    held = (await life.event("panel.held")).what
    assert isinstance(held, e.PanelHeld)
    assert [(one.to, one.text) for one in held.recommendations] == [("police", "Second")]


async def test_an_agency_s_answer_is_asked_incident_by_incident(house: House) -> None:
    life, visitor = await case_for(house)
    await visitor.get(f"/cases/{life.reference}/acts/answer-enquiry")
    await visitor.send(
        "check", enquiry="verification:police", confirmations__0__confirmed="yes", confirmations__2__confirmed="no",
        confirmations__2__note="Not on our system.",
    )  # fmt: skip
    await visitor.follow(await visitor.send("confirm"))
    answer = (await life.event("enquiry.answered")).what
    assert isinstance(answer, e.EnquiryAnswered)
    assert [(one.incident, one.confirmed, one.note) for one in answer.confirmations] == [
        ("I1", True, ""), ("I3", False, "Not on our system."),
    ]  # fmt: skip


async def test_changing_what_was_typed_leads_back_with_all_of_it(house: House) -> None:
    life, visitor = await case_for(house)
    await visitor.get(f"/cases/{life.reference}/acts/add-note")
    await visitor.send("check", text="One\nTwo")
    await visitor.get(f"/cases/{life.reference}/acts/add-note?then=check")
    assert visitor.page.values["text"] == "One\nTwo"


async def test_a_refusal_of_the_threshold_waits_for_somebody_else_to_agree(house: House) -> None:
    life = await at_threshold(house.desk, application=form(2))
    visitor, approver = await house.visitor("officer"), await house.visitor("approver")
    await visitor.get(f"/cases/{life.reference}/acts/decide-threshold")
    assert "On which route is it met?" not in visitor.page.text
    reasons = refusal().model_dump(include={"persistence", "harm", "adequacy", "alternative_action"})
    await visitor.send("check", met="no", **reasons)
    assert "A second person must agree" in visitor.page.text
    await visitor.follow(await visitor.send("confirm"))
    assert "waits for a second person" in visitor.page.text
    assert await kinds(life, "threshold.decided") == 0
    assert (await visitor.get("/proposals")).status_code == 403

    await approver.get("/proposals")
    assert life.reference in approver.page.text
    waiting = (await approver.client.get(f"/cases/{life.reference}")).text
    id = waiting.partition("/proposals/")[2].partition('"')[0]
    await approver.get(f"/proposals/{id}")
    assert "We will not hold a review" in approver.page.text
    await approver.follow(await approver.send("agree"))
    decided = (await life.event("threshold.decided")).what
    assert isinstance(decided, e.ThresholdDecided)
    assert (decided.met, decided.decided_by, decided.approved_by) == (False, "Maya Ellis", "Tom Okafor")
    assert (await approver.get("/proposals")).text.count(life.reference) == 0


async def test_nobody_agrees_to_their_own_proposal_and_one_sent_back_leaves_a_note(house: House) -> None:
    life, approver = await case_for(house, "approver")
    manager = await house.visitor("manager")
    await approver.get(f"/cases/{life.reference}/acts/extend")
    await approver.send("check", step="response", working_days="3", reason="The police need more time.")
    assert approver.page.problems == ""
    await approver.send("confirm")
    page = (await approver.client.get(f"/cases/{life.reference}")).text
    assert 'href="/proposals/' not in page
    id = (await manager.client.get(f"/cases/{life.reference}")).text.partition('href="/proposals/')[2].partition('"')[0]
    own = await approver.post(f"/proposals/{id}", _press="agree")
    assert "somebody else must agree" in own.text
    await manager.get(f"/proposals/{id}")
    await manager.send("return")
    assert "Enter why you send it back" in manager.page.text
    await manager.follow(await manager.send("return", reason="Ask them first."))
    note = (await life.event("note.added")).what
    assert isinstance(note, e.NoteAdded)
    assert note.text == "“Move a promised date”, proposed by Tom Okafor, was sent back: Ask them first."
    assert await kinds(life, "deadline.extended") == 0


async def test_whoever_proposed_it_takes_it_back_and_nobody_else(house: House) -> None:
    life, officer = await case_for(house, "officer")
    await officer.get(f"/cases/{life.reference}/acts/extend")
    await officer.send("check", step="response", working_days="3", reason="The police need more time.")
    await officer.send("confirm")
    approver = await house.visitor("approver")
    seen = (await approver.client.get(f"/cases/{life.reference}")).text
    assert "Take it back" not in seen
    id = seen.partition("/proposals/")[2].partition('"')[0]
    path = f"/cases/{life.reference}/proposals/{id}"
    assert (await approver.post(path)).status_code == 404
    assert (await officer.post(f"/cases/{house.reference}/proposals/{id}")).status_code == 404
    assert path in (await officer.client.get(f"/cases/{life.reference}")).text
    await officer.follow(await officer.post(path))
    assert "The proposal is taken back. Nothing was done." in officer.page.text
    await officer.follow(await officer.post(path))
    assert "Take it back" not in officer.page.text
    assert (await approver.get(f"/proposals/{id}")).status_code == 404
    assert await kinds(life, "deadline.extended") == 0


async def test_the_causes_that_end_a_case_are_said_in_words(house: House) -> None:
    life, visitor = await panel_for(house)
    await visitor.get(f"/cases/{life.reference}/acts/end-case")
    for words in ("The applicant has died", "It is the same as another case", "It is for another council"):
        assert words in visitor.page.text
    assert "Outside-area" not in visitor.page.text


async def test_the_victim_is_invited_to_a_panel_unless_the_officer_says_otherwise(house: House) -> None:
    life, visitor = await at_threshold(house.desk), await house.visitor("officer")
    await life.act(e.ThresholdDecided(met=True))
    await life.until(lambda now: "arrange-panel" in now.possible)
    await visitor.get(f"/cases/{life.reference}/acts/arrange-panel")
    assert visitor.page.values["invited"] == "yes"


async def test_a_panel_after_the_promised_answer_moves_it_once_a_second_person_agrees(house: House) -> None:
    life, visitor = await panel_for(house)
    approver = await house.visitor("approver")
    promised = (await life.deadline("response")).due
    late = life.calendar.next_working_day(promised + timedelta(days=1))
    answer = life.calendar.next_working_day(late + timedelta(days=3))
    await visitor.get(f"/cases/{life.reference}/acts/arrange-panel")
    await visitor.send("check", **dated("on", late), reason="The chair is ill.")
    assert "promised for “Outcome letter to the applicant”" in visitor.page.text
    assert "the new day of the answer" in visitor.page.text
    await visitor.send("check", **dated("on", late), **dated("answer_by", answer), reason="The chair is ill.")
    await visitor.follow(await visitor.send("confirm"))
    assert "waits for a second person" in visitor.page.text
    assert await kinds(life, "deadline.extended") == 0

    waiting = (await approver.client.get(f"/cases/{life.reference}")).text
    await approver.get(f"/proposals/{waiting.partition('/proposals/')[2].partition(chr(34))[0]}")
    await approver.follow(await approver.send("agree"))
    moved = (await life.event("deadline.extended")).what
    assert isinstance(moved, e.Extended)
    assert (moved.step, moved.approved_by) == ("response", "Tom Okafor")
    assert (await life.deadline("response")).due == answer


async def test_a_panel_arranged_again_starts_from_what_it_was(house: House) -> None:
    life, visitor = await panel_for(house)
    await visitor.get(f"/cases/{life.reference}/acts/arrange-panel")
    assert visitor.page.values["chair.name"] == "Pat Chair"
    assert visitor.page.values["members.1.organisation"] == "Housing"
    moved = await life.working_days(4)
    await visitor.send("check", **dated("on", moved), reason="The room is taken.")
    await visitor.follow(await visitor.send("confirm"))
    arranged = (await life.event("panel.arranged")).what
    assert arranged == panel(moved, time="10:00", reason="The room is taken.")
