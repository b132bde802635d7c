"""Accounts kept in the console: invited, changed, closed and reset; whose they are not, and what stays undone."""

from __future__ import annotations

import asyncio
import json
import re
import uuid
from collections.abc import Sequence

import pytest

from domain import events as e
from office import passwords
from office.accounts import AccountOffice
from register import account_keeping, drafts, users
from register.account_record import COMMAND_LINE
from register.drafts import Begun
from register.users import EVERY_COUNCIL, StaffRole, User
from starter.cli import run
from tests.console.office import PASSWORD, House, Visitor
from tests.console.test_second_factor import mails, with_factor
from tests.support import clock
from tests.workflows.life import Life

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]


async def somebody(
    house: House, name: str = "Kim New", role: StaffRole = StaffRole.OFFICER, council: str = "dover"
) -> User:
    return await users.add(
        house.office.database, name=name, email=f"{uuid.uuid4().hex}@example.org", role=role, council=council,
        hash=await passwords.hashed(PASSWORD), now=clock.now(),
    )  # fmt: skip


async def browser(house: House, user: User) -> Visitor:
    visitor = Visitor(house.address)
    assert (await visitor.sign_in(user.email)).status_code == 303
    return visitor


async def link(house: House, address: str, subject: str) -> str:
    """The path of the newest link that was sent to somebody."""
    newest = (await mails(house, address, subject))[0]
    found = re.search(r"https?://[^/\s]+(/invited/\S+)", newest.text)
    assert found
    return found[1]


async def test_a_manager_invites_somebody_who_chooses_a_password_that_nobody_else_saw(house: House) -> None:
    manager, address = await house.visitor("manager"), f"{uuid.uuid4().hex}@example.org"
    made = await manager.post(
        "/accounts/new", name=" Jo  Ward ", email=address.upper(), role="officer", council="dover"
    )  # fmt: skip
    assert f"Jo Ward has an account. A link to choose a password is on its way to {address}." in manager.page.text
    assert "/invited/" not in made.text
    path = await link(house, address, "Your account for ASB Case Reviews")
    [told] = await mails(house, address, "Your account")
    assert f'{path}">' in told.html
    assert "Priya Nair has made an account for you, as officer of Dover District Council." in told.text
    guest = Visitor(house.address)
    assert (await guest.sign_in(address, "")).status_code == 422
    for _ in range(2):
        assert (await guest.get(path)).status_code == 200
    assert f"You sign in with {address}." in guest.page.text
    assert (await guest.post(path, new="short")).status_code == 422
    chosen = await guest.post(path, new="an entirely new battery")
    assert "Your password is kept. Sign in with it." in (await guest.follow(chosen)).text
    for again in (await guest.get(path), await guest.post(path, new="somebody else's battery")):
        assert again.status_code == 404
        assert "This link does not work any more" in again.text
    assert (await guest.sign_in(address, "an entirely new battery")).headers["location"] == "/cases"
    listed = await manager.get("/accounts")
    assert "Jo Ward" in listed.text
    await manager.get("/accounts/record")
    for words in (
        "Account made : Jo Ward",
        "Officer of Dover District Council",
        "Invitation sent : Jo Ward",
        "Password chosen : Jo Ward",
    ):
        assert words in manager.page.text
    assert "by Priya Nair" in manager.page.text


async def test_everything_wrong_with_a_new_account_is_told_at_once_and_stays_typed(house: House) -> None:
    manager = await house.visitor("manager")
    before = len(await users.listed(house.office.database))
    found = await manager.post("/accounts/new", name="", email="jo", role="boss", council="atlantis")
    assert found.status_code == 422
    for words in ("Enter their name", "Enter one e-mail address", "There is no role “boss”", "There is no council"):
        assert words in manager.page.text
    assert manager.page.values["email"] == "jo"
    taken = await manager.post("/accounts/new", name="X", email="officer@example.org", role="officer", council="dover")
    assert taken.status_code == 422
    assert "officer@example.org has an account already" in manager.page.text
    assert len(await users.listed(house.office.database)) == before


