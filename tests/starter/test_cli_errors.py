"""Wrong input: one sentence that names what is wrong and the mend, exit code 2, nothing written."""

import json
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import policies
from starter.cli import run

INCIDENT = {"occurred": "2026-03-02", "reported": "2026-03-03", "reported_to": "police", "what": "shouting"}
APPLICATION: Mapping[str, Any] = {
    "made_at": "2026-03-10T09:30",
    "applicant": {"name": "Jo Example", "email": "jo@example.org"},
    "consent_to_share": True,
    "incidents": [INCIDENT, INCIDENT, INCIDENT],
}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation of its own, with no server at its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    monkeypatch.setenv("CASEREVIEW_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TEMPORAL_ADDRESS", f"127.0.0.1:{port}")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(home: Path, **changes: object) -> str:
    file = home / "application.json"
    file.write_text(json.dumps({**APPLICATION, **changes}), encoding="utf-8")
    return str(file)


PLAN = ["plan", "--policy", "dover", "--received", "2027-01-14"]
WRONG: list[tuple[list[str], str]] = [
    (["nonsense"], "No such command 'nonsense'"),
    (["plan", "--policy", "dover"], "--received"),
    (["plan", "--policy", "dvoer", "--received", "2027-01-14"], "There is no policy “dvoer”"),
    (["plan", "--policy", "dover", "--received", "14/1/2027"], "--received must be a date"),
    (["plan", "--policy", "dover", "--received", "1999-01-14"], "--received 1999-01-14 is outside the years"),
    ([*PLAN, "--extend", "response"], "--extend must be STEP=N"),
    ([*PLAN, "--extend", "response=x"], "--extend must be STEP=N"),
    ([*PLAN, "--extend", "response=0"], "--extend must be STEP=N"),
    ([*PLAN, "--extend", "respnse=5"], "did you mean response?"),
    ([*PLAN, "--working", "pannel"], "did you mean panel?"),
    ([*PLAN, "--closure", "Christmas"], "--closure must be DATE=NAME"),
    ([*PLAN, "--closure", "2027-02-30=Christmas"], "--closure must be DATE=NAME"),
    ([*PLAN, "--closure", "2027-02-03"], "has no name"),
    ([*PLAN, "--closure", "2027-02-03..2027-02-01=x"], "ends before it starts"),
    ([*PLAN, "--ics", "no/such/folder/x.ics"], "--ics no/such/folder/x.ics cannot be written"),
    (["threshold", "--policy", "dover", "nothing.json"], "nothing.json cannot be read"),
    (["policy", "show", "atlantis"], "There is no policy “atlantis”"),
    (["schema", "letter"], "There is no shape “letter”"),
    (["cases", "--stage", "asleep"], "There is no stage “asleep”"),
    (["cases", "--council", "dovr"], "did you mean dover?"),
    (["cases", "--due-within", "-1"], "--due-within"),
    (["show", "DOV-2026-0009"], "There is no case DOV-2026-0009"),
    (["explain", "DOV-2026-0009", "response"], "There is no case DOV-2026-0009"),
    (["letter", "list", "DOV-2026-0009"], "There is no case DOV-2026-0009"),
    (["chases", "DOV-2026-0009"], "There is no case DOV-2026-0009"),
    (["decide-threshold", "DOV-2026-0001"], "--met is missing"),
    (["decide-threshold", "DOV-2026-0001", "--met", "--role", "king"], "--role must be one of"),
    (["decide-threshold", "DOV-2026-0001", "--met", "--file", "gone.toml"], "gone.toml cannot be read"),
    (["hold", "DOV-2026-0001", "--until", "soon", "--reason", "x"], "--until must be a date such as 2027-01-14"),
    (["extend", "DOV-2026-0001", "--step", "panel", "--working-days", "900", "--reason", "x"], "800 or less"),
    (["answer-recommendation", "D", "--recommendation", "R1", "--response", "maybe"], "--response must be one of"),
    (["record-panel-decision", "D", "--recommend", "police"], "--recommend must be TO: TEXT"),
    (["record-panel-decision", "D", "--recommend", "police by May: x"], "must give a date"),
    (["arrange-panel", "D", "--chair", "a@b.example.org"], "--chair must be NAME, BODY"),
    (["change-representative", "DOV-2026-0001"], "--person FILE, --representative ID and --nobody"),
    (["change-calendar", "DOV-2026-0001", "--reason", "x"], "--holiday DATE=NAME"),
    (["advance", "DOV-2026-0001"], "one of --working-days N, --days N or --to DATE"),
    (["advance", "DOV-2026-0001", "--to", "Friday"], "--to must be a date"),
    (["add-note", "DOV-2026-0001", "--text", "x"], "No Temporal server answers at 127.0.0.1:"),
]


