"""Opening a link: by the letter's address, by its code from paper, by a mail scanner, too late, too often, altered."""

import asyncio
from collections import Counter
from datetime import timedelta

import httpx2 as httpx
import pytest
from sqlalchemy import update
from sqlmodel import col

from connection.signature import read
from console.app import application
from console.web.throttle import LINKS, Throttle
from register import links, queries, reads, tables, visits
from register.links import LinkPurpose
from tests.console.office import OWN, House, Visitor
from tests.support import clock

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]


def id_of(path: str) -> str:
    found = read(path.rpartition("/")[2])
    assert found is not None
    return found[0]


async def change(house: House, path: str, **values: object) -> None:
    async with house.office.database.writing() as session:
        await session.exec(update(tables.Link).where(col(tables.Link.id) == id_of(path)).values(**values))


async def own_link(house: House, holder: str) -> str:
    """A link that no other test uses; whose it is does not matter where it is not opened."""
    return await house.link(holder=holder)


async def test_a_link_leads_to_the_case_by_an_address_without_the_token(house: House) -> None:
    path = await house.link()
    visitor = Visitor(house.address)
    found = await visitor.get(path)
    assert found.status_code == 303
    assert house.reference not in found.text
    assert found.headers["location"] == f"/progress/{id_of(path)}"
    cookie = found.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    shown = await visitor.follow(found)
    assert shown.status_code == 200
    assert house.reference in visitor.page.text
    (looked, *_) = await reads.of_case(house.office.database, house.reference)
    assert (looked.name, looked.role) == ("Asha Example", "link: progress")


async def test_a_mail_scanner_that_fetches_a_link_changes_nothing(house: House) -> None:
    path = await house.link()
    before = await queries.case(house.office.database, house.reference)
    link = await links.by_id(house.office.database, id_of(path))
    scanner = Visitor(house.address)
    for _ in range(3):
        scanner.client.cookies.clear()
        assert (await scanner.get(path)).status_code == 303
    assert (await scanner.client.head(path)).status_code == 405
    assert await links.by_id(house.office.database, id_of(path)) == link
    after = await queries.case(house.office.database, house.reference)
    assert before is not None
    assert after is not None
    assert after.events == before.events
    assert (await (await house.guest(path)).get(f"/progress/{id_of(path)}")).status_code == 200


async def test_a_code_typed_from_paper_opens_the_link_too(house: House) -> None:
    path = await house.link()
    visitor = Visitor(house.address)
    await visitor.get("/l")
    found = await visitor.send("", token=path.rpartition("/")[2].lower().replace("-", " ").replace("0", "o"))
    assert (found.status_code, found.headers["location"]) == (303, f"/progress/{id_of(path)}")
    whole = await visitor.post("/l", token=f"{house.address}{path}")
    assert whole.status_code == 303


@pytest.mark.parametrize("at", [0, 7, 8, 23])
async def test_an_altered_link_is_unknown(house: House, at: int) -> None:
    token = (await house.link()).rpartition("/")[2].replace("-", "")
    altered = token[:at] + ("1" if token[at] != "1" else "2") + token[at + 1 :]
    visitor = Visitor(house.address)
    found = await visitor.get(f"/l/{altered}")
    assert found.status_code == 422
    assert "That is not a link of ours" in visitor.page.text
    assert "set-cookie" not in found.headers
    assert "Dover" not in visitor.page.text


async def test_a_row_that_was_altered_in_the_register_opens_nothing(house: House) -> None:
    path = await own_link(house, "P7")
    await change(house, path, holder=f"{house.reference}-P1", about="altered")
    assert (await Visitor(house.address).get(path)).status_code == 422


async def test_an_expired_link_says_whom_to_ring_and_nothing_of_the_case(house: House) -> None:
    path = await own_link(house, "P8")
    await change(house, path, expires_at=clock.now() - timedelta(seconds=1))
    visitor = Visitor(house.address)
    found = await visitor.get(path)
    assert found.status_code == 410
    assert "This link has expired" in visitor.page.text
    assert "Dover" in visitor.page.text
    assert "@dover.gov.uk" in visitor.page.text
    assert house.reference not in found.text
    assert "Asha" not in found.text


