"""The form that corrects a report: what it says now, to be changed, or blank where no report was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from console.questions.fields import Choice, Field, dated, unfilled
from console.web.pages import day
from domain.application import Incident
from domain.events import ReportCorrected
from office.case_view import CaseView

ACT = "correct-report"
_KEPT = frozenset({"kind", "report", "reason", "how"})


def report(view: CaseView, id: str) -> Incident | None:
    return next((incident for incident in view.case.incidents if incident.id == id), None)


def choices(view: CaseView, id: str) -> tuple[Choice, ...]:
    """The reports that the form can be about: the one it was opened for, or all."""
    known = report(view, id)
    return tuple(
        Choice(
            incident.id,
            f"{incident.id}: {day(incident.happened_on)}, reported {day(incident.reported_on)}",
            incident.what,
        )
        for incident in ((known,) if known else view.case.incidents)
    )


def start(view: CaseView, id: str, recorded: str, asked: Sequence[Field]) -> dict[str, str]:
    """A report as it stands; ``recorded`` is the day of a body's own record that is to be taken over, if any."""
    known = report(view, id)
    if known is None:
        return {}
    values = unfilled(_said(known), asked)
    try:
        return values | dated("reported", date.fromisoformat(recorded)) if recorded else values
    except ValueError:
        return values


def restated(view: CaseView, id: str, body: ReportCorrected) -> ReportCorrected:
    """What was changed of a form that began with the report as it stood: what was emptied is taken away."""
    known = report(view, id)
    if known is None or body.report != id:
        return body
    new = body.model_dump(exclude={"kind"})
    emptied = {"reference": "", "reporter": "", "premises": "", "occurred_unsure": False, "reported_unsure": False}
    emptied |= {"occurred_until": new["occurred"], "reported_until": new["reported"]}
    held = known.model_dump()
    for name in new.keys() - _KEPT:
        new[name] = emptied.get(name) if new[name] is None else new[name]
        if new[name] == held[name] or (name.endswith("_until") and held[name] is None and new[name] == new[name[:-6]]):
            new[name] = "" if name == "what" else None
    return ReportCorrected.model_validate(new)


def _said(known: Incident) -> ReportCorrected:
    return ReportCorrected.model_construct(**{**known.model_dump(exclude={"id"}), "report": known.id, "reason": ""})
