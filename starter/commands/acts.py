"""What people do to a case: one command for every act, with an option for every field of its body."""

from __future__ import annotations

import asyncio
import functools
import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from domain.events import Actor, Body, Role, acts
from office.faults import WrongInput
from starter import output
from starter.commands import days
from starter.commands.options import ActOption, Shape, filled, parameter, parts
from starter.commands.order import ROLES, Order, role_named, who_acts
from starter.commands.particulars import FINISHED, PREPARED

if TYPE_CHECKING:
    from domain.calendar import Calendar
    from office.case_view import CaseView
    from office.connected import Office

LEFT_AS_WORD = frozenset({"withdraw", "add-incident"})
MAY_BE_LEFT = frozenset({"record-panel-decision"})
_COMMON = "Of every act"
_PANELS = {
    Role.OFFICER: "Acts of the officer",
    Role.CHAIR: "Acts of the chair",
    Role.AGENCY: "Acts of an agency",
    Role.APPLICANT: "Acts of the applicant",
    Role.APPEAL_BODY: "Acts of the appeal body",
    Role.OPERATIONS: "Operations",
}
_EXTRA: Mapping[str, tuple[ActOption, ...]] = {
    "change-representative": (
        ActOption(
            "--person",
            (),
            Shape.FILE,
            "Who acts from now on, a JSON or TOML file.",
            "FILE",
        ),
        ActOption("--nobody", (), Shape.FLAG, "Nobody acts for the victim any more."),
    ),
    "add-person": (
        ActOption("--person", (), Shape.FILE, "Who joins: a JSON or TOML file.", "FILE"),
        ActOption("--known", (), Shape.ONE, "The id of somebody who is part of it already.", "ID"),
    ),
    "correct-contact": (ActOption("--contact", (), Shape.FILE, "What is new, a JSON or TOML file. Needed.", "FILE"),),
    "change-calendar": (
        ActOption("--holiday", (), Shape.MANY, "A bank holiday that was declared. Repeatable.", "DATE=NAME"),
        ActOption("--closure", (), Shape.MANY, "Days the council is closed. Repeatable.", "DATE[..DATE]=NAME"),
        ActOption("--newest", (), Shape.FLAG, "Start from the newest list of bank holidays."),
    ),
}
_FROM_THE_FILE: Mapping[str, tuple[str, ...]] = {
    "correct-contact": ("--details", "--changed"),
    "report-undelivered": ("--address",),
    "renew-link": ("--purpose", "--holder", "--about"),
    "choose-attendance": ("--news",),
    "add-person": ("--person",),
}
"""Options that are not asked for: the register or a file has what they would say."""


def add_to(app: typer.Typer) -> None:
    for act in acts():
        add_one(app, act)


def add_one(app: typer.Typer, act: str) -> bool:
    """Add the command of an act; False where there is no such act."""
    body = acts().get(act)
    if body is None:
        return False
    words = " ".join((body.__doc__ or "").replace("``", "").split())
    short = words.partition(". ")[0].rstrip(".") + "."
    app.command(act, rich_help_panel=_PANELS[body.who], help=words, short_help=short)(_command(act, body))
    return True


def _command(act: str, body: type[Body]) -> Callable[..., None]:
    made = (part for part in parts(body) if part.flag not in _FROM_THE_FILE.get(act, ()))
    options = (*made, *_EXTRA.get(act, ()))

    def command(reference: str, **given: Any) -> None:
        order = Order(
            act=act,
            body=body,
            reference=reference.strip().upper(),
            role=_role(given["role"], body),
            by=(given["by"] or "").strip(),
            id=(given["id"] or "").strip(),
            json=given["json"],
            signal=act in LEFT_AS_WORD or bool(given.get("signal")),
            preview=given["preview"],
            given=given,
        )
        _run(order, options)

    command.__name__ = act.replace("-", "_")
    command.__doc__ = body.__doc__
    command.__annotations__ = {}
    setattr(command, "__signature__", inspect.Signature(_parameters(act, options)))  # noqa: B010
    return command