async def test_a_closed_account_is_out_at_once_and_what_it_leaves_is_named(house: House) -> None:
    kim = await somebody(house, f"Kim {uuid.uuid4().hex[:8]}")
    theirs = await browser(house, kim)
    life = await Life.begin(house.desk)
    await life.act(e.OfficerAssigned(officer=kim.name, email=kim.email))
    await life.settled()
    extend = e.Extended(step="response", working_days=3, reason="x", approved_by="a second person")
    proposal = await drafts.begin(
        house.office.database, Begun.PROPOSAL, kim, council="dover", reference=life.reference, act="extend",
        body=extend.model_dump_json(), now=clock.now(),
    )  # fmt: skip
    manager, approver = await house.visitor("manager"), await house.visitor("approver")
    page = await manager.get(f"/accounts/{kim.id}/close")
    assert f"/cases/{life.reference}/acts/assign-officer" in page.text
    done = await manager.post(f"/accounts/{kim.id}/close")
    assert f"{kim.email} can no longer sign in, and is signed out everywhere." in manager.page.text
    assert f"/cases/{life.reference}/acts/assign-officer" in done.text
    assert (await theirs.get("/cases")).status_code == 303
    assert (await theirs.sign_in(kim.email)).status_code == 422
    assert "Priya Nair has closed your account" in (await mails(house, kim.email, "is closed"))[0].text
    await approver.get("/proposals")
    assert f"Proposed by {kim.name}, whose account is closed by now" in approver.page.text
    await approver.get(f"/proposals/{proposal.id}")
    assert "You can still agree, or send it back" in approver.page.text
    agreed = await approver.post(f"/proposals/{proposal.id}", _press="return", reason="She has left.")
    assert agreed.status_code == 303
    await manager.post(f"/accounts/{kim.id}/open")
    assert "may sign in again" in manager.page.text
    assert (await theirs.sign_in(kim.email)).status_code == 303


async def test_a_reset_password_ends_at_once_and_its_owner_chooses_the_next_one(house: House) -> None:
    kim = await somebody(house)
    theirs, manager = await browser(house, kim), await house.visitor("manager")
    await manager.post(f"/accounts/{kim.id}/password")
    assert "The password of Kim New has ended" in manager.page.text
    assert (await theirs.get("/cases")).status_code == 303
    assert (await theirs.sign_in(kim.email)).status_code == 422
    first = await link(house, kim.email, "Choose a new password")
    await manager.post(f"/accounts/{kim.id}/invite")
    second = await link(house, kim.email, "Your account")
    assert (await theirs.get(first)).status_code == 404
    assert (await theirs.post(second, new="quite another battery")).status_code == 303
    assert (await theirs.sign_in(kim.email, "quite another battery")).status_code == 303
    await manager.post(f"/accounts/{kim.id}/invite")
    assert "can sign in already" in manager.page.text


async def test_a_manager_resets_a_lost_second_factor_and_its_owner_is_told(house: House) -> None:
    address, theirs, _, _ = await with_factor(house)
    kim, manager = await users.named(house.office.database, address), await house.visitor("manager")
    await manager.get(f"/accounts/{kim.id}")
    assert "A password and a second factor" in manager.page.text
    await manager.post(f"/accounts/{kim.id}/second-factor")
    assert "has no second factor any more, and is signed out everywhere. They are told by e-mail." in manager.page.text
    assert (await theirs.get("/cases")).status_code == 303
    assert (await Visitor(house.address).sign_in(address)).headers["location"] == "/cases"
    assert "Priya Nair has reset your second factor" in (await mails(house, address, "was reset"))[0].text
    again = await manager.post(f"/accounts/{kim.id}/second-factor")
    assert again.status_code == 422
    assert "has no second factor here" in manager.page.text


