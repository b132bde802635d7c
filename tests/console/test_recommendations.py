"""An agency and what a panel recommended to it: accepted, in part, declined with reasons, done with evidence."""

from datetime import timedelta

import pytest

from domain import events as e
from tests.console.office import House
from tests.console.parties import addressee, dated, fill, home
from tests.workflows.life import Life
from tests.workflows.past import at_plan

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]


async def recommended(house: House) -> Life:
    life = await at_plan(house.desk, "police", "council", "police")
    return life


async def test_an_agency_accepts_one_declines_another_and_reports_the_first_done(house: House) -> None:
    life = await recommended(house)
    police = await addressee(house, life)
    own = home(police)
    assert "Recommendation R1" in police.page.text
    assert "Recommendation R3" in police.page.text
    assert "Recommendation R2" not in police.page.text
    by = await life.working_days(20)

    await fill(police, f"{own}/R1-answer/response", response="accepted")
    await fill(police, police.at, **dated("due", by))
    await police.follow(await police.send("confirm"))
    assert "Your answer to R1 is with us" in police.page.text
    assert "This link works until" in police.page.text
    said = (await life.event("recommendation.answered")).what
    assert said == e.RecommendationAnswered(recommendation="R1", response=e.Response.ACCEPTED, due=by)

    await fill(police, f"{own}/R3-answer/response", response="declined")
    found = await police.send("go", reasons=" ")
    assert found.status_code == 422
    assert "Enter your reasons" in police.page.problems
    await fill(police, f"{own}/R3-answer/reasons", reasons="We have no such team.")
    await police.follow(await police.send("confirm"))
    said = (await life.event("recommendation.answered")).what
    assert said == e.RecommendationAnswered(
        recommendation="R3", response=e.Response.DECLINED, reasons="We have no such team."
    )

    today = await life.today()
    await fill(police, f"{own}/R1-done/day", **dated("on", today + timedelta(days=1)))
    await fill(police, f"{own}/R1-done/evidence", evidence="Visit log, sergeant Lee.")
    assert "Files that show that R1 is done" in police.page.text
    await police.follow(await police.send("go"))
    assert "has not come yet" in police.page.problems or "future" in police.page.problems
    await fill(police, f"{own}/R1-done/day?then=check", **dated("on", today))
    await police.get(f"{own}/R1-done/check")
    await police.follow(await police.send("confirm"))
    assert "Thank you. R1 is recorded as done" in police.page.text
    done = await life.event("action.done")
    assert done.what == e.ActionDone(recommendation="R1", on=today, evidence="Visit log, sergeant Lee.")
    assert done.by == e.Actor(role=e.Role.AGENCY, name="police")
    assert (await police.get(f"{own}/R1-done/day")).headers["location"] == own


async def test_a_changed_mind_leaves_its_reasons_behind_and_another_s_recommendation_is_not_there(house: House) -> None:
    life = await recommended(house)
    police = await addressee(house, life)
    own = home(police)
    await fill(police, f"{own}/R1-answer/response", response="in_part")
    await fill(police, f"{own}/R1-answer/reasons", reasons="Once a month only.")
    await fill(police, f"{own}/R1-answer/due")
    assert "Once a month only." in police.page.text
    await fill(police, f"{own}/R1-answer/response?then=check", response="accepted")
    await police.get(f"{own}/R1-answer/check")
    assert "Once a month only." not in police.page.text
    await police.follow(await police.send("confirm"))
    said = (await life.event("recommendation.answered")).what
    assert said == e.RecommendationAnswered(recommendation="R1", response=e.Response.ACCEPTED)
    for task in ("R2-answer", "R2-done", "R9-answer", "answer"):
        for page in ("response", "check"):
            path = f"{own}/{task}/{page}"
            assert (await police.get(path)).status_code == 404
            assert (await police.post(path, response="accepted", _press="go")).status_code == 404
