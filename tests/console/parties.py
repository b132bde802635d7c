"""Those who come by a link, in a test: whose link it is, and the pages of a task one after the other."""

from __future__ import annotations

from datetime import date

import httpx2 as httpx

from domain.seats import seat_id
from register.links import LinkPurpose
from tests.console.office import House, Visitor
from tests.workflows.life import Life, panel


async def agency(house: House, life: Life, name: str = "police", purpose: str = "verification") -> Visitor:
    """An agency at its enquiry."""
    path = await house.link(LinkPurpose.ENQUIRY, name, f"{purpose}:{name}", case=life.reference)
    return await house.guest(path)


async def addressee(house: House, life: Life, name: str = "police") -> Visitor:
    """An agency at the recommendations made to it."""
    return await house.guest(await house.link(LinkPurpose.RECOMMENDATIONS, name, case=life.reference))


async def chair(house: House, life: Life) -> Visitor:
    path = await house.link(LinkPurpose.CHAIR, seat_id(panel(date(2027, 1, 4)).chair), case=life.reference)
    return await house.guest(path)


async def appeal_body(house: House, life: Life, number: int = 1) -> Visitor:
    return await house.guest(await house.link(LinkPurpose.APPEAL, str(number), case=life.reference))


def home(visitor: Visitor) -> str:
    """The address at which a link's pages begin, from any of them."""
    return "/".join(visitor.at.partition("?")[0].split("/")[:3])


async def fill(visitor: Visitor, path: str, **typed: str) -> httpx.Response:
    """Open one page of a task, fill it in and continue; the page that comes next is shown."""
    await visitor.get(path)
    found = await visitor.send("go", **typed)
    return await visitor.follow(found) if found.status_code == 303 else found


def dated(name: str, on: date) -> dict[str, str]:
    return {f"{name}__day": str(on.day), f"{name}__month": str(on.month), f"{name}__year": str(on.year)}
