"""Tables of figures: on a page, as CSV, and with small numbers left out for those who may not know of single cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from office.spreadsheet import as_csv

SMALL = 5
FEW, HIDDEN = f"under {SMALL}", "not shown"


@dataclass(frozen=True)
class Cell:
    """``count`` is a number of cases, or of what was done in them; None where the cell is words.

    ``of_counts``: worked out from the counts beside it, so that it would give them away. ``href`` leads to the cases.
    """

    words: str
    count: int | None = None
    of_counts: bool = False
    href: str = ""

    @property
    def numeric(self) -> bool:
        return self.count is not None or self.of_counts


@dataclass(frozen=True)
class FigureTable:
    """``key`` names its file, ``means`` says in words what is counted; the first ``names`` cells of a row name it.

    ``parts``: the rows that share all names but the last make up a whole that can be known from elsewhere.
    """

    key: str
    title: str
    means: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    names: int = 1
    empty: str = "Nothing yet."
    parts: bool = False
    hides: bool = False


def number(count: int, href: str = "") -> Cell:
    """A count of cases."""
    return Cell(str(count), count, href=href if count else "")


def worked_out(words: str) -> Cell:
    """A share or a median, in words."""
    return Cell(words, of_counts=True)


def without_small_numbers(table: FigureTable) -> FigureTable:
    """The same without a count from 1 to 4, and without what it could be worked out from.

    That is the rest of its row; of the parts of a whole, where one alone would be hidden, the next smallest too.
    """
    rows = tuple(_without(row) for row in table.rows)
    for number in _beside(table) if table.parts else ():
        rows = (*rows[:number], tuple(map(_hidden, rows[number])), *rows[number + 1 :])
    hides = rows != table.rows
    if hides and any(cell.of_counts for row in rows for cell in row):
        rows = tuple(tuple(Cell(HIDDEN) if cell.of_counts else cell for cell in row) for row in rows)
    plain = tuple(tuple(replace(cell, href="") for cell in row) for row in rows)
    return replace(table, rows=plain, hides=hides)


def _beside(table: FigureTable) -> Iterator[int]:
    """The rows to hide because they would give away the only one that is hidden."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for place, row in enumerate(table.rows):
        groups.setdefault(tuple(cell.words for cell in row[: table.names - 1]), []).append(place)
    for places in groups.values():
        small = [place for place in places if _without(table.rows[place]) != table.rows[place]]
        others = [place for place in places if place not in small and _most(table.rows[place])]
        if len(small) == 1 and others:
            yield min(others, key=lambda place: _most(table.rows[place]))


def _most(row: Sequence[Cell]) -> int:
    return max((cell.count or 0 for cell in row), default=0)


def _without(row: Sequence[Cell]) -> tuple[Cell, ...]:
    if not any(cell.count is not None and 0 < cell.count < SMALL for cell in row):
        return tuple(row)
    return tuple(_hidden(cell) for cell in row)


def _hidden(cell: Cell) -> Cell:
    if cell.count is not None and 0 < cell.count < SMALL:
        return Cell(FEW)
    return Cell(HIDDEN) if cell.of_counts or cell.count else cell


def file_of(table: FigureTable) -> str:
    """The table with its heads, as CSV."""
    return as_csv(table.heads, ([cell.words for cell in row] for row in table.rows))
