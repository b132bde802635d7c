"""The languages that somebody can ask for their letters in, as people call them."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "cy": "Welsh (Cymraeg)",
    "pl": "Polish (polski)",
    "pt": "Portuguese (português)",
    "ro": "Romanian (română)",
    "es": "Spanish (español)",
}
"""The languages that a letter can be in, or be headed with a line in, by their codes."""


def called(code: str) -> str:
    """ "Welsh (Cymraeg)" of "cy"; the code itself of a language that is not among these."""
    return LANGUAGES.get(code, code)
