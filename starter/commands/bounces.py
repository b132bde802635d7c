"""Reading by hand what came back of the letters, as the sweep does every quarter of an hour."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from office.faults import WrongInput
from starter import output

if TYPE_CHECKING:
    from activities.undelivered import ReturnedLetter

_DONE = {
    "reported": "reported to its case",
    "known": "its case knew already",
    "closed": "its case is over",
    "not_yet": "not yet",
}


def add_to(app: typer.Typer) -> None:
    app.command("bounces", rich_help_panel="Operations")(bounces)


def bounces(json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Read what came back, from the mailbox of CASEREVIEW_BOUNCES and from GOV.UK Notify, and tell the cases."""
    bounces = asyncio.run(_read())
    if json:
        output.as_json([_json(bounce) for bounce in bounces])
        return
    if not bounces:
        output.say("No letter came back.")
        return
    rows = [(bounce.reference, bounce.letter, bounce.reason, _words(bounce)) for bounce in bounces]
    output.table(["Case", "Letter", "Why it came back", "What was done"], rows)


def _words(bounce: ReturnedLetter) -> str:
    done = _DONE[bounce.outcome]
    return f"{done}: {bounce.words}" if bounce.words else done


def _json(bounce: ReturnedLetter) -> dict[str, str]:
    return {
        "reference": bounce.reference,
        "letter": bounce.letter,
        "key": bounce.key,
        "reason": bounce.reason,
        "outcome": bounce.outcome.value,
        "words": bounce.words,
    }


async def _read() -> list[ReturnedLetter]:
    from connection.settings import Settings
    from office.connected import Office
    from worker import bounces

    settings = Settings.load()
    if not settings.bounces and not settings.notify_key:
        raise WrongInput("CASEREVIEW_BOUNCES names no mailbox; set it to a Maildir or to imaps://user@host/FOLDER.")
    async with Office.open(settings) as office:
        return await bounces(office.client, office.database, settings).read()
