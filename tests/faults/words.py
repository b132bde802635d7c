"""Words planted in every text that people write, and where they may be found afterwards.

A word is a text that nobody writes by chance. It belongs in the register and in letters, and nowhere else.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from domain.events import Body
from tests.workflows.life import CHAIR, OFFICER

_ACTORS = (CHAIR.name, OFFICER.name)
"""Who acts is compared by name."""
_A_NAME = 2


class Planted:
    """The words of one run, each with where it was planted."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self.places: dict[str, str] = {}
        self._names: dict[str, str] = {}

    def word(self, place: str) -> str:
        """A new word, for a field named by ``place``."""
        number = hashlib.sha256(f"{self._seed}/{place}/{len(self.places)}".encode()).hexdigest()
        word = "qx" + "".join(chr(ord("a") + int(digit, 16)) for digit in number[:14])
        self.places[word] = place
        return word

    def into(self, body: Body) -> Body:
        """The same act, with a word of its own in every text of several words."""
        return type(body).model_validate(self._within(body.model_dump(), body.act or ""))

    def _within(self, value: Any, place: str) -> Any:
        if isinstance(value, dict):
            return {name: self._within(one, f"{place}.{name}") for name, one in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(self._within(one, place) for one in value)
        if type(value) is not str or " " not in value or value in _ACTORS:
            return value
        if len(value.split()) <= _A_NAME:
            return self._names.setdefault(value, f"{value} {self.word(place)}")
        return f"{value} {self.word(place)}"

    def found(self, folder: Path, *, but: tuple[str, ...]) -> Iterator[str]:
        """Each word in a file under ``folder`` where it does not belong, as it is or in base64; ``but`` names what lies
        in the folder itself and may hold them."""
        needles = {form: place for word, place in self.places.items() for form in _forms(word)}
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.relative_to(folder).parts[0] not in but:
                content = path.read_bytes()
                whole = (content, content.lower())
                for form, place in needles.items():
                    if any(form in one for one in whole):
                        yield f"{place} stands in {path.relative_to(folder)}"


def _forms(word: str) -> Iterator[bytes]:
    """The word, and what of it stands in base64 wherever it begins in what was encoded."""
    yield word.encode()
    for before in range(3):
        encoded = base64.b64encode(b" " * before + word.encode())
        yield encoded[4 if before else 0 : len(word) * 4 // 3 - 4]
