"""The keeper of time: what goes out when nobody acts, what does not when somebody has, and one timer for it all."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from itertools import pairwise, product

import pytest
from temporalio.api.enums.v1 import EventType

import policies
from activities.beginning import start_case
from connection.time_travel import travelling
from domain import events as e
from domain.application import ApplicationForm
from domain.calendar import LONDON, Direction, Unit, count, words
from domain.deadlines import State
from domain.events import CLOCK, Event
from domain.policy import Decision, Milestone, Rung, StepId, Subject
from office.bank_holidays import snapshot
from register.taking_in import mark_started, take_in
from tests.support import clock
from tests.workflows.life import APPEAL_BODY, OFFICER, Desk, Life, form, panel
from tests.workflows.past import ago, at_outcome, at_panel, at_threshold
from workflows.clerk import STUCK_AFTER
from workflows.file import CaseFile

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]
APPLICANT = "asha@example.org"


def before(life: Life, day: date, working_days: int = 1) -> date:
    """The day this many working days before."""
    return count(life.calendar, day, working_days, Unit.WORKING_DAYS, direction=Direction.BEFORE).due


async def delays(life: Life, key: str = "") -> list[Event]:
    """The delay letters' events: every extension the clock itself made."""
    events = (await life.settled()).events
    made = [one for one in events if isinstance(one.what, e.Extended) and one.by == CLOCK]
    return [one for one in made if key in ("", one.what.step)]  # type: ignore[union-attr]


async def chases(life: Life, rung: Rung) -> list[tuple[str, str]]:
    """Every rung of this kind that was climbed, as deadline and addressee, in order."""
    events = (await life.settled()).events
    found = [one.what for one in events if isinstance(one.what, e.Chased)]
    return [(chased.deadline, chased.to) for chased in found if chased.rung is rung]


def told_of(life: Life, words_in_subject: str, to: str = APPLICANT) -> list[str]:
    """The texts of letters to somebody by their subject, oldest first, each as one line."""
    return [" ".join(mail.text.split()) for mail in reversed(life.mails(to)) if words_in_subject in mail.subject]


def applied(made_at: datetime) -> ApplicationForm:
    """An application made then, three reports in the weeks before it."""
    day = made_at.date()
    reports = [
        {"occurred": day - timedelta(days=n), "reported": day - timedelta(days=n), "reported_to": to, "what": "noise"}
        for n, to in ((5, "police"), (12, "council"), (19, "police"))
    ]
    whole = form().model_dump() | {"made_at": made_at, "incidents": reports}
    return ApplicationForm.model_validate(whole)


async def one_timer(life: Life) -> None:
    """At no point of its history has the case more than one timer for its dates, and none for a turn that is done."""
    armed: set[int] = set()
    alarms: set[int] = set()
    turns: set[int] = set()
    started = 0
    async for event in life.desk.office.handle(life.reference).fetch_history_events():
        match event.event_type:
            case EventType.EVENT_TYPE_TIMER_STARTED:
                alarm = event.timer_started_event_attributes.start_to_fire_timeout.ToTimedelta() == STUCK_AFTER
                (alarms if alarm else armed).add(event.event_id)
                started += not alarm
            case EventType.EVENT_TYPE_TIMER_FIRED:
                armed.remove(event.timer_fired_event_attributes.started_event_id)
            case EventType.EVENT_TYPE_TIMER_CANCELED:
                over = event.timer_canceled_event_attributes.started_event_id
                (alarms if over in alarms else armed).remove(over)
            case EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
                turns.add(event.event_id)
            case EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED:
                turns.remove(event.activity_task_completed_event_attributes.scheduled_event_id)
            case EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED:
                assert len(armed) <= 1, f"two timers at event {event.event_id}"
                assert len(alarms) <= max(len(turns), 1), f"an alarm without a turn at event {event.event_id}"
    assert started
    assert not alarms


