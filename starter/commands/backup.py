"""A backup of everything on this machine, and bringing one back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from starter import output

if TYPE_CHECKING:
    from office.backups import Manifest

_PANEL = "Operations"
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the backup.")]
Json = Annotated[bool, typer.Option("--json", help="Print the backup's manifest.")]


def add_to(app: typer.Typer) -> None:
    for command in (backup, restore):
        app.command(command.__name__, rich_help_panel=_PANEL)(command)


def backup(folder: Folder, json: Json = False) -> None:
    """Copy the register, the documents, the keys and the local Temporal's file into an empty folder, all as of one
    moment, and check the copy. The service may run meanwhile."""
    from connection.settings import Settings
    from office import backups

    manifest = backups.make(Settings.load(), folder, _quiet if json else _say)
    if json:
        print(manifest.model_dump_json(indent=2))
        return
    output.say(f"{folder} is a whole backup: {_counts(manifest)}.")
    if not manifest.temporal:
        output.say("Temporal is not on this machine: back its database up too, as the runbook says under “Backup”.")
    if manifest.keys:
        output.say(
            f"The keys that open everything are in {folder / backups.KEYS}: keep that file apart from the rest, where "
            "only those who may read every case can read it, and put it back before you restore."
        )
    else:
        output.say("The keys are in CASEREVIEW_KEYS and not in the backup: see that they are kept.")


def restore(
    folder: Folder,
    force: Annotated[bool, typer.Option("--force", help="Put what is in the home aside first.")] = False,
    json: Json = False,
) -> None:
    """Bring a backup back into CASEREVIEW_HOME. Nothing of the service may run there, and it must be empty."""
    from connection.settings import Settings
    from office import backups

    settings = Settings.load()
    manifest = backups.restore(settings, folder, _quiet if json else _say, force=force)
    if json:
        print(manifest.model_dump_json(indent=2))
        return
    output.say(
        f"{settings.home} is as it was on {output.moment(manifest.made_at)}: {_counts(manifest)}.",
        "What happened since is gone. References go on at the next thousand, so that none is given twice. Start the "
        "service with `casereview up`; `casereview rebuild` then says whether register and Temporal agree.",
    )


def _counts(manifest: Manifest) -> str:
    return ", ".join(
        f"{many} {name if many != 1 else name.removesuffix('s')}" for name, many in manifest.counts.items()
    )


def _say(sentence: str) -> None:
    print(sentence, flush=True)


def _quiet(sentence: str) -> None:
    return
