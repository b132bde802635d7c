"""The print tray: the letters that go by post, their printing in batches and their posting."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from office.faults import WrongInput, one_of
from office.spreadsheet import as_csv
from starter import output
from starter.commands.order import at_the_terminal

if TYPE_CHECKING:
    from domain.events import PostClass
    from office.connected import Office
    from register.letter_rows import LetterRow
    from register.tray import Batch

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Council = Annotated[str | None, typer.Option("--council", metavar="ID", help="Of one council's policy.")]
LIST = "list.csv"


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Letters that go by post: what waits, print it, say it is posted.")
    group.command("list")(list_all)
    group.command("print")(print_all)
    group.command("posted")(posted)
    app.add_typer(group, name="tray", rich_help_panel="Cases")


def list_all(council: Council = None, json: Json = False) -> None:
    """The letters in the print tray, the oldest first."""
    waiting = asyncio.run(_waiting(council))
    if json:
        output.as_json([_as_json(row) for row in waiting])
        return
    if not waiting:
        output.say("The print tray is empty.")
        return
    rows = [(row.reference, row.kind, row.to_name, output.day(row.rendered_at.date()), row.batch) for row in waiting]
    output.table(["Case", "Kind", "To", "Written", "Printed in"], rows)
    print()
    new = sum(not row.batch for row in waiting)
    output.say(f"{new} to print: `casereview tray print DIR`." if new else "All are printed: `casereview tray posted`.")


def print_all(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the PDFs and their list go.")],
    council: Council = None,
    batch: Annotated[str | None, typer.Option(metavar="BATCH", help="One taken before, once more.")] = None,
    json: Json = False,
) -> None:
    """Take what waits as one batch: a PDF for each envelope, and the list of them."""
    taken, paths = asyncio.run(_print(folder, council, batch))
    if json:
        told = [{**_as_json(row), "file": str(path)} for row, path in zip(taken.letters, paths, strict=True)]
        output.as_json({"batch": taken.id, "letters": told})
        return
    if not taken.letters:
        output.say("Nothing waits to be printed.")
        return
    rows = [(path.name, row.reference, row.kind, row.to_name) for row, path in zip(taken.letters, paths, strict=True)]
    output.table(["File", "Case", "Kind", "To"], rows)
    print()
    output.say(
        f"Batch {taken.id}: {len(rows)} {'letter' if len(rows) == 1 else 'letters'} in {folder}, listed in {LIST}. "
        f"When they are in the post: `casereview tray posted {taken.id}`."
    )


def posted(
    batch: Annotated[str, typer.Argument(metavar="BATCH", help="The batch, such as 2026-11-23-1.")],
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="The day; today if not given.")] = None,
    post_class: Annotated[str, typer.Option("--class", metavar="NAME", help="first or second.")] = "second",
    by: Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who posted them.")] = None,
    json: Json = False,
) -> None:
    """Say that a batch is in the post: each letter counts as received by its class of post from that day."""
    from domain.events import PostClass
    from starter.commands.files import day as dated

    day = dated(on, "--on") if on else None
    if post_class not in (known := [known_class.value for known_class in PostClass]):
        raise one_of("class of post", post_class, known)
    chosen = PostClass(post_class)
    answers = asyncio.run(_posted(batch, day, chosen, (by or "").strip() or at_the_terminal()))
    if json:
        output.as_json({"batch": batch, "letters": answers})
    else:
        rows = [
            (str(answer["reference"]), str(answer["kind"]), str(answer["sentence"]) or "posted") for answer in answers
        ]
        output.table(["Case", "Kind", "What became of it"], rows)
    if any(answer["sentence"] for answer in answers):
        raise typer.Exit(2)


async def _waiting(council: str | None) -> Sequence[LetterRow]:
    from office.case_view import register
    from register import tray

    async with register() as database:
        return await tray.waiting(database, council=council)


async def _print(folder: Path, council: str | None, id: str | None) -> tuple[Batch, list[Path]]:
    from office.case_view import register
    from register import letter_rows, reads, tray

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from None
    async with register() as database:
        if id:
            taken = await tray.batch(database, id)
            if not taken.letters:
                raise WrongInput(f"There is no batch {id}; `casereview tray list` names those that wait to be posted.")
        else:
            taken = await tray.take(database, datetime.now(UTC), council=council)
        printed = [row.reference for row in taken.letters]
        await reads.record_at_terminal(
            database, at_the_terminal(), printed, f"a letter to print, in batch {taken.id}", datetime.now(UTC)
        )
        papers = [await letter_rows.paper(database, row.key) for row in taken.letters]
    paths = [folder / f"{number:02d}-{row.reference}-{row.kind}.pdf" for number, row in enumerate(taken.letters, 1)]
    try:
        for path, paper in zip(paths, papers, strict=True):
            path.write_bytes(paper)
        if paths:
            _write_list(folder / LIST, taken, paths)
    except OSError as error:
        raise _unwritable(folder, error, taken.id) from None
    return taken, paths


def _write_list(path: Path, taken: Batch, paths: Sequence[Path]) -> None:
    rows = (
        (taken.id, paper.name, row.reference, row.kind, row.to_name, ", ".join(row.address.splitlines()), row.key)
        for row, paper in zip(taken.letters, paths, strict=True)
    )
    path.write_text(
        as_csv(("batch", "file", "case", "kind", "to", "address", "key"), rows), encoding="utf-8", newline=""
    )


async def _posted(id: str, on: date | None, post_class: PostClass, by: str) -> list[dict[str, Any]]:
    from connection.settings import Settings
    from office.connected import Office
    from register import tray

    async with Office.open(Settings.load()) as office:
        taken = await tray.batch(office.database, id)
        if not taken.letters:
            raise WrongInput(f"There is no batch {id}; `casereview tray list` names those that wait to be posted.")
        return [
            {"key": row.key, "reference": row.reference, "kind": row.kind, "sentence": sentence}
            for row in taken.letters
            for sentence in [await _post(office, row, on, post_class, by)]
        ]


async def _post(office: Office, row: LetterRow, on: date | None, post_class: PostClass, by: str) -> str:
    """The sentence that stands against it, or an empty one. Sent again, it is done once."""
    from domain.case import local_date
    from domain.events import Actor, LetterDispatched, Role
    from office import acting
    from office.acting import Left, NotAllowed, Over
    from office.connected import NoAnswer, NoSuchCase
    from register import tray

    if row.posted_on:
        return "" if on in (None, row.posted_on) else f"was posted on {output.day(row.posted_on)} already"
    try:
        day = on or local_date(await office.today(row.reference))
        body = LetterDispatched(key=row.key, on=day, post_class=post_class)
        outcome = await acting.act(
            office, row.reference, body, Actor(role=Role.OFFICER, name=by), id=f"post-{row.message_id}"
        )
    except NoSuchCase as error:
        outcome = Over(str(error))
    except NoAnswer as error:
        return str(error)
    match outcome:
        case Over():
            await tray.posted(office.database, row.key, on or datetime.now(UTC).date(), post_class)
        case NotAllowed(sentence) | Left(sentence=sentence):
            return sentence
    return ""


def _unwritable(folder: Path, error: OSError, batch: str = "") -> WrongInput:
    again = f", and print it again with --batch {batch}" if batch else ""
    return WrongInput(f"The letters cannot be written to {folder} ({error.strerror}); name another folder{again}.")


def _as_json(row: LetterRow) -> dict[str, object]:
    return {
        "key": row.key, "reference": row.reference, "kind": row.kind, "to": row.to_name,
        "address": row.address.splitlines(), "written": row.rendered_at, "batch": row.batch,
        "printed_at": row.printed_at, "posted_on": row.posted_on, "post_class": row.post_class,
    }  # fmt: skip