async def test_invariant_4_a_delay_is_explained_before_the_promise_lapses_and_again_while_nobody_acts(
    desk: Desk,
) -> None:
    life = await Life.begin(desk, "kent-district")
    promised = (await life.deadline("response")).due
    assert promised == await life.working_days(25)
    eve = before(life, promised)
    await life.on(before(life, eve))
    assert await delays(life, "response") == []
    await life.on(eve)
    [delay] = await delays(life, "response")
    assert delay.at.astimezone(LONDON).replace(microsecond=0) == datetime.combine(eve, time(9), LONDON)
    assert delay.what.reason == "We have not yet decided whether we will hold a review."  # type: ignore[union-attr]
    now = await life.deadline("response")
    assert (now.promised, now.state, now.breached) == (promised, State.OPEN, False)
    assert now.due == count(life.calendar, promised, 5, Unit.WORKING_DAYS).due
    letter = told_of(life, "our full answer to you")[-1]
    for needed in (words(promised), words(now.due), delay.what.reason):  # type: ignore[union-attr]
        assert needed in letter
    await life.on(before(life, now.due))
    assert len(await delays(life, "response")) == 2
    later = await life.deadline("response")
    assert (later.promised, later.state) == (promised, State.OPEN)
    assert later.due > now.due
    assert (await life.letters())["L-08"] == len(await delays(life))
    await one_timer(life)


async def test_the_officer_is_warned_before_and_their_own_extension_replaces_the_delay_letter(desk: Desk) -> None:
    life = await at_threshold(desk, "dover")
    decide = (await life.deadline("threshold")).due
    await life.on(before(life, decide, 3))
    assert ("threshold", "officer") in await chases(life, Rung.WARNING)
    assert (await life.letters())["A-18"] == 1
    promised = (await life.deadline("response")).due
    await life.on(before(life, promised, 2))
    by = e.Extended(step="response", working_days=10, reason="The chair is ill.", approved_by="Head of Safety")
    await life.act(by, OFFICER)
    assert (await life.letters())["L-08"] == 1
    extended = (await life.deadline("response")).due
    await life.on(promised + timedelta(days=1))
    assert await delays(life, "response") == []
    assert (await life.letters())["L-08"] == 1
    assert "The chair is ill." in told_of(life, "our full answer")[0]
    await life.on(before(life, extended))
    assert len(await delays(life, "response")) == 1
    assert (await life.letters())["L-08"] == 2
    await one_timer(life)


async def test_an_appeal_that_nobody_hears_or_decides_is_explained_each_time(desk: Desk) -> None:
    life = await at_outcome(desk, policy="kent-district")
    await life.after(2)
    await life.act(e.AppealLodged(subject=Subject.OUTCOME, grounds="You left it out.", consent_to_transfer=True))
    hearing = await life.deadline("appeal_hearing")
    assert hearing.due == await life.working_days(10)
    await life.on(before(life, hearing.due))
    [delay] = await delays(life, "appeal_hearing")
    assert "appeal to be heard" in delay.what.reason  # type: ignore[union-attr]
    moved = await life.deadline("appeal_hearing")
    assert (moved.promised, moved.state) == (hearing.due, State.OPEN)
    assert words(moved.due) in told_of(life, "the hearing of your appeal")[0]
    await life.act(e.AppealHeard(on=await life.today()), APPEAL_BODY)
    decision = await life.deadline("appeal_decision")
    assert decision.due == await life.working_days(5)
    await life.on(before(life, decision.due))
    assert len(await delays(life, "appeal_decision")) == 1
    assert len(await delays(life, "appeal_hearing")) == 1
    assert words(decision.due) in told_of(life, "the result of your appeal")[0]
    await life.act(e.AppealDecided(decision=Decision.DISMISSED, reasons="We read it."), APPEAL_BODY)
    assert (await life.deadline("appeal_decision")).state is State.MET
    await one_timer(life)


async def test_invariant_5_a_silent_agency_is_chased_then_gone_on_without_and_no_clock_stops(desk: Desk) -> None:
    life = await Life.begin(desk, "dover")
    promised = await life.deadline("response")
    await life.everybody_answers(e.Purpose.VERIFICATION, but=("police",))
    asked = await life.deadline("verification:police")
    await life.on(before(life, asked.due, 2))
    assert await chases(life, Rung.REMINDER) == [("verification:police", "police")]
    assert (await life.letters())["A-04"] == 1
    await life.on(asked.due)
    assert await chases(life, Rung.ESCALATION) == []
    await life.on(count(life.calendar, asked.due, 1, Unit.WORKING_DAYS).due)
    assert await chases(life, Rung.ESCALATION) == [("verification:police", "senior:police")]
    police = policies.load("dover").agency("police")
    assert police is not None
    assert len([mail for mail in life.mails(str(police.senior.email)) if "verdue" in mail.text]) == 1
    assert await life.stage() == "verifying reports"
    await life.on(count(life.calendar, asked.due, 2, Unit.WORKING_DAYS).due)
    assert await life.stage() == "deciding the threshold"
    assert (await life.kinds()).count("enquiry.proceeded") == 1
    await life.act(e.ThresholdDecided(met=True, decided_by=OFFICER.name), OFFICER)
    await life.everybody_answers(e.Purpose.INFORMATION, but=("police",))
    again = await life.deadline("information:police")
    await life.on(count(life.calendar, again.due, 2, Unit.WORKING_DAYS).due)
    assert await life.stage() == "arranging the panel"
    assert (await life.kinds()).count("enquiry.proceeded") == 2
    assert {deadline for deadline, _ in await chases(life, Rung.REMINDER)} == {
        "verification:police", "information:police",
    }  # fmt: skip
    response = await life.deadline("response")
    assert (response.due, response.anchored_on) == (promised.due, promised.anchored_on)
    assert not [day for day in response.working if "hold" in day.why]
    await life.act(panel(await life.working_days(3)))
    await life.hold_panel()
    await life.outcome()
    assert (await life.deadline("response")).state is State.MET
    outcome = next(mail for mail in life.mails(APPLICANT) if "outcome" in mail.subject.lower())
    assert police.name in outcome.text
    assert (await life.deadline("information:police")).breached
    await one_timer(life)


