"""What stands against asking for fresh consent: somebody must act for the victim."""

from __future__ import annotations

from domain import events as e
from domain.case import Case
from domain.refusals.circumstances import Circumstances, against, idle
from domain.representation import acting


@against(e.ConsentAsked)
def consent_asked(circumstances: Circumstances, body: e.ConsentAsked) -> str | None:
    if circumstances.case.consent_asked is not None:
        return "fresh consent is asked for already; supply-details records it when it comes"
    return None


@idle(e.ConsentAsked)
def nobody_acts(case: Case) -> bool:
    return not acting(case.events)
