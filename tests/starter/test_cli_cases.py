"""The reading commands on a register that holds a whole case; no server runs."""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from domain.messages import LetterOrder, Party, Recipient
from office.preview import Foreseen, keep
from register import letter_rows as kept
from register import taking_in
from register.database import Database
from register.entries import record
from register.letter_rows import LetterFile
from starter.cli import run
from tests.register import examples
from tests.register.fresh import with_tables

ROOT = Path(__file__).parents[2]
REFERENCE = "DOV-2026-0001"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose register has one case in its appeal and one that was only just taken in."""
    home = tmp_path_factory.mktemp("home")
    asyncio.run(_fill(home))
    return home


@pytest.fixture
def home(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEREVIEW_HOME", str(filled))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("COLUMNS", "80")


async def _fill(home: Path) -> None:
    async with Database(with_tables(f"sqlite:///{home}/register.db")) as database:
        start = await taking_in.take_in(
            database, examples.form(), examples.policy(), examples.CALENDAR, by=examples.APPLICANT, now=examples.NOW,
            demo=True,
        )  # fmt: skip
        story = examples.whole(start)
        await record(database, story.turn())
        to = Recipient(party=Party.APPLICANT)
        for number, kind in enumerate(("L-01", "L-03"), start=1):
            key = f"{REFERENCE}/e{number}/{kind}/applicant"
            order = LetterOrder(key=key, letter=kind, to=to, event=f"e{number}", upto=number)
            await kept.reserve(database, REFERENCE, order, examples.DRAFT, now=examples.NOW)
        await taking_in.take_in(
            database, examples.form(), examples.policy("medway"), examples.CALENDAR, by=examples.APPLICANT,
            now=examples.NOW,
        )  # fmt: skip


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(list(arguments)) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    return shown.out


def found(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    return json.loads(printed(capsys, *arguments, "--json"))


def documented(name: str) -> str:
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    section = re.search(rf"^### `{name}[ `].*?(?=^#|\Z)", page, re.MULTILINE | re.DOTALL)
    assert section
    return section.group()


def keys(value: object) -> set[str]:
    if isinstance(value, Mapping):
        return {str(key) for key in value} | {key for inner in value.values() for key in keys(inner)}
    return {key for inner in value for key in keys(inner)} if isinstance(value, list) else set()


@pytest.mark.usefixtures("home")
def test_the_work_list_has_every_case_and_what_it_waits_for(capsys: pytest.CaptureFixture[str]) -> None:
    rows = {row["reference"]: row for row in found(capsys, "cases")}
    assert set(rows) == {REFERENCE, "MED-2026-0001"}
    assert rows[REFERENCE]["stage"] == "appeal"
    assert rows["MED-2026-0001"]["started"] is False
    assert [row["council"] for row in found(capsys, "cases", "--council", "medway")] == ["medway"]
    assert [row["reference"] for row in found(capsys, "cases", "--stage", "Appeal")] == [REFERENCE]
    assert found(capsys, "cases", "--council", "kent-district") == []
    assert "2 cases" in printed(capsys, "cases")


@pytest.mark.usefixtures("home")
def test_one_case_shows_where_it_stands_and_how_it_came_about(capsys: pytest.CaptureFixture[str]) -> None:
    shown = printed(capsys, "show", REFERENCE.lower())
    assert max(len(line) for line in shown.splitlines()) <= 80
    words = " ".join(shown.split())
    for part in (f"{REFERENCE}: appeal", "Must act", "Deadlines", "Enquiries", "Recommendations", "Timeline"):
        assert part in words
    assert "Threshold decided: met" in words
    assert "Appeal lodged" in words
    assert "Ann Reed" not in words


@pytest.mark.usefixtures("home")
def test_a_case_as_json_has_its_promised_dates_possible_acts_and_timeline(capsys: pytest.CaptureFixture[str]) -> None:
    case = found(capsys, "show", REFERENCE)
    deadlines = {deadline["step"]: deadline for deadline in case["deadlines"]}
    assert deadlines["response"]["promised"] <= deadlines["response"]["due"]
    assert {"send-bundle", "add-note"} <= set(case["possible"])
    assert case["timeline"][0]["words"] == "Application made, Wed 1 Apr 2026"
    assert [letter["letter"] for letter in case["letters"]] == ["L-01", "L-03"]
    assert {item["id"] for item in case["recommendations"]} == {"R1", "R2"}


@pytest.mark.usefixtures("home")
def test_a_case_that_was_only_taken_in_can_be_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert "about to be started" in printed(capsys, "show", "MED-2026-0001")
    assert found(capsys, "show", "MED-2026-0001")["deadlines"] == []
    assert printed(capsys, "chases", "MED-2026-0001") == "Nobody is to be chased in MED-2026-0001.\n"
    assert "No letter" in printed(capsys, "letter", "list", "MED-2026-0001")


@pytest.mark.usefixtures("home")
def test_a_date_is_explained_day_by_day(capsys: pytest.CaptureFixture[str]) -> None:
    response = found(capsys, "explain", REFERENCE, "response")
    assert response["working"][0]["why"] == "day 0: application received"
    assert {"date": "2026-04-03", "counted": False, "why": "skipped: Good Friday"} in response["working"]  # Fri
    assert "skipped: Good Friday" in printed(capsys, "explain", REFERENCE, "response")
    assert found(capsys, "explain", REFERENCE, "follow-up")["step"] == "follow_up"


@pytest.mark.usefixtures("home")
def test_a_deadline_that_is_not_there_lists_those_that_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", REFERENCE, "respons"]) == 2
    assert "There is no deadline “respons”; did you mean response?" in capsys.readouterr().err


@pytest.mark.usefixtures("home")
def test_a_letter_is_read_by_its_number_its_kind_or_its_key(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("1", "l-01", f"{REFERENCE}/e1/L-01/applicant"):
        assert "Dear Ann Reed" in printed(capsys, "letter", "show", REFERENCE, name)
    assert found(capsys, "letter", "list", REFERENCE)[1]["letter"] == "L-03"
    assert run(["letter", "show", REFERENCE, "3"]) == 2
    assert "There is no letter “3”" in capsys.readouterr().err


@pytest.mark.usefixtures("home")
def test_the_ladder_is_shown_before_anybody_climbs_it(capsys: pytest.CaptureFixture[str]) -> None:
    calls = found(capsys, "chases", REFERENCE)
    assert calls
    assert [call["on"] for call in calls] == sorted(call["on"] for call in calls)
    shown = printed(capsys, "chases", REFERENCE)
    assert max(len(line) for line in shown.splitlines()) <= 80


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    "arguments",
    [
        ("cases",),
        ("show", REFERENCE),
        ("explain", REFERENCE, "response"),
        ("chases", REFERENCE),
    ],
)
def test_every_key_of_the_json_is_documented(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    text = documented(arguments[0])
    if arguments[0] in ("show", "explain"):
        text += documented("cases") + documented("show") + documented("plan") + documented("letter list")
    assert not {key for key in keys(found(capsys, *arguments)) if f"`{key}`" not in text}


@pytest.mark.usefixtures("home")
def test_no_event_of_a_whole_case_is_shown_by_its_bare_kind(capsys: pytest.CaptureFixture[str]) -> None:
    for event in found(capsys, "show", REFERENCE)["timeline"]:
        assert event["words"] != event["kind"].replace(".", " ").replace("_", " ")


@pytest.mark.usefixtures("home")
def test_a_preview_writes_the_letters_an_act_would_send_and_does_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    before = found(capsys, "show", REFERENCE)["timeline"]
    incident = tmp_path / "incident.json"
    incident.write_text(json.dumps({"incident": examples.form().incidents[0].model_dump(mode="json")}))
    asked = (
        "add-incident",
        REFERENCE,
        "--file",
        str(incident),
        "--role",
        "applicant",
        "--preview",
        str(tmp_path / "a"),
    )
    letter, _ = found(capsys, *asked)["letters"]
    assert (letter["kind"], letter["to"]) == ("L-17", "Ann Reed")
    assert REFERENCE in Path(letter["file"]).read_text("utf-8")
    assert Path(letter["file"]).with_suffix(".html").exists()
    assert Path(letter["file"]).with_suffix(".pdf").read_bytes().startswith(b"%PDF")
    assert "Nothing was done" in printed(capsys, *asked)
    assert found(capsys, "show", REFERENCE)["timeline"] == before


def test_a_preview_takes_the_place_of_the_one_before_it_and_of_nothing_else(tmp_path: Path) -> None:
    letter = Foreseen("L-14i", "Ann Reed", None, None, (), "Your case", "Words.", "<p>Words.</p>", b"%PDF")
    invitation = replace(letter, files=(LetterFile("panel-1.ics", "text/calendar", b"BEGIN:VCALENDAR"),))
    (tmp_path / "01-notes.txt").write_text("mine")
    keep((letter, invitation, invitation), tmp_path)
    assert (tmp_path / "03-L-14i-panel-1.ics").exists()
    keep((letter,), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "01-L-14i.html",
        "01-L-14i.pdf",
        "01-L-14i.txt",
        "01-notes.txt",
    ]


@pytest.mark.usefixtures("home")
def test_a_preview_of_what_is_not_possible_is_the_rules_own_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(["send-papers", REFERENCE, "--preview", str(tmp_path / "a")]) == 2
    assert "send-papers" in capsys.readouterr().err
    assert not (tmp_path / "a").exists()
