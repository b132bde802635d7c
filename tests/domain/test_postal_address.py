"""Which postal addresses a letter reaches."""

import pytest

from domain.application import Means, Person
from domain.postal_address import postable


@pytest.mark.parametrize(
    "address",
    [
        ("14 Sample Street", "Dover CT16 3PJ"),
        ("Flat 3", "Dover", "ct163pj"),
        ("c/o Porchlight, 18 Watling Street, Canterbury CT1 2UA",),
        ("BFPO 12",),
        ("12 rue de l'Exemple", "75001 Paris"),
        ("1 Main Street", "Cork", "T12 X2Y4"),
    ],
)
def test_an_address_with_a_postcode_is_one_a_postman_can_use(address: tuple[str, ...]) -> None:
    assert postable(address)
    assert Means.POST in Person(name="Ann Reed", address=address).ways


@pytest.mark.parametrize(
    "address",
    [(), ("No fixed abode",), ("NFA", "sleeps near SW1"), ("14 Sample Street", "Dover"), ("1234 High Street", "Dover")],
)
def test_an_address_without_one_is_not(address: tuple[str, ...]) -> None:
    assert not postable(address)
    person = Person(name="Ann Reed", email="ann.reed@example.org", address=address, prefers=Means.POST)
    assert person.ways == (Means.EMAIL,)


@pytest.mark.parametrize("typed", ["mailto:ann.reed@example.org", " MailTo:ann.reed@example.org"])
def test_an_address_copied_from_a_link_is_taken_without_its_prefix(typed: str) -> None:
    assert Person(name="Ann Reed", email=typed).email == "ann.reed@example.org"
