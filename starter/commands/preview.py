"""A letter before it is sent: from what the service would do next, or from what somebody is about to decide."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from office.faults import WrongInput, one_of
from starter import output

if TYPE_CHECKING:
    from domain.events import Actor, Body
    from domain.plain_english import Remark
    from office.case_view import CaseView
    from office.preview import Foreseen
    from register.letter_rows import LetterRow
    from register.queries import StoredCase


def acts_of(kind: str) -> tuple[str, ...]:
    """The acts of people that a letter of this kind can come of."""
    from domain.events import kinds

    return tuple(act.name for act in kinds().values() if kind in act.letters)


def preview(
    reference: Annotated[str, typer.Argument(metavar="REF", help="A case's reference, such as DOV-2026-0001.")],
    kind: Annotated[str, typer.Argument(metavar="KIND", help="The letter's number, such as L-04.")],
    source: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="The act it comes of, JSON or TOML; see `schema ACT`."),
    ] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="Write the PDF, and say where.")] = False,
    large: Annotated[bool, typer.Option("--large", help="In large print.")] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where files go; without --pdf, text, HTML and PDF.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """What a letter would say if its event happened now. Nothing is done; one that was sent is shown as it was kept."""
    from starter.commands.cases import one_case

    wanted = known_kind(kind)
    view, sent = asyncio.run(one_case(reference))
    kept = [(number, row) for number, row in enumerate(sent, start=1) if row.kind == wanted]
    if kept and source is None:
        _as_kept(view, kept, files=pdf or large or out is not None, json=json)
        return
    letters, when, body = _decided(view, wanted, source, large) if source else _by_itself(view, wanted, large)
    paths = _files(letters, out, pdf)
    remarks = tuple(own_words_advice(view, body, letters)) if body else ()
    if json:
        output.as_json(_json(view, wanted, when, letters, paths, remarks))
        return
    for letter in letters:
        files = ", ".join(file.name for file in letter.files)
        output.facts([("To", letter.to), ("Subject", letter.subject), ("Goes", letter.goes), ("With", files)])
        print(f"\n{letter.text.rstrip()}\n")
    if when > view.now:
        output.say(f"It goes out on {output.moment(when)} unless something happens before.")
    output.say("Nothing was done and nothing was sent.")
    for path in paths:
        print(path)
    say_advice(remarks)


def known_kind(given: str) -> str:
    """The kind as the catalogue spells it. Raises WrongInput."""
    from domain.catalogue import CATALOGUE

    known = {kind.casefold(): kind for kind in CATALOGUE}
    if given.casefold() not in known:
        raise one_of("letter kind", given, list(CATALOGUE))
    return known[given.casefold()]


def own_words_advice(view: CaseView, body: Body, letters: Sequence[Foreseen]) -> Iterator[tuple[str, Remark]]:
    """What could be plainer in the act's own free texts, each remark with its field."""
    from domain.catalogue import kind_of
    from domain.plain_english import Reader
    from starter.plainness import of_own_words

    reader = Reader.APPLICANT if any(kind_of(letter.kind).reader.private for letter in letters) else Reader.OFFICIAL
    persons = [person.details for person in view.stored.persons]
    for where, remarks in of_own_words(body, view.policy, persons, view.today, reader).items():
        yield from ((where, remark) for remark in remarks)


def say_advice(remarks: Sequence[tuple[str, Remark]]) -> None:
    """Print advice under a letter; nothing where there is none."""
    if not remarks:
        return
    output.heading("Could be plainer (advice only)")
    output.table(["Field", "Advice"], [(where, remark.words) for where, remark in remarks])


def way_json(letter: Foreseen) -> dict[str, object]:
    """Its reader and how it would get there."""
    by = letter.by and letter.by.value
    return {
        "to": letter.to,
        "by": by,
        "email": letter.email,
        "mobile": letter.mobile or None,
        "address": list(letter.address),
    }


def advice_json(remarks: Sequence[tuple[str, Remark]]) -> list[dict[str, str]]:
    return [{"field": where, "code": remark.code, "words": remark.words} for where, remark in remarks]


def _by_itself(view: CaseView, kind: str, large: bool) -> tuple[tuple[Foreseen, ...], datetime, Body | None]:
    """The letters of this kind that the service would write next, and when; or those of an act that says nothing more
    than that it is done, such as a withdrawal."""
    from domain.catalogue import CATALOGUE
    from office.preview import coming

    if causes := coming(view.stored, kind, view.now):
        written = (_write(cause.stored, cause.what, cause.by, cause.when, kind, large) for cause in causes)
        return tuple(letter for letters in written for letter in letters), causes[0].when, None
    for body in _wordless(view, kind):
        return _write(view.stored, body, _actor(view, body), view.now, kind, large), view.now, None
    if acts := acts_of(kind):
        raise WrongInput(
            f"{kind} tells what somebody decides: write it down in a file and give --from FILE (`casereview schema "
            f"{acts[0]}` has its form), or run `casereview {acts[0]} {view.reference} … --preview DIR`."
        )
    stage = f"{view.reference} is at '{view.case.stage}'"
    raise WrongInput(f"{kind} is written when {CATALOGUE[kind].when}; {stage}, where that does not come next.")


