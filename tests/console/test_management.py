"""The management page: who sees what, small numbers hidden from the partnership, files for a spreadsheet."""

import csv
import io

import pytest

from console.staff.figure_tables import STEPS
from console.web.pages import day
from console.web.tables import Cell, FigureTable, file_of, number, without_small_numbers, worked_out
from domain.dates import LONDON
from domain.policy import StepId
from tests.console.office import House
from tests.workflows.life import Life

CONSOLE = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]


def table(*rows: tuple[Cell, ...]) -> FigureTable:
    return FigureTable("t", "T", "What.", ("Kind", *("n" for _ in rows[0][1:])), rows)


def words(of: FigureTable) -> list[list[str]]:
    return [[cell.words for cell in row] for row in of.rows]


def test_every_step_that_can_fall_due_has_its_words() -> None:
    assert set(STEPS) == set(StepId)


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((0, 5, 6), ["0", "5", "6"]),
        ((0, 0, 0), ["0", "0", "0"]),
        ((1, 0, 9), ["under 5", "0", "not shown"]),
        ((4, 5, 9), ["under 5", "not shown", "not shown"]),
    ],
)
def test_a_small_number_is_hidden_and_so_is_what_it_could_be_worked_out_from(
    counts: tuple[int, ...], shown: list[str]
) -> None:
    found = without_small_numbers(table((Cell("Panel"), *map(number, counts))))
    assert words(found) == [["Panel", *shown]]
    assert found.hides is ("under 5" in shown)


def test_shares_are_hidden_in_the_whole_table_where_any_number_is() -> None:
    rows = ((Cell("Met"), number(20), worked_out("95%")), (Cell("Not met"), number(1), worked_out("5%")))
    assert words(without_small_numbers(table(*rows))) == [
        ["Met", "20", "not shown"],
        ["Not met", "under 5", "not shown"],
    ]
    assert words(without_small_numbers(table(rows[0]))) == [["Met", "20", "95%"]]


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((20, 7, 3, 0), ["20", "not shown", "under 5", "0"]),
        ((20, 2, 3, 0), ["20", "under 5", "under 5", "0"]),
        ((20, 7, 0, 0), ["20", "7", "0", "0"]),
        ((0, 0, 3, 0), ["0", "0", "under 5", "0"]),
    ],
)
def test_of_the_parts_of_a_whole_never_one_alone_is_hidden(counts: tuple[int, ...], shown: list[str]) -> None:
    of = FigureTable("t", "T", "What.", ("Kind", "n"), tuple((Cell(str(n)), number(n)) for n in counts), parts=True)
    assert [row[1] for row in words(without_small_numbers(of))] == shown


def test_numbers_that_are_shown_lead_nowhere_for_those_who_may_not_read_cases() -> None:
    (row,) = without_small_numbers(table((Cell("Panel"), number(7, "/management/due")))).rows
    assert row[1] == Cell("7", 7)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_no_cell_of_a_file_is_a_formula(start: str) -> None:
    rows = list(csv.reader(io.StringIO(file_of(table((Cell(f"{start}1+1, x"), number(2)))))))
    assert rows == [["Kind", "n"], [f"'{start}1+1, x", "2"]]


class TestPage:
    pytestmark = CONSOLE

    async def test_a_manager_sees_numbers_that_lead_to_their_cases(self, house: House) -> None:
        life = await Life.begin(house.desk)
        manager = await house.visitor("manager")
        found = await manager.get("/management?demo=1")
        assert "Dates ahead Duties of the council" in manager.page.text
        assert "How long agencies take to answer" in manager.page.text
        link = found.text.partition('href="/management/due?kind=verification')[2].partition('"')[0]
        assert link
        listed = await manager.get("/management/due?kind=verification" + link.replace("&amp;", "&"))
        assert listed.status_code == 200
        assert life.reference in listed.text
        assert day((await life.settled()).now.astimezone(LONDON).date()) in listed.text
        assert "Asha" not in listed.text

    async def test_the_partnership_sees_no_case_and_no_small_number(self, house: House) -> None:
        partnership = await house.visitor("partnership")
        found = await partnership.get("/management?demo=1")
        assert "A number from 1 to 4 is shown as “under 5”" in partnership.page.text
        for hidden in ("/management/due", "/cases", house.reference, "Maya Ellis", "Asha"):
            assert hidden not in found.text
        assert (await partnership.get("/management/due?kind=panel&first=2026-01-01&last=2030-01-01")).status_code == 403

    async def test_each_table_is_a_file_too(self, house: House) -> None:
        auditor, partnership = await house.visitor("auditor"), await house.visitor("partnership")
        for name in ("dates-ahead", "dates-kept", "agencies", "threshold", "appeals", "stages"):
            found = await auditor.get(f"/management/{name}.csv?demo=1")
            assert found.headers["content-type"] == "text/csv; charset=utf-8"
            assert found.headers["cache-control"] == "no-store"
            rows = list(csv.reader(io.StringIO(found.text)))
            assert len({len(row) for row in rows}) == 1
            seen = list(csv.reader(io.StringIO((await partnership.get(f"/management/{name}.csv?demo=1")).text)))
            counts = [n for n, head in enumerate(seen[0]) if n and head not in ("Median working days", "Slowest")]
            small = [row[n] for row in seen[1:] for n in counts if row[n].isdecimal() and 0 < int(row[n]) < 5]
            assert small == []
        assert (await auditor.get("/management/nothing.csv")).status_code == 404

    @pytest.mark.parametrize(
        "query", ["", "?kind=panel", "?kind=x&first=2026-01-01&last=2026-01-02", "?kind=panel&first=1"]
    )
    async def test_what_is_no_date_or_kind_is_not_found(self, house: House, query: str) -> None:
        officer = await house.visitor("officer")
        assert (await officer.get(f"/management/due{query}")).status_code == 404
