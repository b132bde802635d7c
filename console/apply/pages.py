"""The application as somebody fills it in for themselves or for another: its pages in their order."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from pydantic import model_validator

from console.apply.words import OTHER, SELF, TENURES, UNSAFE, WHO, WHOM, preferences
from console.questions.choices import LANGUAGES, offered
from console.questions.fields import Choice, Field, FieldKind, content, emptied, fields, sentence
from console.questions.questionnaire import Page, Questionnaire, inside
from console.web.posted_forms import Fault, Posted
from domain.application import ApplicationForm, Means, with_a_name
from domain.calendar import words as day_in_words
from domain.policy import Policy, Scope
from domain.telephone import mobile
from domain.ways import WITHOUT_TEXT
from office.wording import APPLY, Asked, wording

REPORTS, CONSENT = "incidents", "consent_to_share"
DECLARATION = Page("declaration", "Send your application", (CONSENT,))
_LEFT_OUT = frozenset(
    {
        *("made_at", "channel", "incidents.id", "incidents.category"),
        *("representative.authority", "representative.scope", "representative.until"),
    }
)
_REPORT = (
    *("what", "occurred", "occurred_until", "occurred_unsure", "reported_to"),
    *("reported", "reported_until", "reported_unsure", "reference", "reporter", "reporter_consents", "premises"),
)
_BY_REPORTER = frozenset({Scope.SAME_PERSON, Scope.DIFFERENT_PEOPLE})
_AUTOFILL = {"name": "name", "email": "email", "phone": "tel"}
_OWN_NAME = "applicant.name"
"""Needed too, but for whoever gives none: the application itself says so."""
_YES_NO = frozenset({CONSENT, "same_problem", "representative.victim_consents"})
_NEEDED = _YES_NO | {
    WHO, "tenure", *(f"{who}.{name}" for who in ("applicant", "representative") for name in ("prefers", "language")),
}  # fmt: skip


class OwnApplication(ApplicationForm):
    """An application with whom it is for, which only its pages need to know."""

    who: Literal["self", "other"]

    @model_validator(mode="before")
    @classmethod
    def _without_a_name(cls, given: Any) -> Any:
        return with_a_name(given)


@dataclass(frozen=True)
class Form:
    """What an applicant typed so far, with the fields of their council's form; ``ways`` are those letters go there."""

    policy: Policy
    values: Mapping[str, str]
    ways: Collection[Means] = WITHOUT_TEXT

    @property
    def other(self) -> bool:
        """Whether they apply for somebody else."""
        return self.values.get(WHO) == OTHER

    @property
    def posted(self) -> Posted:
        """The values that count: none of a representative where nobody is one, nor of a report nobody began."""
        typed = Posted(dict(self.values))
        rows = set(self.rows)
        empty = [f"{REPORTS}.{number}." for number in typed.rows(REPORTS) if number not in rows]
        left_out = (*empty, *([] if self.other else ["representative."]))
        return Posted({name: value for name, value in self.values.items() if not name.startswith(left_out)})

    @property
    def sheet(self) -> Questionnaire[ApplicationForm]:
        return sheet(self.policy, self.other, self.ways)

    @property
    def fields(self) -> tuple[Field, ...]:
        return self.sheet.fields

    @property
    def application(self) -> tuple[ApplicationForm | None, list[Fault]]:
        """The application these answers make, or all that is wrong with them."""
        return self.sheet.read(self.posted)

    @property
    def faults(self) -> list[Fault]:
        return self.application[1]

    @property
    def pages(self) -> tuple[Page, ...]:
        """The pages these answers lead through before all is checked."""
        return tuple(page for page in self.sheet.pages(self.posted) if page != DECLARATION)

    def page(self, slug: str) -> Page | None:
        """The page of that name, if these answers lead to it."""
        return next((page for page in self.pages if page.slug == slug), None)

    def faults_of(self, page: Page) -> list[Fault]:
        return self.sheet.faults_of(page, self.posted)

    @property
    def rows(self) -> list[int]:
        """The numbers of the reports that were begun."""
        typed = Posted(dict(self.values))
        return [
            number
            for number in typed.rows(REPORTS)
            if any(value.strip() for _, value in typed.under(f"{REPORTS}.{number}"))
        ]

    def field(self, path: str) -> Field:
        """The field of a path such as ``applicant.name``. Raises KeyError."""
        return self.sheet.field(path)


