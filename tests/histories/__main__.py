"""Lives four packaged scenarios and keeps their histories as those of this release: ``make histories``.

The histories are of invented people, in plain text, one compressed JSON file each, in a folder for each release. They
stand for the cases that were begun under it and run on under every later one, so a folder that is here is not written
again.
"""

from __future__ import annotations

import asyncio
import gzip
import sys
import tempfile
import tomllib
from pathlib import Path

from starter import scenario
from starter.life import live
from tests.workflows.life import Desk, desk_in

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SCENARIOS = ("appeal-upheld-and-remitted", "refusal-with-appeal", "withdrawal", "silent-agency")


def releases() -> list[str]:
    """The releases whose cases are kept, the first first."""
    kept = (folder.name for folder in HERE.iterdir() if folder.is_dir() and folder.name[0].isdigit())
    return sorted(kept, key=lambda release: [int(part) for part in release.split(".")])


def this_release() -> str:
    version: str = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    return version


async def keep(name: str, folder: Path, desk: Desk) -> None:
    """Live a scenario and keep its history; the same history gives the same file."""
    lived = await live(scenario.load(name), desk.office)
    history = await desk.office.handle(lived.reference).fetch_history()
    file = folder / f"{name}.json.gz"
    file.write_bytes(gzip.compress(history.to_json().encode(), mtime=0))
    print(f"{file.name}: {len(history.events)} events, {lived.situation.stage}")


async def main() -> None:
    folder = HERE / this_release()
    if folder.exists():
        sys.exit(
            f"The cases of {folder.name} are kept already and must replay as they are. Set the next version in "
            "pyproject.toml first; only before a release may its own folder be deleted and lived again."
        )
    folder.mkdir()
    with tempfile.TemporaryDirectory(prefix="casereview-") as home:
        async with desk_in(Path(home), plain=True) as (desk, _):
            for name in SCENARIOS:
                await keep(name, folder, desk)


if __name__ == "__main__":
    asyncio.run(main())
