"""Planned dates as a calendar file (RFC 5545) that any diary can take in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from icalendar import Calendar, Event

from domain.deadlines import Deadline
from domain.policy import Policy
from office.faults import WrongInput

_DOMAIN = "casereview.example.org"


def write(file: Path, policy: Policy, received: str, deadlines: Sequence[Deadline]) -> None:
    """Write one all-day entry for each date. Raises WrongInput where the file cannot be written.

    Taken in again, an entry replaces the earlier one: its UID is made of policy, day of receipt and step.
    """
    diary = Calendar()
    diary.add("prodid", "-//ASB Case Review//casereview plan//EN")
    diary.add("version", "2.0")
    diary.add("method", "PUBLISH")
    diary.add("x-wr-calname", f"{policy.identity.council}: review received {received}")
    now = datetime.now(UTC).replace(microsecond=0)
    for deadline in deadlines:
        diary.add_component(_entry(policy, received, deadline, now))
    try:
        file.write_bytes(diary.to_ical())
    except OSError as error:
        raise WrongInput(
            f"--ics {file} cannot be written ({error.strerror or error}); name a file in a folder that is there."
        ) from None


def _entry(policy: Policy, received: str, deadline: Deadline, now: datetime) -> Event:
    entry = Event()
    entry.add("uid", f"{policy.id}-{received[:10]}-{deadline.key}@{_DOMAIN}")
    entry.add("dtstamp", now)
    entry.add("dtstart", deadline.due)
    entry.add("dtend", deadline.due + timedelta(days=1))
    entry.add("summary", f"{policy.identity.council}: {deadline.title} (last day)")
    entry.add("description", f"{deadline.limit}. {deadline.source.words}")
    entry.add("categories", [deadline.owner.value.replace("_", " ")])
    entry.add("transp", "TRANSPARENT")
    if policy.identity.url:
        entry.add("url", policy.identity.url)
    return entry
