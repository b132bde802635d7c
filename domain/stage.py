"""The stages of a case, and those that acts have in common."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """Where a case stands, in the order of its life."""

    RECEIVED = "received"
    AWAITING_DETAILS = "awaiting details"
    VERIFYING = "verifying reports"
    THRESHOLD = "deciding the threshold"
    NOT_MET = "threshold not met"
    GATHERING = "gathering information"
    ARRANGING = "arranging the panel"
    PANEL = "panel arranged"
    PLAN = "plan with the applicant"
    OUTCOME = "writing the outcome"
    APPEAL_WINDOW = "appeal window"
    APPEAL = "appeal"
    FOLLOW_UP = "follow-up"
    CLOSING = "closing"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"

    @property
    def over(self) -> bool:
        """Whether the case has come to an end: the last stages are its ends."""
        return _ORDER[self] > _ORDER[Stage.CLOSING]


_ORDER = {stage: place for place, stage in enumerate(Stage)}
ANY_STAGE = frozenset(Stage)
ALIVE = frozenset(stage for stage in Stage if not stage.over)
BEFORE_DECISION = frozenset({Stage.RECEIVED, Stage.AWAITING_DETAILS, Stage.VERIFYING, Stage.THRESHOLD})
REVIEWING = frozenset({Stage.GATHERING, Stage.ARRANGING, Stage.PANEL})
AFTER_PANEL = frozenset({Stage.PLAN, Stage.OUTCOME, Stage.APPEAL_WINDOW, Stage.APPEAL, Stage.FOLLOW_UP})
