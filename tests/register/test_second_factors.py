"""Second factors on either database: what many ask for at once is given once."""

import asyncio
from datetime import UTC, datetime, timedelta

from register import second_factors, users
from register.database import Database
from register.users import StaffRole, User

NOW = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)  # Thu


async def account(database: Database) -> User:
    return await users.add(
        database, name="Jo Ward", email="jo@example.org", role=StaffRole.OFFICER, council="dover", hash="h", now=NOW
    )  # fmt: skip


async def test_of_many_offers_at_once_one_stands_until_it_is_withdrawn(database: Database) -> None:
    user = await account(database)
    offers = await asyncio.gather(*(second_factors.offer(database, user, f"sealed {n}") for n in range(6)))
    assert len(set(offers)) == 1
    assert await second_factors.offered(database, user) == offers[0]
    assert await second_factors.of(database, user) is None
    await second_factors.withdraw(database, user, offers[0])
    assert await second_factors.offer(database, user, "another") == "another"


async def test_an_offer_is_confirmed_once_and_signs_out_every_other_browser(database: Database) -> None:
    user = await account(database)
    for browser in ("here", "there"):
        await users.sign_in(database, user, browser, NOW)
    sealed = await second_factors.offer(database, user, "k1:sealed")
    confirmed = await asyncio.gather(
        *(second_factors.confirm(database, user, sealed, sealed, 5, [f"code {n}"], NOW, stays="here") for n in range(4))
    )
    assert sorted(confirmed) == [False, False, False, True]
    kept = await second_factors.of(database, user)
    assert kept
    assert (kept.sealed, kept.since, kept.last_step, kept.codes) == ("k1:sealed", NOW, 5, 1)
    assert await second_factors.holders(database) == {user.id}
    assert await second_factors.keys_in_use(database) == {"k1"}
    left = await users.browsers(database, user, NOW, timedelta(hours=1), timedelta(hours=1))
    assert [one.id for one in left] == ["here"]


async def test_a_step_and_a_recovery_code_are_spent_once_however_many_try_at_once(database: Database) -> None:
    user = await account(database)
    sealed = await second_factors.offer(database, user, "k1:sealed")
    await second_factors.confirm(database, user, sealed, sealed, 5, ["one", "two"], NOW, stays="")
    spent = await asyncio.gather(*(second_factors.spend_step(database, user, 6) for _ in range(6)))
    assert sorted(spent) == [False] * 5 + [True]
    assert not await second_factors.spend_step(database, user, 5)
    used = await asyncio.gather(*(second_factors.spend_code(database, user, "one", NOW) for _ in range(6)))
    assert sorted(used) == [False] * 5 + [True]
    await second_factors.turn_off(database, user, NOW, stays="")
    assert not await second_factors.spend_code(database, user, "two", NOW)
    assert not await second_factors.spend_step(database, user, 7)
