"""What is shipped: packages, locks, the commands that install and check them, and what no file may hold."""

import ast
import importlib
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
DATA = {"templates"}
NOT_SHIPPED = {"tests", "bench", "docs", "deploy", "requirements"}
LOCKS = ("runtime", "notify", "otel", "local", "dev")

PINNED = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>[^\s;]+)")
LOCKED = re.compile(
    r"(?P<name>[a-z0-9-]+)==(?P<version>\S+)(?: ; [^\\]+)? \\\n"
    r"(?:    --hash=sha256:[0-9a-f]{64}(?: \\\n|\n))+"
)

REGISTRY = re.compile(
    r"(?i)://[^/\s]*(pypi|pythonhosted|npmjs|yarnpkg|debian\.org|artifactory|nexus\.)"
    r"|--(extra-)?index-url[ =]|--find-links[ =]"
)
MACHINE = re.compile(r"(?<![\w.~$}])/(?:root|work|home/[a-z]\w*|Users/\w+|tmp/[a-z]\w*/|opt/(?!venv)\w+)/")
CREDENTIALS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_\w{36}\b|\bxox[abp]-\w{10,}"
    r"|://[^\s/:@\"'{}<>]+:[^\s/@\"'{}<>$]+@(?!localhost|127\.0\.0\.1|host\b)"
)


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(requirements: list[str]) -> dict[str, str]:
    """Name to version of each direct dependency; every one is pinned to one version."""
    found = {}
    for requirement in requirements:
        match = PINNED.fullmatch(requirement)
        assert match, f"{requirement} is not pinned to one version"
        found[normal(match["name"])] = match["version"]
    return found


def direct(lock: str) -> dict[str, str]:
    extras = PROJECT["project"]["optional-dependencies"]
    wanted = pins(PROJECT["project"]["dependencies"])
    if lock in ("local", "dev"):
        wanted |= pins(extras["local"])
    if lock in ("notify", "dev"):
        wanted |= pins(extras["notify"])
    if lock in ("otel", "dev"):
        wanted |= pins(extras["otel"])
    if lock == "dev":
        wanted |= pins(
            [requirement for requirement in extras["dev"] if requirement != "asb-case-review[local,notify,otel]"]
        )
    return wanted


def lock_text(lock: str) -> str:
    return (ROOT / "requirements" / f"{lock}.txt").read_text()


def locked(lock: str) -> dict[str, str]:
    return {match["name"]: match["version"] for match in LOCKED.finditer(lock_text(lock))}


def shipped() -> list[str]:
    names: list[str] = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]
    return names