async def test_a_revoked_link_is_over_at_once_in_every_browser(house: House) -> None:
    path = await house.link()
    guest = await house.guest(path)
    page = f"/progress/{id_of(path)}"
    assert (await guest.get(page)).status_code == 200
    await links.revoke(house.office.database, id_of(path), by="Maya Ellis", now=clock.now())
    assert (await guest.get(page)).status_code == 401
    again = await guest.get(path)
    assert again.status_code == 410
    assert "does not work any more" in guest.page.text
    assert house.reference not in again.text
    renewed = await links.renew(
        house.office.database, id_of(path), by="Maya Ellis", key_id=house.office.settings.key_ring().active,
        now=clock.now(), lasts=timedelta(days=1),
    )  # fmt: skip
    assert renewed.id != id_of(path)
    assert (await guest.get(path)).status_code == 410
    assert (await (await house.guest(await house.link())).get(f"/progress/{renewed.id}")).status_code == 200


async def test_whoever_does_not_act_for_the_victim_any_more_has_no_link(house: House) -> None:
    path = await own_link(house, f"{house.reference}-P9")
    visitor = Visitor(house.address)
    assert (await visitor.get(path)).status_code == 410
    assert house.reference not in visitor.page.text


async def test_a_visit_opens_its_own_link_and_no_other(house: House) -> None:
    own, other = await house.link(), await house.link(case=house.other)
    guest = await house.guest(own)
    assert (await guest.get(f"/progress/{id_of(other)}")).status_code == 401
    assert house.other not in guest.page.text
    await guest.follow(await guest.get(other))
    assert house.other in guest.page.text
    await guest.get(f"/progress/{id_of(own)}")
    assert house.reference in guest.page.text
    stolen = await house.link(LinkPurpose.RECOMMENDATIONS, "police")
    assert (await guest.get(stolen)).status_code == 410


async def test_a_link_for_something_else_opens_no_other_page(house: House) -> None:
    enquiry = await house.link(LinkPurpose.ENQUIRY, "police", "verification:police")
    guest = Visitor(house.address)
    found = await guest.get(enquiry)
    assert found.headers["location"] == f"/enquiry/{id_of(enquiry)}"
    assert (await guest.get(f"/progress/{id_of(enquiry)}")).status_code == 404
    assert house.reference not in guest.page.text


async def test_leaving_shuts_every_link_this_browser_has_open(house: House) -> None:
    path = await house.link()
    guest = await house.guest(path)
    found = await guest.post("/leave")
    assert (found.status_code, found.headers["location"]) == (303, "/l?left=1")
    assert (await guest.get(f"/progress/{id_of(path)}")).status_code == 401


async def test_a_planted_secret_is_worth_nothing_once_the_link_is_opened(house: House) -> None:
    path = await house.link()
    guest = await house.guest(path)
    planted = guest.client.cookies["casereview-visit"]
    await guest.get(path)
    assert guest.client.cookies["casereview-visit"] != planted
    thief = Visitor(house.address)
    thief.client.cookies["casereview-visit"] = planted
    assert (await thief.get(f"/progress/{id_of(path)}")).status_code == 401


async def test_who_guesses_links_waits_and_the_right_one_opens_in_its_turn(house: House) -> None:
    path = await house.link()
    now, waited = 0.0, []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    alone = httpx.ASGITransport(app=application(house.office, throttle=Throttle(clock=lambda: now, sleep=sleep)))
    known = await visits.number(house.office.database)
    async with httpx.AsyncClient(transport=alone, base_url=house.address, headers=OWN) as guesser:
        wrong = [guesser.get("/l/7KQ2-9MXT-0123-4567-89AB-CDEF") for _ in range(120)]
        found = Counter(answer.status_code for answer in await asyncio.gather(*wrong))
        assert found == {422: LINKS.burst + 1, 429: 120 - LINKS.burst - 1}
        refused = await guesser.get(path)
        assert refused.status_code == 429
        assert "wait 1 minute, then try again" in refused.text
        assert await visits.number(house.office.database) == known
        now = LINKS.every
        opened = await guesser.get(path)
    assert (opened.status_code, waited) == (303, [LINKS.every, LINKS.every])


@pytest.mark.parametrize("next", ["//evil.example", "https://evil.example/x", "/progress", "/cases"])
async def test_a_code_never_leads_anywhere_but_to_its_own_pages(house: House, next: str) -> None:
    path = await house.link()
    found = await Visitor(house.address).post("/l", token=path.rpartition("/")[2], next=next)
    assert found.headers["location"] == f"/progress/{id_of(path)}"


async def test_nothing_typed_is_told_at_the_field(house: House) -> None:
    visitor = Visitor(house.address)
    found = await visitor.post("/l", token=" ")
    assert found.status_code == 422
    assert "Enter the code at the end of your link" in visitor.page.text
    assert "<title>Error: Open your link" in found.text
