"""The decision put off: an agency is still within the time it promised, and the case checks itself again after it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from domain.application import Line, Text
from domain.happenings.body import ActKind, Body, Reasons, Role
from domain.stage import Stage

_DECIDING = frozenset({Stage.VERIFYING, Stage.THRESHOLD})


class ThresholdDeferred(Body):
    """The decision waits until an agency's promised time is over; the threshold's own date does not move.

    ``ground`` is the id of the published caveat it rests on, empty where the policy has one that can be meant.
    """

    kind: Literal["threshold.deferred"] = "threshold.deferred"
    does: ClassVar[ActKind | None] = ActKind(
        "defer-threshold", turn=_DECIDING, any_time=True, far_date=True,
        title="Put the threshold decision off", done="The decision is put off",
        lead="Only while an agency is within the time it promised, on a published ground, and never where three "
        "reports count. The applicant is told until when, and can insist on a decision at once.",
        letters=("L-04b",),
    )  # fmt: skip
    agency: Annotated[Line, Field(min_length=1)]
    until: date
    reason: Reasons
    ground: Line = ""
    decided_by: Line = ""


class DeferralEnded(Body):
    """The agency's time is over, or the reports meet the threshold by now: the decision is due."""

    kind: Literal["deferral.ended"] = "deferral.ended"


class DecisionInsisted(Body):
    """The applicant does not want to wait: the decision is due at once."""

    kind: Literal["decision.insisted"] = "decision.insisted"
    does: ClassVar[ActKind | None] = ActKind(
        "insist", who=Role.APPLICANT, turn=_DECIDING, any_time=True,
        title="Record that the applicant insists on a decision", done="It is recorded that the applicant insists",
        lead="The decision was put off, and is due at once.",
        words="The applicant insists on a decision",
        letters=("L-07", "A-18"),
    )  # fmt: skip
    reason: Text = ""


DeferralHappening = ThresholdDeferred | DeferralEnded | DecisionInsisted
