"""What a council's page calls anti-social behaviour, who may see past its number, and its published caveats."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.application import Line, Text, Written
from domain.source import Source
from domain.terms import Effect


class Definitions(Written):
    """What the page calls anti-social behaviour, and to whom a report counts.

    ``about_days``: how far either way a day can lie that somebody gave without being sure of it.
    """

    asb: Text
    reports_to: Line
    crimes_may_count: bool = True
    about_days: Annotated[int, Field(ge=0, le=31)] = 7
    source: Source


class HateLine(Written):
    """Where hate is reported besides, which letters say to whoever may need it."""

    name: Line
    phone: Line
    source: Source


class Discretion(Written):
    """Who may accept an application below the number: persistence, harm, adequacy of response (s.104(5))."""

    exercised_by: Line
    guidance: Text
    source: Source


class Exclusion(Written):
    """A published caveat. ``defeats_statute``: read as the page stands it would refuse a case with three
    qualifying complaints, which s.104(4) does not allow; such an exclusion is never applied to one."""

    id: Line
    title: Line
    effect: Effect
    paragraph: Text
    defeats_statute: bool = False
    source: Source
