"""A council's own wording of letters: `letters/<KIND>.md.j2` in the folder that has the policy's id.

Such a file names its version and its days in a first comment, extends the letter of the same kind and overrides
blocks of it. What the law requires of a letter stays in it: see `domain/catalogue.py`.
"""

from __future__ import annotations

import re
import tomllib
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError, nodes
from pydantic import Field, ValidationError

from domain.application import Line, Written
from domain.catalogue import CATALOGUE, kind_of
from domain.findings import Finding, finding
from domain.policy import Policy

SUFFIX = ".md.j2"
LETTERS = Path(__file__).parents[1] / "templates" / "letters"

_NAME = re.compile(r"(?P<kind>[A-Za-z0-9-]+?)(?:@(?P<label>[\w-]+))?(?:\.(?P<language>[a-z]{2}))?\.md\.j2")
_FRONT = re.compile(r"\s*\{#-?(.*?)-?#\}", re.DOTALL)
_QUIET = (nodes.Import, nodes.FromImport, nodes.Assign, nodes.AssignBlock, nodes.Macro)


class Front(Written):
    """The first comment of a wording: which version it is and from and until which day letters are written in it."""

    version: Line = Field(min_length=1)
    effective_from: date
    effective_until: date | None = None


@dataclass(frozen=True)
class Wording:
    """One council's wording of one kind of letter. ``name`` is its template's name, `dover/L-01.md.j2`.

    ``language`` is its code, "cy" of `dover/L-01.cy.md.j2`.
    """

    council: str
    kind: str
    name: str
    source: str
    front: Front
    language: str = "en"

    def in_force(self, day: date) -> bool:
        return self.front.effective_from <= day and not (
            self.front.effective_until and day > self.front.effective_until
        )


def wordings(folder: Path, council: str, letters: Path = LETTERS) -> tuple[tuple[Wording, ...], tuple[Finding, ...]]:
    """The wordings in `folder / council / "letters"` that hold, and what is wrong with the others.

    ``letters`` is where the letters' own sources are. Every finding is an error: such a file is not used.
    """
    good: list[Wording] = []
    findings: list[Finding] = []
    for path in sorted((folder / council / "letters").glob("*")):
        wording, wrong = _read(path, council, letters)
        findings += wrong
        if wording and not wrong:
            good.append(wording)
    return tuple(good), tuple(findings)


def every_wording(folder: Path, letters: Path = LETTERS) -> tuple[tuple[Wording, ...], tuple[Finding, ...]]:
    """The wordings of every council that has a folder in ``folder``, as ``wordings`` reads them."""
    read = [wordings(folder, path.parent.name, letters) for path in sorted(folder.glob("*/letters"))]
    return tuple(wording for good, _ in read for wording in good), tuple(fault for _, wrong in read for fault in wrong)


def chosen(from_: Iterable[Wording], council: str, kind: str, day: date, language: str = "en") -> Wording | None:
    """The wording of ``kind`` in ``language`` that ``council`` uses on ``day``: of several, the one that began last."""
    wanted = (council, kind, language)
    fitting = (
        wording
        for wording in from_
        if (wording.council, wording.kind, wording.language) == wanted and wording.in_force(day)
    )
    return max(fitting, key=lambda wording: (wording.front.effective_from, wording.name), default=None)


def logos(folder: Path) -> Mapping[str, str]:
    """Every council's PNG files as data URLs, by their place in ``folder``: `dover/logo.png`."""
    pictures = sorted(folder.glob("*/*.png"))
    return {
        f"{path.parent.name}/{path.name}": f"data:image/png;base64,{b64encode(path.read_bytes()).decode()}"
        for path in pictures
    }


def beside(file: Path, policy: Policy) -> tuple[Finding, ...]:
    """What is wrong in the folder of a policy's own wordings and logo, which lies beside its file."""
    found_here = wordings(file.parent, policy.id)[1]
    logo = policy.letterhead.logo
    if logo and not (file.parent / policy.id / logo).is_file():
        found_here += (finding("logo-missing", "letterhead.logo", logo=logo, folder=f"{policy.id}/"),)
    return found_here


def _read(path: Path, council: str, letters: Path) -> tuple[Wording | None, tuple[Finding, ...]]:
    where = f"{council}/letters/{path.name}"
    named = _NAME.fullmatch(path.name)
    if named is None or named["kind"] not in CATALOGUE:
        return None, (finding("wording-letter-unknown", where),)
    kind, language = named["kind"], named["language"] or "en"
    original = f"{kind}.{language}{SUFFIX}" if named["language"] else f"{kind}{SUFFIX}"
    if not (letters / original).is_file():
        return None, (finding("wording-language", where, language=language),)
    try:
        source = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None, (finding("file-unreadable", where, reason="it is not text in UTF-8"),)
    try:
        written = _FRONT.match(source)
        front = Front.model_validate(tomllib.loads(written[1] if written else ""))
    except (tomllib.TOMLDecodeError, ValidationError):
        return None, (finding("wording-undated", where),)
    try:
        own = Environment().parse(source)
        base = _parsed((letters / original).read_text("utf-8"))
    except TemplateSyntaxError as error:
        return None, (finding("wording-syntax", where, line=error.lineno, reason=error.message),)
    wording = Wording(council, kind, f"{council}/{path.name}", source, front, language)
    return wording, tuple(_lint(kind, original, own, base, where))


