"""What applicants said after their case, counted question by question; in their own words for those who may read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from console.web.survey_words import BEHAVIOUR, UNDERSTOOD, WORDS
from console.web.tables import Cell, FigureTable, number
from register.tables import SurveyAnswer

_COUNTED = (
    "Answers in the twelve months to the questions that letter L-24 asks by a link. They are kept apart from every "
    "case, without a name and a reference. Who left a question out is not counted there."
)
_SAID = "Asked what we should do differently. In no order that tells of whose case it was."
_FIRST, _SECOND, _THIRD = ("yes", "better"), ("partly", "same"), ("no", "worse")
_HEADS = ("Question", "Yes, or better", "In part, or the same", "No, or worse")


def survey_tables(answers: Sequence[SurveyAnswer]) -> list[FigureTable]:
    """The counts, and then what was written in words."""
    said = tuple((Cell(one.words.strip()),) for one in answers if one.words.strip())
    return [
        FigureTable("survey", "What applicants say", _COUNTED, _HEADS, tuple(_rows(answers))),
        FigureTable("survey-words", "In applicants’ own words", _SAID, ("Answer",), said),
    ]


def _rows(answers: Sequence[SurveyAnswer]) -> list[tuple[Cell, ...]]:
    asked: Mapping[str, list[str]] = {
        **{words: [getattr(one, name) for one in answers] for name, words in WORDS.items()},
        UNDERSTOOD: [one.result for one in answers if one.refused],
        BEHAVIOUR: [one.result for one in answers if not one.refused],
    }
    return [
        (Cell(words), *(number(sum(one in some for one in given)) for some in (_FIRST, _SECOND, _THIRD)))
        for words, given in asked.items()
        if any(given)
    ]