async def test_the_papers_go_by_themselves_and_nobody_is_chased_for_what_was_answered(desk: Desk) -> None:
    life = await at_panel(desk, "dover", ahead=8)
    papers = await life.deadline("papers")
    await life.on(before(life, papers.due))
    assert "papers.sent" not in await life.kinds()
    await life.on(papers.due)
    sent = await life.event("papers.sent")
    assert sent.by == CLOCK
    assert sent.at.astimezone(LONDON).hour == 9
    assert (await life.letters())["A-07"] == 3
    assert (await life.deadline("papers")).state is State.MET
    await life.hold_panel("police")
    await life.answer("R1", "police", e.Response.DECLINED, "We have nobody.")
    await life.outcome()
    await life.after(30)
    assert await chases(life, Rung.REMINDER) == []
    assert await chases(life, Rung.ESCALATION) == []
    assert await delays(life) == []
    letters = await life.letters()
    assert (letters["A-04"], letters["A-04e"], letters["L-08"]) == (0, 0, 0)
    assert letters["A-07"] == 3
    await one_timer(life)


async def test_what_an_act_makes_overdue_goes_out_at_once_and_not_at_the_next_date(desk: Desk) -> None:
    """A panel brought forward to two working days ahead: its papers were due before that."""
    life = await at_panel(desk, "dover", ahead=8)
    await life.after(1)
    await life.act(panel(await life.working_days(2), reason="The applicant cannot wait."))
    arranged = await life.event("panel.arranged")
    sent = await life.event("papers.sent")
    assert sent.by == CLOCK
    assert sent.at - arranged.at < timedelta(hours=1)
    assert (await life.letters())["A-07"] == 3
    await one_timer(life)


async def test_the_follow_up_is_offered_at_three_months_and_an_action_undone_at_six_is_escalated(desk: Desk) -> None:
    life = await at_outcome(desk, "police", policy="kent-district")
    await life.answer("R1", "police")
    follow_up, action = await life.deadline("follow_up"), await life.deadline("action:R1")
    assert follow_up.opens is not None
    await life.on(follow_up.opens - timedelta(days=1))
    assert (await life.letters())["L-14i"] == 0
    await life.on(follow_up.opens)
    assert (await life.letters())["L-14i"] == 1
    assert ("action:R1", "police") in await chases(life, Rung.REMINDER)
    await life.on(count(life.calendar, action.due, 1, Unit.WORKING_DAYS).due)
    assert await chases(life, Rung.ESCALATION) == [("action:R1", "senior:police")]
    await life.on(before(life, follow_up.due))
    assert ("follow_up", "officer") in await chases(life, Rung.WARNING)
    [delay] = await delays(life, "follow_up")
    assert "R1 (Kent Police) to be done" in delay.what.reason  # type: ignore[union-attr]
    await life.on(follow_up.due)
    assert await life.stage() == "follow-up"
    assert (await life.deadline("action:R1")).state is State.OVERDUE
    await one_timer(life)


async def test_a_hold_carries_its_deadlines_over_and_nothing_goes_out_about_them_meanwhile(desk: Desk) -> None:
    life = await Life.begin(desk, "kent-district")
    await life.after(5)
    promised = (await life.deadline("response")).due
    until = count(life.calendar, promised, 3, Unit.WORKING_DAYS).due
    await life.act(e.HoldStarted(until=until, reason="I am in hospital.", at_victims_request=True))
    await life.on(until - timedelta(days=1))
    assert await delays(life) == []
    assert (await life.letters())["L-08"] == 0
    held = await life.deadline("response")
    assert (held.promised, held.state) == (promised, State.OPEN)
    assert any("hold" in day.why and not day.counted for day in held.working)
    await life.on(before(life, held.due))
    assert len(await delays(life, "response")) == 1
    await one_timer(life)


