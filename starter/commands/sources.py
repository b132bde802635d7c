"""Which other systems may send applications in: make, list and revoke them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from office.faults import WrongInput, one_of
from starter import output

if TYPE_CHECKING:
    from register.sending_systems import SendingSystem

_PANEL = "Operations"
_LONGEST = 80
Name = Annotated[str, typer.Argument(metavar="NAME", help="The system’s name, such as “Web forms”.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def add_to(app: typer.Typer) -> None:
    sending_systems = typer.Typer(
        name="source", no_args_is_help=True, help="Which other systems may send applications in."
    )
    sending_systems.command("add")(add)
    sending_systems.command("list")(list_)
    sending_systems.command("revoke")(revoke)
    app.add_typer(sending_systems, name="source", rich_help_panel=_PANEL)


def add(
    name: Name,
    council: Annotated[str, typer.Option(metavar="ID", help="Whose applications it sends: a policy’s id.")],
    json: Json = False,
) -> None:
    """Let a system send applications; its key is printed once."""
    from office.case_view import in_register
    from policies import ids
    from register import sending_systems

    if not name.strip() or len(name.strip()) > _LONGEST or not name.strip().isprintable():
        raise WrongInput(f"NAME must be one line of at most {_LONGEST} characters.")
    if council.strip() not in ids():
        raise one_of("council", council, ids())
    source, key = in_register(lambda database: sending_systems.add(database, name, council.strip(), datetime.now(UTC)))
    if json:
        output.as_json(_json(source) | {"key": key})
        return
    output.say(f"{source.name} may send applications for {source.council}.")
    output.facts([("Key", key)])
    output.say("The key is not shown again. The console’s page /api says how to use it.")


def list_(json: Json = False) -> None:
    """The systems that may send applications, by council."""
    from office.case_view import in_register
    from register import sending_systems

    systems = in_register(sending_systems.listed)
    if json:
        output.as_json([_json(source) for source in systems])
        return
    if not systems:
        output.say("No system sends applications yet; make one with `casereview source add`.")
        return
    rows = [
        (
            system.name,
            system.council,
            output.day(system.made_at.date()),
            output.moment(system.used_at) if system.used_at else "never",
            f"revoked {output.day(system.revoked_at.date())}" if system.revoked_at else "",
        )
        for system in systems
    ]
    output.table(["Source", "Council", "Made", "Last used", ""], rows)


def revoke(name: Name, json: Json = False) -> None:
    """Refuse a system's key from now on; what it sent stays."""
    from office.case_view import in_register
    from register import sending_systems

    source = in_register(lambda database: sending_systems.revoke(database, name, datetime.now(UTC)))
    if json:
        output.as_json(_json(source))
    else:
        output.say(f"The key of {source.name} is refused from now on. `casereview source add` makes another source.")


def _json(source: SendingSystem) -> dict[str, object]:
    return {
        "name": source.name,
        "council": source.council,
        "made_at": source.made_at,
        "used_at": source.used_at,
        "revoked_at": source.revoked_at,
    }
