"""A second application of the same person, and two cases linked, on the command line and a real server."""

import asyncio
import json
from pathlib import Path

import pytest

from office.bank_holidays import snapshot
from starter.cli import run
from tests.workflows.life import Life, desk_in, form

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]


async def test_a_second_application_names_the_first_and_the_two_are_linked_and_parted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    file = tmp_path / "form.json"
    file.write_text(form().model_dump_json(exclude_none=True))

    async def told(*words: str) -> str:
        code = await asyncio.to_thread(run, list(words))
        out, wrong = capsys.readouterr()
        assert code == 0, wrong
        return out

    async with desk_in(tmp_path) as (desk, server):
        monkeypatch.setenv("CASEREVIEW_HOME", str(tmp_path))
        monkeypatch.setenv("TEMPORAL_ADDRESS", server.address)
        first = json.loads(await told("apply", str(file), "--policy", "dover", "--json"))
        assert first["like"] is None
        second = json.loads(await told("apply", str(file), "--policy", "dover", "--json"))
        assert second["like"] == first["reference"] != second["reference"]
        said = await told("apply", str(file), "--policy", "dover")
        assert f"It looks like {first['reference']}" in said
        assert f"It looks like {second['reference']}" in said
        for case in (first, second):
            await Life(desk, case["reference"], snapshot()).settled()
        linked = json.loads(
            await told("link-case", first["reference"], "--other", second["reference"].lower(),
                       "--reason", "One flat troubles both.", "--json")
        )  # fmt: skip
        assert linked["also"] == [f"{second['reference']} has it too."]
        for case, other in ((first, second), (second, first)):
            await Life(desk, case["reference"], snapshot()).settled()
            shown = json.loads(await told("show", case["reference"], "--json"))
            assert shown["linked"] == [other["reference"]]
            assert other["reference"] in shown["like"]
        ended = await told("unlink-case", second["reference"], "--other", first["reference"], "--reason", "Two flats.")
        assert f"{first['reference']} has it too." in ended
        ida = tmp_path / "ida.toml"
        ida.write_text('name = "Ida Downstairs"\nemail = "ida@example.org"\npart = "supporter"\n')
        added = json.loads(await told("add-person", first["reference"], "--person", str(ida), "--json"))
        assert added["kind"] == "person.joined"
        await Life(desk, first["reference"], snapshot()).settled()
        person = f"{first['reference']}-P2"
        await told("add-person", first["reference"], "--known", person, "--part", "supporter", "--consents")
        await told("end-person", first["reference"], "--person", person, "--reason", "She has moved.")
