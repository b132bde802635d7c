"""Letters: those a case was sent, one that is still to be written, and every kind of every council."""

from __future__ import annotations

import asyncio
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from office.faults import WrongInput
from starter import output

if TYPE_CHECKING:
    from office.case_view import CaseView
    from register.letter_rows import LetterRow
    from starter.gallery import Gallery, Shown

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Reference = Annotated[str, typer.Argument(metavar="REF", help="A case's reference, such as DOV-2026-0001.")]
_PANEL = "Cases"


def add_to(app: typer.Typer) -> None:
    from starter.commands.preview import preview

    group = typer.Typer(no_args_is_help=True, help="A case's letters, one still to come, and every kind there is.")
    group.command("list")(list_all)
    group.command("show")(show)
    group.command("preview")(preview)
    group.command("gallery")(gallery)
    app.add_typer(group, name="letter", rich_help_panel=_PANEL)


def list_all(reference: Reference, json: Json = False) -> None:
    """The letters of a case in the order they were written, and what became of each."""
    from office.case_words import subject
    from starter.commands import case_page

    view, sent = _case(reference)
    if json:
        output.as_json(
            [{"number": number} | case_page.letter_json(letter) for number, letter in enumerate(sent, start=1)]
        )
        return
    if not sent:
        output.say(f"No letter of {view.reference} has been written yet.")
        return
    rows = [
        (
            str(number),
            output.day(case_page.written_on(letter)),
            letter.kind,
            subject(letter),
            case_page.recipient(letter),
            case_page.letter_state(letter),
        )
        for number, letter in enumerate(sent, start=1)
    ]
    output.own_day(view.stored.row.own_day)
    output.table(["", "Written", "Kind", "Subject", "To", "State"], rows)
    print()
    output.say(f"Read one with: casereview letter show {view.reference} NUMBER")


def show(
    reference: Reference,
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="Its number in `letter list`, its kind or its key.")],
    html: Annotated[bool, typer.Option("--html", help="As HTML.")] = False,
    text: Annotated[bool, typer.Option("--text", help="As plain text; so it is without an option.")] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help="As it was printed, where it went by post; needs --out.")] = False,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Into a file, not on the terminal.")] = None,
) -> None:
    """One letter as it was sent, but for what makes its reader's own link work; the register keeps every byte."""
    from post.link_desk import masked, prints_a_link

    if html + text + pdf > 1:
        raise WrongInput("letter show gives one form: --html, --text or --pdf.")
    if pdf and out is None:
        raise WrongInput("A PDF is no text for a terminal; say with --out into which file it goes.")
    _, sent = _case(reference)
    letter = _chosen(number, sent)
    if pdf and prints_a_link(letter.text):
        raise WrongInput(
            "This letter has its reader’s own link in it, so its PDF is printed from the tray and shown nowhere "
            "else; --html and --text leave the link out."
        )
    content = asyncio.run(_paper(letter)) if pdf else masked(letter.html if html else letter.text).encode()
    if out is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        return
    try:
        out.write_bytes(content)
    except OSError as error:
        raise WrongInput(f"The letter cannot be written to {out} ({error.strerror}); name another file.") from None
    output.say(f"{letter.kind} to {letter.to_name} is in {out}.")


async def _paper(letter: LetterRow) -> bytes:
    from office.case_view import register
    from register import letter_rows

    async with register() as database:
        try:
            return await letter_rows.paper(database, letter.key)
        except letter_rows.LetterError as error:
            raise WrongInput(str(error)) from None


def gallery(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the letters go, with an index.html.")],
    policy: Annotated[
        list[str] | None, typer.Option(metavar="P", help="Of one council: its id or the path of its file. Repeatable.")
    ] = None,
    kind: Annotated[list[str] | None, typer.Option(metavar="K", help="One kind, such as L-04. Repeatable.")] = None,
    json: Json = False,
) -> None:
    """Every kind of letter of every council as text, HTML and PDF, with an index; nothing runs and nothing is sent."""
    import policies
    from domain.letters import CATALOGUE
    from letters.letterhead import Unrenderable
    from letters.sources import renderer
    from starter.commands.preview import known_kind
    from starter.gallery import INDEX, make

    kinds = [known_kind(named) for named in kind] if kind else list(CATALOGUE)
    began = time.perf_counter()
    try:
        councils = [(policies.load(council), renderer(council)) for council in dict.fromkeys(policy or policies.ids())]
        made = make(folder, councils, kinds, datetime.now(UTC), _progress)
    except Unrenderable as error:
        raise WrongInput(str(error)) from None
    seconds = time.perf_counter() - began
    if json:
        output.as_json(_gallery_json(made, folder, seconds))
        return
    remarked = sum(bool(letter.remarks) for letter in made.shown)
    output.say(
        f"{len(made.shown)} letters in {seconds:.0f} seconds; open {folder / INDEX}. "
        f"{'All are plain English.' if not remarked else f'{remarked} could be plainer: the page says how.'}"
    )
    for omitted in made.left:
        output.say(f"{omitted.policy} has no {omitted.kind}: {omitted.reason}")


def _progress(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def _gallery_json(made: Gallery, folder: Path, seconds: float) -> dict[str, object]:
    return {
        "folder": str(folder),
        "seconds": round(seconds, 2),
        "letters": [_shown_json(letter) for letter in made.shown],
        "left_out": [
            {"policy": omitted.policy, "kind": omitted.kind, "reason": omitted.reason} for omitted in made.left
        ],
    }


def _shown_json(letter: Shown) -> dict[str, object]:
    return {
        "policy": letter.policy,
        "kind": letter.kind,
        "what": letter.what,
        "to": letter.to,
        "story": letter.story,
        "subject": letter.subject,
        "by": letter.by,
        "large_print": letter.large_print,
        "language": letter.language,
        "words": letter.words,
        "pages": letter.pages,
        "reading_age": None if letter.reading_age is None else round(letter.reading_age, 1),
        "remarks": [{"code": remark.code, "words": remark.words} for remark in letter.remarks],
        "text": f"{letter.name}.txt",
        "html": f"{letter.name}.html",
        "pdf": f"{letter.name}.pdf",
        "with": list(letter.files),
    }


def _case(reference: str) -> tuple[CaseView, list[LetterRow]]:
    from starter.commands.cases import one_case

    return asyncio.run(one_case(reference))


def _chosen(text: str, sent: list[LetterRow]) -> LetterRow:
    if text.isdecimal() and 1 <= int(text) <= len(sent):
        return sent[int(text) - 1]
    exact = [letter for letter in sent if letter.key == text]
    matching = exact or [letter for letter in sent if letter.kind.lower() == text.lower()]
    if len(matching) == 1:
        return matching[0]
    if not matching:
        raise WrongInput(f"There is no letter “{text}” in this case; `casereview letter list REF` lists its letters.")
    numbers = ", ".join(str(number) for number, letter in enumerate(sent, start=1) if letter in matching)
    raise WrongInput(f"“{text}” is {len(matching)} letters; give the number of one: {numbers}.")
