"""Who may sign in to the console: make, list and close accounts, give new passwords."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from office.faults import WrongInput, one_of
from starter import output

if TYPE_CHECKING:
    from register.database import Database
    from register.users import StaffRole, User

ALL = "all"
_PANEL = "Operations"
_ROLES = ("officer", "approver", "manager", "operations", "auditor", "partnership")
Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The e-mail address somebody signs in with.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def add_to(app: typer.Typer) -> None:
    users = typer.Typer(name="user", no_args_is_help=True, help="Who may sign in to the console.")
    users.command("add")(add)
    users.command("list")(list_)
    users.command("disable")(disable)
    users.command("password")(password)
    users.command("join")(join)
    users.command("open")(open_)
    app.add_typer(users, name="user", rich_help_panel=_PANEL)


def add(
    email: Email,
    name: Annotated[str, typer.Option(metavar="NAME", help="Their name, as letters and the timeline show it.")],
    role: Annotated[str, typer.Option(metavar="ROLE", help=f"One of {', '.join(_ROLES)}.")],
    council: Annotated[str, typer.Option(metavar="ID", help=f"Whose cases they see: a policy's id, or {ALL}.")],
    json: Json = False,
) -> None:
    """Make an account; its password is printed once."""
    from email_validator import EmailNotValidError, validate_email

    try:
        address = validate_email(email, check_deliverability=False).normalized
    except EmailNotValidError:
        raise WrongInput(f"EMAIL must be one e-mail address such as jo@example.org, not “{email}”.") from None
    if not name.strip():
        raise WrongInput("--name must not be empty.")
    staff_role = _role_named(role)
    user, made = asyncio.run(_add(address, name, staff_role, council.strip()))
    _tell(user, made, json)


def list_(json: Json = False) -> None:
    """The accounts, by council."""
    from office.case_view import in_register
    from register import users

    accounts = in_register(users.listed)
    if json:
        output.as_json([_json(user) for user in accounts])
        return
    if not accounts:
        output.say("Nobody has an account yet; make one with `casereview user add`.")
        return
    rows = [(u.email, u.name, u.role.value, _council(u), "" if u.active else "closed") for u in accounts]
    output.table(["E-mail address", "Name", "Role", "Council", ""], rows)


def disable(email: Email, json: Json = False) -> None:
    """Close an account and sign it out everywhere; what it did stays in the cases."""
    from office.case_view import in_register
    from register import users

    user = in_register(lambda database: users.disable(database, email))
    _say(user, f"{user.email} can no longer sign in. `casereview user open {user.email}` opens it again.", json)


def password(email: Email, json: Json = False) -> None:
    """Give an account a new password, printed once, and sign it out everywhere."""
    from office import passwords
    from office.case_view import in_register
    from register import users

    made = passwords.fresh()

    async def replaced(database: Database) -> User:
        return await users.set_password(database, email, await passwords.hashed(made), datetime.now(UTC))

    _tell(in_register(replaced), made, json)


def join(email: Email, json: Json = False) -> None:
    """Let who signs in with this address at the council's provider have the account; its password ends."""
    from office.case_view import in_register
    from register import identities

    user = in_register(lambda database: identities.join(database, email))
    _say(user, f"The next sign-in with {user.email} at the provider has this account. Its password is gone.", json)


def open_(email: Email, json: Json = False) -> None:
    """Open a closed account again; its password, or its sign-in at the provider, is as it was."""
    from office.case_view import in_register
    from register import users

    user = in_register(lambda database: users.reopen(database, email))
    _say(user, f"{user.email} may sign in again.", json)


def _say(user: User, words: str, json: bool) -> None:
    if json:
        output.as_json(_json(user))
    else:
        output.say(words)


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


def _role_named(role: str) -> StaffRole:
    from register.users import StaffRole

    if role.strip().lower() not in set(StaffRole):
        raise one_of("role", role, _ROLES)
    return StaffRole(role.strip().lower())


async def _add(email: str, name: str, staff_role: StaffRole, council: str) -> tuple[User, str]:
    from domain.calendar import LONDON
    from office import passwords
    from office.case_view import register
    from policies import ids
    from register import queries, users

    async with register() as database:
        if council != ALL and council not in ids():
            rows = await queries.cases(database, today=datetime.now(LONDON).date())
            known = sorted({row.council for row in rows} | set(ids()))
            if council not in known:
                raise one_of("council", council, [*known, ALL])
        made = passwords.fresh()
        user = await users.add(
            database, name=name, email=email, role=staff_role, now=datetime.now(UTC),
            council=users.EVERY_COUNCIL if council == ALL else council, hash=await passwords.hashed(made),
        )  # fmt: skip
        return user, made
