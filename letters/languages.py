"""The languages a letter's dates are written in, and where the sources of each stand.

A source in another language than English has its code in its name: `L-01.cy.md.j2`. A source `_note.pl.md.j2` is the
line that heads an English letter to somebody who reads Polish and has no such letter in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from domain.span import SpanWords


@dataclass(frozen=True)
class Language:
    """``name`` is its English one. ``weekdays`` begin with Monday, ``months`` with January, as inside a sentence.

    ``about``, ``between`` and ``to`` say of days that nobody knows, or on all of which something went on.
    """

    code: str
    tag: str
    name: str
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    about: str
    between: str
    to: str

    def words(self, day: date, weekday: bool = True) -> str:
        """ "Thursday 14 January 2027", "dydd Iau 14 Ionawr 2027"; without its weekday where that is not wanted."""
        written = f"{day.day} {self.months[day.month - 1]} {day.year}"
        return f"{self.weekdays[day.weekday()]} {written}" if weekday else written

    def span(self, weekday: bool) -> SpanWords:
        """How days are said that nobody knows nearer."""
        return SpanWords(
            day=lambda day: self.words(day, weekday),
            bare=lambda day: self.words(day, False),
            about=self.about,
            between=self.between,
            to=self.to,
        )

    def source(self, stem: str) -> str:
        """The file name of a source in this language: `L-01.cy.md.j2` of `L-01`."""
        return f"{stem}{SUFFIX}" if self is ENGLISH else f"{stem}.{self.code}{SUFFIX}"


SUFFIX = ".md.j2"
ENGLISH = Language(
    "en",
    "en-GB",
    "English",
    ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    (
        *("January", "February", "March", "April", "May", "June", "July"),
        *("August", "September", "October", "November", "December"),
    ),
    "about {}",
    "between {} and {}",
    "{} to {}",
)
WELSH = Language(
    "cy",
    "cy",
    "Welsh",
    ("dydd Llun", "dydd Mawrth", "dydd Mercher", "dydd Iau", "dydd Gwener", "dydd Sadwrn", "dydd Sul"),
    (
        *("Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin", "Gorffennaf"),
        *("Awst", "Medi", "Hydref", "Tachwedd", "Rhagfyr"),
    ),
    "tua {}",
    "rhwng {} a {}",
    "{} i {}",
)
LANGUAGES: Mapping[str, Language] = {language.code: language for language in (ENGLISH, WELSH)}


def code_of(wanted: object) -> str:
    """The two or three letters that a language goes by: "cy" of "cy-GB" or "CY"; "en" where none is named."""
    return str(wanted or ENGLISH.code).replace("_", "-").partition("-")[0].strip().lower() or ENGLISH.code


def note(code: str) -> str:
    """The file name of the line that heads an English letter to a reader of another language."""
    return f"_note.{code}{SUFFIX}"
