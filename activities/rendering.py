"""A letter from its one source, Markdown with variables, as plain text, HTML and PDF with the same words.

A source is `templates/letters/<KIND>.md.j2` with a block `subject` and a block `body`; whatever it prints of
a variable is literal text in every form. Names that begin with an underscore are layout, not letters. A line
of nothing but Jinja tags prints nothing, not even its line break.
"""

import datetime as dt
import hashlib
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Any

import css_inline
from jinja2 import DictLoader, Environment, StrictUndefined, TemplateError, TemplateSyntaxError, meta, nodes
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token as Mark
from markdown_it.tree import SyntaxTreeNode
from markupsafe import Markup

from activities import plain_text
from activities.letterhead import Letterhead, Unrenderable
from activities.pdf import LAYOUT, Postal, Typesetter
from activities.required_days import untold
from domain.calendar import LONDON, words
from policies.wording import chosen, every_wording, logos

NBSP = "\u00a0"
FOOTER = "_footer.md.j2"
SHELL = "_shell.html.j2"
SUFFIX = ".md.j2"

_KIND = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_SPACES = re.compile(r"[^\S\u00a0\u202f]+")
_TAG_LINE = re.compile(r"(?m)^[ \t]*((?:\{[%#](?:(?![%#]\}).)*[%#]\}[ \t]*)+)\n")
_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
_UNPRINTABLE = re.compile(r"(?:(?!\s)[\x00-\x1f\x7f-\x9f]|[\u202a-\u202e\u2066-\u2069])")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_AS_ENTITY = {"\\": "&#92;", "|": "&#124;"}
_FILTERS = (
    *(
        "abs",
        "batch",
        "capitalize",
        "count",
        "default",
        "dictsort",
        "first",
        "groupby",
        "int",
        "items",
        "last",
    ),
    *("length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "reverse", "round", "select"),
    *("selectattr", "sort", "sum", "title", "trim", "unique", "upper"),
)


@dataclass(frozen=True)
class Written:
    """A letter as parsed, which every form is made of: its head, day, reference and title, and its Markdown."""

    letterhead: Letterhead
    on: dt.date | None
    reference: str
    title: str
    body: Sequence[Mark]
    footer: Sequence[Mark]


@dataclass(frozen=True)
class Rendered:
    """A letter as it will be sent and stored.

    `template` is the source's file name; `template_version` the first 12 hex digits of the SHA-256 of that
    source, its parents and includes, and the layouts. `written` is for `Renderer.pdf`.
    """

    subject: str
    text: str
    html: str
    template: str
    template_version: str
    written: Written = field(repr=False, compare=False)


class Renderer:
    """Renders the letters in `templates / "letters"`, read and checked once: a version means one text.

    `councils` holds a folder for each council with wordings and a logo of its own, `dover/letters/L-01.md.j2`.
    Raises Unrenderable where a source is missing, does not parse or lacks a block, or a wording leaves out what
    the law requires.
    """

    def __init__(self, templates: Path, councils: Path | None = None) -> None:
        folder = templates / "letters"
        self._fonts = templates / "fonts"
        self._sources = {
            path.name: path.read_text("utf-8") for path in sorted(folder.iterdir()) if path.suffix in (".j2", ".typ")
        }
        if missing := {FOOTER, SHELL, LAYOUT} - self._sources.keys():
            raise Unrenderable(f"{sorted(missing)[0]} is missing from {folder.name}: put the layout back.")
        self._wordings, wrong = every_wording(councils, folder) if councils else ((), ())
        if wrong:
            raise Unrenderable(wrong[0].words)
        self._logos = logos(councils) if councils else {}
        self._sources |= {wording.name: wording.source for wording in self._wordings}
        self._letters = _LetterEnvironment(self._sources)
        self._pages = Environment(loader=DictLoader(self._sources), autoescape=True, undefined=StrictUndefined)
        self._markdown = _parser()
        self._inliner = css_inline.CSSInliner(load_remote_stylesheets=False)
        self._read: dict[str, tuple[frozenset[str], tuple[str | None, ...]]] = {}
        names = [f"{kind}{SUFFIX}" for kind in self.kinds] + [wording.name for wording in self._wordings]
        self._versions = {name: self._version(name) for name in names}

    @property
    def kinds(self) -> tuple[str, ...]:
        """The letters there are a source for."""
        names = (name.removesuffix(SUFFIX) for name in self._sources if name.endswith(SUFFIX))
        return tuple(name for name in names if _KIND.fullmatch(name))

    def render(self, kind: str, context: Mapping[str, object]) -> Rendered:
        """The letter `kind`, for what `context` says; its key `letterhead` is a Letterhead.

        A missing or empty (None) variable, an object without words and a naive time raise Unrenderable.
        """
        if kind not in self.kinds:
            raise Unrenderable(f"There is no letter {kind!r}: add {kind}{SUFFIX} to templates/letters.")
        head = context.get("letterhead")
        if not isinstance(head, Letterhead):
            raise Unrenderable(f"Letter {kind} has no letterhead: give a Letterhead as 'letterhead'.")
        try:
            name = self._source(kind, context)
            title, body = self._blocks(name, context)
            footer = self._letters.get_template(FOOTER).render(letterhead=head)
        except TemplateError as error:
            raise Unrenderable(f"Letter {kind} cannot be written: {error.message}.") from None
        except Unrenderable as error:
            raise Unrenderable(f"Letter {kind} cannot be written: {error}") from None
        title = plain_text.inline(SyntaxTreeNode(self._markdown.parseInline(title)))
        title = _SPACES.sub(" ", title).strip()
        if not title:
            raise Unrenderable(f"Letter {kind} has an empty subject: write one in its block 'subject'.")
        parts = (self._markdown.parse(body), self._markdown.parse(footer))
        if any(mark.type == "heading_open" and mark.tag == "h1" for mark in parts[0]):
            raise Unrenderable(f"Letter {kind} has a heading of level 1, which is its subject: begin with ##.")
        text = _letter_text(head.council, title, *parts)
        if left_out := next(untold(kind, context, text), None):
            raise Unrenderable(f"Letter {kind} does not tell {left_out}: print it in {name}.")
        return Rendered(
            subject=" ".join(title.split()),
            text=text,
            html=self._letter_html(head, title, *parts),
            template=name,
            template_version=self._versions[name],
            written=Written(head, _written_on(context.get("as_of")), str(context.get("reference", "")), title, *parts),
        )

    def _source(self, kind: str, context: Mapping[str, object]) -> str:
        """The name of the source: the council's own wording on the letter's day, or the one for all."""
        council, day = getattr(context.get("policy"), "id", ""), context.get("as_of")
        own = chosen(self._wordings, council, kind, day) if isinstance(day, dt.date) else None
        return own.name if own else f"{kind}{SUFFIX}"

    def pdf(self, letter: Rendered, *, to: Postal, large: bool = False, progress_url: str | None = None) -> bytes:
        """`letter` as an A4 PDF addressed `to` a window envelope: see `Typesetter.letter`.

        A letter without a day, `as_of` in its context, raises Unrenderable: its bytes would not be the same again.
        """
        written = letter.written
        if written.on is None:
            raise Unrenderable(f"{letter.template} has no date: give the letter's day as 'as_of'.")
        return self._typesetter.letter(
            written.letterhead,
            to,
            written.on,
            written.reference,
            written.title,
            written.body,
            written.footer,
            large=large,
            progress_url=progress_url,
        )

    @cached_property
    def _typesetter(self) -> Typesetter:
        return Typesetter(self._sources[LAYOUT], self._fonts)

    def _blocks(self, name: str, context: Mapping[str, object]) -> tuple[str, str]:
        template = self._letters.get_template(name)
        scope = template.new_context(dict(context))
        deque(template.root_render_func(scope), maxlen=0)
        subject, body = ("".join(scope.blocks[name][0](scope)) for name in ("subject", "body"))
        return subject, body

    def _letter_html(self, head: Letterhead, title: str, body: list[Mark], footer: list[Mark]) -> str:
        render = self._markdown.renderer.render
        page = self._pages.get_template(SHELL).render(
            letterhead=head,
            logo=self._logos.get(head.logo, ""),
            title=title,
            body=Markup(render(body, self._markdown.options, {})),
            footer=Markup(render(footer, self._markdown.options, {})),
        )
        return self._inliner.inline(page)

    def _version(self, name: str) -> str:
        kind = name.removesuffix(SUFFIX)
        seen: dict[str, str] = {}
        blocks: set[str] = set()
        queue = deque([name, FOOTER, SHELL])
        while queue:
            if (here := queue.popleft()) in seen:
                continue
            if here not in self._sources:
                raise Unrenderable(f"Letter {kind} needs {here}, which is not in templates/letters: add it.")
            seen[here] = self._sources[here]
            queue.extend(self._references(kind, here, blocks))
        if absent := {"subject", "body"} - blocks:
            raise Unrenderable(f"Letter {kind} has no block {sorted(absent)[0]!r}: add it to {name}.")
        seen[LAYOUT] = self._sources[LAYOUT]
        digest = hashlib.sha256()
        for part in sorted(seen):
            digest.update(f"{part}\0{seen[part]}\0".encode())
        return digest.hexdigest()[:12]

    def _references(self, kind: str, name: str, blocks: set[str]) -> Iterator[str]:
        if name not in self._read:
            self._read[name] = self._blocks_and_references(name)
        here, references = self._read[name]
        blocks.update(here)
        for reference in references:
            if reference is None:
                raise Unrenderable(f"{name} chooses a template by a variable: name it, so that {kind} has a version.")
            yield reference

    def _blocks_and_references(self, name: str) -> tuple[frozenset[str], tuple[str | None, ...]]:
        environment = self._pages if name == SHELL else self._letters
        try:
            environment.get_template(name)
            parsed = environment.parse(self._sources[name], name)
        except TemplateSyntaxError as error:
            raise Unrenderable(f"{name}, line {error.lineno}: {error.message}.") from None
        except TemplateError as error:
            raise Unrenderable(f"{name}: {error.message}.") from None
        blocks = frozenset(block.name for block in parsed.find_all(nodes.Block))
        return blocks, tuple(meta.find_referenced_templates(parsed))


class _LetterSyntax(Extension):
    """Drops lines of nothing but tags; refuses `a ~ b`, which would let a variable past the escape."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return _TAG_LINE.sub(r"\1{#\n#}", source)

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        for token in stream:
            if token.type == "tilde":
                raise TemplateSyntaxError("write {{ a }}{{ b }} in place of a ~ b", token.lineno, stream.name)
            yield token


class _LetterEnvironment(ImmutableSandboxedEnvironment):
    """Jinja in which `Markup` means "Markdown already": blocks and macros, never a variable."""

    intercepted_binops = frozenset({"+", "%", "*"})

    def __init__(self, sources: Mapping[str, str]) -> None:
        super().__init__(
            loader=DictLoader(sources),
            autoescape=True,
            finalize=_literal,
            undefined=StrictUndefined,
            extensions=[_LetterSyntax],
        )
        self.globals = {"range": self.globals["range"], "namespace": self.globals["namespace"]}
        self.filters = {name: self.filters[name] for name in _FILTERS}
        self.filters |= {"date": _date, "short_date": _short_date, "time": _time}
        self.filters |= {"join": _join, "paragraphs": _paragraphs}

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if isinstance(left, Markup) or isinstance(right, Markup):
            raise Unrenderable(f"it joins finished text by {operator}: write each part in its own {{{{ }}}}.")
        return super().call_binop(context, operator, left, right)

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Markup):
            return self.unsafe_undefined(obj, attribute)
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, Markup):
            return self.unsafe_undefined(obj, argument)
        return super().getitem(obj, argument)


def _literal(value: object) -> object:
    """Any one value as one line of Markdown that prints as itself; Jinja's `finalize`."""
    match value:
        case Markup() | StrictUndefined():
            return value
        case Enum():
            return _literal(value.value)
        case str():
            return Markup(_escaped(_SPACES.sub(" ", _clean(value)).strip()))
        case dt.datetime() | dt.time():
            raise Unrenderable("it prints a moment: add |date or |time.")
        case dt.date():
            return Markup(_date(value))
        case bool() | None:
            raise Unrenderable(f"it prints {value} where words should be: ask for it with {{% if %}}.")
        case int() | float() | Decimal():
            return Markup(_escaped(str(value)))
        case _:
            raise Unrenderable(f"it prints a whole {type(value).__name__}: name the part of it that is meant.")


def _paragraphs(value: object) -> object:
    """What a person wrote at length, literal, its paragraphs and line breaks kept; not for a table."""
    if not isinstance(value, str):
        return _literal(value)
    blocks = _BLANK_LINES.split(_clean(value.replace("\r\n", "\n").replace("\r", "\n")).strip())
    return Markup("\n\n".join("\\\n".join(str(_literal(line)) for line in block.split("\n")) for block in blocks))


def _join(values: Iterable[object], separator: str = ", ") -> Markup:
    return Markup(_escaped(separator).join(str(_literal(value)) for value in values))


def _date(value: dt.date) -> str:
    """ "Thursday 14 January 2027", unbreakable; a datetime's day is its day in London."""
    return words(_day(value)).replace(" ", NBSP)


def _short_date(value: dt.date) -> str:
    """ "14 January 2027", unbreakable, for tables."""
    return words(_day(value), weekday=False).replace(" ", NBSP)


def _time(value: dt.datetime | dt.time) -> str:
    """ "2pm", "10:30am", "midday", "midnight" (GOV.UK style); a datetime's time is its time in London."""
    if isinstance(value, dt.datetime):
        value = _in_london(value).time()
    if not isinstance(value, dt.time):
        raise Unrenderable(f"it prints a {type(value).__name__} as a time: give a time.")
    if value.minute == 0 and value.hour in (0, 12):
        return "midday" if value.hour else "midnight"
    minutes = f":{value.minute:02}" if value.minute else ""
    return f"{(value.hour - 1) % 12 + 1}{minutes}{'am' if value.hour < 12 else 'pm'}"


def _day(value: object) -> dt.date:
    match value:
        case dt.datetime():
            return _in_london(value).date()
        case dt.date():
            return value
        case StrictUndefined():
            str(value)
    raise Unrenderable(f"it prints a {type(value).__name__} as a date: give a date.")


def _written_on(value: object) -> dt.date | None:
    return _day(value) if isinstance(value, dt.date) else None


def _in_london(value: dt.datetime) -> dt.datetime:
    if value.tzinfo is None:
        raise Unrenderable("it prints a time without a time zone: give one with its zone.")
    return value.astimezone(LONDON)


def _clean(value: str) -> str:
    return _SURROGATE.sub("\ufffd", _UNPRINTABLE.sub("", value))


def _escaped(text: str) -> str:
    escaped = _PUNCTUATION.sub(lambda found: _AS_ENTITY.get(found[0], f"\\{found[0]}"), text)
    return f"&#{ord(escaped[0])};{escaped[1:]}" if escaped[:1].isdigit() else escaped


def _parser() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.disable(["code", "fence", "backticks", "image", "lheading", "reference", "html_block", "html_inline"])
    markdown.add_render_rule("th_open", _column_heading)
    return markdown


def _column_heading(self: RendererHTML, tokens: Sequence[Mark], at: int, options: Any, env: Any) -> str:
    tokens[at].attrSet("scope", "col")
    return self.renderToken(tokens, at, options, env)


def _letter_text(council: str, title: str, body: list[Mark], footer: list[Mark]) -> str:
    written, below = (plain_text.blocks(SyntaxTreeNode(marks)) for marks in (body, footer))
    council = _SPACES.sub(" ", _clean(council)).strip()
    return "\n\n".join([council, plain_text.title(title), written, plain_text.RULE, below]) + "\n"
