"""The application form that staff fill in for somebody: the fields of ``ApplicationForm``, in words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from pydantic import model_validator

from console.questions.choices import AUTHORITIES, CATEGORIES, LANGUAGES, UNSAFE, offered, preferences
from console.questions.fields import Choice, Field, FieldKind, fields
from console.questions.questionnaire import Page, Questionnaire
from domain.application import ApplicationForm, Means, with_a_name
from domain.policy import Policy
from domain.ways import WITHOUT_TEXT
from office.wording import APPLY, wording

AT_FIRST = {
    "channel": "phone", "same_problem": "yes", "incidents.0.category": "asb", "tenure": "other",
    "applicant.prefers": "email", "applicant.language": "en",
}  # fmt: skip
_LEFT_OUT = frozenset({"incidents.id"})
_ORDER = (
    *(
        "made_at",
        "channel",
        "anonymous",
        "applicant",
        "representative",
        "consent_to_share",
        "incidents",
        "same_problem",
    ),
    *("impact", "needs", "wanted", "attendance", "tenure", "landlord"),
)
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
_CHOICES = {
    "channel": _CHANNELS,
    "tenure": _TENURES,
    "representative.authority": AUTHORITIES,
    "incidents.category": CATEGORIES,
    **{f"{who}.unsafe": UNSAFE for who in ("applicant", "representative")},
    **{f"{who}.language": LANGUAGES for who in ("applicant", "representative")},
}


class TakenDown(ApplicationForm):
    """An application as staff take it down: where its applicant gives no name, one that stands for it."""

    @model_validator(mode="before")
    @classmethod
    def _without_a_name(cls, given: Any) -> Any:
        return with_a_name(given)


def sheet(policy: Policy, ways: Collection[Means] = WITHOUT_TEXT) -> Questionnaire[ApplicationForm]:
    """The form for one council, on one page; ``ways`` are those letters go here."""
    asked = fields_of(policy, ways)
    page = Page("", "An application for an ASB Case Review", tuple(question.name for question in asked))
    return Questionnaire(
        title=page.title,
        model=TakenDown,
        fields=asked,
        pages=lambda form: (page,),
        make=_as_it_is,
        check="Check the application before its case starts",
        button="Start the case",
    )


def _as_it_is(form: ApplicationForm) -> ApplicationForm:
    return ApplicationForm(**{name: getattr(form, name) for name in ApplicationForm.model_fields})


def fields_of(policy: Policy, ways: Collection[Means] = WITHOUT_TEXT) -> tuple[Field, ...]:
    """The form's fields for one council, in the order a telephone call takes; ``ways`` are those letters go here."""
    modes = tuple(Choice(mode, f"{mode[:1].upper()}{mode[1:]}") for mode in policy.participation.modes)
    known = {**_CHOICES, "attendance": modes}
    known |= dict.fromkeys(("applicant.prefers", "representative.prefers"), preferences(ways))
    made = fields(ApplicationForm, lambda path: wording(APPLY, path), lambda path: known.get(path, ()), _LEFT_OUT)
    by_name = {field.name: field for field in made}
    return tuple(_suggested(policy, by_name[name]) for name in _ORDER)


def _suggested(policy: Policy, field: Field) -> Field:
    if field.name == "applicant":
        inside = (replace(part, needed=False) if part.name == "name" else part for part in field.inside)
        return replace(field, inside=tuple(inside))
    if field.kind is not FieldKind.MANY:
        return field
    inside = (replace(part, offered=offered(policy, part.name)) for part in field.inside)
    return replace(field, inside=tuple(inside))
