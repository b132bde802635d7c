"""The chronology: what the bodies say was done, put to the applicant before the panel meets, and their corrections."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from domain.happenings.body import ActKind, Body, Reasons, Role
from domain.stage import REVIEWING


class ChronologySent(Body):
    """The applicant is sent what the bodies say was done, in plain words, before the panel meets (L-09).

    ``answer_by`` is the day by which they are asked to correct it. They may leave it, and no clock waits for them.
    """

    kind: Literal["chronology.sent"] = "chronology.sent"
    does: ClassVar[ActKind | None] = ActKind(
        "send-chronology", turn=REVIEWING, any_time=True,
        title="Send the applicant what the agencies said", done="The chronology is on its way to the applicant",
        lead="Word it so that the applicant can read it, and leave out what must be kept from them. They may correct "
        "it until the panel meets, and need not; no clock waits for them.",
        words="What the agencies said was sent to the applicant, to be corrected by {answer_by}",
        letters=("L-09",),
    )  # fmt: skip
    chronology: Reasons
    answer_by: date


class ChronologyCorrected(Body):
    """What the applicant says is wrong or missing in it; the chair and the papers show it."""

    kind: Literal["chronology.corrected"] = "chronology.corrected"
    does: ClassVar[ActKind | None] = ActKind(
        "correct-chronology", who=Role.APPLICANT, turn=REVIEWING, any_time=True,
        title="Record what the applicant corrects in what the agencies said", done="What they correct is recorded",
        lead="The panel has it beside what the agencies said.",
        words="The applicant corrected what the agencies said",
        letters=("A-18",),
    )  # fmt: skip
    corrections: Reasons


ChronologyHappening = ChronologySent | ChronologyCorrected
