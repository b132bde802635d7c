"""A roster of who chairs: people or posts of neighbouring councils, as a policy lists them."""

from __future__ import annotations

from domain.application import Email, Line, Written


class Rostered(Written):
    """Somebody who can chair: a person or a post, of which council, for which ``area``."""

    name: Line
    organisation: Line
    email: Email
    area: Line = ""
