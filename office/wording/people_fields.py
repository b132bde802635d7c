"""The fields in words of the acts about people: how somebody is heard, who acts, who else applies, which cases belong
together."""

from __future__ import annotations

from collections.abc import Mapping

from office.wording.row import Caption, FieldWords

PEOPLE_FIELDS: Mapping[str, FieldWords] = {
    "choose-attendance.mode": FieldWords(
        Caption("How will the applicant take part?", called="how the applicant takes part"),
        own=Caption("How would you like to be heard?", called="how you would like to be heard"),
        line="How the applicant takes part, such as in person",
    ),
    "choose-attendance.statement": FieldWords(
        Caption("Their statement to the panel (optional)", "What the behaviour does to them, in their own words."),
        own=Caption(
            "What would you like the panel to hear? (optional)",
            "What this does to you and those you live with, in your own words. The panel reads it before it meets.",
        ),
        line="Their statement to the panel",
    ),
    "supply-details.named": FieldWords(
        Caption("They gave their name", "Keep it with “Correct how somebody is reached”."),
        line="Whether an applicant who gave no name has given it",
    ),
    "ask-consent.why": FieldWords(
        Caption("What is it for?", "Whoever acts reads this. For example: the appeal.", "what it is for"),
        line="What it is for, such as the appeal",
    ),
    "change-representative.until": FieldWords(
        Caption("Until which day may they act? (optional)"), line="The last day on which they may act",
    ),
    "add-person.agrees": FieldWords(
        Caption("Who now agrees that agencies have their name? (optional)", "Leave it empty to add somebody new."),
    ),
    "add-person.person": FieldWords(Caption("Somebody new", called="person"), line="Their id in the register"),
    "add-person.part": FieldWords(
        Caption(
            "As what are they part of the application? (optional)", "They apply too, if you choose neither.",
            "as what they are part of it",
        ),
        line="As what",
    ),
    "add-person.consents": FieldWords(
        Caption("They agree that the agencies have their name and what they told us"),
        line="Whether the agencies may have their name",
    ),
    "add-person.needs": FieldWords(
        Caption("What makes them vulnerable, and what they need (optional)"), line="What they need",
    ),
    "add-person.acted_for_by": FieldWords(
        Caption(
            "Who acts for them? (optional)",
            "For a child, or somebody who cannot decide this: a name, and by what right. Give that person’s contact "
            "details above.",
        ),
        line="Who acts for them, and by what right",
    ),
    "add-person.prefers": FieldWords(
        Caption("How do they want their letters? (optional)", "By e-mail, if you choose none."),
    ),
    "change-representative.person.prefers": FieldWords(
        Caption("How do they want their letters? (optional)", "By e-mail, if you choose none."),
    ),
    "add-person.unsafe": FieldWords(
        Caption("What must not be used? (optional)", "Because somebody else could see or hear it."),
    ),
    "add-person.large_print": FieldWords(Caption("Letters in large print")),
    "end-person.person": FieldWords(
        Caption("Whose part ends?", called="whose part ends"), line="The id of somebody who is part of it",
    ),
    "end-person.reason": FieldWords(
        Caption("Why?", "It stays in the file. They do not read it.", "the reason"), line="Why; it goes to nobody",
    ),
    "link-case.other": FieldWords(
        Caption("With which case?", "Its reference, such as DOV-2026-0001.", "the other case’s reference"),
        line="The other case’s reference",
    ),
    "link-case.reason": FieldWords(
        Caption("Why?", "It stays in both files. No applicant reads it.", "the reason"),
        line="Why one panel reviews both",
    ),
    "unlink-case.other": FieldWords(
        Caption("The link with which case?", called="the other case’s reference"), line="The other case’s reference",
    ),
    "unlink-case.reason": FieldWords(Caption("Why?", called="the reason"), line="Why each goes on by itself"),
}  # fmt: skip
