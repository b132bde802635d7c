"""Second factors and accounts in a real browser: scripts off, by keyboard, on a narrow screen, looked at by axe."""

from __future__ import annotations

import re
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from console.app import at_work
from office import passwords
from register import users
from register.users import StaffRole
from tests.console.authenticator import Authenticator
from tests.console.keyboard import enter, press, tab_to
from tests.console.office import PASSWORD, House, email
from tests.console.test_second_factor import mails, somebody
from tests.console.walk import Walk
from tests.support import clock

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


async def sign_in(page: Page, address: str, password: str = PASSWORD) -> None:
    await page.goto("/sign-in")
    await page.get_by_label("E-mail address").fill(address)
    await page.get_by_label("Password").fill(password)
    await page.get_by_role("button", name="Sign in").click()


async def sign_out(page: Page) -> None:
    await page.get_by_role("contentinfo").get_by_role("button", name="Sign out").click()
    await expect(page).to_have_title(re.compile("^Sign in"))


async def test_from_the_invitation_to_a_lost_phone(house: House, page: Page, browser: Browser) -> None:
    """A manager invites; a password is chosen; the app is set up; out, in by a code, in by a recovery code; the phone
    and the codes are lost, and the manager resets."""
    address = f"{uuid.uuid4().hex}@example.org"
    desk = await (await browser.new_context(base_url=house.address, java_script_enabled=False)).new_page()
    await sign_in(desk, email("manager"))
    await desk.get_by_role("link", name="Accounts").click()
    await desk.get_by_role("button", name="Make an account").click()
    await desk.get_by_label("Name").fill("Jo Lost")
    await desk.get_by_label("E-mail address").fill(address)
    await desk.get_by_label("Officer").check()
    await desk.get_by_label("Council").select_option("dover")
    await desk.get_by_role("button", name="Make the account and send the link").click()
    await expect(desk.get_by_role("heading", level=1)).to_have_text("The account is made")

    told = (await mails(house, address, "Your account"))[0].text
    found = re.search(r"/invited/\S+", told)
    assert found
    await page.goto(found[0])
    await page.get_by_label("New password").fill(PASSWORD)
    await page.get_by_role("button", name="Keep this password").click()
    await expect(page.get_by_role("alert")).to_contain_text("Your password is kept")
    await sign_in(page, address)
    await page.get_by_role("link", name="Your account").click()
    await page.get_by_role("link", name="Set up a second factor").click()
    await expect(page.get_by_role("img", name="QR code for your authenticator app")).to_be_visible()
    app = Authenticator.scanning(await page.content())
    await page.get_by_label("Code from the app").fill(app.code())
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    codes = await page.locator(".app-codes li").all_inner_texts()
    assert len(codes) == 10
    await page.get_by_role("button", name="I have kept them").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Cases")

    await sign_out(page)
    await sign_in(page, address)
    await page.get_by_label("Enter the code from your app").fill(app.last)
    await page.get_by_role("button", name="Continue").click()
    await expect(page).to_have_title(re.compile("^Error: Enter the code"))
    await page.get_by_role("link", name="The code is not right, or was used before").click()
    await page.get_by_label("Enter the code from your app").fill(app.code())
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Cases")

    await sign_out(page)
    await sign_in(page, address)
    await page.get_by_role("link", name="I do not have my phone").click()
    await page.get_by_label("Enter a recovery code").fill(codes[0])
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Cases")

    await desk.goto("/accounts")
    await desk.get_by_role("link", name="Jo Lost").last.click()
    await desk.get_by_role("link", name="Reset the second factor").click()
    await desk.get_by_role("button", name="Reset the second factor").click()
    await expect(desk.get_by_text("Jo Lost has no second factor any more")).to_be_visible()
    await page.reload()
    await expect(page).to_have_title(re.compile("^Sign in"))
    await sign_in(page, address)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Cases")
    await desk.context.close()


