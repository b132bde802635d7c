"""What stands against sending the applicant the chronology, and against correcting it."""

from __future__ import annotations

from domain import calendar
from domain import events as e
from domain.case import Case
from domain.refusals.circumstances import Circumstances, against, idle


@against(e.ChronologySent)
def chronology_sent(circumstances: Circumstances, body: e.ChronologySent) -> str | None:
    day, panel = calendar.words(body.answer_by), circumstances.case.panel
    if body.answer_by <= circumstances.today:
        return f"{day} leaves the applicant no time to answer; give a day to come"
    if panel and body.answer_by > panel.on:
        met = calendar.words(panel.on)
        return f"the panel meets on {met}, before the applicant could answer by {day}; give an earlier day"
    return None


@idle(e.ChronologyCorrected)
def nothing_to_correct(case: Case) -> bool:
    return case.chronology is None
