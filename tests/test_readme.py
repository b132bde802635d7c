"""Every block of the README runs from a clean home, in order, and prints what stands there, whatever day it is."""

import os
import re
import shlex
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from starter.commands.example import text

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
PORTS = ("temporal", "ui", "codec", "inbox", "inbox-smtp", "console")
PATIENCE = 900
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Mon|Tue|Wed|Thu|Fri|Sat|Sun"
_PATTERNS = (
    (r"[─│✓]+", " "),
    (r"\x1b\[\d+m", ""),
    (r"DOV-\d{4}-\d{4}", "REFERENCE"),
    (rf"(?:(?:{_DAY}) )?\d{{1,2}} [A-Z][a-z]{{2,8}} \d{{4}}(?:, \d\d:\d\d)?", "DATE"),
    (r"\d{4}-\d\d-\d\d", "DATE"),
    (r"DATE (?:skipped: .*|working day \d+|day 0: .*)", "COUNTED"),
    (r"http://\S+|127\.0\.0\.1:\d+", "ADDRESS"),
    (r"(?:~|/)\S*casereview\S*|/\S*/home\S*", "PATH"),
    (r"\(printed here\)|\b[a-z0-9]{4}(?:-[a-z0-9]{4}){3}\b", "PASSWORD"),
    (r"was due|due", "due"),
    (r"\b\d+\b", "NUMBER"),
)


@dataclass(frozen=True)
class Block:
    """One command and what README says it prints."""

    command: str
    printed: str


def blocks() -> Iterator[Block]:
    """The commands of the fences that begin with ``$``, each with the lines below it, in order."""
    for language, inside in _FENCE.findall(README):
        if not language and inside.startswith("$ "):
            for one in re.split(r"^\$ ", inside, flags=re.MULTILINE)[1:]:
                lines = one.splitlines()
                last = next(number for number, line in enumerate(lines) if not line.endswith("\\"))
                yield Block(
                    " ".join(line.rstrip("\\").strip() for line in lines[: last + 1]), "\n".join(lines[last + 1 :])
                )


def shape(printed: str) -> str:
    """What is the same on any day: rows of counted days are as many as they are."""
    lines = []
    for line in re.sub(r"[─│✓]", " ", printed).splitlines():
        found = " ".join(line.split())
        for pattern, word in _PATTERNS:
            found = re.sub(pattern, word, found)
        if found and found not in lines[-1:]:
            lines.append(found)
    return "\n".join(lines)


def test_a_shape_is_the_same_on_another_day() -> None:
    ours = "DOV-2026-0004 is at Thu 31 Dec 2026, 10:00.\nNow  next: Panel meets, was due\n  Thursday 17 December 2026"
    later = "DOV-2027-0011 is at Fri 1 Jan 2027, 10:00.\nNow  next: Panel meets, due\n     Wednesday 6 January 2027"
    assert words(ours) == words(later)
    assert words(ours) != words(later.replace("Panel", "Chair"))


def words(printed: str) -> Counter[str]:
    """The words of a shape: the width of a date may send a word to another line."""
    return Counter(shape(" ".join(printed.split()) if "──" not in printed else printed).split())


def says_so(block: Block, out: str) -> None:
    """Where README leaves lines out, what it shows is among what is printed; else the two are the same."""
    shown, said = words(block.printed.replace("…\n", "")), words(out)
    if "…\n" in block.printed:
        assert set(shown) <= set(said), f"{block.command}: {set(shown) - set(said)} is not in\n{out}"
    else:
        assert set(shown) == set(said), f"{block.command}: {set(shown) ^ set(said)} in\n{out}"


def test_the_application_that_example_writes_is_the_one_in_the_readme() -> None:
    shown = next(inside for language, inside in _FENCE.findall(README) if language == "toml")
    first = date.fromisoformat(re.findall(r"reported = (\S+)", shown)[0])
    written = text(date.fromordinal(first.toordinal() + 8))
    assert shown == written
    assert (ROOT / "docs" / "examples" / "application.toml").read_text("utf-8") == written


@pytest.mark.temporal
@pytest.mark.long
@pytest.mark.timeout(3600)
def test_the_readme_runs_as_printed_from_a_clean_home(tmp_path: Path) -> None:
    clone, home = tmp_path / "clone", tmp_path / "home"
    clone.mkdir()
    (clone / "policies").symlink_to(ROOT / "policies")
    (clone / "docs").symlink_to(ROOT / "docs")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CASEREVIEW_", "TEMPORAL_"))}
    environment = {**kept, "CASEREVIEW_HOME": str(home), "PYTHONPATH": str(ROOT), "COLUMNS": "80"}
    command = [sys.executable, "-P", "-m", "starter.cli"]
    up = subprocess.Popen(
        [*command, "up", "--demo", *(part for port in PORTS for part in (f"--{port}-port", "0"))],
        cwd=clone, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        told = _until(up, "The demonstration is ready")
        started = next(inside for _, inside in _FENCE.findall(README) if "The service is up." in inside)
        says_so(Block("casereview up --demo", started + "…\n"), told)
        environment["TEMPORAL_ADDRESS"] = re.findall(r"Temporal +(127\S+)", told)[0]
        reference, printed = "", set(re.findall(r"DOV-\d{4}-\d{4}", README))
        for block in blocks():
            typed = block.command
            for one in printed if reference else ():
                typed = typed.replace(one, reference)
            ended = subprocess.run(
                [*command, *shlex.split(typed)[1:]],
                cwd=clone, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False,
            )  # fmt: skip
            assert ended.returncode == 0, (typed, ended.stderr)
            if typed.startswith("casereview apply"):
                reference = re.findall(r"DOV-\d{4}-\d{4}", ended.stdout)[0]
            if block.printed:
                says_so(block, ended.stdout)
        for typed in listed():
            ended = subprocess.run(
                typed if typed.startswith("cp ") else [*command, *shlex.split(typed, comments=True)[1:]],
                shell=typed.startswith("cp "),
                cwd=clone, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False,
            )  # fmt: skip
            assert ended.returncode == 0, (typed, ended.stderr)
    finally:
        up.terminate()
        up.communicate()


def listed() -> Sequence[str]:
    """The commands that stand in a row of their own, without what they print."""
    found = re.findall(r"^    ((?:casereview|cp) .*)$", README, re.MULTILINE)
    return [one for one in found if " BATCH" not in one]


def _until(process: subprocess.Popen[str], last: str) -> str:
    assert process.stdout is not None
    lines, until = [], time.monotonic() + PATIENCE
    for line in process.stdout:
        lines.append(line)
        if last in line:
            return "".join(lines)
        assert time.monotonic() < until, "".join(lines)
    raise AssertionError("".join(lines))
