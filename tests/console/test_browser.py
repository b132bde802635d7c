"""The console in a real browser: with scripts off, by keyboard alone, on a narrow screen, and axe finds nothing."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from console.app import application
from console.questions.labels import ACTS
from domain import events as e
from register import drafts
from register.drafts import Begun
from tests.console.keyboard import enter, press, tab_to
from tests.console.office import PASSWORD, House, email
from tests.console.test_access import routes, staff
from tests.console.walk import Walk
from tests.workflows.life import Life, form
from tests.workflows.past import at_outcome, at_panel, at_plan, at_threshold

pytestmark = [
    pytest.mark.temporal,
    pytest.mark.long,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.timeout(600),
]


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, house: House) -> AsyncIterator[Page]:
    """A page of a browser that runs no scripts; what breaks the content security policy is an error."""
    context = await browser.new_context(base_url=house.address, java_script_enabled=False)
    opened = await context.new_page()
    broken: list[str] = []
    opened.on("console", lambda said: broken.append(said.text) if "Content Security Policy" in said.text else None)
    yield opened
    assert broken == []
    await context.close()


async def sign_in(page: Page, who: str) -> None:
    await page.goto("/sign-in")
    await page.get_by_label("E-mail address").fill(email(who))
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()


async def test_an_officer_finds_a_case_does_an_act_and_is_refused_another(house: House, page: Page) -> None:
    life = await at_threshold(house.desk)
    await sign_in(page, "officer")
    await page.get_by_label("Search by reference, name or address").fill(life.reference)
    await page.get_by_role("button", name="Search").click()
    await page.get_by_role("link", name=life.reference).click()
    await page.get_by_role("link", name="Decide the threshold").click()

    await page.get_by_role("button", name="Continue to what will follow").last.click()
    await expect(page).to_have_title(f"Error: Decide the threshold – {life.reference} – ASB Case Review")
    await page.get_by_role("link", name="Select whether the threshold is met").click()
    await page.get_by_label("No, the application is refused").check()
    await page.get_by_role("button", name="Continue to what will follow").last.click()
    await expect(page.get_by_role("alert")).to_contain_text("Three reports count and three are needed")

    await page.get_by_label("Yes, a review will be held").check()
    await page.get_by_role("button", name="Continue to what will follow").last.click()
    await expect(page.get_by_role("heading", name="What will follow")).to_be_visible()
    await page.get_by_text("We will hold a review of your").first.click()
    await expect(page.get_by_text("Dear Asha Example")).to_be_visible()
    await page.go_back()
    await expect(page.get_by_label("Yes, a review will be held")).to_be_checked()
    await page.get_by_role("button", name="Continue to what will follow").last.click()
    await page.get_by_role("button", name="Confirm and do it").click()
    await expect(page.get_by_role("alert")).to_contain_text("The threshold decision is recorded.")

    await page.go_back()
    await expect(page.get_by_role("heading", level=1)).to_have_text("This is not possible now")
    decided = [event for event in (await life.settled()).events if event.kind == "threshold.decided"]
    assert len(decided) == 1


async def test_a_call_is_taken_and_its_case_started_with_a_break_in_the_middle(house: House, page: Page) -> None:
    await sign_in(page, "officer")
    await page.get_by_role("link", name="Start a case").click()
    await page.get_by_role("button", name="Begin an application").click()
    await page.locator("#applicant-name").fill("Ivy Stone")
    reports = form(3).incidents
    for number, report in enumerate(reports):
        at = f"incidents-{number}"
        if number:
            await page.get_by_role("button", name="Add another report").click()
        for name, day in (("occurred", report.occurred), ("reported", report.reported)):
            for part, value in (("", day.day), ("-month", day.month), ("-year", day.year)):
                await page.locator(f"#{at}-{name}{part}").fill(str(value))
        await page.locator(f"#{at}-reported_to").fill("Kent Police")
        await page.locator(f"#{at}-what").fill("Shouting.")
        await page.get_by_role("button", name="Save and see what counts").click()
        said = "met" if number == 2 else "not reached"
        await expect(page.get_by_role("region", name="The threshold so far")).to_contain_text(f"is {said}")

    await page.goto("/applications")
    await page.get_by_role("link", name="Ivy Stone").click()
    await expect(page.locator("#incidents-2-what")).to_have_value("Shouting.")
    await page.locator("#incidents-2-what").fill("")
    await page.get_by_role("button", name="Continue to check it").click()
    await page.get_by_role("link", name="Enter what happened").click()
    await page.locator("#incidents-2-what").fill("Banging.")
    await page.get_by_role("button", name="Continue to check it").click()
    await expect(page.get_by_text("Acknowledge the application")).to_be_visible()
    await page.get_by_role("button", name="Start the case").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Ivy Stone")
    await page.go_back()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Ivy Stone")
    await page.goto("/applications")
    await expect(page.get_by_text("Ivy Stone")).to_have_count(0)


async def test_everything_can_be_done_with_the_keyboard_alone(house: House, page: Page) -> None:
    life = await Life.begin(house.desk)
    await page.goto("/sign-in")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.type(email("officer"))
    await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await enter(page)
    await expect(page.get_by_role("heading", name="Cases")).to_be_visible()
    await page.goto(f"/cases/{life.reference}/acts/add-note")
    await tab_to(page, "textarea")
    await page.keyboard.type("By keyboard.")
    await page.keyboard.press("Tab")
    await enter(page)
    await expect(page.get_by_role("heading", name="What will follow")).to_be_visible()
    await press(page, "Confirm and do it")
    await expect(page.get_by_role("alert")).to_contain_text("The note is added.")


async def test_enter_in_a_field_goes_on_and_takes_nothing_out(house: House, page: Page) -> None:
    life = await at_panel(house.desk)
    await sign_in(page, "officer")
    await page.goto(f"/cases/{life.reference}/acts/arrange-panel")
    await page.locator("#members-0-name").press("Enter")
    await expect(page.locator("#members-0-name")).to_have_value("A. Police")
    await expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()


async def test_axe_finds_nothing_and_nothing_is_wider_than_320_pixels_on_any_page(
    house: House, browser: Browser
) -> None:
    """A form is looked at as it comes back when sent empty: everything of the fresh one is on it."""
    pages = await _pages(house)
    shown = {path for path, method in routes(application(house.office)) if method == "GET" and staff(path)}
    known = {re.sub(r"\{\w+\}", "[^/]+", path) for path in shown}
    left = {path for path in known if not any(re.fullmatch(path, one.partition("?")[0]) for one in pages.values())}
    left = {path for path in left if not path.startswith("/apply")}
    files = {"/management/[^/]+.csv", "/figures/[^/]+.csv", "/api/openapi.json", "/api/applications/[^/]+"}
    files |= {"/cases/[^/]+/disclosures.csv", "/cases/[^/]+/disclosures.json"}
    checks = {"/applications/[^/]+/check", "/cases/[^/]+/acts/[^/]+/check"}
    assert left == files | checks | {
        "/sign-in/elsewhere", "/sign-in/back", "/sign-in/code", "/invited/[^/]+",
        "/", "/health", "/sign-in", "/static/[^/]+", "/brand/[^/]+", "/cases/[^/]+/letters/[^/]+/page",
        "/cases/[^/]+/letters/[^/]+/paper",
        "/cases/[^/]+/documents/[^/]+", "/cases/[^/]+/temporal",
    }  # fmt: skip
    async with Walk.of(house, browser) as walk:
        await walk.to("/sign-in")
        await walk.page.get_by_role("button", name="Sign in").click()
        await walk.look("sign in, wrong")
        await sign_in(walk.page, "manager")
        for name, path in pages.items():
            await walk.page.goto(path)
            press = walk.page.get_by_role("button", name="Continue to what will follow")
            if await press.count():
                await press.last.click()
                if not (await walk.page.title()).startswith("Error:"):
                    await walk.look(f"{name}, what will follow")
                    await walk.page.go_back()
            await walk.look(name)
    assert walk.found == {}


async def _pages(house: House) -> dict[str, str]:
    """Every page a manager can come to, with cases at every stage that has a form of its own."""
    plain = ("/cases", "/cases?stage=all", "/account", "/proposals", "/applications", "/nowhere", "/api")
    plain += ("/account/second-factor", "/accounts", "/accounts/record", "/accounts/new")
    figures = (
        "/operations", "/management?demo=1",
        "/management/due?kind=verification&first=2026-01-01&last=2030-01-01&demo=1",
        "/figures", "/figures/dover", "/procedure", "/procedure/kent-district",
    )  # fmt: skip
    pages = {path: path for path in (*plain, *figures)}
    desk = house.desk
    lives = [
        await Life.begin(desk), await at_panel(desk), await at_plan(desk, "police", "council"),
        await at_outcome(desk, "police"),
    ]  # fmt: skip
    now = [await life.settled() for life in lives]
    for life, situation in zip(lives, now, strict=True):
        case = f"/cases/{life.reference}"
        pages |= {f"{situation.stage}": case, f"{situation.stage}: readers": f"{case}/readers"}
        pages |= {act: f"{case}/acts/{act}" for act in situation.possible if act not in pages}
    pages |= {act: f"/cases/{lives[0].reference}/acts/{act}" for act in ACTS if act not in pages}
    pages |= {"letter": f"/cases/{lives[0].reference}/letters/1"}
    pages |= {"a document": f"/cases/{lives[1].reference}/documents"}
    pages |= {"what was shared": f"/cases/{lives[1].reference}/disclosures"}
    people = {one.role: one for one in await _users(house)}
    account = f"/accounts/{people['officer'].id}"
    pages |= {"an account": account, "its change": f"{account}/change", "its end": f"{account}/close"}
    extend = e.Extended(step="response", working_days=3, reason="x", approved_by="a second person")
    proposal = await drafts.begin(
        house.office.database, Begun.PROPOSAL, people["officer"], council="dover", reference=lives[0].reference,
        act="extend", body=extend.model_dump_json(), now=now[0].now,
    )  # fmt: skip
    application = await drafts.begin(
        house.office.database, Begun.APPLICATION, people["officer"], council="dover", now=now[0].now,
        body='{"applicant.name": "Ivy", "incidents.0.what": "x", "incidents.1.what": "y"}',
    )  # fmt: skip
    return pages | {"proposal": f"/proposals/{proposal.id}", "application": f"/applications/{application.id}"}


async def _users(house: House):  # type: ignore[no-untyped-def]
    from register import users

    return await users.listed(house.office.database)
