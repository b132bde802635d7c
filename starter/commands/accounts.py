"""Who may sign in to the console: make, list and close accounts, give new passwords."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from starter import output

if TYPE_CHECKING:
    from office.accounts import AccountOffice, Told
    from register.users import User

T = TypeVar("T")

ALL = "all"
_PANEL = "Operations"
_ROLES = ("officer", "approver", "manager", "operations", "auditor", "partnership")
Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The e-mail address somebody signs in with.")]
Invite = Annotated[bool, typer.Option("--invite", help="Send a link to choose the password, and print none.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def add_to(app: typer.Typer) -> None:
    users = typer.Typer(name="user", no_args_is_help=True, help="Who may sign in to the console.")
    users.command("add")(add)
    users.command("list")(list_)
    users.command("disable")(disable)
    users.command("password")(password)
    users.command("join")(join)
    users.command("open")(open_)
    users.command("invite")(invite)
    users.command("change")(change)
    users.command("second-factor")(second_factor)
    users.command("record")(record)
    app.add_typer(users, name="user", rich_help_panel=_PANEL)


def add(
    email: Email,
    name: Annotated[str, typer.Option(metavar="NAME", help="Their name, as letters and the timeline show it.")],
    role: Annotated[str, typer.Option(metavar="ROLE", help=f"One of {', '.join(_ROLES)}.")],
    council: Annotated[str, typer.Option(metavar="ID", help=f"Whose cases they see: a policy's id, or {ALL}.")],
    invite: Invite = False,
    json: Json = False,
) -> None:
    """Make an account; its password is printed once, or a link to choose one is sent."""
    given = {"name": name, "email": email, "role": role, "council": council}
    if invite:
        _told(_done(lambda office, now: office.add(**given, now=now)), json)
    else:
        _tell(*_done(lambda office, now: office.add_with_password(**given, now=now)), json)


def invite(email: Email, json: Json = False) -> None:
    """Send somebody who has no password yet a link to choose one; the link before ends."""
    _told(_done(lambda office, now: office.invite(email, now)), json)


def list_(json: Json = False) -> None:
    """The accounts, by council."""
    accounts = _done(lambda office, now: office.listed(now))
    if json:
        output.as_json(
            [
                _json(one.user) | {"invited": one.invited_until is not None, "second_factor": one.factor}
                for one in accounts
            ]
        )
        return
    if not accounts:
        output.say("Nobody has an account yet; make one with `casereview user add`.")
        return
    rows = [
        (
            one.user.email,
            one.user.name,
            one.user.role.value,
            _council(one.user),
            "" if one.state == "open" else one.state,
        )
        for one in accounts
    ]
    output.table(["E-mail address", "Name", "Role", "Council", ""], rows)


def change(
    email: Email,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="Another name.")] = None,
    role: Annotated[str | None, typer.Option(metavar="ROLE", help=f"One of {', '.join(_ROLES)}.")] = None,
    council: Annotated[str | None, typer.Option(metavar="ID", help=f"A policy's id, or {ALL}.")] = None,
    json: Json = False,
) -> None:
    """Give an account another name, role or council; it holds at once."""
    _told(_done(lambda office, now: office.change(email, name=name, role=role, council=council, now=now)), json)


def disable(email: Email, json: Json = False) -> None:
    """Close an account and sign it out everywhere; what it did stays in the cases."""
    _told(_done(lambda office, now: office.close(email, now)), json)


def password(email: Email, invite: Invite = False, json: Json = False) -> None:
    """Give an account a new password, printed once or chosen by a link, and sign it out everywhere."""
    if invite:
        _told(_done(lambda office, now: office.reset_password(email, now)), json)
        return
    told, made = _done(lambda office, now: office.set_password(email, now))
    if not json:
        output.say(told.sentence)
    _tell(told.user, made, json)


def second_factor(email: Email, json: Json = False) -> None:
    """Take somebody's second factor away, who has lost it, and sign them out everywhere."""
    _told(_done(lambda office, now: office.reset_factor(email, now)), json)


def join(email: Email, json: Json = False) -> None:
    """Let who signs in with this address at the council's provider have the account; its password ends."""
    _told(_done(lambda office, now: office.join(email, now)), json)


def open_(email: Email, json: Json = False) -> None:
    """Open a closed account again; its password, or its sign-in at the provider, is as it was."""
    _told(_done(lambda office, now: office.open(email, now)), json)


def record(json: Json = False) -> None:
    """What was done to accounts, by whom and when; the latest first."""
    from office.case_view import in_register
    from register import account_record

    entries = in_register(account_record.listed)
    if json:
        output.as_json(
            [
                {"at": one.at, "whose": one.whose, "what": one.deed.value, "details": one.words, "by": one.by}
                for one in entries
            ]
        )
        return
    rows = [
        (output.moment(one.at), one.whose, f"{one.deed.value}{f' ({one.words})' if one.words else ''}", one.by)
        for one in entries
    ]
    output.table(["When", "Whose", "What", "By"], rows)


def _done(work: Callable[[AccountOffice, datetime], Awaitable[T]]) -> T:
    """What some work at the accounts comes to, done by whoever is at the command line."""
    from connection.settings import Settings
    from office.accounts import AccountOffice
    from office.case_view import in_register
    from register.account_record import COMMAND_LINE

    settings = Settings.load()
    return in_register(
        lambda database: work(AccountOffice(database, settings, settings.console_url, COMMAND_LINE), datetime.now(UTC))
    )


def _told(told: Told, json: bool) -> None:
    if json:
        waits = {"cases": list(told.waiting.cases), "proposals": list(told.waiting.proposals)}
        output.as_json(_json(told.user) | {"said": told.sentence, "told_by_email": told.by_email, "waiting": waits})
        return
    output.say(told.sentence)
    if told.waiting.cases:
        output.say(f"Open cases to hand on with `casereview assign-officer`: {', '.join(told.waiting.cases)}.")
    if told.waiting.proposals:
        output.say(f"What they proposed and nobody has agreed to yet: {', '.join(told.waiting.proposals)}.")


def _tell(user: User, made: str, json: bool) -> None:
    if json:
        output.as_json(_json(user) | {"password": made})
        return
    output.say(f"{user.name} may sign in to the console as {user.role.value} of {_council(user)}.")
    output.facts([("E-mail address", user.email), ("Password", made)])
    output.say("The password is not shown again; it can be changed on the account page.")


def _json(user: User) -> dict[str, object]:
    return {
        "email": user.email,
        "name": user.name,
        "role": user.role.value,
        "council": _council(user),
        "active": user.active,
    }


def _council(user: User) -> str:
    from register.users import EVERY_COUNCIL

    return ALL if user.council == EVERY_COUNCIL else user.council
