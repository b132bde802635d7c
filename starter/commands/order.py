"""An act as it was asked for on the command line, and by whom."""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from domain.events import Body, Role
from office.faults import WrongInput

if TYPE_CHECKING:
    from register.queries import StoredCase


ROLES = tuple(role.value for role in Role if role is not Role.CLOCK)


@dataclass(frozen=True)
class Order:
    """An act as it was asked for on the command line."""

    act: str
    body: type[Body]
    reference: str
    role: Role
    by: str
    id: str
    json: bool
    signal: bool
    preview: Path | None
    given: Mapping[str, Any]


def who_acts(role: Role, what: Body, stored: StoredCase) -> str:
    """Who acts where nobody said: the agency asked, the panel's chair, or whoever sits at the terminal."""
    case = stored.folded()
    if role is Role.AGENCY:
        enquiry = case.enquiries.get(str(getattr(what, "enquiry", "")))
        item = case.items.get(str(getattr(what, "recommendation", "")))
        return enquiry.agency if enquiry else item.recommendation.to if item else ""
    if role is Role.CHAIR:
        return case.panel.chair.name if case.panel else ""
    if role in (Role.OFFICER, Role.OPERATIONS):
        return at_the_terminal()
    return ""


def role_named(given: str) -> Role:
    """The role that somebody typed. Raises WrongInput."""
    plain = given.strip().lower().replace("-", "_").replace(" ", "_")
    if plain not in ROLES:
        raise WrongInput(f"--role must be one of {', '.join(ROLES)}, not “{given}”.")
    return Role(plain)


def at_the_terminal() -> str:
    """``CASEREVIEW_BY``, or the login name; empty where there is neither."""
    try:
        return os.environ.get("CASEREVIEW_BY") or getpass.getuser()
    except (KeyError, OSError):
        return ""