@lru_cache(maxsize=128)
def _parsed(source: str) -> nodes.Template:
    """The tree of a letter's own source, which is only read."""
    return Environment().parse(source)


def _lint(kind: str, original: str, own: nodes.Template, base: nodes.Template, where: str) -> Iterator[Finding]:
    parents = list(own.find_all(nodes.Extends))
    if [_constant(parent.template) for parent in parents] != [original]:
        yield finding("wording-extends", where, source=original)
    if any(_says_something(node) for node in own.body):
        yield finding("wording-outside", where)
    for name in _renamed(own, base):
        yield finding("wording-fact-replaced", where, name=name)
    source = {block.name: block for block in base.find_all(nodes.Block)}
    required = kind_of(kind).required
    for block in own.find_all(nodes.Block):
        if block.name not in source:
            yield finding("wording-block-unknown", where, block=block.name, blocks=", ".join(sorted(source)))
        elif block.name in required and (lost := _lost(block, source[block.name])):
            facts = "" if lost == _SUPER else f", or {', '.join(lost)}"
            yield finding("wording-block-lost", where, block=block.name, duty=required[block.name], facts=facts)


_SUPER = ("{{ super() }}",)


def _lost(own: nodes.Block, base: nodes.Block) -> tuple[str, ...]:
    """The facts of ``base`` that ``own`` does not print; empty where it prints all of them or ``super()``.

    ``super()``, and a fact that ``base`` always prints, count where no ``if`` or ``for`` decides whether they are
    printed. A block with no fact of its own can only be kept by ``super()``, and so can one that holds other blocks.
    """
    always = _expressions(node for node in own.body if isinstance(node, nodes.Output))
    if any(_is_super(part) for part in always.values()):
        return ()
    wanted = _expressions(base.find_all(nodes.Output))
    if not wanted or next(base.find_all(nodes.Block), None) is not None:
        return _SUPER
    sometimes = _expressions(own.find_all(nodes.Output))
    of_right = _expressions(node for node in base.body if isinstance(node, nodes.Output))
    lost = (part for key, part in wanted.items() if key not in (always if key in of_right else sometimes))
    return tuple(f"{{{{ {_words(part)} }}}}" for part in lost)


def _expressions(outputs: Iterable[nodes.Output]) -> Mapping[str, nodes.Expr]:
    """What these print besides their text, each by its syntax tree."""
    parts = (part for output in outputs for part in output.nodes)
    return {repr(part): part for part in parts if not isinstance(part, nodes.TemplateData)}


def _words(node: nodes.Node) -> str:
    """An expression as its writer would know it again."""
    match node:
        case nodes.Name(name=name):
            return str(name)
        case nodes.Const(value=value):
            return f'"{value}"' if isinstance(value, str) else str(value)
        case nodes.Getattr(node=inner, attr=attr):
            return f"{_words(inner)}.{attr}"
        case nodes.Filter(node=inner, name=name, args=args):
            given = f"({', '.join(map(_words, args))})" if args else ""
            return f"{_words(inner) if inner else ''} | {name}{given}"
        case nodes.Call(node=inner, args=args):
            return f"{_words(inner)}({', '.join(map(_words, args))})"
        case _:
            return "…"


def _is_super(node: nodes.Expr) -> bool:
    return isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name == "super"


def _constant(node: nodes.Node) -> object:
    return node.value if isinstance(node, nodes.Const) else None


def _says_something(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Output):
        return any(not isinstance(part, nodes.TemplateData) or part.data.strip() for part in node.nodes)
    return not isinstance(node, (nodes.Block, nodes.Extends, *_QUIET))


def _renamed(own: nodes.Template, base: nodes.Template) -> list[str]:
    """Names by which ``base`` prints a fact and to which ``own`` gives another meaning, as ``set`` and ``for`` do."""
    printed = {name.name for output in base.find_all(nodes.Output) for name in output.find_all(nodes.Name)}
    meant = set(_bindings(base))
    return sorted({name for name, meaning in _bindings(own) if name in printed and (name, meaning) not in meant})


def _bindings(template: nodes.Template) -> Iterator[tuple[str, str]]:
    """Each name that ``template`` gives a meaning, with that meaning."""
    for node in template.find_all((*_QUIET, nodes.For, nodes.With)):
        match node:
            case nodes.For(target=target, iter=of):
                yield from ((name.name, repr(of)) for name in _names(target))
            case nodes.Macro(name=name):
                yield name, repr(node)
            case nodes.Import(target=name):
                yield name, repr(node)
            case nodes.FromImport(names=given):
                yield from ((name if isinstance(name, str) else name[1], repr(node)) for name in given)
            case nodes.Assign(target=target) | nodes.AssignBlock(target=target):
                yield from ((name.name, repr(node)) for name in _names(target))
            case nodes.With(targets=targets):
                yield from ((name.name, repr(node)) for target in targets for name in _names(target))


def _names(target: nodes.Node) -> Iterator[nodes.Name]:
    if isinstance(target, nodes.Name):
        yield target
    yield from target.find_all(nodes.Name)