async def test_a_changed_role_holds_on_the_next_page_of_who_is_signed_in(house: House) -> None:
    kim = await somebody(house)
    theirs, manager = await browser(house, kim), await house.visitor("manager")
    assert (await theirs.get("/proposals")).status_code == 403
    await manager.get(f"/accounts/{kim.id}/change")
    assert manager.page.values == {"name": "Kim New", "role": "officer", "council": "dover"}
    await manager.send("", role="approver")
    assert "Kim New is now approver of Dover District Council." in manager.page.text
    [told] = await mails(house, kim.email, "was changed")
    assert "You are now Kim New, approver of Dover District Council." in told.text
    assert (await theirs.get("/proposals")).status_code == 200
    await manager.post(f"/accounts/{kim.id}/change", name="Kim New", role="partnership", council="dover")
    assert (await theirs.get("/proposals")).status_code == 403
    assert (await theirs.get("/cases")).status_code == 403
    await manager.get(f"/accounts/{kim.id}")
    assert "Role: approver → partnership" in manager.page.text


async def test_closing_and_opening_twice_tells_its_owner_once(house: House) -> None:
    kim, manager = await somebody(house), await house.visitor("manager")
    for deed in ("close", "close", "open", "open"):
        assert (await manager.post(f"/accounts/{kim.id}/{deed}")).status_code == 200
    assert len(await mails(house, kim.email, "is closed")) == len(await mails(house, kim.email, "is open again")) == 1


async def test_nobody_changes_their_own_part_or_closes_themselves(house: House) -> None:
    boss = await somebody(house, "Own Boss", StaffRole.MANAGER, EVERY_COUNCIL)
    visitor = await browser(house, boss)
    await visitor.get(f"/accounts/{boss.id}")
    assert "Close the account" not in visitor.page.text
    for deed in ("close", "password", "second-factor"):
        assert (await visitor.get(f"/accounts/{boss.id}/{deed}")).status_code == 303
    for deed, words in (
        ("close", "You cannot close your own account"),
        ("password", "You change your own password under"),
        ("second-factor", "You turn off your own second factor under"),
        ("invite", "can sign in already"),
    ):
        assert (await visitor.post(f"/accounts/{boss.id}/{deed}")).status_code == 422
        assert words in visitor.page.text
    await visitor.post(f"/accounts/{boss.id}/change", name="Own Boss Renamed", role="officer", council="dover")
    kept = await users.named(house.office.database, boss.email)
    assert (kept.name, kept.role, kept.council) == ("Own Boss Renamed", StaffRole.MANAGER, EVERY_COUNCIL)
    await account_keeping.disable(house.office.database, boss.email, clock.now())


async def test_a_manager_of_one_council_keeps_its_accounts_and_no_other(house: House) -> None:
    boss = await somebody(house, "Dover Boss", StaffRole.MANAGER)
    kim, sam = await somebody(house), await somebody(house, "Sam Else", council="medway")
    chief = await somebody(house, "Chief", StaffRole.MANAGER, EVERY_COUNCIL)
    visitor = await browser(house, boss)
    page = (await visitor.get("/accounts")).text
    assert kim.id in page
    for other in (sam, chief):
        assert other.id not in page
        assert (await visitor.get(f"/accounts/{other.id}")).status_code == 404
        for deed in ("close", "password", "change"):
            assert (await visitor.post(f"/accounts/{other.id}/{deed}")).status_code == 404
    await visitor.get("/accounts/record")
    assert "Sam Else" not in visitor.page.text
    await visitor.post(f"/accounts/{kim.id}/change", name="Kim", role="officer", council="medway")
    assert (await users.named(house.office.database, kim.email)).council == "dover"
    for user in (boss, chief):
        await account_keeping.disable(house.office.database, user.email, clock.now())


