"""A letter from its one source, Markdown with variables, as plain text, HTML and PDF with the same words.

A source is `templates/letters/<KIND>.md.j2` with a block `subject` and a block `body`; whatever it prints of
a variable is literal text in every form. Names that begin with an underscore are layout, not letters. A reader of
another language has `<KIND>.<language>.md.j2` where there is one, else the English letter under a line that says so.
"""

import datetime as dt
import hashlib
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import css_inline
from jinja2 import DictLoader, Environment, StrictUndefined, TemplateError, TemplateSyntaxError, meta, nodes
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token as Mark
from markdown_it.tree import SyntaxTreeNode
from markupsafe import Markup

from domain.deadlines import Deadline
from letters import plain_text
from letters.languages import ENGLISH, LANGUAGES, SUFFIX, Language, code_of, note
from letters.letterhead import Letterhead, Unrenderable
from letters.markdown_values import SPACES, clean, day_of
from letters.narrow_tables import stacked
from letters.pdf import LAYOUT, Postal, Typesetter
from letters.required_days import untold
from letters.template import LetterEnvironment, compiled
from letters.typeset import Node
from policies.wording import chosen, every_wording, logos

FOOTER = "_footer"
LINK = "_link"
SHELL = "_shell.html.j2"

_NAME = re.compile(r"(?P<stem>.+?)(?:\.(?P<language>[a-z]{2,3}))?\.md\.j2")
_KIND = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


@dataclass(frozen=True)
class ParsedLetter:
    """A letter as parsed, which every form is made of: its head, day, reference and title, and its Markdown.

    ``progress_url`` is where its reader sees how the case goes; empty where they have no such page.
    """

    letterhead: Letterhead
    on: dt.date | None
    reference: str
    title: str
    body: Sequence[Mark]
    footer: Sequence[Mark]
    progress_url: str = ""


@dataclass(frozen=True)
class Rendered:
    """A letter as it will be sent and stored.

    `template` is the source's file name; `template_version` the first 12 hex digits of the SHA-256 of that
    source, its parents and includes, and the layouts. `written` is for `Renderer.pdf`. `told` has the dates it gives
    out by `due`, each by its deadline's key: they are promised.
    """

    subject: str
    text: str
    html: str
    template: str
    template_version: str
    written: ParsedLetter = field(repr=False, compare=False)
    told: Mapping[str, dt.date] = field(default_factory=dict)


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
        if missing := {ENGLISH.source(FOOTER), SHELL, LAYOUT} - self._sources.keys():
            raise Unrenderable(f"{sorted(missing)[0]} is missing from {folder.name}: put the layout back.")
        self._wordings, wrong = every_wording(councils, folder) if councils else ((), ())
        if wrong:
            raise Unrenderable(wrong[0].words)
        self._logos = logos(councils) if councils else {}
        self._sources |= {wording.name: wording.source for wording in self._wordings}
        self._letters = {code: LetterEnvironment(self._sources, language) for code, language in LANGUAGES.items()}
        self._pages = Environment(
            loader=DictLoader(self._sources),
            autoescape=True,
            undefined=StrictUndefined,
            bytecode_cache=compiled(SHELL),
        )
        self._markdown = _parser()
        self._inliner = css_inline.CSSInliner(load_remote_stylesheets=False)
        self._read: dict[str, tuple[frozenset[str], tuple[str | None, ...]]] = {}
        self._versions: dict[tuple[str, str], str] = {}
        for name in self._sources:
            if name.endswith(SUFFIX) and not name.startswith("_"):
                self._version(name)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The letters there are a source for."""
        names = (name.removesuffix(SUFFIX) for name in self._sources if name.endswith(SUFFIX))
        return tuple(name for name in names if _KIND.fullmatch(name))

    def render(self, kind: str, context: Mapping[str, object]) -> Rendered:
        """The letter `kind`, for what `context` says; its key `letterhead` is a Letterhead.

        `progress_url` in it is printed above the footer, on paper beside its QR code.
        `running(key)` in it gives a deadline that runs; the letter prints its day by `due(key)`, which `told` then has.
        A missing or empty (None) variable, an object without words and a naive time raise Unrenderable.
        """
        if kind not in self.kinds:
            raise Unrenderable(f"There is no letter {kind!r}: add {kind}{SUFFIX} to templates/letters.")
        head = context.get("letterhead")
        if not isinstance(head, Letterhead):
            raise Unrenderable(f"Letter {kind} has no letterhead: give a Letterhead as 'letterhead'.")
        context, told = _noted(context)
        try:
            name, language, lead = self._source(kind, context)
            head = head if language is ENGLISH else replace(head, language=language.tag)
            title, body = self._blocks(name, language, context)
            letters = self._letters[language.code]
            footer = letters.get_template(language.source(FOOTER)).render(letterhead=head)
            progress_url = str(context.get("progress_url") or "")
            link = letters.get_template(language.source(LINK)).render(progress_url=progress_url) if progress_url else ""
            above = letters.get_template(lead).render(letterhead=head) if lead else ""
        except TemplateError as error:
            raise Unrenderable(f"Letter {kind} cannot be written: {error.message}.") from None
        except Unrenderable as error:
            raise Unrenderable(f"Letter {kind} cannot be written: {error}") from None
        title = plain_text.inline(SyntaxTreeNode(self._markdown.parseInline(title)))
        title = SPACES.sub(" ", title).strip()
        if not title:
            raise Unrenderable(f"Letter {kind} has an empty subject: write one in its block 'subject'.")
        parts = ([*self._in(above, lead), *self._markdown.parse(body)], self._markdown.parse(footer))
        below = [*self._markdown.parse(link), *parts[1]]
        if any(mark.type == "heading_open" and mark.tag == "h1" for mark in parts[0]):
            raise Unrenderable(f"Letter {kind} has a heading of level 1, which is its subject: begin with ##.")
        text = _letter_text(head.council, title, parts[0], below)
        if left_out := next(untold(kind, context, text, language), None):
            raise Unrenderable(f"Letter {kind} does not tell {left_out}: print it in {name}.")
        return Rendered(
            subject=" ".join(title.split()),
            text=text,
            html=self._letter_html(head, title, parts[0], below),
            template=name,
            template_version=self._version(name, lead),
            written=ParsedLetter(
                head, _written_on(context.get("as_of")), str(context.get("reference", "")), title, *parts, progress_url
            ),
            told=told,
        )

    def _source(self, kind: str, context: Mapping[str, object]) -> tuple[str, Language, str]:
        """The source, its language and the line above it: the reader's language where there is a source in it.

        Of the sources in one language the council's own wording on the letter's day comes before the one for all.
        """
        council, day = getattr(context.get("policy"), "id", ""), context.get("as_of")
        wanted = code_of(context.get("language"))
        language = LANGUAGES.get(wanted, ENGLISH)
        if language.source(kind) not in self._sources:
            language = ENGLISH
        lead = note(wanted) if wanted != language.code and note(wanted) in self._sources else ""
        own = chosen(self._wordings, council, kind, day, language.code) if isinstance(day, dt.date) else None
        return own.name if own else language.source(kind), language, lead

    def _in(self, markdown: str, source: str) -> list[Mark]:
        """A line in the language that its source's name ends in, marked as such."""
        marks = self._markdown.parse(markdown)
        for mark in marks:
            if mark.type == "paragraph_open":
                mark.attrSet("lang", _language(source))
        return marks

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
            progress_url=progress_url or written.progress_url,
        )

    def papers(
        self,
        head: Letterhead,
        on: dt.date,
        reference: str,
        title: str,
        lead: Sequence[Node],
        papers: Sequence[tuple[str, Sequence[Node]]],
    ) -> bytes:
        """Several papers of a case as one PDF: see `Typesetter.papers`."""
        return self._typesetter.papers(head, on, reference, title, lead, papers)

    @cached_property
    def _typesetter(self) -> Typesetter:
        return Typesetter(self._sources[LAYOUT], self._fonts)

    def _blocks(self, name: str, language: Language, context: Mapping[str, object]) -> tuple[str, str]:
        template = self._letters[language.code].get_template(name)
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
            body=Markup(render(stacked(body), self._markdown.options, {})),
            footer=Markup(render(footer, self._markdown.options, {})),
        )
        return self._inliner.inline(page)

    def _version(self, name: str, lead: str = "") -> str:
        if (name, lead) not in self._versions:
            self._versions[name, lead] = self._hashed(name, lead)
        return self._versions[name, lead]

    def _hashed(self, name: str, lead: str) -> str:
        kind = name.removesuffix(SUFFIX)
        seen: dict[str, str] = {}
        blocks: set[str] = set()
        language = LANGUAGES.get(_language(name))
        if language is None:
            raise Unrenderable(f"{name} is in a language without dates: add its days and months to LANGUAGES.")
        link = language.source(LINK)
        queue = deque([name, language.source(FOOTER), SHELL, *filter(None, [lead, link in self._sources and link])])
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
        environment = self._pages if name == SHELL else self._letters[ENGLISH.code]
        try:
            environment.get_template(name)
            return _outline(name, self._sources[name])
        except TemplateSyntaxError as error:
            raise Unrenderable(f"{name}, line {error.lineno}: {error.message}.") from None
        except TemplateError as error:
            raise Unrenderable(f"{name}: {error.message}.") from None


