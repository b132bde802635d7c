"""The form in a real browser: no scripts, the keyboard alone, 320 pixels, and axe finds nothing on any of its pages."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from register import documents
from tests.console.applicant import ANSWERS, PLACE, reports
from tests.console.keyboard import enter, press, tab_to
from tests.console.office import House
from tests.console.walk import NARROW, Walk
from tests.register.test_media import PDF

pytestmark = [
    pytest.mark.temporal,
    pytest.mark.long,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.timeout(600),
]


async def typed(page: Page, values: dict[str, str]) -> None:
    """Fill a page's fields by the keyboard alone, in the order in which Tab comes to them."""
    left = dict(values)
    for _ in range(40):
        if not left:
            return
        focused = page.locator(":focus")
        known = await focused.count() > 0
        name = (await focused.get_attribute("name") or "") if known else ""
        kind = (await focused.get_attribute("type") or "") if known else ""
        if name not in left:
            await page.keyboard.press("Tab")
            continue
        if kind == "checkbox":
            await page.keyboard.press("Space")
        elif kind == "radio":
            while await page.locator(":focus").get_attribute("value") != left[name]:
                await page.keyboard.press("ArrowDown")
            await page.keyboard.press("Space")
        else:
            await page.keyboard.type(left[name])
        del left[name]
    raise AssertionError(f"forty tabs did not reach {sorted(left)}")


async def test_somebody_applies_by_keyboard_on_a_narrow_screen_without_scripts(
    house: House, browser: Browser, tmp_path: Path
) -> None:
    context = await browser.new_context(base_url=house.address, viewport=NARROW, java_script_enabled=False)
    page = await context.new_page()
    broken: list[str] = []
    context.on("console", lambda said: broken.append(said.text) if "Content Security Policy" in said.text else None)
    await page.goto(PLACE)
    await press(page, "Start now")
    await press(page, "Save and continue")
    await expect(page).to_have_title("Error: Who are you applying for? – Dover District Council – ASB Case Review")
    await press(page, "Select who you are applying for")
    for slug, values in ANSWERS.items():
        if slug == "same-problem":
            for number, report in enumerate(reports()):
                await press(page, "Add the first report" if not number else "Add another report")
                await typed(page, report)
                await press(page, "Save and continue")
            await expect(
                page.get_by_role("region", name="Your right to a review, as far as you told us")
            ).to_contain_text("is met")
            await press(page, "Continue")
        await expect(page).to_have_url(re.compile(rf"{PLACE}/{slug}(#.*)?$"))
        await typed(page, {name: value for name, value in values.items() if value})
        await press(page, "Save and continue")
    diary = tmp_path / "diary.pdf"
    diary.write_bytes(PDF)
    await page.get_by_label("Choose a file").set_input_files(diary)
    await press(page, "Add this file")
    await expect(page.get_by_text("diary.pdf").first).to_be_visible()
    await press(page, "Stop and come back later")
    await press(page, "Get a code")
    code = await page.locator("#code").inner_text()
    await tab_to(page, "a", "Leave this page quickly")
    async with page.expect_request(lambda asked: asked.url.startswith("https://www.bbc.co.uk/")):
        await page.keyboard.press("Enter")
    page = await context.new_page()
    await page.goto(f"{PLACE}/name")
    await expect(page.get_by_role("heading", name="Ask for an ASB Case Review")).to_be_visible()
    await press(page, "Go on with a form by its code")
    await typed(page, {"code": code, "name": "Stone"})
    await enter(page)
    await expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
    await press(page, "Continue")
    await typed(page, {"consent_to_share": "yes"})
    await press(page, "Send my application")
    await expect(page.get_by_role("heading", name="We have your application")).to_be_visible()
    reference = await page.locator(".govuk-panel strong").inner_text()
    await page.go_back()
    await page.goto(f"{PLACE}/declaration")
    await expect(page.get_by_text(reference)).to_be_visible()
    assert [one.name for one in await documents.of_case(house.office.database, reference)] == ["diary.pdf"]
    assert broken == []
    await context.close()


async def test_axe_finds_nothing_on_any_page_and_none_is_wider_than_320_pixels(house: House, browser: Browser) -> None:
    async with Walk.of(house, browser) as walk:
        await whole_form(walk)
    assert walk.found == {}


async def whole_form(walk: Walk) -> None:
    """Every page of the form, each sent empty where it can be, then filled in and sent."""
    page = walk.page

    async def at(path: str, send: bool = False) -> None:
        await page.goto(path)
        if send:
            await page.locator("main form button:visible").first.click()
        await walk.look(f"{path}, sent empty" if send else path)

    for path in ("/", "/apply", PLACE, "/apply/nowhere", f"{PLACE}/return"):
        await at(path, send=path.endswith("return"))
    await page.goto(PLACE)
    await page.get_by_role("button", name="Start now").click()
    for slug in ("who", "name", "contact", "safe-contact", "letters", "home", "reports", "reports/0"):
        await at(f"{PLACE}/{slug}", send=slug != "reports")
    for slug in ("impact", "needs", "wanted", "attendance", "documents", "check", "save"):
        await at(f"{PLACE}/{slug}")
    await page.goto(f"{PLACE}/documents")
    await page.get_by_role("button", name="Add this file").click()
    await walk.look("documents, sent empty")
    await page.get_by_label("Choose a file").set_input_files(
        {"name": "a very long name of a diary that nobody would ever type.pdf", "mimeType": "x/y", "buffer": PDF}
    )
    await page.get_by_role("button", name="Add this file").click()
    await walk.look("documents, with a file")
    await page.goto(f"{PLACE}/who")
    await page.get_by_label("Somebody else").check()
    await page.get_by_role("button", name="Save and continue").click()
    for slug in ("you", "your-contact", "your-letters", "agreement"):
        await at(f"{PLACE}/{slug}", send=True)
    for slug, values in ANSWERS.items():
        if slug == "same-problem":
            for number, report in enumerate(reports()):
                await page.goto(f"{PLACE}/reports/{number}")
                for name, value in report.items():
                    await page.locator(f'[name="{name}"]').fill(value)
                await page.get_by_role("button", name="Save and continue").click()
            await walk.look("reports, three")
        await page.goto(f"{PLACE}/{slug}")
        for name, value in values.items():
            field = page.locator(f'[name="{name}"]').first
            if await field.get_attribute("type") in ("radio", "checkbox"):
                await page.locator(f'[name="{name}"][value="{value}"]').check()
            else:
                await field.fill(value)
        await page.get_by_role("button", name="Save and continue").click()
    await at(f"{PLACE}/save")
    await page.get_by_role("button", name="Get a code").click()
    await walk.look("the code")
    await at(f"{PLACE}/check")
    await at(f"{PLACE}/declaration", send=True)
    await page.locator("#consent_to_share").check()
    await page.get_by_role("button", name="Send my application").click()
    await expect(page.get_by_role("heading", name="We have your application")).to_be_visible()
    await walk.look("sent")
