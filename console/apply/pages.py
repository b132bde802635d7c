"""The form's pages in their order, each with the few fields it asks for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from console.apply.words import OTHER, SELF, TENURES, UNSAFE, WHO, WHOM, preferences
from console.questions.choices import LANGUAGES, offered
from console.questions.fields import Choice, Field, Kind, fields, filled
from console.web.posted_forms import Fault, Posted
from domain.application import ApplicationForm, Means
from domain.calendar import words as day_in_words
from domain.policy import Policy, Scope
from domain.telephone import mobile
from letters.addressees import WITHOUT_TEXT
from office.wording import APPLY, Reader, wording

REPORTS = "incidents"
_LEFT_OUT = frozenset({"made_at", "channel", "incidents.id", "incidents.category"})
_REPORT = ("what", "occurred", "occurred_until", "reported_to", "reported", "reference", "reporter", "premises")
_BY_REPORTER = frozenset({Scope.SAME_PERSON, Scope.DIFFERENT_PEOPLE})
_AUTOFILL = {"name": "name", "email": "email", "phone": "tel"}
_WHO = Field(WHO, Kind.CHOICE, "Who are you applying for?", choices=WHOM)
_YES_NO = frozenset({"consent_to_share", "same_problem", "representative.victim_consents"})


@dataclass(frozen=True)
class Question:
    """One page. ``asks`` are its fields' paths, ``must`` those that have to be answered, with the sentence.

    ``only`` names for whom it is asked: somebody who applies for themselves or for another; ``lead`` stands above.
    """

    slug: str
    title: str
    asks: tuple[str, ...]
    must: Mapping[str, str] = field(default_factory=dict)
    only: str = ""
    lead: str = ""

    def faults(self, form: Form) -> list[Fault]:
        """What is wrong with this page's answers."""
        missing = [Fault(path, words) for path, words in self.must.items() if not form.posted.one(path)]
        seen = {fault.field for fault in missing}
        wrong = [one for one in form.faults if one.field not in seen and _inside(one.field, self.asks)]
        lost = _unreachable(form) if self.slug == "contact" and not form.other else ()
        return [*missing, *wrong, *lost, *_no_text(form, self.asks)]


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
        """The values that count: none of a representative where nobody is one."""
        return Posted(
            {name: value for name, value in self.values.items() if self.other or not name.startswith("representative.")}
        )

    @property
    def fields(self) -> tuple[Field, ...]:
        return fields_of(self.policy, self.other, self.ways)

    @property
    def application(self) -> tuple[ApplicationForm | None, list[Fault]]:
        """The application these answers make, or all that is wrong with them."""
        made, faults = filled(ApplicationForm, self.fields, self.posted, {"channel": "web"})
        return made if isinstance(made, ApplicationForm) else None, faults

    @property
    def faults(self) -> list[Fault]:
        return self.application[1]

    @property
    def questions(self) -> tuple[Question, ...]:
        """The pages these answers lead through, the reports left out."""
        who = OTHER if self.other else SELF
        one_report = len(self.rows) < 2
        return tuple(
            one for one in QUESTIONS if one.only in ("", who) and not (one.slug == "same-problem" and one_report)
        )

    def question(self, slug: str) -> Question | None:
        """The page of that name, if these answers lead to it."""
        return next((one for one in self.questions if one.slug == slug), None)

    def title(self, question: Question) -> str:
        """What heads a page: its question where it asks only one."""
        if len(question.asks) != 1 or question.asks[0] == REPORTS:
            return question.title
        return self.field(question.asks[0]).label

    @property
    def rows(self) -> list[int]:
        """The numbers of the reports that were begun."""
        return [
            number
            for number in self.posted.rows(REPORTS)
            if any(value.strip() for _, value in self.posted.under(f"{REPORTS}.{number}"))
        ]

    def field(self, path: str) -> Field:
        """The field of a path such as ``applicant.name``. Raises KeyError."""
        if path == WHO:
            return _WHO
        known, found = self.fields, None
        for part in path.split("."):
            found = next((one for one in known if one.name == part), None)
            if found is None:
                raise KeyError(path)
            known = found.inside
        assert found is not None
        return found


def fields_of(policy: Policy, other: bool, ways: Collection[Means]) -> tuple[Field, ...]:
    """The fields of the application as an applicant is asked for them; ``ways`` are those letters go there."""
    modes = tuple(Choice(mode, f"{mode[:1].upper()}{mode[1:]}") for mode in policy.participation.modes)
    known: dict[str, tuple[Choice, ...]] = {"attendance": (*modes, Choice("", "I do not know yet"))}
    for who in ("applicant", "representative"):
        known |= {f"{who}.unsafe": UNSAFE, f"{who}.prefers": preferences(ways), f"{who}.language": LANGUAGES}
    made = fields(
        ApplicationForm,
        lambda path: wording(APPLY, path, Reader.ANOTHER if other else Reader.OWN),
        lambda path: TENURES if path == "tenure" else known.get(path, ()),
        _LEFT_OUT,
    )
    return tuple(_shaped(policy, other, one, "") for one in made if other or one.name != "representative")


def report_faults(form: Form, number: int, today: date) -> list[Fault]:
    """What is wrong with one report."""
    path = f"{REPORTS}.{number}"
    if number not in form.rows:
        return [Fault(f"{path}.{one.name}", f"Enter {one.noun}") for one in form.field(REPORTS).inside if one.needed]
    found = [one for one in form.faults if _inside(one.field, (path,))]
    return found or list(_to_come(form, path, today))