@lru_cache(maxsize=512)
def _outline(name: str, source: str) -> tuple[frozenset[str], tuple[str | None, ...]]:
    """The blocks of a source and the templates it names, None for one that a variable chooses."""
    parsed = (Environment() if name == SHELL else LetterEnvironment({})).parse(source, name)
    blocks = frozenset(block.name for block in parsed.find_all(nodes.Block))
    return blocks, tuple(meta.find_referenced_templates(parsed))


def _noted(context: Mapping[str, object]) -> tuple[Mapping[str, object], Mapping[str, dt.date]]:
    """The variables of one letter with its `due`, and the dates that this gives out, noted as they are printed."""
    told: dict[str, dt.date] = {}
    running = context.get("running")
    if not callable(running):
        return context, told

    def due(key: str) -> dt.date:
        deadline: Deadline = running(key)
        told[deadline.key] = deadline.due
        return deadline.due

    return {**context, "due": due}, told


def _written_on(value: object) -> dt.date | None:
    return day_of(value) if isinstance(value, dt.date) else None


def _language(name: str) -> str:
    """The code that a source's name ends in: "cy" of `L-01.cy.md.j2`, "en" of `L-01.md.j2`."""
    named = _NAME.fullmatch(name)
    return (named["language"] if named else None) or ENGLISH.code


def _parser() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.disable(["code", "fence", "backticks", "image", "lheading", "reference", "html_block", "html_inline"])
    markdown.add_render_rule("th_open", _column_heading)
    return markdown


def _column_heading(self: RendererHTML, tokens: Sequence[Mark], place: int, options: Any, env: Any) -> str:
    if tokens[place].attrGet("scope") is None:
        tokens[place].attrSet("scope", "col")
    return self.renderToken(tokens, place, options, env)


def _letter_text(council: str, title: str, body: list[Mark], footer: list[Mark]) -> str:
    written, below = (plain_text.blocks(SyntaxTreeNode(marks)) for marks in (body, footer))
    council = SPACES.sub(" ", clean(council)).strip()
    return "\n\n".join([council, plain_text.title(title), written, plain_text.RULE, below]) + "\n"
