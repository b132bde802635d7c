"""Days of which something took one, or all: known, only known about, or between two that nobody knows nearer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from domain import dates


@dataclass(frozen=True)
class SpanWords:
    """How a span is said in a language; ``day`` writes a date by itself and ``bare`` one without its weekday."""

    day: Callable[[date], str] = dates.words
    bare: Callable[[date], str] = lambda day: dates.words(day, weekday=False)
    about: str = "about {}"
    between: str = "between {} and {}"
    to: str = "{} to {}"
    on: str = "on {}"


LONG = SpanWords()
SHORT = SpanWords(day=dates.short)


@dataclass(frozen=True)
class Span:
    """From ``first`` to ``last``. ``unsure``: it was on one of these days, or about the one, and nobody knows which."""

    first: date
    last: date
    unsure: bool = False

    @property
    def exact(self) -> bool:
        """Whether it is one day that is known."""
        return self.first == self.last and not self.unsure

    def said(self, how: SpanWords = LONG) -> str:
        """ "Tuesday 1 September 2026", "about Tuesday 1 September 2026", "between 1 and 30 September 2026"."""
        if self.first == self.last:
            return how.about.format(how.day(self.first)) if self.unsure else how.day(self.first)
        if not self.unsure:
            return how.to.format(how.day(self.first), how.day(self.last))
        first, last = how.bare(self.first), how.bare(self.last)
        year = f" {self.first.year}"
        if self.first.year == self.last.year and first.endswith(year):
            first = first.removesuffix(year)
            first = first.split(" ")[0] if self.first.month == self.last.month else first
        return how.between.format(first, last)

    @property
    def on(self) -> str:
        """The same after a verb: "on Tuesday 1 September 2026", "between 1 and 30 September 2026"."""
        return LONG.on.format(self.said()) if self.exact else self.said()

    def meets(self, other: Span) -> bool:
        """Whether both can be the same day."""
        return self.first <= other.last and other.first <= self.last

    def __str__(self) -> str:
        return self.said()
