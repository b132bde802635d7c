"""What acts and their fields are called on a page: a label, a hint, and the noun an error uses."""

from __future__ import annotations

import re
from collections.abc import Mapping

from console.questions.fields import Wording
from domain.events import ActKind, kinds

ACTS: Mapping[str, ActKind] = kinds()
"""Every act, with its title, what is said when it was taken, and what comes of it."""

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
    "adjourn-hearing.until": Wording("To which day is it put off?", called="the day to which it is put off"),
    "adjourn-hearing.reason": Wording("Why is it put off?", "The applicant is told.", "why it is put off"),
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
