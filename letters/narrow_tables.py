"""Wide tables for a narrow screen: in HTML each row of one becomes a small table of headings and values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markdown_it.token import Token

WIDE = 3
"""A table of more columns is stacked: a telephone shows no more side by side."""


def stacked(marks: Sequence[Token]) -> list[Token]:
    """Parsed Markdown with every table of more than WIDE columns stacked; all else as it is."""
    narrow: list[Token] = []
    rest = iter(marks)
    for mark in rest:
        if mark.type != "table_open":
            narrow.append(mark)
            continue
        table = [mark]
        while table[-1].type != "table_close":
            table.append(next(rest))
        rows = list(_rows(table))
        narrow += table if len(rows[0]) <= WIDE else [part for row in rows[1:] for part in _upright(mark, rows[0], row)]
    return narrow


def _rows(table: Sequence[Token]) -> Iterator[list[Token]]:
    """The cells of each row, the headings first."""
    cells: list[Token] = []
    for mark in table:
        if mark.type == "tr_open":
            cells = []
        elif mark.type == "inline":
            cells.append(mark)
        elif mark.type == "tr_close":
            yield cells


def _upright(table: Token, heads: Sequence[Token], cells: Sequence[Token]) -> Iterator[Token]:
    yield table
    yield Token("tbody_open", "tbody", 1, block=True)
    for head, cell in zip(heads, cells, strict=True):
        yield Token("tr_open", "tr", 1, block=True)
        yield Token("th_open", "th", 1, block=True, attrs={"scope": "row"})
        yield head
        yield Token("th_close", "th", -1, block=True)
        yield Token("td_open", "td", 1, block=True)
        yield cell
        yield Token("td_close", "td", -1, block=True)
        yield Token("tr_close", "tr", -1, block=True)
    yield Token("tbody_close", "tbody", -1, block=True)
    yield Token("table_close", "table", -1, block=True)
