"""The fields in words of the acts by which a case is kept: its dates, its people, its letters, what is noted."""

from __future__ import annotations

from collections.abc import Mapping

from office.wording.row import Row, Wording

KEEPING_FIELDS: Mapping[str, Row] = {
    "extend.step": Row(
        Wording("Which date?", called="the date to move"), line="The deadline’s name, such as response or action:R1",
    ),
    "extend.working_days": Row(Wording("By how many working days?", called="how many working days")),
    "extend.reason": Row(Wording("Why?", "The applicant reads this.", "the reason")),
    "hold.until": Row(Wording("Until which day?", "The case goes on by itself on that day.", "the day the hold ends")),
    "hold.at_victims_request": Row(Wording("The victim asked for it"), line="Whether the victim asked for it"),
    "assign-officer.officer": Row(Wording("Who is the officer?", called="the officer’s name")),
    "assign-officer.email": Row(Wording("The officer’s e-mail address (optional)")),
    "change-representative.nobody": Row(Wording("Nobody acts for the victim any more")),
    "change-representative.person": Row(Wording("Who acts for the victim from now on", called="representative")),
    "change-representative.person.unsafe": Row(
        Wording("What must not be used? (optional)", "Because somebody else could see or hear it."),
    ),
    "change-representative.person.large_print": Row(Wording("Letters in large print")),
    "change-representative.person.victim_consents": Row(Wording("The victim agrees that they act for them")),
    "ask-for-call.phone": Row(
        Wording("On which number?", "One that is safe for them.", "the number to ring"),
        own=Wording("Which number is safe to ring?", called="the number to ring"), line="The number that is safe",
    ),
    "ask-for-call.when": Row(
        Wording("When is it safe to ring?", called="when it is safe to ring"),
        own=Wording(
            "When is it safe to ring you?", "For example, on weekdays before three.", "when it is safe to ring you"
        ),
    ),
    "ask-for-call.voicemail": Row(
        Wording("A message may be left"),
        own=Wording("You may leave a message", "Only tick this if nobody else hears your messages."),
        line="Whether a message may be left",
    ),
    "ask-for-call.about": Row(
        Wording("What is it about? (optional)"), own=Wording("What would you like to talk about? (optional)"),
        line="What it is about",
    ),
    "record-call.spoke": Row(
        Wording("Did you speak with them?", called="whether you spoke with them"), line="Whether they were reached",
    ),
    "record-call.note": Row(Wording("What was said, or what to try next (optional)")),
    "correct-contact.person": Row(
        Wording("Whose details?", called="whose details they are"), line="The id of somebody the case writes to",
    ),
    "correct-contact.prefers": Row(Wording("How do they want their letters?", called="how they want their letters")),
    "correct-contact.unsafe": Row(
        Wording("What must not be used? (optional)", "Because somebody else could see or hear it."),
    ),
    "correct-contact.large_print": Row(Wording("Letters in large print")),
    "correct-contact.language": Row(
        Wording("Which language do they read best?", called="which language they read best"),
    ),
    "correct-contact.how": Row(
        Wording(
            "How did you make sure that these are theirs?",
            "For example, you rang the number that was known before. Do not repeat the details here.",
            "how you made sure"
        ),
        line="How you made sure that these are theirs",
    ),
    "add-note.text": Row(Wording("The note", called="the note")),
    "add-document.document": Row(Wording("Its id", called="its id")),
    "add-document.name": Row(Wording("Its name", called="its name")),
    "add-document.media_type": Row(Wording("What kind of file is it?", called="what kind of file it is")),
    "add-document.size": Row(Wording("Its size in bytes", called="its size")),
    "add-document.sha256": Row(Wording("Its SHA-256", called="its SHA-256")),
    "add-document.given_by": Row(Wording("Who gave it to you? (optional)"), line="Who gave it"),
    "add-document.about": Row(Wording("What is it? (optional)"), line="What it is"),
    "correct-date.milestone": Row(
        Wording("Which date is wrong?", called="the date that is wrong"), line="Which date, such as panel_held",
    ),
    "correct-date.to": Row(Wording("What is the right day?", called="the right day")),
    "change-calendar.day": Row(Wording("Which day?", called="the day")),
    "change-calendar.day_kind": Row(Wording("What kind of day is it?", called="what kind of day it is")),
    "change-calendar.name": Row(
        Wording("What is it called?", "It is shown wherever a date is worked out.", "what it is called"),
    ),
    "post-letter.key": Row(
        Wording("Which letter?", called="the letter"),
        line="The letter’s key, as `show --json` and `letter list --json` print it",
    ),
    "post-letter.on": Row(Wording("On which day was it posted?", called="the day it was posted")),
    "post-letter.post_class": Row(
        Wording("By which class of post? (optional)", "Second class, if you choose none.", "the class of post"),
    ),
    "report-undelivered.key": Row(
        Wording("Which letter?", called="the letter"),
        line="The letter’s key, as `show --json` and `letter list --json` print it",
    ),
    "report-undelivered.how": Row(
        Wording(
            "How did it come back?", "An e-mail or a text message bounces; an envelope is returned.",
            "how it came back"
        ),
    ),
    "report-undelivered.reason": Row(Wording("Why, as far as you know? (optional)", called="why it came back")),
    "settle-letter.key": Row(
        Wording("Which letter?", called="the letter"),
        line="The letter’s key, as `show --json` and `letter list --json` print it",
    ),
    "settle-letter.arrived": Row(Wording("Did it arrive?", called="whether it arrived")),
    "settle-letter.how": Row(Wording("How do you know?", called="how you know")),
}  # fmt: skip
