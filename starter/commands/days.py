"""A day as it is typed: a date, or so many days on from the day the case is at, as in ``+5wd`` and ``+14d``."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from domain.calendar import BeyondHorizon, Calendar, Unit, count
from office.faults import WrongInput

_AHEAD = re.compile(r"\+\s*(\d{1,3})\s*(wd|d|working days?|days?)")
_OF_AN_ACTION = re.compile(r"^([^:]* by )(\+[^:]*)(:)")
Known = Callable[[], tuple[date, Calendar]]
"""The day a case is at and the calendar it counts by, read from the register when they are needed."""


def on(given: str, flag: str, known: Known) -> str:
    """A date as it is given; one that begins with a plus as the date it means. Raises WrongInput."""
    text = given.strip()
    if not text.startswith("+"):
        return given
    match = _AHEAD.fullmatch(text)
    if match is None:
        raise WrongInput(
            f"{flag} must be a date such as 2027-01-14, or days from the case's own day such as +5wd (working days) "
            f"or +14d, not “{given}”."
        )
    today, calendar = known()
    if match[2].startswith("d"):
        return (today + timedelta(days=int(match[1]))).isoformat()
    try:
        return count(calendar, today, int(match[1]), Unit.WORKING_DAYS).due.isoformat()
    except BeyondHorizon as error:
        raise WrongInput(f"{flag}: {error}") from None


def in_a_recommendation(given: str, flag: str, known: Known) -> str:
    """The same of the day an action is due by, in ``TO by +20wd: TEXT``."""
    match = _OF_AN_ACTION.match(given)
    return f"{match[1]}{on(match[2], flag, known)}{given[match.start(3) :]}" if match else given
