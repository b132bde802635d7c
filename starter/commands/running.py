"""What keeps cases moving: the whole service on one machine, a worker alone, a scenario, a demonstration's clock."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

_PANEL = "Operations"


def add_to(app: typer.Typer) -> None:
    for command in (up, worker, simulate, advance):
        app.command(command.__name__, rich_help_panel=_PANEL)(command)


def up(
    demo: Annotated[bool, typer.Option("--demo", help="On a first run, add demonstration cases.")] = False,
) -> None:
    """Start Temporal, the worker, the mail inbox and the register on this machine."""
    from starter.up import run

    run(demo=demo)


def worker(
    health: Annotated[bool, typer.Option("--health", help="Only check that it could work.")] = False,
) -> None:
    """Run a worker until it is stopped."""
    from connection.settings import Settings
    from worker import healthy, serve

    settings = Settings.load()
    asyncio.run(healthy(settings) if health else serve(settings))


def simulate(
    scenario: Annotated[Path, typer.Argument(metavar="SCENARIO", help="A scenario file.")],
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Play a scenario on a server of its own and show the case it makes."""
    from starter.simulate import run

    run(scenario, json=json)


def advance(
    reference: Annotated[str, typer.Argument(metavar="REF", help="A demonstration case's reference.")],
    by: Annotated[str, typer.Option("--by", metavar="TIME", help="How far, such as 10d.")],
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Move a demonstration case's clock on."""
    from starter.advance import run

    run(reference, by, json=json)
