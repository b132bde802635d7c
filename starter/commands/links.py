"""``casereview link``: who may open a case without an account, until when; end a link, make one anew."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from office.faults import WrongInput
from starter import output

if TYPE_CHECKING:
    from domain.events import Role
    from office.case_view import CaseView
    from office.new_links import NewLink
    from register.links import Link

_PANEL = "Cases"
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Reference = Annotated[str, typer.Argument(metavar="REF", help="A case's reference, such as DOV-2026-0001.")]
Id = Annotated[str, typer.Argument(metavar="LINK", help="The link's id in `link list`: the first two groups of it.")]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Links by which people without an account do their part.")
    group.command("list")(list_)
    group.command("revoke")(revoke)
    group.command("new")(new)
    app.add_typer(group, name="link", rich_help_panel=_PANEL)


def list_(reference: Reference, json: Json = False) -> None:
    """The links of a case: who holds each, what it is for, until when it opens."""
    from office.case_words import called, purpose

    view, known, after = asyncio.run(_listed(reference))
    if json:
        output.as_json([_json(view, link, after) for link in known])
        return
    if not known:
        output.say(f"No letter of {view.reference} has printed a link yet.")
        return
    rows = [
        (
            link.id,
            called(view, link),
            purpose(link),
            output.day(link.until(view.stored.row.closed_at, after).date()),
            output.moment(link.used_at) if link.used_at else "never",
            _state(view, link, after),
        )
        for link in known
    ]
    output.table(["Link", "Who", "For", "Until", "Last used", ""], rows)


def revoke(reference: Reference, link: Id, json: Json = False) -> None:
    """End a link at once; later letters print none for its holder until a new one is made."""
    from office.case_words import called

    view, ended, after = asyncio.run(_revoked(reference, link))
    if json:
        output.as_json(_json(view, ended, after))
        return
    output.say(
        f"{ended.id} of {called(view, ended)} does not open any more. "
        f"`casereview link new {view.reference} {ended.id}` makes a new one."
    )


def new(
    reference: Reference,
    link: Id,
    by: Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who makes it.")] = None,
    role: Annotated[
        str, typer.Option("--role", metavar="ROLE", help="As whom; links are made by an officer.")
    ] = "officer",
    json: Json = False,
) -> None:
    """A new link in place of one, which ends. An applicant's is printed this once; any other is sent to its holder."""
    from office.case_words import called
    from starter.commands.order import role_named

    view, renewed, after = asyncio.run(_renewed(reference, link, role_named(role), (by or "").strip()))
    if json:
        shown = {"address": renewed.address} if renewed.address else {"sent": "to its holder"}
        output.as_json(_json(view, renewed.link, after) | shown | ({"later": renewed.later} if renewed.later else {}))
        return
    who = called(view, renewed.link)
    if renewed.address:
        output.facts([("For", who), ("Address", renewed.address)])
        output.say("Give it to nobody else. The next letter to them has it too.")
    else:
        output.say(f"{who} is sent a new link at their own address; it is shown to nobody. The old one is over.")
    if renewed.later:
        output.say(f"{renewed.later}.")


def _state(view: CaseView, link: Link, after: timedelta) -> str:
    return link.state(datetime.now(UTC), ended=view.stored.row.closed_at, after=after).value


def _json(view: CaseView, link: Link, after: timedelta) -> dict[str, Any]:
    from office.case_words import called

    return {
        "link": link.id,
        "who": called(view, link),
        "for": link.purpose.value,
        "about": link.about,
        "state": _state(view, link, after),
        "issued": link.issued_at,
        "until": link.until(view.stored.row.closed_at, after),
        "used": link.used_at,
        "revoked": link.revoked_at,
        "revoked_by": link.revoked_by,
    }


async def _listed(reference: str) -> tuple[CaseView, list[Link], timedelta]:
    from office import case_view
    from register import links

    async with case_view.register() as database:
        view = await case_view.view(database, reference)
        return view, await links.of_case(database, view.reference), _after()


async def _revoked(reference: str, id: str) -> tuple[CaseView, Link, timedelta]:
    from office import case_view
    from register import links

    async with case_view.register() as database:
        view = await case_view.view(database, reference)
        one = chosen(await links.of_case(database, view.reference), id, view.reference)
        return view, await links.revoke(database, one.id, by="casereview link", now=datetime.now(UTC)), _after()


async def _renewed(reference: str, id: str, role: Role, name: str) -> tuple[CaseView, NewLink, timedelta]:
    from connection.settings import Settings
    from domain.events import Actor
    from office import acting, case_view
    from office.connected import Office
    from office.new_links import NOT_YOURS, NotMade, barred, made, may_make, renewal
    from post.link_desk import LinkDesk
    from register import links
    from starter.commands.order import at_the_terminal

    settings, by = Settings.load(), Actor(role=role, name=name or at_the_terminal())
    if not may_make(by):
        raise WrongInput(NOT_YOURS)
    async with case_view.register() as database:
        view = await case_view.view(database, reference)
        old = chosen(await links.of_case(database, view.reference), id, view.reference)
        desk = LinkDesk.of(database, settings)
        if not desk.is_open:
            raise WrongInput(
                "Links lead nowhere yet; set CASEREVIEW_PUBLIC_URL to where the console is for the public."
            )
        if await barred(database, by):
            raise WrongInput(NOT_YOURS)
    async with Office.open(settings) as office:
        desk = LinkDesk.of(office.database, settings)
        body, act = renewal(old)
        try:
            outcome = await acting.act(office, view.reference, body, by, id=act)
            return view, await made(desk, old, outcome, by), _after()
        except NotMade as error:
            raise WrongInput(str(error)) from None


def _after() -> timedelta:
    from connection.settings import Settings

    return timedelta(days=Settings.load().link_days_after_end)


def chosen(known: list[Link], id: str, reference: str) -> Link:
    """The link of a case that somebody named. Raises WrongInput."""
    wanted = id.strip().upper().replace("-", "")
    found = next((link for link in known if link.id == wanted), None)
    if found is None:
        raise WrongInput(
            f"{reference} has no link {id.strip()}; `casereview link list {reference}` shows those it has."
        )
    return found
