"""What the documents for developers name is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = ("CONTRIBUTING.md", "docs/architecture.md", "docs/glossary.md")
TARGETS = set(re.findall(r"(?m)^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8")))


def said(page: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", (ROOT / page).read_text("utf-8"))


@pytest.mark.parametrize("page", PAGES)
def test_every_file_and_folder_it_names_is_there(page: str) -> None:
    paths = [words for words in said(page) if re.fullmatch(r"[a-z][\w./*-]*/[\w./*-]*", words)]
    assert len(paths) > 10
    assert [path for path in paths if not any(ROOT.glob(path.removesuffix("/")))] == []


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "README.md"])
def test_every_make_target_it_names_is_there(page: str) -> None:
    named = {
        target for line in re.findall(r"make ([a-z -]+)", (ROOT / page).read_text("utf-8")) for target in line.split()
    }
    assert {target for target in named if target in TARGETS} >= {"test", "up"}
    assert {words.split()[1] for words in said(page) if words.startswith("make ") and "=" not in words} <= TARGETS


def test_every_decision_has_its_page_with_date_and_status_and_its_row() -> None:
    folder = ROOT / "docs" / "decisions"
    rows = re.findall(r"\| (\d+) \| \[(.+)\]\((.+)\) \| (\S+) \| (.+) \|", (folder / "README.md").read_text("utf-8"))
    assert [number for number, *_ in rows] == [str(number) for number in range(1, len(rows) + 1)]
    assert {file for _, _, file, _, _ in rows} == {path.name for path in folder.glob("0*.md")}
    for number, title, file, day, status in rows:
        page = (folder / file).read_text("utf-8")
        assert page.startswith(f"# {number}. {title}\n\nDate: {day}  \nStatus: {status}\n"), file
