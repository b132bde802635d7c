"""What stands against somebody joining an application, or leaving it."""

from __future__ import annotations

from domain import events as e
from domain.case import Case
from domain.refusals.circumstances import Circumstances, against, idle, listed

AT_MOST = 30


@against(e.PersonJoined)
def person_joined(circumstances: Circumstances, body: e.PersonJoined) -> str | None:
    case = circumstances.case
    if body.person in (case.application.applicant, case.application.representative):
        return "they apply already, or act for the victim; add somebody else"
    known = case.others.get(body.person)
    if known is not None and (known.part, known.consents) == (body.part, body.consents):
        return "they are part of the application already; correct-contact corrects how they are reached"
    if known is None and len(case.others) >= AT_MOST:
        return f"an application has at most {AT_MOST} others; take in one of their own for each household"
    return None


@against(e.PersonLeft)
def person_left(circumstances: Circumstances, body: e.PersonLeft) -> str | None:
    others = circumstances.case.others
    if not others or body.person in others:
        return None
    return f"{body.person} is no part of the application; these are: {listed(others)}"


@idle(e.PersonLeft)
def nobody_joined(case: Case) -> bool:
    return not case.others