def _parameters(act: str, options: Sequence[ActOption]) -> list[inspect.Parameter]:
    reference = typer.Argument(metavar="REF", help="The case's reference, such as DOV-2026-0001.")
    file = typer.Option("--file", metavar="FILE", help="Fields, JSON or TOML.", rich_help_panel=_COMMON)
    by = typer.Option("--by", metavar="NAME", help="Who; an agency by its id.", rich_help_panel=_COMMON)
    role = typer.Option("--role", metavar="ROLE", help=f"As whom: {', '.join(ROLES)}.", rich_help_panel=_COMMON)
    id = typer.Option("--id", metavar="ID", help="The same id twice counts once.", rich_help_panel=_COMMON)
    json = typer.Option("--json", help="Print JSON.", rich_help_panel=_COMMON)
    preview = typer.Option(
        "--preview", metavar="DIR", help="Write the letters it would send; do nothing.", rich_help_panel=_COMMON
    )
    signal = typer.Option("--signal", help="Leave word; kept even with no worker running.", rich_help_panel=_COMMON)
    return [
        parameter("reference", str, reference, inspect.Parameter.empty),
        *(part.parameter() for part in options),
        parameter("file", Path | None, file),
        parameter("by", str | None, by),
        parameter("role", str | None, role),
        parameter("id", str | None, id),
        parameter("preview", Path | None, preview),
        *([parameter("signal", bool, signal, False)] if act in MAY_BE_LEFT else []),
        parameter("json", bool, json, False),
    ]


def _role(given: str | None, body: type[Body]) -> Role:
    return body.who if given is None else role_named(given)


def _run(order: Order, options: Sequence[ActOption]) -> None:
    from starter.commands.files import document

    content: dict[str, Any] = dict(document(order.given["file"])) if order.given["file"] else {}
    prepared = PREPARED.get(order.act)
    ready = prepared(order, content) if prepared else None
    what = filled(order.body, options, _dated(order, options), content)
    if order.preview:
        _preview(order, order.preview, what)
        return
    try:
        answer, wrong = asyncio.run(_send(order, what, ready))
    except KeyboardInterrupt:
        became = f"`casereview show {order.reference}` says what became of it"
        print(f"\n{order.act} may have been sent, and is then done all the same; {became}.", file=sys.stderr)
        raise
    if order.json:
        output.as_json(answer)
    elif not wrong:
        _say(order, answer)
    if wrong:
        raise WrongInput(wrong)


async def _send(order: Order, what: Body, ready: Any) -> tuple[dict[str, object], str]:
    """Send the act; what to print, and the sentence against it where a Signal was not taken."""
    from connection.settings import Settings
    from office import acting
    from office.acting import Done, Left, NotAllowed, Over, Word
    from office.case_view import unknown
    from office.connected import Office
    from register import queries

    async with Office.open(Settings.load()) as office:
        stored = await queries.case(office.database, order.reference)
        if stored is None:
            raise unknown(order.reference)
        by = Actor(role=order.role, name=order.by or who_acts(order.role, what, stored))
        details = None
        if finish := FINISHED.get(order.act):
            what, details = await finish(office, stored, by, what, ready)
        if order.signal:
            match await acting.leave_word(office, order.reference, what, by, id=order.id):
                case Word(id):
                    return await _became(office, order, by, id)
                case Left(id=id, sentence=sentence, kept=True):
                    return _answer(order, id, taken=None, sentence=f"{sentence}."), ""
                case NotAllowed(sentence) | Over(sentence) | Left(sentence=sentence):
                    raise WrongInput(sentence)
        match await acting.act(office, order.reference, what, by, id=order.id, details=details):
            case Done(accepted, also):
                more = {"also": list(also)} if also else {}
                return _answer(order, accepted.event, taken=True, **accepted.model_dump(mode="json"), **more), ""
            case Left(id=id, sentence=sentence, kept=True):
                return _answer(order, id, taken=None, sentence=f"{sentence}."), ""
            case NotAllowed(sentence) | Over(sentence) | Left(sentence=sentence):
                raise WrongInput(sentence)


def _dated(order: Order, options: Sequence[ActOption]) -> Mapping[str, Any]:
    """What was given, with the days that are counted from the case's own day as dates."""

    @functools.cache
    def known() -> tuple[date, Calendar]:
        seen = asyncio.run(_viewed(order.reference))
        return seen.today, seen.stored.current_calendar

    given = dict(order.given)
    for part in options:
        value = given.get(part.name)
        if part.metavar == "DATE" and value:
            given[part.name] = (
                [days.on(day, part.flag, known) for day in value]
                if isinstance(value, list)
                else days.on(value, part.flag, known)
            )
        elif part.flag == "--recommend" and value:
            given[part.name] = [days.in_a_recommendation(recommendation, part.flag, known) for recommendation in value]
    return given