async def test_it_is_set_up_and_used_with_the_keyboard_alone(house: House, page: Page) -> None:
    address = await somebody(house)
    await sign_in(page, address)
    await page.goto("/account/second-factor")
    app = Authenticator.scanning(await page.content())
    await tab_to(page, "#code")
    await page.keyboard.type(app.code())
    await enter(page)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    await press(page, "I have kept them")
    await sign_out(page)
    await sign_in(page, address)
    await tab_to(page, "#code")
    await page.keyboard.type(app.code())
    await enter(page)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Cases")


async def test_axe_finds_nothing_and_nothing_is_wider_than_320_pixels(house: House, browser: Browser) -> None:
    """The pages a manager does not come to by looking alone; the others are walked with all pages."""
    address = await somebody(house)
    kim = await users.add(
        house.office.database, name="Kim Closed " + "Longname" * 4, email=f"{uuid.uuid4().hex}@example.org",
        role=StaffRole.OFFICER, council="dover", hash=await passwords.hashed(PASSWORD), now=clock.now(),
    )  # fmt: skip
    async with Walk.of(house, browser) as walk:
        page = walk.page
        await sign_in(page, address)
        await walk.to("/account/second-factor", "set up")
        app = Authenticator.scanning(await page.content())
        await page.get_by_role("button", name="Continue").click()
        await walk.look("set up, empty")
        await page.get_by_label("Code from the app").fill(app.code())
        await page.get_by_role("button", name="Continue").click()
        await walk.look("recovery codes")
        await walk.to("/account/second-factor", "second factor")
        await page.get_by_role("button", name="Make new recovery codes").click()
        await walk.look("second factor, empty")
        await walk.to("/account", "account")
        await sign_out(page)
        await sign_in(page, address)
        await walk.look("code")
        await page.get_by_role("button", name="Continue").click()
        await walk.look("code, empty")
        await page.get_by_role("link", name="I do not have my phone").click()
        await walk.look("recovery code")
        await sign_in(page, email("manager"))
        for deed in ("close", "open", "password", "invite"):
            await walk.to(f"/accounts/{kim.id}/{deed}", deed)
            await page.get_by_role("main").get_by_role("button").click()
            await walk.look(f"{deed}, done")
            await walk.to(f"/accounts/{kim.id}", f"after {deed}")
        await walk.to("/accounts", "list")
        await walk.to("/accounts/new")
        await page.get_by_role("button", name="Make the account").click()
        await walk.look("new, empty")
        invited = re.search(r"/invited/\S+", (await mails(house, kim.email, "Your account"))[0].text)
        assert invited
        await walk.to(invited[0], "invited")
        await page.get_by_role("button", name="Keep this password").click()
        await walk.look("invited, empty")
        await walk.to("/invited/nothing", "invited, over")
    assert walk.found == {}


async def test_where_it_is_required_the_way_there_is_walked_too(house: House, browser: Browser) -> None:
    required = house.office.settings.model_copy(update={"second_factor": "required", "console_port": 0})
    async with at_work(replace(house.office, settings=required)) as address:
        async with Walk.of(replace(house, address=address), browser) as walk:
            page = walk.page
            await sign_in(page, await somebody(house))
            await expect(page.get_by_text("Set yours up, and go on to your work.")).to_be_visible()
            await walk.look("led to set up")
            await walk.to("/account", "account")
            await page.evaluate(
                """() => {
                  const form = Object.assign(document.createElement("form"), {method: "post", action: "/cases/next"})
                  form.append(Object.assign(document.createElement("input"), {name: "text", value: "An hour's work"}))
                  document.body.append(form)
                  form.submit()
                }"""
            )
            await expect(page.get_by_role("heading", level=1)).to_have_text("Set up a second factor first")
            await walk.look("owed")
            await walk.to("/account/second-factor", "set up")
            app = Authenticator.scanning(await page.content())
            await page.get_by_label("Code from the app").fill(app.code())
            await page.get_by_role("button", name="Continue").click()
            await page.get_by_role("button", name="I have kept them").click()
            await expect(page.get_by_role("heading", level=1)).to_have_text("Cases")
            await walk.to("/account/second-factor", "second factor")
        assert walk.found == {}
