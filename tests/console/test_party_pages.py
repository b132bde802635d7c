"""The pages of agencies, chairs and appeal bodies in a real browser: axe finds nothing, nothing is wider than 320."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser

from domain import events as e
from domain.seats import seat_id
from register.links import LinkPurpose
from tests.console.office import House
from tests.console.test_appeal_body import appealed
from tests.console.walk import Walk
from tests.workflows.life import Life, panel
from tests.workflows.past import at_panel, at_plan

pytestmark = [
    pytest.mark.temporal,
    pytest.mark.long,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.timeout(600),
]


async def test_axe_finds_nothing_on_any_page_of_theirs_at_320_pixels(house: House, browser: Browser) -> None:
    asked, met, held = (
        await Life.begin(house.desk),
        await at_panel(house.desk, ahead=1),
        await at_plan(house.desk, "police"),
    )
    accepted = e.RecommendationAnswered(recommendation="R1", response=e.Response.ACCEPTED)
    await held.act(accepted, e.Actor(role=e.Role.AGENCY, name="police"))
    appeal = await appealed(house)
    seat = seat_id(panel(await met.today()).chair)
    pages = {
        await house.link(LinkPurpose.ENQUIRY, "police", "verification:police", case=asked.reference): (
            "?saved=answer", "/answer/reports",
        ),
        await house.link(LinkPurpose.ENQUIRY, "police", "information:police", case=met.reference): ("",),
        await house.link(LinkPurpose.CHAIR, seat, case=met.reference): (
            "", "/decision/meeting", "/decision/findings", "/decision/recommendations",

        ),
        await house.link(LinkPurpose.CHAIR, seat, case=held.reference): ("?done=decision",),
        await house.link(LinkPurpose.RECOMMENDATIONS, "police", case=held.reference): (
            "", "?done=R1-answer", "/R1-answer/response", "/R1-done/documents?sent=document",
        ),
        await house.link(LinkPurpose.APPEAL, "1", case=appeal.reference): (
            "", "/hearing/day", "/decision/result",
        ),
    }  # fmt: skip
    async with Walk.of(house, browser) as walk:
        for link, parts in pages.items():
            await walk.page.goto(link)
            own = walk.page.url
            for part in parts:
                await walk.to(f"{own}{part}")
                if part.count("/") == 2:
                    await walk.page.get_by_role("button", name="Continue").last.click()
                    await walk.look(f"{own}{part}, sent empty")
        await refused_and_mended(walk, await house.link(LinkPurpose.CHAIR, seat, case=met.reference))
    assert walk.found == {}


async def refused_and_mended(walk: Walk, link: str) -> None:
    """The page to check says a refusal, and the page that mends it is one step away."""
    page = walk.page
    await page.goto(link)
    own = page.url
    await page.goto(f"{own}/adjournment/day")
    for part, value in (("", 5), ("-month", 1), ("-year", 2026)):
        await page.locator(f"#until{part}").fill(str(value))
    await page.get_by_role("button", name="Continue").last.click()
    await page.locator("#reason").fill("The room is flooded.")
    await page.get_by_role("button", name="Continue").last.click()
    await walk.look("adjournment, refused")
    await page.get_by_role("link", name="The panel cannot go on on Monday 5 January 2026").click()
    await page.get_by_role("link", name=re.compile("^Change.*Adjourn the panel")).click()
    await page.locator("#until-year").fill("2028")
    await page.get_by_role("button", name="Continue").last.click()
    assert page.url.endswith("/adjournment/check")
