"""The options of an act, made from the fields of its body, so that command and body cannot differ."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from domain.calendar import Calendar
from domain.events import Body, Confirmation, IssueOutcome, Recommendation, Seat
from office import faults
from office.faults import WrongInput
from office.shapes import held, values
from office.wording import in_a_line

_FEW = 6
_OWN = ("kind", "id")
_OF_AN_ISSUE = ("issue", "done", "finding", "next")


class Shape(StrEnum):
    """How an option is given: a value, several, a yes or no, or a file."""

    ONE = "one"
    MANY = "many"
    YES_NO = "yes or no"
    FLAG = "flag"
    FILE = "file"


@dataclass(frozen=True)
class ActOption:
    """One option: ``flag`` as typed, ``into`` the path of the field it fills; empty if the command reads it."""

    flag: str
    into: tuple[str, ...]
    shape: Shape
    help: str
    metavar: str = "TEXT"
    known: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The parameter's name; ``in_…`` keeps it apart from the options every act has."""
        return "in_" + self.flag.removeprefix("--").replace("-", "_")

    def parameter(self) -> inspect.Parameter:
        """The parameter Typer makes the option of. It is never required here: ``--file`` may hold it."""
        types: Mapping[Shape, Any] = {
            Shape.ONE: str | None,
            Shape.MANY: list[str] | None,
            Shape.YES_NO: bool | None,
            Shape.FLAG: bool,
            Shape.FILE: Path | None,
        }
        yes_no = self.shape is Shape.YES_NO
        flag = f"{self.flag}/--not-{self.flag.removeprefix('--')}" if yes_no else self.flag
        switch = self.shape in (Shape.YES_NO, Shape.FLAG)
        option = typer.Option(flag, metavar=None if switch else self.metavar, help=self.help, show_default=False)
        return parameter(self.name, types[self.shape], option, False if self.shape is Shape.FLAG else None)


def parameter(name: str, type: Any, option: Any, default: Any = None) -> inspect.Parameter:
    """A parameter of a command whose signature is made here."""
    annotation = Annotated[type, option]
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def parts(body: type[Body]) -> tuple[ActOption, ...]:
    """Every option of an act."""
    return tuple(_parts(body.act or "", body, ()))


def filled(body: type[Body], parts: Sequence[ActOption], given: Mapping[str, Any], file: Mapping[str, Any]) -> Body:
    """The body from a file's fields and, before them, the options. Raises WrongInput, every fault at once."""
    content: dict[str, Any] = dict(file)
    wrong = list(faults.strange(file, body))
    for part in parts:
        value = given.get(part.name)
        if part.into and value not in (None, [], ()):
            _put(content, part, value)
    flags = {part.into: part.flag for part in parts if part.into}

    def named(loc: Sequence[Any]) -> str:
        return flags.get(tuple(str(step) for step in loc)) or faults.path(loc)

    try:
        filled = body.model_validate(content)
    except ValidationError as error:
        wrong += faults.of(error, body, named)
    else:
        if not wrong:
            return filled
    if len(wrong) == 1:
        raise WrongInput(f"{body.act} cannot be sent: {wrong[0].rstrip('.')}.")
    raise WrongInput(f"{body.act} cannot be sent, {len(wrong)} things are wrong:", wrong)


def _parts(act: str, model: type[BaseModel], into: tuple[str, ...]) -> Iterator[ActOption]:
    for name, field in model.model_fields.items():
        if name not in _OWN:
            yield from _part(act, name, field, into)


def _part(act: str, name: str, field: FieldInfo, into: tuple[str, ...]) -> Iterator[ActOption]:
    kind, many = held(field.annotation)
    where = (*into, name)
    flag = "--" + name.replace("_", "-")
    needed = " Needed." if field.is_required() else ""
    words = in_a_line(act, ".".join(where)).rstrip(".")
    if kind is Confirmation:
        yield ActOption(
            "--confirm", where, Shape.MANY, "An incident the agency confirms. Repeatable.", "I1[ on DATE][: NOTE]"
        )
        yield ActOption("--deny", where, Shape.MANY, "An incident it has no record of. Repeatable.", "I2[: NOTE]")
    elif kind is Recommendation:
        shape = "TO[ via POWER][ by DATE]: TEXT"
        yield ActOption("--recommend", where, Shape.MANY, "A recommendation. Repeatable.", shape)
    elif kind is IssueOutcome:
        shape = "I1 I2: ISSUE | DONE | FOUND | NEXT"
        yield ActOption("--issue", where, Shape.MANY, "What one problem raised comes to. Repeatable.", shape)
    elif kind is Seat:
        flag = "--member" if many else flag
        more = " Repeatable." if many else needed
        yield ActOption(
            flag,
            where,
            Shape.MANY if many else Shape.ONE,
            f"A seat on the panel.{more}",
            "NAME, BODY[, E-MAIL]",
        )
    elif kind is Calendar:
        return
    elif isinstance(kind, type) and issubclass(kind, BaseModel):
        yield from _parts(act, kind, where)
    elif kind is bool:
        yield ActOption(flag, where, Shape.YES_NO, f"{words}.{needed}")
    else:
        known = values(kind)
        choice = f": {', '.join(known)}" if 0 < len(known) <= _FEW else ""
        shape = Shape.MANY if many else Shape.ONE
        flag = flag.removesuffix("s") if many else flag
        more = " Repeatable." if many else ""
        yield ActOption(flag, where, shape, f"{words}{choice}.{needed}{more}", _metavar(kind), known)


