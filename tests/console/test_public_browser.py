"""The pages of people who came by a link, in a real browser: by keyboard alone, narrow, and axe finds nothing."""

from datetime import timedelta

import pytest
from playwright.async_api import Browser, expect

from domain import events as e
from register import links
from tests.console.keyboard import enter, press, tab_to
from tests.console.office import House
from tests.console.test_browser import sign_in
from tests.console.walk import NARROW, Walk
from tests.register.test_media import PNG
from tests.workflows.life import OFFICER, Life
from tests.workflows.past import at_outcome

pytestmark = [
    pytest.mark.temporal,
    pytest.mark.long,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.timeout(600),
]


async def test_an_incident_is_told_with_the_keyboard_alone_on_a_narrow_screen(house: House, browser: Browser) -> None:
    life = await Life.begin(house.desk)
    context = await browser.new_context(base_url=house.address, viewport=NARROW, java_script_enabled=False)
    page = await context.new_page()
    await page.goto("/l")
    await tab_to(page, "input[name=token]")
    await page.keyboard.type((await house.link(case=life.reference)).rpartition("/")[2].lower())
    await enter(page)
    await expect(page.get_by_role("heading", name="Your ASB Case Review")).to_be_visible()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    await tab_to(page, "a[href='/exit']")
    await tab_to(page, "a[href$='add-incident']")
    await enter(page)
    await tab_to(page, "textarea")
    await page.keyboard.type("They came back.")
    await press(page, "Continue")
    await tab_to(page, "#occurred")
    on = await life.today() - timedelta(days=1)
    for part in (on.day, on.month, on.year):
        await page.keyboard.type(str(part))
        await page.keyboard.press("Tab")
    await press(page, "Continue")
    await tab_to(page, "input[name=reported_to]")
    await page.keyboard.press("Space")
    await press(page, "Continue")
    await expect(page.get_by_text("They came back.")).to_be_visible()
    await press(page, "Send it")
    await expect(page.get_by_role("alert")).to_contain_text("Thank you for telling us.")
    assert [one.kind for one in (await life.settled()).events].count("incident.added") == 1
    await context.close()


async def test_axe_finds_nothing_and_nothing_is_wider_than_320_pixels_on_a_visitor_s_pages(
    house: House, browser: Browser
) -> None:
    life = await at_outcome(house.desk, "police")
    asked = e.CallRequested(phone="01632 960111", when="Before three.")
    await life.act(asked, OFFICER)
    await life.settled()
    async with Walk.of(house, browser) as walk:
        await a_visitors_pages(house, life, walk)
    assert walk.found == {}


async def a_visitors_pages(house: House, life: Life, walk: Walk) -> None:
    page = walk.page
    await page.goto("/l")
    await walk.look("code")
    await page.get_by_role("button", name="Continue").click()
    await walk.look("code, wrong")
    path = await house.link(case=life.reference)
    await page.goto(path)
    home = page.url
    await walk.look("progress")
    for act in ("add-incident", "ask-for-call", "lodge-appeal", "withdraw", "object-to-closure"):
        await page.goto(f"{home}/do/{act}")
        await walk.look(act)
    await page.goto(f"{home}/do/add-incident")
    await page.get_by_role("button", name="Continue").last.click()
    await walk.look("add-incident, sent empty")
    await page.goto(f"{home}/do/withdraw")
    await page.get_by_role("button", name="Continue").last.click()
    await walk.look("withdraw, to check")
    await page.goto(f"{home}/documents")
    await page.get_by_role("button", name="Send this file").click()
    await walk.look("a document, none chosen")
    await page.locator("#file").set_input_files({"name": "fence.png", "mimeType": "image/png", "buffer": PNG})
    await page.get_by_role("button", name="Send this file").click()
    await expect(page.get_by_role("link", name="fence.png")).to_be_visible()
    await walk.look("progress, with what they sent")
    await page.goto(f"{home}/letters/1")
    await walk.look("letter")
    (one,) = [one for one in await links.of_case(house.office.database, life.reference) if one.purpose == "progress"]
    await sign_in(page, "manager")
    await page.goto(f"/cases/{life.reference}")
    await walk.look("the case, with its links")
    new = page.locator(f"form[action$='{one.id}/new'] button")
    await new.click()
    await walk.look("the new link")
    await page.goto(path)
    await expect(page.get_by_role("heading", name="This link does not work any more")).to_be_visible()
    await walk.look("over")
    await page.goto(f"{home}")
    await walk.look("open it again")