@pytest.mark.parametrize(
    ("arguments", "words"), WRONG, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
def test_wrong_input_gets_one_sentence_and_exit_code_2(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    shown = capsys.readouterr()
    assert words in shown.err
    assert shown.err.count("\n") == 1
    assert "Traceback" not in shown.err + shown.out
    assert shown.out == ""


FAULTS: list[tuple[dict[str, object], str]] = [
    ({"made_at": "2999-03-10T09:30"}, "made_at: Sunday 10 March 2999, 09:30, has not come yet"),
    ({"made_at": "yesterday"}, "made_at must be a date and time"),
    ({"incidents": []}, "incidents needs at least one"),
    ({"incidents": "three"}, "incidents must be a list"),
    ({"incidents": [{**INCIDENT, "occurred": "2/3/26"}]}, "incidents.1.occurred must be a date such as"),
    ({"incidents": [{**INCIDENT, "reported": "2026-03-01"}]}, "is before what happened on Monday 2 March 2026"),
    ({"incidents": [INCIDENT, {**INCIDENT, "reported": "2026-04-01"}]}, "incidents.2.reported: Wednesday 1 April 2026"),
    ({"applicant": {"name": ""}}, "applicant.name must not be empty"),
    ({"applicant": {"name": "Jo", "email": "jo"}}, "applicant.email must be one e-mail address"),
    ({"applicant": {"name": "Jo\nExample"}}, "applicant.name must be one line"),
    ({"channel": "fax"}, "channel must be one of web, phone, post, email, in_person, not 'fax'"),
    ({"tenur": "owner"}, "tenur: there is no such field; did you mean tenure?"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "words"), FAULTS, ids=lambda value: value if isinstance(value, str) else "")
@pytest.mark.parametrize("command", ["apply", "threshold"])
def test_a_faulty_application_is_refused_and_its_field_named(
    command: str, changes: dict[str, object], words: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([command, written(home, **changes), "--policy", "dover"]) == 2
    shown = capsys.readouterr()
    assert words in shown.err
    assert "cannot be taken" in shown.err
    assert not (home / "home").exists()


def test_every_fault_of_an_application_is_told_at_once(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(home, channel="fax", applicant={"name": ""}, incidents=[{"occurred": "x"}], made_at="2999-01-01")
    assert run(["apply", file, "--policy", "dover"]) == 2
    first, *faults = capsys.readouterr().err.splitlines()
    assert first.endswith("cannot be taken, 7 things are wrong:")
    names = [fault.split()[0].rstrip(":") for fault in faults]
    assert names == [
        *("channel", "applicant.name", "incidents.1.occurred", "incidents.1.reported"),
        *("incidents.1.reported_to", "incidents.1.what", "made_at"),
    ]


def test_every_fault_of_an_act_is_told_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["arrange-panel", "DOV-2026-0001", "--on", "soon"]) == 2
    assert capsys.readouterr().err.splitlines()[1:] == [
        "  --on must be a date such as 2027-01-14, not 'soon'",
        "  --chair is missing",
    ]


def test_a_field_that_an_act_does_not_have_is_refused(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = home / "body.toml"
    file.write_text(
        'on = 2026-03-02\nfindings = "x"\nrecommendations = [{too = "police", to = "police", text = "x"}]\n'
    )
    assert run(["record-panel-decision", "DOV-2026-0001", "--file", str(file)]) == 2
    assert "recommendations.1.too: there is no such field; did you mean to?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.json", b"{", "is not JSON"),
        ("a.toml", b"= 3", "is not TOML"),
        ("a.json", b"[1]", "must hold named fields"),
        ("a.json", b"\xff\xfe\x00", "is not text in UTF-8"),
        ("a.json", b"[" * 100_000, "is nested too deeply"),
        ("a.json", b" " * 5_000_001, "larger than 5 MB"),
        ("a.toml", b"a = " + b"[" * 10_000, "is n"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    name: str, content: bytes, words: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = home / name
    file.write_bytes(content)
    assert run(["apply", str(file), "--policy", "dover"]) == 2
    error = capsys.readouterr().err
    assert words in error
    assert str(file) in error


@pytest.mark.parametrize(
    ("force", "sentence"),
    [
        ("effective_from = 2026-03-11", "dover 2026.1 takes effect on Wednesday 11 March 2026; "),
        ("effective_from = 2026-01-01\neffective_to = 2026-03-09", "dover 2026.1 ended on Monday 9 March 2026; "),
    ],
)
def test_a_policy_that_was_not_in_force_takes_no_application(
    home: Path, capsys: pytest.CaptureFixture[str], force: str, sentence: str
) -> None:
    shipped = (Path(policies.__file__).parent / "dover.toml").read_text(encoding="utf-8")
    (home / "mine.toml").write_text(shipped.replace("effective_from = 2026-01-01", force), encoding="utf-8")
    assert run(["apply", written(home), "--policy", "mine.toml"]) == 2
    told = " ".join(capsys.readouterr().err.split())
    assert sentence in told
    assert "give the one that was in force when the application was made, Tuesday 10 March 2026." in told
    assert not (home / "home").exists()


def test_with_no_server_an_application_is_not_taken_in(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["apply", written(home), "--policy", "dover"]) == 2
    error = capsys.readouterr().err
    assert "No Temporal server answers" in error
    assert "casereview up" in error
    assert not (home / "home" / "register.db").exists()


def test_a_setting_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CASEREVIEW_SMTP_PORT", "many")
    assert run(["cases"]) == 2
    assert "CASEREVIEW_SMTP_PORT cannot be used" in capsys.readouterr().err


def test_a_register_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://localhost/cases")
    assert run(["cases"]) == 2
    assert "The register cannot live in mysql" in capsys.readouterr().err
