"""A form's fields made from a model, so that page and model cannot differ; and the model's content from the form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum, StrEnum
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from console.web.posted_forms import Fault, Posted
from domain import calendar
from office.faults import whole
from office.shapes import held, values
from office.wording import Caption

_LONG = 1000
_ROWS = 200
_FIRST_YEAR, _LAST_YEAR = 1900, 2199


class FieldKind(StrEnum):
    """How a field is asked for."""

    LINE = "line"
    TEXT = "text"
    LINES = "lines"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes or no"
    TICK = "tick"
    CHOICE = "choice"
    TICKS = "ticks"
    GROUP = "group"
    MANY = "many"


@dataclass(frozen=True)
class Choice:
    value: str
    words: str
    hint: str = ""


@dataclass(frozen=True)
class Field:
    """One field. ``inside`` are the fields of a group, or of each row of a list; ``offered`` is only suggested.

    ``about``: the rows of the list are given, one for each of these, which goes into the row's field ``about_in``.
    ``preset``: true unless somebody says otherwise. ``autocomplete``: what a browser may fill in (WCAG 1.3.5).
    """

    name: str
    kind: FieldKind
    label: str
    hint: str = ""
    called: str = ""
    needed: bool = False
    choices: tuple[Choice, ...] = ()
    offered: tuple[str, ...] = ()
    inside: tuple[Field, ...] = ()
    item: str = ""
    most: int = 0
    about: tuple[Choice, ...] = ()
    about_in: str = ""
    preset: bool = False
    autocomplete: str = ""

    @property
    def noun(self) -> str:
        return Caption(self.label, called=self.called).noun


Worded = Callable[[str], Caption]
Chosen = Callable[[str], tuple[Choice, ...]]


def fields(model: type[BaseModel], worded: Worded, chosen: Chosen, leave: frozenset[str]) -> tuple[Field, ...]:
    """The fields of a model in its order; ``leave`` are paths the page does not ask for (``chair.independent``)."""
    return tuple(_fields(model, worded, chosen, leave, ""))


def _fields(
    model: type[BaseModel], worded: Worded, chosen: Chosen, leave: frozenset[str], within: str
) -> Iterator[Field]:
    for name, info in model.model_fields.items():
        path = f"{within}{name}"
        if path not in leave and name != "kind":
            yield _field(name, path, info, worded, chosen, leave)


def _field(name: str, path: str, info: FieldInfo, worded: Worded, chosen: Chosen, leave: frozenset[str]) -> Field:
    type_, several = held(info.annotation)
    wording = worded(path)
    made = Field(
        name,
        FieldKind.LINE,
        wording.label,
        wording.hint,
        wording.called,
        needed=info.is_required(),
        most=_most(info),
        preset=info.default is True,
    )
    if isinstance(type_, type) and issubclass(type_, BaseModel):
        inside = tuple(_fields(type_, worded, chosen, leave, f"{path}."))
        return replace(
            made, kind=FieldKind.MANY if several else FieldKind.GROUP, inside=inside, item=wording.called or name
        )
    choices = chosen(path) or tuple(Choice(value, _words(value)) for value in values(type_))
    if choices:
        return replace(made, kind=FieldKind.TICKS if several else FieldKind.CHOICE, choices=choices)
    if several:
        return replace(made, kind=FieldKind.LINES)
    kinds: Mapping[Any, FieldKind] = {date: FieldKind.DATE, datetime: FieldKind.DATE, int: FieldKind.NUMBER}
    if type_ is bool:
        return replace(made, kind=FieldKind.YES_NO if info.is_required() else FieldKind.TICK)
    return replace(made, kind=kinds.get(type_) or (FieldKind.TEXT if made.most > _LONG else FieldKind.LINE))


def emptied(field: Field) -> str:
    """What is said of a field that has to be answered and was not."""
    match field.kind:
        case FieldKind.TICK:
            return f"Tick the box: {field.noun}"
        case FieldKind.CHOICE | FieldKind.YES_NO | FieldKind.TICKS:
            return f"Select {field.noun}"
        case FieldKind.MANY:
            return f"Add at least one {field.item}"
        case _:
            return f"Enter {field.noun}"


def sentence(words: str) -> str:
    """Words with a capital at their beginning, and nothing else changed."""
    return f"{words[:1].upper()}{words[1:]}"


def content(fields: Sequence[Field], form: Posted, within: str = "") -> tuple[dict[str, Any], list[Fault]]:
    """What a form says, for the model to validate, and what cannot be read of it. What is left empty is left out."""
    said: dict[str, Any] = {}
    faults: list[Fault] = []
    for field in fields:
        path = f"{within}{field.name}"
        value: Any = None
        match field.kind:
            case FieldKind.DATE:
                value, fault = _date(field, form, path)
                faults += [fault] if fault else []
            case FieldKind.YES_NO:
                value = {"yes": True, "no": False}.get(form.value(path))
            case FieldKind.TICK:
                value = True if form.value(path) == "yes" else False if field.preset else None
            case FieldKind.LINES:
                value = [line.strip() for line in form.value(path).split("\n") if line.strip()] or None
            case FieldKind.TICKS:
                value = [
                    choice.value for choice in field.choices if form.value(f"{path}.{choice.value}") == "yes"
                ] or None
            case FieldKind.GROUP:
                value, inner = content(field.inside, form, f"{path}.")
                value = value or ({} if field.needed else None)
                faults += inner
            case FieldKind.MANY:
                value, inner = _rows(field, form, path)
                faults += inner
            case _:
                value = form.value(path) or None
        if value is not None:
            said[field.name] = value
    return said, faults


def filled(
    model: type[BaseModel], fields: Sequence[Field], form: Posted, extra: Mapping[str, Any] | None = None
) -> tuple[BaseModel | None, list[Fault]]:
    """The model a form makes, or all that is wrong with it."""
    said, faults = content(fields, form)
    try:
        made = model.model_validate({**said, **(extra or {})})
    except ValidationError as error:
        seen = {fault.field for fault in faults}
        more = (_fault(wrong, fields, form) for wrong in whole(error))
        return None, [*faults, *(fault for fault in more if fault.field not in seen)]
    return (None, faults) if faults else (made, [])


def dated(path: str, day: date) -> dict[str, str]:
    """A date as the form has it."""
    return {f"{path}.day": str(day.day), f"{path}.month": str(day.month), f"{path}.year": str(day.year)}


def unfilled(model: BaseModel, fields: Sequence[Field], within: str = "") -> dict[str, str]:
    """The form that would make this model: what a page shows of something made before."""
    values: dict[str, str] = {}
    for field in fields:
        path, value = f"{within}{field.name}", getattr(model, field.name)
        if value is None:
            continue
        match field.kind:
            case FieldKind.DATE:
                values |= dated(path, value)
            case FieldKind.YES_NO | FieldKind.TICK:
                values[path] = "yes" if value else "no"
            case FieldKind.LINES:
                values[path] = "\n".join(value)
            case FieldKind.TICKS:
                values |= {f"{path}.{ticked}": "yes" for ticked in value}
            case FieldKind.GROUP:
                values |= unfilled(value, field.inside, f"{path}.")
            case FieldKind.MANY:
                for number, row in enumerate(value):
                    values |= unfilled(row, field.inside, f"{path}.{number}.")
            case _:
                values[path] = str(value.value if isinstance(value, Enum) else value)
    return values


def _rows(field: Field, form: Posted, path: str) -> tuple[list[dict[str, Any]] | None, list[Fault]]:
    rows, faults = [], []
    for number in _typed(field, form, path):
        row, inner = content(field.inside, form, f"{path}.{number}.")
        if field.about:
            row[field.about_in] = field.about[number].value
        rows.append(row)
        faults += inner
    return rows or None, faults


def _typed(field: Field, form: Posted, path: str) -> list[int]:
    """The rows somebody typed anything into; ticks alone, which may be set beforehand, are nothing."""
    ticks = {"new", *(part.name for part in field.inside if part.kind is FieldKind.TICK)}

    def touched(number: int) -> bool:
        return any(value.strip() for name, value in form.under(f"{path}.{number}") if name not in ticks)

    known = len(field.about) if field.about else _ROWS
    return [number for number in form.rows(path) if number < known and touched(number)]


def _date(field: Field, form: Posted, path: str) -> tuple[str | None, Fault | None]:
    day, month, year = (form.value(f"{path}.{part}") for part in ("day", "month", "year"))
    if not (day or month or year):
        return None, None
    missing = [name for name, value in (("day", day), ("month", month), ("year", year)) if not value]
    noun = sentence(field.noun)
    if missing:
        return None, Fault(path, f"{noun} must include a {' and '.join(missing)}")
    if year.isdecimal() and len(year) < 4:
        return None, Fault(path, f"The year of {field.noun} must have four numbers, such as 2026")
    try:
        day_typed = date(int(year), int(month), int(day))
    except (ValueError, OverflowError):
        return None, Fault(path, f"{noun} must be a real date, such as 27 3 2026")
    if not _FIRST_YEAR <= day_typed.year <= _LAST_YEAR:
        return None, Fault(path, f"{noun} must have a year from {_FIRST_YEAR} to {_LAST_YEAR}")
    return day_typed.isoformat(), None


def _fault(error: Mapping[str, Any], fields: Sequence[Field], form: Posted) -> Fault:
    """One error of the model, as the field's own sentence, at the place on the page where it was typed."""
    path, field = _placed(tuple(error["loc"]), fields, form)
    noun = field.noun if field else "this"
    capital = sentence(noun)
    context = error.get("ctx", {})
    match error["type"]:
        case "missing" | "string_too_short" | "too_short":
            return Fault(path, emptied(field) if field else f"Enter {noun}")
        case "string_too_long":
            return Fault(path, f"{capital} must be {context['max_length']} characters or fewer")
        case "too_long":
            return Fault(path, f"{capital} may have at most {context['max_length']}")
        case "greater_than_equal" | "less_than_equal":
            bound = f"{context['ge']} or more" if "ge" in context else f"{context['le']} or less"
            return Fault(path, f"{capital} must be {bound}")
        case "int_parsing" | "int_type":
            return Fault(path, f"{capital} must be a whole number, such as 5")
        case "string_pattern_mismatch":
            return Fault(path, f"{capital} must be an e-mail address, such as jo@example.org")
        case "enum" | "literal_error":
            return Fault(path, f"Select {noun}")
        case "value_error":
            return Fault(path, _said(str(context["error"]), noun))
        case _:
            return Fault(path, f"{capital}: {error['msg']}")


