"""The keys that encrypt what Temporal stores: which there are, whether they are right, and a new one."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from office.faults import WrongInput
from starter import output

if TYPE_CHECKING:
    from connection.held_ring import HeldRing
    from office.key_rotation import Rotation
    from office.key_standing import Listed, Needs
    from register.database import Database

_UNFINISHED = 2
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def add_to(app: typer.Typer) -> None:
    keys = typer.Typer(name="keys", no_args_is_help=True, help="The keys that encrypt what Temporal stores.")
    keys.command("list")(list_)
    keys.command("check")(check)
    keys.command("rotate")(rotate)
    keys.command("start-again")(start_again)
    app.add_typer(keys, name="keys", rich_help_panel="Operations")


def list_(
    count: Annotated[
        bool, typer.Option("--count", help="Read the history of every open case, and say how many need each key.")
    ] = False,
    json: Json = False,
) -> None:
    """The ids of the keys, what each is for and since when; never a key. And which processes hold them."""
    listed, needs = asyncio.run(_listed(count))
    rows = _rows(listed, needs)
    processes = [
        {"what": one.what, "host": one.host, "pid": one.pid, "keys": sorted(one.fingerprints), "fault": one.fault}
        for one in listed.standing.holders
    ]
    if json:
        output.as_json({"keys": rows, "processes": processes})
        return
    if not rows:
        output.say("There are no keys yet; they are made when the service first starts.")
        return
    output.table(
        ["Key", "Is", "Since", "Here", "Links", "Open cases", "Payloads"],
        [
            (
                row["id"], row["state"], output.moment(row["since"]) if row["since"] else "",
                "yes" if row["here"] else "no", str(row["links"]), _number(row["open_cases"]), _number(row["payloads"]),
            )
            for row in rows
        ],
    )  # fmt: skip
    print()
    for holder in listed.standing.holders:
        output.say(f"Held by {holder.words}{': ' + holder.fault if holder.fault else '.'}")
    if not listed.standing.holders:
        output.say("No process that holds them runs now.")


def check(json: Json = False) -> None:
    """Whether the keys here are this installation's: the file, the register, and one open case in Temporal."""
    sentence = asyncio.run(_checked())
    if json:
        output.as_json({"ok": True, "why": sentence})
        return
    output.say(sentence)


def rotate(
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="FILE", help="Write the keys with the new one there, and leave those in use."),
    ] = None,
    wait: Annotated[
        float, typer.Option(metavar="SECONDS", min=0, max=3600, help="How long to wait for the running processes.")
    ] = 30.0,
    undo: Annotated[bool, typer.Option("--undo", help="Take back a new key that is not active yet.")] = False,
    json: Json = False,
) -> None:
    """Encrypt with a new key from now on, once every running process can read it; old keys stay for reading.

    Ends with 2 while it still waits for a process; run again, it goes on.
    """
    if undo:
        taken_back = asyncio.run(_undone())
        if json:
            output.as_json({"taken_back": taken_back})
            return
        output.say(
            f"The key {taken_back} is taken back; nothing was encrypted with it."
            if taken_back
            else "No new key waits, so nothing was taken back."
        )
        return
    rotation = asyncio.run(_rotated(to, wait))
    if json:
        output.as_json({"active": rotation.active, "offered": rotation.offered or None, "waits": rotation.waits})
    else:
        _tell(rotation, to)
    if not rotation.done:
        raise typer.Exit(_UNFINISHED)


def start_again(
    lost: Annotated[bool, typer.Option("--lost", help="Yes: the keys are lost for good, in every backup too.")] = False,
    json: Json = False,
) -> None:
    """Give up keys that nobody has any more, and encrypt with those that are here, or with new ones."""
    if not lost:
        raise WrongInput(
            "start-again gives up every history that only the missing keys open; say --lost if they are in no backup."
        )
    given_up = asyncio.run(_started_again())
    if json:
        output.as_json({"given_up": given_up})
        return
    output.say(
        f"{', '.join(given_up)} given up. Back up the keys that are here now, then bring the open cases back from the "
        "register with `casereview rebuild --all`."
    )


def _tell(rotation: Rotation, to: Path | None) -> None:
    if rotation.done:
        output.say(
            f"The key {rotation.active} is active; older ones are kept for reading. Back the keys up now, apart from "
            "the databases."
        )
        if rotation.file_kept:
            output.say(
                f"The file itself still names the key before as active, which does no harm: {rotation.file_kept}"
            )
        return
    if to:
        output.say(f"{to} has the keys with the new one: put it in place on every machine.")
    output.say(
        f"The key {rotation.offered} waits; {rotation.active} stays active until these have it: "
        f"{'; '.join(rotation.waits)}. Then run `casereview keys rotate` again, or take it back with --undo."
    )


def _rows(listed: Listed, needs: Needs | None) -> list[dict[str, Any]]:
    return [
        {
            "id": key.id,
            "state": key.state.value,
            "since": key.active_until or key.active_from or key.offered_at,
            "here": key.id in listed.here,
            "links": listed.links.get(key.id, 0),
            "open_cases": needs.cases[key.id] if needs else None,
            "payloads": needs.payloads[key.id] if needs else None,
        }
        for key in listed.standing.keys
    ]


def _number(count: int | None) -> str:
    return "" if count is None else str(count)


@asynccontextmanager
async def _register() -> AsyncIterator[tuple[HeldRing, Database]]:
    from connection.settings import Settings
    from register.database import Database

    settings = Settings.load()
    async with Database(settings.register_url) as database:
        await database.upgrade()
        yield settings.key_ring(), database


async def _listed(count: bool) -> tuple[Listed, Needs | None]:
    from connection.client import connect
    from connection.settings import Settings
    from office import key_standing

    async with _register() as (ring, database):
        listed = await key_standing.listed(ring, database)
        if not count:
            return listed, None
        _aside("Reading the history of every open case.")
        return listed, await key_standing.needs(await connect(Settings.load(), ring=ring))


async def _checked() -> str:
    from connection.client import ServerNotRunning, connect
    from connection.settings import Settings
    from office import key_standing

    async with _register() as (ring, database):
        try:
            client = await connect(Settings.load(), ring=ring)
        except ServerNotRunning:
            client = None
        return await key_standing.checked(ring, database, client)


async def _rotated(to: Path | None, wait: float) -> Rotation:
    from office import key_rotation

    async with _register() as (ring, database):
        return await key_rotation.rotate(ring, database, to=to, wait=wait, say=_aside)


async def _undone() -> str | None:
    from office import key_rotation

    async with _register() as (ring, database):
        return await key_rotation.undo(ring, database)


async def _started_again() -> tuple[str, ...]:
    from connection.client import ServerNotRunning, connect
    from connection.settings import Settings
    from office import key_rotation

    settings = Settings.load()
    async with _register() as (ring, database):
        try:
            client = await connect(settings, ring=ring)
        except ServerNotRunning:
            if settings.temporal_db.exists() or os.environ.get("TEMPORAL_ADDRESS"):
                raise
            client = None
        return await key_rotation.start_again(ring, database, client)


def _aside(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