async def test_a_corrected_date_moves_the_timer_with_it(desk: Desk) -> None:
    life = await Life.begin(desk, "kent-district")
    first = (await life.deadline("response")).due
    earlier = before(life, await life.today(), 10)
    await life.act(e.DateCorrected(milestone=Milestone.RECEIVED, to=earlier, reason="It came by post before."), OFFICER)
    moved = (await life.deadline("response")).due
    assert moved == count(life.calendar, earlier, 25, Unit.WORKING_DAYS).due < first
    await life.on(before(life, moved))
    [delay] = await delays(life, "response")
    assert delay.at.astimezone(LONDON).date() == before(life, moved)
    await one_timer(life)


async def test_an_application_that_lay_for_thirty_working_days_is_explained_at_once(desk: Desk) -> None:
    calendar, today = snapshot(), clock.today()
    made = ago(calendar, 30)
    day = made.date()
    life = await Life.begin(desk, "kent-district", applied(made))
    response = await life.deadline("response")
    assert response.anchored_on == day
    assert response.promised == count(calendar, day, 25, Unit.WORKING_DAYS).due < today
    assert response.due > today
    assert [delay.what.step for delay in await delays(life)] == ["panel", "response"]  # type: ignore[union-attr]
    assert (await life.letters())["L-08"] == 2
    letter = told_of(life, "our full answer")[0]
    assert words(response.promised) in letter
    assert words(response.due) in letter
    await life.after(0)
    assert len(await delays(life)) == 2
    await one_timer(life)


async def test_after_an_outage_everything_that_was_due_is_done_once_in_order_and_new_dates_lie_ahead(
    desk: Desk,
) -> None:
    """The case stood still for seven weeks: it is taken up by a new run with what it had come to before."""
    calendar, policy, now = snapshot(), policies.load("dover"), clock.now()
    then = ago(calendar, 34)
    start = await take_in(desk.office.database, applied(then), policy, calendar, by=OFFICER, now=now, demo=True)
    file = CaseFile(start, then)
    file.happen(e.Acknowledged(), then)
    file.happen(e.PassedOn(bodies=tuple(agency.id for agency in policy.relevant_bodies)), then)
    for agency in ("council", "police"):
        asked = e.EnquirySent(enquiry=f"verification:{agency}", purpose=e.Purpose.VERIFICATION, agency=agency)
        file.happen(asked, then)
    resumed = start.model_copy(update={"progress": file.progress()})
    await start_case(travelling(desk.office.client), resumed, desk.office.settings.task_queue)
    await mark_started(desk.office.database, start.reference)
    life = Life(desk, start.reference, calendar)
    situation = await life.settled()
    assert situation.stage == "deciding the threshold"
    done = [one.what for one in situation.events if isinstance(one.what, e.Chased | e.EnquiryClosed | e.Extended)]
    of_agencies = [
        (what.rung, what.to) if isinstance(what, e.Chased) else what.enquiry
        for what in done
        if isinstance(what, e.EnquiryClosed) or (isinstance(what, e.Chased) and what.step is StepId.VERIFICATION)
    ]
    assert of_agencies == [
        (Rung.ESCALATION, "senior:council"),
        (Rung.REMINDER, "council"),
        (Rung.ESCALATION, "senior:police"),
        (Rung.REMINDER, "police"),
        "verification:council",
        "verification:police",
    ]
    told = Counter((what.rung, what.deadline, what.to) for what in done if isinstance(what, e.Chased))
    assert set(told.values()) == {1}
    late = ("acknowledgement", "threshold", "panel")
    own = {(deadline, to) for rung, deadline, to in told if rung is Rung.ESCALATION and deadline in late}
    assert own == set(product(late, ("manager", "deputy")))
    assert len(done) == len(set(done))
    assert [what.step for what in done if isinstance(what, e.Extended)] == ["response"]
    response = await life.deadline("response")
    assert response.promised < await life.today() < response.due
    letters = await life.letters()
    assert (letters["L-01"], letters["A-04"], letters["A-04e"], letters["L-08"]) == (1, 2, 2, 1)
    assert all(one.at <= other.at for one, other in pairwise(situation.events))
    assert not [d for d in (await life.settled()).deadlines if d.step is StepId.RESPONSE and d.state is State.OVERDUE]
    await one_timer(life)