def _said(words: str, noun: str) -> str:
    """A model's own sentence; one that begins with what must be is about the field."""
    words = f"{noun} {words}" if words.startswith("must ") else words
    return sentence(words)


def _placed(loc: tuple[Any, ...], fields: Sequence[Field], form: Posted) -> tuple[str, Field | None]:
    """The path of the field an error is about. Rows nobody typed into were left out, so they are counted again."""
    path, field, known = "", None, fields
    for part in loc:
        if isinstance(part, int) and field and field.kind is FieldKind.MANY:
            typed = _typed(field, form, path)
            path = f"{path}.{typed[part]}" if part < len(typed) else path
        elif isinstance(part, str):
            following = next((inner for inner in known if inner.name == part), None)
            if following is None:
                break
            field, known = following, following.inside
            path = f"{path}.{part}" if path else part
    if (
        field
        and field.kind in (FieldKind.GROUP, FieldKind.MANY)
        and len(loc) > 0
        and field.inside
        and field.kind is FieldKind.GROUP
    ):
        return f"{path}.{field.inside[0].name}", field
    return path, field


def _most(info: FieldInfo) -> int:
    """The longest text a field takes; 0 where that is not said."""
    lengths = [bound.max_length for bound in info.metadata if getattr(bound, "max_length", None)]
    return int(lengths[0]) if lengths else 0


