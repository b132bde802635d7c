"""Begin the workflows of lost cases again from the register, and give the register what workflows know."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

import typer

from office.faults import WrongInput
from starter import output

if TYPE_CHECKING:
    from office.connected import Office
    from office.two_halves import Comparison, Plan

_AT_ONCE = 6
_LINES = 20


def add_to(app: typer.Typer) -> None:
    app.command("rebuild", rich_help_panel="Operations")(rebuild)


@dataclass
class Done:
    """What was done, or with ``--dry-run`` would be: a case to its words; ``left`` has a sentence for each that was
    not. ``checked``: a worker has taken up each that was begun again, and it has its dates."""

    begun: dict[str, str] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)
    checked: bool = True


def rebuild(
    reference: Annotated[str | None, typer.Argument(metavar="REF", help="One case; without it, say --all.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every case that has lost a half.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Begin the workflow of a case that Temporal has lost again from the register, and tell a register that is older
    than Temporal what the workflow knows. Without REF and --all it says what differs."""
    if reference and every:
        raise WrongInput("Give one REF, or --all, not both.")
    found, done = asyncio.run(_run(reference, every, dry_run, quiet=json))
    if json:
        output.as_json(
            {**_as_json(found), "begun": done.begun, "told": done.told, "left": done.left, "checked": done.checked}
        )
    else:
        _say(found, done, dry_run, asked=bool(reference or every))
    if done.left:
        raise typer.Exit(2)


async def _run(reference: str | None, every: bool, dry_run: bool, quiet: bool) -> tuple[Comparison, Done]:
    from connection.settings import Settings
    from office import two_halves
    from office.connected import Office

    async with Office.open(Settings.load()) as office:
        found, done = await two_halves.compared(office), Done()
        if not reference and not every:
            return found, done
        one = (reference or "").strip().upper()
        lacking = [ref for ref in dict.fromkeys((*found.register_lacks, *found.stopped)) if one in ("", ref)]
        lost = [ref for ref in found.dead if one in ("", ref)]
        if one and not lacking and not lost:
            lost = [one]
        many = len(lacking) + len(lost)
        async with _progress(quiet or dry_run, many) as step:
            work = _Work(office, done, dry_run, {lag.reference: lag.events for lag in found.behind}, step)
            await work.each(lacking, work.tell)
            await work.each(lost, work.begin)
            done.checked = not work.unchecked
        return found, done


@dataclass
class _Work:
    office: Office
    done: Done
    dry_run: bool
    behind: dict[str, int]
    step: Callable[[str], None]
    unchecked: bool = False

    async def tell(self, reference: str) -> None:
        """Give the register what a workflow knows."""
        from office import two_halves

        if self.dry_run:
            lacks = self.behind.get(reference)
            self.done.told[reference] = f"{_events(lacks)} would be kept" if lacks else "what it lacks would be kept"
            return
        back = await two_halves.brought_back(self.office, reference)
        self.done.told[reference] = f"{_events(back.events)} kept" + (f". {back.words}" if back.words else "")
        self.step(reference)

    async def begin(self, reference: str) -> None:
        """Begin a workflow again."""
        from office import two_halves

        plan = await two_halves.plan(self.office, reference)
        if self.dry_run:
            await two_halves.may_rebuild(self.office, plan)
        else:
            await two_halves.rebuilt(self.office, plan)
            await self._check(plan)
        self.done.begun[reference] = _words(plan)
        self.step(reference)

    async def _check(self, plan: Plan) -> None:
        """One is begun after the other has been taken up, so that a worker is not flooded; without one nobody waits."""
        from temporalio.service import RPCError

        from office import two_halves

        if self.unchecked:
            return
        try:
            if not await two_halves.as_planned(self.office, plan):
                self.done.left[plan.reference] = f"{plan.reference} runs again with other dates; look at it."
        except (RPCError, TimeoutError):
            self.unchecked = True

    async def each(self, references: Sequence[str], do: Callable[[str], Awaitable[None]]) -> None:
        at_once = asyncio.Semaphore(_AT_ONCE)

        async def one(reference: str) -> None:
            async with at_once:
                await self._guarded(do, reference)

        await asyncio.gather(*map(one, references))

    async def _guarded(self, do: Callable[[str], Awaitable[None]], reference: str) -> None:
        from temporalio.service import RPCError

        from activities.beginning import BegunForAnother
        from connection.time_travel import CannotTravel
        from office.two_halves import NotRebuilt
        from register.cases import UnknownCase

        try:
            await do(reference)
        except (BegunForAnother, CannotTravel, NotRebuilt, UnknownCase) as error:
            self.done.left[reference] = str(error)
        except (LookupError, ValueError) as error:
            self.done.left[reference] = f"What Temporal has of {reference} cannot be read: {error}"
        except (RPCError, TimeoutError) as error:
            self.done.left[reference] = f"{reference} did not answer ({error}); see that a worker runs, and try again."


