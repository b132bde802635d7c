"""A case that ends for a cause of its own, and one that is taken up again after it had ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import ClassVar, Literal

from domain.application import Line, Text
from domain.happenings.body import ActKind, Body, Ending, Reasons
from domain.stage import ALIVE, ANY_STAGE, Stage


class Cause(StrEnum):
    """Why a case ends that is neither withdrawn nor lived to its end."""

    DIED = "died"
    MOVED = "moved"
    DUPLICATE = "duplicate"
    OUTSIDE_AREA = "outside-area"
    OTHER = "other"

    @property
    def words(self) -> str:
        """What happened, as whoever was asked for something reads it: "the applicant has died"."""
        return _WORDS[self]

    @property
    def farewell(self) -> str:
        """The letter that says so to the applicant's side."""
        return _FAREWELLS[self]


_WORDS: Mapping[Cause, str] = {
    Cause.DIED: "the applicant has died",
    Cause.MOVED: "the applicant has moved to another council’s area",
    Cause.DUPLICATE: "it is the same as another case, which goes on",
    Cause.OUTSIDE_AREA: "it is for another council",
    Cause.OTHER: "the council ended it, and told the applicant why",
}
_FAREWELLS: Mapping[Cause, str] = {
    Cause.DIED: "L-16d",
    Cause.MOVED: "L-16m",
    Cause.DUPLICATE: "L-16s",
    Cause.OUTSIDE_AREA: "L-16o",
    Cause.OTHER: "L-16e",
}
_TOLD: Mapping[Cause, str] = {
    Cause.DIED: "The person this review was for has died, so it has ended. What was agreed for others goes on.",
    Cause.MOVED: "You moved to the area of another council, so our review has ended. Our letter says what comes next.",
    Cause.DUPLICATE: "This is the same as another application, so we look at both as one case. Our letter says which.",
    Cause.OUTSIDE_AREA: "Your application is for another council, so our case has ended. Our letter says whom to ask.",
    Cause.OTHER: "We have ended your case. Our letter says why, and what you can do about it.",
}


class CaseEnded(Body):
    """The case ends for a stated cause: the applicant died or moved, it is another case's, or not this council's.

    ``reason`` is what the applicant reads, ``note`` stays in the file and is printed nowhere. ``on`` is the day it
    happened: of the death, or on which the case was passed to ``council``, with the applicant's ``consent``.
    ``same_as`` is the case that goes on, ``counts_from`` the earlier day of the two (s.104(11)). ``sees_to`` names who
    sees that what was recommended is done although the applicant has died. Where a review is owed, somebody else
    agrees to any other cause: ``approved_by``.
    """

    kind: Literal["case.ended"] = "case.ended"
    does: ClassVar[ActKind | None] = ActKind(
        "end-case", turn=ALIVE, any_time=True,
        title="End the case for another cause", done="The case has ended",
        lead="For an applicant who died or moved, a case that is the same as another, or that is not for this council. "
        "If the applicant has died, nothing is sent to them. An applicant who wants to stop withdraws instead.",
        letters=("L-02a", *_FAREWELLS.values(), "A-06c", "A-06d", "A-18"),
        ends=Ending(Stage.ENDED, "ended for another cause", "Your case has ended. Our letter says why."),
    )  # fmt: skip
    cause: Cause
    reason: Text = ""
    on: date | None = None
    same_as: Line = ""
    council: Line = ""
    council_address: Text = ""
    consent: Text = ""
    sees_to: Line = ""
    approved_by: Line = ""
    note: Text = ""
    counts_from: date | None = None

    @property
    def ending(self) -> Ending:
        return Ending(Stage.ENDED, f"ended: {self.cause.words}", _TOLD[self.cause])


class CaseRestored(Body):
    """A case that had ended goes on: a withdrawal taken back, an end that was a mistake, or a finding.

    ``found_by`` is the ombudsman or the appeal body whose finding opens a closed case again, in a new round; ``on`` is
    the day the withdrawal was taken back, or of the finding.
    """

    kind: Literal["case.restored"] = "case.restored"
    does: ClassVar[ActKind | None] = ActKind(
        "restore-case", turn=ANY_STAGE - ALIVE,
        title="Take the case up again", done="The case goes on",
        lead="For a withdrawal that is taken back in time, an end that was a mistake, or a closed case that an "
        "ombudsman or an appeal body wants looked at again. The applicant gets a letter with the dates.",
        letters=("L-02a", "L-15r", "L-16r", "A-06r"),
    )  # fmt: skip
    reason: Reasons
    found_by: Line = ""
    on: date | None = None


EndingHappening = CaseEnded | CaseRestored
