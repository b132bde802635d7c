"""How a policy is loaded, and how one that cannot be is refused."""

import re
from pathlib import Path

import pytest

import policies
from domain.lint import Severity


def test_an_unknown_id_is_told_the_known_ones_in_one_sentence() -> None:
    with pytest.raises(policies.PolicyRefused) as refused:
        policies.load("dovr")
    assert str(refused.value).startswith("There is no policy “dovr”: give one of dover, folkestone-and-hythe,")
    assert "\n" not in str(refused.value)


def test_a_policy_may_be_given_as_a_file(tmp_path: Path) -> None:
    assert policies.load(_copy(tmp_path)).id == "dover"
    assert policies.load(str(_copy(tmp_path))).id == "dover"


def test_a_file_that_is_not_there_is_said_to_be_so(tmp_path: Path) -> None:
    policy, (finding,) = policies.read(tmp_path / "none.toml")
    assert policy is None
    assert (finding.code, finding.severity) == ("file-unreadable", Severity.ERROR)
    with pytest.raises(policies.PolicyRefused, match="cannot be read"):
        policies.load(tmp_path / "none.toml")


def test_a_file_that_is_not_text_is_said_to_be_so(tmp_path: Path) -> None:
    file = tmp_path / "bytes.toml"
    file.write_bytes(b"\xff\xfe")
    assert policies.read(file)[1][0].code == "file-unreadable"


def test_bad_toml_names_the_line(tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text('id = "x"\nversion = \n')
    policy, (finding,) = policies.read(file)
    assert policy is None
    assert finding.code == "toml-syntax"
    assert "line 2" in finding.says


def test_every_wrong_field_gets_one_line_with_its_path(tmp_path: Path) -> None:
    file = _copy(tmp_path)
    text = file.read_text()
    text = text.replace('anchor = "verification_asked"', 'anchor = "asked"').replace('phone = "01304 872220"\n', "")
    text = text.replace("minimum = 3", "minimum = 3\nmaximum = 9").replace('promise = ["DOV-01"], says = ', "note = ")
    file.write_text(text)
    with pytest.raises(policies.PolicyRefused) as refused:
        policies.load(file)
    first, *lines = str(refused.value).splitlines()
    assert first.endswith("does not load:")
    assert any(line.startswith("steps[2].clocks[0].anchor: This should be 'received', ") for line in lines)
    assert any(line.startswith("contact.phone: This field is missing. Add `phone`.") for line in lines)
    assert any(line.startswith("routes[0].maximum: There is no such field. Take `maximum` out") for line in lines)
    assert all(": " in line for line in lines)
    assert {finding.code for finding in refused.value.findings} == {"field"}
    assert len(lines) == 4


def test_a_source_without_words_is_refused_in_words(tmp_path: Path) -> None:
    file = _copy(tmp_path)
    file.write_text(
        re.sub(r'source = \{ promise = \["DOV-01"\].*\}', 'source = { promise = ["DOV-01"] }', file.read_text())
    )
    policy, (finding,) = policies.read(file)
    assert policy is None
    assert finding.where == "identity.source"
    assert finding.says.startswith("A source needs what the page `says`")


def test_a_policy_that_breaks_the_act_does_not_load_and_says_what_to_write(tmp_path: Path) -> None:
    file = _copy(tmp_path)
    file.write_text(file.read_text().replace("minimum = 3", "minimum = 4"))
    with pytest.raises(policies.PolicyRefused, match="minimum = 3"):
        policies.load(file)
    policy, findings = policies.read(file)
    assert policy
    assert [finding.code for finding in findings if finding.severity is Severity.ERROR] == ["floor-above-three"]


def test_a_doubtful_policy_loads() -> None:
    assert policies.load("kent-district").contact


def _copy(folder: Path) -> Path:
    file = folder / "copy.toml"
    file.write_text((Path(policies.__file__).parent / "dover.toml").read_text(encoding="utf-8"), encoding="utf-8")
    return file
