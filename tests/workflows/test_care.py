"""What the service does for the person a case is about, on Temporal: a word, a second look, help at any hour."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from connection.time_travel import fast_forward
from domain import events as e
from domain.calendar import LONDON
from tests.workflows.life import OFFICER, Desk, Life, form

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]
APPLICANT = "asha@example.org"


def subjects(life: Life, to: str = APPLICANT) -> list[str]:
    return [mail.subject for mail in reversed(life.mails(to))]


async def words(life: Life) -> list[datetime]:
    """When the applicant had a word because nothing else was written, to the minute."""
    events = (await life.settled()).events
    told = [event.at.astimezone(LONDON) for event in events if event.kind == "progress.told"]
    return [at.replace(second=0, microsecond=0) for at in told]


async def test_a_word_goes_when_nothing_was_written_for_ten_working_days_and_again_ten_later(desk: Desk) -> None:
    life = await Life.begin(desk, "medway")
    tenth, twentieth = await life.working_days(10), await life.working_days(20)
    await life.on(tenth - timedelta(days=1))
    assert await words(life) == []
    await life.on(tenth)
    assert await words(life) == [datetime.combine(tenth, time(9), LONDON)]
    assert "How your case stands" in subjects(life)[-1]
    await life.on(twentieth)
    assert await words(life) == [datetime.combine(day, time(9), LONDON) for day in (tenth, twentieth)]


async def test_a_decision_that_is_put_off_is_looked_at_again_when_the_day_is_over(desk: Desk) -> None:
    life = await Life.begin(desk, "kent-district", application=form(2))
    until = await life.working_days(3)
    deferred = e.ThresholdDeferred(agency="police", until=until, reason="It visits by then.", decided_by="Maya Ellis")
    await life.act(deferred, OFFICER)
    assert (await life.deadline("deferral:police")).due == until
    await life.on(until)
    assert "deferral.ended" not in await life.kinds()
    await life.on(until + timedelta(days=1))
    (ended,) = [event for event in (await life.settled()).events if event.kind == "deferral.ended"]
    assert ended.at.astimezone(LONDON).date() == until + timedelta(days=1)
    sent = await life.letters()
    assert (sent["L-04b"], sent["L-07"]) == (1, 1)
    assert (await life.settled()).must_act == "officer"


async def test_the_applicant_insists_and_the_decision_is_due_at_once(desk: Desk) -> None:
    life = await Life.begin(desk, "kent-district", application=form(2))
    until = await life.working_days(3)
    await life.act(e.ThresholdDeferred(agency="police", until=until, reason="It visits by then."), OFFICER)
    await life.act(e.DecisionInsisted(reason="We cannot wait."))
    assert "decision is put off" not in (await life.settled()).waiting
    await life.on(until + timedelta(days=1))
    assert "deferral.ended" not in await life.kinds()


async def test_somebody_in_danger_is_referred_on_a_sunday_night_and_the_applicant_is_sent_nothing(desk: Desk) -> None:
    life = await Life.begin(desk)
    now = (await life.desk.office.today(life.reference)).astimezone(LONDON)
    sunday = now.date() + timedelta(days=7 - now.isoweekday() if now.isoweekday() < 7 else 7)
    night = datetime.combine(sunday, time(3), LONDON)
    await fast_forward(desk.office.client, desk.office.handle(life.reference), night - now)
    await life.settled()
    before = (subjects(life), (await life.settled()).deadlines)
    referral = e.SafetyReferred(
        to="child-safeguarding", danger="A threat of fire tonight.", basis="A child is at risk."
    )
    await life.act(referral, e.Actor(role=e.Role.AGENCY, name="police"))
    (urgent,) = [mail for mail in life.mails("children@safeguarding.dover.example.org") if "Urgent" in mail.subject]
    assert "A threat of fire tonight." in urgent.text
    assert (subjects(life), (await life.settled()).deadlines) == before
    assert all("fire" not in mail.text for mail in life.mails(APPLICANT))
    assert (await life.letters())["A-12"] == 1
