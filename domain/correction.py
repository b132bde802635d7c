"""What a corrected report was before and is now, part by part; the old one is kept (invariant 8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain import events as e
from domain.application import Incident


@dataclass(frozen=True)
class Change:
    """One thing about a report: ``what`` it is in words, and its ``old`` and ``new`` value, empty where there is
    none."""

    what: str
    old: str
    new: str


@dataclass(frozen=True)
class Correction:
    """A report put right by the event of that id, ``on`` that day; ``reason`` is why, ``how`` how it is known."""

    event: str
    on: date
    by: e.Actor
    before: Incident
    after: Incident
    reason: str
    how: str = ""

    @property
    def changes(self) -> tuple[Change, ...]:
        return tuple(change for change in _parts(self.before, self.after) if change.old != change.new)


def put_right(incident: Incident, body: e.ReportCorrected) -> Incident:
    """The report as it is from now on. Raises ValueError for days that clash."""
    given = body.model_dump(exclude={"kind", "report", "reason", "how"}, exclude_none=True)
    if not body.what.strip():
        del given["what"]
    new: dict[str, Any] = incident.model_dump()
    for day, unsure in (("reported", incident.reported_on.unsure), ("occurred", incident.occurred_unsure)):
        if day in given and unsure:
            new |= {f"{day}_until": None, f"{day}_unsure": False}
    return Incident.model_validate(new | given)


def _parts(before: Incident, after: Incident) -> Iterator[Change]:
    yield Change("when it was reported", str(before.reported_on), str(after.reported_on))
    yield Change("when it happened", str(before.happened_on), str(after.happened_on))
    for name, what in (
        ("reported_to", "to whom it was reported"),
        ("reference", "the reference"),
        ("what", "what happened"),
        ("category", "what kind of report it was"),
        ("reporter", "who reported it"),
        ("premises", "which address it was about"),
    ):
        yield Change(what, str(getattr(before, name)), str(getattr(after, name)))
