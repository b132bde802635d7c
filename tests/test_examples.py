"""What the README shows runs as it says."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import policies
from domain.deadlines import look_ahead
from domain.threshold import assess
from office.bank_holidays import snapshot
from starter.commands import files
from starter.scenario import load
from starter.simulate import simulate

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "docs" / "examples"
README = (ROOT / "README.md").read_text("utf-8")


def test_the_application_of_the_readme_meets_the_threshold_it_says() -> None:
    form, _ = files.form(EXAMPLES / "application.toml", now=datetime(2026, 11, 30, 12, tzinfo=UTC))
    assert assess(policies.load("dover"), form.incidents, date(2026, 11, 30)).met  # Mon
    assert (EXAMPLES / "application.toml").read_text("utf-8").strip() in README


def test_a_council_added_by_editing_one_file_plans_its_own_dates() -> None:
    stockton = policies.load(EXAMPLES / "stockton-on-tees.toml")
    due = {d.key: d.due for d in look_ahead(stockton, snapshot(date(2026, 11, 21)), date(2026, 12, 7))}  # Mon
    assert due["acknowledgement"] == date(2026, 12, 9)  # Wed
    assert due["threshold"] == date(2026, 12, 24)  # Thu
    assert due["panel"] == date(2027, 1, 5)  # Tue


@pytest.mark.temporal
@pytest.mark.long
async def test_a_council_added_by_editing_one_file_lives_a_whole_case(tmp_path: Path) -> None:
    scenario = load("dover-happy").under(str(EXAMPLES / "stockton-on-tees.toml"))
    lived = await simulate(scenario, out=tmp_path, progress=lambda sentence: None)
    assert (lived.reference[:3], lived.stage) == ("STO", "closed")


def test_every_command_of_the_readme_exists() -> None:
    known = set(re.findall(r"(?m)^###+ `([a-z-]+)", (ROOT / "docs" / "commands.md").read_text("utf-8")))
    shown = set(re.findall(r"(?m)^(?:\$|   ) ?casereview ([a-z-]+)", README))
    assert len(shown) > 5
    assert shown <= known | {"policy"}, shown - known


def test_every_page_and_picture_the_documents_point_to_is_there() -> None:
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        for target in re.findall(r"\]\(((?!http)[^)#]+)\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name} points to {target}"
