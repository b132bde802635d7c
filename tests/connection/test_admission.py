import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.client import Client

from connection import admission
from connection.admission import admit
from connection.client import connect
from connection.held_ring import HeldRing
from connection.keys import KeyRing, KeyRingError
from connection.server import LocalServer
from connection.settings import Settings
from register import ring as ring_rows
from register.database import Database, RegisterError
from register.ring import Holder
from tests.register.fresh import with_tables
from tests.workflows.town import eventually
from workflows.attributes import registration

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]


@dataclass
class Place:
    """An installation: a register, a Temporal server, and any number of machines with a key file of their own."""

    home: Path
    server: LocalServer
    database: Database

    def machine(self, name: str) -> HeldRing:
        return HeldRing(self.home / name / "keys.json")

    async def client(self, ring: HeldRing) -> Client:
        return await connect(Settings(home=self.home), ring=ring, address=self.server.address)

    async def let_in(self, ring: HeldRing, holder: Holder | None = None) -> None:
        await admit(ring, await self.client(ring), self.database, holder)

    async def open_case(self, ring: HeldRing, reference: str = "DOV-2026-0001") -> None:
        client = await self.client(ring)
        await client.start_workflow(
            "CaseReview", "words", id=reference, task_queue="nobody", static_summary=f"ASB Case Review {reference}"
        )
        await eventually(lambda: self._listed(client))

    async def _listed(self, client: Client) -> bool:
        return (await client.count_workflows(admission.OPEN_CASES)).count > 0


@pytest_asyncio.fixture(loop_scope="session")
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    async with AsyncExitStack() as opened:
        server = LocalServer(None, search_attributes=registration(), headless=True)
        await opened.enter_async_context(server)
        database = Database(with_tables(f"sqlite:///{tmp_path / 'register.db'}"))
        await opened.enter_async_context(database)
        yield Place(tmp_path, server, database)


async def test_the_first_start_makes_a_ring_and_every_other_must_have_the_same(place: Place) -> None:
    first = place.machine("a")
    await place.let_in(first)
    assert KeyRing.load(place.home / "a" / "keys.json") == first.ring
    await place.let_in(place.machine("a"))
    without = place.machine("b")
    with pytest.raises(KeyRingError, match=r"no key file at .* cases here are encrypted with its keys; copy it from"):
        await place.let_in(without)
    assert not (place.home / "b").exists()
    KeyRing.make(place.home / "b" / "keys.json")
    with pytest.raises(KeyRingError, match=f"lacks the key {first.active}, which cases here are encrypted with"):
        await place.let_in(without)


async def test_machines_that_start_first_at_once_agree_on_one_ring(place: Place) -> None:
    same = [place.machine("a") for _ in range(3)]
    await asyncio.gather(*(place.let_in(ring) for ring in same))
    assert len({ring.active for ring in same}) == 1
    assert list((place.home / "a").iterdir()) == [place.home / "a" / "keys.json"]


async def test_of_machines_with_files_of_their_own_one_makes_the_ring_and_the_others_say_so(place: Place) -> None:
    rings = [place.machine(name) for name in "abc"]
    found = await asyncio.gather(*(place.let_in(ring) for ring in rings), return_exceptions=True)
    assert sorted(type(one).__name__ for one in found) == ["KeyRingError", "KeyRingError", "NoneType"]
    assert len([name for name in "abc" if (place.home / name / "keys.json").exists()]) == 1


async def test_with_a_case_in_temporal_no_ring_is_made_though_the_register_is_new(place: Place) -> None:
    lost = place.machine("lost")
    lost.make()
    await place.open_case(lost)
    with pytest.raises(KeyRingError, match=r"no key file at .* Temporal holds cases"):
        await place.let_in(place.machine("a"))
    assert not (place.home / "a").exists()
    other = place.machine("other")
    other.make()
    with pytest.raises(KeyRingError, match="does not open the cases that Temporal holds"):
        await place.let_in(other)
    assert (await ring_rows.standing(place.database)).keys == ()
    await place.let_in(place.machine("lost"))
    assert (await ring_rows.standing(place.database)).active == lost.active


async def test_a_ring_in_the_environment_is_held_to_the_same(place: Place) -> None:
    ring = KeyRing.fresh()
    await place.let_in(HeldRing(ring.to_json()))
    with pytest.raises(KeyRingError, match=r"^CASEREVIEW_KEYS lacks the key"):
        await place.let_in(HeldRing(KeyRing.fresh().to_json()))
    await place.let_in(HeldRing(ring.rotate().to_json()))


async def test_a_process_that_stays_says_what_it_holds_and_takes_up_a_new_key(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "LOOK_EVERY", 0.05)
    ring, path = place.machine("a"), place.home / "a" / "keys.json"

    async def reported() -> set[str]:
        return {id for holder in (await ring_rows.standing(place.database)).holders for id in holder.fingerprints}

    async with admission.holding(ring, await place.client(ring), place.database, "worker"):
        old = ring.active
        assert await reported() == {old}
        fuller = ring.ring.offering()
        new = list(fuller.keys)[-1]
        fuller.save(path)

        async def known() -> bool:
            return await reported() == {old, new}

        await eventually(known)
        async with ring_rows.ledger(place.database) as ledger:
            await ledger.offer(new, fuller.fingerprints[new])
            await ledger.activate(new)

        async def active() -> bool:
            return ring.active == new

        await eventually(active)
        KeyRing.fresh().save(path)

        async def told() -> bool:
            return any(holder.fault for holder in (await ring_rows.standing(place.database)).holders)

        await eventually(told)
        assert ring.active == new
        assert ring.key(old) == fuller.key(old)
    assert (await ring_rows.standing(place.database)).holders == ()


async def test_a_process_that_cannot_write_the_register_does_not_begin(place: Place) -> None:
    ring = place.machine("a")
    async with place.database.writing():
        other = Database(str(place.database.url))
        with pytest.raises(RegisterError, match=r"could not be written within|another program holds it"):
            async with admission.holding(ring, await place.client(ring), other, "worker"):
                pass
        await other.close()
    assert not (place.home / "a").exists()
