"""The page Operations, and a case's own page, its command and the work list while its turn fails: never a 500."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from sqlalchemy import text

from office.operations.finding import MEANINGS, Finding, Kind
from office.operations.lookout import Look, Lookout
from starter.cli import run
from tests.console.office import House
from tests.support import clock
from tests.workflows.life import Life

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]


async def sql(house: House, *statements: str) -> None:
    async with house.office.database.writing() as session:
        connection = await session.connection()
        for statement in statements:
            await connection.execute(text(statement))


async def test_operations_managers_and_officers_see_what_was_found_with_what_it_means_and_what_to_do(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, foreign = house.reference, house.other
    look = Look(
        clock.now(),
        (
            Finding(Kind.TURN_FAILS, "Keeping what happened. Tried 9 times.", own, "dover", clock.now()),
            Finding(Kind.TURN_FAILS, "Keeping what happened. Tried 7 times.", foreign, "medway", clock.now()),
            Finding(Kind.DISK_FULL, "The disk with the register has 12 MB left."),
        ),
    )

    async def seen(self: object) -> Look:
        return look

    monkeypatch.setattr(Lookout, "now", seen)
    for who, sees in (("operations", (own, foreign)), ("manager", (own, foreign)), ("officer", (own,))):
        visitor = await house.visitor(who)
        assert (await visitor.get("/operations")).status_code == 200
        page = visitor.page.text.replace("\u00a0", " ")
        for finding in look.findings:
            shown = not finding.reference or finding.reference in sees
            assert (finding.words in page) is shown
        for kind in (Kind.TURN_FAILS, Kind.DISK_FULL):
            assert MEANINGS[kind].means in page
            assert MEANINGS[kind].do in page
    auditor = await house.visitor("auditor")
    assert (await auditor.get("/operations")).status_code == 403


async def test_who_sees_one_council_is_not_told_that_nothing_stands_still_anywhere(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def seen(self: object) -> Look:
        return Look(clock.now(), (Finding(Kind.TURN_FAILS, "Tried.", house.other, "medway", clock.now()),))

    monkeypatch.setattr(Lookout, "now", seen)
    officer = await house.visitor("officer")
    await officer.get("/operations")
    assert "For Dover District Council nothing stands still: at" in officer.page.text


async def test_a_case_whose_turn_fails_says_so_and_since_when_on_its_page_in_the_list_and_by_command(
    house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = house.office.settings
    monkeypatch.setenv("DATABASE_URL", settings.register_url)
    monkeypatch.setenv("CASEREVIEW_HOME", str(settings.home))
    monkeypatch.setenv("TEMPORAL_ADDRESS", house.office.client.service_client.config.target_host)
    life = await Life.begin(house.desk)
    visitor = await house.visitor("officer")
    await visitor.get(f"/cases/{life.reference}")
    assert "has not gone through" not in visitor.page.text
    await sql(
        house,
        "CREATE TRIGGER refuses BEFORE INSERT ON events "
        f"WHEN NEW.reference = '{life.reference}' BEGIN SELECT RAISE(ABORT, 'no room'); END",
    )
    try:
        await visitor.get(f"/cases/{life.reference}/acts/add-note")
        await visitor.send("check", text="Banging at Quarry Lane.")
        await visitor.send("confirm")
        async with asyncio.timeout(60):
            while "has not gone through" not in visitor.page.text:
                await asyncio.sleep(0.5)
                assert (await visitor.get(f"/cases/{life.reference}")).status_code == 200
        assert "What happened here has not gone through since " in visitor.page.text
        assert "The register could not be used: check its disk and its database." in visitor.page.text
        assert await asyncio.to_thread(run, ["show", life.reference]) == 0
        shown = " ".join(capsys.readouterr().out.split())
        assert "what happened here has not gone through since " in shown
        assert await asyncio.to_thread(run, ["show", life.reference, "--json"]) == 0
        assert "The register could not be used" in json.loads(capsys.readouterr().out)["stuck"]
        still: dict[str, Any] = {life.reference: Finding(Kind.TURN_FAILS, "Tried.", life.reference, "dover")}
        monkeypatch.setattr(Look, "stuck", still)
        await visitor.follow(await visitor.post("/cases/search", words=life.reference))
        assert "Stuck" in visitor.page.text
    finally:
        await sql(house, "DROP TRIGGER refuses")
    await life.settled()
    await visitor.get(f"/cases/{life.reference}")
    assert "has not gone through" not in visitor.page.text


async def test_a_case_with_a_row_that_cannot_be_read_has_a_page_that_says_so_and_its_command_a_sentence(
    house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", house.office.settings.register_url)
    life = await Life.begin(house.desk)
    path = await house.link(case=life.reference)
    await sql(
        house,
        "UPDATE events SET body = json_set(body, '$.kind', 'of another release', '$.what', 'Quarry Lane') "
        f"WHERE reference = '{life.reference}' AND seq = 2",
    )
    visitor = await house.visitor("officer")
    assert (await visitor.get(f"/cases/{life.reference}")).status_code == 200
    why = "Its event 2 (application.acknowledged) is not in a form that this version knows."
    sentence = f"This case cannot be shown. {why}"
    assert sentence in visitor.page.text
    assert "Quarry Lane" not in visitor.page.text
    assert (await visitor.get("/cases?stage=all")).status_code == 200
    stranger = await house.visitor("stranger")
    assert (await stranger.get(f"/cases/{life.reference}")).status_code in (404, 503)
    assert "acknowledged" not in stranger.page.text
    guest = await house.visitor()
    found = await guest.get(path)
    while found.status_code == 303:
        found = await guest.get(found.headers["location"])
    assert found.status_code == 503
    assert await asyncio.to_thread(run, ["show", life.reference]) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"{life.reference} cannot be read: its event 2 (application.acknowledged) is not in a form")
    assert "pydantic" not in told
    assert "Quarry Lane" not in told
