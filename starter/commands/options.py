"""The options of an act, made from the fields of its body, so that command and body cannot differ."""

from __future__ import annotations

import inspect
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import typer
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from domain.calendar import Calendar
from domain.events import Body, Confirmation, Recommendation, Seat
from office import faults
from office.faults import WrongInput

_FEW = 6
_OWN = ("kind", "id")
_WORDS: Mapping[str, str] = {
    "account": "What the agency knows and did.",
    "adequacy": "How adequate the response to the reports was.",
    "alternative_action": "What will be done instead.",
    "approved_by": "Who approved it.",
    "arrived": "Whether it arrived.",
    "at_victims_request": "Whether the victim asked for it.",
    "behaviour_stopped": "Whether the behaviour has stopped.",
    "conflicts": "The conflicts of interest that were declared.",
    "consent_to_share": "Whether details may be shared with the agencies.",
    "consent_to_transfer": "Whether the papers may go to the appeal body.",
    "contact": "Whom to ask there.",
    "decided_by": "Who decided it.",
    "discretion": "Why a case below the number is accepted.",
    "documents": "One of the documents.",
    "due": "By which day it will be done.",
    "enquiry": "Its name, such as verification:police.",
    "evidence": "How anyone can see it.",
    "findings": "What was found.",
    "good_cause": "Why an appeal after the window is accepted.",
    "grounds": "Why the applicant appeals.",
    "harm": "What harm the behaviour causes or could cause.",
    "heard_on": "The day of the hearing.",
    "how": "How that is known.",
    "key": "The letter's key, as `show --json` and `letter list --json` print it.",
    "letter": "Which letter",
    "met": "Whether the threshold is met.",
    "milestone": "Which date, such as panel_held.",
    "missing": "What is missing.",
    "mode": "How, such as in person.",
    "occurred": "The day it happened.",
    "occurred_until": "Its last day, if it went on.",
    "officer": "Who it is.",
    "on": "The day.",
    "person": "The id of somebody the case writes to.",
    "persistence": "How persistent the behaviour is.",
    "place": "Where.",
    "premises": "The address it was about.",
    "present": "Somebody who was there.",
    "reason": "Why.",
    "reasons": "The reasons, in plain words.",
    "recommendation": "Its id, such as R1.",
    "reference": "The agency's own number for it.",
    "reported": "The day it was reported.",
    "reported_to": "To whom: an agency's id, or a name.",
    "reporter": "Who reported it.",
    "representative": "The id of somebody the case knows.",
    "route": "The route of the policy that is met.",
    "step": "The deadline's name, such as response or action:R1.",
    "taken_from": "Who has it now; not taken where somebody else has it by then.",
    "text": "The words.",
    "phone": "The number that is safe.",
    "when": "When it is safe to ring.",
    "voicemail": "Whether a message may be left.",
    "about": "What it is about.",
    "spoke": "Whether they were reached.",
    "time": "The hour, such as 10:00.",
    "to": "The right day.",
    "until": "The day it ends.",
    "victim_consents": "Whether the victim agrees.",
    "what": "What happened.",
    "working_days": "By how many working days.",
}


class Shape(StrEnum):
    """How an option is given: a value, several, a yes or no, or a file."""

    ONE = "one"
    MANY = "many"
    YES_NO = "yes or no"
    FLAG = "flag"
    FILE = "file"


@dataclass(frozen=True)
class Part:
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


def parts(body: type[Body]) -> tuple[Part, ...]:
    """Every option of an act."""
    return tuple(_parts(body, ()))


def filled(body: type[Body], parts: Sequence[Part], given: Mapping[str, Any], file: Mapping[str, Any]) -> Body:
    """The body from a file's fields and, before them, the options. Raises WrongInput, every fault at once."""
    content: dict[str, Any] = dict(file)
    found = list(faults.strange(file, body))
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
        found += faults.of(error, body, named)
    else:
        if not found:
            return filled
    if len(found) == 1:
        raise WrongInput(f"{body.act} cannot be sent: {found[0].rstrip('.')}.")
    raise WrongInput(f"{body.act} cannot be sent, {len(found)} things are wrong:", found)


