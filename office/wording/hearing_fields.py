"""The fields in words of the acts by which each side is heard: the chronology and its corrections, an explanation."""

from __future__ import annotations

from collections.abc import Mapping

from office.wording.row import Caption, FieldWords

HEARING_FIELDS: Mapping[str, FieldWords] = {
    "send-chronology.chronology": FieldWords(
        Caption(
            "What do the agencies say was done, and when?",
            "In plain words, the oldest first. Leave out other people’s names and whatever the law does not let you "
            "pass on. The applicant reads this.",
            "what the agencies say was done",
        ),
    ),
    "send-chronology.answer_by": FieldWords(
        Caption("By which day should the applicant answer?", "Before the panel meets.", "the day to answer by"),
    ),
    "correct-chronology.corrections": FieldWords(
        Caption("What does the applicant say is wrong or missing?", called="what is wrong or missing"),
        own=Caption(
            "What is wrong, or missing?",
            "Say which part, and what really happened. The panel reads this.",
            "what is wrong or missing",
        ),
    ),
    "ask-to-explain.about": FieldWords(
        Caption("What should be explained?", called="what should be explained"),
        line="The recommendation, such as R1, or the enquiry, such as information:police",
    ),
    "ask-to-explain.question": FieldWords(
        Caption("What do you ask?", "The body and the applicant both read this.", "what you ask"),
    ),
    "ask-to-explain.answer_by": FieldWords(
        Caption("By which day should the body answer?", called="the day to answer by"),
    ),
    "give-explanation.about": FieldWords(
        Caption("Which question did it answer?", called="which question was answered"),
        line="What was asked about, such as R1 or information:police",
    ),
    "give-explanation.explanation": FieldWords(
        Caption("What does the body say?", "The applicant is sent it as it stands.", "what the body says"),
        party=Caption("Why did you decide as you did?", "The applicant is sent this as it stands.", "your explanation"),
    ),
}
