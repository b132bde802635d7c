"""A walk through pages on a narrow screen: axe finds nothing on any of them, and none is wider than the screen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.async_api import Browser, Page, ViewportSize

from tests.console.office import House

NARROW: ViewportSize = {"width": 320, "height": 640}
_AXE = """async () => {
  const found = await axe.run({resultTypes: ["violations"], preload: false, elementRef: false})
  const wrong = found.violations.map((one) => `${one.id}: ${one.nodes[0].html.slice(0, 160)}`)
  const width = document.documentElement.scrollWidth
  return width > window.innerWidth ? [...wrong, `${width} pixels wide`] : wrong
}"""


@dataclass
class Walk:
    """``found`` holds what is wrong, by the page's name; empty when all is well."""

    page: Page
    found: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    @asynccontextmanager
    async def of(cls, house: House, browser: Browser) -> AsyncIterator[Walk]:
        context = await browser.new_context(base_url=house.address, viewport=NARROW, bypass_csp=True)
        await context.add_init_script(path=AXE_FILE_PATH)
        yield cls(await context.new_page())
        await context.close()

    async def look(self, name: str) -> None:
        await self.page.wait_for_load_state()
        if wrong := await self.page.evaluate(_AXE):
            self.found[name] = wrong

    async def to(self, path: str, name: str = "") -> None:
        await self.page.goto(path)
        await self.look(name or path)