def _parts(model: type[BaseModel], into: tuple[str, ...]) -> Iterator[Part]:
    for name, field in model.model_fields.items():
        if name not in _OWN:
            yield from _part(name, field, into)


def _part(name: str, field: FieldInfo, into: tuple[str, ...]) -> Iterator[Part]:
    kind, many = _kind(field.annotation)
    where = (*into, name)
    flag = "--" + name.replace("_", "-")
    needed = " Needed." if field.is_required() else ""
    words = _WORDS.get(name, name.replace("_", " ").capitalize()).rstrip(".")
    if kind is Confirmation:
        yield Part("--confirm", where, Shape.MANY, "An incident the agency confirms. Repeatable.", "I1[: NOTE]")
        yield Part("--deny", where, Shape.MANY, "An incident it has no record of. Repeatable.", "I2[: NOTE]")
    elif kind is Recommendation:
        yield Part("--recommend", where, Shape.MANY, "A recommendation. Repeatable.", "TO[ by DATE]: TEXT")
    elif kind is Seat:
        flag = "--member" if many else flag
        more = " Repeatable." if many else needed
        yield Part(
            flag,
            where,
            Shape.MANY if many else Shape.ONE,
            f"A seat on the panel.{more}",
            "NAME, BODY[, E-MAIL]",
        )
    elif kind is Calendar:
        return
    elif isinstance(kind, type) and issubclass(kind, BaseModel):
        yield from _parts(kind, where)
    elif kind is bool:
        yield Part(flag, where, Shape.YES_NO, f"{words}.{needed}")
    else:
        known = _known(kind)
        choice = f": {', '.join(known)}" if 0 < len(known) <= _FEW else ""
        shape = Shape.MANY if many else Shape.ONE
        flag = flag.removesuffix("s") if many else flag
        more = " Repeatable." if many else ""
        yield Part(flag, where, shape, f"{words}{choice}.{needed}{more}", _metavar(kind), known)


def _kind(annotation: Any) -> tuple[Any, bool]:
    """What a field holds, and whether it holds several."""
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _kind(inside[0])
    if origin in (Union, types.UnionType):
        return _kind(next(part for part in inside if part is not type(None)))
    if origin is tuple:
        return _kind(inside[0])[0], True
    return annotation, False


def _known(kind: Any) -> tuple[str, ...]:
    if get_origin(kind) is Literal:
        return tuple(str(value) for value in get_args(kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return tuple(str(member.value) for member in kind)
    return ()


def _metavar(kind: Any) -> str:
    if kind is date:
        return "DATE"
    if kind is int:
        return "N"
    return "NAME" if _known(kind) else "TEXT"


def _put(content: dict[str, Any], part: Part, value: Any) -> None:
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
    if not incident.strip():
        raise WrongInput(f"{flag} must name an incident, such as I1 or “I1: NOTE”, not “{text}”.")
    return {"incident": incident.strip().upper(), "confirmed": flag == "--confirm", "note": note.strip()}


def _recommendation(text: str) -> dict[str, object]:
    to, colon, what = text.partition(":")
    to, by, due = to.partition(" by ")
    if not colon or not to.strip() or not what.strip():
        raise WrongInput(f"--recommend must be TO: TEXT, such as “police: patrol the lane”, not “{text}”.")
    recommendation: dict[str, object] = {"to": to.strip(), "text": what.strip()}
    if by:
        try:
            recommendation["due"] = date.fromisoformat(due.strip())
        except ValueError:
            raise WrongInput(f"--recommend {to} by “{due.strip()}” must give a date such as 2027-01-14.") from None
    return recommendation


def _seat(text: str, flag: str) -> dict[str, object]:
    name, *rest = (part.strip() for part in text.split(","))
    email = next((part for part in rest if "@" in part), "")
    bodies = [part for part in rest if part and part != email]
    if not name or "@" in name or len(bodies) > 1:
        raise WrongInput(f"{flag} must be NAME, BODY[, E-MAIL], such as “A Chair, Kent Police”, not “{text}”.")
    return {"name": name, "organisation": bodies[0] if bodies else "", "email": email}