def own_files() -> Iterator[tuple[Path, str]]:
    """Every text file that is or would be committed, with its text."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in sorted(set(filter(None, listed.split("\0")))):
        path = ROOT / name
        if path.is_file():
            try:
                yield path.relative_to(ROOT), path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue


@pytest.fixture(scope="module")
def texts() -> dict[Path, str]:
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("left out: what no committed file may hold; run it with git installed, in a git clone")
    return dict(own_files())


def hits(texts: dict[Path, str], pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path}:{number}: {line.strip()[:100]}"
        for path, text in texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_names_a_package_registry(texts: dict[Path, str]) -> None:
    assert hits(texts, REGISTRY) == []


def test_no_file_names_a_path_of_the_machine_it_was_written_on(texts: dict[Path, str]) -> None:
    assert hits(texts, MACHINE) == []


def test_no_file_holds_a_secret(texts: dict[Path, str]) -> None:
    assert hits(texts, CREDENTIALS) == []
    assert not [path for path in texts if path.name in {".env", "keys.json"} or path.suffix in {".pem", ".key"}]


def test_every_shipped_package_exists_and_every_package_is_shipped() -> None:
    for name in shipped():
        path = ROOT / name
        assert path.exists(), name
        if path.is_dir() and name not in DATA:
            assert (path / "__init__.py").is_file(), f"{name} has no __init__.py"
    found = {path.parent.name for path in ROOT.glob("*/__init__.py")} | {path.name for path in ROOT.glob("*.py")}
    assert found - NOT_SHIPPED == set(shipped()) - DATA


def test_the_checks_cover_every_shipped_package() -> None:
    code = set(shipped()) - DATA
    assert code <= set(PROJECT["tool"]["mypy"]["files"])
    assert set(PROJECT["tool"]["importlinter"]["root_packages"]) == code - {"worker.py"}


def test_the_wheel_holds_the_code_the_policies_the_templates_and_the_command(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        entry_points = archive.read(next(name for name in names if name.endswith("entry_points.txt"))).decode()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(shipped())
    for pattern in ("policies/*.toml", "policies/*/letters/*", "templates/**/*", "register/migrations/**/*.py"):
        wanted = {
            str(path.relative_to(ROOT))
            for path in ROOT.glob(pattern)
            if path.is_file() and "__pycache__" not in path.parts
        }
        assert wanted <= set(names), pattern
    assert "casereview = starter.cli:main" in entry_points


def test_the_command_leads_to_a_function() -> None:
    module, name = PROJECT["project"]["scripts"]["casereview"].split(":")
    assert callable(getattr(importlib.import_module(module), name))


@pytest.mark.parametrize("lock", [*LOCKS, "installer"])
def test_a_lock_holds_nothing_but_versions_and_hashes(lock: str) -> None:
    assert LOCKED.sub("", lock_text(lock)) == ""


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_every_direct_dependency_at_its_pinned_version(lock: str) -> None:
    assert direct(lock).items() <= locked(lock).items()


def test_the_locks_agree_and_each_holds_the_one_before() -> None:
    runtime, notify, otel, local, dev = (locked(lock) for lock in LOCKS)
    assert runtime.items() <= local.items() <= dev.items()
    assert runtime.items() <= notify.items() <= dev.items()
    assert runtime.items() <= otel.items() <= dev.items()


def test_what_installs_the_locks_is_locked_itself() -> None:
    assert pins(PROJECT["dependency-groups"]["installer"]) == locked("installer")


def test_what_builds_the_project_is_locked_too() -> None:
    assert pins(PROJECT["build-system"]["requires"]).items() <= locked("local").items()


def test_the_locks_hold_everything_the_shipped_code_imports() -> None:
    distributions = importlib.metadata.packages_distributions()
    for name in shipped():
        allowed = set(locked("local" if name == "starter" else "runtime"))
        path = ROOT / name
        for file in path.rglob("*.py") if path.is_dir() else [path]:
            for module in (
                imported(file) - set(sys.stdlib_module_names) - {top.removesuffix(".py") for top in shipped()}
            ):
                found = {normal(distribution) for distribution in distributions.get(module, [])}
                assert found & allowed, f"{file.relative_to(ROOT)} imports {module}, which is in no lock it runs with"


def test_this_environment_has_what_the_lock_says() -> None:
    for name, wanted in direct("dev").items():
        assert importlib.metadata.version(name) == wanted, name


def test_the_ci_script_runs_targets_of_the_makefile() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", str(script)], check=True)
    loop = re.search(r"^for check in (.*); do$", script.read_text(), flags=re.MULTILINE)
    assert loop
    assert loop[1].split() == ["lint", "types", "contracts", "migrations", "test-all", "test-hours"]
    assert set(loop[1].split()) <= targets()
    assert f"make {loop[1]} " in (ROOT / "README.md").read_text()


def test_make_alone_lists_every_target() -> None:
    listed = {line.split()[1] for line in make().stdout.splitlines()}
    assert listed == targets()


def test_too_old_a_python_gets_one_sentence(tmp_path: Path) -> None:
    old = tmp_path / "python"
    old.write_text('#!/bin/sh\ncase "$*" in --version) echo Python 3.9.2 ;; *version_info*) exit 1 ;; esac\n')
    old.chmod(0o755)
    result = make("up", f"PYTHON={old}", f"VENV={tmp_path / 'venv'}")
    assert result.returncode == 2
    said = [line for line in result.stderr.splitlines() if not line.startswith("make")]
    assert said == ["Python 3.9.2 is too old: install Python 3.11 or newer, or name it with make PYTHON=PATH."]
    assert not (tmp_path / "venv").exists()


def test_no_python_at_all_gets_one_sentence(tmp_path: Path) -> None:
    result = make("test", "PYTHON=no-such-python", f"VENV={tmp_path / 'venv'}")
    assert result.returncode == 2
    said = [line for line in result.stderr.splitlines() if not line.startswith("make")]
    assert said == [
        "No Python found as 'no-such-python': install Python 3.11 or newer, or name it with make PYTHON=PATH."
    ]


def test_writing_the_locks_without_uv_gets_one_sentence() -> None:
    before = {lock: lock_text(lock) for lock in LOCKS}
    result = make("lock", "UV=")
    assert result.returncode == 2
    assert "make lock needs uv" in result.stderr
    assert {lock: lock_text(lock) for lock in LOCKS} == before


def imported(file: Path) -> set[str]:
    """The top-level names of the modules that `file` imports."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def targets() -> set[str]:
    declared = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)
    assert declared
    return set(declared[1].split())


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=ROOT,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
