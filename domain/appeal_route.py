"""The appeal as a policy sets it out: its layers, and who hears each."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from domain.application import Email, Line, Written
from domain.limit import Clock
from domain.source import Source
from domain.terms import Decision, Subject


class AppealBody(Written):
    """Who hears an appeal. ``until`` is the last day it exists: bodies are data because the law moves."""

    name: Line
    kind: Line
    email: Email
    independent: bool = True
    since: date | None = None
    until: date | None = None


class AppealRoute(Written):
    """One layer of appeal: against what, on which grounds, lodged by whom, heard and decided by when.

    ``after`` is the id of the layer that must have been decided before; ``while_plan_live``: it can be lodged although
    an agreed action is open.
    """

    id: Line
    title: Line
    subjects: Annotated[tuple[Subject, ...], Field(min_length=1)]
    grounds: tuple[Line, ...] = ()
    who_may_lodge: tuple[Line, ...] = ("applicant", "representative")
    lodged_with: Line
    consent_to_transfer: bool = True
    bodies: Annotated[tuple[AppealBody, ...], Field(min_length=1)]
    window: Clock
    bundle: Clock | None = None
    hearing: Clock | None = None
    decision: Clock
    outcomes: tuple[Decision, ...] = (Decision.UPHELD, Decision.DISMISSED, Decision.REMITTED)
    documents: tuple[Line, ...] = ()
    final: bool = True
    after: Line = ""
    while_plan_live: bool = True
    statutory_minimum: bool = False
    since: date | None = None
    until: date | None = None
    source: Source

    def body_on(self, day: date) -> AppealBody | None:
        """The body that hears an appeal lodged on ``day``."""
        return next((body for body in self.bodies if in_force(body.since, body.until, day)), None)


def in_force(since: date | None, until: date | None, day: date) -> bool:
    """Whether a day lies within these, each left out where there is no bound."""
    return (since is None or since <= day) and (until is None or day <= until)
