"""The pages of agencies, chairs and appeal bodies in a real browser: axe finds nothing, nothing is wider than 320."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

from domain import events as e
from domain.letters import seat_id
from register.links import Purpose
from tests.console.office import House
from tests.console.test_appeal_body import appealed
from tests.console.test_browser import NARROW
from tests.workflows.life import Life, panel

pytestmark = [
    pytest.mark.temporal,
    pytest.mark.long,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.timeout(600),
]


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, house: House) -> AsyncIterator[Page]:
    context = await browser.new_context(base_url=house.address, viewport=NARROW, bypass_csp=True)
    yield await context.new_page()
    await context.close()


async def test_axe_finds_nothing_on_any_page_of_theirs_at_320_pixels(house: House, page: Page) -> None:
    asked, met, held = [await Life.begin(house.desk) for _ in range(3)]
    await met.to_panel(1)
    await held.to_panel()
    await held.hold_panel("police")
    accepted = e.RecommendationAnswered(recommendation="R1", response=e.Response.ACCEPTED)
    await held.act(accepted, e.Actor(role=e.Role.AGENCY, name="police"))
    appeal = await appealed(house)
    seat = seat_id(panel(await met.today()).chair)
    pages = {
        await house.link(Purpose.ENQUIRY, "police", "verification:police", case=asked.reference): (
            "?saved=answer", "/answer/reports",
        ),
        await house.link(Purpose.ENQUIRY, "police", "information:police", case=met.reference): ("",),
        await house.link(Purpose.CHAIR, seat, case=met.reference): (
            "", "/decision/meeting", "/decision/findings", "/decision/recommendations",

        ),
        await house.link(Purpose.CHAIR, seat, case=held.reference): ("?done=decision",),
        await house.link(Purpose.RECOMMENDATIONS, "police", case=held.reference): (
            "", "?done=R1-answer", "/R1-answer/response", "/R1-done/documents?sent=document",
        ),
        await house.link(Purpose.APPEAL, "1", case=appeal.reference): (
            "", "/hearing/day", "/decision/result",
        ),
    }  # fmt: skip
    axe, found = Axe(), {}

    async def look(name: str) -> None:
        results = await axe.run(page, options={"resultTypes": ["violations"]})
        width = await page.evaluate("document.documentElement.scrollWidth")
        wrong = [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in results.response["violations"]]
        if wrong or width > NARROW["width"]:
            found[name] = [*wrong, f"{width} pixels wide"]

    for link, parts in pages.items():
        await page.goto(link)
        own = page.url
        for part in parts:
            await page.goto(f"{own}{part}")
            await look(f"{own}{part}")
            if part.count("/") == 2:
                await page.get_by_role("button", name="Continue").last.click()
                await look(f"{own}{part}, sent empty")
    assert found == {}
    chair = await house.link(Purpose.CHAIR, seat, case=met.reference)
    assert await refused_and_mended(page, chair) == []


async def refused_and_mended(page: Page, link: str) -> list[object]:
    """The page to check says a refusal, and the page that mends it is one step away; what axe found on it."""
    await page.goto(link)
    own = page.url
    await page.goto(f"{own}/adjournment/day")
    for part, value in (("", 5), ("-month", 1), ("-year", 2026)):
        await page.locator(f"#until{part}").fill(str(value))
    await page.get_by_role("button", name="Continue").last.click()
    await page.locator("#reason").fill("The room is flooded.")
    await page.get_by_role("button", name="Continue").last.click()
    results = await Axe().run(page, options={"resultTypes": ["violations"]})
    await page.get_by_role("link", name="The panel cannot go on on Monday 5 January 2026").click()
    await page.get_by_role("link", name=re.compile("^Change.*Adjourn the panel")).click()
    await page.locator("#until-year").fill("2028")
    await page.get_by_role("button", name="Continue").last.click()
    assert page.url.endswith("/adjournment/check")
    return list(results.response["violations"])
