"""What-if: every date of a review before there is one, and the threshold held against an application."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from office.faults import WrongInput, one_of
from starter import output

if TYPE_CHECKING:
    from domain.calendar import Calendar, ClosedDay, ReceiptDay
    from domain.deadlines import Deadline
    from domain.policy import Policy

_PANEL = "Look ahead"
_LONGEST_CLOSURE = 366
Chosen = Annotated[
    str, typer.Option("--policy", "-p", metavar="POLICY", help="A policy's id, or the path of its file.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def add_to(app: typer.Typer) -> None:
    app.command("plan", rich_help_panel=_PANEL)(plan)
    app.command("threshold", rich_help_panel=_PANEL)(threshold)


def plan(
    policy: Chosen,
    received: Annotated[str, typer.Option(metavar="DATE", help="The day, or day and time, the application arrives.")],
    extend: Annotated[
        list[str] | None, typer.Option(metavar="STEP=N", help="Extend a step by N working days. Repeatable.")
    ] = None,
    closure: Annotated[
        list[str] | None,
        typer.Option(metavar="DATE[..DATE]=NAME", help="Leave out days the council is closed. Repeatable."),
    ] = None,
    working: Annotated[
        str | None, typer.Option(metavar="STEP", help="Show how one date is counted, day by day.")
    ] = None,
    ics: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the dates as a calendar file.")] = None,
    json: Json = False,
) -> None:
    """Every date of a review received on a day, if each step ends on its last day."""
    from domain.deadlines import look_ahead
    from office.bank_holidays import snapshot
    from policies import load

    chosen = load(policy)
    arrived, with_time = _received(received)
    closures = tuple(day for text in closure or () for day in _closure(text))
    calendar = snapshot(arrived.date(), closures=(*chosen.calendar.closed, *closures))
    zero = _day_zero(chosen, calendar, arrived)
    plain = look_ahead(chosen, calendar, zero.day_zero)
    extensions = _extensions(extend or (), plain)
    deadlines = look_ahead(chosen, calendar, zero.day_zero, extend=extensions) if extensions else plain
    for step in extensions:
        others = {key: days for key, days in extensions.items() if key != step}
        first = {d.key: d.due for d in look_ahead(chosen, calendar, zero.day_zero, extend=others)}
        deadlines = tuple(d.model_copy(update={"promised": first[step]}) if d.key == step else d for d in deadlines)
    shown = _one(working, deadlines) if working else None
    given = arrived.isoformat() if with_time else arrived.date().isoformat()
    if ics:
        from starter.commands.diary import write

        write(ics, chosen, given, deadlines)
    if json:
        output.as_json(_plan_json(chosen, given, (shown,) if shown else deadlines))
    elif shown:
        _print_working(shown)
    else:
        _print_plan(chosen, zero, deadlines, extensions, bool(closures))
    if ics and not json:
        print()
        output.say(f"Written to {ics}: {len(deadlines)} dates.")


def threshold(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An application, JSON or TOML.")],
    policy: Chosen,
    json: Json = False,
) -> None:
    """Which complaints of an application count, and why. Nothing is started or kept."""
    from domain.application import carried
    from domain.calendar import LONDON
    from domain.span import SHORT
    from domain.threshold import assess
    from policies import load
    from starter.commands.files import form

    chosen = load(policy)
    application, made_at = form(file, now=datetime.now(LONDON))
    made_on = made_at.astimezone(LONDON).date()
    case = carried(application, "")
    assessment = assess(chosen, case.incidents, made_on, same_problem=case.same_problem)
    if json:
        head = {"policy": chosen.id, "version": chosen.version, "made_on": made_on}
        output.as_json(head | assessment.model_dump(mode="json"))
        return
    met = "met" if assessment.met else "not met"
    output.heading(f"{chosen.identity.council}: threshold {met}")
    output.say("", assessment.why, "")
    tried = next((route for route in assessment.routes if route.route == assessment.route), assessment.routes[0])
    output.facts(
        [
            ("Applied", output.day(made_on)),
            ("Route", f"{tried.title} ({tried.counted} counted, {tried.needed} needed)"),
            ("Apply by", output.day(assessment.nearest_expiry)),
        ]
    )
    print()
    rows = [
        (c.incident, c.happened_on.said(SHORT), c.reported_on.said(SHORT), "yes" if c.counted else "no", c.why)
        for c in assessment.complaints
    ]
    output.table(["", "Happened", "Reported", "Counts", "Why"], rows)
    for note in assessment.notes:
        output.say("", note)
    _print_routes(assessment, tried.route)


def _print_routes(assessment: Any, shown: str) -> None:
    others = [route for route in assessment.routes if route.route != shown]
    if others:
        output.heading("Other routes")
        rows = [(route.title, "met" if route.met else "not met", route.why) for route in others]
        output.table(["Route", "", "Why"], rows)
    if assessment.exclusions:
        output.heading("Published caveats")
        for exclusion in assessment.exclusions:
            print("\n".join(output.wrap(f"- {exclusion.words}", output.width(), "  ")))


def _received(given: str) -> tuple[datetime, bool]:
    from domain.calendar import LONDON
    from starter.commands.files import instant

    arrived = instant(given, "--received").astimezone(LONDON)
    with_time = len(given.strip()) > len("2027-01-14")
    first = date(2014, 10, 20)
    if not first <= arrived.date() <= date(2090, 12, 31):
        raise WrongInput(
            f"--received {arrived.date()} is outside the years the Act's procedure can have; "
            f"give a day from {first} on."
        )
    return arrived, with_time


def _day_zero(policy: Policy, calendar: Calendar, arrived: datetime) -> ReceiptDay:
    from domain.calendar import receipt

    rules = policy.calendar
    return receipt(calendar, arrived, cut_off=rules.cut_off, closed_day=rules.closed_day)


def closed_days(text: str, option: str) -> tuple[ClosedDay, ...]:
    """The days that ``DATE[..DATE]=NAME`` names. Raises WrongInput."""
    from domain.calendar import ClosedDay

    days, _, name = text.partition("=")
    first, _, last = days.partition("..")
    try:
        start = date.fromisoformat(first.strip())
        end = date.fromisoformat(last.strip()) if last else start
    except ValueError:
        raise WrongInput(
            f"{option} must be DATE=NAME or DATE..DATE=NAME, "
            f"such as 2027-12-29..2027-12-31=Christmas closure, not “{text}”."
        ) from None
    if not name.strip():
        raise WrongInput(f"{option} {days} has no name; write what the day is called, as in {days}=Christmas closure.")
    if end < start:
        raise WrongInput(f"{option} {text} ends before it starts; put the earlier day first.")
    if (end - start).days > _LONGEST_CLOSURE:
        raise WrongInput(f"{option} {text} is longer than a year; give the days the council is closed.")
    return tuple(
        ClosedDay(date=start + timedelta(days=number), name=name.strip()) for number in range((end - start).days + 1)
    )


def _closure(text: str) -> tuple[ClosedDay, ...]:
    return closed_days(text, "--closure")


def _extensions(given: Sequence[str], deadlines: Sequence[Deadline]) -> dict[str, int]:
    known = [deadline.key for deadline in deadlines]
    extensions: dict[str, int] = {}
    for text in given:
        step, _, days = text.partition("=")
        step = step.strip().replace("-", "_")
        if not days.strip().isdecimal() or not 1 <= int(days) <= 120:
            raise WrongInput(
                f"--extend must be STEP=N with N working days from 1 to 120, such as response=5, not “{text}”."
            )
        if step not in known:
            raise one_of("step", step, known)
        extensions[step] = extensions.get(step, 0) + int(days)
    return extensions


def _one(step: str, deadlines: Sequence[Deadline]) -> Deadline:
    wanted = step.replace("-", "_")
    deadline = next((deadline for deadline in deadlines if deadline.key == wanted), None)
    if deadline is None:
        raise one_of("step", step, [deadline.key for deadline in deadlines])
    return deadline


def _plan_json(policy: Policy, received: str, deadlines: Sequence[Deadline]) -> dict[str, object]:
    return {
        "policy": policy.id,
        "version": policy.version,
        "received": received,
        "deadlines": [deadline_json(deadline) for deadline in deadlines],
    }


def deadline_json(deadline: Deadline) -> dict[str, object]:
    """One date as every command prints it."""
    return {
        "step": deadline.key,
        "title": deadline.title,
        "due": deadline.due,
        "promised": deadline.promised,
        "opens": deadline.opens,
        "target": deadline.target,
        "anchor": deadline.anchor.value,
        "limit": deadline.limit,
        "source": deadline.source.model_dump(mode="json"),
        "working": [day.model_dump(mode="json") for day in deadline.working],
    }


def _print_plan(
    policy: Policy, zero: ReceiptDay, deadlines: Sequence[Deadline], extensions: dict[str, int], closed: bool
) -> None:
    from office.deadline_words import limit

    output.heading(f"{policy.identity.council}: every date, if each step ends on its last day")
    output.say("", f"Policy {policy.id} {policy.version}; {zero.why}.", "")
    rows = [
        (
            deadline.key,
            due(deadline),
            limit(deadline),
            ", ".join(deadline.source.promise) if deadline.source.says else "chosen",
        )
        for deadline in deadlines
    ]
    output.table(["Step", "Due (first)" if extensions else "Due", "Counted", "Promise"], rows)
    print()
    if any(not deadline.source.says for deadline in deadlines):
        output.say("“chosen”: the council's page gives no time; the policy says what was taken, and why.")
    _print_cautions(policy, extensions, closed)
    output.say("How one date is counted: add --working and the step.")


def _print_cautions(policy: Policy, extensions: dict[str, int], closed: bool) -> None:
    rules = policy.extensions
    stays = [step for step in extensions if step not in rules.steps]
    if stays:
        output.say(f"This policy does not let anybody move {', '.join(stays)}; shown as if it did.")
    over = [step for step, days in extensions.items() if step in rules.steps and days > rules.at_most]
    if over:
        output.say(f"This policy moves a step by {rules.at_most} working days at most: {', '.join(over)}.")
    if closed and policy.calendar.closures_count_as_working:
        output.say("Under this policy closure days count as working days; shown as if they did not.")


def due(deadline: Deadline) -> str:
    """The date and, where it moved, the first promised one under it in brackets."""
    first = f"\n({output.day(deadline.first)})" if deadline.first else ""
    return f"{output.day(deadline.due)}{first}"


def _print_working(deadline: Deadline) -> None:
    output.heading(f"{deadline.title}: {output.day(deadline.due)}")
    print()
    print_working(deadline)


def print_working(deadline: Deadline) -> None:
    """How one date was counted: what it rests on, then day by day."""
    from office.deadline_words import limit

    output.facts(
        [
            ("Counted", limit(deadline)),
            ("First promised", output.day(deadline.first) if deadline.first else ""),
            ("The page says", deadline.source.words if deadline.source.says else ""),
            ("Chosen", deadline.source.choice),
        ]
    )
    print()
    rows = [(output.day(day.date), "✓" if day.counted else "", day.why) for day in deadline.working]
    output.table(["Day", "", "Why"], rows)
