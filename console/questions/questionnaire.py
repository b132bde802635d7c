"""Pages of questions about a model, and what its answers make: the one engine of every form there is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from console.questions.fields import Choice, Field, FieldKind, answers, emptied, fields, filled, sentence
from console.questions.repeated import numbers
from console.web.posted_forms import Fault, Posted
from office.wording import Caption

Made = TypeVar("Made")


@dataclass(frozen=True)
class Page:
    """One page. ``asks`` are the paths of its questions, ``lead`` the paragraphs above them."""

    slug: str
    title: str
    asks: tuple[str, ...]
    lead: tuple[str, ...] = ()

    def own(self, names: Iterable[str]) -> list[str]:
        """Those of a form's names that are of this page."""
        return [name for name in names if inside(name, self.asks)]


@dataclass(frozen=True, kw_only=True)
class Questionnaire(Generic[Made]):
    """Questions over ``model``, page by page, and what ``make`` makes of the model that the answers fill.

    ``pages`` are those a form needs by what it says so far; what none of them asks is not read. ``start`` are the
    values of a fresh form. ``extra`` are values of the model that nobody is asked for, ``more`` what is wrong between
    several answers. ``check`` heads the page on which everything is checked, ``button`` sends it and ``warning`` is
    said beside that. ``make`` may raise ValueError: what it says is then said of the last day asked for, or else of
    the first question.
    """

    title: str
    model: type[BaseModel]
    fields: tuple[Field, ...]
    pages: Callable[[Posted], tuple[Page, ...]]
    make: Callable[[Any], Made]
    start: Mapping[str, str] = field(default_factory=dict)
    extra: Callable[[Posted], Mapping[str, Any]] = lambda form: {}
    more: Callable[[Posted], Iterable[Fault]] = lambda form: ()
    check: str = "Check before you send it"
    button: str = "Send it"
    warning: str = ""

    def page(self, form: Posted, slug: str) -> Page | None:
        return next((page for page in self.pages(form) if page.slug == slug), None)

    def after(self, form: Posted, page: Page) -> Page | None:
        """The page after one, None after the last."""
        pages = self.pages(form)
        following = [known.slug for known in pages].index(page.slug) + 1
        return pages[following] if following < len(pages) else None

    def field(self, path: str) -> Field:
        """The question of a path such as ``applicant.name`` or ``incidents.2.what``. Raises KeyError."""
        known, named = self.fields, None
        for part in path.split("."):
            if part.isdecimal() and named and named.kind is FieldKind.MANY:
                continue
            named = next((question for question in known if question.name == part), None)
            if named is None:
                raise KeyError(path)
            known = named.inside
        assert named is not None
        return named

    def asked(self, page: Page) -> list[tuple[str, Field]]:
        """A page's questions with their paths."""
        return [(path, self.field(path)) for path in page.asks]

    def read(self, form: Posted) -> tuple[Made | None, list[Fault]]:
        """What the answers make, or all that is wrong with them: in the order of the pages, one for each question."""
        asks = [path for page in self.pages(form) for path in page.asks]
        questions = tuple(_only(self.fields, asks))
        made, wrong = filled(self.model, questions, form, self.extra(form))
        faults = [*left_empty(questions, form), *wrong, *self.more(form)]
        if not faults and made is not None:
            try:
                return self.make(made), []
            except ValueError as error:
                days = [path for path in asks if self.field(path).kind is FieldKind.DATE]
                faults = [Fault(days[-1] if days else asks[0], _said(error))]
        first: dict[str, Fault] = {}
        for fault in faults:
            first.setdefault(fault.field, fault)
        ordered = sorted(first.values(), key=lambda fault: self._place(fault.field, asks))
        return None, [self._named(fault, form) for fault in ordered]

    def faults_of(self, page: Page, form: Posted) -> list[Fault]:
        """What is wrong on one page."""
        return [fault for fault in self.read(form)[1] if inside(fault.field, page.asks)]

    def first_wrong(self, form: Posted) -> Page:
        """The first page that something is wrong with, else the first page."""
        faults, pages = self.read(form)[1], self.pages(form)
        wrong = (page for page in pages if any(inside(fault.field, page.asks) for fault in faults))
        return next(wrong, pages[0])

    def about(self, refusal: str, form: Posted) -> tuple[Page, str]:
        """The page and the question that a refusal is most likely about: the one it names, else the first."""
        pages, plain = self.pages(form), refusal.casefold()
        for page in pages:
            for path, question in self.asked(page):
                if question.name.replace("_", " ") in plain.split() or f" {question.name} " in plain:
                    return page, _leaf(path, question)
        first = next((page for page in pages if page.asks), pages[0])
        return first, _leaf(first.asks[0], self.field(first.asks[0])) if first.asks else "confirm"

    def said(self, form: Posted) -> list[tuple[Page, list[tuple[str, str]]]]:
        """What was typed, page by page and label by label; of a page left empty its labels."""
        pages = self.pages(form)
        return [(page, self.said_on(page, form) or self.said_on(page, form, empty=True)) for page in pages]

    def said_on(self, page: Page, form: Posted, *, empty: bool = False) -> list[tuple[str, str]]:
        """What was typed on one page; with ``empty`` also the labels of what was left empty."""
        labelled: list[tuple[str, str]] = []
        for path, question in self.asked(page):
            group = path.rpartition(".")[0]
            said = answers((question,), form, f"{group}." if group else "")
            labelled += said or ([(question.label.removesuffix(" (optional)"), "")] if empty else [])
        return labelled

    def _place(self, path: str, asks: Sequence[str]) -> tuple[int, ...]:
        """Where a question stands among all that are asked; what is about none of them stands last."""
        number = next((number for number, asked in enumerate(asks) if inside(path, [asked])), None)
        if number is None:
            return (len(asks),)
        place, known = [number], self.field(asks[number]).inside
        for part in path.removeprefix(asks[number]).strip(".").split("."):
            if part.isdecimal():
                place.append(int(part))
            else:
                names = [question.name for question in known]
                place.append(names.index(part) if part in names else len(names))
                known = known[place[-1]].inside if part in names else ()
        return tuple(place)

    def _named(self, fault: Fault, form: Posted) -> Fault:
        """The fault with the row it is about: "Report 2: enter what happened"."""
        parts = fault.field.split(".")
        for end, part in enumerate(parts):
            if end and part.isdecimal():
                path = ".".join(parts[:end])
                row = self.field(path)
                if row.about:
                    return replace(fault, words=f"{row.about[int(part)].words}: {_small(fault.words)}")
                place = numbers(form, path).index(int(part)) + 1 if int(part) in numbers(form, path) else 1
                return replace(fault, words=f"{sentence(row.item)} {place}: {_small(fault.words)}")
        return fault


