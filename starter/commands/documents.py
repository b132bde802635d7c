"""The documents of a case: add one, list them, get one back."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from office.faults import WrongInput
from starter import output
from starter.commands.order import at_the_terminal

if TYPE_CHECKING:
    from register.documents import Document

Reference = Annotated[str, typer.Argument(metavar="REF", help="The case's reference, such as DOV-2026-0001.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="A case's documents: add one, list them, get one back.")
    group.command("add")(add)
    group.command("list")(list_all)
    group.command("get")(get)
    app.add_typer(group, name="document", rich_help_panel="Cases")


def add(
    reference: Reference,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file.")],
    given_by: Annotated[str, typer.Option("--from", metavar="NAME", help="Whom it came from.")] = "",
    about: Annotated[str, typer.Option("--about", metavar="TEXT", help="What it is, in a few words.")] = "",
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who adds it.")] = "",
    json: Json = False,
) -> None:
    """Keep a file as a document of a case, and tell the case."""
    from connection.settings import Settings

    try:
        with file.open("rb") as opened:
            content = opened.read(Settings.load().largest_file_bytes + 1)
    except OSError as error:
        raise WrongInput(f"{file} cannot be read ({error.strerror}); name a file.") from None
    for flag, words in (("--from", given_by), ("--about", about)):
        if len(words) > 200 or not words.isprintable():
            raise WrongInput(f"{flag} must be one line of 200 characters or fewer.")
    kept = asyncio.run(_add(_plain(reference), content, file.name, given_by.strip(), about.strip(), by.strip()))
    if json:
        output.as_json(_as_json(kept))
        return
    output.say(f"{kept.name} is a document of {kept.reference} now; its id is {kept.id}.")
    if not kept.told:
        output.say("No worker answered: the document is kept, and the case hears of it with the next sweep.")


def list_all(reference: Reference, json: Json = False) -> None:
    """A case's documents, in the order they came."""
    kept = asyncio.run(_list(_plain(reference)))
    if json:
        output.as_json([_as_json(document) for document in kept])
        return
    if not kept:
        output.say(f"{_plain(reference)} has no documents.")
        return
    rows = [
        (
            document.id,
            document.name,
            f"{document.size}",
            _from(document),
            output.day(document.at.date()),
            _scan(document),
        )
        for document in kept
    ]
    output.table(["Id", "Name", "Bytes", "From", "Came", "Scanned"], rows)


def get(
    reference: Reference,
    id: Annotated[str, typer.Argument(metavar="ID", help="The document's id, as `document list` has it.")],
    to: Annotated[Path, typer.Option("--to", metavar="PATH", help="A folder, or the file's own path.")] = Path("."),
) -> None:
    """Write a document to a file; an existing file is left alone."""
    path = asyncio.run(_get(_plain(reference), id.strip(), to))
    output.say(f"{path} is written. It came from outside: open it only on a computer that is protected.")


async def _add(reference: str, content: bytes, name: str, given_by: str, about: str, by: str) -> Document:
    from dataclasses import replace

    from activities.document_news import tell
    from connection.settings import Settings
    from connection.updates import Done, NotAllowed, Over
    from domain.events import Actor, Role
    from office.connected import Office
    from register import documents
    from register.scanner import Scanner
    from register.shelf import Shelf

    settings = Settings.load()
    async with Office.open(settings) as office:
        actor = Actor(role=Role.OFFICER, name=by or at_the_terminal())
        shelf = Shelf(settings.documents_path, settings.largest_file_bytes)
        kept = await documents.add(
            office.database, shelf, content, name, scanner=Scanner.of(settings.clamd),
            by=actor, now=datetime.now(UTC), reference=reference, given_by=given_by, about=about,
        )  # fmt: skip
        if kept.told:
            return kept
        match await tell(office.client, office.database, kept):
            case Done():
                return replace(kept, told=True)
            case NotAllowed(sentence) | Over(sentence):
                raise WrongInput(sentence)
            case _:
                return kept


async def _list(reference: str) -> list[Document]:
    from office.case_view import register, view
    from register import documents

    async with register() as database:
        await view(database, reference)
        return await documents.of_case(database, reference)


async def _get(reference: str, id: str, to: Path) -> Path:
    from connection.settings import Settings
    from office.case_view import register, view
    from register import documents
    from register.shelf import Shelf

    async with register() as database:
        await view(database, reference)
        document = await documents.with_id(database, reference, id)
    source = documents.file(Shelf(Settings.load().documents_path), document) if document else None
    if document is not None and document.virus:
        raise WrongInput(f"A virus was found in {document.name} ({document.virus}); it is not handed out.")
    if document is None or source is None:
        raise WrongInput(f"{reference} has no document {id}; `casereview document list {reference}` shows them.")
    path = to / document.name if to.is_dir() else to
    try:
        with path.open("xb") as file:
            file.write(await asyncio.to_thread(source.read_bytes))
    except FileExistsError:
        raise WrongInput(f"{path} is there already; name another place with --to.") from None
    except OSError as error:
        raise WrongInput(f"{path} cannot be written ({error.strerror}); name another place with --to.") from None
    return path


def _plain(reference: str) -> str:
    return reference.strip().upper()


def _from(document: Document) -> str:
    return document.given_by or document.by.name or document.by.role.value


def _scan(document: Document) -> str:
    if document.virus:
        return f"virus: {document.virus}"
    return output.day(document.scanned_at.date()) if document.scanned_at else "not scanned"


def _as_json(document: Document) -> dict[str, Any]:
    return {
        "id": document.id, "reference": document.reference, "name": document.name,
        "media_type": document.media_type, "size": document.size,
        "sha256": document.sha256, "role": document.by.role.value, "by": document.by.name,
        "given_by": document.given_by, "about": document.about, "at": document.at, "told": document.told,
        "scanned_at": document.scanned_at, "virus": document.virus,
    }  # fmt: skip
