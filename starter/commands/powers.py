"""The menu of powers and measures, as the panel has it beside its form."""

from __future__ import annotations

from typing import Annotated

import typer

from domain.powers import POWERS
from starter import output


def add_to(app: typer.Typer) -> None:
    app.command("powers", rich_help_panel="Cases")(powers)


def powers(json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """The powers and measures that a panel can recommend: what each is, who holds it, and where it stands in law."""
    if json:
        rows = [
            {"id": power.id, "title": power.title, "holders": power.holders, "law": power.law, "does": power.does}
            for power in POWERS.values()
        ]
        output.as_json(rows)
        return
    output.table(["Power", "Who holds it", "The law"], [(p.id, p.holders, p.law) for p in POWERS.values()])
    print()
    output.say('A recommendation names one as `--recommend "TO via POWER: TEXT"`.')