def sheet(policy: Policy, other: bool, ways: Collection[Means]) -> Questionnaire[ApplicationForm]:
    """The questions for somebody who applies for themselves or for another."""
    asked = fields_of(policy, other, ways)
    labels = {path: label for question in asked for path, label in _labels(question, "")}
    who = OTHER if other else SELF

    def pages(form: Posted) -> tuple[Page, ...]:
        one_report = len(form.rows(REPORTS)) < 2
        known = (page for page, only in PAGES if only in ("", who) and not (page.slug == "same-problem" and one_report))
        return (*(_headed(page, labels) for page in known), DECLARATION)

    return Questionnaire(
        title="An application for an ASB Case Review",
        model=OwnApplication,
        fields=asked,
        pages=pages,
        make=_made,
        extra=lambda form: {"channel": "web"},
        more=lambda form: _together(form, other),
        check="Check your answers",
    )


def fields_of(policy: Policy, other: bool, ways: Collection[Means]) -> tuple[Field, ...]:
    """The fields of the application as an applicant is asked for them; ``ways`` are those letters go there."""
    modes = tuple(Choice(mode, sentence(mode)) for mode in policy.participation.modes)
    known: dict[str, tuple[Choice, ...]] = {"attendance": (*modes, Choice("", "I do not know yet"))}
    known |= {WHO: WHOM, "tenure": TENURES}
    for who in ("applicant", "representative"):
        known |= {f"{who}.unsafe": UNSAFE, f"{who}.prefers": preferences(ways), f"{who}.language": LANGUAGES}
    made = fields(
        OwnApplication,
        lambda path: wording(APPLY, path, Asked.ANOTHER if other else Asked.OWN),
        lambda path: known.get(path, ()),
        _LEFT_OUT,
    )
    return tuple(_shaped(policy, other, field, "") for field in made if other or field.name != "representative")


def report_faults(form: Form, number: int, today: date) -> list[Fault]:
    """What is wrong with one report."""
    path, known = f"{REPORTS}.{number}", form.field(REPORTS).inside
    if number not in form.rows:
        place = f"Report {len(form.rows) + 1}"
        needed = ((question, emptied(question)) for question in known if question.needed)
        return [
            Fault(f"{path}.{question.name}", f"{place}: {words[:1].lower()}{words[1:]}") for question, words in needed
        ]
    wrong = [fault for fault in form.faults if inside(fault.field, (path,))]
    return [*wrong, *_to_come(form, number, today)]


def _made(given: OwnApplication) -> ApplicationForm:
    return ApplicationForm(**{name: getattr(given, name) for name in ApplicationForm.model_fields})


def _headed(page: Page, labels: Mapping[str, str]) -> Page:
    """A page is headed by its question where it asks only one."""
    alone = len(page.asks) == 1 and page.asks[0] != REPORTS
    return replace(page, title=labels[page.asks[0]]) if alone else page


def _labels(question: Field, under: str) -> Iterator[tuple[str, str]]:
    path = f"{under}{question.name}"
    yield path, question.label
    if question.kind is FieldKind.GROUP:
        for part in question.inside:
            yield from _labels(part, f"{path}.")


def _shaped(policy: Policy, other: bool, question: Field, under: str) -> Field:
    path = f"{under}{question.name}"
    if question.kind is FieldKind.GROUP:
        within = tuple(_shaped(policy, other, part, f"{path}.") for part in question.inside)
        return replace(question, inside=within, needed=True)
    if question.kind is FieldKind.MANY:
        scopes = {route.scope for route in policy.routes}
        asked = set(_REPORT) - ({"reporter", "reporter_consents"} if not scopes & _BY_REPORTER else set())
        asked -= {"premises"} if Scope.DIFFERENT_PROPERTIES not in scopes else set()
        named = {part.name: replace(part, offered=offered(policy, part.name)) for part in question.inside}
        return replace(question, inside=tuple(named[name] for name in _REPORT if name in asked))
    question = replace(question, needed=(question.needed or path in _NEEDED) and path != _OWN_NAME)
    if path in _YES_NO:
        return replace(question, kind=FieldKind.YES_NO)
    own = under == ("representative." if other else "applicant.")
    return replace(question, autocomplete=_AUTOFILL.get(question.name, "") if own else "")


