"""Whether a process may work here with the keys it has, asked when it starts; and what it says of them later."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import SQLAlchemyError
from temporalio.client import Client
from temporalio.service import RPCError

from connection.alongside import alongside
from connection.client import ServerRefused
from connection.codec import Seal, UnreadablePayload
from connection.held_ring import HeldRing
from connection.keys import KeyRingError, Keys, UnknownKey
from register import ring as ring_rows
from register import write_check
from register.database import Database, RegisterError
from register.ring import Holder, Standing

LOOK_EVERY = 1.0
REPORT_EVERY = 5
_CASES = "WorkflowType = 'CaseReview'"
OPEN_CASES = f"{_CASES} AND ExecutionStatus = 'Running'"
_log = logging.getLogger("casereview.keys")


async def fits(ring: HeldRing, database: Database) -> bool:
    """Whether a ring is known to the register, and this one fits it; False before the first start.

    Raises `KeyRingError` where it does not fit, or is missing although the register holds cases.
    """
    there, standing = ring.read(), await ring_rows.standing(database)
    if standing.keys:
        _must_fit(ring, standing, there)
        return True
    if not there and await ring_rows.holds_cases(database):
        raise _lost(ring, "the register holds cases")
    return False


async def admit(ring: HeldRing, client: Client, database: Database, holder: Holder | None = None) -> None:
    """Let a process work here, or raise `KeyRingError` in one sentence. A new ring is made where there is none and
    neither register nor Temporal has a case. ``holder`` is a process that stays, and is written down."""
    known = await fits(ring, database)
    if known and holder is None:
        return
    if not known:
        await _first_start(ring, client, ring.read())
    async with ring_rows.ledger(database) as ledger:
        standing = ledger.standing
        if standing.keys:
            _must_fit(ring, standing, ring.read())
        else:
            if not ring.read():
                ring.make()
            await ledger.begin(ring.fingerprints, ring.active)
        if holder:
            await ledger.report(_reported(ring, holder))
    ring.learn(await ring_rows.standing(database))


@asynccontextmanager
async def holding(ring: HeldRing, client: Client, database: Database, what: str) -> AsyncIterator[None]:
    """A process that stays, let in; while the block lasts it watches its key file and says what it holds.

    Raises `KeyRingError` where its ring does not fit, and `RegisterError` where the register cannot be written.
    """
    await write_check.written(database, what)
    holder = Holder(uuid.uuid4().hex, what, socket.gethostname(), os.getpid(), {})
    await admit(ring, client, database, holder)
    try:
        async with alongside(_watch(ring, database, holder)):
            yield
    finally:
        with contextlib.suppress(RegisterError, SQLAlchemyError):
            await ring_rows.gone(database, holder.id)


async def an_open_case(ring: Keys, client: Client) -> str | None:
    """The reference of an open case that these keys open; None where Temporal has none.

    Raises `UnknownKey` or `UnreadablePayload` where they do not.
    """
    async for execution in client.list_workflows(OPEN_CASES, limit=1):
        description = await client.get_workflow_handle(execution.id).describe()
        Seal(ring).open(description.raw_description.execution_config.user_metadata.summary)
        return execution.id
    return None


def _must_fit(ring: HeldRing, standing: Standing, there: bool) -> None:
    if not there:
        raise _lost(ring, "cases here are encrypted with its keys")
    misfit = standing.misfit(ring.fingerprints)
    if misfit:
        raise KeyRingError(f"{ring.words} {misfit}; put the installation's own keys there, from another machine of it "
                           "or from the backup.")  # fmt: skip
    ring.learn(standing)


async def _first_start(ring: HeldRing, client: Client, there: bool) -> None:
    """Before the register knows of a ring: one that is there must open Temporal's cases, one that is not is made only
    where Temporal has none."""
    try:
        if there:
            await an_open_case(ring, client)
        elif (await client.count_workflows(_CASES)).count:
            raise _lost(ring, "Temporal holds cases")
    except RPCError as error:
        raise ServerRefused(client.service_client.config.target_host, error.message) from None
    except (UnknownKey, UnreadablePayload):
        raise KeyRingError(
            f"{ring.words} does not open the cases that Temporal holds; put the installation's own keys there, from "
            "another machine of it or from the backup."
        ) from None


def _lost(ring: HeldRing, why: str) -> KeyRingError:
    return KeyRingError(
        f"There is no key file at {ring.path}, and {why}; copy it from another machine of this installation, or "
        "restore it from the backup of your keys."
    )


def _reported(ring: HeldRing, holder: Holder) -> Holder:
    return Holder(holder.id, holder.what, holder.host, holder.pid, ring.fingerprints, ring.fault)


async def _watch(ring: HeldRing, database: Database, holder: Holder) -> None:
    beats = 0
    while True:
        await asyncio.sleep(LOOK_EVERY)
        changed, beats = ring.look(), beats + 1
        if not changed and beats < REPORT_EVERY:
            continue
        beats = 0
        try:
            async with ring_rows.ledger(database) as ledger:
                ring.learn(ledger.standing)
                await ledger.report(_reported(ring, holder))
        except (RegisterError, SQLAlchemyError) as error:
            _log.warning("The keys this process holds cannot be reported now (%s).", type(error).__name__)
