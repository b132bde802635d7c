"""Pages from their templates, with what every page shows: who is signed in, the council's name, what is down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse

from console.web import languages, statics
from domain import dates
from domain.dates import LONDON
from domain.policy import Policy
from domain.span import SHORT, Span
from office import permits
from office.permits import Permit
from register.users import EVERY_COUNCIL, User

TEMPLATES = Path(__file__).parents[2] / "templates" / "console"
SERVICE = "ASB Case Review"
_PLAIN_COLOUR = "#1d4f91"
_SHARED = "questions/"
"""Where the templates stand that pages of every audience have in common."""
_FORMS = frozenset({f"{_SHARED}page", f"{_SHARED}check"})
"""Pages the back button must find as they were left; signing out makes the browser forget them."""


class Pages:
    """The console's templates. ``councils`` are the policies of this installation, for their names and colours."""

    def __init__(self, councils: Mapping[str, Policy]) -> None:
        self.policies = councils
        self._environment = Environment(
            loader=ChoiceLoader(
                [
                    FileSystemLoader(TEMPLATES),
                    PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
                ]
            ),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= {
            "day": day,
            "long_day": long_day,
            "long_day_of": long_day_of,
            "moment": moment,
            "words": plain,
            "capital": capital,
            "bound": dates.bound,
            "bytes": in_bytes,
            "language": languages.called,
        }
        self._environment.globals |= {"static": statics.address, "service": SERVICE, "permit": may}

    def council(self, id: str) -> str:
        """A council's name by its policy's id."""
        policy = self.policies.get(id)
        return policy.identity.council if policy else id.replace("-", " ").title()

    @property
    def councils(self) -> Mapping[str, str]:
        return {id: policy.identity.council for id, policy in self.policies.items()}

    def show(self, request: Request, name: str, status: int = 200, **context: object) -> HTMLResponse:
        """A page; ``user`` is who is signed in, if anybody is."""
        user: User | None = getattr(request.state, "user", None)
        policy = self.policies.get(user.council) if user else None
        pulse = getattr(request.app.state, "pulse", None)
        shared: dict[str, Any] = {
            "user": user,
            "brand": statics.brand(policy.letterhead.colour if policy else _PLAIN_COLOUR),
            "owner": policy.identity.council if policy else "",
            "every_council": bool(user and user.council == EVERY_COUNCIL),
            "beat": pulse.beat if pulse and user else None,
            "navigation": _navigation(user, request.url.path) if user else [],
            "path": request.url.path,
        }
        page = self._environment.get_template(f"{name}.html.j2").render({**shared, **context})
        return HTMLResponse(page, status, {"Cache-Control": "private, no-cache"} if name in _FORMS else None)

    def public(self, request: Request, name: str, council: str, status: int = 200, **context: object) -> HTMLResponse:
        """A page for somebody without an account, in the colour of ``council`` and with whom to ring there.

        ``council`` is a policy's id, empty where it is not known.
        """
        visitor = getattr(request.state, "visitor", None)
        policy = self.policies.get(council)
        shared: dict[str, Any] = {
            "brand": statics.brand(policy.letterhead.colour if policy else _PLAIN_COLOUR),
            "owner": policy.identity.council if policy else "",
            "contact": policy.contact if policy else None,
            "policy": policy,
            "visitor": visitor,
            "own_day": visitor.view.stored.row.own_day if visitor else None,
            "home": visitor.home if visitor else "/",
            "path": request.url.path,
            "faults": [],
        }
        place = name if name.startswith(_SHARED) else f"public/{name}"
        page = self._environment.get_template(f"{place}.html.j2").render({**shared, **context})
        return HTMLResponse(page, status)


def _navigation(user: User, path: str) -> list[dict[str, object]]:
    places = [
        (Permit.READ, "Cases", "/cases"),
        (Permit.START, "Start a case", "/applications"),
        (Permit.AGREE, "To agree", "/proposals"),
        (Permit.OVERLOOK, "Management", "/management"),
        (Permit.ACCOUNTS, "Accounts", "/accounts"),
        (Permit.OPERATE, "Operations", "/operations"),
    ]
    items: list[dict[str, object]] = [
        {"href": address, "text": words, "active": path == address or path.startswith(f"{address}/")}
        for permit, words, address in places
        if permits.holds(user, permit)
    ]
    return [
        *items,
        {"href": "/account", "text": "Your account", "active": path == "/account" or path.startswith("/account/")},
    ]


def may(user: User | None, permit: str) -> bool:
    """Whether a page may offer somebody what needs that permit."""
    return user is not None and permits.holds(user, Permit[permit])


def day(on: date | Span | None) -> str:
    """ "Thu 14 Jan 2027", never parted, or "between 1 and 30 September 2026"; empty for None."""
    if isinstance(on, Span):
        return dates.bound(on.said(SHORT))
    return dates.bound(dates.short(on)) if on else ""


def long_day(on: date | Span | None) -> str:
    """ "Thursday 14 January 2027", never parted; empty for None."""
    if isinstance(on, Span):
        return dates.bound(on.said())
    return dates.bound(dates.words(on)) if on else ""


def long_day_of(instant: datetime | None) -> str:
    """The same of an instant, as the day is in Europe/London."""
    return long_day(instant.astimezone(LONDON).date()) if instant else ""


def moment(instant: datetime | None) -> str:
    """ "Thu 14 Jan 2027, 09:30" in Europe/London."""
    return f"{day(instant.astimezone(LONDON).date())}, {instant.astimezone(LONDON):%H:%M}" if instant else ""


def in_bytes(size: int) -> str:
    """ "3.4 MB", "12 KB", never parted."""
    return f"{size / 1_000_000:.1f}\u00a0MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))}\u00a0KB"


def plain(value: str) -> str:
    """ "appeal_body" as people say it."""
    return value.replace("_", " ")


def capital(value: str) -> str:
    """A sentence with a capital at its beginning, its dates never parted, and nothing else changed."""
    return dates.bound(f"{value[:1].upper()}{value[1:]}")
