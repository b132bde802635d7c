"""The fields in words of the acts by which a case is kept: its dates, its people, its letters, what is noted."""

from __future__ import annotations

from collections.abc import Mapping

from office.wording.row import Caption, FieldWords

KEEPING_FIELDS: Mapping[str, FieldWords] = {
    "extend.step": FieldWords(
        Caption("Which date?", called="the date to move"), line="The deadline’s name, such as response or action:R1",
    ),
    "extend.working_days": FieldWords(Caption("By how many working days?", called="how many working days")),
    "extend.reason": FieldWords(Caption("Why?", "The applicant reads this.", "the reason")),
    "hold.until": FieldWords(
        Caption("Until which day?", "The case goes on by itself on that day.", "the day the hold ends"),
    ),
    "hold.at_victims_request": FieldWords(Caption("The victim asked for it"), line="Whether the victim asked for it"),
    "assign-officer.officer": FieldWords(Caption("Who is the officer?", called="the officer’s name")),
    "assign-officer.email": FieldWords(Caption("The officer’s e-mail address (optional)")),
    "change-representative.nobody": FieldWords(Caption("Nobody acts for the victim any more")),
    "change-representative.person": FieldWords(Caption("Who acts for the victim from now on", called="representative")),
    "change-representative.person.unsafe": FieldWords(
        Caption("What must not be used? (optional)", "Because somebody else could see or hear it."),
    ),
    "change-representative.person.large_print": FieldWords(Caption("Letters in large print")),
    "change-representative.person.victim_consents": FieldWords(Caption("The victim agrees that they act for them")),
    "ask-for-call.phone": FieldWords(
        Caption("On which number?", "One that is safe for them.", "the number to ring"),
        own=Caption("Which number is safe to ring?", called="the number to ring"), line="The number that is safe",
    ),
    "ask-for-call.when": FieldWords(
        Caption("When is it safe to ring?", called="when it is safe to ring"),
        own=Caption(
            "When is it safe to ring you?", "For example, on weekdays before three.", "when it is safe to ring you"
        ),
    ),
    "ask-for-call.voicemail": FieldWords(
        Caption("A message may be left"),
        own=Caption("You may leave a message", "Only tick this if nobody else hears your messages."),
        line="Whether a message may be left",
    ),
    "ask-for-call.about": FieldWords(
        Caption("What is it about? (optional)"), own=Caption("What would you like to talk about? (optional)"),
        line="What it is about",
    ),
    "record-call.spoke": FieldWords(
        Caption("Did you speak with them?", called="whether you spoke with them"), line="Whether they were reached",
    ),
    "record-call.note": FieldWords(Caption("What was said, or what to try next (optional)")),
    "correct-contact.person": FieldWords(
        Caption("Whose details?", called="whose details they are"), line="The id of somebody the case writes to",
    ),
    "correct-contact.prefers": FieldWords(
        Caption("How do they want their letters?", called="how they want their letters"),
    ),
    "correct-contact.unsafe": FieldWords(
        Caption("What must not be used? (optional)", "Because somebody else could see or hear it."),
    ),
    "correct-contact.large_print": FieldWords(Caption("Letters in large print")),
    "correct-contact.language": FieldWords(
        Caption("Which language do they read best?", called="which language they read best"),
    ),
    "correct-contact.how": FieldWords(
        Caption(
            "How did you make sure that these are theirs?",
            "For example, you rang the number that was known before. Do not repeat the details here.",
            "how you made sure"
        ),
        line="How you made sure that these are theirs",
    ),
    "correct-agency.agency": FieldWords(
        Caption("Whose address?", called="whose address it is"),
        line="A body’s id, an appeal body’s name, team for the council’s own, manager or deputy for those over it",
    ),
    "correct-agency.email": FieldWords(Caption("The new e-mail address (optional)")),
    "correct-agency.senior_title": FieldWords(Caption("Its senior post’s title (optional)")),
    "correct-agency.senior_email": FieldWords(Caption("Its senior post’s e-mail address (optional)")),
    "correct-agency.phone": FieldWords(Caption("The council’s telephone number (optional)")),
    "correct-agency.address_lines": FieldWords(Caption("The council’s postal address (optional)", "A line each.")),
    "correct-agency.arrived": FieldWords(
        Caption(
            "What was sent to the old address arrived",
            "Otherwise what is not answered yet is sent again, and its time runs from today.",
        ),
        line="What was sent to the old address arrived, so nothing is sent again",
    ),
    "correct-agency.reason": FieldWords(Caption("How do you know?", called="how you know")),
    "add-body.name": FieldWords(Caption("What is it called?", called="its name")),
    "add-body.part": FieldWords(
        Caption("What is its part?", "For example, landlord, probation, mental health trust.", "its part"),
    ),
    "add-body.email": FieldWords(Caption("Its e-mail address", called="its e-mail address")),
    "add-body.senior_title": FieldWords(
        Caption("Its senior post’s title (optional)", "Whom we write to if it does not answer."),
    ),
    "add-body.senior_email": FieldWords(Caption("Its senior post’s e-mail address (optional)")),
    "add-body.reason": FieldWords(
        Caption("Why does it take part?", "Its public functions, and what it has to do with the case.", "why"),
    ),
    "add-note.text": FieldWords(Caption("The note", called="the note")),
    "add-document.document": FieldWords(Caption("Its id", called="its id")),
    "add-document.name": FieldWords(Caption("Its name", called="its name")),
    "add-document.media_type": FieldWords(Caption("What kind of file is it?", called="what kind of file it is")),
    "add-document.size": FieldWords(Caption("Its size in bytes", called="its size")),
    "add-document.sha256": FieldWords(Caption("Its SHA-256", called="its SHA-256")),
    "add-document.given_by": FieldWords(Caption("Who gave it to you? (optional)"), line="Who gave it"),
    "add-document.about": FieldWords(Caption("What is it? (optional)"), line="What it is"),
    "correct-date.milestone": FieldWords(
        Caption("Which date is wrong?", called="the date that is wrong"), line="Which date, such as panel_held",
    ),
    "correct-date.to": FieldWords(Caption("What is the right day?", called="the right day")),
    "correct-report.report": FieldWords(
        Caption("Which report is wrong?", called="the report that is wrong"), line="Its id, such as I2",
    ),
    "correct-report.reported": FieldWords(
        Caption(
            "On which day was it reported? (optional)", "The first day it can have been, if nobody knows.",
            "the day it was reported"
        ),
    ),
    "correct-report.reported_until": FieldWords(
        Caption("The last day on which it can have been reported (optional)"),
        line="The last day on which it can have been reported",
    ),
    "correct-report.reported_unsure": FieldWords(Caption("Nobody is sure on which day it was reported")),
    "correct-report.occurred": FieldWords(
        Caption(
            "On which day did it happen? (optional)", "Or began. The first day it can have been, if nobody knows.",
            "the day it happened"
        ),
    ),
    "correct-report.occurred_unsure": FieldWords(Caption("Nobody is sure on which day it happened")),
    "correct-report.reported_to": FieldWords(
        Caption("To whom was it reported? (optional)", called="to whom it was reported"),
    ),
    "correct-report.what": FieldWords(Caption("What happened? (optional)", called="what happened")),
    "correct-report.category": FieldWords(Caption("What kind of report was it? (optional)")),
    "correct-report.reason": FieldWords(
        Caption("Why is it corrected?", "It is printed where the applicant is told.", "why it is corrected"),
        line="Why",
    ),
    "correct-report.how": FieldWords(
        Caption("How is it known? (optional)", "For example, from the log of the police."), line="How it is known",
    ),
    "change-calendar.day": FieldWords(Caption("Which day?", called="the day")),
    "change-calendar.day_kind": FieldWords(Caption("What kind of day is it?", called="what kind of day it is")),
    "change-calendar.name": FieldWords(
        Caption("What is it called?", "It is shown wherever a date is worked out.", "what it is called"),
    ),
    "post-letter.key": FieldWords(
        Caption("Which letter?", called="the letter"),
        line="The letter’s key, as `show --json` and `letter list --json` print it",
    ),
    "post-letter.on": FieldWords(Caption("On which day was it posted?", called="the day it was posted")),
    "post-letter.post_class": FieldWords(
        Caption("By which class of post? (optional)", "Second class, if you choose none.", "the class of post"),
    ),
    "report-undelivered.key": FieldWords(
        Caption("Which letter?", called="the letter"),
        line="The letter’s key, as `show --json` and `letter list --json` print it",
    ),
    "report-undelivered.how": FieldWords(
        Caption(
            "How did it come back?", "An e-mail or a text message bounces; an envelope is returned.",
            "how it came back"
        ),
    ),
    "report-undelivered.reason": FieldWords(Caption("Why, as far as you know? (optional)", called="why it came back")),
    "renew-link.link": FieldWords(
        Caption("Which link?", called="the link"), line="The link’s id, as `link list` prints it"
    ),
    "renew-link.purpose": FieldWords(Caption("What is it for?", called="what it is for")),
    "renew-link.holder": FieldWords(Caption("Who holds it?", called="who holds it")),
    "renew-link.about": FieldWords(Caption("What is it about? (optional)"), line="What it is about"),
    "settle-letter.key": FieldWords(
        Caption("Which letter?", called="the letter"),
        line="The letter’s key, as `show --json` and `letter list --json` print it",
    ),
    "settle-letter.arrived": FieldWords(Caption("Did it arrive?", called="whether it arrived")),
    "settle-letter.how": FieldWords(Caption("How do you know?", called="how you know")),
}  # fmt: skip
