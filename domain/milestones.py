"""Milestones: their words, and those that belong together."""

from __future__ import annotations

from collections.abc import Mapping

from domain.policy import Milestone

APPEAL = (
    Milestone.APPEAL_LODGED, Milestone.BUNDLE_SENT, Milestone.APPEAL_HEARD, Milestone.APPEAL_DECIDED,
    Milestone.APPEAL_TOLD,
)  # fmt: skip
REVIEW = (
    Milestone.INFORMATION_ASKED, Milestone.COLLATED, Milestone.PANEL_ARRANGED, Milestone.PANEL_DATE,
    Milestone.PAPERS_SENT, Milestone.PANEL_HELD, Milestone.PLAN_PUT, Milestone.PLAN_SETTLED, Milestone.OUTCOME_SENT,
    Milestone.OUTCOME_RECEIVED, Milestone.FOLLOWED_UP, Milestone.CLOSURE_NOTIFIED,
)  # fmt: skip
DECISION = (Milestone.THRESHOLD_DECIDED, Milestone.THRESHOLD_TOLD, Milestone.THRESHOLD_RECEIVED)
TOGETHER: Mapping[Milestone, tuple[Milestone, ...]] = {
    Milestone.RECEIVED: (Milestone.COMPLETED,),
    Milestone.PANEL_HELD: (Milestone.FIRST_PANEL_HELD, Milestone.COLLATED),
}
_MILESTONE_WORDS = {
    Milestone.RECEIVED: "application received",
    Milestone.ACKNOWLEDGED: "receipt letter sent",
    Milestone.DETAILS_REQUESTED: "missing details asked for",
    Milestone.COMPLETED: "application complete",
    Milestone.PASSED_ON: "passed on to all relevant bodies",
    Milestone.VERIFICATION_ASKED: "agencies asked to confirm the reports",
    Milestone.VERIFIED: "reports checked with the agencies",
    Milestone.THRESHOLD_DECIDED: "threshold decided",
    Milestone.THRESHOLD_TOLD: "threshold decision sent",
    Milestone.THRESHOLD_RECEIVED: "threshold decision received",
    Milestone.INFORMATION_ASKED: "agencies asked for full information",
    Milestone.COLLATED: "all information in",
    Milestone.PANEL_ARRANGED: "panel arranged",
    Milestone.PANEL_DATE: "panel meeting",
    Milestone.PAPERS_SENT: "papers sent to the panel",
    Milestone.PANEL_HELD: "panel held",
    Milestone.PLAN_PUT: "draft plan sent to the applicant",
    Milestone.PLAN_SETTLED: "applicant answered on the plan",
    Milestone.OUTCOME_SENT: "outcome letter sent",
    Milestone.OUTCOME_RECEIVED: "outcome letter received",
    Milestone.APPEAL_LODGED: "appeal received",
    Milestone.BUNDLE_SENT: "papers sent to the appeal body",
    Milestone.APPEAL_HEARD: "appeal heard",
    Milestone.APPEAL_DECIDED: "appeal decided",
    Milestone.APPEAL_TOLD: "appeal decision sent",
    Milestone.RECOMMENDED: "recommendation made",
    Milestone.ANSWERED: "recommendation answered",
    Milestone.DONE: "action done",
    Milestone.FIRST_PANEL_HELD: "first panel held",
    Milestone.FOLLOWED_UP: "follow-up held",
    Milestone.CLOSURE_NOTIFIED: "closure notice sent",
    Milestone.CLOSED: "case closed",
}


def words(milestone: Milestone) -> str:
    """A milestone as it stands in a working: “day 0: application received”."""
    return _MILESTONE_WORDS[milestone]
