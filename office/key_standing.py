"""How the keys stand: what each is for, what still needs it, who holds it, and whether this machine's ring is right."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from temporalio.client import Client
from temporalio.service import RPCError

from connection import admission
from connection.codec import KEY_ID, UnreadablePayload
from connection.held_ring import HeldRing
from connection.keys import KeyRingError, UnknownKey
from register import ring as ring_rows
from register.database import Database
from register.ring import Standing

_AT_ONCE = 8
_MARK = KEY_ID.encode("ascii")
_FIELD = 0x12


@dataclass
class Needs:
    """How much each key is needed by, by its id: open cases, and payloads in their histories."""

    cases: Counter[str] = field(default_factory=Counter)
    payloads: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Listed:
    """The keys as the register has them, those this machine's ring has, and the links that each has signed."""

    standing: Standing
    here: Sequence[str]
    links: Mapping[str, int]


async def listed(ring: HeldRing, database: Database) -> Listed:
    """Never a key. A ring that does not fit is listed as it is. Raises `KeyRingError` for one that cannot be read."""
    there = ring.read()
    standing = await ring_rows.standing(database)
    here = tuple(ring.ring.keys) if there else ()
    return Listed(standing, here, await ring_rows.links_by_key(database))


async def needs(client: Client) -> Needs:
    """What the histories of open cases are encrypted with; reads every one of them. Raises RPCError."""
    found = Needs()
    turns = asyncio.Semaphore(_AT_ONCE)

    async def read(reference: str) -> None:
        async with turns:
            keys: Counter[str] = Counter()
            async for event in client.get_workflow_handle(reference).fetch_history_events():
                keys.update(_named(event.SerializeToString()))
        found.payloads.update(keys)
        found.cases.update(keys.keys())

    open_cases = [execution.id async for execution in client.list_workflows(admission.OPEN_CASES)]
    await asyncio.gather(*(read(reference) for reference in open_cases))
    return found


async def checked(ring: HeldRing, database: Database, client: Client | None) -> str:
    """One sentence that says the keys are right; ``client`` None where Temporal does not answer.

    Raises `KeyRingError` with one that says what is wrong.
    """
    if not await admission.fits(ring, database):
        if not ring.read():
            return "There are no keys yet; they are made when the service first starts."
        return f"{ring.words} can be used; nothing has been encrypted with it yet."
    standing = await ring_rows.standing(database)
    faulty = next((holder for holder in standing.holders if holder.fault), None)
    if faulty:
        raise KeyRingError(f"The keys of {faulty.words} are wrong: {faulty.fault}")
    number = sum(key.needed for key in standing.keys)
    fits = f"{ring.words} fits the register ({number} {'key' if number == 1 else 'keys'}, {standing.active} active)"
    if client is None:
        return f"{fits}; Temporal does not answer, so no case was opened with it."
    try:
        opened = await admission.an_open_case(ring, client)
    except (UnknownKey, UnreadablePayload):
        raise KeyRingError(
            f"{ring.words} fits the register and does not open the cases that Temporal holds; register and Temporal "
            "are not of the same installation, or one is an older copy."
        ) from None
    except RPCError as error:
        return f"{fits}; Temporal does not answer ({error.message}), so no case was opened with it."
    return f"{fits} and opens {opened}." if opened else f"{fits}; Temporal has no open case to try it on."


def _named(event: bytes) -> list[str]:
    """The id of the key of every payload in a serialised event: the value that follows each ``encryption-key-id``."""
    found, at = [], event.find(_MARK)
    while at >= 0:
        at += len(_MARK)
        if event[at : at + 1] == bytes([_FIELD]):
            length = event[at + 1]
            found.append(event[at + 2 : at + 2 + length].decode("ascii", "replace"))
        at = event.find(_MARK, at)
    return found
