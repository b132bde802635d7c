"""Whether what a letter says still holds when it would be written again, because it did not reach its reader.

One that is overtaken does not go: a later letter tells what holds, or nothing is left to tell.
"""

from __future__ import annotations

from collections.abc import Sequence

from domain import events as e
from domain.case import Case
from domain.keys import DeadlineKey
from domain.messages import LetterOrder
from domain.policy import Milestone, StepId
from domain.representation import acting

_MEETINGS = (
    (e.PanelArranged, e.PanelAdjourned, e.PanelHeld),
    (e.HearingArranged, e.HearingAdjourned, e.AppealHeard, e.AppealDecided),
)
_LASTING = frozenset({"L-04", "L-11", "L-21", "L-22", "R-03", "A-12", "A-13"})
"""Letters that are still to be told when the case is over, beside those that tell of the end: what was decided, what
was put right, and that somebody may be in danger."""
_IS_DONE = "what it speaks of is done"
_OF_AN_APPEAL = {
    StepId.APPEAL_WINDOW: Milestone.APPEAL_LODGED,
    StepId.APPEAL_BUNDLE: Milestone.BUNDLE_SENT,
    StepId.APPEAL_HEARING: Milestone.APPEAL_HEARD,
    StepId.APPEAL_DECISION: Milestone.APPEAL_TOLD,
}


def superseded(case: Case, order: LetterOrder) -> str:
    """Why the letter ``order`` is not written again, as half a sentence; empty where what it tells still holds."""
    event = next((event for event in case.events if event.id == order.event), None)
    if event is None:
        return ""
    place = case.places[event.id]
    since = [later.what for later in case.events[place:]]
    if case.ended and place < case.places[case.ended.id] and order.letter not in _LASTING:
        return "the case is over"
    if event.what.ending and any(isinstance(later, e.CaseRestored) for later in since):
        return "the case goes on"
    return _by_letter(case, order, since) or _by_event(case, event, place, since)


def _by_letter(case: Case, order: LetterOrder, since: Sequence[e.Body]) -> str:
    """What has overtaken a letter of this kind, whatever caused it."""
    match order.letter:
        case "L-02" if not case.missing:
            return "nothing is missing any more"
        case "L-10" if case.outcome is not None or case.held is None:
            return "the plan is not a draft any more"
        case "L-14i" if case.has(Milestone.FOLLOWED_UP):
            return "the follow-up was held"
        case "A-07" if case.held is not None:
            return "the panel has met"
        case "R-01" if case.application.victim_consents or not case.application.representative:
            return "nobody has to show any more that they may act"
        case "R-02" if not acting(case.events) or order.to.id not in ("", acting(case.events)):
            return "they do not act any more"
    return ""


def _by_event(case: Case, event: e.Event, place: int, since: Sequence[e.Body]) -> str:
    """What has overtaken what this event told."""
    match event.what:
        case e.Extended(step=key) | e.ExtensionUndone(step=key):
            if any(isinstance(later, e.Extended | e.ExtensionUndone) and later.step == key for later in since):
                return "the date has moved again, and a later letter tells of that"
            return _done(case, key)
        case e.PanelArranged() | e.PanelAdjourned() | e.HearingArranged() | e.HearingAdjourned():
            meeting = next(kinds for kinds in _MEETINGS if isinstance(event.what, kinds))
            gone = place <= case.sent_back or any(isinstance(later, meeting) for later in since)
            return "the meeting was moved or has been" if gone else ""
        case e.EnquirySent(enquiry=key):
            return _done(case, key)
        case e.Chased(deadline=key):
            return _done(case, key)
        case e.ThresholdDeferred() | e.DeferralEnded() | e.DecisionInsisted() if any(
            isinstance(later, e.DeferralEnded | e.DecisionInsisted | e.ThresholdDecided) for later in since
        ):
            return "the wait is over, and a later letter tells of that"
        case e.ThresholdDecided():
            decided = any(isinstance(later, e.ThresholdDecided) for later in since)
            held = event.what.met and case.outcome is not None
            overtaken = decided or held or place <= case.sent_back
            return "a later letter tells what was decided" if overtaken else ""
        case e.OutcomeDecided():
            return "an appeal has sent the review back" if place <= case.sent_back else ""
        case e.PanelHeld() if all(item.answer or item.made.event != event.id for item in case.items.values()):
            return "the recommendations are answered"
        case e.RecommendationAnswered(recommendation=id):
            again = any(isinstance(later, e.RecommendationAnswered) and later.recommendation == id for later in since)
            return "a later answer was given" if again or case.items[id].done else ""
        case e.FollowUpHeld() if any(isinstance(later, e.FollowUpHeld) for later in since):
            return "a later follow-up was held"
        case e.ClosureNotified() if case.notice != place:
            return "the notice of closure does not stand any more"
        case e.AppealLodged() | e.BundleSent() if case.appeal is None:
            return "the appeal is decided"
        case e.HoldStarted() | e.HoldEnded() if any(isinstance(later, e.HoldStarted | e.HoldEnded) for later in since):
            return "the pause has changed since"
        case e.OfficerAssigned() if any(isinstance(later, e.OfficerAssigned) for later in since):
            return "the contact has changed again"
        case e.DateCorrected(milestone=milestone) if any(
            isinstance(later, e.DateCorrected) and later.milestone is milestone for later in since
        ):
            return "the date was corrected again"
        case e.ReportCorrected(report=report) if any(
            isinstance(later, e.ThresholdDecided) or (isinstance(later, e.ReportCorrected) and later.report == report)
            for later in since
        ):
            return "the report was corrected again, or the threshold decided anew"
        case e.ProgressTold() if any(isinstance(later, e.ProgressTold) for later in since):
            return "later news has gone"
        case e.PersonJoined(person=person) | e.PersonLeft(person=person) if any(
            isinstance(later, e.PersonJoined | e.PersonLeft) and later.person == person for later in since
        ):
            return "they have left or joined since"
        case e.ChronologySent() if any(isinstance(later, e.ChronologySent | e.PanelHeld) for later in since):
            return "the panel has met, or a later chronology was sent"
        case e.ExplanationAsked(about=about) if (known := case.explanations.get(about)) and known.given:
            return "the body has explained itself"
        case e.PlanPut() if any(isinstance(later, e.PlanPut) for later in since):
            return "a later plan was put to the applicant"
    return ""


def _done(case: Case, key: str) -> str:
    """Whether the duty of that deadline's key is over."""
    named = DeadlineKey.read(key)
    if key in case.enquiries:
        decided = case.held is not None or case.refusal
        return _IS_DONE if case.enquiries[key].settled or decided else ""
    if named is None:
        return ""
    if named.item in case.items:
        item = case.items[named.item]
        return _IS_DONE if (item.answer if named.step is StepId.RECOMMENDATION else item.done) else ""
    if named.step in _OF_AN_APPEAL:
        current = named.round == (case.round if named.step is StepId.APPEAL_WINDOW else len(case.appeals))
        return "" if current and not case.has(_OF_AN_APPEAL[named.step]) else _IS_DONE
    step = case.policy.step(named.step)
    over = named.round < case.round or (step is not None and case.has(step.done_by))
    return _IS_DONE if over else ""
