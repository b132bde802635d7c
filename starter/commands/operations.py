"""``casereview operations``: what stands still or is about to, with what it means and what to do."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from starter import output

if TYPE_CHECKING:
    from office.operations.lookout import Look

_PANEL = "Operations"


def add_to(app: typer.Typer) -> None:
    app.command("operations", rich_help_panel=_PANEL)(operations)


def operations(json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """What stands still or is about to: failing cases, waiting letters, no worker, and what to do."""
    look = asyncio.run(_look())
    if json:
        output.as_json({"at": look.at, "findings": [finding.as_json() for finding in look.findings]})
        return
    if not look.findings:
        output.say("Nothing stands still: every case goes on, every letter is on its way, and the sweep has run.")
        return
    for _, group in groupby(look.findings, lambda finding: finding.kind):
        found = list(group)
        meaning = found[0].meaning
        output.heading(meaning.title)
        output.say(f"{meaning.means} {meaning.do}")
        print()
        output.table(
            ["Case", "What was found", "Since"],
            [(one.reference, one.words, output.moment(one.since) if one.since else "") for one in found],
        )
    print()
    output.say("docs/runbook.md has each under its heading.")


async def _look() -> Look:
    """What cannot be asked is among the findings, so it is not logged besides."""
    from sqlalchemy.exc import SQLAlchemyError

    from connection.client import connect
    from connection.settings import Settings
    from office.connected import Office
    from office.operations.lookout import Lookout
    from register.database import Database, RegisterError

    logging.getLogger("casereview.operations").setLevel(logging.ERROR)
    settings = Settings.load()
    async with Database(settings.register_url) as database:
        with suppress(RegisterError, SQLAlchemyError):
            await database.upgrade()
        client = await connect(settings, lazy=True)
        return await Lookout(Office(settings, client, database)).now()
