"""A council's own wording of a letter: read with its days, and held to what the law requires of the letter."""

import re
from datetime import date
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

import policies
from domain.catalogue import kind_of
from domain.letters import CATALOGUE
from policies.wording import LETTERS, Wording, beside, chosen, logos, wordings

ROOT = Path(__file__).parents[2]
FRONT = '{#\nversion = "2026.1"\neffective_from = 2026-01-01\n#}\n'
DAY = date(2026, 6, 1)  # Mon


def write(folder: Path, source: str, name: str = "L-04.md.j2", front: str = FRONT) -> Path:
    letters = folder / "dover" / "letters"
    letters.mkdir(parents=True, exist_ok=True)
    (letters / name).write_text(front + source, "utf-8")
    return folder


def block(name: str, body: str, kind: str = "L-04") -> str:
    return f'{{% extends "{kind}.md.j2" %}}\n{{% block {name} %}}\n{body}\n{{% endblock %}}\n'


def codes(folder: Path) -> list[str]:
    good, wrong = wordings(folder, "dover")
    assert not (good and wrong)
    return [finding.code for finding in wrong]


def named_blocks(kind: str) -> dict[str, nodes.Block]:
    parsed = Environment().parse((LETTERS / f"{kind}.md.j2").read_text("utf-8"))
    return {one.name: one for one in parsed.find_all(nodes.Block)}


@pytest.mark.parametrize("kind", CATALOGUE)
def test_every_required_block_is_a_block_of_its_letter_and_has_a_source(kind: str) -> None:
    assert set(kind_of(kind).required) <= set(named_blocks(kind))
    assert all(kind_of(kind).required.values())


@pytest.mark.parametrize("kind", CATALOGUE)
def test_no_required_block_of_any_letter_can_be_emptied(kind: str, tmp_path: Path) -> None:
    for name in kind_of(kind).required:
        write(tmp_path, block(name, "We thank you.", kind), f"{kind}.md.j2")
        (finding,) = wordings(tmp_path, "dover")[1]
        assert finding.code == "wording-block-lost"
        assert f"“{name}”" in finding.says
        assert kind_of(kind).required[name] in finding.says
        assert "{{ super() }}" in finding.instead


@pytest.mark.parametrize("kind", CATALOGUE)
def test_every_block_of_every_letter_may_be_added_to(kind: str, tmp_path: Path) -> None:
    for name in named_blocks(kind):
        write(tmp_path, block(name, "{{ super() }}\n\nWe thank you.", kind), f"{kind}.md.j2")
        assert codes(tmp_path) == [], name


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("persistence", "- How often: {{ event.persistence }}"),
        ("decided_by", "Agreed by {{ event.approved_by }}; decided by {{ event.decided_by }}."),
        ("appeal", "{{ parts.appealing() }}\n\nWe can help you to appeal."),
        ("support", "Speak to somebody you trust."),
        ("subject", "No review for now ({{ reference }})"),
    ],
)
def test_a_block_may_be_worded_anew_with_all_its_facts(name: str, body: str, tmp_path: Path) -> None:
    assert codes(write(tmp_path, block(name, body))) == []


@pytest.mark.parametrize(
    ("name", "body", "names"),
    [
        ("decided_by", "Decided by {{ event.decided_by }}.", "{{ event.approved_by }}"),
        ("harm", "{% if event.harm %}- Harm: {{ event.harm }}{% endif %}", "{{ event.harm }}"),
        ("harm", "{# {{ super() }} #}", "{{ super() }}"),
        ("harm", "{% if representing %}{{ super() }}{% endif %}", "{{ super() }}"),
        ("harm", "{{ self.adequacy() }}", "{{ event.harm }}"),
        ("harm", "{{ event.persistence }}", "{{ event.harm }}"),
        ("harm", "{% raw %}{{ super() }}{% endraw %}", "{{ super() }}"),
        ("body", "We will not hold a review. {{ event.harm }}", "{{ super() }}"),
        ("decision", "We will not.", "{{ super() }}"),
    ],
)
def test_a_block_that_leaves_a_fact_out_is_told_which(name: str, body: str, names: str, tmp_path: Path) -> None:
    ((finding),) = wordings(write(tmp_path, block(name, body)), "dover")[1]
    assert finding.code == "wording-block-lost"
    assert names in finding.instead


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("{% block support %}x{% endblock %}", "wording-extends"),
        (block("support", "x", "L-11"), "wording-extends"),
        ("{% extends other %}{% block support %}x{% endblock %}", "wording-extends"),
        (block("suport", "x"), "wording-block-unknown"),
        (block("support", "x") + "Goodbye.", "wording-outside"),
        (block("support", "x") + "{% if x %}y{% endif %}", "wording-outside"),
        (block("support", "{% if %}"), "wording-syntax"),
    ],
)
def test_a_wording_that_would_not_be_read_as_meant_is_refused(source: str, code: str, tmp_path: Path) -> None:
    assert codes(write(tmp_path, source)) == [code]


