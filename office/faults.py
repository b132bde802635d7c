"""What is wrong with what somebody typed or wrote down: one sentence for each fault, and the mend with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError

from domain.application import EMAIL_PATTERN


class WrongInput(ValueError):
    """Something a person gave that cannot be used. ``faults`` are shown one to a line under the message."""

    def __init__(self, message: str, faults: Sequence[str] = ()) -> None:
        self.faults = tuple(faults)
        super().__init__(message)


_BAD_DATE = {"date_parsing", "date_from_datetime_parsing", "date_type", "date_from_datetime_inexact"}
_BAD_TIME = {"datetime_parsing", "datetime_from_date_parsing", "datetime_type", "datetime_object_invalid"}
_KINDS = {
    "string_type": "must be text",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "tuple_type": "must be a list",
    "list_type": "must be a list",
    "frozen_set_type": "must be a list",
    "model_type": "must be a group of fields",
    "model_attributes_type": "must be a group of fields",
    "dict_type": "must be a group of fields",
}
_PREDICATES = ("is ", "must ", "may ", "needs ")


def of(
    error: ValidationError, model: type[BaseModel], named: Callable[[Sequence[Any]], str] | None = None
) -> tuple[str, ...]:
    """Every fault of a value that does not fit ``model``: ``incidents.2.reported: must be a date …``.

    ``named`` turns the path of a field into the name its writer knows it by.
    """
    name = named or path
    return tuple(_fault(wrong, model, name) for wrong in whole(error))


def by_place(error: ValidationError, model: type[BaseModel]) -> Iterable[tuple[tuple[Any, ...], str]]:
    """Every fault as the place of its field, list items counted from 0, and the words without the field's name."""
    return ((tuple(wrong["loc"]), _fault(wrong, model, lambda loc: "")) for wrong in whole(error))


def whole(error: ValidationError) -> list[dict[str, Any]]:
    """The errors; that a list is too short is left out where an item of it has an error of its own."""
    errors: list[dict[str, Any]] = [dict(wrong) for wrong in error.errors(include_url=False)]
    inside = {tuple(wrong["loc"][:-2]) for wrong in errors if len(wrong["loc"]) > 1}
    return [wrong for wrong in errors if wrong["type"] != "too_short" or tuple(wrong["loc"]) not in inside]


def strange(content: Mapping[str, Any], model: type[BaseModel], loc: tuple[Any, ...] = ()) -> Iterable[str]:
    """A fault for each field that ``model`` does not have and, if it travels, would leave out unsaid."""
    for name, value in content.items():
        field = model.model_fields.get(name)
        if field is None:
            hint = near(name, model.model_fields) or "; take it out"
            yield f"{path((*loc, name))}: there is no such field{hint}"
        elif inner := _inner(field.annotation):
            items = enumerate(value) if isinstance(value, list) else [(None, value)]
            for number, item in items:
                where = (*loc, name) if number is None else (*loc, name, number)
                if isinstance(item, Mapping):
                    yield from strange(item, inner, where)


def path(loc: Sequence[Any]) -> str:
    """``incidents.2.reported``: a list's items are numbered from 1, as people count."""
    return ".".join(str(part + 1) if isinstance(part, int) else str(part) for part in loc)


def near(name: str, known: Iterable[str]) -> str:
    """ "; did you mean reported_to?", or nothing."""
    close = get_close_matches(name, list(known), n=1)
    return f"; did you mean {close[0]}?" if close else ""


def one_of(what: str, given: str, known: Iterable[str]) -> WrongInput:
    """ "There is no step “pannel”; give one of panel, plan."."""
    known = list(known)
    close = get_close_matches(given, known, n=1)
    hint = f"did you mean {close[0]}? There are" if close else "give one of"
    return WrongInput(f"There is no {what} “{given}”; {hint} {', '.join(known) or 'none'}.")


def _fault(error: Mapping[str, Any], model: type[BaseModel], name: Callable[[Sequence[Any]], str]) -> str:
    loc, kind, context = error["loc"], error["type"], error.get("ctx", {})
    where = name(loc)
    given = error.get("input")
    shown = f", not {given!r}" if isinstance(given, (str, int, float, bool)) and len(str(given)) <= 60 else ""
    match kind:
        case "missing":
            words = "is missing"
        case "extra_forbidden":
            fields = _fields(model, loc[:-1])
            words = f"there is no such field{near(str(loc[-1]), fields) or '; take it out'}"
        case "value_error":
            words = str(context["error"])
        case "enum" | "literal_error":
            words = f"must be {_either(str(context['expected']))}{shown}"
        case "string_pattern_mismatch" if context["pattern"] == EMAIL_PATTERN:
            words = f"must be one e-mail address such as jo@example.org{shown}"
        case "string_too_short":
            words = "must not be empty"
        case "too_short" if isinstance(given, str):
            words = "must not be empty"
        case "string_too_long":
            words = f"must have at most {context['max_length']} characters, not {len(str(given))}"
        case "too_short":
            words = f"needs at least {'one' if context['min_length'] == 1 else context['min_length']}"
        case "too_long":
            words = f"may have at most {context['max_length']}"
        case "greater_than_equal":
            words = f"must be {context['ge']} or more{shown}"
        case "less_than_equal":
            words = f"must be {context['le']} or less{shown}"
        case _ if kind in _BAD_DATE:
            words = f"must be a date such as 2027-01-14{shown}"
        case _ if kind in _BAD_TIME or kind.startswith(("timezone", "time_")):
            words = f"must be a date and time such as 2027-01-14T09:30{shown}"
        case _:
            words = f"{_KINDS.get(kind, str(error['msg']).lower())}{shown}"
    if not where:
        return words
    return f"{where} {words}" if words.startswith(_PREDICATES) else f"{where}: {words}"


def _either(expected: str) -> str:
    return "one of " + expected.replace("'", "").replace(" or ", ", ")


def _fields(model: type[BaseModel], loc: Sequence[Any]) -> list[str]:
    """The fields of the group at ``loc`` inside ``model``; none where it cannot be told."""
    current: type[BaseModel] | None = model
    for part in loc:
        if isinstance(part, int) or current is None:
            continue
        field = current.model_fields.get(str(part))
        current = _inner(field.annotation) if field else None
    return list(current.model_fields) if current else []


def _inner(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    models = (_inner(part) for part in getattr(annotation, "__args__", ()))
    return next((model for model in models if model), None)
