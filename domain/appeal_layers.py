"""The layers of appeal: by which one an appeal against a decision goes, and where it can be taken after that."""

from __future__ import annotations

from datetime import date

from domain.case import Appeal, Case
from domain.policy import AppealRoute, Decision, Subject

APPLICANTS = frozenset({"applicant", "representative"})
"""How ``who_may_lodge`` names the applicant's side."""


def against_this(case: Case) -> list[Appeal]:
    """The appeals against the decision that stands: those since an appeal last sent the review back."""
    appeals: list[Appeal] = []
    for appeal in case.appeals:
        appeals.append(appeal)
        if appeal.told and appeal.decided is not None and starts_again(appeal, appeal.decided.decision):
            appeals.clear()
    return appeals


def starts_again(appeal: Appeal, decision: Decision) -> bool:
    """Whether a decision sends the review back, so that there is another decision to appeal against."""
    upheld = decision is Decision.UPHELD and appeal.lodged.subject is Subject.THRESHOLD
    return decision is Decision.REMITTED or upheld


def layer_for(case: Case, subject: Subject, on: date) -> AppealRoute | None:
    """The layer by which an appeal of that day against ``subject`` goes: the one after the last that was decided, else
    the first; None where there is none."""
    decided = [appeal for appeal in against_this(case) if appeal.told and appeal.lodged.subject is subject]
    for appeal in reversed(decided):
        if further := layer_after(case, appeal, on):
            return further
    return next(iter(case.policy.appeals_on(on, (subject,))), None)


def layer_after(case: Case, appeal: Appeal, on: date) -> AppealRoute | None:
    """The layer to which an appeal can be taken once it was decided, unless that was done already."""
    taken = {other.route.id for other in against_this(case) if other.lodged.subject is appeal.lodged.subject}
    layers = case.policy.layers_after(appeal.route, on, appeal.lodged.subject)
    return next((layer for layer in layers if layer.id not in taken), None)


def settled(case: Case, route: AppealRoute, subject: Subject) -> bool:
    """Whether the last word on ``subject`` has been said by this layer, or by one after the first."""
    return any(
        appeal.told and appeal.lodged.subject is subject and appeal.route.final
        and (appeal.route.id == route.id or bool(appeal.route.after))
        for appeal in against_this(case)
    )  # fmt: skip


def is_the_applicants(route: AppealRoute) -> bool:
    """Whether the applicant's side may take an appeal to this layer by itself."""
    return bool(APPLICANTS & set(route.who_may_lodge))
