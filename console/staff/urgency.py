"""Red, amber or green by the working days left until something is due, always with the words beside the colour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from domain.calendar import BeyondHorizon, Calendar

AMBER = 5
_FAR = 20


@dataclass(frozen=True)
class Urgency:
    """``colour`` is a tag's: red, orange, green or grey."""

    words: str
    colour: str


NOTHING = Urgency("Nothing due", "grey")


def urgency(calendar: Calendar, due: date | None, today: date) -> Urgency:
    """How near a date is by the case's own calendar: red from the day itself on, amber from five working days."""
    if due is None:
        return NOTHING
    try:
        days = _working_days(calendar, *sorted((today, due)))
    except BeyondHorizon:
        return Urgency("Far ahead", "green")
    if due < today:
        return Urgency(f"Overdue by {_days(days).lower()}", "red") if days else Urgency("Overdue", "red")
    if due == today:
        return Urgency("Due today", "red")
    if days == 0:
        return Urgency("Due before the next working day", "red")
    return Urgency(f"{_days(days)} left", "orange" if days <= AMBER else "green")


def _working_days(calendar: Calendar, after: date, until: date) -> int:
    """The working days after one day, up to and with another; no further than twenty."""
    working_days, day = 0, after
    while day < until and working_days <= _FAR:
        day += timedelta(days=1)
        working_days += calendar.is_working(day)
    return working_days


def _days(number: int) -> str:
    if number > _FAR:
        return f"More than {_FAR} working days"
    return f"{number} working day{'' if number == 1 else 's'}"
