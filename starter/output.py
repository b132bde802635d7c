"""How the command line shows things: text and tables at most 80 columns wide, or JSON with the same facts."""

from __future__ import annotations

import json
import re
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import zip_longest
from typing import Any

from domain.calendar import LONDON
from domain.dates import bound, short

WIDEST = 80
_GAP = "  "
_LEAST = 6
_HARD = "\u00a0"


def width() -> int:
    """The columns there are to write in: the terminal's, and never more than 80."""
    return max(40, min(WIDEST, shutil.get_terminal_size((WIDEST, 24)).columns))


def day(on: date | None) -> str:
    """ "Thu 14 Jan 2027"; empty for None."""
    return short(on) if on else ""


def moment(instant: datetime) -> str:
    """ "Thu 14 Jan 2027, 09:30" in Europe/London."""
    local = instant.astimezone(LONDON)
    return f"{day(local.date())}, {local:%H:%M}"


def own_day(on: date | None) -> None:
    """Say which day it is for a demonstration case, with room below; nothing for None."""
    if on:
        say(f"For this demonstration case, today is {day(on)}.")
        print()


def say(*paragraphs: str) -> None:
    """Print each paragraph, wrapped."""
    for paragraph in paragraphs:
        print("\n".join(wrap(paragraph, width())))


def heading(text: str) -> None:
    """Print a heading with room above it, bold where that can be shown."""
    print()
    for line in wrap(text, width()):
        print(bold(line))


def bold(text: str) -> str:
    return f"\x1b[1m{text}\x1b[0m" if sys.stdout.isatty() else text


def wrap(text: str, columns: int, indent: str = "") -> list[str]:
    """The lines of a text: its own line breaks are kept, and a date is never broken."""
    lines: list[str] = []
    for line in bound(text).splitlines() or [""]:
        lines += textwrap.wrap(line, columns, subsequent_indent=indent, break_on_hyphens=False) or [""]
    return [line.replace(_HARD, " ") for line in lines]


def facts(pairs: Iterable[tuple[str, str]]) -> None:
    """Print names and what they are, one under the other; those without a value are left out."""
    kept = [(name, value) for name, value in pairs if value]
    indent = max((len(name) for name, _ in kept), default=0) + len(_GAP)
    for name, value in kept:
        first, *rest = wrap(value, width() - indent)
        print(f"{name:<{indent}}{first}")
        for line in rest:
            print(f"{'':<{indent}}{line}")


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, indent: str = "") -> None:
    """Print rows under their heads. A column without a value is left out; wide ones are wrapped."""
    if not rows:
        return
    shown = [number for number, _ in enumerate(heads) if any(row[number] for row in rows)]
    heads = [heads[number] for number in shown]
    cells = [[row[number] for number in shown] for row in rows]
    widths = _widths(heads, cells, width() - len(indent))
    for line in _lines(heads, widths):
        print(indent + bold(line))
    print(indent + _GAP.join("─" * columns for columns in widths))
    for row in cells:
        for line in _lines(row, widths):
            print(indent + line)


def as_json(value: Any) -> None:
    """Print a value as JSON; dates are ISO 8601."""
    print(json.dumps(value, indent=2, ensure_ascii=False, default=_plain))


def _plain(value: object) -> object:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _widths(heads: Sequence[str], rows: Sequence[Sequence[str]], room: int) -> list[int]:
    columns = [[head, *cells] for head, *cells in zip(heads, *rows, strict=True)]
    widths = [max(len(line) for cell in column for line in cell.split("\n")) for column in columns]
    least = [
        max([_LEAST, *(len(word) for cell in column for word in re.split(r"[ \n]", bound(cell)))]) for column in columns
    ]
    natural = tuple(widths)
    for floor in (least, [_LEAST] * len(widths)):
        while sum(widths) + len(_GAP) * (len(widths) - 1) > room:
            wide = [number for number, columns in enumerate(widths) if columns > floor[number]]
            if not wide:
                break
            widths[max(wide, key=lambda number: (widths[number] / natural[number], natural[number]))] -= 1
    return widths


def _lines(cells: Sequence[str], widths: Sequence[int]) -> Iterable[str]:
    wrapped = [wrap(cell, columns) for cell, columns in zip(cells, widths, strict=True)]
    for parts in zip_longest(*wrapped, fillvalue=""):
        yield _GAP.join(f"{part:<{columns}}" for part, columns in zip(parts, widths, strict=True)).rstrip()
