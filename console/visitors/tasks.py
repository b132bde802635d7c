"""What somebody who came by a link can do: an act as a few pages of questions, and the body that the answers make."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import BaseModel

from console.questions.fields import Choice, Field, Kind, Wording, fields, filled
from console.web.posted_forms import Fault, Posted
from domain.events import Body


@dataclass(frozen=True)
class Step:
    """One page of a task. ``fields`` are its questions, ``lead`` the paragraphs above them."""

    slug: str
    title: str
    fields: tuple[Field, ...]
    lead: tuple[str, ...] = ()


@dataclass(frozen=True)
class Task:
    """One act of somebody who came by a link.

    ``steps`` are the pages a form needs, by what it says so far. ``offer`` is the button that begins it, ``button`` the
    one that sends it, ``warning`` what is said beside that, ``done`` heads the page afterwards and ``follows`` says
    what happens then. ``start`` are the values of a fresh form. ``open``: its turn is now. ``evidence`` is what the
    documents that go with it are about, empty where it takes none.
    """

    slug: str
    act: str
    offer: str
    check: str
    button: str
    done: str
    follows: tuple[str, ...]
    model: type[BaseModel]
    steps: Callable[[Posted], tuple[Step, ...]]
    body: Callable[[Any], Body]
    start: Mapping[str, str] = field(default_factory=dict)
    warning: str = ""
    open: bool = True
    evidence: str = ""

    def step(self, form: Posted, slug: str) -> Step | None:
        return next((one for one in self.steps(form) if one.slug == slug), None)

    def after(self, form: Posted, step: Step) -> Step | None:
        """The page after one, None after the last."""
        steps = self.steps(form)
        place = next(number for number, one in enumerate(steps) if one.slug == step.slug)
        return steps[place + 1] if place + 1 < len(steps) else None

    def read(self, form: Posted) -> tuple[Body | None, list[Fault]]:
        """The body the answers make, or all that is wrong with them, in the order of the pages."""
        asked = [one for step in self.steps(form) for one in step.fields]
        faults = [fault for one in asked for fault in _left_empty(one, form)]
        found, more = filled(self.model, asked, form)
        named = {fault.field for fault in faults}
        faults += [fault for fault in more if fault.field not in named]
        if faults or found is None:
            order = {one.name: number for number, one in enumerate(asked)}
            return None, sorted(faults, key=lambda fault: order.get(_root(fault), len(order)))
        return self.body(found), []

    def faults_of(self, step: Step, form: Posted) -> list[Fault]:
        """What is wrong on one page."""
        names = {one.name for one in step.fields}
        return [fault for fault in self.read(form)[1] if _root(fault) in names]

    def first_wrong(self, form: Posted) -> Step:
        """The first page that something is wrong with, else the first page."""
        steps = self.steps(form)
        return next((step for step in steps if self.faults_of(step, form)), steps[0])

    def about(self, sentence: str, form: Posted) -> Step:
        """The page that a refusal is most likely about: one of whose fields it names, else the first."""
        plain = sentence.casefold()
        steps = self.steps(form)
        for step in steps:
            if any(one.name.replace("_", " ") in plain.split() for one in step.fields):
                return step
        return steps[0]


def questions(
    model: type[BaseModel],
    words: Mapping[str, Wording],
    choices: Mapping[str, Sequence[Choice]] | None = None,
    leave: frozenset[str] = frozenset(),
    **shaped: Mapping[str, Any],
) -> dict[str, Field]:
    """The fields of a model by their names; ``shaped`` are changes to a field, by its name."""
    known = choices or {}
    found = fields(model, words.__getitem__, lambda path: tuple(known.get(path, ())), leave)
    return {one.name: replace(one, **shaped.get(one.name, {})) for one in found}


def _left_empty(one: Field, form: Posted) -> list[Fault]:
    if not one.needed:
        return []
    if one.about:
        inner = next(part for part in one.inside if part.kind is Kind.YES_NO)
        return [
            Fault(f"{one.name}.{number}.{inner.name}", f"Select {inner.noun}: {row.words}")
            for number, row in enumerate(one.about)
            if not form.one(f"{one.name}.{number}.{inner.name}")
        ]
    if one.kind is Kind.TICKS and not any(form.one(f"{one.name}.{choice.value}") for choice in one.choices):
        return [Fault(one.name, f"Select {one.noun}")]
    if one.kind in (Kind.TICK, Kind.LINES, Kind.TEXT, Kind.LINE, Kind.DATE) and not _said(one, form):
        return [Fault(one.name, f"Confirm: {one.label}" if one.kind is Kind.TICK else f"Enter {one.noun}")]
    if one.kind is Kind.CHOICE and not form.one(one.name):
        return [Fault(one.name, f"Select {one.noun}")]
    return []


def _said(one: Field, form: Posted) -> bool:
    return bool(form.one(one.name)) or any(value.strip() for _, value in form.under(one.name))


def _root(fault: Fault) -> str:
    return fault.field.partition(".")[0]
