"""The disclosure log of a case: what was shared with whom, on what basis, and what was withheld."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from starter import output

if TYPE_CHECKING:
    from office.disclosures import Disclosure


def add_to(app: typer.Typer) -> None:
    app.command("disclosures", rich_help_panel="Cases")(disclosures)


def disclosures(
    reference: Annotated[str, typer.Argument(metavar="REF", help="A case's reference, such as DOV-2026-0001.")],
    csv: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write it to a file as CSV.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """What was shared of a case with whom, on what basis, and what was withheld; the latest first."""
    from office.disclosures import csv_of, json_of
    from office.faults import WrongInput

    name = reference.strip().upper()
    log = asyncio.run(_log(name))
    if csv:
        try:
            csv.write_text(csv_of(log), encoding="utf-8", newline="")
        except OSError as error:
            raise WrongInput(f"The log cannot be written to {csv} ({error.strerror}); name another file.") from None
    if json:
        output.as_json({"reference": name, "disclosures": json_of(log)})
    elif csv:
        output.say(f"{len(log)} {'disclosure' if len(log) == 1 else 'disclosures'} of {name} in {csv}.")
    elif not log:
        output.say(f"Nothing of {name} has been shared with anybody yet.")
    else:
        output.table(["On", "To", "What", "Basis"], [shared.cells[:4] for shared in log])


async def _log(reference: str) -> tuple[Disclosure, ...]:
    from office.case_view import register, view
    from office.disclosures import disclosures
    from register import queries

    async with register() as database:
        seen = await view(database, reference)
        return disclosures(seen.case, seen.policy, await queries.letters(database, reference))
