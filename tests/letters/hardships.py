"""Cases in which somebody is in danger, not invited, put off or neglected, or a body has to explain itself."""

from collections.abc import Callable, Mapping
from datetime import date

from domain import events as e
from domain.policy import Policy, Rung, StepId
from tests.letters.stories import DECLINED, Story, begun, chased, panel, to_outcome, to_panel


def in_danger(policy: Policy) -> Story:
    """Referred to every one of the policy's safety contacts."""
    danger = "He said that he would burn the house down."
    referred = (e.SafetyReferred(to=contact.id, danger=danger, consent=True) for contact in policy.care.safety)
    return begun(policy).tell(date(2026, 6, 2), *referred)  # Tue


def not_invited(policy: Policy) -> Story:
    arranged = panel(date(2026, 6, 29)).model_copy(  # Mon
        update={
            "invited": False,
            "reasons_not_invited": "A trial is to come, and what you say could be used there.",
            "heard_instead": "I will call you on the day before.",
            "reason": "The chair asked for it.",
        }
    )
    return to_panel(policy).tell(date(2026, 6, 24), arranged)  # Wed


def put_off(policy: Policy) -> Story:
    deferred = e.ThresholdDeferred(
        agency="police",
        until=date(2026, 6, 12),  # Fri
        reason="The police visit by Friday 12 June 2026.",
        decided_by="Dee Officer",
    )
    return begun(policy).tell(date(2026, 6, 3), deferred)  # Wed


def neglected(policy: Policy) -> Story:
    """A promise is moved and the move undone; then nobody keeps it, and the manager and the applicant are told."""
    story = begun(policy)
    story.tell(date(2026, 6, 3), e.Extended(step="response", working_days=3, reason="Ill.", approved_by="Gil"))  # Wed
    story.tell(date(2026, 6, 4), e.ExtensionUndone(step="response", reason="She is well again."))  # Thu
    due = story.due("response", date(2026, 6, 4))  # Thu
    late = date(2026, 7, 20)  # Mon
    for rung, to in ((Rung.ESCALATION, "manager"), (Rung.ESCALATION, "deputy"), (Rung.DELAY_LETTER, "applicant")):
        told = {"to": to, "reason": "The officer was ill."}
        story.tell(late, chased(rung, StepId.RESPONSE, "response", due).model_copy(update=told))
    return story


def explained(policy: Policy) -> Story:
    """A body declines, and says why only when it is asked."""
    story = to_outcome(policy)
    declined = e.RecommendationAnswered(recommendation="R2", response=DECLINED, reasons="The door is not ours.")
    story.tell(date(2026, 7, 7), declined)  # Tue
    asked = e.ExplanationAsked(about="R2", question="Whose door is it?", answer_by=date(2026, 7, 21))  # Tue
    story.tell(date(2026, 7, 8), asked)  # Wed
    return story.tell(date(2026, 7, 14), e.ExplanationGiven(about="R2", explanation="The managing agent's."))  # Tue


def corrected(policy: Policy) -> Story:
    """The applicant is sent what the agencies said, and corrects it."""
    sent = e.ChronologySent(chronology="The police came on 5 May.", answer_by=date(2026, 6, 25))  # Thu
    story = to_panel(policy).tell(date(2026, 6, 23), sent)  # Tue
    return story.tell(date(2026, 6, 24), e.ChronologyCorrected(corrections="They came on 6 May."))  # Wed


STORIES: Mapping[str, Callable[[Policy], Story]] = {
    "in danger": in_danger,
    "not invited": not_invited,
    "put off": put_off,
    "neglected": neglected,
    "explained": explained,
    "corrected": corrected,
}