def _shaped(policy: Policy, other: bool, one: Field, at: str) -> Field:
    path = f"{at}{one.name}"
    if one.kind is Kind.GROUP:
        inside = tuple(_shaped(policy, other, inner, f"{path}.") for inner in one.inside)
        return replace(one, inside=inside, needed=True)
    if one.kind is Kind.MANY:
        scopes = {route.scope for route in policy.routes}
        asked = set(_REPORT) - ({"reporter"} if not scopes & _BY_REPORTER else set())
        asked -= {"premises"} if Scope.DIFFERENT_PROPERTIES not in scopes else set()
        named = {inner.name: replace(inner, offered=offered(policy, inner.name)) for inner in one.inside}
        return replace(one, inside=tuple(named[name] for name in _REPORT if name in asked))
    if path in _YES_NO:
        return replace(one, kind=Kind.YES_NO)
    own = at == ("representative." if other else "applicant.")
    return replace(one, autocomplete=_AUTOFILL.get(one.name, "") if own else "")


def _unreachable(form: Form) -> list[Fault]:
    typed = ("applicant.email", "applicant.phone", "applicant.address")
    if any(form.posted.one(path) for path in typed):
        return []
    return [Fault("applicant.email", "Enter an e-mail address, a telephone number or an address")]


def _no_text(form: Form, asks: Sequence[str]) -> list[Fault]:
    """A wish for text messages that cannot be kept."""
    wishes = [path for path in asks if path.endswith(".prefers") and form.posted.one(path) == Means.TEXT]
    found = []
    for path in wishes:
        who = path.partition(".")[0]
        if any(form.posted.one(f"{who}.unsafe.{one}") for one in ("text", "phone")):
            found.append(Fault(path, "Select another way, because you ticked that a text message is not safe"))
        elif not mobile(form.posted.one(f"{who}.phone")):
            found.append(Fault(path, "Select another way, or go back and enter a UK mobile number for text messages"))
    return found


def _to_come(form: Form, path: str, today: date) -> list[Fault]:
    """Days of a report that have not been yet."""
    found = []
    for one in form.field(REPORTS).inside:
        if one.kind is Kind.DATE and form.posted.one(f"{path}.{one.name}.day"):
            parts = (int(form.posted.one(f"{path}.{one.name}.{part}")) for part in ("year", "month", "day"))
            if (day := date(*parts)) > today:
                noun = f"{one.noun[:1].upper()}{one.noun[1:]}"
                words = f"{noun} must be today or in the past; {day_in_words(day)} has not been yet"
                found.append(Fault(f"{path}.{one.name}", words))
    return found


def _inside(path: str, asked: Sequence[str]) -> bool:
    return any(path == one or path.startswith(f"{one}.") for one in asked)


QUESTIONS = (
    Question("who", "Who are you applying for?", (WHO,), {WHO: "Select who you are applying for"}),
    Question("you", "About you", ("representative.name", "representative.relation"), only=OTHER),
    Question(
        "your-contact", "How can we reach you?",
        ("representative.email", "representative.phone", "representative.address"), only=OTHER,
        lead="Give only what is safe for you to use.",
    ),
    Question(
        "your-letters", "Letters to you",
        ("representative.prefers", "representative.unsafe", "representative.language", "representative.large_print"),
        {"representative.prefers": "Select how you want to get our letters",
         "representative.language": "Select a language"}, only=OTHER,
    ),
    Question(
        "agreement", "Have they agreed that you apply for them?", ("representative.victim_consents",),
        {"representative.victim_consents": "Select yes if they have agreed"}, only=OTHER,
    ),
    Question("name", "What is your name?", ("applicant.name",)),
    Question(
        "contact", "How can we reach you?", ("applicant.email", "applicant.phone", "applicant.address"), only=SELF,
        lead="Give at least one, and only what is safe to use. We keep it to the people who work on your case.",
    ),
    Question(
        "contact", "How can we reach them?", ("applicant.email", "applicant.phone", "applicant.address"), only=OTHER,
        lead="Give only what is safe to use. Leave it all empty if we must reach them through you.",
    ),
    Question(
        "safe-contact", "Safe ways to reach you", ("applicant.prefers", "applicant.unsafe"),
        {"applicant.prefers": "Select how you want to get our letters"}, only=SELF,
    ),
    Question(
        "safe-contact", "Safe ways to reach them", ("applicant.prefers", "applicant.unsafe"),
        {"applicant.prefers": "Select how they want to get our letters"}, only=OTHER,
    ),
    Question(
        "letters", "How letters should look", ("applicant.language", "applicant.large_print"),
        {"applicant.language": "Select a language"},
    ),
    Question("home", "The home", ("tenure", "landlord"), {"tenure": "Select how the home is held"}),
    Question("reports", "What happened, and who you told", (REPORTS,)),
    Question(
        "same-problem", "Are these reports all about the same problem?", ("same_problem",),
        {"same_problem": "Select yes if they are all about the same problem"},
    ),
    Question("impact", "What has this done to you?", ("impact",)),
    Question("needs", "Is anybody vulnerable, or is there something you need?", ("needs",)),
    Question("wanted", "What would you like to happen?", ("wanted",)),
    Question("attendance", "How would you like to take part?", ("attendance",)),
    Question("documents", "Pictures, recordings and letters", ()),
)  # fmt: skip