def _wordless(view: CaseView, kind: str) -> Iterator[Body]:
    """The acts that this kind comes of, may be done now, and take no words."""
    from domain.events import acts
    from domain.rules import refusal
    from office.preview import caused

    for act in acts_of(kind):
        body = acts()[act]
        if any(field.is_required() for field in body.model_fields.values()):
            continue
        done, by = body(), _actor(view, body())
        allowed = refusal(view.case, done, by, view.deadlines, view.today) is None
        if allowed and kind in caused(view.stored, done, by, view.now):
            yield done


def _decided(
    view: CaseView, kind: str, source: Path, large: bool
) -> tuple[tuple[Foreseen, ...], datetime, Body | None]:
    """The letters of this kind that the act in a file would send now."""
    from domain.rules import refusal
    from office.preview import NotPossible, caused
    from starter.commands.files import document

    body = _body(kind, dict(document(source)), source)
    by = _actor(view, body)
    if sentence := refusal(view.case, body, by, view.deadlines, view.today):
        raise NotPossible(sentence)
    kinds = dict.fromkeys(caused(view.stored, body, by, view.now))
    if kind not in kinds:
        others = ", ".join(kinds) or "no letter"
        raise WrongInput(f"{body.act} as {source} has it sends {others}, not {kind}: change the file or the kind.")
    return _write(view.stored, body, by, view.now, kind, large), view.now, body


def _body(kind: str, content: dict[str, Any], source: Path) -> Body:
    """The act in a file: the one its ``act`` names, or the first of those that the kind comes of which it fits."""
    from domain.events import acts
    from starter.commands.options import filled

    known = acts()
    named = content.pop("act", None)
    if named is not None and named not in known:
        raise one_of("act", str(named), sorted(known))
    names = (str(named),) if named else acts_of(kind)
    if not names:
        raise WrongInput(f"No act of a person sends {kind}; leave --from out, or name the act as `act` in {source}.")
    for name in names[:-1]:
        try:
            return filled(known[name], (), {}, content)
        except WrongInput:
            continue
    return filled(known[names[-1]] if len(names) == 1 else _closest(names, content), (), {}, content)


def _closest(names: Sequence[str], content: Mapping[str, Any]) -> type[Body]:
    """Of several acts the one that has most of the file's fields, so that its faults are the ones told."""
    from domain.events import acts

    return max((acts()[name] for name in names), key=lambda body: len(body.model_fields.keys() & content.keys()))


def _write(stored: StoredCase, what: Body, by: Actor, when: datetime, kind: str, large: bool) -> tuple[Foreseen, ...]:
    from connection.settings import Settings
    from letters.letter_context import Unaddressed
    from letters.letterhead import Unrenderable
    from letters.sources import renderer
    from office.preview import ways, written

    try:
        return written(stored, what, by, when, renderer(), ways(Settings.load()), kind=kind, large=large)
    except (Unaddressed, Unrenderable) as error:
        raise WrongInput(str(error)) from None


def _actor(view: CaseView, body: Body | None) -> Actor:
    from domain.events import CLOCK, Actor
    from starter.commands.order import who_acts

    return Actor(role=body.who, name=who_acts(body.who, body, view.stored)) if body else CLOCK


def _files(letters: Sequence[Foreseen], out: Path | None, pdf: bool) -> tuple[Path, ...]:
    from office.preview import keep, keep_pdf

    folder = out or Path()
    try:
        if pdf:
            return keep_pdf(tuple(letters), folder)
        return keep(tuple(letters), folder) if out else ()
    except OSError as error:
        raise WrongInput(f"The letters cannot be written to {folder} ({error.strerror}); name a folder.") from None


def _as_kept(view: CaseView, kept: Sequence[tuple[int, LetterRow]], *, files: bool, json: bool) -> None:
    from post.link_desk import masked
    from starter.commands import case_page

    last = [(number, row) for number, row in kept if row.event_id == kept[-1][1].event_id]
    number, row = last[-1]
    show = f"`casereview letter show {view.reference} {number}`"
    if files:
        raise WrongInput(f"{row.kind} was sent already: {show} has it as it went out; --from FILE previews another.")
    if json:
        letters = [{"number": n} | case_page.letter_json(letter) | {"text": masked(letter.text)} for n, letter in last]
        output.as_json({"reference": view.reference, "kind": row.kind, "kept": True, "letters": letters})
        return
    for _, letter in last:
        output.facts([("To", letter.to_name), ("Subject", letter.subject), ("State", case_page.letter_state(letter))])
        print(f"\n{masked(letter.text).rstrip()}\n")
    output.say(f"{row.kind} was sent, and this is how it was kept: {show}. --from FILE previews another.")


def _json(
    view: CaseView,
    kind: str,
    when: datetime,
    foreseen: Sequence[Foreseen],
    paths: Sequence[Path],
    remarks: Sequence[tuple[str, Remark]],
) -> dict[str, object]:
    letters = [
        way_json(letter)
        | {"subject": letter.subject, "text": letter.text, "with": [file.name for file in letter.files]}
        for letter in foreseen
    ]
    return {
        "reference": view.reference,
        "kind": kind,
        "kept": False,
        "at": when,
        "letters": letters,
        "files": [str(path) for path in paths],
        "advice": advice_json(remarks),
    }
