"""The application form that staff fill in for somebody: the fields of ``ApplicationForm``, in words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from console.questions.choices import LANGUAGES, UNSAFE, offered, preferences
from console.questions.fields import Choice, Field, Kind, Wording, fields
from console.questions.labels import wording
from domain.application import ApplicationForm, Means
from domain.policy import Policy
from letters.addressees import WITHOUT_TEXT

AT_FIRST = {
    "channel": "phone", "same_problem": "yes", "incidents.0.category": "asb", "tenure": "other",
    "applicant.prefers": "email", "applicant.language": "en",
}  # fmt: skip
_LEFT_OUT = frozenset({"incidents.id"})
_ORDER = (
    *("made_at", "channel", "applicant", "representative", "consent_to_share", "incidents", "same_problem"),
    *("impact", "needs", "wanted", "attendance", "tenure", "landlord"),
)
_WORDS = {
    "made_at": Wording(
        "On which day did it reach you?",
        "The six months of section 104 count back from this day.",
        "the day it reached you",
    ),
    "channel": Wording("How did it reach you?", called="how it reached you"),
    "applicant": Wording("The applicant", called="applicant"),
    "applicant.name": Wording("Name", called="the applicant’s name"),
    "applicant.prefers": Wording("How do they want their letters?", called="how they want their letters"),
    "applicant.language": Wording("Which language do they read best?", called="which language they read best"),
    "applicant.large_print": Wording("Letters in large print"),
    "applicant.unsafe": Wording(
        "What must not be used to reach them? (optional)", "Because somebody else could see or hear it."
    ),
    "representative": Wording("Somebody who acts for them (leave empty if nobody does)", called="representative"),
    "representative.name": Wording("Name", called="the representative’s name"),
    "representative.prefers": Wording("How do they want their letters?", called="how they want their letters"),
    "representative.language": Wording("Which language do they read best?", called="which language they read best"),
    "representative.large_print": Wording("Letters in large print"),
    "representative.unsafe": Wording("What must not be used to reach them? (optional)"),
    "representative.victim_consents": Wording("The victim agrees that they act for them"),
    "consent_to_share": Wording(
        "They agree that their details are shared with the agencies",
        "Without it the application keeps its date, and they are asked.",
    ),
    "incidents": Wording(
        "What they reported", "Each report of anti-social behaviour on its own, in any order.", "report"
    ),
    "same_problem": Wording("The reports are all about the same problem"),
    "impact": Wording("What does it do to them? (optional)", "In their own words."),
    "needs": Wording(
        "Is anybody in the home vulnerable, and what do they need? (optional)",
        "Children, age, illness or disability, and what makes it easier for them to take part.",
    ),
    "wanted": Wording("What would they like to happen? (optional)"),
    "attendance": Wording("How would they like to take part in a panel? (optional)"),
    "tenure": Wording("How do they hold their home?", called="how they hold their home"),
    "landlord": Wording("Their landlord (optional)"),
}
_CHANNELS = (
    Choice("phone", "By telephone"), Choice("in_person", "In person"), Choice("post", "By post, on paper"),
    Choice("email", "By e-mail"), Choice("web", "On the council’s web site"),
)  # fmt: skip
_TENURES = (
    Choice("council_tenant", "Tenant of the council"),
    Choice("housing_association_tenant", "Tenant of a housing association"),
    Choice("private_tenant", "Tenant of a private landlord"),
    Choice("owner", "Owner"),
    Choice("other", "Another way, or not known"),
)
_CATEGORIES = (Choice("asb", "Anti-social behaviour"), Choice("hate", "Hate incident"), Choice("crime", "Crime"))
_CHOICES = {
    "channel": _CHANNELS,
    "tenure": _TENURES,
    "incidents.category": _CATEGORIES,
    **{f"{who}.unsafe": UNSAFE for who in ("applicant", "representative")},
    **{f"{who}.language": LANGUAGES for who in ("applicant", "representative")},
}


def fields_of(policy: Policy, ways: Collection[Means] = WITHOUT_TEXT) -> tuple[Field, ...]:
    """The form's fields for one council, in the order a telephone call takes; ``ways`` are those letters go here."""
    modes = tuple(Choice(mode, f"{mode[:1].upper()}{mode[1:]}") for mode in policy.participation.modes)
    known = {**_CHOICES, "attendance": modes}
    known |= dict.fromkeys(("applicant.prefers", "representative.prefers"), preferences(ways))
    made = fields(ApplicationForm, _worded, lambda path: known.get(path, ()), _LEFT_OUT)
    by_name = {field.name: field for field in made}
    return tuple(_suggested(policy, by_name[name]) for name in _ORDER)


def _worded(path: str) -> Wording:
    return _WORDS.get(path) or wording("apply", path)


def _suggested(policy: Policy, field: Field) -> Field:
    if field.kind is not Kind.MANY:
        return field
    inside = (replace(one, offered=offered(policy, one.name)) for one in field.inside)
    return replace(field, inside=tuple(inside))
