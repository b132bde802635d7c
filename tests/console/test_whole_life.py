"""The whole life of a case by its people, each in a browser of their own, by the links in the letters they got."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import date

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

import policies
from domain import events as e
from tests.console.office import PASSWORD, House, email
from tests.register.test_media import PDF
from tests.workflows.life import Life, form

pytestmark = [
    pytest.mark.temporal,
    pytest.mark.long,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.timeout(600),
]
PEOPLE = ("officer", "approver", "applicant", "agency", "chair", "appeal body")
DOVER = policies.load("dover")


@pytest_asyncio.fixture(loop_scope="session")
async def people(browser: Browser, house: House) -> AsyncIterator[dict[str, Page]]:
    """A page for each, none of which knows the others' cookies or runs a script."""
    contexts = [await browser.new_context(base_url=house.address, java_script_enabled=False) for _ in PEOPLE]
    yield {name: await context.new_page() for name, context in zip(PEOPLE, contexts, strict=True)}
    for context in contexts:
        await context.close()


async def link(life: Life, to: str, kind: str = "") -> str:
    """The address of the reader's own page in the newest of their letters."""
    async with asyncio.timeout(20):
        while True:
            for mail in reversed(life.mails()):
                found = re.search(r"http://127\.0\.0\.1:\d+(/l/[0-9A-Z-]+)", mail.text)
                if to in mail.to and found and kind in mail.subject:
                    return found[1]
            await asyncio.sleep(0.1)


async def fill_day(page: Page, id: str, on: date) -> None:
    for part, value in (("", on.day), ("-month", on.month), ("-year", on.year)):
        await page.locator(f"#{id}{part}").fill(str(value))


async def go(page: Page, button: str = "Continue") -> None:
    await page.get_by_role("button", name=button, exact=True).last.click()


async def act(page: Page, life: Life, name: str) -> None:
    await page.goto(f"/cases/{life.reference}/acts/{name}")


async def confirm(page: Page, button: str = "Confirm and do it") -> None:
    """Go on to what will follow, and do it."""
    await page.get_by_role("button", name="Continue to what will follow").last.click()
    await page.get_by_role("button", name=button).click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Asha Example")


async def test_the_whole_life_of_a_case_by_its_people_each_in_a_browser_of_their_own(
    house: House, people: dict[str, Page]
) -> None:
    life = await Life.begin(house.desk, application=form(3, impact="My daughter cannot sleep."))
    for who in ("officer", "approver"):
        await people[who].goto("/sign-in")
        await people[who].get_by_label("E-mail address").fill(email(who))
        await people[who].get_by_label("Password").fill(PASSWORD)
        await go(people[who], "Sign in")
    await agencies_answer(life, people["agency"], e.Purpose.VERIFICATION)
    await threshold_is_met(life, people["officer"])
    await agencies_answer(life, people["agency"], e.Purpose.INFORMATION)
    await panel_is_arranged(life, people["officer"])
    await chair_decides(life, people["chair"])
    await applicant_comments_and_has_the_outcome(life, people)
    await second_person_agrees_to_a_new_date(life, people)
    await agency_does_what_was_recommended(life, people["agency"])
    await applicant_appeals_and_the_appeal_is_decided(life, people)
    await case_is_followed_up_and_closed(life, people)


async def agencies_answer(life: Life, page: Page, purpose: e.Purpose) -> None:
    asked = [one.what for one in (await life.settled()).events if isinstance(one.what, e.EnquirySent)]
    for enquiry in (one for one in asked if one.purpose is purpose):
        body = DOVER.agency(enquiry.agency)
        assert body
        checks = purpose is e.Purpose.VERIFICATION
        await page.goto(await link(life, body.email, "confirm these" if checks else "full account"))
        await page.get_by_role("button", name="Answer this enquiry").click()
        if checks:
            for number in range(3):
                await page.locator(f"#confirmations-{number}-confirmed").check()
        else:
            await page.locator("#account").fill(f"What {enquiry.agency} did.")
        await go(page)
        await page.locator("#contact").fill("The duty desk")
        await go(page)
        await go(page, "Send the answer")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Your answer is with us")
        await expect(page.get_by_text("My daughter cannot sleep")).to_have_count(0)


async def threshold_is_met(life: Life, page: Page) -> None:
    assert await life.stage() == "deciding the threshold"
    await act(page, life, "decide-threshold")
    await page.get_by_label("Yes, a review will be held").check()
    await confirm(page)


async def panel_is_arranged(life: Life, page: Page) -> None:
    assert await life.stage() == "arranging the panel"
    await act(page, life, "arrange-panel")
    await expect(page.get_by_label("The victim is invited", exact=True)).to_be_checked()
    await fill_day(page, "on", await life.today())
    await page.locator("#chair-name").fill("Pat Chair")
    await page.locator("#chair-organisation").fill("Independent")
    await page.locator("#chair-email").fill("pat.chair@example.org")
    for number, (name, organisation) in enumerate((("A. Police", "Police"), ("B. Housing", "Housing"))):
        if number:
            await page.get_by_role("button", name="Add another member").click()
        await page.locator(f"#members-{number}-name").fill(name)
        await page.locator(f"#members-{number}-organisation").fill(organisation)
        await page.locator(f"#members-{number}-email").fill(f"member{number}@example.org")
    await confirm(page)


