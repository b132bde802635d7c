"""What an applicant can choose between, in plain words; staff choose between the same in words of their own."""

from __future__ import annotations

from collections.abc import Collection

from console.questions.fields import Choice
from domain.application import Means

SELF, OTHER = "self", "other"
WHO = "who"

WHOM = (
    Choice(SELF, "Myself"),
    Choice(OTHER, "Somebody else", "For example a parent, a neighbour or somebody you support."),
)
UNSAFE = (
    Choice("email", "E-mail"), Choice("post", "Post"), Choice("text", "Text message"),
    Choice("phone", "Telephone", "We send no text message either."), Choice("voicemail", "A message on voicemail"),
)  # fmt: skip
TENURES = (
    Choice("council_tenant", "Rented from the council"),
    Choice("housing_association_tenant", "Rented from a housing association"),
    Choice("private_tenant", "Rented from a private landlord"),
    Choice("owner", "Owned"),
    Choice("other", "Another way, or I would rather not say"),
)


_BY = {
    Means.EMAIL: Choice("email", "By e-mail"),
    Means.POST: Choice("post", "By post"),
    Means.TEXT: Choice(
        "text",
        "By text message",
        "It says that we have news and links to the letter. You need a mobile number.",
    ),
}


def preferences(ways: Collection[Means]) -> tuple[Choice, ...]:
    """How somebody may want our letters, of the ways they go."""
    return tuple(_BY[way] for way in Means if way in ways)