def _together(form: Posted, other: bool) -> Iterator[Fault]:
    """What is wrong between several answers: nowhere to write to, or a wish for text messages that cannot be kept."""
    if not other and not any(form.value(f"applicant.{name}") for name in ("email", "phone", "address")):
        yield Fault("applicant.email", "Enter an e-mail address, a telephone number or an address")
    for who in ("representative", "applicant") if other else ("applicant",):
        path = f"{who}.prefers"
        if form.value(path) != Means.TEXT:
            continue
        if any(form.value(f"{who}.unsafe.{way}") for way in ("text", "phone")):
            yield Fault(path, "Select another way, because you ticked that a text message is not safe")
        elif not mobile(form.value(f"{who}.phone")):
            yield Fault(path, "Select another way, or go back and enter a UK mobile number for text messages")


def _to_come(form: Form, number: int, today: date) -> Iterator[Fault]:
    """Days of a report that have not been yet."""
    path, known = f"{REPORTS}.{number}", form.field(REPORTS).inside
    typed, _ = content(known, form.posted, f"{path}.")
    for question in known:
        if question.kind is FieldKind.DATE and (given := typed.get(question.name)):
            day = date.fromisoformat(given)
            if day > today:
                words = f"{question.noun} must be today or in the past; {day_in_words(day)} has not been yet"
                yield Fault(f"{path}.{question.name}", f"Report {form.rows.index(number) + 1}: {words}")


_CONTACT = ("applicant.email", "applicant.phone", "applicant.address")
_SAFETY = ("applicant.prefers", "applicant.unsafe")
PAGES: tuple[tuple[Page, str], ...] = (
    (Page("who", "Who are you applying for?", (WHO,)), ""),
    (Page("you", "About you", ("representative.name", "representative.relation")), OTHER),
    (Page("your-contact", "How can we reach you?",
          ("representative.email", "representative.phone", "representative.address"),
          ("Give only what is safe for you to use.",)), OTHER),
    (Page("your-letters", "Letters to you",
          ("representative.prefers", "representative.unsafe", "representative.language",
           "representative.large_print")), OTHER),
    (Page("agreement", "Have they agreed that you apply for them?", ("representative.victim_consents",)), OTHER),
    (Page("name", "What is your name?", ("applicant.name",)), OTHER),
    (Page("name", "Your name", ("applicant.name", "anonymous")), SELF),
    (Page("contact", "How can we reach you?", _CONTACT,
          ("Give at least one, and only what is safe to use. We keep it to the people who work on your case.",)), SELF),
    (Page("contact", "How can we reach them?", _CONTACT,
          ("Give only what is safe to use. Leave it all empty if we must reach them through you.",)), OTHER),
    (Page("safe-contact", "Safe ways to reach you", _SAFETY), SELF),
    (Page("safe-contact", "Safe ways to reach them", _SAFETY), OTHER),
    (Page("letters", "How letters should look", ("applicant.language", "applicant.large_print")), ""),
    (Page("home", "The home", ("tenure", "landlord")), ""),
    (Page("reports", "What happened, and who you told", (REPORTS,)), ""),
    (Page("same-problem", "Are these reports all about the same problem?", ("same_problem",)), ""),
    (Page("impact", "What has this done to you?", ("impact",)), ""),
    (Page("needs", "Is anybody vulnerable, or is there something you need?", ("needs",)), ""),
    (Page("wanted", "What would you like to happen?", ("wanted",)), ""),
    (Page("attendance", "How would you like to take part?", ("attendance",)), ""),
    (Page("documents", "Pictures, recordings and letters", ()), ""),
)  # fmt: skip
"""The pages in their order, each with for whom it is asked: somebody who applies for themselves, or for another."""
