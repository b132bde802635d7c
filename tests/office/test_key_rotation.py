from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.client import Client

from connection import admission
from connection.held_ring import HeldRing
from connection.keys import KeyRing, KeyRingError
from office import key_standing
from office.key_rotation import rotate, start_again, undo
from register import ring as ring_rows
from register.database import Database
from register.ring import KeyState
from tests.register.fresh import with_tables
from tests.workflows.town import eventually


@dataclass
class Council:
    """Machines that share a register, each with a key file of its own and a process that holds it."""

    home: Path
    database: Database
    first: KeyRing
    nowhere: Client

    def file(self, machine: str) -> Path:
        return self.home / machine / "keys.json"

    @asynccontextmanager
    async def process(self, machine: str) -> AsyncIterator[HeldRing]:
        if not self.file(machine).exists():
            self.file(machine).parent.mkdir(exist_ok=True)
            self.first.save(self.file(machine))
        ring = HeldRing(self.file(machine))
        async with admission.holding(ring, self.nowhere, self.database, machine):
            yield ring

    async def states(self) -> list[str]:
        return [key.state.value for key in (await ring_rows.standing(self.database)).keys]


@pytest_asyncio.fixture
async def council(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Council]:
    monkeypatch.setattr(admission, "LOOK_EVERY", 0.05)
    first = KeyRing.fresh()
    async with Database(with_tables(f"sqlite:///{tmp_path / 'register.db'}")) as database:
        async with ring_rows.ledger(database) as ledger:
            await ledger.begin(first.fingerprints, first.active)
        yield Council(tmp_path, database, first, await Client.connect("127.0.0.1:1", lazy=True))


async def test_on_one_machine_a_rotation_is_done_as_soon_as_every_process_has_read_the_file(council: Council) -> None:
    async with council.process("worker") as held:
        said: list[str] = []
        done = await rotate(HeldRing(council.file("worker")), council.database, wait=20, say=said.append)
        assert done.done
        assert done.file_kept == ""
        assert await council.states() == ["reading", "active"]
        assert KeyRing.load(council.file("worker")).active == done.active
        assert said[0] == f"The new key {done.active} is offered for reading; {council.first.active} stays active."

        async def changed() -> bool:
            return held.active == done.active

        await eventually(changed)
        assert held.key(council.first.active)


async def test_it_waits_for_a_machine_whose_file_lacks_the_key_and_goes_on_when_it_has_it(council: Council) -> None:
    async with council.process("worker"), council.process("console") as console:
        ring = HeldRing(council.file("worker"))
        waiting = await rotate(ring, council.database, wait=2)
        assert not waiting.done
        assert [one.partition(" on ")[0] for one in waiting.waits] == ["console"]
        assert await council.states() == ["active", "offered"]
        assert console.active == council.first.active
        again = await rotate(ring, council.database)
        assert again.offered == waiting.offered
        KeyRing.load(council.file("worker")).save(council.file("console"))
        assert (await rotate(ring, council.database, wait=20)).active == waiting.offered
        assert await council.states() == ["reading", "active"]


async def test_a_process_whose_file_does_not_fit_is_waited_for(council: Council) -> None:
    async with council.process("worker"), council.process("console") as console:
        council.file("console").unlink()

        async def noticed() -> bool:
            return bool(console.fault)

        await eventually(noticed)
        waiting = await rotate(HeldRing(council.file("worker")), council.database, wait=1)
        assert "whose key file does not fit" in waiting.waits[0]
        await eventually(lambda: _reported(council))
        with pytest.raises(KeyRingError, match=r"The keys of console on .* are wrong: There is no key file"):
            await key_standing.checked(HeldRing(council.file("worker")), council.database, None)


async def _reported(council: Council) -> bool:
    return any(holder.fault for holder in (await ring_rows.standing(council.database)).holders)


async def test_it_can_be_undone_until_the_key_is_active(council: Council) -> None:
    async with council.process("worker") as held, council.process("console"):
        ring = HeldRing(council.file("worker"))
        waiting = await rotate(ring, council.database, wait=0.5)
        assert await undo(ring, council.database) == waiting.offered
        assert await council.states() == ["active"]
        assert KeyRing.load(council.file("worker")).fingerprints == council.first.fingerprints
        assert await undo(ring, council.database) is None
        assert held.fault == ""
    rotated = await rotate(ring, council.database)
    assert rotated.done
    assert await undo(ring, council.database) is None
    assert await council.states() == ["reading", "active"]


async def test_a_ring_that_cannot_be_written_here_goes_to_a_file_and_is_read_from_its_own_place(
    council: Council,
) -> None:
    ring = HeldRing(council.first.to_json())
    with pytest.raises(KeyRingError, match=r"name a file .* with --to FILE"):
        await rotate(ring, council.database)
    assert await council.states() == ["active"]
    to = council.home / "new.json"
    waiting = await rotate(ring, council.database, to=to)
    assert waiting.waits == ("CASEREVIEW_KEYS here, which lacks it",)
    assert KeyRing.load(to).active == council.first.active
    await undo(ring, council.database)
    with pytest.raises(KeyRingError, match="is there already"):
        await rotate(ring, council.database, to=to)
    await rotate(ring, council.database, to=council.home / "newer.json")
    renewed = HeldRing((council.home / "newer.json").read_text())
    rotated = await rotate(renewed, council.database)
    assert rotated.done
    assert renewed.active == rotated.active


async def test_a_key_that_somebody_put_into_the_file_is_the_one_that_is_offered(council: Council) -> None:
    own = council.first.offering()
    own.save(council.file("k.json"))
    ring = HeldRing(council.file("k.json"))
    done = await rotate(ring, council.database)
    assert done.active == list(own.keys)[-1]


async def test_with_another_ring_nothing_is_rotated(council: Council) -> None:
    other = KeyRing.fresh()
    with pytest.raises(KeyRingError, match="lacks the key"):
        await rotate(HeldRing(other.to_json()), council.database)
    states = {key.state for key in (await ring_rows.standing(council.database)).keys}
    assert states == {KeyState.ACTIVE}


async def test_keys_that_are_lost_are_given_up_and_those_that_are_here_stay(council: Council) -> None:
    ring = HeldRing(council.first.to_json())
    with pytest.raises(KeyRingError, match="nothing is given up"):
        await start_again(ring, council.database, None)
    fuller = council.first.rotate()
    async with ring_rows.ledger(council.database) as ledger:
        await ledger.offer(fuller.active, fuller.fingerprints[fuller.active])
        await ledger.activate(fuller.active)
    assert await start_again(ring, council.database, None) == (fuller.active,)
    assert {key.id: key.state for key in (await ring_rows.standing(council.database)).keys} == {
        council.first.active: KeyState.ACTIVE, fuller.active: KeyState.LOST,
    }  # fmt: skip
    nothing = HeldRing(council.file("new"))
    assert await start_again(nothing, council.database, None) == (council.first.active,)
    assert (await ring_rows.standing(council.database)).active == nothing.active
    assert await admission.fits(HeldRing(council.file("new")), council.database)