def _preview(order: Order, folder: Path, what: Body) -> None:
    """Write the letters the act would send into ``folder``; it is not done, and no server is needed."""
    from connection.settings import Settings
    from letters.letter_context import Unaddressed
    from letters.letterhead import Unrenderable
    from letters.sources import renderer
    from office.preview import foresee, keep, ways
    from starter.commands.preview import advice_json, own_words_advice, say_advice, way_json

    seen = asyncio.run(_viewed(order.reference))
    by = Actor(role=order.role, name=order.by or who_acts(order.role, what, seen.stored))
    try:
        foreseen = foresee(seen.stored, what, by, seen.now, renderer(), ways(Settings.load()))
        paths = keep(foreseen, folder)
    except (Unaddressed, Unrenderable) as error:
        raise WrongInput(str(error)) from None
    except OSError as error:
        raise WrongInput(f"The letters cannot be written to {folder} ({error.strerror}); name a folder.") from None
    letters = [
        {"kind": letter.kind} | way_json(letter) | {"subject": letter.subject, "file": str(path)}
        for letter, path in zip(foreseen, paths, strict=True)
    ]
    remarks = tuple(own_words_advice(seen, what, foreseen))
    if order.json:
        told = {"reference": order.reference, "act": order.act, "letters": letters, "advice": advice_json(remarks)}
        output.as_json(told)
        return
    if not letters:
        output.say(f"{order.act} is possible now and sends no letter by itself. Nothing was done.")
    else:
        goes = [letter.by.words if letter.by else "no way known" for letter in foreseen]
        rows = [
            (letter.kind, letter.to, way, str(path)) for letter, way, path in zip(foreseen, goes, paths, strict=True)
        ]
        output.table(["Kind", "To", "Goes", "Letter"], rows)
        print()
        output.say(f"Nothing was done and nothing was sent: without --preview, {order.act} sends these.")
    say_advice(remarks)


async def _viewed(reference: str) -> CaseView:
    from office.case_view import register, view

    async with register() as database:
        return await view(database, reference)


async def _became(office: Office, order: Order, by: Actor, id: str) -> tuple[dict[str, object], str]:
    """What became of a Signal, as far as a worker can say within a few seconds."""
    from domain.events import ActRefused
    from office import acting
    from office.connected import NoAnswer, NoSuchCase

    for _ in range(10):
        try:
            now = await asyncio.wait_for(office.situation(order.reference), 5)
        except (TimeoutError, NoAnswer, NoSuchCase):
            break
        stands = {"stage": now.stage, "waiting": now.waiting}
        if taken := next((event for event in now.events if event.id == id), None):
            await acting.heard(office, order.reference, id)
            return _answer(order, id, taken=True, event=taken.id, kind=taken.kind, **stands), ""
        last = next((event for event in reversed(now.events) if event.by == by), None)
        if last and isinstance(last.what, ActRefused) and last.what.refused == order.act:
            await acting.heard(office, order.reference, id)
            return _answer(order, id, taken=False, sentence=last.what.sentence, **stands), last.what.sentence
        await asyncio.sleep(0.3)
    left = f"{order.act} is left as word for {order.reference}; no worker is up, so it waits for one."
    return _answer(order, id, taken=None, sentence=left), ""


def _answer(order: Order, id: str, *, taken: bool | None, **known: object) -> dict[str, object]:
    empty = {"event": "", "kind": "", "stage": "", "waiting": "", "sentence": ""}
    return {"reference": order.reference, "act": order.act, "id": id, "taken": taken, **empty, **known}


def _say(order: Order, answer: Mapping[str, object]) -> None:
    if answer["taken"] is None:
        output.say(str(answer["sentence"]))
        return
    output.say(f"{order.act} is recorded in {order.reference}.")
    output.facts([("Stage", str(answer["stage"])), ("Now", str(answer["waiting"]))])
    also = answer.get("also", ())
    for words in also if isinstance(also, list) else ():
        output.say(words)
