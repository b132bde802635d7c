"""CSV: what a spreadsheet reads back, and that nothing but the one writer makes it."""

import csv
import io

import pytest

from office.spreadsheet import CsvCell, as_csv
from tests.test_arrangement import ROOT, files, imported

WRITER = "office.spreadsheet"


def read_back(*cells: CsvCell) -> list[str]:
    _, row = csv.reader(io.StringIO(as_csv([f"c{n}" for n in range(len(cells))], [cells]), newline=""))
    return row


@pytest.mark.parametrize(
    "words",
    [
        '=HYPERLINK("https://evil.example","Asha")',
        "=1+1",
        "+44 7700 900123",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(A1)",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "\tAsha",
        "  =1+1",
        "\u00a0=1+1",
        "＝1+1",
        "＋1",
        "－1+1",
        "＠SUM(A1)",
        '"=1+1"',
        "'=1+1",
        "“=1+1”",
        "- not known -",
    ],
)
def test_words_that_could_begin_a_formula_stay_words(words: str) -> None:
    assert read_back(words) == [f"'{words}"]
    assert next(csv.reader(io.StringIO(as_csv([words], []), newline=""))) == [f"'{words}"]


@pytest.mark.parametrize(
    "words", ["Łukasz O’Brien", "1 High Street, Dover", 'the "quiet" flat', "two\nlines", "", "a=b"]
)
def test_other_words_are_left_as_they_are(words: str) -> None:
    assert read_back(words) == [words]


@pytest.mark.parametrize(
    ("number", "written"), [(7, "7"), (-3, "-3"), (0.5, "0.5"), ("-3", "-3"), ("-12.5%", "-12.5%")]
)
def test_a_number_stays_a_number(number: CsvCell, written: str) -> None:
    assert read_back(number) == [written]


def test_a_line_ends_as_spreadsheets_write_it_and_a_comma_stays_within_its_cell() -> None:
    assert as_csv(("to", "n"), [("Asha, Ms", 2)]) == 'to,n\r\n"Asha, Ms",2\r\n'


def test_nothing_else_in_the_tree_writes_csv() -> None:
    writers = {name for name, path in files(ROOT).items() if any(one.split(".")[0] == "csv" for one in imported(path))}
    assert writers == {WRITER}
