"""The fields in words of the acts by which a case ends for a cause of its own, or is taken up again."""

from __future__ import annotations

from collections.abc import Mapping

from office.wording.row import Caption, FieldWords

ENDING_FIELDS: Mapping[str, FieldWords] = {
    "end-case.cause": FieldWords(Caption("Why does the case end?", called="why the case ends"), line="Why it ends"),
    "end-case.reason": FieldWords(
        Caption("What the applicant reads about it", "Printed in their letter. Needed for any other cause. Leave "
            "it empty where the applicant has died."),
        line="What the applicant reads about it",
    ),
    "end-case.on": FieldWords(
        Caption("On which day? (optional)", "Of the death, or the day the case was passed to the other council.",
            "the day"),
        line="The day of the death, or the case was passed on",
    ),
    "end-case.same_as": FieldWords(
        Caption("Which case goes on? (optional)", "Only for a case that is the same as another: its reference.",
            "the case that goes on"),
        line="The reference of the case that goes on",
    ),
    "end-case.council": FieldWords(
        Caption("Which council is it for? (optional)", "Where the applicant moved, or where it happened.",
            "the other council"),
        line="The other council’s name",
    ),
    "end-case.council_address": FieldWords(
        Caption("The other council’s address (optional)", "It is printed in the letter."),
        line="The other council’s address",
    ),
    "end-case.consent": FieldWords(
        Caption("How did the applicant agree to pass it on? (optional)", "Only if you passed it on. It is printed."),
        line="How the applicant agreed to pass it on",
    ),
    "end-case.sees_to": FieldWords(
        Caption("Who sees that what was recommended is done? (optional)", "Only if the applicant has died and "
            "something is still open. The agencies are told this name."),
        line="Who sees to what is still open after a death",
    ),
    "end-case.note": FieldWords(
        Caption("Note for the file (optional)", "Printed in no letter."), line="A note for the file; never printed",
    ),
    "end-case.counts_from": FieldWords(line="The earlier day of the two; the register has it"),
    "restore-case.reason": FieldWords(
        Caption("Why is it taken up again?", "The applicant reads it.", "the reason"),
        line="Why; the applicant reads it",
    ),
    "restore-case.found_by": FieldWords(
        Caption("Whose finding opens it? (optional)", "Only for a closed case: the ombudsman or the appeal body."),
        line="Whose finding opens a closed case",
    ),
    "restore-case.on": FieldWords(
        Caption("On which day? (optional)", "The day the applicant took it back, or of the finding.", "the day"),
        line="The day it was taken back, or of the finding",
    ),
    "undo-extension.step": FieldWords(
        Caption("Which date stands as it was first promised?", called="the date"),
        line="The deadline’s key, such as response",
    ),
    "undo-extension.reason": FieldWords(
        Caption("Why is more time not needed?", "Whoever was told of the new date reads this.", "the reason"),
        line="Why; whoever was told of the new date reads it",
    ),
    "hold-follow-up.again": FieldWords(
        Caption("By which day is it looked at once more? (optional)", "Needed where the behaviour goes on.", "the day"),
        line="By which day it is looked at once more, if it goes on",
    ),
    "decide-appeal.recommendations": FieldWords(
        Caption("Who is to do what (optional)", "Only for an appeal that succeeds.", "direction"),
        party=Caption("Who is to do what? (optional)", called="direction"),
    ),
    "decide-appeal.recommendations.to": FieldWords(
        Caption("To whom?", called="to whom it goes"), party=Caption("Which body?", called="the body"),
    ),
    "decide-appeal.recommendations.text": FieldWords(
        Caption("What is it to do?", called="what it is to do"),
        party=Caption("What is it to do?", called="what it is to do"),
    ),
    "decide-appeal.recommendations.reason": FieldWords(Caption("Why? (optional)")),
    "decide-appeal.recommendations.power": FieldWords(
        Caption("With which power or measure? (optional)", called="the power or measure"),
        party=Caption("With which power or measure? (optional)", called="the power or measure"),
    ),
    "decide-appeal.recommendations.due": FieldWords(
        Caption("By which day? (optional)", called="the day it is due"),
        party=Caption("By which day? (optional)", called="the day it is due"),
    ),
}  # fmt: skip
