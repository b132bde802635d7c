"""`casereview policy` and `casereview schema`: the procedures as pages, findings and forms."""

import json
import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

import policies
from domain.policy import Policy
from policies import ids, load
from starter.cli import run


def printed(capsys: pytest.CaptureFixture[str], arguments: list[str], code: int = 0) -> str:
    assert run(arguments) == code
    return capsys.readouterr().out


@pytest.mark.parametrize("policy", ids())
def test_a_page_has_every_promise_contact_appeal_and_figure(policy: str, capsys: pytest.CaptureFixture[str]) -> None:
    page = printed(capsys, ["policy", "show", policy, "--markdown"])
    chosen = load(policy)
    assert page.startswith(f"# {chosen.identity.council}: ASB Case Review\n")
    assert chosen.contact is not None
    for said in (chosen.contact.email, chosen.contact.role, *(route.title for route in chosen.routes)):
        assert said in page
    for step in chosen.steps:
        assert f"| {step.title} |" in page
        assert all(number in page for clock in step.clocks for number in clock.source.promise)
    for route in chosen.appeals:
        assert f"### {route.title}" in page
        assert all(body.name in page for body in route.bodies)
    assert all(f"| {year.period} |" in page for year in chosen.figures)


@pytest.mark.parametrize("policy", ids())
def test_a_page_is_sound_markdown_in_plain_words(policy: str, capsys: pytest.CaptureFixture[str]) -> None:
    page = printed(capsys, ["policy", "show", policy, "--markdown"])
    html = MarkdownIt("commonmark").enable("table").render(page)
    assert html.count("<table>") >= 2
    assert len(re.findall(r"<h1>", html)) == 1
    assert "|" not in re.sub(r"<[^>]*>", "", html)
    assert not re.search(r"working_days|None|\b[a-z]+_[a-z]+\b", page.replace("_", "_"))


@pytest.mark.parametrize("policy", ids())
def test_the_terminal_page_fits_80_columns_and_ends_with_the_findings(
    policy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = printed(capsys, ["policy", "show", policy])
    assert max(len(line) for line in shown.splitlines()) <= 80
    assert "What the linter finds" in shown


def test_a_policy_as_json_is_the_policy(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(printed(capsys, ["policy", "show", "dover", "--json"]))
    assert Policy.model_validate_json(json.dumps(found["policy"])) == load("dover")
    assert found["findings"]


def test_every_packaged_policy_checks_without_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    for policy in ids():
        found = json.loads(printed(capsys, ["policy", "check", policy, "--json"]))
        assert list(found) == ["file", "policy", "version", "loads", "findings"]
        assert found["loads"]
        assert all(finding["severity"] == "finding" for finding in found["findings"])


def test_a_policy_that_breaks_the_act_is_told_where_and_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = (Path(policies.__file__).parent / "dover.toml").read_text(encoding="utf-8")
    file = tmp_path / "dover.toml"
    file.write_text(source.replace("minimum = 3", "minimum = 4"), encoding="utf-8")
    shown = printed(capsys, ["policy", "check", str(file)], code=2)
    assert "ERROR  routes" in shown
    assert "s.104(4)" in shown
    assert "does not load: 1 error" in shown
    assert run(["plan", "--policy", str(file), "--received", "2027-01-14"]) == 2
    assert "does not load" in capsys.readouterr().err


def test_a_policy_file_that_is_not_there_is_an_error_not_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    shown = printed(capsys, ["policy", "check", "gone.toml"], code=2)
    assert "cannot be read" in shown


def test_the_list_has_every_policy(capsys: pytest.CaptureFixture[str]) -> None:
    assert [row["policy"] for row in json.loads(printed(capsys, ["policy", "list", "--json"]))] == list(ids())
    shown = printed(capsys, ["policy", "list"])
    assert all(policy in shown for policy in ids())
    assert max(len(line) for line in shown.splitlines()) <= 80


@pytest.mark.parametrize(
    ("shape", "field"), [("application", "incidents"), ("policy", "routes"), ("scenario", "application")]
)
def test_a_schema_names_the_fields_of_its_file(shape: str, field: str, capsys: pytest.CaptureFixture[str]) -> None:
    schema = json.loads(printed(capsys, ["schema", shape]))
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert field in schema["properties"]
    assert schema["additionalProperties"] is False


def test_a_wording_that_leaves_out_a_duty_is_told_beside_its_policy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "dover.toml"
    file.write_text((Path(policies.__file__).parent / "dover.toml").read_text(encoding="utf-8"), encoding="utf-8")
    letters = tmp_path / "dover" / "letters"
    letters.mkdir(parents=True)
    front = '{#\nversion = "2026.1"\neffective_from = 2026-01-01\n#}\n{% extends "L-04.md.j2" %}\n'
    (letters / "L-04.md.j2").write_text(f"{front}{{% block appeal %}}You cannot appeal.{{% endblock %}}\n", "utf-8")
    shown = " ".join(printed(capsys, ["policy", "check", str(file)], code=2).split())
    assert "ERROR dover/letters/L-04.md.j2" in shown
    assert "Print `{{ super() }}` in it" in shown
    assert "(Sch.4 para.3(a))" in shown
    assert "loads, but its letters do not: 1 error" in shown
    found = json.loads(printed(capsys, ["policy", "check", str(file), "--json"], code=2))
    assert found["loads"]
    assert found["findings"][0]["code"] == "wording-block-lost"
