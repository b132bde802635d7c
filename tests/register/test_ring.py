import asyncio
from collections.abc import Mapping

import pytest

from register import ring, write_check
from register.database import Database
from register.ring import Holder, KeyState

OLD, NEW = {"k1": "aa"}, {"k1": "aa", "k2": "bb"}


def holder(fingerprints: Mapping[str, str], id: str = "h1", fault: str = "") -> Holder:
    return Holder(id, "worker", "asb-1", 7, fingerprints, fault)


async def begun(database: Database) -> None:
    async with ring.ledger(database) as ledger:
        assert ledger.standing.keys == ()
        await ledger.begin(OLD, "k1")


async def test_a_key_is_offered_then_active_and_the_one_before_is_kept_for_reading(database: Database) -> None:
    await begun(database)
    assert (await ring.standing(database)).active == "k1"
    async with ring.ledger(database) as ledger:
        await ledger.offer("k2", "bb")
    offered = await ring.standing(database)
    assert (offered.active, offered.offered and offered.offered.id) == ("k1", "k2")
    assert offered.misfit(OLD) is None
    async with ring.ledger(database) as ledger:
        await ledger.activate("k2")
    rotated = await ring.standing(database)
    assert {key.id: key.state for key in rotated.keys} == {"k1": KeyState.READING, "k2": KeyState.ACTIVE}
    assert rotated.misfit(NEW) is None
    assert rotated.misfit(NEW | {"k3": "cc"}) is None


async def test_a_ring_that_lacks_a_key_or_has_another_under_its_id_does_not_fit(database: Database) -> None:
    await begun(database)
    standing = await ring.standing(database)
    assert standing.misfit({"k2": "bb"}) == "lacks the key k1, which cases here are encrypted with"
    assert "has another key under the id k1" in str(standing.misfit({"k1": "bb"}))


async def test_an_offer_is_taken_back_and_an_active_key_is_not(database: Database) -> None:
    await begun(database)
    async with ring.ledger(database) as ledger:
        await ledger.offer("k2", "bb")
        await ledger.withdraw("k2")
        await ledger.withdraw("k1")
    assert [key.id for key in (await ring.standing(database)).keys] == ["k1"]


async def test_it_is_known_which_running_processes_lack_a_key(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await begun(database)
    async with ring.ledger(database) as ledger:
        await ledger.offer("k2", "bb")
        for one in (holder(OLD), holder(NEW, "h2"), holder(NEW, "h3", "The file is gone."), holder({"k2": "x"}, "h4")):
            await ledger.report(one)
    standing = await ring.standing(database)
    assert standing.offered
    assert {one.id for one in standing.without(standing.offered)} == {"h1", "h3", "h4"}
    async with ring.ledger(database) as ledger:
        await ledger.report(holder(NEW))
    await ring.gone(database, "h4")
    standing = await ring.standing(database)
    assert standing.offered
    assert {one.id for one in standing.without(standing.offered)} == {"h3"}
    monkeypatch.setattr(ring, "LIVE_FOR", -ring.LIVE_FOR)
    assert (await ring.standing(database)).holders == ()


async def test_processes_that_write_the_ring_at_once_take_turns(url: str) -> None:
    async def first(number: int) -> bool:
        async with Database(url) as database, ring.ledger(database) as ledger:
            if ledger.standing.keys:
                return False
            await asyncio.sleep(0.05)
            await ledger.begin({f"k{number}": "aa"}, f"k{number}")
            return True

    assert sorted(await asyncio.gather(*(first(number) for number in range(4)))) == [False, False, False, True]


async def test_lost_keys_are_needed_no_more(database: Database) -> None:
    await begun(database)
    async with ring.ledger(database) as ledger:
        await ledger.lose(["k1"])
        await ledger.offer("k2", "bb")
        await ledger.activate("k2")
    standing = await ring.standing(database)
    assert standing.misfit({"k2": "bb"}) is None
    assert {key.id: key.state for key in standing.keys} == {"k1": KeyState.LOST, "k2": KeyState.ACTIVE}


async def test_a_register_that_can_be_written_keeps_one_row_for_each_who_asks(database: Database) -> None:
    for what in ("console", "worker", "console"):
        await write_check.written(database, what)
