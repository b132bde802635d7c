"""Lives four packaged scenarios and keeps their histories here: ``make histories``.

The histories are of invented people, in plain text, one compressed JSON file each. They stand for the cases that run
when a release comes: write them anew only for a change that no running case will meet, and add to them otherwise.
"""

from __future__ import annotations

import asyncio
import gzip
import tempfile
from pathlib import Path

from starter import scenario
from starter.life import live
from tests.workflows.life import Desk, desk_in

HERE = Path(__file__).parent
SCENARIOS = ("appeal-upheld-and-remitted", "refusal-with-appeal", "withdrawal", "silent-agency")


async def keep(name: str, desk: Desk) -> None:
    """Live a scenario and keep its history; the same history gives the same file."""
    lived = await live(scenario.load(name), desk.office)
    history = await desk.office.handle(lived.reference).fetch_history()
    file = HERE / f"{name}.json.gz"
    file.write_bytes(gzip.compress(history.to_json().encode(), mtime=0))
    print(f"{file.name}: {len(history.events)} events, {lived.situation.stage}")


async def main() -> None:
    with tempfile.TemporaryDirectory(prefix="casereview-") as home:
        async with desk_in(Path(home), plain=True) as (desk, _):
            for name in SCENARIOS:
                await keep(name, desk)


if __name__ == "__main__":
    asyncio.run(main())
