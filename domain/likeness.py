"""Likeness: by what two people of two applications may be the same, or live under one roof.

People write their names, numbers and addresses in many ways: what is compared is folded first. Nothing follows from a
likeness by itself; an officer is shown it and decides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from unicodedata import normalize

from domain.application import Person

_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev", "sir", "dame", "lady", "cllr", "councillor"})
_STREETS = {
    "street": "st", "saint": "st", "road": "rd", "avenue": "ave", "lane": "ln", "close": "cl", "drive": "dr",
    "terrace": "ter", "crescent": "cres", "court": "ct", "gardens": "gdns", "apartment": "flat", "apt": "flat",
}  # fmt: skip
_POSTCODE = re.compile(r"\b([A-Z]{1,2}[0-9][A-Z0-9]?)\s*([0-9][A-Z]{2})\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d+[a-z]?", re.ASCII)
_ABROAD = re.compile(r"^(?:\+|00)440?")
_FEWEST_DIGITS = 7


class Trait(StrEnum):
    """By what somebody may be the same as another."""

    PERSON = "person"
    ADDRESS = "address"
    TELEPHONE = "telephone"
    EMAIL = "email"

    @property
    def words(self) -> str:
        return {"person": "name", "address": "address", "telephone": "telephone number", "email": "e-mail address"}[
            self.value
        ]


def traits(person: Person) -> Mapping[Trait, str]:
    """What is known of somebody, folded; a trait that says nothing is left out.

    A name is its words in any order, without titles, accents and points ("Patel, Nisha" is Nisha Patel). A telephone
    number is its digits, +44 being 0. An address is its postcode with the numbers before it, or the house's name; one
    without a postcode is all its words.
    """
    found = {
        Trait.PERSON: _name(person.name),
        Trait.ADDRESS: _address(person.address),
        Trait.TELEPHONE: _telephone(person.phone),
        Trait.EMAIL: (person.email or "").strip().casefold(),
    }
    return {trait: folded for trait, folded in found.items() if folded}


def shared(one: Person, other: Person) -> tuple[Trait, ...]:
    """By what two people may be the same or live together, the plainest first."""
    theirs = traits(other)
    return tuple(trait for trait, folded in traits(one).items() if theirs.get(trait) == folded)


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same, however they are written."""
    return _name(one) == _name(other)


def _words(text: str) -> list[str]:
    plain = "".join(sign for sign in normalize("NFKD", text.casefold()) if sign.isalnum() or sign in " ,-./\t")
    return re.sub(r"[\s,\-./]+", " ", plain).split()


def _name(name: str) -> str:
    words = _words(name)
    return " ".join(sorted(word for word in words if word not in _TITLES) or sorted(words))


def _telephone(number: str) -> str:
    plain = _ABROAD.sub("0", re.sub(r"[^\d+]", "", number))
    digits = re.sub(r"\D", "", plain)
    return digits if len(digits) >= _FEWEST_DIGITS else ""


def _address(lines: tuple[str, ...]) -> str:
    whole = ", ".join(line for line in lines if line.strip())
    found = _POSTCODE.search(whole)
    words = _words(whole.replace(found[0], " ") if found else whole)
    plain = [_STREETS.get(word, word) for word in words]
    if found is None:
        return " ".join(sorted(plain))
    numbers = sorted(word for word in plain if _NUMBER.fullmatch(word))
    first = next((line for line in lines if _words(line)), "")
    house = numbers or [_STREETS.get(word, word) for word in _words(first)]
    return " ".join([(found[1] + found[2]).casefold(), *house])
