"""``casereview link``: who may open a case without an account, until when; end a link, make one anew."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from office.faults import WrongInput
from starter import output

if TYPE_CHECKING:
    from office.case_view import CaseView
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


def new(reference: Reference, link: Id, json: Json = False) -> None:
    """A new link in place of one, which ends; its address is printed this once, and in the letters to come."""
    from office.case_words import called

    view, renewed, address, after = asyncio.run(_renewed(reference, link))
    if json:
        output.as_json(_json(view, renewed, after) | {"address": address})
        return
    output.facts([("For", called(view, renewed)), ("Address", address)])
    output.say("Give it to nobody else. The next letter to them has it too.")


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
        chosen = _chosen(await links.of_case(database, view.reference), id, view.reference)
        return view, await links.revoke(database, chosen.id, by="casereview link", now=datetime.now(UTC)), _after()


async def _renewed(reference: str, id: str) -> tuple[CaseView, Link, str, timedelta]:
    from connection import admission
    from connection.settings import Settings
    from office import case_view
    from post.link_desk import LinkDesk
    from register import links

    settings = Settings.load()
    async with case_view.register() as database:
        view = await case_view.view(database, reference)
        chosen = _chosen(await links.of_case(database, view.reference), id, view.reference)
        await admission.fits(settings.key_ring(), database)
        desk = LinkDesk.of(database, settings)
        if not desk.is_open:
            raise WrongInput(
                "Links lead nowhere yet; set CASEREVIEW_PUBLIC_URL to where the console is for the public."
            )
        made = await desk.renewed(chosen.id, by="casereview link")
        return view, made, desk.written(made), _after()


def _after() -> timedelta:
    from connection.settings import Settings

    return timedelta(days=Settings.load().link_days_after_end)


def _chosen(known: list[Link], id: str, reference: str) -> Link:
    wanted = id.strip().upper().replace("-", "")
    chosen = next((link for link in known if link.id == wanted), None)
    if chosen is None:
        raise WrongInput(
            f"{reference} has no link {id.strip()}; `casereview link list {reference}` shows those it has."
        )
    return chosen
