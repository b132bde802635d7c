"""Which acts somebody can do in a case now, those that move it on first."""

from __future__ import annotations

from domain import risk
from domain.breaches import owed
from domain.case import Case
from domain.events import kinds
from office import permits
from office.case_view import CaseView
from office.permits import Permit
from register.users import User

_PRESSING = ("answer-enquiry", "post-letter", "settle-letter", "resume", "record-call")


def offered(view: CaseView, user: User) -> tuple[list[str], list[str]]:
    """The acts that move the case on, and those that may be done at any time."""
    if not permits.holds(user, Permit.ACT):
        return [], []
    role = permits.role(user)
    open_to = [act for act in view.possible if role in kinds()[act].may and _has_an_object(act, view.case, view)]
    pressing = {*_PRESSING}
    if owed(view.case, view.deadlines):
        pressing.add("apologise")
    if risk.wanted(view.case):
        pressing.add("assess-risk")
    first = [act for act in open_to if not kinds()[act].any_time or act in pressing]
    return first, [act for act in open_to if act not in first]


def _has_an_object(act: str, case: Case, view: CaseView) -> bool:
    """An act with nothing to be done to would only be refused; a new link is made beside the link it replaces."""
    match act:
        case "answer-enquiry":
            return any(enquiry.answer is None for enquiry in case.enquiries.values())
        case "answer-recommendation":
            return any(item.done is None for item in case.items.values())
        case "complete-action":
            return any(item.accepted and item.done is None for item in case.items.values())
        case "settle-letter":
            return any(letter.needs_somebody for letter in case.letters.values())
        case "post-letter":
            return any(letter.in_tray for letter in case.letters.values())
        case "report-undelivered":
            return any(letter.arrived for letter in case.letters.values())
        case "extend":
            return any(
                deadline.running and deadline.step in case.policy.extensions.steps for deadline in view.deadlines
            )
        case "undo-extension":
            return any(deadline.running and deadline.key in case.extensions for deadline in view.deadlines)
        case "resume":
            return case.on_hold(view.today) is not None
        case "hold":
            return case.on_hold(view.today) is None
        case "renew-link":
            return False
        case _:
            return True
