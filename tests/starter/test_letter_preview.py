"""Letters of a case: those that were sent, and those still to be written; no server runs and nothing is done."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from domain import events as e
from domain.application import Means
from domain.messages import LetterOrder, Numbered, Party, Recipient, Turn
from domain.rehearsal import Rehearsal
from register import letter_rows as kept
from register import taking_in
from register.database import Database
from register.entries import record
from starter.cli import run
from starter.commands.preview import acts_of
from tests.register import examples
from tests.register.fresh import with_tables
from tests.starter import told

REFERENCE = "DOV-2026-0001"
BY_POST: dict[str, object] = {"prefers": Means.POST, "address": ("1 High Street", "CT16 1AA"), "unsafe": frozenset()}
PANEL = """
on = "2026-04-20"
time = "2pm"
place = "Council Offices"
chair = { name = "Ann Chair", organisation = "Partnership", email = "chair@example.org" }
members = [
  { name = "Bo Member", email = "bo@example.org", agency = "police" },
  { name = "Cy Member", email = "cy@example.org", agency = "council" },
  { name = "Di Member", email = "di@example.org", agency = "icb" },
]
"""  # Mon
REFUSAL = {
    "met": False,
    "decided_by": "Jo Ward",
    "approved_by": "Kit Lane",
    "persistence": "The complainant told us of three nights, which is a low number for a matter of this kind in this "
    "area, when one has regard to the others that have come to us in the same year.",
    "harm": "You lost sleep.",
    "adequacy": "The police came each time.",
    "alternative_action": "An officer will visit the household.",
    "discretion": "",
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose register has one case that waits for its threshold decision."""
    home = tmp_path_factory.mktemp("home")
    asyncio.run(_fill(home))
    return home


async def _fill(home: Path) -> None:
    async with Database(with_tables(f"sqlite:///{home}/register.db")) as database:
        form = examples.form(incidents=examples.form().incidents[:1])
        start = await taking_in.take_in(
            database, form, examples.policy(), examples.CALENDAR, by=examples.APPLICANT, now=examples.NOW, demo=True
        )
        case = Rehearsal(
            start.policy, start.calendar, start.application, start.made_at, reference=start.reference, by=start.by
        )
        for key, enquiry in dict(case.case.enquiries).items():
            by = e.Actor(role=e.Role.AGENCY, name=enquiry.agency)
            assert case.act(e.EnquiryAnswered(enquiry=key, account="We came twice."), by) is None
        events = tuple(Numbered(seq=seq, event=event) for seq, event in enumerate(case.case.events, start=1))
        await record(database, Turn(reference=REFERENCE, as_of=case.now, events=events))
        to = Recipient(party=Party.APPLICANT)
        acknowledged = next(event for event in case.case.events if isinstance(event.what, e.Acknowledged))
        order = LetterOrder(key=f"{REFERENCE}/a/L-01/applicant", letter="L-01", to=to, event=acknowledged.id, upto=2)
        await kept.reserve(database, REFERENCE, order, examples.DRAFT, now=examples.NOW)
        await _fill_by_post(database)


async def _fill_by_post(database: Database) -> None:
    """A case with a review to hold, whose applicant has e-mail and prefers post."""
    given = examples.form()
    form = given.model_copy(update={"applicant": given.applicant.model_copy(update=BY_POST)})
    start = await taking_in.take_in(
        database, form, examples.policy(), examples.CALENDAR, by=examples.APPLICANT, now=examples.NOW, demo=True
    )
    case = Rehearsal(
        start.policy, start.calendar, start.application, start.made_at, reference=start.reference, by=start.by
    )
    officer = e.Actor(role=e.Role.OFFICER, name="Jo Ward")
    assert case.act(e.ThresholdDecided(met=True, decided_by="Jo Ward"), officer) is None
    events = tuple(Numbered(seq=seq, event=event) for seq, event in enumerate(case.case.events, start=1))
    await record(database, Turn(reference=start.reference, as_of=case.now, events=events))


