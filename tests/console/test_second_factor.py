"""A second factor in the console: set up, asked for, lost, required; and what nobody gets past it."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import httpx2 as httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import update

from office import passwords
from register import account_keeping, tables, users
from starter.pigeonhole import StoredMail
from tests.console.authenticator import Authenticator
from tests.console.office import OWN, PASSWORD, House, Visitor
from tests.support import clock

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]
HOME = "/account/second-factor"


async def somebody(house: House, role: users.StaffRole = users.StaffRole.OFFICER) -> str:
    """A new account with a password; its address."""
    address = f"{uuid.uuid4().hex}@example.org"
    await users.add(
        house.office.database, name="Kim New", email=address, role=role, council="dover",
        hash=await passwords.hashed(PASSWORD), now=clock.now(),
    )  # fmt: skip
    return address


async def set_up(visitor: Visitor) -> tuple[Authenticator, list[str]]:
    """Set up an app in a browser that is signed in; it, and the recovery codes."""
    app = Authenticator.scanning((await visitor.get(HOME)).text)
    found = await visitor.post(HOME, code=app.code())
    codes = re.findall(r"<li>([a-z2-9]{4}(?:-[a-z2-9]{4}){3})</li>", found.text)
    assert len(codes) == 10
    return app, codes


async def with_factor(house: House) -> tuple[str, Visitor, Authenticator, list[str]]:
    address, visitor = await somebody(house), Visitor(house.address)
    await visitor.sign_in(address)
    return address, visitor, *await set_up(visitor)


async def mails(house: House, address: str, subject: str) -> list[StoredMail]:
    """The e-mails to somebody with these words in their subject, once there is one."""
    async with asyncio.timeout(20):
        while True:
            sent = house.desk.inbox.letters.mails(to=address)
            if found := [mail for mail in sent if subject in mail.subject]:
                return found
            await asyncio.sleep(0.05)


@pytest.fixture
def required(house: House, unserved: FastAPI) -> Iterator[Visitor]:
    """A browser before a console that requires a second factor."""
    desk = unserved.state.desk
    settings = house.office.settings.model_copy(update={"second_factor": "required"})
    unserved.state.desk = replace(desk, office=replace(house.office, settings=settings))
    visitor = Visitor("http://localhost")
    visitor.client = httpx.AsyncClient(
        transport=httpx.ASGITransport(unserved), base_url="http://localhost", headers=OWN, timeout=30, verify=False
    )
    yield visitor
    unserved.state.desk = desk


async def test_after_the_password_a_code_is_asked_for_and_nothing_opens_before_it(house: House) -> None:
    address, _, app, _ = await with_factor(house)
    visitor = Visitor(house.address)
    asked = await visitor.get(f"/cases/{house.reference}")
    await visitor.get(asked.headers["location"])
    found = await visitor.send("", email=address, password=PASSWORD)
    assert found.headers["location"] == f"/sign-in/code?next=/cases/{house.reference}"
    for path in ("/cases", "/account", HOME, f"/cases/{house.reference}"):
        assert (await visitor.get(path)).headers["location"].startswith("/sign-in")
    assert (await visitor.post("/sign-out-everywhere")).status_code == 401
    await visitor.get(f"/sign-in/code?next=/cases/{house.reference}")
    before = dict(visitor.client.cookies)
    found = await visitor.send("go", code=app.code())
    assert found.headers["location"] == f"/cases/{house.reference}"
    assert dict(visitor.client.cookies) != before
    assert (await visitor.get("/cases")).status_code == 200


async def test_a_code_that_was_taken_signs_nobody_in_again(house: House) -> None:
    address, _, app, _ = await with_factor(house)
    code = app.code()
    first, second = Visitor(house.address), Visitor(house.address)
    for visitor in (first, second):
        await visitor.sign_in(address)
    assert (await first.post("/sign-in/code", code=code)).status_code == 303
    found = await second.post("/sign-in/code", code=code)
    assert found.status_code == 422
    assert "was used before" in second.page.text
    assert code not in found.text
    assert (await second.get("/cases")).status_code == 303


async def test_a_recovery_code_signs_in_once_and_its_owner_is_told(house: House) -> None:
    address, _, _, codes = await with_factor(house)
    for visitor, status in ((Visitor(house.address), 303), (Visitor(house.address), 422)):
        await visitor.sign_in(address)
        await visitor.get("/sign-in/code?recovery=1")
        assert (await visitor.send("go", code=codes[3])).status_code == status
    assert "or it was used before" in visitor.page.text
    [told] = await mails(house, address, "with a recovery code")
    assert "9 recovery codes are left" in told.text
    assert codes[3] not in told.text


async def test_codes_are_tried_five_times_and_a_right_password_gives_no_more(house: House) -> None:
    address, _, app, _ = await with_factor(house)
    visitor = Visitor(house.address)
    for _ in range(5):
        await visitor.sign_in(address)
        assert (await visitor.post("/sign-in/code", code="000000")).status_code == 422
    for _ in range(2):
        await visitor.sign_in(address)
        found = await visitor.post("/sign-in/code", code=app.code())
        assert found.status_code == 429
        assert "There were too many tries" in visitor.page.text
    assert len(await mails(house, address, "Somebody may know your password")) == 1
    assert (await visitor.get("/cases")).status_code == 303


async def test_whoever_has_the_password_keeps_the_owner_out_of_no_browser_that_they_know(house: House) -> None:
    address, owner, app, _ = await with_factor(house)
    await owner.post("/sign-out")
    thief = Visitor(house.address)
    await thief.sign_in(address)
    for status in (*[422] * 5, 429):
        assert (await thief.post("/sign-in/code", code="000000")).status_code == status
    await owner.sign_in(address)
    assert (await owner.post("/sign-in/code", code=app.code())).status_code == 303


async def test_ten_minutes_after_the_password_it_is_asked_for_again(house: House) -> None:
    address, _, app, _ = await with_factor(house)
    visitor = Visitor(house.address)
    await visitor.sign_in(address)
    async with house.office.database.writing() as session:
        half = update(tables.SignIn).where(tables.SignIn.half_way.is_(True))  # type: ignore[attr-defined]
        await session.exec(half.values(started_at=clock.now() - timedelta(minutes=11)))
    assert (await visitor.get("/sign-in/code")).headers["location"] == "/sign-in"
    found = await visitor.post("/sign-in/code", code=app.code())
    assert found.status_code == 401
    assert "took more than ten minutes" in visitor.page.text


async def test_setting_it_up_ends_the_other_browsers_and_the_codes_are_shown_once(house: House) -> None:
    address = await somebody(house)
    here, there = Visitor(house.address), Visitor(house.address)
    for visitor in (here, there):
        await visitor.sign_in(address)
    _, codes = await set_up(here)
    assert (await there.get("/cases")).status_code == 303
    page = await here.get(HOME)
    assert "All ten of your recovery codes are left" in here.page.text
    assert not any(code in page.text for code in codes)
    assert (await here.post(HOME, code="123456")).headers["location"] == HOME
    assert await mails(house, address, "has a second factor")


async def test_the_key_on_the_page_stays_the_same_until_its_first_code_is_right(house: House) -> None:
    visitor = Visitor(house.address)
    await visitor.sign_in(await somebody(house))
    first = Authenticator.scanning((await visitor.get(HOME)).text)
    for typed, words in (("", "Enter the code from your app"), ("12", "The code is not right")):
        found = await visitor.post(HOME, code=typed)
        assert words in visitor.page.text
        assert Authenticator.scanning(found.text).app.secret == first.app.secret


async def test_the_key_that_another_browser_was_shown_is_never_the_one_that_is_set_up(house: House) -> None:
    address, thief, owner = await somebody(house), Visitor(house.address), Visitor(house.address)
    await thief.sign_in(address)
    seen = Authenticator.scanning((await thief.get(HOME)).text)
    await owner.sign_in(address)
    app, _ = await set_up(owner)
    assert app.app.secret != seen.app.secret
    await thief.sign_in(address)
    assert (await thief.post("/sign-in/code", code=seen.code())).status_code == 422
    assert (await thief.post("/sign-in/code", code=app.code())).status_code == 303


async def test_a_while_after_signing_in_the_password_is_asked_for_too(house: House) -> None:
    visitor = Visitor(house.address)
    await visitor.sign_in(await somebody(house))
    async with house.office.database.writing() as session:
        await session.exec(update(tables.SignIn).values(started_at=clock.now() - timedelta(minutes=16)))
    app = Authenticator.scanning((await visitor.get(HOME)).text)
    for given, words in (("", "Enter your password"), ("wrong", "The password is not right")):
        await visitor.post(HOME, code=app.code(), password=given)
        assert words in visitor.page.text
        app.given = 0
    await visitor.post(HOME, code=app.code(), password=PASSWORD)
    assert "Your recovery codes" in visitor.page.text


async def test_new_recovery_codes_and_turning_it_off_need_a_code(house: House) -> None:
    address, visitor, app, codes = await with_factor(house)
    for path, field in ((f"{HOME}/codes", "renew"), (f"{HOME}/end", "end")):
        assert (await visitor.post(path, **{field: ""})).status_code == 422
        assert (await visitor.post(path, **{field: app.last})).status_code == 422
    found = await visitor.post(f"{HOME}/codes", renew=app.code())
    new = re.findall(r"<li>([a-z2-9]{4}(?:-[a-z2-9]{4}){3})</li>", found.text)
    assert len(new) == 10
    assert not set(new) & set(codes)
    assert (await visitor.post(f"{HOME}/end", end=codes[0])).status_code == 422
    done = await visitor.post(f"{HOME}/end", end=new[0])
    assert "Your second factor is turned off" in (await visitor.follow(done)).text
    assert (await Visitor(house.address).sign_in(address)).headers["location"] == "/cases"
    assert await mails(house, address, "is turned off")


async def test_what_was_typed_outlives_both_steps_of_signing_in_again(house: House) -> None:
    address, visitor, app, _ = await with_factor(house)
    path = f"/cases/{house.reference}/acts/add-note"
    await visitor.get(path)
    kept = visitor.page
    await visitor.post("/sign-out")
    visitor.page = kept
    await visitor.send("go", text="An hour's work.")
    await visitor.send("", email=address, password=PASSWORD)
    assert "Enter the code from your app" in visitor.page.text
    await visitor.send("other")
    assert "Enter a recovery code" in visitor.page.text
    await visitor.send("go", code="wrong")
    await visitor.send("other")
    await visitor.send("go", code=app.code())
    assert "You are signed in again" in visitor.page.text
    assert (visitor.page.action, visitor.page.values["text"]) == (path, "An hour's work.")


async def test_where_it_is_required_nothing_but_setting_it_up_is_open(house: House, required: Visitor) -> None:
    address = await somebody(house)
    found = await required.sign_in(address)
    assert found.status_code == 303
    for path in ("/cases", f"/cases/{house.reference}", "/applications"):
        assert (await required.get(path)).headers["location"] == HOME
    assert "needs a second factor, and you have none yet" in (await required.get("/account")).text
    sent = await required.post(f"/cases/{house.reference}/acts/add-note", text="Typed before.")
    assert sent.status_code == 403
    assert "What you typed is kept in this page" in required.page.text
    assert required.page.values["text"] == "Typed before."
    app, _ = await set_up(required)
    assert (await required.get("/cases")).status_code == 200
    ended = await required.post(f"{HOME}/end", end=app.code())
    assert ended.headers["location"] == HOME
    assert (await required.get("/cases")).headers["location"] == HOME


async def test_a_closed_account_does_not_come_in_by_its_code(house: House) -> None:
    address, _, app, _ = await with_factor(house)
    visitor = Visitor(house.address)
    await visitor.sign_in(address)
    await account_keeping.disable(house.office.database, address, clock.now())
    assert (await visitor.post("/sign-in/code", code=app.code())).status_code == 401
    assert (await visitor.get("/cases")).status_code == 303


async def test_where_somebody_is_signed_in_is_shown_and_each_browser_can_be_ended(house: House) -> None:
    address = await somebody(house)
    here, there, third = (Visitor(house.address) for _ in range(3))
    there.client.headers["User-Agent"] = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko Firefox/128.0"
    for visitor in (here, there, third):
        await visitor.sign_in(address)
    page = await here.get("/account")
    assert "Firefox on Windows" in here.page.text
    assert here.page.text.count("This browser") == 1
    ids = re.findall(r'name="id" value="([0-9a-f]{64})"', page.text)
    assert len(ids) == 2
    stranger = Visitor(house.address)
    await stranger.sign_in(await somebody(house))
    for id in ids:
        await stranger.post("/account/browsers", id=id)
    assert (await there.get("/cases")).status_code == (await third.get("/cases")).status_code == 200
    done = await here.post("/account/browsers", id=ids[0])
    assert "That browser is signed out." in (await here.follow(done)).text
    assert sorted([(await one.get("/cases")).status_code for one in (there, third)]) == [200, 303]
    await here.post("/account/browsers")
    assert [(await one.get("/cases")).status_code for one in (here, there, third)] == [200, 303, 303]


async def test_no_part_of_it_is_written_to_the_log(house: House, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(0):
        address, _, app, codes = await with_factor(house)
        visitor = Visitor(house.address)
        await visitor.sign_in(address)
        code = app.code()
        await visitor.post("/sign-in/code", code=code)
    said = caplog.text
    for secret in (app.app.key, app.app.key.replace(" ", ""), code, *codes, PASSWORD):
        assert secret not in said
