"""The languages that somebody can ask for their letters in, as people call them."""

from __future__ import annotations

from console.questions.fields import Choice

LANGUAGES = (
    Choice("en", "English"), Choice("cy", "Welsh (Cymraeg)"), Choice("pl", "Polish (polski)"),
    Choice("pt", "Portuguese (português)"), Choice("ro", "Romanian (română)"), Choice("es", "Spanish (español)"),
)  # fmt: skip
"""The languages that a letter can be in, or be headed with a line in."""


def called(code: str) -> str:
    """ "Welsh (Cymraeg)" of "cy"; the code itself of a language that is not among these."""
    return next((one.words for one in LANGUAGES if one.value == code), code)


def with_theirs(code: str) -> tuple[Choice, ...]:
    """The languages, and somebody's own where it is none of them."""
    known = any(one.value == code for one in LANGUAGES)
    return LANGUAGES if known else (*LANGUAGES, Choice(code, code))
