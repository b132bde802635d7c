"""Values as the literal Markdown of a letter in one language: words, dates, times, paragraphs, lists."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from jinja2 import StrictUndefined
from markupsafe import Markup

from domain.calendar import LONDON
from domain.span import Span
from letters.languages import Language
from letters.letterhead import Unrenderable

NBSP = "\u00a0"
SPACES = re.compile(r"[^\S\u00a0\u202f]+")

_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
_UNPRINTABLE = re.compile(r"(?:(?!\s)[\x00-\x1f\x7f-\x9f]|[\u202a-\u202e\u2066-\u2069])")
_WHOLE = re.compile(r"\b\d{1,2} \w+ \d{4}\b")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_AS_ENTITY = {"\\": "&#92;", "|": "&#124;"}


@dataclass(frozen=True)
class Printed:
    """How values are printed in ``language``."""

    language: Language

    def literal(self, value: object) -> object:
        """Any one value as one line of Markdown that prints as itself; Jinja's `finalize`."""
        match value:
            case Markup() | StrictUndefined():
                return value
            case Enum():
                return self.literal(value.value)
            case str():
                return Markup(_escaped(SPACES.sub(" ", clean(value)).strip()))
            case dt.datetime() | dt.time():
                raise Unrenderable("it prints a moment: add |date or |time.")
            case dt.date():
                return Markup(self.date(value))
            case bool() | None:
                raise Unrenderable(f"it prints {value} where words should be: ask for it with {{% if %}}.")
            case int() | float() | Decimal():
                return Markup(_escaped(str(value)))
            case _:
                raise Unrenderable(f"it prints a whole {type(value).__name__}: name the part of it that is meant.")

    def paragraphs(self, value: object) -> object:
        """What a person wrote at length, literal, its paragraphs and line breaks kept; not for a table."""
        if not isinstance(value, str):
            return self.literal(value)
        blocks = _BLANK_LINES.split(clean(value.replace("\r\n", "\n").replace("\r", "\n")).strip())
        return Markup(
            "\n\n".join("\\\n".join(str(self.literal(line)) for line in block.split("\n")) for block in blocks)
        )

    def join(self, values: Iterable[object], separator: str = ", ") -> Markup:
        return Markup(_escaped(separator).join(str(self.literal(value)) for value in values))

    def date(self, value: dt.date | Span) -> str:
        """ "Thursday 14 January 2027", unbreakable; a datetime's day is its day in London. Days that nobody knows
        nearer are said as such: "between 1 and 30 September 2026"."""
        return self._written(value, weekday=True)

    def short_date(self, value: dt.date | Span) -> str:
        """ "14 January 2027", unbreakable, for tables."""
        return self._written(value, weekday=False)

    def _written(self, value: dt.date | Span, weekday: bool) -> str:
        if not isinstance(value, Span):
            return self.language.words(day_of(value), weekday).replace(" ", NBSP)
        said = value.said(self.language.span(weekday))
        return said.replace(" ", NBSP) if value.exact else _WHOLE.sub(lambda day: day[0].replace(" ", NBSP), said)

    def time(self, value: dt.datetime | dt.time) -> str:
        """ "2pm", "10:30am", "midday", "midnight" (GOV.UK style); a datetime's time is its time in London."""
        if isinstance(value, dt.datetime):
            value = _in_london(value).time()
        if not isinstance(value, dt.time):
            raise Unrenderable(f"it prints a {type(value).__name__} as a time: give a time.")
        if value.minute == 0 and value.hour in (0, 12):
            return "midday" if value.hour else "midnight"
        minutes = f":{value.minute:02}" if value.minute else ""
        return f"{(value.hour - 1) % 12 + 1}{minutes}{'am' if value.hour < 12 else 'pm'}"


def day_of(value: object) -> dt.date:
    """The day of a date, or of a moment in London. Raises Unrenderable for anything else."""
    match value:
        case dt.datetime():
            return _in_london(value).date()
        case dt.date():
            return value
        case StrictUndefined():
            str(value)
    raise Unrenderable(f"it prints a {type(value).__name__} as a date: give a date.")


def clean(value: str) -> str:
    """`value` without what cannot be printed."""
    return _SURROGATE.sub("\ufffd", _UNPRINTABLE.sub("", value))


def _in_london(value: dt.datetime) -> dt.datetime:
    if value.tzinfo is None:
        raise Unrenderable("it prints a time without a time zone: give one with its zone.")
    return value.astimezone(LONDON)


def _escaped(text: str) -> str:
    escaped = _PUNCTUATION.sub(lambda match: _AS_ENTITY.get(match[0], f"\\{match[0]}"), text)
    return f"&#{ord(escaped[0])};{escaped[1:]}" if escaped[:1].isdigit() else escaped
