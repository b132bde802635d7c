"""What a field is called: one row for each, with a column for everybody who reads it in words of their own."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class Caption:
    """What a field is called on the page; ``called`` is the noun its errors use: "Enter the day of the panel"."""

    label: str
    hint: str = ""
    called: str = ""

    @property
    def noun(self) -> str:
        """ "the day of the panel"; made of the label where nothing else was given."""
        plain = self.label.removesuffix(" (optional)").removesuffix("?")
        return self.called or (plain if plain.startswith("I ") else f"{plain[:1].lower()}{plain[1:]}")


class Asked(StrEnum):
    """Who is asked: staff; somebody about themselves; somebody who applies for another; an agency, a chair or an
    appeal body."""

    STAFF = "staff"
    OWN = "own"
    ANOTHER = "another"
    PARTY = "party"


@dataclass(frozen=True)
class FieldWords:
    """One field. ``line`` is what the command line says of it where staff's noun does not say enough there."""

    staff: Caption | None = None
    own: Caption | None = None
    another: Caption | None = None
    party: Caption | None = None
    line: str = ""

    def of(self, reader: Asked) -> Caption | None:
        """A reader's words; who applies for another is asked as for themselves where that is the same."""
        match reader:
            case Asked.STAFF:
                return self.staff
            case Asked.OWN:
                return self.own
            case Asked.ANOTHER:
                return self.another or self.own
            case Asked.PARTY:
                return self.party