@pytest.fixture(autouse=True)
def home(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEREVIEW_HOME", str(filled))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def refusal(tmp_path: Path) -> str:
    path = tmp_path / "decision.json"
    path.write_text(json.dumps(REFUSAL))
    return str(path)


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(["letter", *arguments]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    return shown.out


def found(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    return json.loads(printed(capsys, *arguments, "--json"))


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(["letter", *arguments]) == 2
    return " ".join(capsys.readouterr().err.split())


def test_what_the_service_would_write_next_is_shown_with_its_day(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "preview", REFERENCE, "a-03")
    assert "Please give your full account by" in text
    assert "Kent Police" in text
    assert "Nothing was done and nothing was sent." in text
    delay = found(capsys, "preview", REFERENCE, "L-08")
    assert delay["at"] > "2026-04-02"
    assert "We need more time for" in delay["letters"][0]["subject"]
    assert "It goes out on" in printed(capsys, "preview", REFERENCE, "L-08")


def test_a_letter_with_a_judgement_is_written_from_the_acts_file(
    capsys: pytest.CaptureFixture[str], refusal: str
) -> None:
    shown = found(capsys, "preview", REFERENCE, "L-04", "--from", refusal)
    (letter,) = shown["letters"]
    assert letter["to"] == "Ann Reed"
    assert "We will not hold a review" in letter["text"]
    assert "You lost sleep." in letter["text"]
    assert {(one["field"], one["code"]) for one in shown["advice"]} == {
        ("persistence", "jargon"),
        ("persistence", "sentence-long"),
    }
    text = printed(capsys, "preview", REFERENCE, "L-04", "--from", refusal)
    assert "Could be plainer (advice only)" in text
    assert max(map(len, text.splitlines())) <= 80


def test_the_acts_own_preview_gives_the_same_advice(
    capsys: pytest.CaptureFixture[str], refusal: str, tmp_path: Path
) -> None:
    arguments = ["decide-threshold", REFERENCE, "--file", refusal, "--preview", str(tmp_path / "p")]
    assert run([*arguments, "--json"]) == 0
    assert {one["field"] for one in json.loads(capsys.readouterr().out)["advice"]} == {"persistence"}
    assert run(arguments) == 0
    assert "Could be plainer (advice only)" in capsys.readouterr().out


def test_without_a_file_one_sentence_names_both_ways(capsys: pytest.CaptureFixture[str]) -> None:
    says = refused(capsys, "preview", REFERENCE, "L-03")
    assert says == (
        "L-03 tells what somebody decides: write it down in a file and give --from FILE (`casereview schema "
        f"decide-threshold` has its form), or run `casereview decide-threshold {REFERENCE} … --preview DIR`."
    )


def test_a_file_that_decides_otherwise_says_which_letters_it_sends(
    capsys: pytest.CaptureFixture[str], refusal: str
) -> None:
    assert "sends L-04, A-05, not L-03" in refused(capsys, "preview", REFERENCE, "L-03", "--from", refusal)


def test_what_the_rules_refuse_is_their_own_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    outcome = tmp_path / "outcome.toml"
    outcome.write_text('reasons = "Nobody joined the reports up."')
    says = refused(capsys, "preview", REFERENCE, "L-11", "--from", str(outcome))
    assert says.startswith("send-outcome is not possible while the case is at 'deciding the threshold'")


def test_every_fault_of_the_file_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text('met = "perhaps"\nwho = "me"')
    says = refused(capsys, "preview", REFERENCE, "L-04", "--from", str(wrong))
    assert "2 things are wrong" in says
    wrong.write_text('until = "soon"')
    assert "adjourn-panel cannot be sent" in refused(capsys, "preview", REFERENCE, "L-05", "--from", str(wrong))
    wrong.write_text('act = "decide"')
    assert "There is no act “decide”" in refused(capsys, "preview", REFERENCE, "L-05", "--from", str(wrong))


def test_of_two_acts_the_one_that_fits_or_is_named_is_taken(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    source = tmp_path / "new.toml"
    source.write_text('officer = "Kit Lane"')
    assert "Kit Lane is now your contact" in printed(capsys, "preview", REFERENCE, "L-07", "--from", str(source))
    source.write_text('act = "resume"')
    assert refused(capsys, "preview", REFERENCE, "L-07", "--from", str(source)).startswith("the case is not on hold")


def test_a_kind_that_does_not_come_next_says_where_the_case_is(capsys: pytest.CaptureFixture[str]) -> None:
    says = refused(capsys, "preview", REFERENCE, "L-10")
    assert "L-10 is written when the draft plan is put to the applicant" in says
    assert "is at 'deciding the threshold'" in says
    assert "There is no letter kind “L-77”" in refused(capsys, "preview", REFERENCE, "L-77")
    assert "There is no case DOV-2026-0077" in refused(capsys, "preview", "DOV-2026-0077", "L-10")


def test_a_letter_that_was_sent_is_shown_as_it_was_kept(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = printed(capsys, "preview", REFERENCE, "L-01")
    assert examples.DRAFT.text in " ".join(text.split())
    assert f"casereview letter show {REFERENCE} 1" in " ".join(text.split())
    assert found(capsys, "preview", REFERENCE, "L-01")["kept"] is True
    assert "was sent already" in refused(capsys, "preview", REFERENCE, "L-01", "--pdf", "--out", str(tmp_path))


def test_the_pdf_is_written_where_it_is_asked_for_and_large_print_is_longer(
    capsys: pytest.CaptureFixture[str], refusal: str, tmp_path: Path
) -> None:
    for name, more in (("plain", []), ("large", ["--large"])):
        asked = ("preview", REFERENCE, "A-05", "--from", refusal, "--pdf", "--out", str(tmp_path / name), *more)
        files = [Path(file) for file in found(capsys, *asked)["files"]]
        assert files == sorted((tmp_path / name).iterdir())
        assert all(file.suffix == ".pdf" for file in files)
    plain, large = (sum(one.stat().st_size for one in (tmp_path / name).iterdir()) for name in ("plain", "large"))
    assert large != plain
    printed(capsys, "preview", REFERENCE, "A-05", "--from", refusal, "--out", str(tmp_path / "all"))
    assert {file.suffix for file in (tmp_path / "all").iterdir()} == {".txt", ".html", ".pdf"}


def test_a_reader_who_prefers_post_has_paper_and_the_panel_its_calendar_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    panel = tmp_path / "panel.toml"
    panel.write_text(PANEL)
    (letter,) = found(capsys, "preview", "DOV-2026-0002", "L-05", "--from", str(panel))["letters"]
    assert (letter["by"], letter["email"], letter["address"]) == ("post", None, ["1 High Street", "CT16 1AA"])
    assert letter["with"] == []
    shown = printed(capsys, "preview", "DOV-2026-0002", "L-05", "--from", str(panel))
    assert "by post to 1 High Street, CT16 1AA" in shown
    asked = ("preview", "DOV-2026-0002", "A-06", "--from", str(panel), "--out", str(tmp_path / "out"))
    members = found(capsys, *asked)["letters"]
    assert {(one["by"], *one["with"]) for one in members} == {("email", "panel-1.ics")}
    assert {one["email"].partition("@")[0] for one in members} == {"chair", "bo", "cy", "di"}
    assert "BEGIN:VEVENT" in (tmp_path / "out" / "01-A-06-panel-1.ics").read_text("utf-8")
    assert "With     panel-1.ics" in printed(capsys, *asked)


def test_a_letter_is_shown_byte_for_byte(capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> None:
    assert run(["letter", "show", REFERENCE, "1"]) == 0
    assert capsysbinary.readouterr().out == examples.DRAFT.text.encode()
    assert run(["letter", "show", REFERENCE, "L-01", "--html", "--out", str(tmp_path / "one.html")]) == 0
    assert (tmp_path / "one.html").read_bytes() == examples.DRAFT.html.encode()


def test_a_list_has_numbers_that_show_takes(capsys: pytest.CaptureFixture[str]) -> None:
    (one,) = found(capsys, "list", REFERENCE)
    assert (one["number"], one["letter"], one["to_name"]) == (1, "L-01", "Ann Reed")
    assert max(map(len, printed(capsys, "list", REFERENCE).splitlines())) <= 80
    assert "There is no letter “9”" in refused(capsys, "show", REFERENCE, "9")
    assert "one form" in refused(capsys, "show", REFERENCE, "1", "--html", "--text")
    assert "name another file" in refused(capsys, "show", REFERENCE, "1", "--out", "/no/such/folder/x.txt")


@pytest.mark.long
def test_every_key_of_the_json_is_documented(capsys: pytest.CaptureFixture[str], refusal: str, tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "commands.md").read_text("utf-8")
    listed = page[page.index("### `letter list") : page.index("### `chases")]
    told_of = [
        found(capsys, "list", REFERENCE),
        found(capsys, "preview", REFERENCE, "L-01"),
        found(capsys, "preview", REFERENCE, "L-04", "--from", refusal),
    ]
    assert run(["letter", "gallery", str(tmp_path), "--policy", "kent-district", "--kind", "A-02", "--json"]) == 0
    told_of.append(json.loads(capsys.readouterr().out))
    assert not {key for answer in told_of for key in keys(answer) if f"`{key}`" not in listed}


def keys(value: object) -> set[str]:
    if isinstance(value, dict):
        return {str(key) for key in value} | {key for inner in value.values() for key in keys(inner)}
    return {key for inner in value for key in keys(inner)} if isinstance(value, list) else set()


@pytest.mark.long
def test_every_act_that_sends_a_letter_is_named_for_it() -> None:
    for letter in told.of_council("dover"):
        if act := letter.event.what.act:
            assert act in acts_of(letter.kind), f"add {letter.kind} to the letters of {act}"


@pytest.mark.parametrize("act", sorted(e.acts()))
def test_every_act_has_a_schema_of_its_fields(capsys: pytest.CaptureFixture[str], act: str) -> None:
    assert run(["schema", act]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert schema["properties"].keys() == e.acts()[act].model_fields.keys() - {"kind"}
    assert schema["additionalProperties"] is False
