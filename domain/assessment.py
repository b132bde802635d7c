"""The threshold held against a case as it stands (s.104(4), s.104(11))."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.application import Incident
from domain.case import Case
from domain.threshold import Assessment, assess


def assessment(case: Case, incidents: Sequence[Incident] | None = None) -> Assessment:
    """The threshold held against the application, with what agencies could not confirm shown beside it.

    Incidents added later count too: the eligibility date stays the day the application was made (s.104(11)). Where it
    was found to have arrived earlier, that day counts instead if the threshold is met on it alone. A day that an agency
    has otherwise than the applicant decides where it helps them, and else only once somebody corrects the report.
    ``incidents`` are held against it in place of the case's.
    """
    held = case.incidents if incidents is None else incidents
    denied: dict[str, str] = {}
    recorded: dict[str, list[date]] = {}
    for _, confirmation in case.confirmations:
        if not confirmation.confirmed:
            denied[confirmation.incident] = confirmation.note or "no record found"
        if confirmation.reported:
            recorded.setdefault(confirmation.incident, []).append(confirmation.reported)
    same_problem = case.application.same_problem
    read = assess(case.policy, held, case.made_on, denied=denied, recorded=recorded, same_problem=same_problem)
    if read.met or case.arrived_on is None or case.arrived_on >= case.made_on:
        return read
    day = case.arrived_on
    earlier = assess(case.policy, held, day, denied=denied, recorded=recorded, same_problem=same_problem)
    return earlier if earlier.met else read


def refusal_falls(case: Case) -> bool:
    """A report was corrected, and with it the threshold is met that was refused: s.104(4) leaves no choice, whatever
    has ended meanwhile."""
    return case.refusal and bool(case.corrections) and assessment(case).met
