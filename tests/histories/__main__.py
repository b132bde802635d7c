"""Lives the cases that stand for this release and keeps their histories and commands: ``make histories``.

The histories are of invented people, in plain text, one compressed JSON file each, in a folder for each release, with
what the code commanded in each in ``commands.json``. They stand for the cases that were begun under it and run on under
every later one, so what is here is not written again; a case that is missing is lived and added.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

from connection import server
from connection.ports import LOOPBACK
from domain import events as e
from starter import scenario
from starter.life import live
from tests.histories import kept
from tests.workflows.commands import commanded
from tests.workflows.life import APPLICANT, OFFICER, Desk, Life, desk_in, form
from tests.workflows.town import Post, pending
from workflows.case_review import CaseReview

SOON = "limit.historyCount.suggestContinueAsNew=60"
"""A history is called long at so many events, for the case that must go on in a new run."""


async def of_a_scenario(desk: Desk, post: Post, name: str) -> str:
    return (await live(scenario.load(name), desk.office)).reference


async def of_late_letters(desk: Desk, post: Post, name: str) -> str:
    """The mail server takes the applicant's letters a day later, and two signals come that no rule allows."""
    post.put_off.add("asha@example.org")
    life = await Life.begin(desk, "dover", form(2))
    await life.desk.office.handle(life.reference).signal("record-panel-decision", "not an act")
    await life.desk.office.handle(life.reference).signal("withdraw", {"by": {"role": "chair"}, "what": {}})
    post.put_off.clear()
    while await pending(life):
        await life.after(1)
    await life.act(e.NoteAdded(text="Rang the applicant, who has our letter now."), OFFICER)
    await life.desk.office.signal(life.reference, e.Withdrawn(reason="I have moved."), APPLICANT)
    await desk.office.handle(life.reference).result()
    return life.reference


async def of_a_second_volume(desk: Desk, post: Post, name: str) -> str:
    """The case has grown long and lives its second run, in real time."""
    life = await Life.begin(desk, "dover", demo=False)
    office = desk.office
    first = (await office.handle(life.reference).describe()).run_id
    while (await office.handle(life.reference).describe()).run_id == first:
        await life.act(e.NoteAdded(text="The officer rang the landlord."), OFFICER)
    await life.to_threshold()
    await life.act(e.ThresholdDecided(met=True, decided_by=OFFICER.name), OFFICER)
    await life.everybody_answers(e.Purpose.INFORMATION)
    return life.reference


LIVES: dict[str, Callable[[Desk, Post, str], Awaitable[str]]] = {
    "appeal-upheld-and-remitted": of_a_scenario,
    "refusal-with-appeal": of_a_scenario,
    "withdrawal": of_a_scenario,
    "silent-agency": of_a_scenario,
    "late-letters": of_late_letters,
    "second-volume": of_a_second_volume,
}


async def keep(name: str, folder: Path, desk: Desk, post: Post) -> None:
    """Live a case and keep its history; the same history gives the same file."""
    reference = await LIVES[name](desk, post, name)
    history = await desk.office.client.get_workflow_handle_for(CaseReview.run, reference).fetch_history()
    file = folder / f"{name}.json.gz"
    file.write_bytes(gzip.compress(history.to_json().encode(), mtime=0))
    print(f"{file.name}: {len(history.events)} events")


async def live_all(names: list[str], folder: Path) -> None:
    server.DYNAMIC_CONFIG = (*server.DYNAMIC_CONFIG, SOON)
    post = Post()
    async with AsyncExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="casereview-")))
        await stack.enter_async_context(post.open())
        own = {"smtp_host": LOOPBACK, "smtp_port": post.port}
        desk, _ = await stack.enter_async_context(desk_in(home, plain=True, **own))
        for name in names:
            await keep(name, folder, desk, post)


async def main() -> None:
    release = kept.this_release()
    folder = kept.HERE / release
    folder.mkdir(exist_ok=True)
    if missing := [name for name in LIVES if name not in kept.cases(release)]:
        await live_all(missing, folder)
    elif (folder / kept.COMMANDS).exists():
        sys.exit(
            f"The cases of {release} are kept already and must replay as they are. Set the next version in "
            "pyproject.toml first; only before a release may its own folder be deleted and lived again."
        )
    known = kept.commands(release)
    new = {name: await commanded(kept.history(release, name)) for name in kept.cases(release) if name not in known}
    (folder / kept.COMMANDS).write_text(f"{json.dumps(known | new, indent=1, sort_keys=True)}\n", "utf-8")


if __name__ == "__main__":
    asyncio.run(main())