def _metavar(kind: Any) -> str:
    if kind is date:
        return "DATE"
    if kind is int:
        return "N"
    return "NAME" if values(kind) else "TEXT"


def _put(content: dict[str, Any], part: ActOption, value: Any) -> None:
    *groups, last = part.into
    for group in groups:
        inner = content.get(group)
        content[group] = dict(inner) if isinstance(inner, Mapping) else {}
        content = content[group]
    match part.flag:
        case "--confirm" | "--deny":
            content[last] = [*content.get(last, ()), *(_confirmation(text, part.flag) for text in value)]
        case "--recommend":
            content[last] = [_recommendation(text) for text in value]
        case "--issue":
            content[last] = [_issue(text) for text in value]
        case "--member":
            content[last] = [_seat(text, part.flag) for text in value]
        case "--chair":
            content[last] = _seat(value, part.flag)
        case _:
            content[last] = _spelled(value, part.known)


def _spelled(value: Any, known: Sequence[str]) -> Any:
    """A name as the policy spells it: ``in-part`` and ``In part`` are ``in_part``."""
    if not isinstance(value, str) or value in known:
        return value
    plain = value.strip().lower().replace("-", "_").replace(" ", "_")
    return plain if plain in known else value


def _confirmation(text: str, flag: str) -> dict[str, object]:
    incident, _, note = text.partition(":")
    incident, on, day = incident.strip().partition(" on ")
    if not incident:
        raise WrongInput(f"{flag} must name an incident, such as I1 or “I1: NOTE”, not “{text}”.")
    confirmation = {"incident": incident.strip().upper(), "confirmed": flag == "--confirm", "note": note.strip()}
    if on:
        try:
            confirmation["reported"] = date.fromisoformat(day.strip())
        except ValueError:
            raise WrongInput(f"{flag} {incident} on “{day.strip()}” must give a date such as 2027-01-14.") from None
    return confirmation


def _recommendation(text: str) -> dict[str, object]:
    to, colon, what = text.partition(":")
    to, by, due = to.partition(" by ")
    to, via, power = to.partition(" via ")
    if not colon or not to.strip() or not what.strip():
        raise WrongInput(f"--recommend must be TO: TEXT, such as “police: patrol the lane”, not “{text}”.")
    recommendation: dict[str, object] = {"to": to.strip(), "text": what.strip()}
    if via:
        recommendation["power"] = power.strip()
    if by:
        try:
            recommendation["due"] = date.fromisoformat(due.strip())
        except ValueError:
            raise WrongInput(f"--recommend {to} by “{due.strip()}” must give a date such as 2027-01-14.") from None
    return recommendation


def _issue(text: str) -> dict[str, object]:
    reports, colon, rest = text.partition(":")
    parts = [part.strip() for part in rest.split("|")]
    if not colon or len(parts) != len(_OF_AN_ISSUE) or not all(parts):
        raise WrongInput(
            "--issue must be the reports it is about, then the issue, what had been done, what the panel found and "
            f"what will be done, such as “I1 I3: Noise at night | Two warnings | Too late | A notice”, not “{text}”."
        )
    return {"reports": reports.upper().split(), **dict(zip(_OF_AN_ISSUE, parts, strict=True))}


def _seat(text: str, flag: str) -> dict[str, object]:
    name, *rest = (part.strip() for part in text.split(","))
    email = next((part for part in rest if "@" in part), "")
    bodies = [part for part in rest if part and part != email]
    if not name or "@" in name or len(bodies) > 1:
        raise WrongInput(f"{flag} must be NAME, BODY[, E-MAIL], such as “A Chair, Kent Police”, not “{text}”.")
    return {"name": name, "organisation": bodies[0] if bodies else "", "email": email}
