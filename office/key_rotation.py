"""Changing the key that encrypts: every process can read a new one before anything is encrypted with it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from temporalio.client import Client

from connection import admission
from connection.held_ring import ENVIRONMENT, HeldRing
from connection.keys import KeyRing, KeyRingError
from register import ring as ring_rows
from register.database import Database
from register.ring import Holder, KnownKey, Standing

_AGAIN = 0.5
Say = Callable[[str], None]


@dataclass(frozen=True)
class Rotation:
    """How far a rotation is: ``active`` encrypts now, ``offered`` waits, if any, for those of ``waits`` to hold it.

    ``file_kept`` is why the key file could not be made to name the active key too, empty where it does.
    """

    active: str
    offered: str = ""
    waits: tuple[str, ...] = ()
    file_kept: str = ""

    @property
    def done(self) -> bool:
        return not self.offered


async def rotate(
    ring: HeldRing, database: Database, *, to: Path | None = None, wait: float = 0.0, say: Say = lambda _: None
) -> Rotation:
    """Offer a new key, and make it active once every running process, and this machine's ring, holds it.

    ``to`` is a file that gets the ring with the new key, where the ring's own source cannot be written; ``wait`` how
    many seconds to wait for the processes. Asked again it goes on where it was. Raises `KeyRingError`.
    """
    await _known(ring, database)
    offered = await _offered(ring, database, to, say)
    loop = asyncio.get_running_loop()
    until = loop.time() + wait
    told: tuple[str, ...] = ()
    while True:
        ring.look()
        waits = await _activated(ring, database, offered)
        if not waits:
            return Rotation(offered.id, file_kept=_rewritten(ring, offered.id))
        if waits != told:
            for one in waits:
                say(f"Waiting for {one}.")
            told = waits
        if loop.time() >= until:
            return Rotation(ring.active, offered.id, waits)
        await asyncio.sleep(_AGAIN)


async def undo(ring: HeldRing, database: Database) -> str | None:
    """Take back the key that is offered, while nothing is encrypted with it; its id, None where none is offered.

    Raises `KeyRingError`.
    """
    await _known(ring, database)
    async with ring_rows.ledger(database) as ledger:
        offered = ledger.standing.offered
        if offered:
            await ledger.withdraw(offered.id)
    if offered is None:
        return None
    if ring.path and offered.id in ring.ring.keys and ring.ring.active != offered.id:
        ring.save(ring.ring.without(offered.id))
    return offered.id


async def _known(ring: HeldRing, database: Database) -> Standing:
    if not await admission.fits(ring, database):
        raise KeyRingError("No keys are in use here yet; start the service once, then rotate them.")
    return await ring_rows.standing(database)


async def _offered(ring: HeldRing, database: Database, to: Path | None, say: Say) -> KnownKey:
    standing = await ring_rows.standing(database)
    if standing.offered:
        say(f"The key {standing.offered.id} is offered already; going on with it.")
        return standing.offered
    known = {key.id for key in standing.keys}
    spare = [key_id for key_id in ring.ring.keys if key_id not in known]
    fuller = ring.ring if spare else ring.ring.offering()
    new = list(fuller.keys)[-1] if not spare else spare[-1]
    if to:
        _apart(fuller, to)
    elif not spare:
        if ring.path is None:
            raise KeyRingError(
                f"The ring is in {ENVIRONMENT}, which cannot be changed from here; name a file for the ring with the "
                "new key with --to FILE, and put what it holds there."
            )
        ring.save(fuller)
    async with ring_rows.ledger(database) as ledger:
        if ledger.standing.offered is None:
            await ledger.offer(new, fuller.fingerprints[new])
    found = (await ring_rows.standing(database)).offered
    if found is None:
        raise KeyRingError("Somebody took the new key back meanwhile; rotate again.")
    say(f"The new key {found.id} is offered for reading; {standing.active} stays active.")
    return found


async def _activated(ring: HeldRing, database: Database, offered: KnownKey) -> tuple[str, ...]:
    """Make the key active, or say who cannot read it yet."""
    async with ring_rows.ledger(database) as ledger:
        standing = ledger.standing
        if standing.active == offered.id:
            return ()
        if standing.offered is None or standing.offered.id != offered.id:
            raise KeyRingError(f"The key {offered.id} was taken back meanwhile; rotate again.")
        waits = tuple(_words(holder) for holder in standing.without(offered))
        if ring.fingerprints.get(offered.id) != offered.fingerprint:
            waits = (
                f"{ring.words[0].lower() + ring.words[1:] if ring.path else ring.words} here, which lacks it",
                *waits,
            )
        if not waits:
            await ledger.activate(offered.id)
    if not waits:
        ring.learn(await ring_rows.standing(database))
    return waits


def _words(holder: Holder) -> str:
    return f"{holder.words}, whose key file does not fit" if holder.fault else holder.words


def _rewritten(ring: HeldRing, active: str) -> str:
    """Have the file name the active key too; what a first start, or a register that is lost, would go by."""
    if ring.path is None or ring.ring.active == active:
        return ""
    try:
        ring.save(ring.ring.activated(active))
    except KeyRingError as error:
        return str(error)
    return ""


def _apart(ring: KeyRing, to: Path) -> None:
    if to.exists():
        raise KeyRingError(f"{to} is there already; name a new file, so that no keys are written over.")
    ring.save(to)


async def start_again(ring: HeldRing, database: Database, client: Client | None) -> tuple[str, ...]:
    """Go on without keys that are lost for good, where Temporal has no open case that only they would open; their ids.

    ``client`` is None where there is no Temporal at all. The keys that are here are kept; where none is, a new ring is
    made. Raises `KeyRingError`, and RPCError.
    """
    there, standing = ring.read(), await ring_rows.standing(database)
    held = ring.fingerprints if there else {}
    lost = tuple(key.id for key in standing.keys if held.get(key.id) != key.fingerprint and key.needed)
    if not lost:
        raise KeyRingError("No key that something is encrypted with is missing here, so nothing is given up.")
    if client and (number := (await client.count_workflows(admission.OPEN_CASES)).count):
        raise KeyRingError(
            f"Temporal holds {number} open {'case' if number == 1 else 'cases'} that may need the lost keys; begin "
            "with an empty Temporal first, as docs/runbook.md says under Keys."
        )
    async with ring_rows.ledger(database) as ledger:
        if not ring.read():
            ring.make()
        known = {key.id for key in ledger.standing.keys} - set(lost)
        await ledger.lose(lost)
        for id, fingerprint in ring.fingerprints.items():
            if id not in known:
                await ledger.offer(id, fingerprint)
        if ledger.standing.active in lost:
            await ledger.activate(ring.ring.active)
    return lost
