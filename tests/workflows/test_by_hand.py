"""Acts written by hand or sent by another program, as docs/signals.md shows: the case takes them as any other."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest

from connection.codec_server import CodecServer
from connection.server import temporal_command
from tests.workflows.life import CHAIR, OFFICER, Desk, Life
from tests.workflows.past import at_panel
from tests.workflows.test_strangers import HELD, address, refused

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]

ROOT = Path(__file__).parents[2]


async def decided(life: Life) -> None:
    await life.until(lambda now: now.stage == "plan with the applicant")
    assert (await life.event("panel.held")).by == CHAIR
    assert refused(await life.settled()) == []


async def test_a_chair_decides_from_another_program_as_the_documents_show(desk: Desk) -> None:
    life = await at_panel(desk)
    on = (await life.event("panel.arranged")).what.on
    await life.on(on)
    settings = desk.office.settings
    program = await asyncio.create_subprocess_exec(
        sys.executable, ROOT / "docs/examples/record_decision.py", life.reference, CHAIR.name, on.isoformat(),
        env={"CASEREVIEW_HOME": str(settings.home), "TEMPORAL_ADDRESS": address(desk)},
    )  # fmt: skip
    assert await program.wait() == 0
    await decided(life)


async def test_a_chair_decides_by_the_temporal_command_as_the_documents_show(desk: Desk) -> None:
    life = await at_panel(desk)
    on = (await life.event("panel.arranged")).what.on
    await life.on(on)
    written = {
        "case": life.reference,
        "act": "record-panel-decision",
        "by": {"role": "chair", "name": CHAIR.name},
        "what": {"on": on.isoformat(), "findings": "Heard.", "recommendations": [{"to": "police", "text": "Visit."}]},
    }
    async with CodecServer(desk.office.settings.key_ring(), []) as codec:
        code, said = await temporal(desk, codec, "signal", life.reference, "record-panel-decision", written)
        assert code == 0, said
        await decided(life)
        code, said = await temporal(desk, codec, "signal", life.reference, "withdraw", HELD)
        assert code != 0
        assert "Only an act that names its case is sealed here" in said
    assert await life.stage() == "plan with the applicant"


async def test_an_officer_writes_a_note_by_the_temporal_command_under_an_id_of_their_own(desk: Desk) -> None:
    life = await Life.begin(desk)
    note = {
        "case": life.reference, "act": "add-note", "id": "by-hand-1", "by": {"role": "officer", "name": OFFICER.name},
        "what": {"text": "Written by hand."},
    }  # fmt: skip
    async with CodecServer(desk.office.settings.key_ring(), []) as codec:
        for id, words in (("another", "sealed for another id"), ("by-hand-1", "note.added")):
            _, said = await temporal(desk, codec, "update", life.reference, "add-note", note, "--update-id", id)
            assert words in said
    assert (await life.event("note.added")).id == "by-hand-1"


async def temporal(
    desk: Desk, codec: CodecServer, how: str, reference: str, name: str, written: object, *more: str
) -> tuple[int | None, str]:
    """The `temporal` command as the documents show it; its code, and what it said."""
    verb = ("signal",) if how == "signal" else ("update", "execute")
    command = await asyncio.create_subprocess_exec(
        temporal_command(), "workflow", *verb, "--workflow-id", reference, "--name", name,
        "--input", json.dumps(written), "--codec-endpoint", codec.address, "--address", address(desk),
        "--disable-config-file", "--command-timeout", "10s", *more,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await command.communicate()
    return command.returncode, said.decode()
