"""Rows as CSV in UTF-8, the one way to write them: no cell of words is taken for a formula by a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

CsvCell = str | int | float
_FORMULA = re.compile(r"[\t\r\n]|[\s\x00\"'“”‘’]*[=+\-@＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*%?")


def as_csv(heads: Sequence[str], rows: Iterable[Sequence[CsvCell]]) -> str:
    """The heads and the rows, each line ended by CR LF (RFC 4180).

    Words that could begin a formula come after an apostrophe, which a spreadsheet shows as the beginning of text
    (CWE-1236); a number stays one, below nought too.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([_plain(cell) for cell in row] for row in (heads, *rows))
    return text.getvalue()


def _plain(cell: CsvCell) -> CsvCell:
    if not isinstance(cell, str) or _NUMBER.fullmatch(cell):
        return cell
    return f"'{cell}" if _FORMULA.match(cell) else cell
