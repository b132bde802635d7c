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
SQL = {"SQL_HOST": "temporal-db", "SQL_USER": "temporal", "SQL_PASSWORD_FILE": "/dev/null"}


@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_every_script_parses(shell: str) -> None:
    for script in DEPLOY.glob("*.sh"):
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


def test_the_schema_script_reads_its_password_from_the_file(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("correct horse\n")
    tool(tmp_path / "temporal-sql-tool", f'echo "$SQL_PASSWORD" >> {tmp_path / "told"}')
    given = SQL | {"SQL_PASSWORD_FILE": str(tmp_path / "password")}
    assert run("temporal-schema.sh", path=tmp_path, **given).returncode == 0
    assert set((tmp_path / "told").read_text().splitlines()) == {"correct horse"}


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


def test_the_secrets_are_made_once_each_for_one_account_alone(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    before = os.umask(0o022)
    try:
        first = run("make-secrets.sh", str(folder), SAME_ACCOUNT="yes", TEMPORAL_DB_PASSWORD="of before")
    finally:
        os.umask(before)
    assert first.returncode == 0, first.stderr
    kept = {path.name: path.read_text() for path in folder.iterdir()}
    assert kept["temporal-db"] == kept["temporal-server"] == "of before"
    assert re.fullmatch(r"[0-9a-f]{64}", kept["register-db"])
    assert kept["register-passfile"] == f"register-db:5432:casereview:casereview:{kept['register-db']}"
    assert kept["temporal-ui"] == kept["casereview_smtp_password"] == ""
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700
    (folder / "casereview_smtp_password").write_text("mine")
    assert run("make-secrets.sh", str(folder), SAME_ACCOUNT="yes").returncode == 0
    assert (folder / "casereview_smtp_password").read_text() == "mine"
    assert (folder / "register-db").read_text() == kept["register-db"]
    (folder / "register-db").unlink()
    lost = run("make-secrets.sh", str(folder), SAME_ACCOUNT="yes")
    assert (lost.returncode, "restore both from the backup of your secrets" in lost.stderr) == (1, True)
    assert not (folder / "register-db").exists()


@pytest.mark.parametrize("image_has_one", [True, False])
def test_the_server_gets_its_password_out_of_the_file(tmp_path: Path, image_has_one: bool) -> None:
    (tmp_path / "password").write_text("correct horse\n")
    tool(tmp_path / "temporal-server", 'echo "server $* $POSTGRES_PWD $TEMPORAL_BROADCAST_ADDRESS"')
    tool(tmp_path / "own", 'echo "own $POSTGRES_PWD $TEMPORAL_BROADCAST_ADDRESS"')
    entrypoint = tmp_path / ("own" if image_has_one else "none")
    done = run(
        "temporal-server.sh", path=tmp_path, POSTGRES_PWD_FILE=str(tmp_path / "password"),
        TEMPORAL_BROADCAST_ADDRESS="192.0.2.1", ENTRYPOINT=str(entrypoint),
    )  # fmt: skip
    assert done.stdout == f"{'own' if image_has_one else 'server start'} correct horse 192.0.2.1\n"
    assert "POSTGRES_PWD_FILE is not set" in run("temporal-server.sh").stderr


def test_the_ui_gets_its_secret_out_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("correct horse\n")
    tool(tmp_path / "start-ui-server.sh", 'echo "ui $TEMPORAL_AUTH_CLIENT_SECRET"')
    done = run("temporal-ui.sh", TEMPORAL_AUTH_CLIENT_SECRET_FILE=str(tmp_path / "secret"), UI_HOME=str(tmp_path))
    assert done.stdout == "ui correct horse\n"


def test_the_digests_are_what_the_registry_says_and_a_silent_one_is_an_error(tmp_path: Path) -> None:
    tool(tmp_path / "docker", f'[ "$6" = "$SILENT" ] || echo "sha256:{"a" * 64}"')
    said = run("image-digests.sh", path=tmp_path, SILENT="", cwd=tmp_path)
    lines = dict(line.split("=", 1) for line in said.stdout.splitlines())
    example = (DEPLOY.parent / ".env.example").read_text()
    assert set(lines) == set(re.findall(r"^(\w+_DIGEST)=$", example, flags=re.MULTILINE))
    assert set(lines.values()) == {f"@sha256:{'a' * 64}"}
    failed = run("image-digests.sh", path=tmp_path, SILENT="postgres:17", POSTGRES_VERSION="17", cwd=tmp_path)
    assert failed.returncode != 0
    assert "did not name the digest of postgres:17" in failed.stderr


def tool(path: Path, does: str) -> None:
    path.write_text(f"#!/bin/sh\n{does}\n")
    path.chmod(0o755)


def run(
    script: str, *arguments: str, path: Path | None = None, cwd: Path | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    """A script of the folder, with the tools of ``path`` before the system's."""
    places = os.pathsep.join((str(path), os.environ["PATH"])) if path else os.environ["PATH"]
    command = ["sh", str(DEPLOY / script), *arguments]
    return subprocess.run(
        command, env={"PATH": places, **variables}, cwd=cwd, check=False, capture_output=True, text=True, timeout=30
    )


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