@pytest.mark.parametrize(
    "meaning",
    [
        "{% set event = {'harm': 'none'} %}",
        "{% set event %}none{% endset %}",
        "{% for event in others %}{% endfor %}",
        "{% with event = other %}{% endwith %}",
        "{% macro event() %}{% endmacro %}",
        "{% import 'L-11.md.j2' as event %}",
        "{% from 'L-11.md.j2' import other as event %}",
    ],
)
def test_a_fact_cannot_be_given_another_meaning(meaning: str, tmp_path: Path) -> None:
    assert codes(write(tmp_path, block("harm", f"{meaning}{{{{ event.harm }}}}"))) == ["wording-fact-replaced"]


def test_a_name_of_its_own_and_one_with_the_same_meaning_are_a_wordings_to_give(tmp_path: Path) -> None:
    own = block("support", "{% set ours = contact.phone %}Phone {{ ours }}.")
    same = '{% import "_parts.md.j2" as parts with context %}\n{% set read = assessment() %}\n'
    loop = "{% for tried in read.routes %}{{ tried.title }}{% endfor %}"
    source = (
        own.replace("{% block", same + "{% block", 1) + "{% block greeting %}{{ super() }}" + loop + "{% endblock %}"
    )
    assert codes(write(tmp_path, source)) == []


@pytest.mark.parametrize(
    "front",
    [
        "",
        "{# ours #}\n",
        '{# version = "1" #}\n',
        "{#\nversion = '1'\neffective_from = 'soon'\n#}\n",
        "{#\nversion = '1'\neffective_from = 2026-01-01\nuntil = 2026-02-01\n#}\n",
    ],
)
def test_a_wording_without_its_version_and_days_is_refused(front: str, tmp_path: Path) -> None:
    write(tmp_path, block("support", "x"), front=front)
    assert codes(tmp_path) == ["wording-undated"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("L-99.md.j2", "wording-letter-unknown"),
        ("notes.txt", "wording-letter-unknown"),
        ("L-04.cy.md.j2", "wording-language"),
    ],
)
def test_a_file_that_is_no_letters_is_refused_by_its_name(name: str, code: str, tmp_path: Path) -> None:
    assert codes(write(tmp_path, block("support", "x"), name)) == [code]


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "")
    (tmp_path / "dover" / "letters" / "L-04.md.j2").write_bytes(b"\xff\xfe")
    assert codes(tmp_path) == ["file-unreadable"]


def test_the_wording_that_began_last_is_used_on_its_days(tmp_path: Path) -> None:
    spring = FRONT.replace("#}", "effective_until = 2026-06-30\n#}")
    autumn = FRONT.replace("2026-01-01", "2026-09-01").replace("2026.1", "2026.2")
    write(tmp_path, block("support", "x"), front=spring)
    write(tmp_path, block("support", "y"), "L-04@autumn.md.j2", autumn)
    good, _ = wordings(tmp_path, "dover")

    def version(day: date, council: str = "dover", kind: str = "L-04") -> str | None:
        found = chosen(good, council, kind, day)
        return found.front.version if found else None

    days = (date(2025, 12, 31), DAY, date(2026, 6, 30), date(2026, 7, 1), date(2026, 9, 1))  # Wed, Mon, Tue, Wed, Tue
    assert [version(day) for day in days] == [None, "2026.1", "2026.1", None, "2026.2"]
    assert version(DAY, council="medway") is None
    assert version(DAY, kind="L-11") is None


def test_what_the_councils_ship_is_sound() -> None:
    for id in policies.ids():
        assert beside(ROOT / "policies" / f"{id}.toml", policies.load(id)) == ()
    stockton = ROOT / "docs" / "examples" / "stockton-on-tees.toml"
    assert beside(stockton, policies.load(stockton)) == ()
    assert _kinds("policies", "dover") == ["L-01"]
    assert _kinds("docs/examples", "stockton-on-tees") == ["L-01"]


def test_each_council_has_a_colour_of_its_own() -> None:
    colours = [policies.load(id).letterhead.colour for id in policies.ids()]
    assert len(set(colours)) == len(colours)
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in colours)


@pytest.mark.parametrize("line", ['colour = "red"', 'colour = "#12345"', 'logo = "../x.png"', 'logo = "logo.svg"'])
def test_a_letterhead_that_cannot_be_printed_does_not_load(line: str, tmp_path: Path) -> None:
    text = (ROOT / "policies" / "dover.toml").read_text("utf-8")
    file = tmp_path / "dover.toml"
    file.write_text(re.sub(r"\[letterhead\]\n.*", f"[letterhead]\n{line}", text), "utf-8")
    with pytest.raises(policies.PolicyRefused, match="letterhead"):
        policies.load(file)


def test_a_logo_is_looked_for_in_the_councils_folder(tmp_path: Path) -> None:
    dover = policies.load("dover")
    dover = dover.model_copy(update={"letterhead": dover.letterhead.model_copy(update={"logo": "logo.png"})})
    (finding,) = beside(tmp_path / "dover.toml", dover)
    assert finding.code == "logo-missing"
    (tmp_path / "dover").mkdir()
    (tmp_path / "dover" / "logo.png").write_bytes(b"\x89PNG")
    assert beside(tmp_path / "dover.toml", dover) == ()
    assert logos(tmp_path) == {"dover/logo.png": "data:image/png;base64,iVBORw=="}


def _kinds(folder: str, council: str) -> list[str]:
    good: tuple[Wording, ...] = wordings(ROOT / folder, council)[0]
    return [wording.kind for wording in good]
