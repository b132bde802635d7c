"""``casereview document``: a file goes into a case, is listed there and in the console, and comes back as it was."""

import asyncio
import json
from pathlib import Path

import pytest

from register import documents
from starter.cli import run
from tests.console.office import House
from tests.register.test_media import PDF
from tests.workflows.life import Life

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]


async def test_a_file_is_added_listed_and_got_back(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CASEREVIEW_HOME", str(house.office.settings.home))
    monkeypatch.setenv("TEMPORAL_ADDRESS", house.office.client.service_client.config.target_host)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    life = await Life.begin(house.desk)

    async def told(*arguments: str) -> tuple[int, str, str]:
        code = await asyncio.to_thread(run, ["document", *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    diary = tmp_path / "diary.pdf"
    diary.write_bytes(PDF)
    reference = life.reference
    code, out, _ = await told("add", reference.lower(), str(diary), "--from", "Asha", "--about", "Diary", "--json")
    assert code == 0
    kept = json.loads(out)
    assert (kept["name"], kept["given_by"], kept["told"], kept["size"]) == ("diary.pdf", "Asha", True, len(PDF))
    assert (await life.kinds()).count("document.added") == 1
    code, out, _ = await told("list", reference)
    assert "diary.pdf" in out
    assert [one["id"] for one in json.loads((await told("list", reference, "--json"))[1])] == [kept["id"]]
    code, out, _ = await told("get", reference, kept["id"], "--to", str(tmp_path / "again.pdf"))
    assert code == 0
    assert (tmp_path / "again.pdf").read_bytes() == PDF

    code, _, err = await told("get", reference, kept["id"], "--to", str(tmp_path / "again.pdf"))
    assert (code, "is there already" in err) == (2, True)
    assert "has no document nothing" in (await told("get", reference, "nothing"))[2]
    diary.write_bytes(b"MZ" + b"\0" * 99)
    code, _, err = await told("add", reference, str(diary))
    assert (code, "a kind of file that we cannot take" in err) == (2, True)
    assert "cannot be read" in (await told("add", reference, str(tmp_path / "none")))[2]
    assert len(await documents.of_case(house.office.database, reference)) == 1
    fact = ["add-document", reference, "--document", "made-up", "--name", "x", "--media-type", "x/y", "--size", "1"]
    assert await asyncio.to_thread(run, [*fact, "--sha256", "a" * 64]) == 2
    assert "has no such document in the register" in capsys.readouterr().err
