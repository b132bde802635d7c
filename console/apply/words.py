"""What the application form asks an applicant, in plain words; the same fields that staff fill in."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from console.questions.fields import Choice, Wording
from domain.application import Means

SELF, OTHER = "self", "other"
WHO = "who"

_MINE: Mapping[str, Wording] = {
    "applicant.name": Wording("What is your name?", "First name and last name.", "your name"),
    "applicant.email": Wording("E-mail address (optional)", called="your e-mail address"),
    "applicant.phone": Wording("Telephone number (optional)", called="your telephone number"),
    "applicant.address": Wording(
        "Address (optional)", "One part on each line, with the postcode last.", "your address"
    ),
    "applicant.prefers": Wording("How do you want to get our letters?", called="how you want to get our letters"),
    "applicant.unsafe": Wording(
        "Is there a way we must not use? (optional)",
        "Because somebody else could see or hear it. We never use what you tick.",
    ),
    "applicant.large_print": Wording("I need letters in large print"),
    "applicant.language": Wording("Which language do you read best?", called="which language you read best"),
    "tenure": Wording("Is your home rented or owned?", called="if your home is rented or owned"),
    "impact": Wording(
        "What has this done to you?",
        "For example to your sleep, your health, your work or your children. Leave it empty if you would rather tell "
        "us later.",
        "what this has done to you",
    ),
    "attendance": Wording(
        "If there is a review meeting, how would you like to take part?",
        "You can change your mind later. You do not have to take part.",
        "how you would like to take part",
    ),
    "wanted": Wording(
        "What would you like to happen?", "Leave it empty if you do not know yet.", "what you would like to happen"
    ),
}
_THEIRS: Mapping[str, Wording] = {
    "applicant.name": Wording(
        "What is the name of the person you are applying for?", "First name and last name.", "their name"
    ),
    "applicant.email": Wording("Their e-mail address (optional)", called="their e-mail address"),
    "applicant.phone": Wording("Their telephone number (optional)", called="their telephone number"),
    "applicant.address": Wording(
        "Their address (optional)", "One part on each line, with the postcode last.", "their address"
    ),
    "applicant.prefers": Wording("How do they want to get our letters?", called="how they want to get our letters"),
    "applicant.unsafe": Wording(
        "Is there a way we must not use to reach them? (optional)",
        "Because somebody else could see or hear it. We never use what you tick.",
    ),
    "applicant.large_print": Wording("They need letters in large print"),
    "applicant.language": Wording("Which language do they read best?", called="which language they read best"),
    "tenure": Wording("Is their home rented or owned?", called="if their home is rented or owned"),
    "impact": Wording(
        "What has this done to them?",
        "For example to their sleep, health, work or children. Leave it empty if they would rather tell us later.",
        "what this has done to them",
    ),
    "attendance": Wording(
        "If there is a review meeting, how would they like to take part?",
        "They can change their mind later. They do not have to take part.",
        "how they would like to take part",
    ),
    "wanted": Wording(
        "What would they like to happen?", "Leave it empty if they do not know yet.", "what they would like to happen"
    ),
}
_ALL: Mapping[str, Wording] = {
    "representative": Wording("You", called="you"),
    "representative.name": Wording("Your own name", "First name and last name.", "your own name"),
    "representative.relation": Wording(
        "What are you to them?", "For example: daughter, friend, support worker, councillor.", "what you are to them"
    ),
    "representative.email": Wording("Your e-mail address (optional)", called="your e-mail address"),
    "representative.phone": Wording("Your telephone number (optional)", called="your telephone number"),
    "representative.address": Wording(
        "Your address (optional)", "One part on each line, with the postcode last.", "your address"
    ),
    "representative.prefers": _MINE["applicant.prefers"],
    "representative.unsafe": Wording(
        "Is there a way we must not use to reach you? (optional)",
        "Because somebody else could see or hear it. We never use what you tick.",
    ),
    "representative.large_print": _MINE["applicant.large_print"],
    "representative.language": _MINE["applicant.language"],
    "representative.victim_consents": Wording(
        "Have they agreed that you apply for them?",
        "If they have not yet, you can still send this. We keep the date and ask them.",
        "if they have agreed",
    ),
    "applicant": Wording("The person this is about", called="the person this is about"),
    "landlord": Wording(
        "Name of the landlord (optional)", "For a home that is rented. It may be the council itself.", "the landlord"
    ),
    "incidents": Wording("What you reported", called="report"),
    "incidents.occurred": Wording("On which day did it happen?", "For example, 27 3 2026.", "the day it happened"),
    "incidents.occurred_until": Wording(
        "If it went on for more than one day, on which day did it end? (optional)", called="the day it ended"
    ),
    "incidents.what": Wording("What happened?", "A few words are enough.", "what happened"),
    "incidents.reported_to": Wording(
        "Who did you tell?", "The council, the police, your landlord or a health service.", "who you told"
    ),
    "incidents.reported": Wording(
        "On which day did you tell them?",
        "If you do not know the day, give the nearest you can. We check it with them.",
        "the day you told them",
    ),
    "incidents.reference": Wording("Reference number (optional)", "If they gave you one.", "the reference number"),
    "incidents.reporter": Wording("Who told them, if it was not you? (optional)", called="who told them"),
    "incidents.premises": Wording(
        "Which home was it about? (optional)",
        "Only if it was not your own. This council also counts reports from different homes.",
        "which home it was about",
    ),
    "same_problem": Wording(
        "Are these reports all about the same problem?",
        "For example the same people, the same place or the same kind of trouble.",
        "if they are about the same problem",
    ),
    "needs": Wording(
        "Is anybody in the home vulnerable, or is there something you need?",
        "For example children, old age, illness, a disability or pregnancy. Or a carer, an interpreter or a quiet "
        "room for a meeting. Leave it empty if there is nothing.",
        "who is vulnerable and what you need",
    ),
    "consent_to_share": Wording(
        "May we share this with the agencies that must take part?",
        "They are the council, the police, the health service and social landlords here. They need it to look at what "
        "was done. If you say no, we keep the date and ask you before we go on.",
        "if we may share this",
    ),
}
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


def wording(path: str, other: bool) -> Wording:
    """What a field is called for somebody who applies for themselves, or for another."""
    return (_THEIRS if other else _MINE).get(path) or _ALL[path]
