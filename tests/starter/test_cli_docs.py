"""docs/commands.md has every command, every option and every key; and what a command does not need is not loaded."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from domain.events import acts
from starter.cli import MODULES, application, run

ROOT = Path(__file__).parents[2]
OF_EVERY_ACT = {"--by", "--role", "--file", "--id", "--preview", "--json"}


def commands(command: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    command = command or get_command(application())
    if hasattr(command, "commands"):
        for name, inner in command.commands.items():
            yield from commands(inner, (*path, name))
    else:
        yield " ".join(path), command


def section(name: str) -> str:
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    found = re.search(rf"^#{{3,4}} `{re.escape(name)}[ `].*?(?=^#|\Z)", page, re.MULTILINE | re.DOTALL)
    assert found, f"docs/commands.md has no section for {name}"
    return found.group()


@pytest.mark.parametrize(
    ("name", "command"), list(commands()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_option_of_a_command_is_documented(name: str, command: Any) -> None:
    text = section(name)
    for option in command.params:
        for flag in (*option.opts, *option.secondary_opts):
            common = name in acts() and flag in OF_EVERY_ACT
            if flag.startswith("--") and flag != "--help" and not common:
                assert re.search(rf"`{flag}[ `]", text), f"{flag} of {name} is not documented"
            elif not flag.startswith("-"):
                assert f" {option.metavar}" in text


def keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner)


@pytest.mark.parametrize(
    "arguments",
    [
        ["plan", "--policy", "dover", "--received", "2027-01-14"],
        ["policy", "check", "dover"],
        ["policy", "list"],
    ],
)
def test_every_key_of_the_json_is_documented(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*arguments, "--json"]) == 0
    text = section(" ".join(arguments[:2]) if arguments[0] == "policy" else arguments[0])
    missing = {key for key in keys(json.loads(capsys.readouterr().out)) if f"`{key}`" not in text}
    assert not missing


def test_the_command_line_finds_each_command_in_the_module_that_has_it() -> None:
    for module, names in MODULES.items():
        for name in names:
            assert name in get_command(application(name)).commands, f"{module} has no {name}"  # type: ignore[attr-defined]
    listed = {name for names in MODULES.values() for name in names} | set(acts())
    assert listed == set(get_command(application()).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["plan", "--policy", "dover", "--received", "2027-01-14"],
        ["policy", "show", "dover"],
        ["decide-threshold", "DOV-2026-0001"],
    ],
)
def test_what_needs_no_server_loads_neither_temporal_nor_the_register(arguments: list[str]) -> None:
    script = (
        "import sys\nfrom starter.cli import run\nrun(sys.argv[1:])\n"
        "print(sorted({'temporalio', 'sqlmodel', 'sqlalchemy'} & set(sys.modules)))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert ended.stdout.splitlines()[-1] == "[]"


def test_the_command_ends_with_its_code_and_everything_it_had_to_say() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "starter.cli", "plan", "--policy", "nowhere", "--received", "2027-01-14"],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == 2
    assert ended.stderr.startswith("There is no policy “nowhere”")
