"""The end of a review: its follow-up, the notice of closing, an objection to it, the closing."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from domain.application import Text
from domain.happenings.body import ActKind, Body, Ending, Reasons, Role
from domain.stage import Stage


class FollowUpHeld(Body):
    """The further review: has each action been done, has the behaviour stopped (K04-28).

    Where it goes on, ``again`` is the day by which it is looked at once more.
    """

    kind: Literal["follow_up.held"] = "follow_up.held"
    does: ClassVar[ActKind | None] = ActKind(
        "hold-follow-up", turn=frozenset({Stage.APPEAL_WINDOW, Stage.FOLLOW_UP}),
        title="Record the follow-up", done="The follow-up is recorded",
        letters=("L-14",),
    )  # fmt: skip
    on: date
    behaviour_stopped: bool
    findings: Reasons
    again: date | None = None


class ClosureNotified(Body):
    """The applicant was told why the case is about to close and how to object."""

    kind: Literal["closure.notified"] = "closure.notified"
    does: ClassVar[ActKind | None] = ActKind(
        "notify-closure", turn=frozenset({Stage.NOT_MET, Stage.FOLLOW_UP}),
        title="Give notice of closing the case", done="The applicant is told that the case is about to close",
        lead="The applicant may object before the case closes.",
        words="Notice of closure given",
        letters=("L-15",),
    )  # fmt: skip
    reason: Text = ""


class ClosureObjected(Body):
    """The applicant objects: the case stays open until the officer has dealt with it."""

    kind: Literal["closure.objected"] = "closure.objected"
    does: ClassVar[ActKind | None] = ActKind(
        "object-to-closure", who=Role.APPLICANT, turn=frozenset({Stage.CLOSING}),
        title="Record an objection to closing", done="The objection is recorded; the case stays open",
        words="Applicant objected to closing the case",
        letters=("A-18",),
    )  # fmt: skip
    reason: Reasons


class Closed(Body):
    """The case is closed, and the applicant is told (K04-29)."""

    kind: Literal["case.closed"] = "case.closed"
    reason: Text = ""

    @property
    def ending(self) -> Ending:
        return _CLOSED


_CLOSED = Ending(
    Stage.CLOSED, "closed", "Your case is closed. If it starts again, report it and apply again.", completed=True
)

ClosureHappening = FollowUpHeld | ClosureNotified | ClosureObjected | Closed
