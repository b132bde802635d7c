"""By what two people of two applications may be the same, however they wrote it."""

import pytest

from domain.application import Person
from domain.likeness import Trait, shared, traits


def person(name: str = "Asha Example", **known: object) -> Person:
    return Person.model_validate({"name": name, **known})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Asha Example", "asha  EXAMPLE"),
        ("Nisha Patel", "Patel, Nisha"),
        ("Mrs Asha Example", "Asha Example"),
        ("María García López", "Maria Garcia Lopez"),
        ("Jo van der Walt", "VAN DER WALT, JO"),
        ("Siân O’Neill", "Sian O'Neill"),
        ("Anne-Marie Cole", "Anne Marie Cole"),
        ("Dr", "dr"),
    ],
)
def test_a_name_is_the_same_however_it_is_written(one: str, other: str) -> None:
    assert shared(person(one), person(other)) == (Trait.PERSON,)


@pytest.mark.parametrize(("one", "other"), [("Asha Example", "Asha Examples"), ("Asha Example", "Asha J Example")])
def test_another_name_is_another(one: str, other: str) -> None:
    assert shared(person(one), person(other)) == ()


@pytest.mark.parametrize("other", ["+44 7700 900123", "0044 7700900123", "07700-900 123", "+44 (0)7700 900123"])
def test_a_telephone_number_is_its_digits(other: str) -> None:
    assert shared(person("A", phone="07700 900123"), person("B", phone=other)) == (Trait.TELEPHONE,)


def test_a_number_of_few_digits_is_nobody_s() -> None:
    assert traits(person(phone="ext. 4521")) == {Trait.PERSON: "asha example"}


@pytest.mark.parametrize(
    "other",
    [
        ("14 Snargate St.", "Dover", "CT179BZ"),
        ("14, Snargate Street, Dover, ct17 9bz",),
        ("Flat above, 14 Snargate Street", "CT17  9BZ"),
    ],
)
def test_an_address_is_its_postcode_and_its_numbers(other: tuple[str, ...]) -> None:
    home = person("A", address=("14 Snargate Street", "Dover", "CT17 9BZ"))
    assert shared(home, person("B", address=other)) == (Trait.ADDRESS,)


@pytest.mark.parametrize(
    "other",
    [
        ("16 Snargate Street", "Dover", "CT17 9BZ"),
        ("Flat 2, 14 Snargate Street", "Dover", "CT17 9BZ"),
        ("14 Snargate Street", "Dover", "CT17 9BX"),
    ],
)
def test_another_door_is_another_address(other: tuple[str, ...]) -> None:
    home = person("A", address=("14 Snargate Street", "Dover", "CT17 9BZ"))
    assert shared(home, person("B", address=other)) == ()


def test_a_house_without_a_number_goes_by_its_name_and_an_address_without_a_postcode_by_all_its_words() -> None:
    rose = person("A", address=("Rose Cottage", "Mill Lane", "CT15 4AA"))
    assert shared(rose, person("B", address=("Rose Cottage", "CT15 4AA"))) == (Trait.ADDRESS,)
    assert shared(rose, person("B", address=("Mill House", "Mill Lane", "CT15 4AA"))) == ()
    plain = person("A", address=("3 Mill Road", "Eythorne"))
    assert shared(plain, person("B", address=("3 Mill Rd, Eythorne",))) == (Trait.ADDRESS,)


def test_an_e_mail_address_is_the_same_in_capitals_and_nothing_known_is_like_nothing_known() -> None:
    one, other = person("A", email="asha@example.org"), person("B", email="ASHA@example.org")
    assert shared(one, other) == (Trait.EMAIL,)
    assert shared(person("A"), person("B")) == ()
