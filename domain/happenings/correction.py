"""A report that was written down wrongly, put right while the case runs."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from domain.application import Category, Line, Text
from domain.happenings.body import ActKind, Body, Reasons
from domain.stage import ALIVE


class ReportCorrected(Body):
    """A report’s day, words, addressee or reference was wrong; the threshold is worked out again (s.104(4), (11)).

    ``report`` is the incident’s id. What is not given stays as it is. A day given in place of days that nobody knew is
    that one day, unless its last day, or that it is not sure, is given with it. The events before keep the old value.
    """

    kind: Literal["report.corrected"] = "report.corrected"
    does: ClassVar[ActKind | None] = ActKind(
        "correct-report", turn=ALIVE, any_time=True,
        title="Correct a report", done="The report is corrected",
        lead="Fill in only what is wrong. The threshold is worked out again from it; the day of the application stays "
        "what it is, and so does the old value, beside the new one. Where that changes what counts, the officer of the "
        "case is told, and the applicant if they were told otherwise.",
        letters=("A-18", "L-22"),
    )  # fmt: skip
    report: Annotated[Line, Field(min_length=1)]
    reported: date | None = None
    reported_until: date | None = None
    reported_unsure: bool | None = None
    occurred: date | None = None
    occurred_until: date | None = None
    occurred_unsure: bool | None = None
    reported_to: Annotated[Line, Field(min_length=1)] | None = None
    reference: Line | None = None
    what: Text = ""
    category: Category | None = None
    reporter: Line | None = None
    premises: Line | None = None
    reason: Reasons
    how: Text = ""


CorrectionHappening = ReportCorrected
