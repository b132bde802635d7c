"""``make pictures``: the pages of staff and of applicants as they are, on demonstration cases, for the README."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Page, async_playwright

from connection.settings import Settings
from console.staff import first_accounts
from post.link_desk import LinkDesk
from register.links import LinkPurpose
from starter import scenario
from starter.life import live
from starter.up import standing
from tests.console import chromium

IMAGES = Path(__file__).parents[2] / "docs" / "images"
SHOWN = ("silent-agency", "delay-at-day-25", "dover-happy", "christmas-2026", "folkestone-happy")


async def main() -> None:
    path = chromium.path()
    if path is None:
        raise SystemExit(chromium.MISSING)
    names = ("temporal_port", "ui_port", "codec_port", "inbox_port", "inbox_smtp_port", "console_port")
    with tempfile.TemporaryDirectory(prefix="casereview-") as home:
        settings = Settings(home=Path(home), **dict.fromkeys(names, 0))  # type: ignore[arg-type]
        async with standing(settings) as (office, addresses), async_playwright() as playwright:
            manager = (await first_accounts.make(office.database))[-1]
            cases = [(await live(scenario.load(name), office, stop=True)).reference for name in SHOWN]
            browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
            context = await browser.new_context(base_url=addresses.console, viewport={"width": 1000, "height": 800})
            page = await context.new_page()
            await page.goto("/sign-in")
            await page.get_by_label("E-mail address").fill(manager.email)
            await page.get_by_label("Password").fill(manager.password)
            await page.get_by_role("button", name="Sign in").click()
            await page.goto("/cases")
            await taken(page, "console-cases.png")
            await page.goto(f"/cases/{cases[1]}")
            await page.get_by_text("How we worked out this date").first.click()
            date = page.locator(".app-deadline").first
            await date.screenshot(path=IMAGES / "console-dates.png")
            await page.goto("/management?demo=1")
            await taken(page, "console-management.png", full=False)
            desk = LinkDesk.of(office.database, settings, addresses.console)
            away = await browser.new_context(base_url=addresses.console, viewport={"width": 480, "height": 900})
            phone = await away.new_page()
            link = await desk.printed(cases[1], LinkPurpose.PROGRESS, f"{cases[1]}-P1")
            assert link
            await phone.goto(link)
            await taken(phone, "public-progress.png", full=False)
            await phone.goto("/apply/dover")
            await taken(phone, "public-apply.png", full=False)
            await browser.close()


async def taken(page: Page, name: str, *, full: bool = True) -> None:
    await page.screenshot(path=IMAGES / name, full_page=full)
    print(f"docs/images/{name}", file=sys.stderr)


if __name__ == "__main__":
    asyncio.run(main())
