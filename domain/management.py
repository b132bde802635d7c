"""Who is over the officers of a council: whom the service tells of what the council itself leaves undone."""

from __future__ import annotations

from domain.application import Email, Line, Written
from domain.source import Source


class Senior(Written):
    """The named post an overdue duty is escalated to."""

    title: Line
    email: Email


class Management(Written):
    """The manager, who is told first, and the deputy, who is told where the policy's ladder says so."""

    manager: Senior
    deputy: Senior | None = None
    source: Source

    def post(self, to: str) -> Senior | None:
        """The post that the ladder calls ``manager`` or ``deputy``; None where nobody holds it."""
        return self.deputy if to == "deputy" else self.manager
