"""Signing in and out: right, wrong, too often, too long ago, everywhere."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import update

from office import passwords
from register import account_keeping, tables, users
from tests.console.office import PASSWORD, House, Visitor, email
from tests.support import clock

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]


async def an_account(house: House, address: str, password: str = PASSWORD) -> str:
    await users.add(
        house.office.database, name="Kim New", email=address, role=users.StaffRole.OFFICER, council="dover",
        hash=await passwords.hashed(password), now=clock.now(),
    )  # fmt: skip
    return address


async def test_the_right_password_leads_to_the_work_list_with_a_cookie_no_script_can_read(house: House) -> None:
    visitor = await house.visitor()
    found = await visitor.sign_in(email("officer"))
    assert (found.status_code, found.headers["location"]) == (303, "/cases")
    cookie = found.headers["set-cookie"]
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


async def test_the_sixth_try_in_a_quarter_of_an_hour_is_not_looked_at(house: House) -> None:
    address = await an_account(house, "throttled@example.org")
    visitor = Visitor(house.address)
    for _ in range(5):
        assert (await visitor.sign_in(address, "wrong")).status_code == 422
    found = await visitor.sign_in(address)
    assert found.status_code == 429
    assert "too many tries" in found.text
    assert (await visitor.sign_in(email("officer"))).status_code == 303


async def test_of_many_tries_at_once_no_more_are_looked_at_than_one_after_the_other(house: House) -> None:
    address = await an_account(house, "many.at.once@example.org")
    tries = (Visitor(house.address).sign_in(address, "wrong") for _ in range(12))
    assert sorted([found.status_code for found in await asyncio.gather(*tries)]) == [422] * 5 + [429] * 7


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
