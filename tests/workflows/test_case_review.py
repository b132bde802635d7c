"""The story, path by path, on Temporal's own server with its own clock moved on."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from domain import events as e
from domain.application import Incident
from domain.letters import CATALOGUE
from domain.policy import Decision, Subject
from office import whatif
from office.case_view import view
from office.timeline import party
from tests.workflows.life import APPEAL_BODY, APPLICANT, OFFICER, Desk, Life, form, panel
from tests.workflows.past import at_outcome, at_panel, at_refusal, at_threshold

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]


async def test_a_review_lives_from_application_to_closure(desk: Desk) -> None:
    life = await Life.begin(desk)
    assert await life.letters() == {"L-01": 1, "A-01": 4, "A-02": 2}
    await life.after(2)
    await life.to_panel()
    await life.hold_panel("police", "council")
    assert await life.stage() == "plan with the applicant"
    await life.outcome()
    await life.act(e.ReceiptConfirmed(on=await life.today()))
    window = await life.deadline("appeal_window")
    assert window.anchored_on == await life.today()
    await life.answer("R1", "police")
    await life.answer("R2", "council")
    await life.done("R1", "police")
    await life.done("R2", "council")
    await life.on(window.due + timedelta(days=1))
    assert await life.stage() == "follow-up"
    await life.follow_up()
    assert await life.stage() == "closing"
    await life.to_the_end(30)
    assert await life.stage() == "closed"
    letters = await life.letters()
    for kind in ("L-01", "L-03", "L-05", "L-10", "L-11", "L-14i", "L-14", "L-15", "L-15c"):
        assert letters[kind] == 1, kind
    assert len(life.mails()) == sum(letters.values())


async def test_missing_consent_is_asked_for_and_the_application_keeps_its_date(desk: Desk) -> None:
    life = await Life.begin(desk, application=form(consent_to_share=False))
    begun = await life.today()
    assert await life.stage() == "awaiting details"
    assert await life.letters() == {"L-01": 1, "L-02": 1}
    await life.after(4)
    await life.act(e.DetailsReceived(consent_to_share=True))
    assert await life.stage() == "verifying reports"
    assert (await life.letters())["A-01"] == 4
    response = await life.deadline("response")
    assert response.anchored_on == begun
    await life.to_threshold()
    await life.act(e.ThresholdDecided(met=True, decided_by=OFFICER.name), OFFICER)
    assert await life.stage() == "gathering information"


async def test_details_that_never_come_do_not_end_the_case_undecided(desk: Desk) -> None:
    life = await Life.begin(desk, application=form(consent_to_share=False))
    asked = await life.deadline("completion")
    await life.on(asked.due + timedelta(days=1))
    assert await life.stage() == "deciding the threshold"
    assert (await life.letters())["A-01"] == 4


async def test_a_refusal_offers_an_appeal_and_closes_with_notice(desk: Desk) -> None:
    life = await Life.begin(desk, application=form(2))
    await life.refused_threshold()
    letters = await life.letters()
    assert letters["L-04"] == 1
    assert letters["A-03"] == 0
    window = await life.deadline("appeal_window")
    await life.on(window.due + timedelta(days=1))
    assert await life.stage() == "closing"
    await life.to_the_end(30)
    assert await life.stage() == "closed"


@pytest.mark.parametrize(
    ("decision", "stage"),
    [
        (Decision.UPHELD, "gathering information"),
        (Decision.REMITTED, "deciding the threshold"),
        (Decision.DISMISSED, "closing"),
    ],
)
async def test_an_appeal_against_a_refusal(desk: Desk, decision: Decision, stage: str) -> None:
    life = await at_refusal(desk)
    await appeal(life, Subject.THRESHOLD, decision)
    assert await life.stage() == stage
    letters = await life.letters()
    assert (letters["L-18"], letters["A-10"], letters["L-21"]) == (1, 1, 1)


async def test_an_appeal_dismissed_leaves_the_outcome_standing(desk: Desk) -> None:
    life = await at_outcome(desk, "police", policy="kent-district")
    await life.after(2)
    await appeal(life, Subject.OUTCOME, Decision.DISMISSED)
    assert await life.stage() == "follow-up"


async def test_a_remit_starts_the_reviews_clocks_again(desk: Desk) -> None:
    life = await at_outcome(desk, "police", policy="kent-district")
    first = await life.deadline("response")
    await life.after(2)
    await appeal(life, Subject.OUTCOME, Decision.REMITTED)
    assert await life.stage() == "gathering information"
    again = await life.deadline("response#2")
    assert again.due > first.due
    assert again.anchored_on == await life.today()
    await life.collated_panel()
    await life.hold_panel("council")
    assert [key for key in (await life.kinds()) if key == "plan.put"] == ["plan.put"] * 2
    await life.outcome()
    assert (await life.letters())["L-11"] == 1
    assert (await life.deadline("recommendation:R2")).agency == "council"


async def appeal(life: Life, subject: Subject, decision: Decision) -> None:
    await life.act(e.AppealLodged(subject=subject, grounds="You left out my diary.", consent_to_transfer=True))
    assert await life.stage() == "appeal"
    await life.after(3)
    hearing = e.AppealHeard(on=await life.today())
    await life.act(hearing, APPEAL_BODY)
    await life.after(1)
    await life.act(e.AppealDecided(decision=decision, reasons="We read the diary."), APPEAL_BODY)


async def test_a_panel_is_adjourned_and_re_arranged(desk: Desk) -> None:
    life = await at_panel(desk)
    later = await life.working_days(5)
    await life.act(e.PanelAdjourned(until=later, reason="The chair is ill."))
    assert (await life.letters())["L-05"] == 1
    assert "reason" in await life.refusal(panel(later))
    await life.act(panel(later, reason="A bigger room was needed."))
    assert (await life.letters())["L-05"] == 2
    await life.hold_panel("police")
    assert await life.stage() == "plan with the applicant"


async def test_an_objection_keeps_the_case_open_until_it_is_dealt_with(desk: Desk) -> None:
    life = await at_outcome(desk)
    await life.follow_up()
    assert await life.stage() == "closing"
    await life.act(e.ClosureObjected(reason="The noise is back."))
    await life.after(30)
    assert await life.stage() == "follow-up"
    await life.act(e.ClosureNotified(reason="We visited and the noise has stopped."))
    assert await life.stage() == "closing"
    await life.to_the_end(30)
    assert await life.stage() == "closed"
    assert (await life.letters())["L-15"] == 2


async def test_invariant_6_a_case_with_an_open_action_does_not_close(desk: Desk) -> None:
    life = await at_outcome(desk, "police", policy="kent-district")
    await life.answer("R1", "police")
    latest = (await life.deadline("follow_up")).due
    await life.on(latest)
    await life.act(
        e.FollowUpHeld(
            on=latest, behaviour_stopped=False, findings="Nobody visited.", again=await life.working_days(40)
        )
    )
    await life.after(30)
    assert await life.stage() == "follow-up"
    assert "R1 (Kent Police)" in await life.refusal(e.ClosureNotified())
    assert (await life.letters())["A-04e"] >= 1
    await life.done("R1", "police")
    assert await life.stage() == "follow-up"
    await life.act(e.ClosureNotified(reason="The police visit each week now."))
    assert await life.stage() == "closing"


async def test_a_declined_recommendation_is_told_with_its_reasons(desk: Desk) -> None:
    life = await at_outcome(desk, "police")
    await life.answer("R1", "police", e.Response.DECLINED, "We have no officers to spare.")
    assert (await life.letters())["L-12"] == 1
    assert "no officers to spare" in life.mails("asha@example.org")[0].text


async def test_a_late_appeal_needs_good_cause(desk: Desk) -> None:
    life = await at_outcome(desk, policy="kent-district")
    window = await life.deadline("appeal_window")
    await life.on(window.due + timedelta(days=4))
    late = e.AppealLodged(subject=Subject.OUTCOME, grounds="No.", consent_to_transfer=True)
    assert "good cause" in await life.refusal(late)
    await life.act(late.model_copy(update={"good_cause": "I was in hospital."}))
    assert await life.stage() == "appeal"


async def gathering(desk: Desk) -> Life:
    life = await at_threshold(desk)
    await life.act(e.ThresholdDecided(met=True, decided_by=OFFICER.name), OFFICER)
    return life


async def arranging(desk: Desk) -> Life:
    life = await gathering(desk)
    await life.everybody_answers(e.Purpose.INFORMATION)
    return life


@pytest.mark.parametrize(
    ("begin", "before", "letter", "after"),
    [
        (Life.begin, "verifying reports", "A-02", "verifying reports"),
        (at_threshold, "deciding the threshold", "A-02", "verifying reports"),
        (gathering, "gathering information", "A-03", "gathering information"),
        (arranging, "arranging the panel", "A-03", "gathering information"),
        (at_panel, "panel arranged", "A-03", "panel arranged"),
    ],
)
async def test_a_body_named_by_a_further_incident_is_asked_at_once_as_the_page_promised(
    desk: Desk, begin: Callable[[Desk], Awaitable[Life]], before: str, letter: str, after: str
) -> None:
    life = await begin(desk)
    assert await life.stage() == before
    known, today = len(await life.kinds()), await life.today()
    told = e.IncidentAdded(
        incident=Incident(occurred=today, reported=today, reported_to="icb", what="It happened again.")
    )
    page = await view(desk.office.database, life.reference)
    _, _, promised = whatif.after(page, told, APPLICANT)
    accepted = await life.act(told, APPLICANT)
    assert await life.stage() == after
    new = [event.what for event in (await life.settled()).events[known:]]
    sent = [what for what in new if isinstance(what, e.LetterPosted) and what.event != accepted.event]
    assert [(what.letter, what.to) for what in sent] == [(letter, "icb")]
    assert [f"“{CATALOGUE[what.letter].title}”, to {party(what.to, page.policy)}" for what in sent] == list(promised)
