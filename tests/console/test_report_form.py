"""A body says on which day it was told, the officer sees that it differs, and corrects the report in one click."""

from datetime import timedelta

import pytest

from domain import events as e
from domain.dates import words
from tests.console.office import House
from tests.console.parties import agency, fill, home
from tests.workflows.life import Life

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]


async def test_a_day_that_differs_leads_to_the_correction_which_keeps_the_old_value(house: House) -> None:
    life = await Life.begin(house.desk)
    known = (await life.settled()).events[0].what
    assert isinstance(known, e.ApplicationMade)
    told = known.application.incidents[0].reported
    day = told + timedelta(days=1)
    police = await agency(house, life)
    own = home(police)
    typed = {f"confirmations__{number}__confirmed": "yes" for number in range(3)}
    typed |= {f"confirmations__0__reported__{part}": str(getattr(day, part)) for part in ("day", "month", "year")}
    await fill(police, f"{own}/answer/reports", **typed)
    await fill(police, f"{own}/answer/contact", contact="Control room, 101")
    await police.follow(await police.send("confirm"))
    await life.settled()

    officer = await house.visitor("officer")
    await officer.get(f"/cases/{life.reference}")
    assert f"Kent Police has {words(day)}." in officer.page.text.replace("\u00a0", " ")
    assert "It decides only where that helps the applicant" in officer.page.text
    await officer.get(f"/cases/{life.reference}/acts/correct-report?report=I1&reported={day.isoformat()}")
    assert officer.page.values["reported.day"] == str(day.day)
    assert officer.page.values["what"] == known.application.incidents[0].what
    await officer.send("check", reason="Their log has the call.", reference="")
    await officer.follow(await officer.send("confirm"))
    body = (await life.event("report.corrected")).what
    assert isinstance(body, e.ReportCorrected)
    assert body.reported == day
    assert (body.what, body.occurred, body.reported_to, body.reported_unsure) == ("", None, None, None)
    await officer.get(f"/cases/{life.reference}")
    seen = officer.page.text.replace("\u00a0", " ")
    assert f"when it was reported, before “{words(told)}”, now “{words(day)}”" in seen
    assert f"Report I1 corrected: when it was reported, {words(told)}, now {words(day)}" in seen
    assert "Correct I1 to that day" not in seen


async def test_a_form_for_no_report_asks_for_what_is_wrong_and_leaves_the_rest(house: House) -> None:
    life, officer = await Life.begin(house.desk), await house.visitor("officer")
    await officer.get(f"/cases/{life.reference}/acts/correct-report")
    assert (await officer.send("check", report="I2", reason="Misread.")).status_code == 422
    assert "I2 has this already" in officer.page.problems
    await officer.send("check", report="I2", reason="Misread.", reference="KP/2")
    await officer.follow(await officer.send("confirm"))
    body = (await life.event("report.corrected")).what
    assert isinstance(body, e.ReportCorrected)
    assert (body.reference, body.reported) == ("KP/2", None)
