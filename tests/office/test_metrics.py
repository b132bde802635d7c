"""The figures for Prometheus, and that alerts, board and runbook speak of figures and headings that are there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import pytest
import yaml
from sqlalchemy import text

import worker
from activities.taking_up import keep_sweeping
from connection.client import connect, measured
from connection.ports import PortTaken, free_port
from connection.server import LocalServer
from connection.settings import Settings
from domain import events as e
from office import acting
from office.connected import Office
from office.operations import metrics
from office.operations.finding import MEANINGS, Kind
from office.operations.lookout import Lookout
from register.database import Database
from starter.inbox import Inbox
from tests.console.office import NO_CERTIFICATES
from tests.register.fresh import with_tables
from tests.workflows.life import OFFICER, Desk, Life
from tests.workflows.town import eventually
from workflows.attributes import registration
from workflows.file import CaseFile

ROOT = Path(__file__).parents[2]
DEPLOY, RUNBOOK = ROOT / "deploy", ROOT / "docs" / "runbook.md"
RULES = yaml.safe_load((DEPLOY / "prometheus-alerts.yaml").read_text("utf-8"))["groups"][0]["rules"]
BOARD = json.loads((DEPLOY / "grafana-board.json").read_text("utf-8"))
PERSONAL = ("Asha", "Quarry", "example.org", "Sam Officer", "DOV-2026")


def named(expression: str) -> set[str]:
    """The figures that an expression asks for."""
    return set(re.findall(r"\b(?:casereview|temporal)_[a-z_]+", re.sub(r'"[^"]*"', "", expression)))


def asked() -> Iterator[str]:
    for rule in RULES:
        yield from named(rule["expr"])
    for panel in BOARD["panels"]:
        for target in panel["targets"]:
            assert named(target["expr"]), panel["title"]
            yield from named(target["expr"])


def headings() -> set[str]:
    found = re.findall(r"(?m)^#+ (.+)$", RUNBOOK.read_text("utf-8"))
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in found}


def test_each_kind_of_finding_has_its_alert_and_each_alert_its_heading_in_the_runbook() -> None:
    expressions = " ".join(rule["expr"] for rule in RULES)
    assert [kind for kind in Kind if f'kind="{kind.value}"' not in expressions] == []
    assert set(MEANINGS) == set(Kind)
    links = [rule["annotations"]["runbook_url"] for rule in RULES]
    assert [link for link in links if link.rpartition("#")[2] not in headings()] == []
    assert {MEANINGS[kind].heading for kind in Kind} <= headings()


def test_the_alert_rules_are_rules() -> None:
    promtool = shutil.which("promtool")
    if promtool:
        subprocess.run([promtool, "check", "rules", str(DEPLOY / "prometheus-alerts.yaml")], check=True, timeout=60)
        subprocess.run([promtool, "check", "config", str(DEPLOY / "prometheus.yml")], check=True, timeout=60)
    names = [rule["alert"] for rule in RULES]
    assert len(set(names)) == len(names)
    for rule in RULES:
        assert set(rule) == {"alert", "expr", "for", "labels", "annotations"}
        assert re.fullmatch(r"\d+[mh]", rule["for"])
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert rule["annotations"]["summary"]
        assert rule["annotations"]["description"].endswith(".")


@pytest.mark.long
@pytest.mark.temporal
async def test_every_figure_that_is_asked_for_is_in_a_real_scrape_and_none_says_who(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with (
        LocalServer.of(Settings(home=tmp_path, temporal_port=0, ui_port=0), registration(), headless=True) as server,
        Inbox(tmp_path / "mail", 0, 0) as inbox,
    ):
        host, port = inbox.smtp_address
        ports = {"metrics_port": free_port(), "temporal_metrics_port": free_port()}
        settings = Settings(home=tmp_path, smtp_host=host, smtp_port=port, **ports)
        settings.key_ring().make()
        client = await connect(settings, address=server.address, runtime=measured(settings))
        with pytest.raises(PortTaken, match="CASEREVIEW_TEMPORAL_METRICS_PORT"):
            measured(settings)
        async with Database(with_tables(settings.register_url)) as database:
            desk = Desk(Office(settings, client, database), inbox)
            async with worker.running(client, database, settings):
                await keep_sweeping(client, settings.task_queue)
                life = await Life.begin(desk)
                async with database.writing() as session:
                    await (await session.connection()).execute(text("UPDATE cases SET demo = 0"))
                await broken(desk, life, monkeypatch)
            async with (
                metrics.served(Lookout(desk.office)) as served,
                httpx.AsyncClient(verify=NO_CERTIFICATES) as http,
            ):
                scraped = {"": ""}

                async def whole() -> bool:
                    own = await http.get(f"http://127.0.0.1:{served}/metrics")
                    sdk = await http.get(f"http://127.0.0.1:{ports['temporal_metrics_port']}/metrics")
                    scraped[""] = own.text + sdk.text
                    return "casereview_open_cases{" in own.text

                await eventually(whole)
                with pytest.raises(PortTaken, match="CASEREVIEW_METRICS_PORT"):
                    async with metrics.served(Lookout(desk.office)):
                        pass
    there = {line.partition("{")[0].partition(" ")[0] for line in scraped[""].splitlines() if line[:1] not in ("#", "")}
    assert sorted(set(asked()) - there) == []
    assert 'casereview_open_cases{council="dover",stage="verifying reports"} 1.0' in scraped[""]
    assert 'casereview_findings{kind="case_halted"}' in scraped[""]
    assert not [word for word in PERSONAL if word in scraped[""]]


async def broken(desk: Desk, life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    """An activity and a workflow task that fail, so that their counters begin."""
    refuses = (
        "CREATE TRIGGER refuses BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'no room'); END",
        "DROP TRIGGER refuses",
    )
    for statement in refuses:
        async with desk.office.database.writing() as session:
            await (await session.connection()).execute(text(statement))
        if statement is refuses[0]:
            acting.certain(await acting.act(desk.office, life.reference, e.NoteAdded(text="Quarry Lane."), OFFICER))
            await eventually(lambda: _tried_again(life))
    await life.settled()

    def fails(self: CaseFile, now: object) -> None:
        raise TypeError("Asha Example")

    monkeypatch.setattr(CaseFile, "replan", fails)
    await acting.act(desk.office, life.reference, e.NoteAdded(text="Again."), OFFICER)


async def _tried_again(life: Life) -> bool:
    described = await life.desk.office.handle(life.reference).describe()
    return any(one.attempt > 1 for one in described.raw_description.pending_activities)
