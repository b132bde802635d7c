"""Taking an application in."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from starter import output

if TYPE_CHECKING:
    from domain.application import Application, ApplicationForm
    from domain.calendar import Calendar
    from domain.deadlines import Deadline
    from domain.policy import Policy
    from office.taking_in import TakenIn
    from register.likeness import Like


def add_to(app: typer.Typer) -> None:
    app.command("apply", rich_help_panel="Cases")(apply)


def apply(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The application, JSON or TOML.")],
    policy: Annotated[
        str, typer.Option("--policy", "-p", metavar="POLICY", help="A policy's id, or the path of its file.")
    ],
    made_at: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="When it reached the council; replaces the file's."),
    ] = None,
    demo: Annotated[bool, typer.Option("--demo", help="A demonstration: its clock can be moved on.")] = False,
    by: Annotated[
        str | None, typer.Option(metavar="NAME", help="The officer who takes it in for the applicant.")
    ] = None,
    id: Annotated[str | None, typer.Option("--id", metavar="ID", help="The same id twice is one application.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Take an application in and start its case."""
    from domain.application import carried
    from domain.calendar import LONDON
    from office.bank_holidays import snapshot
    from policies import load
    from starter.commands.files import form, instant

    chosen = load(policy)
    now = datetime.now(LONDON)
    if made_at is not None:
        made_at = instant(made_at, "--made-at").isoformat()
    application, made = form(file, made_at=made_at, now=now)
    _held_in_force(chosen, made.astimezone(LONDON).date())
    calendar = snapshot(now.date(), closures=chosen.calendar.closed)
    taken_in, alike = asyncio.run(_take_in(application, chosen, calendar, by, demo, id, now))
    reference = taken_in.reference
    taken = carried(application, "P1", "P2" if application.representative else "")
    dates = _first_dates(chosen, calendar, taken, made, now)
    if json:
        output.as_json(_json(taken_in, chosen, made, demo, taken, dates, alike))
    else:
        _print(reference, chosen, made, taken, dates, alike)
        if not taken_in.begun:
            output.say("Temporal does not answer: the application is kept, and its case begins with the next sweep.")


def _held_in_force(policy: Policy, day: date) -> None:
    from domain.calendar import words
    from office.faults import WrongInput

    first, last = policy.effective_from, policy.effective_to
    if day < first:
        when = f"takes effect on {words(first)}"
    elif last and day > last:
        when = f"ended on {words(last)}"
    else:
        return
    raise WrongInput(
        f"The policy {policy.id} {policy.version} {when}; "
        f"give the one that was in force when the application was made, {words(day)}."
    )


async def _take_in(
    form: ApplicationForm,
    policy: Policy,
    calendar: Calendar,
    by: str | None,
    demo: bool,
    id: str | None,
    now: datetime,
) -> tuple[TakenIn, Sequence[Like]]:
    from connection.settings import Settings
    from domain.events import Actor, Role
    from office.connected import Office
    from office.taking_in import TakenIn, begun, kept
    from register.likeness import like

    actor = Actor(role=Role.OFFICER, name=by) if by else Actor(role=Role.APPLICANT)
    async with Office.open(Settings.load()) as office:
        start = await kept(office, form, policy, by=actor, key=id or "", demo=demo, calendar=calendar, now=now)
        alike = await like(office.database, policy.id, (form.applicant,), besides=start.reference)
        return TakenIn(start, await begun(office, start)), alike


def _first_dates(
    policy: Policy, calendar: Calendar, application: Application, made_at: datetime, now: datetime
) -> tuple[Deadline, ...]:
    from domain.deadlines import plan
    from domain.events import Actor, ApplicationMade, Event, Role

    made = ApplicationMade(application=application, made_at=made_at)
    event = Event(id="001", at=now, by=Actor(role=Role.APPLICANT), what=made)
    return plan(policy, calendar, (event,), now)


def _json(
    taken_in: TakenIn,
    policy: Policy,
    made_at: datetime,
    demo: bool,
    application: Application,
    dates: Sequence[Deadline],
    alike: Sequence[Like],
) -> dict[str, object]:
    from starter.commands.plans import deadline_json

    return {
        "reference": taken_in.reference,
        "begun": taken_in.begun,
        "policy": policy.id,
        "version": policy.version,
        "made_at": made_at,
        "demo": demo,
        "missing": list(application.missing),
        "like": alike[0].reference if alike else None,
        "deadlines": [deadline_json(deadline) for deadline in dates],
    }


def _print(
    reference: str,
    policy: Policy,
    made_at: datetime,
    application: Application,
    dates: Sequence[Deadline],
    alike: Sequence[Like],
) -> None:
    from office.deadline_words import limit

    print(output.bold(reference))
    print()
    output.say(f"{policy.identity.council} has the application, made {output.moment(made_at)}.")
    if application.missing:
        wanted = " and ".join(application.missing)
        output.say(f"The applicant will be asked for {wanted}; the application keeps its date.")
    for other in alike:
        output.say(
            f"It looks like {other.reference}, {other.stage}: {other.words}. "
            f"`casereview link-case {reference} --other {other.reference}` has one panel review both."
        )
    print()
    rows = [(deadline.title, output.day(deadline.due), limit(deadline)) for deadline in dates]
    output.table(["First dates", "Due", "Counted"], rows)
    print()
    output.say(f"Follow it with: casereview show {reference}")