def _words(value: str) -> str:
    return value.replace("_", " ").capitalize()


def answers(fields: Sequence[Field], form: Posted, within: str = "", under: str = "") -> list[tuple[str, str]]:
    """What was typed, label by label, for its writer to check; what was left empty is left out."""
    said: list[tuple[str, str]] = []
    for field in fields:
        path = f"{within}{field.name}"
        label = f"{under}{field.label.removesuffix(' (optional)')}"
        named = {choice.value: choice.words for choice in field.choices}
        value = form.value(path)
        match field.kind:
            case FieldKind.DATE:
                day = "-".join(form.value(f"{path}.{part}").zfill(2) for part in ("year", "month", "day"))
                value = calendar.words(date.fromisoformat(day)) if len(day) == 10 else ""
            case FieldKind.YES_NO | FieldKind.TICK:
                value = named.get(value) or {"yes": "Yes", "no": "No" if field.kind is FieldKind.YES_NO else ""}.get(
                    value, ""
                )
            case FieldKind.CHOICE:
                value = named.get(value, value)
            case FieldKind.TICKS:
                ticked = [choice.words for choice in field.choices if form.value(f"{path}.{choice.value}") == "yes"]
                value = ("; " if any("," in words for words in ticked) else ", ").join(ticked)
            case FieldKind.GROUP:
                said += answers(field.inside, form, f"{path}.", f"{label}: ")
                continue
            case FieldKind.MANY:
                for place, number in enumerate(_typed(field, form, path), start=1):
                    row = field.about[number].words if field.about else f"{field.item.capitalize()} {place}"
                    said += answers(field.inside, form, f"{path}.{number}.", f"{row}: ")
                continue
        if value:
            said.append((label, value))
    return said