async def test_of_two_managers_who_close_each_other_at_once_one_stays(house: House) -> None:
    ann = await somebody(house, "Ann Boss", StaffRole.MANAGER, EVERY_COUNCIL)
    bob = await somebody(house, "Bob Boss", StaffRole.MANAGER, EVERY_COUNCIL)
    first, second = await browser(house, ann), await browser(house, bob)
    found = await asyncio.gather(first.post(f"/accounts/{bob.id}/close"), second.post(f"/accounts/{ann.id}/close"))
    assert sorted(one.status_code for one in found) in ([200, 401], [200, 403], [200, 422])
    left = [one for one in await users.listed(house.office.database) if one.active and one.id in (ann.id, bob.id)]
    assert len(left) == 1
    await account_keeping.disable(house.office.database, left[0].email, clock.now())


@pytest.mark.parametrize("who", ["officer", "approver", "operations", "auditor", "partnership"])
async def test_nobody_but_a_manager_can_do_anything_to_an_account(house: House, who: str) -> None:
    kim, visitor = await somebody(house), await house.visitor(who)
    given = {"name": "Kim", "email": "x@example.org", "role": "manager", "council": "all"}
    for path in ("new", f"{kim.id}/change", f"{kim.id}/close", f"{kim.id}/password", f"{kim.id}/second-factor"):
        assert (await visitor.post(f"/accounts/{path}", **given)).status_code == 403
    assert await users.named(house.office.database, kim.email) == kim
    assert "/accounts" not in (await visitor.get("/account")).text


async def test_mail_that_cannot_be_sent_is_said_and_the_account_is_there(house: House) -> None:
    nowhere = house.office.settings.model_copy(update={"smtp_port": 1})
    office = AccountOffice(house.office.database, nowhere, "https://asb.example.org", COMMAND_LINE)
    address = f"{uuid.uuid4().hex}@example.org"
    told = await office.add(name="Jo", email=address, role="officer", council="dover", now=clock.now())
    assert told.sentence == "Jo has an account, but the e-mail with the link could not be sent; send it again later."
    closed = await office.close(address, clock.now())
    assert closed.sentence.endswith(f"The e-mail to {address} could not be sent, so tell them yourself.")


async def test_the_command_line_does_the_same_in_the_same_words(
    house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = house.office.settings
    for name, value in {
        "HOME": settings.home, "SMTP_HOST": settings.smtp_host, "SMTP_PORT": settings.smtp_port,
        "CONSOLE_URL": house.address,
    }.items():  # fmt: skip
        monkeypatch.setenv(f"CASEREVIEW_{name}", str(value))
    monkeypatch.delenv("DATABASE_URL", raising=False)

    async def said(*arguments: str) -> str:
        code = await asyncio.to_thread(run, ["user", *arguments])
        printed = capsys.readouterr()
        assert code == (2 if printed.err else 0)
        return " ".join((printed.err or printed.out).split())

    kim, lee = await somebody(house, "Same Words"), await somebody(house, "Same Words")
    manager = await house.visitor("manager")
    acts: Sequence[tuple[str, Sequence[str], dict[str, str]]] = (
        ("second-factor", ("second-factor",), {}),
        ("close", ("disable",), {}),
        ("password", ("password", "--invite"), {}),
        ("open", ("open",), {}),
        ("password", ("password", "--invite"), {}),
        ("invite", ("invite",), {}),
        ("change", ("change", "--role", "approver"), {"name": "Same Words", "role": "approver", "council": "dover"}),
        ("change", ("change", "--role", "boss"), {"name": "Same Words", "role": "boss", "council": "dover"}),
    )
    for deed, (command, *options), form in acts:
        await manager.post(f"/accounts/{kim.id}/{deed}", **form)
        words = (await said(command, lee.email, *options)).replace(lee.email, kim.email)
        assert words.removeprefix("casereview: ").rstrip(".") in manager.page.text, (deed, words)
    entries = json.loads(await said("record", "--json"))
    assert {one["by"] for one in entries} >= {"the command line", "Priya Nair"}
