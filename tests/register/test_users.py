"""Accounts, who is signed in, who looked at what, and what is begun, on either database."""

from datetime import UTC, datetime, timedelta

import pytest

from register import account_keeping, drafts, reads, taking_in, users
from register.database import Database
from register.drafts import Begun
from register.users import AccountError, StaffRole, User
from tests.register import examples

NOW = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)  # Thu
IDLE, LONGEST = timedelta(minutes=60), timedelta(hours=10)


async def account(database: Database, email: str = "jo@example.org", council: str = "dover") -> User:
    return await users.add(
        database, name="Jo Ward", email=email, role=StaffRole.OFFICER, council=council, hash="h", now=NOW
    )  # fmt: skip


async def test_an_address_is_one_account_however_it_is_spelled(database: Database) -> None:
    made = await account(database, " Jo@Example.ORG ")
    assert made.email == "jo@example.org"
    with pytest.raises(AccountError, match="has an account already"):
        await account(database, "JO@example.org", "medway")
    assert await users.by_email(database, "JO@example.org") == (made, "h")
    assert await users.listed(database) == [made]


async def test_a_new_password_opens_a_closed_account_and_ends_its_browsers(database: Database) -> None:
    user = await account(database)
    await users.sign_in(database, user, "browser", NOW)
    await account_keeping.disable(database, user.email, NOW)
    assert await users.by_email(database, user.email) is None
    assert await users.signed_in(database, "browser", NOW, IDLE, LONGEST) is None
    again = await users.set_password(database, user.email, "new", NOW)
    assert again.active
    assert await users.by_email(database, user.email) == (again, "new")
    with pytest.raises(AccountError, match="Nobody has an account"):
        await account_keeping.disable(database, "nobody@example.org", NOW)


async def test_a_browser_stays_signed_in_while_it_is_used_and_no_longer_than_ten_hours(database: Database) -> None:
    user = await account(database)
    await users.sign_in(database, user, "browser", NOW)
    at = NOW
    while at < NOW + LONGEST - timedelta(minutes=50):
        at += timedelta(minutes=50)
        assert await users.signed_in(database, "browser", at, IDLE, LONGEST)
    assert await users.signed_in(database, "browser", NOW + LONGEST, IDLE, LONGEST) is None
    await users.sign_in(database, user, "idle", NOW)
    assert await users.signed_in(database, "idle", NOW + IDLE, IDLE, LONGEST) is None
    await users.forget_old(database, NOW + timedelta(seconds=1))
    assert await users.signed_in(database, "idle", NOW, IDLE, LONGEST) is None


async def test_signing_out_is_for_one_browser_or_for_all(database: Database) -> None:
    user = await account(database)
    for id in ("one", "two", "three"):
        await users.sign_in(database, user, id, NOW)
    await users.search(database, "two", "Ann")
    await users.sign_out(database, "one")
    left = [await users.signed_in(database, id, NOW, IDLE, LONGEST) for id in ("one", "two", "three")]
    assert [one and one.search for one in left] == [None, "Ann", ""]
    await users.sign_out_everywhere(database, user)
    assert await users.signed_in(database, "three", NOW, IDLE, LONGEST) is None


async def test_looks_are_kept_in_order_the_latest_first(database: Database) -> None:
    user = await account(database)
    start = await taking_in.take_in(
        database, examples.form(), examples.policy(), examples.CALENDAR, by=examples.APPLICANT, now=examples.NOW
    )
    for minutes, what in ((1, "the case"), (2, "letter 1"), (2, "letter 2")):
        await reads.record(database, user, start.reference, what, NOW + timedelta(minutes=minutes))
    looked = await reads.of_case(database, start.reference)
    assert [(one.name, one.what) for one in looked] == [
        ("Jo Ward", "letter 2"), ("Jo Ward", "letter 1"), ("Jo Ward", "the case"),
    ]  # fmt: skip


async def test_something_begun_is_kept_once_and_found_by_its_council(database: Database) -> None:
    user = await account(database)
    first = await drafts.begin(database, Begun.APPLICATION, user, council="dover", body="{}", now=NOW, id="a")
    again = await drafts.begin(database, Begun.APPLICATION, user, council="dover", body="other", now=NOW, id="a")
    assert again == first
    other = await drafts.begin(database, Begun.APPLICATION, user, council="medway", body="{}", now=NOW)
    await drafts.begin(database, Begun.PROPOSAL, user, council="dover", body="{}", now=NOW, reference="X", act="extend")
    later = NOW + timedelta(hours=1)
    await drafts.keep(database, "a", '{"x": "y"}', later)
    assert [one.id for one in await drafts.of(database, Begun.APPLICATION, "dover")] == ["a"]
    assert {one.id for one in await drafts.of(database, Begun.APPLICATION, users.EVERY_COUNCIL)} == {"a", other.id}
    kept = await drafts.with_id(database, "a")
    assert kept
    assert (kept.body, kept.created_at, kept.changed_at) == ('{"x": "y"}', NOW, later)
    await drafts.discard(database, "a")
    assert await drafts.with_id(database, "a") is None
