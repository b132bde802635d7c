"""`casereview operations` tells what it can when half of the service is down, in words and as JSON."""

import json
from pathlib import Path

import pytest

from office.operations.finding import MEANINGS, Kind
from starter.cli import run


def test_with_temporal_down_it_says_so_with_what_to_do_and_looks_at_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CASEREVIEW_HOME", str(tmp_path))
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")
    assert run(["operations"]) == 0
    told = capsys.readouterr()
    meaning = MEANINGS[Kind.TEMPORAL_DOWN]
    words = " ".join(told.out.split())
    assert f"{meaning.title} {meaning.means} {meaning.do}" in words
    assert max(map(len, told.out.splitlines())) <= 80
    assert run(["operations", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [(one["kind"], one["runbook"]) for one in found] == [("temporal_down", meaning.heading)]
