"""Looking at cases: the work list, one case, how a date was counted, what is chased when."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from office.faults import one_of
from starter import output

if TYPE_CHECKING:
    from domain.case import Stage
    from office.case_view import CaseView
    from office.operations.standstill import Standstill
    from register.letter_rows import LetterRow
    from register.likeness import Like
    from register.pending_acts import PendingAct
    from register.queries import CaseRow

_PANEL = "Cases"
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Reference = Annotated[str, typer.Argument(metavar="REF", help="A case's reference, such as DOV-2026-0001.")]


def add_to(app: typer.Typer) -> None:
    app.command("cases", rich_help_panel=_PANEL)(cases)
    for command in (show, explain, chases):
        app.command(command.__name__, rich_help_panel=_PANEL)(command)


def cases(
    due_within: Annotated[
        int | None, typer.Option(metavar="N", min=0, max=400, help="Due in N working days, or overdue.")
    ] = None,
    council: Annotated[str | None, typer.Option(metavar="ID", help="Of one council's policy.")] = None,
    stage: Annotated[str | None, typer.Option(metavar="STAGE", help="At a stage, as in follow-up.")] = None,
    json: Json = False,
) -> None:
    """The cases, those with the greatest risk first, then by what falls due, with what each waits for."""
    cases = asyncio.run(_cases(due_within, council, _stage(stage) if stage else None))
    if json:
        output.as_json([_row_json(row) for row in cases])
        return
    if not cases:
        output.say("No case matches." if due_within is not None or council or stage else "There are no cases yet.")
        return
    rows = [
        (
            row.reference,
            row.stage.value,
            output.day(row.next_due),
            _flag(row),
            row.must_act.replace("_", " "),
            output.day(row.own_day),
        )
        for row in cases
    ]
    output.table(["Case", "Stage", "Next due", "Late", "Must act", "Its day"], rows)
    print()
    output.say(f"{len(cases)} {'case' if len(cases) == 1 else 'cases'}. `casereview show REF` has the rest.")
    if any(row.demo for row in cases):
        output.say("A demonstration case has a day of its own, by which it is late or not.")


def show(reference: Reference, json: Json = False) -> None:
    """One case: where it stands, what may be done, its dates, enquiries, letters and timeline."""
    from starter.commands import case_page

    view, sent, left, still, alike = asyncio.run(_shown(reference))
    if json:
        output.as_json(case_page.as_json(view, sent, left, alike) | {"stuck": still.words if still else ""})
    else:
        case_page.show(view, sent, left, still, alike)


def explain(
    reference: Reference,
    deadline: Annotated[
        str,
        typer.Argument(metavar="DEADLINE", help="Its name, such as response or verification:police."),
    ],
    json: Json = False,
) -> None:
    """How one date of a case was counted, day by day."""
    from starter.commands.case_page import deadline_json
    from starter.commands.plans import print_working

    view, _ = asyncio.run(one_case(reference))
    chosen = view.deadline(deadline)
    if json:
        working = [day.model_dump(mode="json") for day in chosen.working]
        output.as_json({"reference": view.reference} | deadline_json(chosen) | {"working": working})
        return
    output.heading(f"{view.reference}, {chosen.title}: {output.day(chosen.due)} ({chosen.state})")
    print()
    output.own_day(view.stored.row.own_day)
    print_working(chosen)


def chases(reference: Reference, json: Json = False) -> None:
    """What would be chased when, if nothing else happened: a dry run."""
    from domain.chasing import chasers
    from office.timeline import party

    view, _ = asyncio.run(one_case(reference))
    waiting = chasers(view.case, view.deadlines, view.today) if view.stored.numbered else ()
    if json:
        output.as_json([call.model_dump(mode="json") for call in waiting])
        return
    if not waiting:
        output.say(f"Nobody is to be chased in {view.reference}.")
        return
    rows = [
        (
            output.day(max(call.on, view.today)),
            call.rung.replace("_", " "),
            party(call.to, view.policy),
            call.title,
            output.day(call.due),
        )
        for call in waiting
    ]
    output.own_day(view.stored.row.own_day)
    output.table(["On", "What", "To", "About", "Due"], rows)


async def _cases(due_within: int | None, council: str | None, stage: Stage | None) -> list[CaseRow]:
    from domain.calendar import LONDON
    from office.case_view import register
    from policies import ids
    from register import queries

    today = datetime.now(LONDON).date()
    async with register() as database:
        rows = await queries.cases(database, council=council, stage=stage, due_within=due_within, today=today)
        if council and not rows:
            known = {row.council for row in await queries.cases(database, today=today)} | set(ids())
            if council not in known:
                raise one_of("council", council, sorted(known))
        return rows


async def _shown(
    reference: str,
) -> tuple[CaseView, list[LetterRow], list[PendingAct], Standstill | None, tuple[Like, ...]]:
    from office.case_view import register, view
    from office.operations import standstill
    from register import likeness, pending_acts, queries

    async with register() as database:
        viewed = await view(database, reference)
        left = await pending_acts.of_case(database, viewed.reference)
        begun = viewed.stored.row.started and not viewed.stored.row.stage.over
        still = await standstill.looked_up(viewed.reference) if begun else None
        alike = await likeness.of_case(database, viewed.stored)
        return viewed, await queries.letters(database, viewed.reference), left, still, alike


async def one_case(reference: str) -> tuple[CaseView, list[LetterRow]]:
    """A case and its letters, in the order they were written."""
    from office.case_view import register, view
    from register import queries

    async with register() as database:
        viewed = await view(database, reference)
        return viewed, await queries.letters(database, viewed.reference)


def _stage(given: str) -> Stage:
    from domain.case import Stage

    plain = {stage.value.replace("-", " "): stage for stage in Stage}
    wanted = " ".join(given.lower().replace("-", " ").replace("_", " ").split())
    if wanted not in plain:
        raise one_of("stage", given, [stage.value for stage in Stage])
    return plain[wanted]


def _flag(row: CaseRow) -> str:
    return "yes" if row.breached and not row.stage.over else ""


def _row_json(row: CaseRow) -> dict[str, object]:
    from domain import risk

    level = risk.level(row.risk)
    return {
        "reference": row.reference,
        "council": row.council,
        "version": row.policy_version,
        "made_at": row.made_at,
        "stage": row.stage.value,
        "waiting": row.waiting,
        "must_act": row.must_act,
        "next_due": row.next_due,
        "next_step": row.next_kind,
        "next_title": row.next_title,
        "breached": row.breached,
        "risk": level.value if level else "",
        "officer": row.officer,
        "demo": row.demo,
        "started": row.started,
        "as_of": row.as_of,
        "closed_at": row.closed_at,
    }
