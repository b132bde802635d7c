"""How old a reader must be for a text: syllables, words and sentences by the formula of Flesch and Kincaid.

British English without a dictionary. On this service's own letters and the councils' pages 98 in 100 words have
the number of syllables that the Carnegie Mellon pronouncing dictionary gives them (docs/decisions, 13).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

SCHOOL_BEGINS = 5

_WORD = re.compile(r"[A-Za-zÀ-ɏ]+(?:['’-][A-Za-zÀ-ɏ]+)*|\d+(?:[.,:]\d+)*")
_VOWELS = re.compile(r"[aeiouyà-æè-ïò-öù-ý]+")
_SILENT_END = re.compile(
    r"[^aeiouy]e$(?<![^aeiouy]le)"
    r"|(?<![cgsxz])(?<![cs]h)(?<=[^aeiouy])es$(?<![^aeiouy]les)"
    r"|[^aeiouytd]ed$(?<![^aeiouylr]led)"
)
_SILENT_WITHIN = re.compile(
    r"[^aeiouy]e(?:ly|ty|ments?|ful|fully|less|ness|where|things?|body|times?|ones?)$|^(?:every|busine|some)[a-z]"
)
_SPLIT = re.compile(
    r"i(?:a(?!l$|n$|ll|ge|m)|o(?!n|ur)|um|et|en(?!d))|(?<![qg])ua(?!r)|eo(?!p|u)|[aeiouy]ing\b|iest|ier$"
)


@lru_cache(maxsize=8192)
def syllables(word: str) -> int:
    """At least 1; a word with hyphens is the sum of its parts, and a figure is read as one syllable."""
    return sum(_spoken(part) for part in re.split(r"[-'’]", word.casefold()) if part) or 1


def words(sentence: str) -> list[str]:
    """The words and figures of a sentence."""
    return _WORD.findall(sentence)


def reading_age(sentences: Iterable[str]) -> float:
    """The age in years at which a reader in school follows the text: Flesch-Kincaid grade and five years.

    0.39 words a sentence + 11.8 syllables a word - 15.59 is the grade in school, whose first begins at six. Raises
    ValueError where there is no word.
    """
    counted = [of_sentence for sentence in sentences if (of_sentence := words(sentence))]
    total = sum(map(len, counted))
    if not total:
        raise ValueError("a text without a word has no reading age: give at least one sentence")
    spoken = sum(syllables(word) for of_sentence in counted for word in of_sentence)
    return SCHOOL_BEGINS + 0.39 * total / len(counted) + 11.8 * spoken / total - 15.59


def average(sentences: Sequence[str]) -> float:
    """Words a sentence; 0 where there are no sentences."""
    return sum(len(words(sentence)) for sentence in sentences) / len(sentences) if sentences else 0.0


def _spoken(part: str) -> int:
    silent = bool(_SILENT_END.search(part)) + bool(_SILENT_WITHIN.search(part))
    return max(len(_VOWELS.findall(part)) - silent + len(_SPLIT.findall(part)), 1)
