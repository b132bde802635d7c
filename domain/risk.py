"""How great the risk to a case's victim is, and when it has to be judged."""

from __future__ import annotations

from domain import events as e
from domain.case import Case
from domain.policy import Milestone

NOT_JUDGED = 3
"""Until somebody has judged it, a risk is not taken for a small one."""
_RANKS = {e.RiskLevel.LOW: 1, e.RiskLevel.MEDIUM: 2, e.RiskLevel.HIGH: 4, e.RiskLevel.VERY_HIGH: 5}


def rank(case: Case) -> int:
    """The case's place among others by its risk: the higher, the more pressing."""
    return _RANKS[case.risk.level] if case.risk else NOT_JUDGED


def level(rank: int) -> e.RiskLevel | None:
    """The level of a rank; None where it has not been judged."""
    return next((level for level, known in _RANKS.items() if known == rank), None)


def wanted(case: Case) -> str:
    """Why the risk should be assessed now, as a sentence; empty where it is known well enough."""
    if case.stage.over:
        return ""
    if not case.risks:
        return "The risk to the victim has not been assessed yet."
    if case.held is None and case.threshold is not None and case.threshold.met:
        decided = case.reached[Milestone.THRESHOLD_DECIDED].event
        if case.places[case.risks[-1].id] < case.places.get(decided, 0):
            return "The risk to the victim has to be assessed again before the panel meets."
    return ""
