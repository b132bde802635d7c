"""What acts and their fields are called on a page: a label, a hint, and the noun an error uses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from console.questions.fields import Wording


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

_FIELDS: Mapping[str, Wording] = {
    "request-details.missing": Wording(
        "What is missing?", "One thing on each line. The letter lists them.", "what is missing"
    ),
    "supply-details.consent_to_share": Wording("The applicant agrees that their details are shared with the agencies"),
    "supply-details.victim_consents": Wording("The victim agrees that somebody acts for them"),
    "supply-details.text": Wording("What was supplied (optional)"),
    "answer-enquiry.enquiry": Wording("Which enquiry?", called="the enquiry that was answered"),
    "answer-enquiry.confirmations": Wording("What do the agency’s records show?", called="confirmation"),
    "answer-enquiry.confirmations.confirmed": Wording(
        "Does the agency have a record of it?", called="whether the agency has a record of it"
    ),
    "answer-enquiry.confirmations.note": Wording("Note (optional)"),
    "answer-enquiry.account": Wording("What the agency knows and did (optional)"),
    "answer-enquiry.contact": Wording("Whom to ask there (optional)"),
    "decide-threshold.met": Wording("Is the threshold met?", called="whether the threshold is met"),
    "decide-threshold.decided_by": Wording("Who decided it?", called="who decided it"),
    "decide-threshold.route": Wording("On which route is it met? (optional)", called="the route that is met"),
    "decide-threshold.discretion": Wording(
        "Why is a case below the number accepted?", "Only if no route is met and the case is accepted (section 104(5))."
    ),
    "decide-threshold.persistence": Wording("How persistent is the behaviour?", "Needed for a refusal."),
    "decide-threshold.harm": Wording("What harm does it cause, or could it?", "Needed for a refusal."),
    "decide-threshold.adequacy": Wording("How adequate was the response to the reports?", "Needed for a refusal."),
    "decide-threshold.alternative_action": Wording("What will be done instead?", "Needed for a refusal."),
    "arrange-panel.on": Wording("On which day does the panel meet?", called="the day of the panel"),
    "arrange-panel.time": Wording("At what time?", "For example, 10:00.", "the time of the panel"),
    "arrange-panel.place": Wording("Where? (optional)", "A room, or a link to join."),
    "arrange-panel.chair": Wording("The chair", called="chair"),
    "arrange-panel.members": Wording("The members", called="member"),
    "arrange-panel.reason": Wording(
        "Why is it moved?", "Only if the panel was arranged before; the applicant is told."
    ),
    "choose-attendance.mode": Wording("How will the applicant take part?", called="how the applicant takes part"),
    "choose-attendance.statement": Wording("Their statement for the panel (optional)"),
    "adjourn-panel.until": Wording("To which day?", called="the day the panel goes on"),
    "record-panel-decision.on": Wording("On which day did the panel meet?", called="the day of the panel"),
    "record-panel-decision.present": Wording("Who was there? (optional)", "One name on each line."),
    "record-panel-decision.conflicts": Wording(
        "Who declared a conflict of interest? (optional)", "And what was done about it."
    ),
    "record-panel-decision.findings": Wording(
        "What did the panel find?", "Issue by issue, in plain words.", "what the panel found"
    ),
    "record-panel-decision.recommendations": Wording("Recommendations", called="recommendation"),
    "record-panel-decision.recommendations.to": Wording("To whom?", called="to whom the recommendation is made"),
    "record-panel-decision.recommendations.text": Wording(
        "What is recommended?", called="what is recommended"
    ),
    "record-panel-decision.recommendations.reason": Wording("Why? (optional)"),
    "record-panel-decision.recommendations.due": Wording(
        "By when should it be done? (optional)", called="the day it should be done"
    ),
    "comment-on-plan.comments": Wording("What does the applicant say?", called="what the applicant says"),
    "send-outcome.reasons": Wording(
        "The panel’s reasons", "In plain words; they are printed in the letter as you write them here.",
        "the panel’s reasons",
    ),
    "confirm-receipt.letter": Wording("Which letter?", called="the letter that arrived"),
    "confirm-receipt.on": Wording("On which day did it arrive?", called="the day it arrived"),
    "answer-recommendation.recommendation": Wording("Which recommendation?", called="the recommendation"),
    "answer-recommendation.response": Wording("What is the answer?", called="the answer"),
    "answer-recommendation.reasons": Wording("Reasons", "Needed unless it is accepted in full."),
    "answer-recommendation.due": Wording("By when will it be done? (optional)", called="the day it will be done"),
    "complete-action.recommendation": Wording("Which action?", called="the action that was done"),
    "complete-action.on": Wording("On which day was it done?", called="the day it was done"),
    "complete-action.evidence": Wording("How can anyone see that it was done?", called="how anyone can see it"),
    "lodge-appeal.subject": Wording("What is the appeal against?", called="what the appeal is against"),
    "lodge-appeal.grounds": Wording("Why does the applicant appeal?", called="why the applicant appeals"),
    "lodge-appeal.on": Wording("On which day did the appeal reach you? (optional)", "Today, if left empty.", "the day"),
    "lodge-appeal.consent_to_transfer": Wording("The applicant agrees that the papers go to the appeal body"),
    "lodge-appeal.good_cause": Wording("Why is a late appeal accepted?", "Only after the time to appeal has ended."),
    "refuse-appeal.subject": Wording("What is the appeal against?", called="what the appeal is against"),
    "refuse-appeal.reasons": Wording("Why can it not be taken?", "The applicant reads this.", "why it cannot be taken"),
    "refuse-appeal.decided_by": Wording("Who decided it?", called="who decided it"),
    "refuse-appeal.on": Wording(
        "On which day did the appeal reach you? (optional)", "Today, if left empty.", "the day"
    ),
    "arrange-hearing.on": Wording("On which day is it heard?", called="the day of the hearing"),
    "arrange-hearing.time": Wording("At what time?", "For example, 10:00.", "the time of the hearing"),
    "arrange-hearing.place": Wording("Where? (optional)", "A room, or a link to join."),
    "arrange-hearing.reason": Wording("Why is it moved?", "Only if it was arranged before; the applicant is told."),
    "record-hearing.on": Wording("On which day was it heard?", called="the day it was heard"),
    "decide-appeal.decision": Wording("What was decided?", called="what was decided"),
    "decide-appeal.reasons": Wording("The reasons", called="the reasons"),
    "decide-appeal.directions": Wording("Directions (optional)", "What the council must do now."),
    "decide-appeal.heard_on": Wording("On which day was it heard?", "If not recorded yet.", "the day of the hearing"),
    "hold-follow-up.on": Wording("On which day was the follow-up held?", called="the day of the follow-up"),
    "hold-follow-up.behaviour_stopped": Wording(
        "Has the behaviour stopped?", called="whether the behaviour has stopped"
    ),
    "hold-follow-up.findings": Wording("What was found?", called="what was found"),
    "notify-closure.reason": Wording("Why the case is about to close (optional)", "It is printed in the letter."),
    "object-to-closure.reason": Wording("Why does the applicant object?", called="why the applicant objects"),
    "withdraw.reason": Wording("Why does the applicant withdraw? (optional)"),
    "extend.step": Wording("Which date?", called="the date to move"),
    "extend.working_days": Wording("By how many working days?", called="how many working days"),
    "extend.reason": Wording("Why?", "The applicant reads this.", "the reason"),
    "hold.until": Wording("Until which day?", "The case goes on by itself on that day.", "the day the hold ends"),
    "hold.at_victims_request": Wording("The victim asked for it"),
    "assign-officer.officer": Wording("Who is the officer?", called="the officer’s name"),
    "assign-officer.email": Wording("The officer’s e-mail address (optional)"),
    "ask-for-call.phone": Wording("On which number?", "One that is safe for them.", "the number to ring"),
    "ask-for-call.when": Wording("When is it safe to ring?", called="when it is safe to ring"),
    "ask-for-call.voicemail": Wording("A message may be left"),
    "ask-for-call.about": Wording("What is it about? (optional)"),
    "record-call.spoke": Wording("Did you speak with them?", called="whether you spoke with them"),
    "record-call.note": Wording("What was said, or what to try next (optional)"),
    "add-note.text": Wording("The note", called="the note"),
    "add-document.document": Wording("Its id", called="its id"),
    "add-document.name": Wording("Its name", called="its name"),
    "add-document.media_type": Wording("What kind of file is it?", called="what kind of file it is"),
    "add-document.size": Wording("Its size in bytes", called="its size"),
    "add-document.sha256": Wording("Its SHA-256", called="its SHA-256"),
    "add-document.given_by": Wording("Who gave it to you? (optional)"),
    "add-document.about": Wording("What is it? (optional)"),
    "correct-date.milestone": Wording("Which date is wrong?", called="the date that is wrong"),
    "correct-date.to": Wording("What is the right day?", called="the right day"),
    "settle-letter.key": Wording("Which letter?", called="the letter"),
    "settle-letter.arrived": Wording("Did it arrive?", called="whether it arrived"),
    "settle-letter.how": Wording("How do you know?", called="how you know"),
    "post-letter.key": Wording("Which letter?", called="the letter"),
    "post-letter.on": Wording("On which day was it posted?", called="the day it was posted"),
    "post-letter.post_class": Wording(
        "By which class of post? (optional)", "Second class, if you choose none.", called="the class of post"
    ),
    "report-undelivered.key": Wording("Which letter?", called="the letter"),
    "report-undelivered.how": Wording(
        "How did it come back?", "An e-mail or a text message bounces; an envelope is returned.", "how it came back"
    ),
    "report-undelivered.reason": Wording("Why, as far as you know? (optional)", called="why it came back"),
    "change-representative.nobody": Wording("Nobody acts for the victim any more"),
    "change-representative.person": Wording("Who acts for the victim from now on", called="representative"),
    "change-representative.person.unsafe": Wording(
        "What must not be used? (optional)", "Because somebody else could see or hear it."
    ),
    "change-representative.person.large_print": Wording("Letters in large print"),
    "change-representative.person.victim_consents": Wording("The victim agrees that they act for them"),
    "correct-contact.person": Wording("Whose details?", called="whose details they are"),
    "correct-contact.prefers": Wording("How do they want their letters?", called="how they want their letters"),
    "correct-contact.unsafe": Wording(
        "What must not be used? (optional)", "Because somebody else could see or hear it."
    ),
    "correct-contact.large_print": Wording("Letters in large print"),
    "correct-contact.language": Wording("Which language do they read best?", called="which language they read best"),
    "correct-contact.how": Wording(
        "How did you make sure that these are theirs?",
        "For example, you rang the number that was known before. Do not repeat the details here.",
        "how you made sure",
    ),
    "change-calendar.day": Wording("Which day?", called="the day"),
    "change-calendar.day_kind": Wording("What kind of day is it?", called="what kind of day it is"),
    "change-calendar.name": Wording(
        "What is it called?", "It is shown wherever a date is worked out.", "what it is called"
    ),
    "relation": Wording(
        "Who are they to the victim?", "For example, daughter or advocate.", "who they are to the victim"
    ),
    "documents": Wording("Documents that go with it (optional)", "One on each line."),
    "name": Wording("Name", called="the name"),
    "organisation": Wording("Organisation (optional)", "If it is not one of the agencies."),
    "agency": Wording("Agency (optional)"),
    "independent": Wording("Had no part in the case"),
    "conflict": Wording("A conflict they declared (optional)"),
    "reason": Wording("Why?", called="the reason"),
    "email": Wording("E-mail address (optional)", called="the e-mail address"),
    "phone": Wording("Telephone number (optional)"),
    "address": Wording("Postal address (optional)", "One line on each line, the postcode last."),
    "occurred": Wording("On which day did it happen?", called="the day it happened"),
    "occurred_until": Wording(
        "If it went on: its last day (optional)", called="its last day"
    ),
    "reported": Wording("On which day was it reported?", called="the day it was reported"),
    "reported_to": Wording("To whom was it reported?", called="to whom it was reported"),
    "reference": Wording("Their reference number (optional)"),
    "what": Wording("What happened?", called="what happened"),
    "category": Wording("What kind of report was it?"),
    "reporter": Wording("Who reported it? (optional)", "If it was somebody other than the applicant."),
    "premises": Wording("Which address was it about? (optional)"),
}  # fmt: skip


def wording(act: str, path: str) -> Wording:
    """A field's words: those of the act first, then those of any field of that name."""
    name = path.rpartition(".")[2]
    found = _FIELDS.get(f"{act}.{path}") or _FIELDS.get(path) or _FIELDS.get(name)
    return found or Wording(name.replace("_", " ").capitalize())


def plainly(sentence: str) -> str:
    """A rule's sentence with the acts it names called as this console calls them."""
    named = _NAMED.sub(lambda found: f"“{ACTS[found.group()].title}”", sentence)
    return f"{named[:1].upper()}{named[1:]}"


_NAMED = re.compile(r"\b(?:" + "|".join(sorted((act for act in ACTS if "-" in act), key=len, reverse=True)) + r")\b")
