"""What keeps cases moving: the whole service, a worker alone, a scenario, a demonstration's clock."""

from __future__ import annotations

import asyncio
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from office.faults import WrongInput
from starter import output

if TYPE_CHECKING:
    from domain.messages import Situation

_PANEL = "Operations"


def add_to(app: typer.Typer) -> None:
    for command in (up, worker, console, simulate, advance):
        app.command(command.__name__, rich_help_panel=_PANEL)(command)


def _port(what: str, number: int) -> Any:
    """The option of one port. Its help has the number it is without the option and its variable."""
    return typer.Option(metavar="PORT", min=0, max=65535, help=f"Of {what}; {number} if not set.", show_default=False)


def up(
    demo: Annotated[bool, typer.Option("--demo", help="On a first run, add demonstration cases.")] = False,
    console_port: Annotated[int | None, _port("the console", 8000)] = None,
    ui_port: Annotated[int | None, _port("the Temporal UI", 8233)] = None,
    inbox_port: Annotated[int | None, _port("the inbox page", 8025)] = None,
    inbox_smtp_port: Annotated[int | None, _port("the inbox's mail server", 1025)] = None,
    temporal_port: Annotated[int | None, _port("Temporal", 7233)] = None,
    codec_port: Annotated[int | None, _port("the codec server", 8234)] = None,
    json: Annotated[bool, typer.Option("--json", help="Print where everything is as one line of JSON.")] = False,
) -> None:
    """Start Temporal, the worker, the console, the mail inbox and the register on this machine, until Ctrl-C.

    A port of 0 is any free one; CASEREVIEW_CONSOLE_PORT and so on set them too.
    """
    ports = {
        "console_port": console_port, "ui_port": ui_port, "inbox_port": inbox_port,
        "inbox_smtp_port": inbox_smtp_port, "temporal_port": temporal_port, "codec_port": codec_port,
    }  # fmt: skip
    from connection.settings import Settings

    settings = Settings.load(**{name: port for name, port in ports.items() if port is not None})
    from connection import logs
    from starter.up import up

    logs.set_up(settings.logs)
    asyncio.run(up(settings, demo=demo, json=json))


def worker(
    health: Annotated[bool, typer.Option("--health", help="Only check that it could work.")] = False,
) -> None:
    """Run a worker until it is stopped."""
    from connection import logs
    from connection.settings import Settings
    from worker import healthy, serve

    settings = Settings.load()
    logs.set_up(settings.logs)
    asyncio.run(healthy(settings) if health else serve(settings))


def console(
    host: Annotated[
        str | None, typer.Option(metavar="HOST", help="The address to listen on; 127.0.0.1 if not set.")
    ] = None,
    port: Annotated[int | None, typer.Option(metavar="PORT", min=0, max=65535, help="8000 if not set.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print where it is as one line of JSON.")] = False,
) -> None:
    """Run the web console alone until it is stopped."""
    from connection import logs
    from connection.settings import Settings
    from console.app import serve

    settings = Settings.load(**{
        name: value for name, value in (("console_host", host), ("console_port", port)) if value is not None
    })  # fmt: skip
    logs.set_up(settings.logs)
    asyncio.run(serve(settings, json=json))


def simulate(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="A scenario's name, or the path of its file.")],
    out: Annotated[
        Path, typer.Option("--out", metavar="FOLDER", help="Where the letters go, as text, HTML and e-mail.")
    ] = Path("out"),
    policy: Annotated[
        str | None,
        typer.Option("--policy", metavar="P", help="Another council's policy: its id or the path of its file."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Live a scenario on a server of its own, in seconds, and write every letter it sends."""
    from starter.scenario import load
    from starter.simulate import simulate

    lived = load(scenario)
    if policy:
        lived = lived.under(policy)
    outcome = asyncio.run(simulate(lived, out=out, progress=_progress))
    if json:
        output.as_json(outcome.model_dump(mode="json"))
        return
    output.heading(f"{outcome.reference}: {outcome.stage}")
    print()
    output.table(
        ["Day", "Who", "What"], [(output.day(entry.date), entry.by, entry.words) for entry in outcome.timeline]
    )
    output.heading("Letters")
    output.table(
        ["Day", "Letter", "To"], [(output.day(letter.date), letter.kind, letter.to) for letter in outcome.letters]
    )
    print()
    output.say(
        f"Lived in {outcome.seconds:.1f} seconds, {outcome.history_events} events in Temporal's history. "
        f"The letters are in {out}/index.html."
    )


def _progress(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def advance(
    reference: Annotated[str, typer.Argument(metavar="REF", help="A demonstration case's reference.")],
    working_days: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, max=400, help="By working days, as the case counts them."),
    ] = None,
    days: Annotated[int | None, typer.Option(metavar="N", min=1, max=800, help="By days.")] = None,
    to: Annotated[str | None, typer.Option(metavar="DATE", help="To 10:00 on a day.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Move a demonstration case's clock on; what falls due on the way happens in order."""
    from starter.commands.files import day as dated

    if sum(given is not None for given in (working_days, days, to)) != 1:
        raise WrongInput("advance needs one of --working-days N, --days N or --to DATE.")
    day = dated(to, "--to") if to else None
    now = asyncio.run(_advance(reference.strip().upper(), working_days, days, day))
    if json:
        output.as_json(
            {
                "reference": now.reference,
                "now": now.now,
                "stage": now.stage,
                "waiting": now.waiting,
                "must_act": now.must_act,
            }
        )
        return
    output.say(f"{now.reference} is at {output.moment(now.now)}.")
    output.facts([("Stage", now.stage), ("Now", now.waiting), ("Must act", now.must_act.replace("_", " "))])


async def _advance(reference: str, working_days: int | None, days: int | None, to: date | None) -> Situation:
    from connection.settings import Settings
    from office.connected import Office
    from starter.advance import advance

    async with Office.open(Settings.load()) as office:
        return await advance(office, reference, working_days=working_days, days=days, to=to)