@asynccontextmanager
async def _progress(quiet: bool, many: int) -> AsyncIterator[Callable[[str], None]]:
    """Says now and then how far it has come."""
    began, count = time.monotonic(), 0
    every = max(1, many // _LINES)

    def step(reference: str) -> None:
        nonlocal count
        count += 1
        if not quiet and many > 1 and (count % every == 0 or count == many):
            print(f"{count} of {many}: {reference} ({time.monotonic() - began:.0f} s)", flush=True)

    yield step


def _words(plan: Plan) -> str:
    due = min((d.due for d in plan.deadlines if d.running), default=None)
    parts = [plan.stage, _events(plan.events)]
    if due:
        parts.append(f"next date {output.day(due)}")
    if plan.letters:
        parts.append(f"{len(plan.letters)} {'letter' if len(plan.letters) == 1 else 'letters'} to be taken up")
    if plan.moved:
        parts.append(f"its clock goes on from {output.moment(plan.at)}")
    return ", ".join(parts)


def _events(many: int | None) -> str:
    return f"{many or 0} {'event' if many == 1 else 'events'}"


def _say(found: Comparison, done: Done, dry_run: bool, asked: bool) -> None:
    if not asked:
        _say_what_differs(found)
        return
    would = "would be begun again" if dry_run else "begun again"
    rows = [(ref, would, words) for ref, words in sorted(done.begun.items())]
    rows += [(ref, "register", words) for ref, words in sorted(done.told.items())]
    rows += [(ref, "not done", words) for ref, words in sorted(done.left.items())]
    if not rows:
        output.say("No case has lost a half: nothing is to be done.")
        return
    output.table(["Case", "What", ""], rows)
    if dry_run:
        print()
        output.say("Nothing was done.")
    elif done.begun:
        print()
        output.say(
            "Each has the dates it had: they were compared."
            if done.checked
            else "No worker answered, so the dates were not compared: start one, then run casereview rebuild."
        )


def _say_what_differs(found: Comparison) -> None:
    if found.strangers:
        output.say(
            f"Begun in Temporal without the keys of this service, and no cases: {', '.join(found.strangers)}. "
            "Terminate what runs of them, and shut the port."
        )
    if found.alike:
        output.say(f"Register and Temporal agree on every case; {found.open} are open.")
        return
    rows = [(ref, "Temporal does not know it") for ref in found.without_workflow]
    rows += [(ref, "its workflow was ended from outside") for ref in found.stopped]
    rows += [(lag.reference, "the register does not know it") for lag in found.without_case]
    rows += [(lag.reference, f"the register lacks {_events(lag.events)}") for lag in found.behind]
    rows += [(lag.reference, f"its workflow lacks {_events(lag.events)}") for lag in found.ahead]
    rows += [(ref, "Temporal has another person's case under it") for ref in found.anothers]
    output.table(["Case", "What is wrong"], sorted(rows))
    print()
    output.say("`casereview rebuild --all` mends what can be mended; with --dry-run it only says what it would do.")


def _as_json(found: Comparison) -> dict[str, Any]:
    lags = {"without_case": found.without_case, "behind": found.behind, "ahead": found.ahead}
    return {
        "open": found.open, "shared": found.shared, "without_workflow": list(found.without_workflow),
        "stopped": list(found.stopped), "anothers": list(found.anothers),
        "strangers": list(found.strangers),
        **{name: {lag.reference: lag.events for lag in some} for name, some in lags.items()},
    }  # fmt: skip
