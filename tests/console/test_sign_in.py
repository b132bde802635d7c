"""Signing in and out: right, wrong, too often, too long ago, everywhere."""

import asyncio
from collections import Counter
from datetime import timedelta

import httpx2 as httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import update

from console.app import application
from console.web.throttle import ACCOUNT, BROWSER, Throttle
from office import passwords
from register import account_keeping, tables, users
from tests.console.office import OWN, PASSWORD, House, Visitor, email
from tests.support import clock

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]


async def an_account(house: House, address: str, password: str = PASSWORD) -> str:
    await users.add(
        house.office.database, name="Kim New", email=address, role=users.StaffRole.OFFICER, council="dover",
        hash=await passwords.hashed(password), now=clock.now(),
    )  # fmt: skip
    return address


def at(app: FastAPI, address: str) -> Visitor:
    """A browser that reaches a console from an address."""
    visitor = Visitor("http://localhost")
    transport = httpx.ASGITransport(app, client=(address, 4711))
    visitor.client = httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=OWN)
    return visitor


async def test_the_right_password_leads_to_the_work_list_with_a_cookie_no_script_can_read(house: House) -> None:
    visitor = await house.visitor()
    found = await visitor.sign_in(email("officer"))
    assert (found.status_code, found.headers["location"]) == (303, "/cases")
    for cookie in found.headers.get_list("set-cookie"):
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
    assert (await visitor.get("/")).headers["location"] == "/cases"


async def test_a_partnership_starts_at_the_figures(house: House) -> None:
    visitor = await house.visitor()
    assert (await visitor.sign_in(email("partnership"))).headers["location"] == "/management"


@pytest.mark.parametrize("who", ["officer@example.org", "nobody@example.org"])
async def test_a_wrong_password_and_an_unknown_address_are_told_alike(house: House, who: str) -> None:
    visitor = Visitor(house.address)
    found = await visitor.post("/sign-in", email=who, password="wrong", next="")
    assert found.status_code == 422
    assert "The e-mail address or the password is not right" in visitor.page.text
    assert visitor.page.values["email"] == who
    assert "wrong" not in found.text
    assert "set-cookie" not in found.headers


async def test_nothing_typed_is_told_field_by_field(house: House) -> None:
    visitor = Visitor(house.address)
    found = await visitor.post("/sign-in", email="", password="", next="")
    assert "Enter your e-mail address" in visitor.page.text
    assert "Enter your password" in visitor.page.text
    assert "<title>Error: Sign in" in found.text


async def test_the_sixth_try_from_one_place_is_not_looked_at_and_the_page_says_what_to_do(house: House) -> None:
    address = await an_account(house, "throttled@example.org")
    visitor = Visitor(house.address)
    for _ in range(5):
        assert (await visitor.sign_in(address, "wrong")).status_code == 422
    found = await visitor.post("/sign-in", email=address, password=PASSWORD, next="")
    assert found.status_code == 429
    assert "this one was not looked at: wait 3 minutes, then try again" in visitor.page.text
    assert "A browser in which you signed in before has tries of its own" in visitor.page.text
    assert 1 <= int(found.headers["retry-after"]) <= 180
    assert (await visitor.sign_in(email("officer"))).status_code == 303


async def test_of_120_tries_at_once_five_are_looked_at(house: House) -> None:
    address = await an_account(house, "many.at.once@example.org")
    tries = (Visitor(house.address).sign_in(address, "wrong") for _ in range(120))
    found = Counter([answer.status_code for answer in await asyncio.gather(*tries)])
    assert found == {422: 5, 429: 115}


async def test_who_is_attacked_signs_in_as_ever_in_a_browser_they_know_and_a_little_later_in_another(
    house: House,
) -> None:
    address = await an_account(house, "attacked@example.org")
    now, waited = 0.0, []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    app = application(house.office, throttle=Throttle(clock=lambda: now, sleep=sleep))
    known = at(app, "198.51.100.7")
    assert (await known.sign_in(address)).status_code == 303
    await known.post("/sign-out")
    attack = [at(app, f"192.0.2.{number}").sign_in(address, "wrong") for number in range(120)]
    found = Counter([answer.status_code for answer in await asyncio.gather(*attack)])
    assert found[429] == 120 - ACCOUNT.burst - len(waited)
    assert (await known.sign_in(address)).status_code == 303
    assert (await at(app, "198.51.100.8").sign_in(address)).status_code == 429
    now = ACCOUNT.every
    assert (await at(app, "198.51.100.8").sign_in(address)).status_code == 303


async def test_a_browser_is_known_for_its_own_account_by_a_cookie_nobody_can_make(house: House) -> None:
    mine, other = await an_account(house, "mine@example.org"), await an_account(house, "others@example.org")
    app = application(house.office, throttle=Throttle(clock=lambda: 0.0))
    visitor = at(app, "198.51.100.9")
    found = await visitor.sign_in(mine)
    (cookie,) = [one for one in found.headers.get_list("set-cookie") if one.startswith("casereview-known-")]
    assert "HttpOnly" in cookie
    assert mine not in cookie
    await visitor.post("/sign-out")
    assert (await visitor.get("/cases")).status_code == 303
    forged = at(app, "198.51.100.10")
    name, _, value = cookie.partition(";")[0].partition("=")
    forged.client.cookies.set(name, value[:-1] + ("0" if value[-1] != "0" else "1"))
    for who, account, tries in ((visitor, mine, BROWSER.burst), (visitor, other, 5), (forged, mine, 5)):
        statuses = [(await who.sign_in(account, "wrong")).status_code for _ in range(tries + 1)]
        assert statuses == [422] * tries + [429]


