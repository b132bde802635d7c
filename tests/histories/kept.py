"""The cases that each release keeps: invented people, in plain text, lived once under it and replayed ever after."""

from __future__ import annotations

import gzip
import json
import tomllib
from functools import cache
from pathlib import Path

from temporalio.client import WorkflowHistory

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
COMMANDS = "commands.json"


def releases() -> list[str]:
    """The releases whose cases are kept, the first first."""
    kept = (folder.name for folder in HERE.iterdir() if folder.is_dir() and folder.name[0].isdigit())
    return sorted(kept, key=lambda release: [int(part) for part in release.split(".")])


def this_release() -> str:
    version: str = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    return version


def cases(release: str) -> list[str]:
    """The names of a release's cases."""
    return sorted(path.name.removesuffix(".json.gz") for path in (HERE / release).glob("*.json.gz"))


@cache
def history(release: str, name: str) -> WorkflowHistory:
    """One case as it was lived."""
    text = gzip.decompress((HERE / release / f"{name}.json.gz").read_bytes()).decode()
    return WorkflowHistory.from_json(f"{release}/{name}", text)


def commands(release: str) -> dict[str, list[str]]:
    """What the code of a release commanded, a line for each command, by the case's name; what is kept of it."""
    file = HERE / release / COMMANDS
    found: dict[str, list[str]] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    return found
