"""The questions after a case in words, as they are asked and as their answers are counted."""

from __future__ import annotations

from collections.abc import Mapping

HOW: Mapping[str, str] = {"yes": "Yes", "partly": "In part", "no": "No"}
BETTER: Mapping[str, str] = {"better": "Better", "same": "The same", "worse": "Worse"}
WORDS: Mapping[str, str] = {
    "told": "Did we tell you what was happening, and when?",
    "clear": "Did our letters make sense to you?",
    "heard": "Did we listen to you?",
    "respect": "Did we treat you with respect?",
}
UNDERSTOOD = "Did you understand why we did not hold a review?"
BEHAVIOUR = "Is the behaviour you reported better, the same or worse?"