@pytest.mark.parametrize("next", ["//evil.example", "https://evil.example/x", "/\\evil.example", "javascript:alert(1)"])
async def test_signing_in_never_leads_to_another_site(house: House, next: str) -> None:
    visitor = Visitor(house.address)
    found = await visitor.post("/sign-in", email=email("officer"), password=PASSWORD, next=next)
    assert found.headers["location"] == "/cases"


async def test_signing_in_leads_back_to_where_somebody_was_going(house: House) -> None:
    visitor = Visitor(house.address)
    asked = await visitor.get(f"/cases/{house.reference}")
    assert asked.headers["location"] == f"/sign-in?next=/cases/{house.reference}"
    await visitor.get(asked.headers["location"])
    found = await visitor.send("", email=email("officer"), password=PASSWORD)
    assert found.headers["location"] == f"/cases/{house.reference}"


@pytest.mark.parametrize(("column", "ago"), [("seen_at", timedelta(minutes=61)), ("started_at", timedelta(hours=11))])
async def test_an_idle_hour_or_ten_hours_end_it(house: House, column: str, ago: timedelta) -> None:
    visitor = await house.visitor("officer")
    assert (await visitor.get("/cases")).status_code == 200
    async with house.office.database.writing() as session:
        await session.exec(update(tables.SignIn).values({column: clock.now() - ago}))
    assert (await visitor.get("/cases")).headers["location"] == "/sign-in?next=/cases"


async def test_signing_out_ends_this_browser_and_everywhere_ends_the_others(house: House) -> None:
    address = await an_account(house, "kim@example.org")
    first, second, third = Visitor(house.address), Visitor(house.address), Visitor(house.address)
    for visitor in (first, second, third):
        await visitor.sign_in(address)
    kept = dict(first.client.cookies)
    await first.post("/sign-out")
    first.client.cookies.update(kept)
    assert (await first.get("/cases")).status_code == 303
    assert (await second.get("/cases")).status_code == 200
    await second.post("/sign-out-everywhere")
    assert (await third.get("/cases")).status_code == 303


async def test_a_changed_password_ends_every_other_browser(house: House) -> None:
    address = await an_account(house, "lee@example.org")
    first, second = Visitor(house.address), Visitor(house.address)
    await first.sign_in(address)
    await second.sign_in(address)
    short = await first.post("/account/password", old="wrong one", new="short")
    assert "The present password is not right" in short.text
    assert "at least 12 characters" in short.text
    for weak in ("aaaaaaaaaaaa", "kim.new.2026", "Dover District Council"):
        assert "too easily guessed" in (await first.post("/account/password", old=PASSWORD, new=weak)).text
    assert "at least 12" in (await first.post("/account/password", old=PASSWORD, new=" " * 12)).text
    done = await first.post("/account/password", old=PASSWORD, new="another battery entirely")
    assert (await first.follow(done)).status_code == 200
    assert "signed out everywhere else" in first.page.text
    assert (await second.get("/cases")).status_code == 303
    assert (await second.sign_in(address)).status_code == 422
    assert (await second.sign_in(address, "another battery entirely")).status_code == 303


async def test_a_closed_account_is_out_at_once(house: House) -> None:
    address = await an_account(house, "gone@example.org")
    visitor = Visitor(house.address)
    await visitor.sign_in(address)
    await account_keeping.disable(house.office.database, address, clock.now())
    assert (await visitor.get("/cases")).status_code == 303
    assert (await visitor.sign_in(address)).status_code == 422


async def test_a_password_is_kept_only_as_its_argon2_hash(house: House) -> None:
    found = await users.by_email(house.office.database, email("officer"))
    assert found
    assert found[1].startswith("$argon2id$")
    assert PASSWORD not in found[1]


async def test_what_was_typed_outlives_a_sign_in_that_ended_meanwhile(house: House) -> None:
    visitor = await house.visitor("officer")
    path = f"/cases/{house.reference}/acts/add-note"
    await visitor.get(path)
    kept = visitor.page
    await visitor.post("/sign-out")
    visitor.page = kept
    found = await visitor.send("go", text="An hour's work.\n\nAnd <more>.")
    assert found.status_code == 401
    assert "What you typed is kept in this page" in visitor.page.text
    await visitor.send("", email=email("officer"), password="wrong")
    assert "is not right" in visitor.page.text
    await visitor.send("", email=email("officer"), password=PASSWORD)
    assert "You are signed in again" in visitor.page.text
    assert visitor.page.action == path
    await visitor.follow(await visitor.post(path, **visitor.page.values))
    assert "Nothing has been done and nothing has been sent yet" in visitor.page.text
    assert "An hour's work. And <more>." in visitor.page.text
    await visitor.get(path)
    assert visitor.page.values["text"].split() == ["An", "hour's", "work.", "And", "<more>."]
