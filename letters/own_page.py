"""Whose link a letter prints, if any: the reader's own page of the case, where they see or do what it tells of."""

from __future__ import annotations

from domain import events as e
from domain.case import Case
from domain.keys import DeadlineKey
from domain.messages import LetterOrder, Party
from domain.policy import StepId
from domain.seats import seat_id
from register.links import Held, LinkPurpose

_OF_ENQUIRIES = frozenset({StepId.VERIFICATION, StepId.INFORMATION})
_OF_ITEMS = frozenset({StepId.RECOMMENDATION, StepId.ACTION})


def own_page(case: Case, order: LetterOrder, event: e.Event) -> Held | None:
    """The page of a letter's reader in the case as it stood at ``event``; None for whoever has no part of their own."""
    to = order.to
    if isinstance(event.what, e.LinkRenewed):
        return Held(event.what.purpose, event.what.holder, event.what.about)
    match to.party:
        case Party.APPLICANT:
            return Held(LinkPurpose.PROGRESS, case.application.applicant)
        case Party.REPRESENTATIVE:
            acting = case.application.representative if case.application.victim_consents else ""
            return Held(LinkPurpose.PROGRESS, acting) if acting and to.id in ("", acting) else None
        case Party.AGENCY | Party.SENIOR:
            return _of_agency(case, to.id, event.what)
        case Party.CHAIR if case.panel:
            return Held(LinkPurpose.CHAIR, seat_id(case.panel.chair))
        case Party.APPEAL_BODY if case.appeals:
            return Held(LinkPurpose.APPEAL, str(len(case.appeals)))
        case _:
            return None


def _of_agency(case: Case, agency: str, what: e.What) -> Held | None:
    match what:
        case e.EnquirySent(enquiry=key):
            return Held(LinkPurpose.ENQUIRY, agency, key)
        case e.Chased(step=step, deadline=key) if step in _OF_ENQUIRIES and key in case.enquiries:
            return Held(LinkPurpose.ENQUIRY, agency, key)
        case e.Extended(step=key) | e.ExtensionUndone(step=key) if key in case.enquiries:
            return Held(LinkPurpose.ENQUIRY, agency, key)
        case e.Chased(step=step) if step in _OF_ITEMS:
            return Held(LinkPurpose.RECOMMENDATIONS, agency)
        case (
            e.PanelHeld() | e.AppealDecided() | e.RecommendationAnswered() | e.AgencyCorrected() | e.ExplanationAsked()
        ):
            return Held(LinkPurpose.RECOMMENDATIONS, agency)
        case e.Extended(step=key) | e.ExtensionUndone(step=key) if (
            named := DeadlineKey.read(key)
        ) and named.step in _OF_ITEMS:
            return Held(LinkPurpose.RECOMMENDATIONS, agency)
        case _:
            return None