async def chair_decides(life: Life, page: Page) -> None:
    await page.goto(await link(life, "pat.chair@example.org"))
    await page.get_by_text("What the agencies say").click()
    await expect(page.get_by_text("What police did.")).to_be_visible()
    await page.get_by_role("button", name="Record what the panel decided").click()
    await go(page)
    await page.get_by_label("No", exact=True).check()
    await go(page)
    await page.locator("#findings").fill("Nobody joined the reports up.")
    await go(page)
    await page.locator("input[value=police]").check()
    await page.locator("#recommendations-0-text").fill("Visit weekly for three months.")
    await page.locator("#recommendations-0-reason").fill("So that somebody sees it.")
    await go(page)
    await go(page, "Record the decision")
    await expect(page.get_by_role("heading", level=1)).to_have_text("The panel’s decision is recorded")


async def applicant_comments_and_has_the_outcome(life: Life, people: dict[str, Page]) -> None:
    await life.until(lambda now: now.stage == "plan with the applicant")
    page = people["applicant"]
    await page.goto(await link(life, "asha@example.org"))
    await page.get_by_role("link", name="Say what you think of the draft plan").click()
    await page.locator("#comments").fill("I agree.")
    await go(page)
    await go(page, "Send it")
    await expect(page.get_by_text("Thank you. The panel’s chair sees")).to_be_visible()
    officer = people["officer"]
    await act(officer, life, "send-outcome")
    for number in range(3):
        for part, words in (("done", "They came once."), ("finding", "Nobody looked."), ("next", "Weekly visits.")):
            await officer.locator(f"#issues-{number}-{part}").fill(words)
    await officer.locator("#reasons").fill("The reports were not joined up.")
    await confirm(officer)


async def second_person_agrees_to_a_new_date(life: Life, people: dict[str, Page]) -> None:
    await life.until(lambda now: now.stage == "appeal window")
    officer, approver = people["officer"], people["approver"]
    await act(officer, life, "extend")
    await officer.locator("input[name=step]").first.check()
    await officer.locator("#working_days").fill("3")
    await officer.locator("#reason").fill("The room is not free.")
    await confirm(officer, "Put it to a second person")
    await approver.goto("/proposals")
    await approver.get_by_role("link", name=re.compile(life.reference)).click()
    await approver.get_by_role("button", name="Agree").click()
    await expect(approver.get_by_role("heading", level=1)).to_contain_text("Asha Example")
    moved = (await life.event("deadline.extended")).what
    assert isinstance(moved, e.Extended)
    assert moved.approved_by == "Tom Okafor"


async def agency_does_what_was_recommended(life: Life, page: Page) -> None:
    police = DOVER.agency("police")
    assert police
    await page.goto(await link(life, police.email, "recommendation"))
    await page.get_by_role("button", name="Answer R1").click()
    await page.get_by_label("We accept it", exact=True).check()
    await go(page)
    await fill_day(page, "due", await life.working_days(10))
    await go(page)
    await go(page, "Send the answer")
    await page.get_by_role("button", name="Tell us that R1 is done").click()
    await fill_day(page, "on", await life.today())
    await go(page)
    await page.locator("#evidence").fill("The visit log of the ward.")
    await go(page)
    await page.locator("#file").set_input_files({"name": "log.pdf", "mimeType": "application/pdf", "buffer": PDF})
    await go(page)
    await expect(page.get_by_text("log.pdf")).to_be_visible()
    await go(page, "Send it")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. R1 is recorded as done")


async def applicant_appeals_and_the_appeal_is_decided(life: Life, people: dict[str, Page]) -> None:
    page = people["applicant"]
    await page.goto(await link(life, "asha@example.org"))
    await page.get_by_role("link", name="Appeal", exact=True).click()
    await page.locator("#subject").check()
    await go(page)
    await page.locator("#grounds").fill("Nobody came to look.")
    await go(page)
    await page.get_by_role("checkbox").check()
    await go(page)
    await go(page, "Send my appeal")
    await expect(page.get_by_text("We have your appeal, and write to you")).to_be_visible()

    await life.until(lambda now: now.stage == "appeal")
    hears = DOVER.appeals[0].bodies[0]
    body = people["appeal body"]
    await body.goto(await link(life, hears.email, "Appeal"))
    await expect(body.get_by_text("Nobody came to look.")).to_be_visible()
    async with body.expect_download() as fetched:
        await body.get_by_role("link", name="All the papers as one PDF").click()
    assert (await fetched.value).suggested_filename == f"{life.reference} appeal 1.pdf"
    await body.get_by_role("button", name="Tell us the day of the hearing").click()
    await fill_day(body, "on", await life.today())
    await go(body)
    await go(body, "Send it")
    await body.get_by_role("button", name="Tell us the decision").click()
    await fill_day(body, "heard_on", await life.today())
    await go(body)
    await body.get_by_label("Dismissed: the decision stands").check()
    await go(body)
    await body.locator("#reasons").fill("The review looked at everything.")
    await go(body)
    await go(body)
    await go(body, "Send the decision")
    await expect(body.get_by_role("heading", level=1)).to_have_text("The decision is recorded")


async def case_is_followed_up_and_closed(life: Life, people: dict[str, Page]) -> None:
    opens = (await life.deadline("follow_up")).opens
    assert opens
    await life.on(opens)
    assert await life.stage() == "follow-up"
    officer = people["officer"]
    await act(officer, life, "hold-follow-up")
    await fill_day(officer, "on", opens)
    await officer.locator("#behaviour_stopped").check()
    await officer.locator("#findings").fill("It has been quiet.")
    await confirm(officer)
    await life.until(lambda now: now.stage == "closing")
    await life.to_the_end(40)
    assert await life.stage() == "closed"
    page = people["applicant"]
    await page.goto(await link(life, "asha@example.org"))
    await expect(page.get_by_text("Your case is closed. If it starts again")).to_be_visible()
