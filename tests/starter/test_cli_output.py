"""Tables and texts on at most 80 columns."""

from datetime import date

import pytest

from starter import output


@pytest.fixture(autouse=True)
def columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def test_a_table_wraps_what_is_wide_and_never_breaks_a_date(capsys: pytest.CaptureFixture[str]) -> None:
    day = output.day(date(2026, 4, 2))  # Thu
    output.table(["What", "Due", "Why"], [("word " * 30, day, f"because of {day} " * 8)])
    lines = capsys.readouterr().out.splitlines()
    assert max(len(line) for line in lines) <= 80
    assert sum(line.count("Thu 2 Apr 2026") for line in lines) == 9


def test_a_column_without_a_value_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    output.table(["A", "B"], [("x", ""), ("y", "")])
    assert capsys.readouterr().out.splitlines()[0] == "A"


def test_a_word_wider_than_the_page_is_broken(capsys: pytest.CaptureFixture[str]) -> None:
    output.table(["A", "B"], [("x" * 200, "y" * 200)])
    assert max(len(line) for line in capsys.readouterr().out.splitlines()) <= 80


def test_a_table_of_no_rows_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    output.table(["A", "B"], [])
    assert capsys.readouterr().out == ""


def test_facts_without_a_value_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    output.facts([("Stage", "closed"), ("Officer", "")])
    assert capsys.readouterr().out == "Stage  closed\n"


def test_json_has_dates_in_iso_8601(capsys: pytest.CaptureFixture[str]) -> None:
    output.as_json({"due": date(2026, 4, 2)})  # Thu
    assert capsys.readouterr().out == '{\n  "due": "2026-04-02"\n}\n'
