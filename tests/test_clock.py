"""The tests' own clock: when a run begins, and that nothing in the tests reads another one."""

from __future__ import annotations

import ast
import json
import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.calendar import LONDON
from tests.support import clock, skips
from tests.workflows.life import Desk, Life

ROOT = Path(__file__).parents[1]
MONDAY = datetime(2026, 11, 30, 6, 50, tzinfo=UTC)
READS = {"datetime": ("now", "utcnow", "today"), "date": ("today",), "time": ("time", "time_ns", "localtime", "ctime")}
"""What tells the time by the machine's clock; time that passes is measured by ``perf_counter`` and ``monotonic``."""


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("monday 03:15", datetime(2026, 12, 7, 3, 15, tzinfo=LONDON)),
        ("monday 06:51", datetime(2026, 11, 30, 6, 51, tzinfo=LONDON)),
        ("Wednesday 12:00", datetime(2026, 12, 2, 12, 0, tzinfo=LONDON)),
        ("saturday 23:50", datetime(2026, 12, 5, 23, 50, tzinfo=LONDON)),
        ("24 december 16:45", datetime(2026, 12, 24, 16, 45, tzinfo=LONDON)),
        ("29 november 16:45", datetime(2027, 11, 29, 16, 45, tzinfo=LONDON)),
        ("clocks go back 00:30Z", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
        ("clocks go back 01:30Z", datetime(2027, 10, 31, 1, 30, tzinfo=UTC)),
        ("clocks go forward 03:00", datetime(2027, 3, 28, 3, 0, tzinfo=LONDON)),
        ("2027-03-02 10:00", datetime(2027, 3, 2, 10, 0, tzinfo=LONDON)),
        ("2027-07-02T10:00+12:00", datetime(2027, 7, 1, 22, 0, tzinfo=UTC)),
    ],
)
def test_a_run_begins_at_the_first_instant_ahead_that_is_so_called(text: str, begins: datetime) -> None:
    assert clock.beginning(text, MONDAY).astimezone(UTC) == begins.astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is no day or date with its hour"),
        ("noon", "is no day or date with its hour"),
        ("monday", "is no day or date with its hour"),
        ("monday 25:00", "is no day or date with its hour"),
        ("moonday 12:00", "does not come within a year"),
        ("2026-11-30 06:49", "only moves forward"),
        ("31 april 12:00", "does not come within a year"),
    ],
)
def test_what_names_no_instant_ahead_is_refused_with_the_variable_s_name(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=f"CASEREVIEW_TESTS_BEGIN: .*{says}"):
        clock.beginning(text, MONDAY)


@pytest.mark.temporal
@pytest.mark.asyncio(loop_scope="session")
async def test_a_case_its_page_and_another_process_have_the_run_s_own_time(desk: Desk) -> None:
    life = await Life.begin(desk)
    script = "import datetime, json; print(json.dumps(datetime.datetime.now(datetime.UTC).timestamp()))"
    file = Path(desk.office.settings.home / "tell_time.py")
    file.write_text(script)
    told = subprocess.run(
        clock.argv("tell_time"), cwd=ROOT, capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": f"{file.parent}:{ROOT}"},
    )  # fmt: skip
    case, apart, here = await desk.office.today(life.reference), json.loads(told.stdout), clock.now()
    assert abs(case - here) < timedelta(minutes=1)
    assert abs(datetime.fromtimestamp(apart, UTC) - here) < timedelta(minutes=1)
    with clock.real():
        assert clock.now() < here
    assert clock.now() >= here


def test_no_test_reads_another_clock() -> None:
    allowed = {Path(clock.__file__), ROOT / "tests/workflows/careless.py"}
    found = [
        f"{file.relative_to(ROOT)}:{line}: {what}; clock.now() and clock.today() say it"
        for file in sorted((ROOT / "tests").rglob("*.py"))
        if file not in allowed
        for line, what in readings(ast.parse(file.read_text("utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        "datetime.now(UTC)",
        "dt.datetime.now()",
        "date.today()",
        "dt.date.today()",
        "time.time()",
        "from time import time",
    ],
)
def test_a_reading_of_the_machine_s_clock_is_found(code: str) -> None:
    assert [line for line, _ in readings(ast.parse(code))] == [1]


@pytest.mark.parametrize(("value", "outcome"), [("", "skipped"), ("nothing", "failed")])
def test_where_nothing_may_be_left_out_a_skip_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, value: str, outcome: str
) -> None:
    monkeypatch.setenv(skips.VARIABLE, value)
    why = ("tests/x.py", 1, "no Exim to hand letters to")
    report = skips.judged(pytest.TestReport("x", ("x", 1, "x"), {}, "skipped", why, "setup"))
    assert report.outcome == outcome
    assert "no Exim to hand letters to" in report.longreprtext


def readings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Where the machine's clock is read, as line and expression."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=owner) | ast.Attribute(attr=owner), attr=name):
                if name in READS.get(owner, ()):
                    yield node.lineno, ast.unparse(node)
            case ast.ImportFrom(module="time", names=names) if {one.name for one in names} & set(READS["time"]):
                yield node.lineno, ast.unparse(node)
