"""What acts are called on a page: what heads a form, what is said when it is done, and what comes of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ActWords:
    """``title`` heads the form, ``done`` is said when it was taken, ``lead`` says what comes of it."""

    title: str
    done: str
    lead: str = ""


ACTS: Mapping[str, ActWords] = {
    "request-details": ActWords(
        "Ask the applicant for something missing", "The applicant will be asked",
        "The application keeps its date. The applicant gets a letter that says what is missing.",
    ),
    "supply-details": ActWords(
        "Record what the applicant supplied", "What was supplied is recorded",
        "Consents given here stand from now on.",
    ),
    "answer-enquiry": ActWords(
        "Record an agency’s answer", "The agency’s answer is recorded",
        "Write down what the agency told you: what its records show, what it did, and whom to ask there.",
    ),
    "decide-threshold": ActWords(
        "Decide the threshold", "The threshold decision is recorded",
        "Three qualifying reports give a right to a review (section 104(4)); nobody can refuse then. A refusal needs "
        "reasons under each heading and a second person’s agreement.",
    ),
    "arrange-panel": ActWords(
        "Arrange the panel", "The panel is arranged",
        "The applicant, the chair and the members are told. Arranged again, it is moved, and everybody is told why.",
    ),
    "choose-attendance": ActWords(
        "Record how the applicant will take part", "How the applicant takes part is recorded",
    ),
    "send-papers": ActWords("Send the papers to the panel", "The papers are on their way to the panel"),
    "adjourn-panel": ActWords(
        "Adjourn the panel", "The panel is adjourned", "The dates promised to the applicant do not move.",
    ),
    "record-panel-decision": ActWords(
        "Record the panel’s decision", "The panel’s decision is recorded",
        "Each recommendation goes to its addressee, and the draft plan to the applicant.",
    ),
    "comment-on-plan": ActWords(
        "Record what the applicant says of the plan", "The applicant’s comments are recorded",
    ),
    "send-outcome": ActWords(
        "Write and send the outcome", "The outcome letter is on its way",
        "The letter carries these reasons, the recommendations and how to appeal.",
    ),
    "confirm-receipt": ActWords(
        "Record when a letter arrived", "The day the letter arrived is recorded",
        "It replaces the day on which the letter counts as received, and the time to appeal runs from it.",
    ),
    "answer-recommendation": ActWords(
        "Record the answer to a recommendation", "The answer is recorded",
        "A body may decline; its reasons then go to the applicant.",
    ),
    "complete-action": ActWords("Record that an action was done", "The action is recorded as done"),
    "lodge-appeal": ActWords("Record an appeal", "The appeal is lodged", "The appeal body is sent the case."),
    "refuse-appeal": ActWords(
        "Answer an appeal that cannot be taken", "The appeal is answered",
        "It came too late without good cause, no route is open, or it is outside the grounds. The applicant hears why.",
    ),
    "arrange-hearing": ActWords(
        "Arrange the hearing of the appeal", "The hearing is arranged",
        "The applicant is told. Arranged again, it is moved, and the applicant is told why.",
    ),
    "send-bundle": ActWords("Send the papers to the appeal body", "The papers are on their way to the appeal body"),
    "record-hearing": ActWords("Record that the appeal was heard", "The hearing is recorded"),
    "decide-appeal": ActWords(
        "Record the appeal’s decision", "The appeal’s decision is recorded",
        "A remitted appeal sends the review back, and its clocks start again.",
    ),
    "hold-follow-up": ActWords("Record the follow-up", "The follow-up is recorded"),
    "notify-closure": ActWords(
        "Give notice of closing the case", "The applicant is told that the case is about to close",
        "The applicant may object before the case closes.",
    ),
    "object-to-closure": ActWords("Record an objection to closing", "The objection is recorded; the case stays open"),
    "add-incident": ActWords(
        "Add a further incident", "The incident is added",
        "It counts towards the threshold on the day the application was made.",
    ),
    "withdraw": ActWords(
        "Withdraw the application", "The application is withdrawn",
        "Only when the applicant asks for it. The case ends, and the applicant gets a confirmation.",
    ),
    "extend": ActWords(
        "Move a promised date", "The date is moved",
        "The applicant gets a letter with the reason and the new date. The date first promised stays on the case.",
    ),
    "hold": ActWords(
        "Put the case on hold", "The case is on hold",
        "Only at the victim’s request: an agency’s silence never stops a clock.",
    ),
    "resume": ActWords("Go on with the case", "The case goes on", "The hold ends today."),
    "assign-officer": ActWords("Give the case to an officer", "The case has a new officer", "The applicant is told."),
    "change-representative": ActWords(
        "Change who acts for the victim", "Who acts for the victim is changed",
        "Letters then go to the new representative. Whoever acted before is told that it has ended.",
    ),
    "ask-for-call": ActWords(
        "Record that the applicant asks for a call", "It is recorded that the applicant asks for a call",
        "The case waits for it until somebody has spoken with them.",
    ),
    "record-call": ActWords(
        "Record a call to the applicant", "The call is recorded",
        "Where you did not reach them, it is still to be made.",
    ),
    "correct-contact": ActWords(
        "Correct how somebody is reached", "How they are reached is corrected",
        "Letters go there from now on, also those that are sent again. No letter tells of the change: nothing is sent "
        "to the old address any more, and it never hears the new one.",
    ),
    "add-note": ActWords("Add a note", "The note is added", "Notes stay in the case and go to nobody."),
    "add-document": ActWords("Add a document", "The document is added", "It stays in the case and goes to nobody."),
    "correct-date": ActWords(
        "Correct a date", "The date is corrected",
        "Every deadline is worked out again. Dates already promised in a letter do not move later.",
    ),
    "change-calendar": ActWords(
        "Add a closed day to the calendar", "The case counts by the new calendar",
        "For a bank holiday that was declared, or days the council is closed. Promised dates do not move later.",
    ),
    "settle-letter": ActWords(
        "Say what became of a letter", "What became of the letter is recorded",
        "For a letter that was refused or may not have gone. One that did not arrive is sent again.",
    ),
    "post-letter": ActWords(
        "Say that a letter is in the post", "The letter is recorded as posted",
        "For a letter from the print tray. It counts as received by its class of post, and its days run from then.",
    ),
    "report-undelivered": ActWords(
        "Say that a letter came back", "It is recorded that the letter came back",
        "What the letter had started for its reader stops, and it goes another way if there is one.",
    ),
}  # fmt: skip


def plainly(sentence: str) -> str:
    """A rule's sentence with the acts it names called as this console calls them."""
    named = _NAMED.sub(lambda found: f"“{ACTS[found.group()].title}”", sentence)
    return f"{named[:1].upper()}{named[1:]}"


_NAMED = re.compile(r"\b(?:" + "|".join(sorted((act for act in ACTS if "-" in act), key=len, reverse=True)) + r")\b")