def questions(
    model: type[BaseModel],
    worded: Callable[[str], Caption],
    choices: Mapping[str, Sequence[Choice]] | None = None,
    leave: frozenset[str] = frozenset(),
    **shaped: Mapping[str, Any],
) -> tuple[Field, ...]:
    """The fields of a model; ``shaped`` are changes to a field, by its name."""
    known = choices or {}
    made = fields(model, worded, lambda path: tuple(known.get(path, ())), leave)
    return tuple(replace(question, **shaped.get(question.name, {})) for question in made)


def left_empty(questions: Iterable[Field], form: Posted, under: str = "") -> Iterator[Fault]:
    """What has to be answered and was not."""
    for question in questions:
        path = f"{under}{question.name}"
        if question.kind is FieldKind.GROUP and (question.needed or _typed(path, form)):
            yield from left_empty(question.inside, form, f"{path}.")
        elif question.about and question.needed:
            for number in range(len(question.about)):
                yield from left_empty(question.inside, form, f"{path}.{number}.")
        elif question.needed and question.kind is not FieldKind.GROUP and not _typed(path, form):
            yield Fault(path, emptied(question))


def inside(path: str, asked: Iterable[str]) -> bool:
    """Whether a path is one of those asked, or within one."""
    return any(path == known or path.startswith(f"{known}.") for known in asked)


def _typed(path: str, form: Posted) -> bool:
    return bool(form.value(path)) or any(value.strip() for _, value in form.under(path))


def _only(known: Iterable[Field], asks: Sequence[str], under: str = "") -> Iterator[Field]:
    """The questions that are asked, each group with those of its own."""
    for question in known:
        path = f"{under}{question.name}"
        if path in asks:
            yield question
        elif question.kind is FieldKind.GROUP and any(asked.startswith(f"{path}.") for asked in asks):
            yield replace(question, inside=tuple(_only(question.inside, asks, f"{path}.")))


def _leaf(path: str, question: Field) -> str:
    group = question.kind is FieldKind.GROUP and question.inside
    return f"{path}.{question.inside[0].name}" if group else path


def _said(error: ValueError) -> str:
    words = str(error)
    if isinstance(error, ValidationError):
        words = str(error.errors(include_url=False)[0]["msg"]).removeprefix("Value error, ")
    return sentence(words)


def _small(words: str) -> str:
    return f"{words[:1].lower()}{words[1:]}"
