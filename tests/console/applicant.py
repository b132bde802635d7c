"""Somebody who applies on the web, page by page."""

from __future__ import annotations

from datetime import date
from typing import Any

import httpx2 as httpx

from tests.console.office import House, Visitor
from tests.workflows.life import form

ANSWERS: dict[str, dict[str, str]] = {
    "who": {"who": "self"},
    "name": {"applicant.name": "Ivy Stone"},
    "contact": {"applicant.email": "ivy@example.org", "applicant.address": "1 High Street\nDover\nCT16 1AA"},
    "safe-contact": {"applicant.prefers": "email", "applicant.unsafe.voicemail": "yes"},
    "letters": {"applicant.language": "en", "applicant.large_print": "yes"},
    "home": {"tenure": "private_tenant", "landlord": "A. Landlord"},
    "same-problem": {"same_problem": "yes"},
    "impact": {"impact": "No sleep."},
    "needs": {"needs": "My son is eight."},
    "wanted": {"wanted": "Quiet nights."},
    "attendance": {"attendance": ""},
}
PLACE = "/apply/dover"


async def begun(house: House, council: str = "dover") -> Visitor:
    visitor = Visitor(house.address)
    await visitor.get(f"/apply/{council}")
    await visitor.follow(await visitor.post(f"/apply/{council}"))
    return visitor


async def answer(visitor: Visitor, slug: str, values: dict[str, str] | None = None) -> httpx.Response:
    """Send one page with these answers, or the usual ones."""
    await visitor.get(f"{PLACE}/{slug}")
    given = ANSWERS[slug] if values is None else values
    return await visitor.post(f"{PLACE}/{slug}", **{**visitor.page.values, **given})


async def report(visitor: Visitor, number: int, **changes: str) -> httpx.Response:
    return await visitor.post(f"{PLACE}/reports/{number}", **(reports()[number] | changes))


async def filled(house: House, reports: int = 3, visitor: Visitor | None = None, **changes: dict[str, str]) -> Visitor:
    """Every page answered up to the check, by somebody who began already or by a new one."""
    visitor = visitor or await begun(house)
    for slug, usual in ANSWERS.items():
        if slug == "same-problem":
            for number in range(reports):
                assert (await report(visitor, number)).status_code == 303
            if reports < 2:
                continue
        found = await answer(visitor, slug, changes.get(slug.replace("-", "_"), usual))
        assert found.status_code == 303, (slug, visitor.page.text)
    return visitor


async def sent(visitor: Visitor, consent: str = "yes") -> str:
    """Send it; the reference."""
    await visitor.get(f"{PLACE}/declaration")
    await visitor.follow(await visitor.send("", consent_to_share=consent))
    assert "We have your application" in visitor.page.text, visitor.page.text
    return visitor.page.text.partition("Your reference ")[2].split()[0]


def reports() -> list[dict[str, str]]:
    """Three reports that count, as somebody types them."""
    found = []
    for number, one in enumerate(form(3).incidents):
        at = f"incidents.{number}"
        typed = {f"{at}.what": "Shouting.", f"{at}.reported_to": "Kent Police"}
        found.append(typed | day(f"{at}.occurred", one.occurred) | day(f"{at}.reported", one.reported))
    return found


def day(path: str, on: date) -> dict[str, str]:
    return {f"{path}.day": str(on.day), f"{path}.month": str(on.month), f"{path}.year": str(on.year)}


async def post_twice(visitor: Visitor, path: str, times: int, **data: str) -> list[Any]:
    import asyncio

    return list(await asyncio.gather(*(visitor.client.post(path, data=data) for _ in range(times))))
