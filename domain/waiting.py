"""What a case waits for and who must act, in words: for the work list, the Temporal UI and the letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain import calendar
from domain.case import Case, Stage
from domain.deadlines import Deadline, next_due
from domain.events import Purpose
from domain.policy import Milestone


@dataclass(frozen=True)
class Waiting:
    """``words`` is one sentence without personal data; ``must_act`` a role or an agency's id, empty when all is done."""

    words: str
    must_act: str


def describe(case: Case, deadlines: Sequence[Deadline], today: date) -> Waiting:
    """Why nothing more happens by itself just now."""
    lost = [letter for letter in case.letters.values() if letter.needs_somebody]
    if lost and not case.stage.over:
        posted = lost[0].posted
        return Waiting(f"letter {posted.letter} did not certainly arrive: somebody must settle it", "officer")
    hold = case.on_hold(today)
    if hold:
        return Waiting(f"on hold at the victim's request until {calendar.words(hold.end)}", "officer")
    words, must_act = _by_stage(case, deadlines)
    following = next_due(deadlines)
    if following and not case.stage.over:
        late = "was due" if following.due < today else "due"
        words += f"; next: {following.title}, {late} {calendar.words(following.due)}"
    return Waiting(words, must_act)


def _by_stage(case: Case, deadlines: Sequence[Deadline]) -> tuple[str, str]:
    match case.stage:
        case Stage.RECEIVED:
            return "the receipt letter is on its way", "service"
        case Stage.AWAITING_DETAILS:
            return f"waiting for the applicant: {', '.join(case.missing)}", "applicant"
        case Stage.VERIFYING:
            return _agencies(case, Purpose.VERIFICATION, "to confirm the reports")
        case Stage.THRESHOLD:
            return "waiting for the threshold decision", "officer"
        case Stage.NOT_MET:
            return "threshold not met; the applicant may appeal", "applicant"
        case Stage.GATHERING:
            return _agencies(case, Purpose.INFORMATION, "for their account of the case")
        case Stage.ARRANGING:
            return "waiting for a panel to be arranged", "officer"
        case Stage.PANEL:
            on = case.panel.on if case.panel else None
            return (f"waiting for the panel of {calendar.words(on)}" if on else "waiting for the panel"), "chair"
        case Stage.PLAN:
            return "waiting for the applicant's answer on the draft plan", "applicant"
        case Stage.OUTCOME:
            return "waiting for the outcome to be written and sent", "officer"
        case Stage.APPEAL_WINDOW:
            return "outcome sent; the applicant may appeal", "applicant"
        case Stage.APPEAL:
            return _appeal(case)
        case Stage.FOLLOW_UP:
            return _follow_up(case, deadlines)
        case Stage.CLOSING:
            return "closure notice sent; the applicant may object", "applicant"
        case Stage.CLOSED:
            return "closed", ""
        case Stage.WITHDRAWN:
            return "withdrawn by the applicant", ""


def _agencies(case: Case, purpose: Purpose, what: str) -> tuple[str, str]:
    silent = [q.agency for q in case.of_round(purpose) if not q.settled]
    return f"waiting for {', '.join(silent) or 'the agencies'} {what}", silent[0] if silent else "agencies"


def _appeal(case: Case) -> tuple[str, str]:
    if case.has(Milestone.APPEAL_DECIDED):
        return "appeal decided; the letter is on its way", "service"
    if not case.has(Milestone.BUNDLE_SENT):
        return "appeal received; its papers are to be sent", "officer"
    heard = case.has(Milestone.APPEAL_HEARD)
    return ("waiting for the appeal decision" if heard else "waiting for the appeal to be heard"), "appeal_body"


def _follow_up(case: Case, deadlines: Sequence[Deadline]) -> tuple[str, str]:
    unanswered = [item for item in case.items.values() if item.answer is None]
    undone = [item for item in case.open_items if item.answer is not None]
    for items, what in ((unanswered, "to answer"), (undone, "to be done")):
        if items:
            ids = ", ".join(f"{item.id} ({item.recommendation.to})" for item in items)
            return f"waiting for {ids} {what}", items[0].recommendation.to
    if case.has(Milestone.FOLLOWED_UP):
        return "all is done; the closure notice is next", "officer"
    opens = next((d.opens for d in deadlines if d.opens and d.running), None)
    return f"waiting for the follow-up{f', open from {calendar.words(opens)}' if opens else ''}", "officer"
