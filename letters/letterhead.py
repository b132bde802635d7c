"""Who writes a letter, and the error of one that cannot be written."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class Unrenderable(ValueError):
    """A letter that cannot be written as it stands; the text names the letter and the mend."""


@dataclass(frozen=True)
class Letterhead:
    """Who writes: what every letter prints above and below its own words.

    `colour` is "#rrggbb", `logo` a picture's place in the councils' folders (`dover/logo.png`) or empty.
    """

    council: str
    team: str
    role: str = ""
    phone: str = ""
    email: str = ""
    address: Sequence[str] = ()
    colour: str = "#1d4f91"
    language: str = "en-GB"
    logo: str = ""

    def __post_init__(self) -> None:
        if not _COLOUR.fullmatch(self.colour):
            raise Unrenderable(f"The council's colour {self.colour!r} is not of the form #1d4f91; write it so.")

    @property
    def ink(self) -> str:
        """Black or white, whichever reads better on `colour` (WCAG 2.2, 1.4.3)."""
        red, green, blue = (_linear(int(self.colour[start : start + 2], 16) / 255) for start in (1, 3, 5))
        return "#000000" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 else "#ffffff"


def _linear(channel: float) -> float:
    return float(channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4)
