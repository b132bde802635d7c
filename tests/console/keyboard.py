"""A page by the keyboard alone."""

from __future__ import annotations

from playwright.async_api import Page


async def tab_to(page: Page, selector: str, words: str = "") -> None:
    """Press Tab until such an element, whose text begins with the words, has the focus."""
    for _ in range(60):
        await page.keyboard.press("Tab")
        found = await page.locator(f"{selector}:focus").all_inner_texts()
        if found and found[0].strip().startswith(words):
            return
    raise AssertionError(f"sixty tabs did not reach {selector} “{words}”")


async def press(page: Page, words: str) -> None:
    """Tab on to a button or link, press Enter, and see the page it leads to."""
    await tab_to(page, ":is(a, button)", words)
    await enter(page)


async def enter(page: Page) -> None:
    """Press Enter and see the page it leads to."""
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
