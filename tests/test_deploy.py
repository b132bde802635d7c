"""The one-shot jobs in `deploy/`, run as the compose file runs them."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from connection.server import LocalServer, temporal_command
from workflows.attributes import registration

DEPLOY = Path(__file__).parents[1] / "deploy"
NAMESPACE_SCRIPT = DEPLOY / "temporal-namespace.sh"
SCHEMA_SCRIPT = DEPLOY / "temporal-schema.sh"
SQL = {"SQL_HOST": "temporal-db", "SQL_USER": "temporal", "SQL_PASSWORD": "one"}


@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_every_script_parses(shell: str) -> None:
    for script in (NAMESPACE_SCRIPT, SCHEMA_SCRIPT):
        assert os.access(script, os.X_OK), script
        subprocess.run([shell, "-n", str(script)], check=True)


def test_the_namespace_script_names_exactly_the_search_attributes_of_the_workflows() -> None:
    listed = re.search(r"<<'ATTRIBUTES'\n(.*?)\nATTRIBUTES", NAMESPACE_SCRIPT.read_text(), flags=re.DOTALL)
    assert listed
    assert dict(line.split() for line in listed[1].splitlines()) == registration()


@pytest.mark.long
@pytest.mark.temporal
async def test_the_namespace_script_prepares_a_real_server_and_may_run_again() -> None:
    async with LocalServer(None, search_attributes={}, headless=True) as server:
        first = run_namespace_script(server.address)
        again = run_namespace_script(server.address, RETENTION="90d")
        described = temporal(server.address, "operator", "namespace", "describe", "--namespace", "casereview")
        listed = temporal(server.address, "operator", "search-attribute", "list", "--namespace", "casereview")
    assert "Namespace casereview is created; closed cases stay 365d." in first.stdout
    assert "Namespace casereview is there; closed cases stay 90d." in again.stdout
    assert "registered" not in again.stdout
    assert "2160h0m0s" in described
    found = dict(line.split() for line in listed.splitlines() if len(line.split()) == 2)
    assert registration().items() <= found.items()


@pytest.mark.long
@pytest.mark.temporal
async def test_the_namespace_script_stops_at_an_attribute_of_another_type() -> None:
    async with LocalServer(None, search_attributes={"Breached": "Keyword"}, headless=True) as server:
        result = run_namespace_script(server.address, namespace="default", check=False)
    assert result.returncode == 1
    assert "Search attribute Breached is a Keyword and must be a Bool" in result.stderr


def test_the_schema_script_creates_and_updates_both_databases(tmp_path: Path) -> None:
    result, calls = run_schema_script(tmp_path, fails_at=None)
    assert result.returncode == 0
    assert calls == [
        "temporal-db 5432 postgres12 --db temporal create",
        "temporal-db 5432 postgres12 --db temporal setup-schema -v 0.0",
        "temporal-db 5432 postgres12 --db temporal update-schema"
        " -d /etc/temporal/schema/postgresql/v12/temporal/versioned",
        "temporal-db 5432 postgres12 --db temporal_visibility create",
        "temporal-db 5432 postgres12 --db temporal_visibility setup-schema -v 0.0",
        "temporal-db 5432 postgres12 --db temporal_visibility update-schema"
        " -d /etc/temporal/schema/postgresql/v12/visibility/versioned",
    ]


def test_the_schema_script_fails_where_one_step_fails(tmp_path: Path) -> None:
    result, calls = run_schema_script(tmp_path, fails_at="update-schema")
    assert result.returncode != 0
    assert len(calls) == 3


@pytest.mark.parametrize("missing", list(SQL))
def test_the_schema_script_names_what_it_was_not_given(tmp_path: Path, missing: str) -> None:
    result, calls = run_schema_script(tmp_path, fails_at=None, without=missing)
    assert result.returncode != 0
    assert f"{missing} is not set; " in result.stderr
    assert calls == []


def run_namespace_script(
    address: str, *, namespace: str = "casereview", check: bool = True, **variables: str
) -> subprocess.CompletedProcess[str]:
    path = f"{temporal_command(None).parent}{os.pathsep}{os.environ['PATH']}"
    settings = {"PATH": path, "TEMPORAL_ADDRESS": address, "TEMPORAL_NAMESPACE": namespace, **variables}
    return subprocess.run(
        ["sh", str(NAMESPACE_SCRIPT)],
        env={"HOME": os.environ.get("HOME", "/"), **settings},
        check=check,
        capture_output=True,
        text=True,
        timeout=90,
    )


def temporal(address: str, *arguments: str) -> str:
    command = [str(temporal_command(None)), *arguments, "--address", address]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=30).stdout


def run_schema_script(
    folder: Path, fails_at: str | None, without: str = ""
) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """The schema job with a stand-in for Temporal's own tool that writes down how it was called."""
    log = folder / "calls"
    log.touch()
    tool = folder / "temporal-sql-tool"
    tool.write_text(
        f'#!/bin/sh\necho "$SQL_HOST $SQL_PORT $SQL_PLUGIN $*" >> {log}\n[ "$3" != "{fails_at or ""}" ] || exit 1\n'
    )
    tool.chmod(0o755)
    given = {name: value for name, value in SQL.items() if name != without}
    result = subprocess.run(
        ["sh", str(SCHEMA_SCRIPT)],
        env={"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", **given},
        check=False,
        capture_output=True,
        text=True,
        timeout=30,
    )
    return result, log.read_text().splitlines()
