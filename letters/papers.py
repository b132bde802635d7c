"""The papers of a case: what one says is built once, and shown as a page or set as a PDF."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from letters import typeset
from letters.letterhead import Letterhead
from letters.rendering import Renderer


@dataclass(frozen=True)
class Words:
    """What somebody wrote, its paragraphs kept; ``head`` stands above it, or is empty."""

    text: str
    head: str = ""
    kind: str = "words"


@dataclass(frozen=True)
class Facts:
    """Things by their names; one without a value is left out."""

    pairs: tuple[tuple[str, str], ...]
    head: str = ""
    kind: str = "facts"

    @property
    def told(self) -> tuple[tuple[str, str], ...]:
        return tuple((name, value.strip()) for name, value in self.pairs if value.strip())


@dataclass(frozen=True)
class PaperTable:
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    head: str = ""
    kind: str = "table"


Part: TypeAlias = Words | Facts | PaperTable


@dataclass(frozen=True)
class Paper:
    """One paper of several."""

    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Bundle:
    """Papers that belong together: ``lead`` stands on the first page, ``on`` is the day they tell of."""

    title: str
    reference: str
    on: dt.date
    lead: tuple[Part, ...]
    papers: tuple[Paper, ...]


def pdf(bundle: Bundle, head: Letterhead, renderer: Renderer) -> bytes:
    """A bundle as an A4 PDF: tagged, a bookmark for each paper, its pages numbered. Raises Unrenderable."""
    papers = [(paper.title, _nodes(paper.parts, 3)) for paper in bundle.papers]
    return renderer.papers(head, bundle.on, bundle.reference, bundle.title, _nodes(bundle.lead, 2), papers)


def _nodes(parts: Sequence[Part], level: int) -> list[typeset.Node]:
    return [node for part in parts for node in _part(part, level)]


def _part(part: Part, level: int) -> Iterator[typeset.Node]:
    if part.head:
        yield typeset.heading(level, part.head)
    match part:
        case Words(text=text):
            yield from typeset.paragraphs(text)
        case Facts() if part.told:
            yield typeset.facts(part.told)
        case PaperTable(heads=heads, rows=rows) if rows:
            yield typeset.table(heads, rows)
